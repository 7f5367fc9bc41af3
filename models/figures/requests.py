"""Figures of requests: received, decided on, decided within six weeks, and the work still open on a day."""

from models.figures.entry import Entry, Stage
from models.figures.measure import Mark, Measure, Part
from models.figures.period import A_YEAR, SIX_WEEKS, TWENTY_WEEKS, Period
from models.figures.topics import AGE_AT_REQUEST, SEX, SOURCE

INFERRED, VERIFIED, OURS = Mark.INFERRED, Mark.VERIFIED, Mark.OURS


def _received(entry: Entry, period: Period) -> bool:
    return period.holds(entry.request.received) and entry.request.outcome != "H"


def _came_out(*outcomes: str | None):
    return lambda entry, period: entry.outcome(period.until) in outcomes


def _decided(entry: Entry, period: Period) -> bool:
    return entry.request.outcome in ("Y", "N", "H") and period.holds(entry.request.outcome_date)


def _within(limit: int, low: int = 0):
    return lambda entry, period: (days := entry.days_to_decision) is not None and low <= days <= limit


_FLAGS = "the flag of the request; the DfE's base is taken to be the year's requests"
REQUESTS = Measure(
    "requests", "requests received in the year", "ReceivedDate in the year; outcome H left out, so that Y, N, A and W add up to it",
    _received, INFERRED, file="requests", column="requests_received_in_year", topics=(SOURCE, SEX, AGE_AT_REQUEST), parts=(
        Part("assess", "decided to assess", "RequestOutcome Y, told by the end of the period", _came_out("Y"), INFERRED,
             "requests_decided_to_assess", "request_assess_pc", "outcome"),
        Part("refused", "decided not to assess", "RequestOutcome N, told by the end of the period; a no that was reversed later stays a no",
             _came_out("N"), INFERRED, "requests_decided_not_to_assess", "request_not_assess_pc", "outcome"),
        Part("undecided", "not yet decided", "RequestOutcome A, or told only after the end of the period", _came_out("A"), INFERRED,
             "requests_decision_not_made", "request_outstanding_pc", "outcome"),
        Part("withdrawn", "withdrawn, or ended before a decision", "RequestOutcome W", _came_out("W"), INFERRED,
             "requests_withdrawn", "request_withdrawn_pc", "outcome"),
        Part("unknown", "outcome not recorded", "RequestOutcome missing or not in the code set", _came_out(None), OURS, split="outcome"),
        Part("mediation", "mediation about the decision to assess", "RequestMediation 1: " + _FLAGS,
             lambda entry, _: entry.request.mediation is True, INFERRED, "mediation_related_request"),
        Part("appeal", "appeal about the decision to assess", "RequestTribunal 1: " + _FLAGS,
             lambda entry, _: entry.request.tribunal is True, INFERRED, "tribunal_related_request"),
        Part("mediation_and_appeal", "appeal after mediation", "RequestMediation 1 and RequestTribunal 1: " + _FLAGS,
             lambda entry, _: bool(entry.request.mediation and entry.request.tribunal), INFERRED, "tribunal_after_mediation_request"),
        Part("youth_accommodation", "in relevant youth accommodation", "RYA 1",
             lambda entry, _: entry.request.youth_accommodation is True, VERIFIED, "requests_rya"),
    ))

DECISIONS = Measure(
    "decisions", "decisions whether to assess made in the year",
    "RequestOutcome Y or N with RequestOutcomeDate in the year, whenever the request came", _decided, INFERRED, file="requests",
    topics=(SOURCE,), parts=(
        Part("six_weeks", "told within six weeks", "at most 42 days from ReceivedDate to RequestOutcomeDate", _within(SIX_WEEKS), INFERRED,
             "request_outcome_six_weeks", "request_outcome_six_weeks_pc", "time"),
        Part("over_six_weeks", "told after six weeks", "more than 42 days", _within(10**6, SIX_WEEKS + 1), INFERRED,
             "request_outcome_over_6_weeks", "request_outcome_over_6_weeks_pc", "time"),
        Part("undated", "time not known", "ReceivedDate missing, or later than the decision",
             lambda entry, _: entry.days_to_decision is None, INFERRED, split="time"),
        Part("last_day", "told exactly on day 42", "42 days, which is in time where the day of receipt is not counted",
             lambda entry, _: entry.days_to_decision == SIX_WEEKS, OURS, public=False),
    ))


def _open(entry: Entry, period: Period) -> bool:
    return entry.open_stage(period.stock_on) is not None


def _at(stage: Stage):
    return lambda entry, period: entry.open_stage(period.stock_on) is stage


def _waiting(more_than: int):
    return lambda entry, period: (days := entry.days_waiting(period.stock_on)) is not None and days > more_than


OPEN = Measure(
    "open", "requests and assessments under way on the day",
    "received by the day, not moved to another council, not refused, withdrawn or ended, no plan issued by the day", _open, OURS, parts=(
        Part("considering", "waiting for the decision whether to assess", "RequestOutcome A on the day", _at(Stage.REQUEST), OURS,
             split="stage"),
        Part("assessing", "being assessed", "decided to assess, AssessmentOutcome A on the day", _at(Stage.ASSESSMENT), OURS,
             split="stage"),
        Part("issuing", "plan to be issued", "AssessmentOutcome Y without a date", _at(Stage.ISSUING), OURS, split="stage"),
        Part("past_six_weeks", "undecided for more than six weeks", "RequestOutcome A on the day, received more than 42 days before it",
             lambda entry, period: entry.open_stage(period.stock_on) is Stage.REQUEST and _waiting(SIX_WEEKS)(entry, period), OURS),
        Part("past_20_weeks", "without a plan for more than twenty weeks", "received more than 140 days before the day",
             _waiting(TWENTY_WEEKS), OURS),
        Part("past_a_year", "without a plan for more than 52 weeks", "received more than 364 days before the day", _waiting(A_YEAR), OURS),
    ))
