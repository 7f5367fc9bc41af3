"""The family's time to contact a mediation adviser and to appeal against a refusal: reg 33, Tribunal rules 12 and 20."""

from collections.abc import Container
from datetime import date, timedelta

from models.law.dates import CannotCount, Limit, add_months, is_working_day, long
from models.law.duty import Duty, When, not_before
from models.law.parties import FAMILY, TRIBUNAL
from models.law.request import CASE_ENDS

APPEALABLE = ("refused_to_assess", "refused_to_issue", "final_plan_sent")
SENT_TO_FAMILY = When("the notice or the plan went to the family",
                      lambda fact: fact["sent_to"] is None or "family" in fact["sent_to"])

DUTIES = (
    Duty(
        id="contact_mediation_adviser", type="window", owed_by=FAMILY, owed_to=("mediation_adviser",),
        words="tell a mediation adviser of the wish to appeal, and whether mediation is wanted; not needed for an appeal"
              " only about section I (s.55(2))",
        starts_on=APPEALABLE, when=SENT_TO_FAMILY, latest_start=True, limit=Limit("M", 2),
        met_by=("mediation_adviser_contacted",), meets=not_before, ends_with=CASE_ENDS, citation="reg 33"),
    Duty(
        id="lodge_appeal", type="window", owed_by=FAMILY, owed_to=(TRIBUNAL,),
        words="send the appeal so that the Tribunal receives it: two months from the notice, or one month from the"
              " mediation certificate if that is later; rolled forward over non-working days, August and Christmas",
        starts_on=APPEALABLE, when=SENT_TO_FAMILY, latest_start=True, limit=Limit("M", 2),
        met_by=("appeal_lodged",), meets=not_before, ends_with=CASE_ENDS, citation="Tribunal Procedure Rules r.20(1)(c), r.12"),
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
    while rolled.month == 8 or (rolled.month, rolled.day) >= (12, 25) or (rolled.month, rolled.day) == (1, 1) \
            or not is_working_day(rolled, bank_holidays):
        rolled += timedelta(days=1)
    if rolled != day:
        words += f"; not a day that counts for the Tribunal (r.12), so in time on {long(rolled)}"
    return rolled, words
