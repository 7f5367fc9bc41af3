"""Plans within twenty weeks, in four variants that are never to be mixed: who is in the base, and whether exceptions are left out.

The DfE's base is smaller than the plans that were issued. Its published numbers show that cases whose first answer was no and was
reversed later are left out, and it has said that cases without a day of request, or with one after the outcome, are not available.
"""

from models.figures.entry import Entry
from models.figures.measure import Average, Mark, Measure, Part, Test
from models.figures.period import A_YEAR, OTHER_COUNT, TWENTY_WEEKS, Period
from models.figures.topics import AGE_AT_REQUEST, NEED, SEX

INFERRED, VERIFIED, OURS = Mark.INFERRED, Mark.VERIFIED, Mark.OURS


def as_dfe(entry: Entry, period: Period) -> bool:
    """A plan issued after an assessment, both days known and possible, the first answer not no."""
    assessment = entry.assessment
    return (assessment is not None and assessment.outcome == "Y" and period.holds(assessment.outcome_date)
            and not entry.is_reversed and entry.days_to_outcome is not None)


def all_issued(entry: Entry, period: Period) -> bool:
    """A plan issued after an assessment here, however it came to that and whatever is missing."""
    return period.holds(entry.issued_on)


def _without_exception(base: Test) -> Test:
    return lambda entry, period: not entry.has_exception and base(entry, period)


def _days(entry: Entry, _: Period) -> int | None:
    return entry.days_to_plan


def _within(limit: int, low: int = 0) -> Test:
    return lambda entry, _: (days := entry.days_to_plan) is not None and low <= days <= limit


_BASES = {
    True: (as_dfe, "AssessmentOutcome Y with AssessmentOutcomeDate in the year; left out: ReceivedDate missing or later than the outcome,"
           " and RequestOutcome N (a refusal reversed later)"),
    False: (all_issued, "every plan issued in the year: AssessmentOutcome Y by its date, or by the plan's StartDate where that is missing;"
            " and a plan under AssessmentOutcome N by its StartDate"),
}


def _measure(id: str, words: str, dfe: bool, exceptions: bool) -> Measure:
    base, method = _BASES[dfe]
    end = "" if exceptions else "_ex"
    firm = INFERRED if dfe else OURS

    def named(usual: str, odd: str | None = None) -> str | None:
        return None if not dfe else usual if exceptions else odd or usual + end

    parts = (
        Part("within_20", "issued within twenty weeks", "at most 140 days from ReceivedDate (day 0) to the day of issue",
             _within(TWENTY_WEEKS), firm, named("plans_issued_within_20_weeks", "plans_issued_20_weeks_ex"),
             named("pc_plans_issued_within_20_weeks", "PC_plans_issued_20_weeks_ex"), "time"),
        Part("to_a_year", "issued after twenty and within 52 weeks", "141 to 364 days", _within(A_YEAR, TWENTY_WEEKS + 1), firm,
             named("plans_issued_gt20weeks_ltYear"), named("pc_plans_issued_gt20weeks_ltYear", "PC_plans_issued_gt20weeks_ltYear_ex"),
             "time"),
        Part("over_a_year", "issued after more than 52 weeks", "more than 364 days", _within(10**6, A_YEAR + 1), firm,
             named("plans_issued_gt_1_year"), named("pc_plans_issued_gt_1_year", "PC_plans_issued_gt_1_year_ex"), "time"),
        *(() if dfe else (Part("undated", "time not known", "ReceivedDate missing, or later than the day of issue",
                               lambda entry, _: entry.days_to_plan is None, OURS, split="time"),)),
        *((Part("exceptions", "with an exception", "Week20 = 1", lambda entry, _: entry.has_exception, VERIFIED,
                pc="exceptions_pc" if dfe else None),) if exceptions else ()),
        Part("within_139", "issued within twenty weeks where the day of receipt is day 1",
             "at most 139 days: the count that one description"
             " of the measure uses; beside the other so that nobody mistakes one for the other", _within(OTHER_COUNT), OURS, public=False),
        Part("last_day", "issued exactly on day 140", "140 days: in time on the first count, late on the second",
             lambda entry, _: entry.days_to_plan == TWENTY_WEEKS, OURS, public=False),
    )
    return Measure(
        id, words, method + ("" if exceptions else "; left out: Week20 = 1"), base if exceptions else _without_exception(base), firm, parts,
        (AGE_AT_REQUEST, SEX, NEED) if dfe and not exceptions else (),
        Average("weeks from request to plan", "mean and median of the days, in weeks; the DfE gives the mean, and whether it trims it is"
                " not known", _days, firm, named("avg_weeks_issue_plan", "avg_weeks_issue_plan_exc")),
        file="timeliness_20_week" if dfe else None, column=named("plans_issued_den"), public=dfe)


HEADLINE = _measure("plans_ex", "plans in the DfE's base, without exceptions (the headline)", dfe=True, exceptions=False)
WITH_EXCEPTIONS = _measure("plans", "plans in the DfE's base, with exceptions", dfe=True, exceptions=True)
ALL_ISSUED_EX = _measure("all_plans_ex", "all plans issued, without exceptions", dfe=False, exceptions=False)
ALL_ISSUED = _measure("all_plans", "all plans issued, with exceptions", dfe=False, exceptions=True)
