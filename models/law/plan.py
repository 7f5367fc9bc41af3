"""Deciding on a plan, drafting, consulting settings, finalising: ss.36-43, regs 10-14, Code 9.83, 9.125."""

from collections.abc import Sequence

from models.law.dates import Limit
from models.law.duty import Duty, not_before
from models.law.parties import COUNCIL, FAMILY, NAMED_SETTING, OTHER_COUNCIL, RCB, SETTING
from models.law.record import Fact
from models.law.request import AS_SOON_AS_PRACTICABLE, CASE_ENDS, DAY_ZERO, DECISION_EXCEPTIONS, DETENTION

PLAN_ENDS = ("refused_to_issue", "decided_no_change", *CASE_ENDS)
PLAN_DONE = ("final_plan_sent", "final_amended_plan_sent", *PLAN_ENDS)
NOT_A_REFUSAL_TO_ISSUE = ("decided_to_issue", "final_plan_sent", "refused_to_assess")
NO_PLAN = ("refused_to_assess", "refused_to_issue")


def reached_everybody(_start: Fact | None, sent: Sequence[Fact]) -> bool:
    """Whether the final plan has gone to the family, the named setting and the commissioning body (reg 13(2)).

    It may go to one after the other: the last of them counts. A record that does not say to whom it went is taken at
    its word.
    """
    if any(fact["sent_to"] is None for fact in sent):
        return True
    told = {recipient for fact in sent for recipient in fact["sent_to"]}
    named = bool(told & {"setting", "early_years"}) or any(fact["type_only"] for fact in sent)
    return {"family", "rcb"} <= told and named


def names_it_or_says_why_not(start: Fact | None, told: Sequence[Fact]) -> bool:
    """Whether the setting requested is the one that the final plan names, or the family was told why not (s.39(3)-(4))."""
    last = told[-1]
    if last.kind != "final_plan_sent":
        return True
    return not last["type_only"] and (start is None or last["setting"] in (None, start["setting"]))


