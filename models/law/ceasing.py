"""Ceasing to maintain a plan: ss.45, 46, regs 29 to 31, 44(2)(a), 46; Hampshire CC v GC [2024] UKUT 128 (AAC)."""

from datetime import date

from models.law.appeal import last_day_to_appeal
from models.law.counting import Counting
from models.law.dates import Limit
from models.law.duty import Duty
from models.law.parties import COUNCIL, FAMILY, NAMED_SETTING, RCB

OVER = ("cease_not_pursued", "plan_transferred", "child_died")
KEPT = ("tribunal_order_made=continue", "tribunal_order_made=continue_amend", "appeal_unopposed=cease")
BROUGHT = ("appeal_lodged", "appeal_registered")


def until_the_appeal_is_over(counting: Counting) -> tuple[date | None, str]:
    """The last day to appeal against the notice; none while an appeal brought in time is not finally determined (s.45(4))."""
    notice = counting.last("cease_notice_sent", "review_decision_sent") or counting.start
    last, words = last_day_to_appeal(notice, counting.last("mediation_certificate_issued"), counting.bank_holidays)
    brought = counting.first(*BROUGHT)
    if brought is not None and brought <= last and counting.last("appeal_withdrawn", "appeal_finally_determined") is None:
        return None, (f"{words}; an appeal was brought in time, so the plan stays in force until it is finally determined"
                      " (s.45(4)(b))")
    ended = counting.last("appeal_withdrawn", "appeal_finally_determined")
    return (max(last, ended), f"{words}; the appeal ended on {ended:%-d %b %Y}") if ended else (last, words)


DUTIES = (
    Duty(
        id="propose_cease", type="step", owed_by=COUNCIL, owed_to=(FAMILY, NAMED_SETTING), per="ceasing",
        words="tell the family and the setting named that the council is considering ceasing to maintain the plan, and consult"
              " them; without it the decision is invalid (Hampshire CC v GC [2024] UKUT 128 (AAC))",
        starts_on=("cease_proposed", "cease_notice_sent", "review_decision_sent=cease"), limit=None,
        timing="before the determination", met_by=("cease_consulted",), ends_with=("plan_ceased", *KEPT, *OVER),
        citation="reg 31(1)"),
    Duty(
        id="cease_decision_notice", type="step", owed_by=COUNCIL, owed_to=(FAMILY, NAMED_SETTING, RCB), per="ceasing",
        words="tell the family, the setting named and the commissioning body of the decision to cease",
        starts_on=("cease_proposed", "review_decision_sent=cease"), limit=None,
        timing="no figure; four weeks from the meeting where it arises from a review",
        met_by=("cease_notice_sent",), ends_with=("plan_ceased", *KEPT, *OVER), citation="reg 31(2), (3)",
        notice_pack="N_APPEAL_B", appeal="s.51(2)(f)"),
    Duty(
        id="cease_hold", type="window", owed_by=COUNCIL, owed_to=(FAMILY,), per="ceasing",
        words="keep the plan in force until the time to appeal is over without an appeal, or an appeal brought in time is"
              " finally determined; the provision goes on",
        starts_on=("cease_notice_sent", "review_decision_sent=cease"), latest_start=True, limit=Limit("M", 2),
        counts=until_the_appeal_is_over, ends_with=(*KEPT, *OVER), citation="s.45(4)"),
    Duty(
        id="cease_immediately_after_dismissal", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="ceasing",
        words="cease to maintain the plan once the Tribunal has dismissed the appeal against it and no onward appeal is open"
              " (s.45(4)(b))",
        starts_on=("tribunal_order_made=dismiss_cease",), limit=None, timing="immediately", met_by=("plan_ceased",),
        ends_with=OVER, citation="reg 44(2)(a)"),
)

CEASE_REASONS = {
    "max_age": (1, "the academic year in which the person turned 25 has ended, or 19 on entering the adult estate"),
    "needs_met": (2, "needs are met without a plan"), "higher_education": (3, "moved to higher education"),
    "paid_employment": (4, "paid employment that is no apprenticeship"),
    "transferred": (5, "transferred to another authority in England"),
    "no_longer_wishes": (6, "the young person no longer wishes to engage"), "outside_england": (7, "moved outside England"),
    "deceased": (8, "deceased"), "other": (9, "another reason"),
}
"""Why a plan ceased, with the code of the SEN2 return."""


def may_be_maintained_until(born: date) -> date:
    """The last day to which a plan may be maintained for somebody who turns 25: 31 July of that academic year (s.46, reg 46).

    The academic year of further education; other courses end as reg 46 says.

    >>> may_be_maintained_until(date(2001, 9, 1)), may_be_maintained_until(date(2001, 8, 31))
    (datetime.date(2027, 7, 31), datetime.date(2027, 7, 31))
    """
    year = born.year + 25
    return date(year + 1, 7, 31) if (born.month, born.day) >= (8, 1) else date(year, 7, 31)
