"""Figures of plans: new, in force on a day, ended; their reviews and phase transfers."""

from models.figures.entry import Entry
from models.figures.measure import Mark, Measure, Part, Test
from models.figures.period import FOUR_WEEKS, Period
from models.figures.topics import AGE_AT_PLAN, AGE_IN_SCHOOL_YEAR, NEED, SETTING_ATTENDED, SETTING_NAMED, SEX
from models.sen2.codes import CEASE_REASON

INFERRED, VERIFIED, OURS = Mark.INFERRED, Mark.VERIFIED, Mark.OURS

NEW_PLANS = Measure(
    "new_plans", "new plans", "StartDate in the year, and not transferred in from another council", lambda entry, period:
    entry.plan is not None and period.holds(entry.plan.start) and not entry.came_from_elsewhere, INFERRED, file="newplans",
    column="new_ehc_plans", topics=(SETTING_NAMED, NEED, SEX, AGE_AT_PLAN))


def _in_force(entry: Entry, period: Period) -> bool:
    return entry.is_plan_open(period.stock_on)


def _terms(name: str, *values: object) -> Test:
    return lambda entry, _: getattr(entry.plan, name) in values


STOCK = Measure(
    "stock", "plans in force on the day", "StartDate on or before the day, no CeaseDate or a later one", _in_force, INFERRED,
    file="caseload", column="ehcplans", stock=True, topics=(SETTING_ATTENDED, NEED, SEX, AGE_IN_SCHOOL_YEAR), parts=tuple(
        Part(id, words, method, _terms(name, value), INFERRED, column, file=file) for id, words, method, name, value, file, column in (
            ("personal_budget", "with a personal budget", "PB 1", "personal_budget", True, "personal_budgets", "personal_budget"),
            ("organised", "with organised arrangements", "OA 1", "organised", True, "personal_budgets", "org_arrangments"),
            ("residential_term", "residential place of 38 to 51 weeks", "PlanRes A", "residential", "A", "residential_settings",
             "Res_3851"),
            ("residential_52", "residential place of 52 weeks", "PlanRes B", "residential", "B", "residential_settings", "Res_52"),
            ("internship", "supported internship", "PlanWBP S", "work_based", "S", "work_based_placements", "open_supp_intern"),
            ("apprenticeship", "apprenticeship", "PlanWBP A", "work_based", "A", "work_based_placements", "open_apprentice"),
            ("traineeship", "traineeship", "PlanWBP T", "work_based", "T", "work_based_placements", "open_trainee"))))

_REASONS = {"1": ("max_age", "maximum_age"), "2": ("needs_met", "needs_met"), "3": ("he", "higher_education"), "4": ("employ", "paid_work"),
            "5": ("transfer", "moved"), "6": ("no_engage", "no_longer_engaging"), "7": ("moved_outside_eng", "left_england"),
            "8": ("deceased", "died"), "9": ("other", "other")}
CEASED = Measure(
    "ceased", "plans that ended in the year", "CeaseDate in the year: the day the duty to maintain it ended, not that of the decision",
    lambda entry, period: entry.plan is not None and period.holds(entry.plan.cease_date), VERIFIED, file="ceased_plans",
    column="total_ceased", topics=(SEX,), parts=(
        *(Part(id, CEASE_REASON.words[code], f"CeaseReason {code}",
               lambda entry, _, code=code: entry.plan.cease_reason == code, VERIFIED, column, split="reason")
          for code, (column, id) in _REASONS.items()),
        Part("unknown", "reason not recorded", "CeaseReason missing", lambda entry, _: entry.plan.cease_reason not in _REASONS, VERIFIED,
             "not_rec", split="reason")))


# --- reviews -------------------------------------------------------------------------------------------------------------

def _expected(entry: Entry, period: Period) -> bool:
    return _in_force(entry, period) and entry.plan.start < period.since


def _completed(entry: Entry, period: Period) -> bool:
    return _expected(entry, period) and period.holds(entry.reviewed_on)


EXPECTED = Measure(
    "reviews_expected", "plans whose review was expected in the year",
    "plans in force on the day that started before the year: their twelve months ended in it. Published counts of reviews not expected fit"
    " the plans that started in the year", _expected, INFERRED, file="annual_reviews", column="review_expected", parts=(
        Part("completed", "review completed in the year", "LastReview (the decision told) in the year; a return holds the last review only",
             _completed, INFERRED, "review_completed", split="done"),
        Part("before", "last review completed before the year", "LastReview before the year",
             lambda entry, period: entry.reviewed_on is not None and entry.reviewed_on < period.since, INFERRED,
             "review_completed_prior", split="done"),
        Part("after", "last review completed after the year", "LastReview after the end of the period",
             lambda entry, period: entry.reviewed_on is not None and entry.reviewed_on > period.until, OURS, split="done"),
        Part("none", "no review recorded", "LastReview missing", lambda entry, _: entry.reviewed_on is None, INFERRED,
             "review_not_completed", split="done"),
    ))


