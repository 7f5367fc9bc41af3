"""Reviews, transfers between phases of education, and amendments: s.44, regs 18 to 22, 28, 29; R (L, M and P) v Devon
County Council [2022] EWHC 493 (Admin). No exception relieves any of these limits, but for the rules of 2020.
"""

from datetime import date

from models.law.counting import Counting
from models.law.dates import Limit, long
from models.law.duty import Duty, When
from models.law.parties import (ARRANGER, COUNCIL, FAMILY, HEALTH_PROFESSIONAL, INVITED, NAMED_SETTING, RCB, REPORTER, SETTING,
                                SOCIAL_CARE)
from models.law.request import AS_SOON_AS_PRACTICABLE

PLAN_ENDS = ("plan_ceased", "plan_transferred", "child_died")
DEVON = "R (L, M and P) v Devon CC [2022] EWHC 493 (Admin)"
DEVON_ON, BEFORE_DEVON = date(2022, 3, 8), date(2022, 3, 7)
BEFORE_IT = f"as commonly read before {DEVON}"
NO_AMENDMENT = ("review_decision_sent=continue", "review_decision_sent=cease")


def _before(day: date, counting: Counting) -> tuple[date, str]:
    last = Limit("BEFORE").last_day(day)
    return last, f"review and amend before {long(day)} of the calendar year of the transfer: {long(last)}; guidance says by {long(day)}"


def _year(counting: Counting) -> int:
    return int(counting.field("year") or counting.start.year)


def before_31_march(counting: Counting) -> tuple[date, str]:
    """Before 31 March in the calendar year of the transfer (reg 18(1)(a)); for September 2015 before 31 May 2015 (reg 18(3))."""
    year = _year(counting)
    return _before(date(year, 5 if year == 2015 else 3, 31), counting)


def before_15_february(counting: Counting) -> tuple[date, str]:
    """Before 15 February in the calendar year of the transfer (reg 18(1)(b))."""
    return _before(date(_year(counting), 2, 15), counting)


def within_8_weeks_of_the_notice(counting: Counting) -> tuple[date | None, str]:
    """Eight weeks from sending the proposed amendments (reg 22(3)); none before they are sent."""
    limit, sent = Limit("W", 8), _sent(counting)
    if sent is None:
        return None, "within 8 weeks of the proposed amendments, which have not been sent"
    return limit.last_day(sent), limit.working(sent)


def within_8_and_12_weeks(counting: Counting) -> tuple[date, str]:
    """The earlier of eight weeks from sending the proposed amendments and twelve from the review meeting (reg 22(3), Devon)."""
    eight, twelve = Limit("W", 8), Limit("W", 12)
    sent, met = _sent(counting), counting.first("review_meeting_held")
    days = [(eight.last_day(day), eight.working(day)) for day in (sent,) if day]
    days += [(twelve.last_day(day), f"{twelve.working(day)}, the outer limit from the review meeting") for day in (met,) if day]
    if not days:
        return eight.last_day(counting.start), eight.working(counting.start)
    return min(days)[0], "; ".join(words for _, words in days) + ("; the earlier of the two" if len(days) > 1 else "")


def _sent(counting: Counting) -> date | None:
    if counting.fact is None or counting.fact.kind == "amendment_notice_sent":
        return counting.first("amendment_notice_sent") or counting.start
    return counting.first("amendment_notice_sent")


