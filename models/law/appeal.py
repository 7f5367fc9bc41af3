"""The family's time to contact a mediation adviser and to appeal, and the council's to respond: reg 33, Tribunal rules 12,
20 and 21."""

from collections.abc import Container
from datetime import date, timedelta

from models.law.counting import Counting
from models.law.dates import BankHolidays, CannotCount, Limit, add_months, is_working_day, long
from models.law.duty import Duty
from models.law.parties import COUNCIL, FAMILY, MEDIATION_ADVISER, TRIBUNAL
from models.law.record import as_day
from models.law.request import CASE_ENDS

AGAINST = ("refused_to_assess", "refused_to_issue", "final_plan_sent", "review_decision_sent=continue",
           "review_decision_sent=cease", "final_amended_plan_sent", "decided_not_to_amend", "reassessment_decided=refuse",
           "decided_no_change", "cease_notice_sent")
"""What can be appealed (s.51(2)). A decision to amend cannot: the amended plan, or the decision not to amend after all, can."""

RIGHTS = {
    "refused_to_assess": "s.51(2)(a)", "refused_to_issue": "s.51(2)(b)", "final_plan_sent": "s.51(2)(c), s.51(3)(a)",
    "final_amended_plan_sent": "s.51(2)(c), s.51(3)(b)", "reassessment_decided": "s.51(2)(d)", "decided_not_to_amend": "s.51(2)(e)",
    "decided_no_change": "s.51(2)(e)", "cease_notice_sent": "s.51(2)(f)",
}
"""The right of appeal against each decision; that of a review depends on its outcome: (e) to continue, (f) to cease."""

DEATH = ("child_died",)
RESPONSE_DAYS = 30


def right_of_appeal(kind: str, outcome: str | None = None) -> str:
    """Where the right to appeal against a decision is enacted.

    >>> right_of_appeal("review_decision_sent", "cease")
    's.51(2)(f)'
    """
    if kind == "review_decision_sent":
        return "s.51(2)(f)" if outcome == "cease" else "s.51(2)(e)"
    return RIGHTS[kind]


def to_appeal(counting: Counting) -> tuple[date, str]:
    """The last day on which an appeal is in time: of the notice and of the certificate the later, by the Tribunal's rules."""
    return last_day_to_appeal(counting.start, counting.last("mediation_certificate_issued"), counting.bank_holidays)


def to_contact_the_adviser(counting: Counting) -> tuple[date, str]:
    """Two months from the notice: from the day it was sent, or from its own date where that is earlier (regs 33, 34(2))."""
    limit, dated = Limit("M", 2), counting.field("dated")
    if dated is not None and as_day(dated) < counting.start:
        return limit.last_day(as_day(dated)), (f"{limit.working(as_day(dated))}, by the date on the notice; an adviser may accept"
                                               f" a contact until {long(limit.last_day(counting.start))}, by the day it was sent")
    return limit.last_day(counting.start), limit.working(counting.start)


def to_respond(counting: Counting) -> tuple[date, str]:
    """30 working days from the day on which the papers were sent to the council; days in August and from 25 December to
    1 January are not counted (r.12(3)(b))."""
    day, left = counting.start, RESPONSE_DAYS
    while left:
        day += timedelta(days=1)
        left -= counts_for_the_tribunal(day, counting.bank_holidays)
    return day, (f"{RESPONSE_DAYS} working days after {long(counting.start)}, days in August and from 25 December to 1 January"
                 f" not counted = {long(day)}")


def counts_for_the_tribunal(day: date, bank_holidays: BankHolidays) -> bool:
    """Whether a day is a working day of the Tribunal's rules: neither in August nor from 25 December to 1 January (r.12(3))."""
    return not (day.month == 8 or (day.month, day.day) >= (12, 25) or (day.month, day.day) == (1, 1)) \
        and is_working_day(day, bank_holidays)


DUTIES = (
    Duty(
        id="contact_mediation_adviser", type="window", owed_by=FAMILY, owed_to=(MEDIATION_ADVISER,), per="decision",
        words="tell a mediation adviser of the wish to appeal, and whether mediation is wanted; not needed for an appeal"
              " only about section I (s.55(2))",
        starts_on=AGAINST, limit=Limit("M", 2), counts=to_contact_the_adviser, met_by=("mediation_adviser_contacted",),
        ends_with=(*CASE_ENDS,), citation="reg 33", residual="leave of the Tribunal (reg 34(3))"),
    Duty(
        id="lodge_appeal", type="window", owed_by=FAMILY, owed_to=(TRIBUNAL,), per="decision",
        words="send the appeal so that the Tribunal receives it: two months from the notice, or one month from the"
              " mediation certificate if that is later; rolled forward over non-working days, August and Christmas",
        starts_on=AGAINST, limit=Limit("M", 2), counts=to_appeal, met_by=("appeal_lodged",), ends_with=(*CASE_ENDS,),
        citation="Tribunal Procedure Rules r.20(1)(c), r.12", regime="any"),
    Duty(
        id="la_response_to_appeal", owed_by=COUNCIL, owed_to=(TRIBUNAL, FAMILY), per="appeal",
        words="respond to the appeal, as the registration letter directs: 30 working days from the day on which the papers were"
              " sent to the council",
        starts_on=("appeal_registered",), limit=Limit("WD", RESPONSE_DAYS), counts=to_respond, met_by=("appeal_response_sent",),
        ends_with=("appeal_unopposed", "appeal_withdrawn", "tribunal_order_made", *DEATH),
        clean_end=("appeal_unopposed", "appeal_withdrawn"), citation="Tribunal Procedure Rules r.21, r.12(3)(b), directions",
        regime="any"),
)


def last_day_to_appeal(sent: date, certificate: date | None, bank_holidays: Container[date]) -> tuple[date, str]:
    """The last day on which an appeal is in time, and the arithmetic in words.

    `sent` is the day the notice was sent, `certificate` the day a mediation certificate was issued, if any.
    A day in August or from 25 December to 1 January, or one that is no working day, rolls forward to the next
    working day that is neither (r.12(2), (3)(a): special educational needs cases only). Raises CannotCount off the
    calendar.

    >>> last_day_to_appeal(date(2026, 12, 31), None, frozenset())[0]
    datetime.date(2027, 3, 1)
    """
    try:
        return _last_day_to_appeal(sent, certificate, bank_holidays)
    except (OverflowError, ValueError) as error:
        raise CannotCount(f"The time to appeal against a notice of {sent.isoformat()} runs off the calendar.") from error


def _last_day_to_appeal(sent: date, certificate: date | None, bank_holidays: Container[date]) -> tuple[date, str]:
    by_notice = add_months(sent, 2)
    day, words = by_notice, f"two months from the notice sent {long(sent)} = {long(by_notice)}"
    if certificate is not None:
        by_certificate = add_months(certificate, 1)
        words += f"; one month from the mediation certificate of {long(certificate)} = {long(by_certificate)}"
        day = max(by_notice, by_certificate)
    rolled = day
    while not counts_for_the_tribunal(rolled, bank_holidays):
        rolled += timedelta(days=1)
    if rolled != day:
        words += f"; not a day that counts for the Tribunal (r.12), so in time on {long(rolled)}"
    return rolled, words
