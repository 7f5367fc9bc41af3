"""Mediation: ss.52 to 56, regs 32 to 42. No exception relieves these limits."""

from datetime import date

from models.law.counting import Counting
from models.law.dates import Limit, long
from models.law.duty import Duty, When
from models.law.parties import COUNCIL, FAMILY, MEDIATION_ADVISER, MEDIATION_ARRANGER, RCB
from models.law.record import as_day

WITH_HEALTH = ("mediation_wanted=only", "mediation_wanted=also")
MET = ("mediation_arranged", "mediation_held")
NO_MORE = ("mediation_agreed", "mediation_certificate_issued", "adviser_told_mediation_failed", "child_died")
AS_FOR_AN_ORDER = {"assess": 14, "make_plan": 11, "remit": 2, "amend_provision": 5, "amend_setting": 2, "continue_amend": 5}
"""Weeks within which all is done that an agreement of each kind asks for, by reg 44 as reg 42(2) applies it."""
APPEALABLE_ORDERS = tuple(f"mediation_agreed={order}" for order in (*AS_FOR_AN_ORDER, "continue", "dismiss_cease"))


def as_if_an_order(counting: Counting) -> tuple[date | None, str]:
    """The outer limit of reg 44 for what was agreed (reg 42(2)), or the day agreed in writing instead (reg 42(5))."""
    if (agreed := counting.field("agreed_by")) is not None:
        return as_day(agreed), f"the parties agreed in writing to {long(as_day(agreed))} (reg 42(5))"
    order = counting.field("order")
    if order not in AS_FOR_AN_ORDER:
        return None, "as reg 44 says for an order of the same kind"
    limit = Limit("W", AS_FOR_AN_ORDER[order])
    return limit.last_day(counting.start), f"as an order ({order}) of the same day, {limit.working(counting.start)}"


def two_weeks_or_as_agreed(counting: Counting) -> tuple[date, str]:
    """Two weeks from the agreement (reg 42(3)), or the day agreed in writing instead (reg 42(5))."""
    if (agreed := counting.field("agreed_by")) is not None:
        return as_day(agreed), f"the parties agreed in writing to {long(as_day(agreed))} (reg 42(5))"
    limit = Limit("W", 2)
    return limit.last_day(counting.start), limit.working(counting.start)