def _amendment(**more: object) -> Duty:
    fields = dict(
        id="final_amended_plan", owed_by=COUNCIL, owed_to=(FAMILY, NAMED_SETTING, RCB), per="review",
        words="send the amended final plan to the family, the setting named and the commissioning body",
        starts_on=("amendment_notice_sent", "review_meeting_held"), limit=Limit("W", 8), latest_start=True,
        met_by=("final_amended_plan_sent",), ends_with=("decided_not_to_amend", *NO_AMENDMENT, *PLAN_ENDS),
        clean_end=("decided_not_to_amend", "review_decision_sent"), citation="reg 22(3)", residual=AS_SOON_AS_PRACTICABLE,
        notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(b)")
    return Duty(**(fields | more))


def _notice(**more: object) -> Duty:
    fields = dict(
        id="amendment_notice", owed_by=COUNCIL, owed_to=(FAMILY,), per="review",
        words="where the plan is to be amended: send a copy of the plan, a notice specifying the proposed amendments, and the"
              " evidence for them",
        starts_on=("review_meeting_held",), limit=Limit("W", 4), met_by=("amendment_notice_sent",),
        ends_with=(*NO_AMENDMENT, "final_amended_plan_sent", "decided_not_to_amend", *PLAN_ENDS),
        clean_end=("review_decision_sent", "decided_not_to_amend"),
        citation=f"reg 22(2) read with regs 20(10) and 21(9): {DEVON}", notice_pack="N_AMEND")
    return Duty(**(fields | more))


DUTIES = (
    Duty(
        id="first_review", owed_by=COUNCIL, owed_to=(FAMILY,), per="cycle",
        words="review the plan within the 12 months starting with the day on which it was first made; it is reviewed when the"
              " council tells the family its decision",
        starts_on=("final_plan_sent",), limit=Limit("MB", 12), met_by=("review_decision_sent",), ends_with=PLAN_ENDS,
        citation="s.44(1)(a)"),
    Duty(
        id="next_review", owed_by=COUNCIL, owed_to=(FAMILY,), per="cycle",
        words="review the plan within the 12 months starting with the day on which it was last reviewed, which is when the"
              " council told the family its decision",
        starts_on=("review_decision_sent", "plan_taken_over"), starts_at="last_reviewed_on", limit=Limit("MB", 12),
        met_by=("review_decision_sent",), ends_with=PLAN_ENDS, citation="s.44(1)(b)"),
    Duty(
        id="review_after_reassessment", owed_by=COUNCIL, owed_to=(FAMILY,), per="reassessment",
        words="review the plan within 12 months of the day on which the copy of the plan was sent after the re-assessment",
        starts_on=("final_plan_sent", "final_amended_plan_sent"), limit=Limit("M", 12), met_by=("review_decision_sent",),
        ends_with=PLAN_ENDS, citation="reg 27(4)"),
    Duty(
        id="review_on_release", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="detention",
        words="review the plan that was maintained or kept, after release from detention",
        starts_on=("released",), when=When("a plan was maintained or kept", lambda fact: fact["plan_kept"] is not False),
        limit=None, timing="as soon as reasonably practicable", met_by=("review_decision_sent",), ends_with=PLAN_ENDS,
        citation="s.48(2)", regime="any"),
    Duty(
        id="phase_transfer_secondary_to_post16", owed_by=COUNCIL, owed_to=(FAMILY,), per="phase_transfer",
        words="review the plan, and amend it where necessary to name the setting or type, before 31 March in the calendar year"
              " of the transfer from secondary school to a post-16 institution",
        starts_on=("phase_transfer_identified=secondary_to_post16",), limit=Limit("BEFORE"), counts=before_31_march,
        met_by=("final_amended_plan_sent", "review_decision_sent"), ends_with=("phase_transfer_excluded", *PLAN_ENDS),
        clean_end=("phase_transfer_excluded",), citation="reg 18(1)(a)"),
    Duty(
        id="phase_transfer_other", owed_by=COUNCIL, owed_to=(FAMILY,), per="phase_transfer",
        words="review the plan, and amend it where necessary to name the setting or type, before 15 February in the calendar"
              " year of any other transfer between phases of education",
        starts_on=("phase_transfer_identified=other",), limit=Limit("BEFORE"), counts=before_15_february,
        met_by=("final_amended_plan_sent", "review_decision_sent"), ends_with=("phase_transfer_excluded", *PLAN_ENDS),
        clean_end=("phase_transfer_excluded",), citation="reg 18(1)(b), reg 2(1)"),
    Duty(
        id="post16_to_post16", owed_by=COUNCIL, owed_to=(FAMILY,), per="phase_transfer",
        words="review the plan, and amend it where necessary to name the new institution, at least five months before a"
              " transfer from one post-16 institution to another",
        starts_on=("phase_transfer_identified=post16_to_post16",), starts_at="transfer_on", limit=Limit("MBEF", 5),
        met_by=("final_amended_plan_sent", "review_decision_sent"), ends_with=("phase_transfer_excluded", *PLAN_ENDS),
        clean_end=("phase_transfer_excluded",), citation="reg 18(2)"),
    Duty(
        id="review_not_in_education_u18", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="out_of_education",
        words="review the plan of a young person under 18 who receives no education or training, and amend it as needed",
        starts_on=("left_education",), limit=None, met_by=("review_decision_sent",),
        ends_with=("back_in_education", *PLAN_ENDS), citation="reg 29(2)"),
    Duty(
        id="under5_extra_reviews", type="rule", kind="guide", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="consider streamlined reviews of the plan of a child under five every three to six months, beside the yearly one",
        starts_on=(), limit=None, timing="every three to six months, as guidance", citation="Code 9.178"),
    Duty(
        id="conduct_review", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="review",
        words="consult the child and the parent or young person and take account of what they say; consider progress towards"
              " the outcomes and whether they still fit; consult the setting; over 18, whether the outcomes have been achieved"
              " (s.44(5))",
        starts_on=("review_meeting_fixed", "review_meeting_held"), limit=None, timing="in each review",
        met_by=("review_decision_sent",), ends_with=PLAN_ENDS, citation="reg 19, s.44(5)"),
    Duty(
        id="require_school_to_hold_meeting", type="rule", owed_by=COUNCIL, owed_to=(SETTING,),
        words="the council may require the head teacher or principal to arrange and hold the meeting: maintained schools and"
              " nurseries, academies, alternative provision academies, pupil referral units, non-maintained special schools"
              " and independent ones approved under s.41; never colleges, other post-16 institutions, other independent"
              " schools or private early years providers, where the council arranges and reports itself",
        starts_on=(), limit=None, timing="for each meeting", citation="reg 20(1), (12)"),
    Duty(
        id="invite_to_review", owed_by=ARRANGER, owed_to=(FAMILY, SETTING, COUNCIL, HEALTH_PROFESSIONAL, SOCIAL_CARE),
        per="review", words="invite everybody of reg 20(2) or 21(2) with at least two weeks' notice of the meeting; plan on"
                            " clear days, one day more",
        starts_on=("review_meeting_fixed", "review_meeting_held"), starts_at="meeting_on", latest_start=True,
        limit=Limit("NOTW", 2), met_by=("review_invited",), ends_with=("review_meeting_held", "review_decision_sent", *PLAN_ENDS),
        citation="regs 20(2), (3), 21(2), (3)"),
    Duty(
        id="circulate_review_advice", owed_by=ARRANGER, owed_to=(INVITED,), per="review",
        words="obtain advice and information from everybody invited and circulate it to them at least two weeks before the"
              " meeting",
        starts_on=("review_meeting_fixed", "review_meeting_held"), starts_at="meeting_on", latest_start=True,
        limit=Limit("NOTW", 2), met_by=("review_advice_circulated",),
        ends_with=("review_meeting_held", "review_decision_sent", *PLAN_ENDS), citation="regs 20(4), 21(4)"),
    Duty(
        id="review_meeting", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="review",
        words="ensure that a meeting to review the plan is held; it considers progress towards the outcomes and, from year 9"
              " on, preparing for adulthood",
        starts_on=("review_meeting_fixed",), limit=None, timing="in each review", met_by=("review_meeting_held",),
        ends_with=("review_decision_sent", *PLAN_ENDS), citation="regs 20(1), (5), (6), 21(5), (6)"),
    Duty(
        id="review_report", owed_by=REPORTER, owed_to=(INVITED,), per="review",
        words="prepare the report of the review, with recommendations, differences of view and the advice obtained, and send it"
              " to everybody invited",
        starts_on=("review_meeting_held",), limit=Limit("W", 2), met_by=("review_report_sent",), ends_with=PLAN_ENDS,
        citation="regs 20(7)-(9), 21(7), (8)"),
    Duty(
        id="review_decision", owed_by=COUNCIL, owed_to=(FAMILY, SETTING), per="review",
        words="decide whether to continue, amend or cease to maintain the plan, and tell the family and the setting",
        starts_on=("review_meeting_held",), limit=Limit("W", 4), met_by=("review_decision_sent",), ends_with=PLAN_ENDS,
        citation="regs 20(10), 21(9)", notice_pack="N_APPEAL_B", appeal="s.51(2)(e), s.51(2)(f)"),
    _notice(valid_to=BEFORE_DEVON, reading=BEFORE_IT, limit=None, citation="reg 22(2)",
            timing="no figure was read into reg 22(2)"),
    _notice(valid_from=DEVON_ON, reading=DEVON),
    Duty(
        id="amend_representation_window", type="window", owed_by=COUNCIL, owed_to=(FAMILY,), per="review",
        words="let the family make representations about the amendments, ask for a setting and for a meeting; a floor for the"
              " family, no deadline for the council",
        starts_on=("amendment_notice_sent",), latest_start=True, limit=Limit("DMIN", 15),
        ends_with=("final_amended_plan_sent", "decided_not_to_amend", *PLAN_ENDS), citation="reg 22(2)(c)",
        notice_pack="N_AMEND", also_per=("amendment",)),
    _amendment(valid_to=BEFORE_DEVON, reading=BEFORE_IT, starts_on=("amendment_notice_sent",), counts=within_8_weeks_of_the_notice),
    _amendment(valid_from=DEVON_ON, reading=DEVON, counts=within_8_and_12_weeks, citation=f"reg 22(3), {DEVON}"),
    Duty(
        id="decide_not_to_amend", owed_by=COUNCIL, owed_to=(FAMILY,), per="review",
        words="where the plan is not to be amended after all: tell the family so, with reasons",
        starts_on=("amendment_notice_sent",), limit=Limit("W", 8), met_by=("decided_not_to_amend",),
        ends_with=("final_amended_plan_sent", *PLAN_ENDS), clean_end=("final_amended_plan_sent",), citation="reg 22(4)",
        residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_B", appeal="s.51(2)(e)", also_per=("amendment",)),
    Duty(
        id="amend_without_review", owed_by=COUNCIL, owed_to=(FAMILY, NAMED_SETTING, RCB), per="amendment",
        words="where the plan is amended at any other time: send the amended final plan, or the decision not to amend; the"
              " family has its fifteen days first",
        starts_on=("amendment_notice_sent",), limit=Limit("W", 8), met_by=("final_amended_plan_sent", "decided_not_to_amend"),
        ends_with=PLAN_ENDS, citation="reg 28, reg 22(3), (4)", residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_B",
        appeal="s.51(2)(c), s.51(2)(e), s.51(3)(b)"),
)


# Regs 20(2) and 21(2): whom the arranger must invite.
INVITED_TO = {
    "family": "reg 20(2)(a), 21(2)(a)", "setting": "reg 20(2)(b)", "council": "reg 20(2)(c), 21(2)(b)",
    "rcb": "reg 20(2)(d), 21(2)(c)", "social_care": "reg 20(2)(e), 21(2)(d)",
}

# Reg 20(12): whose head teacher or principal can be required to hold the meeting and report.
MUST_HOLD = ("maintained_school", "maintained_nursery", "academy", "ap_academy", "pru", "non_maintained_special", "section_41")


def arranges_the_meeting(setting_type: str | None) -> str:
    """Who arranges the review meeting and reports: "setting" where reg 20(12) allows the council to require it, else "council".

    >>> arranges_the_meeting("academy"), arranges_the_meeting("fe_college"), arranges_the_meeting(None)
    ('setting', 'council', 'council')
    """
    return "setting" if setting_type in MUST_HOLD else "council"


def invited(attends: bool) -> tuple[str, ...]:
    """Whom the arranger must invite: those of reg 20(2) where a setting is attended, else those of reg 21(2)."""
    return tuple(role for role in INVITED_TO if attends or role != "setting")

