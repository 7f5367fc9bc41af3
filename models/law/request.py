"""The request, and the decision whether to assess: ss.24, 36; regs 3, 4, 5."""

from collections.abc import Sequence

from models.law.dates import Limit
from models.law.duty import Duty, When, not_before
from models.law.parties import COUNCIL, FAMILY, RCB, SETTING, SOCIAL_CARE
from models.law.record import Fact

DAY_ZERO = ("request_received", "became_responsible")
CASE_ENDS = ("withdrawal_accepted", "moved_away", "child_died", "ended_in_return")
DECISION_EXCEPTIONS = ("X_SCHOOL", "X_EARLY", "X_PERSONAL", "X_ABSENT4")
AS_SOON_AS_PRACTICABLE = "as soon as practicable"
DETENTION = "detention_began"            # from then on the assessment is completed under DP reg 15(4): Part 3 is disapplied (s.70)
DETERMINED = ("decided_to_assess", "refused_to_assess")

NOT_ASSESSED_LATELY = When("the child or young person was not assessed in the six months before (s.36(6)(b))",
                           lambda fact: not fact["assessed_within_6_months"])


def tells_this_decision(start: Fact | None, told: Sequence[Fact]) -> bool:
    """Whether a partner was told of the decision that stands, and not of an earlier one the other way."""
    return not_before(start, told) and (start is None or told[-1]["decision"] not in set(DETERMINED) - {start.kind})


DUTIES = (
    Duty(
        id="request_received", type="event", starts_on=(), limit=None, owed_by="", owed_to=(),
        words="the council receives a request for an assessment from a parent, a young person, or a person acting for"
              " a school or post-16 institution; no form may be insisted on",
        timing="starts Day 0 of the 6, 16 and 20 weeks", citation="s.36(1)"),
    Duty(
        id="became_responsible", type="event", starts_on=(), limit=None, owed_by="", owed_to=(),
        words="the council identifies, or anyone brings to its attention, a child or young person in its area who has"
              " or may have special educational needs",
        timing="starts Day 0 of the 6, 16 and 20 weeks", citation="s.24, s.36(3), regs 4(1)(b), 5(1)(b), 10(1), 13(2)"),
    Duty(
        id="consult_on_request", type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="consult the child's parent or the young person in deciding whether an assessment may be necessary",
        starts_on=DAY_ZERO, limit=None, timing="as soon as practicable, and before the determination",
        met_by=("family_consulted",), ends_with=(*DETERMINED, *CASE_ENDS), citation="reg 3, s.36(4)",
        residual=AS_SOON_AS_PRACTICABLE),
    Duty(
        id="notify_no_plan_need_determination", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="tell the family of a determination that no plan may be necessary, with reasons, and that no assessment"
              " will be secured",
        starts_on=DAY_ZERO, limit=Limit("W", 6), met_by=("refused_to_assess",),
        ends_with=("decided_to_assess", DETENTION, *CASE_ENDS), clean_end=("decided_to_assess",), citation="s.36(5), reg 4(1)",
        exception_basis="reg 4 has no paragraph of exceptions", residual=AS_SOON_AS_PRACTICABLE,
        notice_pack="N_APPEAL_A", appeal="s.51(2)(a)"),
    Duty(
        id="notify_considering_assessment", type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="tell the family that an assessment is considered, and that they may give views and submit evidence",
        starts_on=DAY_ZERO, when=NOT_ASSESSED_LATELY, limit=None, met_by=("family_told_considering",),
        ends_with=(*DETERMINED, *CASE_ENDS), citation="s.36(7)", notice_pack="N_VIEWS"),
    Duty(
        id="notify_considering_partners", type="step", owed_by=COUNCIL, owed_to=(RCB, SOCIAL_CARE, SETTING),
        words="tell the commissioning body, social care officers and the head teacher, early years lead or principal"
              " that an assessment is considered",
        starts_on=DAY_ZERO, limit=None, met_by=("partner_told_considering",), per="recipient",
        ends_with=(*DETERMINED, *CASE_ENDS), citation="reg 4(2)(a)-(d)"),
    Duty(
        id="decide_whether_to_assess", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="decide whether to secure an assessment, and tell the family",
        starts_on=DAY_ZERO, limit=Limit("W", 6), reporting_limit=Limit("WB", 6),
        met_by=DETERMINED, ends_with=(DETENTION, *CASE_ENDS), citation="s.36(8), reg 5(1)",
        exceptions=DECISION_EXCEPTIONS, exception_basis="reg 5(4)", residual=AS_SOON_AS_PRACTICABLE,
        notice_pack="N_APPEAL_A", appeal="s.51(2)(a)"),
    Duty(
        id="notify_partners_of_assess_decision", type="step", owed_by=COUNCIL, owed_to=(RCB, SOCIAL_CARE, SETTING),
        words="tell everybody who was told under reg 4(2) what was decided, whichever way",
        starts_on=DETERMINED, latest_start=True, limit=None, per="recipient",
        timing="no figure; treat as the day of the decision", met_by=("partner_told_of_assess_decision",),
        meets=tells_this_decision, ends_with=CASE_ENDS, citation="reg 5(2)"),
)