def _ended_in(*outcomes: str | None) -> Test:
    return lambda entry, _: entry.request.active.review_outcome in outcomes


def _decided(limit: int, low: int = 0) -> Test:
    return lambda entry, _: (days := entry.days_to_review_decision) is not None and low <= days <= limit


REVIEWS = Measure(
    "reviews", "reviews completed in the year", "LastReview in the year, of plans whose review was expected: by the published numbers the two"
    " times add up to it", _completed, INFERRED, file="annual_reviews", column="review_completed", parts=(
        Part("four_weeks", "decision told within four weeks of the meeting", "at most 28 days from ReviewMeeting to LastReview",
             _decided(FOUR_WEEKS), INFERRED, "decision_4_weeks", "pc_decision_4_weeks", split="time"),
        Part("over_four_weeks", "decision told after four weeks", "more than 28 days", _decided(10**6, FOUR_WEEKS + 1), INFERRED,
             "decision_over_4_weeks", split="time"),
        Part("undated", "time not known", "ReviewMeeting missing, or later than LastReview", lambda entry, _:
             entry.days_to_review_decision is None, OURS, split="time"),
        Part("amend", "plan amended", "ReviewOutcome A", _ended_in("A"), INFERRED, "outcome_amended", split="outcome"),
        Part("maintain", "plan kept as it is", "ReviewOutcome M", _ended_in("M"), INFERRED, "outcome_maintained", split="outcome"),
        Part("cease", "plan ceased", "ReviewOutcome C", _ended_in("C"), INFERRED, "outcome_ceased", split="outcome"),
        Part("no_outcome", "outcome not recorded", "ReviewOutcome missing", _ended_in(None), INFERRED, "no_outcome_recorded",
             split="outcome"),
    ))


# --- phase transfers -----------------------------------------------------------------------------------------------------

def _due(entry: Entry, period: Period, later: int = 0) -> bool:
    due = entry.request.active.transfer_due if entry.request.active else None
    return due is not None and due.year == period.year + later


def _final(entry: Entry, period: Period, later: int = 0) -> bool:
    final = entry.request.active.transfer_final if entry.request.active else None
    return final is not None and final.year == period.year + later and final <= max(period.until, period.stock_on)


def _in_time(entry: Entry, _: Period) -> bool:
    active = entry.request.active
    return active.transfer_final is not None and active.transfer_final < active.transfer_due


TRANSFERS = Measure(
    "transfers", "plans in force on the day, by phase transfer", "as the plans in force", _in_force, INFERRED, file="phase_transfers",
    column="number_plans", parts=(
        Part("due", "transfer due in the year", "PhaseTransferDueDate in the year", _due, INFERRED, "due_this_year"),
        Part("due_next", "transfer due in the next year", "PhaseTransferDueDate in the next year",
             lambda entry, period: _due(entry, period, 1), INFERRED, "due_next_year"),
        Part("final", "final plan issued in the year", "PhaseTransferFinalDate in the year", _final, INFERRED, "final_this_year"),
        Part("final_next", "final plan issued early in the next year", "PhaseTransferFinalDate in the next year, by the day",
             lambda entry, period: _final(entry, period, 1), INFERRED, "final_next_year"),
    ))


def _transfer_due(entry: Entry, period: Period) -> bool:
    return _in_force(entry, period) and _due(entry, period) and entry.request.active.transfer_due <= period.until


def _final_late(entry: Entry, period: Period) -> bool:
    final = entry.request.active.transfer_final
    return final is not None and not _in_time(entry, period) and final <= max(period.until, period.stock_on)


TRANSFERS_DUE = Measure(
    "transfers_due", "phase transfers whose day came in the year",
    "plans in force with PhaseTransferDueDate from the start of the year to the end"
    " of the period", _transfer_due, OURS, parts=(
        Part("in_time", "final plan issued in time",
             "PhaseTransferFinalDate before the day, since reg 18 says before 15 February or 31 March",
             _in_time, OURS, split="time"),
        Part("late", "final plan issued late", "PhaseTransferFinalDate on the day or later", _final_late, OURS, split="time"),
        Part("outstanding", "no final plan yet", "PhaseTransferFinalDate missing, or after the period", lambda entry, period:
             not _in_time(entry, period) and not _final_late(entry, period), OURS, split="time"),
    ))