DUTIES = (
    Duty(
        id="certificate_no_mediation", owed_by=MEDIATION_ADVISER, owed_to=(FAMILY,), per="mediation",
        words="issue a mediation certificate to a family that does not want mediation; not where it first made contact later"
              " than two months from the notice, when leave of the Tribunal is needed (reg 34(2), (3))",
        starts_on=("mediation_not_wanted",), limit=Limit("WD", 3), met_by=("mediation_certificate_issued",),
        ends_with=("child_died",), citation="reg 34(1)"),
    Duty(
        id="tell_la_mediation_wanted", type="step", owed_by=FAMILY, owed_to=(COUNCIL,), per="decision",
        words="tell the council that mediation is wanted, what the issues are, and which health care provision is wanted",
        starts_on=("mediation_adviser_contacted",), limit=None,
        when=When("the family wants mediation", lambda fact: fact["wants_mediation"] is True),
        met_by=("mediation_wanted",), ends_with=("mediation_certificate_issued", "appeal_lodged", "child_died"),
        citation="s.52(3), (4)"),
    Duty(
        id="notify_rcb_of_mediation", owed_by=COUNCIL, owed_to=(RCB,), per="mediation",
        words="tell each relevant commissioning body of mediation in which health is an issue",
        starts_on=WITH_HEALTH, limit=Limit("WD", 3), met_by=("rcb_told_of_mediation",), ends_with=NO_MORE, citation="reg 35(2)"),
    Duty(
        id="arrange_mediation_health_only", owed_by=RCB, owed_to=(FAMILY,), per="mediation",
        words="arrange mediation about health care alone; aim to hold it, and fix it at the least, within 30 days",
        starts_on=("rcb_told_of_mediation",), limit=Limit("D", 30), met_by=MET, ends_with=NO_MORE, citation="reg 35(3)",
        only_with=("mediation_wanted=only",)),
    Duty(
        id="arrange_mediation_mixed", owed_by=COUNCIL, owed_to=(FAMILY, RCB), per="mediation",
        words="arrange mediation about health care and other matters with each commissioning body; aim to hold it, and fix it"
              " at the least, within 30 days",
        starts_on=("mediation_wanted=also",), limit=Limit("D", 30), met_by=MET, ends_with=NO_MORE, citation="reg 35(4)"),
    Duty(
        id="arrange_mediation_no_health", owed_by=COUNCIL, owed_to=(FAMILY,), per="mediation",
        words="arrange mediation in which health care is no issue; aim to hold it, and fix it at the least, within 30 days",
        starts_on=("mediation_wanted=none",), limit=Limit("D", 30), met_by=MET, ends_with=NO_MORE, citation="reg 36(2)"),
    Duty(
        id="mediation_date_notice", owed_by=MEDIATION_ARRANGER, owed_to=(FAMILY,), per="mediation",
        words="tell the family date and place at least 5 working days before the mediation, unless it agrees to less; whoever"
              " attends for the council has authority to settle (reg 37(1)); plan on clear days, one working day more",
        starts_on=("mediation_arranged",), starts_at="meeting_on", latest_start=True, limit=Limit("NOTWD", 5),
        when=When("the day of the mediation is known", lambda fact: fact["meeting_on"] is not None),
        met_by=("mediation_date_told",), ends_with=("shorter_notice_agreed", "mediation_held", *NO_MORE),
        clean_end=("shorter_notice_agreed",), citation="reg 37(2)"),
    Duty(
        id="unable_to_arrange", type="step", owed_by=COUNCIL, owed_to=(MEDIATION_ADVISER,), per="mediation",
        words="tell the mediation adviser that the mediation cannot be arranged in time",
        starts_on=("mediation_cannot_be_arranged",), limit=None, timing="as soon as possible",
        only_with=("mediation_wanted=also", "mediation_wanted=none"),
        met_by=("adviser_told_mediation_failed",), ends_with=("mediation_held", "mediation_agreed", "child_died"),
        citation="reg 39(2)"),
    Duty(
        id="certificate_deemed", owed_by=MEDIATION_ADVISER, owed_to=(FAMILY,), per="mediation",
        words="issue a certificate where mediation could not be arranged in time: the family is taken to have taken part",
        starts_on=("adviser_told_mediation_failed",), limit=Limit("WD", 3), met_by=("mediation_certificate_issued",),
        ends_with=("child_died",), citation="reg 39(3)"),
    Duty(
        id="certificate_after_mediation", owed_by=MEDIATION_ADVISER, owed_to=(FAMILY,), per="mediation",
        words="issue a certificate after the conclusion of the mediation",
        starts_on=("mediation_held",), limit=Limit("WD", 3), met_by=("mediation_certificate_issued",),
        ends_with=("child_died",), citation="reg 39(1)"),
    Duty(
        id="mediation_agreement_appealable", owed_by=COUNCIL, owed_to=(FAMILY,), per="agreement",
        words="do what was agreed about a matter that could have been appealed, within the limits of reg 44 as if it were an"
              " order of the Tribunal; each of those limits is a duty of its own beside this one",
        starts_on=APPEALABLE_ORDERS, limit=None, counts=as_if_an_order, timing="the limits of reg 44, as if an order",
        met_by=("final_plan_sent", "final_amended_plan_sent", "refused_to_issue", "agreement_done"),
        ends_with=("child_died", "plan_transferred"), citation="reg 42(2)"),
    Duty(
        id="mediation_agreement_other", owed_by=COUNCIL, owed_to=(FAMILY,), per="agreement",
        words="do what was agreed about a matter that could not have been appealed; the commissioning body likewise",
        starts_on=("mediation_agreed=other",), limit=Limit("W", 2), counts=two_weeks_or_as_agreed, met_by=("agreement_done",),
        ends_with=("child_died", "plan_transferred"), citation="reg 42(3)"),
    Duty(
        id="rcb_tell_la_of_agreement", owed_by=RCB, owed_to=(COUNCIL,), per="agreement",
        words="tell the council, which was no party to it, of the agreement; the parties cannot agree otherwise",
        starts_on=("mediation_agreed",), limit=Limit("W", 1),
        when=When("the council was no party to the agreement", lambda fact: fact["council_is_party"] is False),
        met_by=("rcb_told_council_of_agreement",), ends_with=("child_died",), citation="reg 42(4)"),
)