DUTIES = (
    Duty(
        id="notify_assessment_outcome", type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="tell the family the outcome of the assessment, whether a plan is proposed, and why",
        starts_on=("decided_to_issue", "refused_to_issue"), latest_start=True, limit=None,
        timing="no figure for a yes; for a no, reg 10", met_by=("decided_to_issue", "refused_to_issue"),
        meets=not_before, ends_with=CASE_ENDS, citation="s.36(9)",
        notice_pack="N_REASONS"),
    Duty(
        id="refuse_to_issue", owed_by=COUNCIL, owed_to=(FAMILY, RCB, SETTING),
        words="tell the family, the commissioning body and the setting that no plan will be made, with reasons",
        starts_on=DAY_ZERO, limit=Limit("W", 16), reporting_limit=Limit("WB", 16), met_by=("refused_to_issue",),
        ends_with=(*NOT_A_REFUSAL_TO_ISSUE, DETENTION, *CASE_ENDS), clean_end=NOT_A_REFUSAL_TO_ISSUE,
        citation="s.36(9), reg 10(1)-(3)", exceptions=DECISION_EXCEPTIONS, exception_basis="reg 10(4)",
        residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_B", appeal="s.51(2)(b)"),
    Duty(
        id="prepare_plan", per_round=True, type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="prepare a plan with sections A to K, each separately identified",
        starts_on=("decided_to_issue",), limit=None, met_by=("final_plan_sent",), ends_with=PLAN_ENDS,
        citation="s.37(1), regs 11, 12"),
    Duty(
        id="consult_on_draft_content", per_round=True, type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="consult the parent or young person about the content while drafting",
        starts_on=("decided_to_issue",), limit=None, timing="during drafting", met_by=("family_consulted_on_draft",),
        ends_with=PLAN_DONE, citation="s.38(1)"),
    Duty(
        id="send_draft_plan", per_round=True, type="step", kind="derived", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="send the draft plan, naming no setting or type",
        starts_on=("decided_to_issue",), limit=None,
        timing="no statutory date: it must leave the 15 days, consultation and finalising inside 20 weeks",
        met_by=("draft_plan_served",), ends_with=PLAN_DONE, citation="s.38(2), reg 13(1)", notice_pack="N_DRAFT"),
    Duty(
        id="draft_representation_window", per_round=True, type="window", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="let the family make representations, ask for a setting and for a meeting; a floor for the family, no"
              " deadline for the council",
        starts_on=("draft_plan_served",), latest_start=True, limit=Limit("DMIN", 15), ends_with=PLAN_DONE,
        citation="reg 13(1)(a), s.38(4)", notice_pack="N_DRAFT"),
    Duty(
        id="hold_draft_meeting", per_round=True, type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="meet the family about the draft where they require it within the window",
        starts_on=("draft_meeting_required",), limit=None, met_by=("draft_meeting_held",), asked_anew=True, ends_with=PLAN_DONE,
        citation="reg 13(1)(a)(ii)"),
    Duty(
        id="consult_requested_setting", per_round=True, type="step", owed_by=COUNCIL, owed_to=(SETTING, OTHER_COUNCIL),
        words="consult the setting that the family requested, and the authority that maintains it",
        starts_on=("setting_requested",), limit=None, met_by=("setting_consulted",), per="setting",
        ends_with=PLAN_DONE, citation="s.39(2)"),
    Duty(
        id="consult_proposed_setting", per_round=True, type="step", owed_by=COUNCIL, owed_to=(SETTING, OTHER_COUNCIL),
        words="consult each setting that the council is considering, and the authority that maintains it",
        starts_on=("setting_proposed",), limit=None, timing="before naming it", met_by=("setting_consulted",),
        per="setting", ends_with=PLAN_DONE, citation="s.39(6), s.40(3)"),
    Duty(
        id="setting_consult_response", per_round=True, kind="guide", owed_by=SETTING, owed_to=(COUNCIL,),
        words="answer the consultation; the council goes on without an answer once a reasonable time has passed",
        starts_on=("setting_consulted",), limit=Limit("D", 15), met_by=("setting_answered",), per="setting", asked_anew=True,
        ends_with=PLAN_DONE, citation="Code 9.83"),
    Duty(
        id="name_requested_setting", per_round=True, type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="name the setting requested, unless it is unsuitable for age, ability, aptitude or needs, or attendance"
              " is incompatible with efficient education of others or efficient use of resources",
        starts_on=("setting_requested",), limit=None, timing="after consultation", per="setting",
        met_by=("final_plan_sent", "setting_request_refused"), meets=names_it_or_says_why_not, ends_with=PLAN_ENDS,
        citation="s.39(3)-(5), s.33"),
    Duty(
        id="finalise_plan", owed_by=COUNCIL, owed_to=(FAMILY, NAMED_SETTING, RCB),
        words="send the final plan to the family, the setting named and the commissioning body",
        starts_on=DAY_ZERO, limit=Limit("W", 20), reporting_limit=Limit("WB", 20), met_by=("final_plan_sent",),
        meets=reached_everybody, ends_with=(*NO_PLAN, DETENTION, *CASE_ENDS), clean_end=NO_PLAN,
        citation="s.39(8), s.40(5), reg 13(2), 14", exceptions=DECISION_EXCEPTIONS,
        exception_basis="reg 13(3), which imports reg 10(4)(a)-(d)", residual=AS_SOON_AS_PRACTICABLE,
        notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(a)"),
    Duty(
        id="admit", type="step", owed_by=NAMED_SETTING, owed_to=(FAMILY,),
        words="admit the child or young person; does not bind a wholly independent school that is not approved under s.41",
        starts_on=("final_plan_sent",), limit=None, timing="at once", met_by=("admitted",),
        ends_with=("plan_ceased", "plan_transferred", *CASE_ENDS),
        citation="s.43(2)"),
    Duty(
        id="secure_provision", type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="secure the provision of section F; the commissioning body arranges section G",
        starts_on=("final_plan_sent",), limit=None, timing="from finalising, for as long as the plan is maintained",
        ends_with=("plan_ceased", "plan_transferred", *CASE_ENDS), citation="s.42(2), (3)"),
)

# Reg 12: what a plan must hold, each section separately identified.
SECTIONS = {
    "A": ("views, interests and aspirations", "reg 12(1)(a)"),
    "B": ("special educational needs", "reg 12(1)(b)"),
    "C": ("health care needs related to special educational needs", "reg 12(1)(c)"),
    "D": ("social care needs related to special educational needs or to a disability", "reg 12(1)(d)"),
    "E": ("outcomes", "reg 12(1)(e)"),
    "F": ("special educational provision", "reg 12(1)(f)"),
    "G": ("health care provision, agreed by the responsible commissioning body", "reg 12(1)(g), 12(2)"),
    "H1": ("social care provision under s.2 of the Chronically Sick and Disabled Persons Act 1970", "reg 12(1)(h)(i)"),
    "H2": ("other social care provision reasonably required", "reg 12(1)(h)(ii)"),
    "I": ("name and type of setting, or type only", "reg 12(1)(i)"),
    "J": ("needs and outcomes to be met by a direct payment", "reg 12(1)(j)"),
    "K": ("appendices: all advice and information of reg 6(1)", "reg 12(4)"),
}
