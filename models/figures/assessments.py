"""Figures of assessments: what came of them, "no plan" within sixteen weeks, mediation and appeals."""

from models.figures.entry import Entry
from models.figures.measure import Mark, Measure, Part, Test
from models.figures.period import SIXTEEN_WEEKS, Period
from models.figures.topics import SEX

INFERRED, VERIFIED, OURS = Mark.INFERRED, Mark.VERIFIED, Mark.OURS


def _ended(entry: Entry, period: Period) -> bool:
    assessment = entry.assessment
    if assessment is None or assessment.outcome not in ("Y", "N", "A", "W"):
        return False
    return period.holds(assessment.outcome_date) or (assessment.outcome == "W" and assessment.outcome_date is None)


def _came_out(outcome: str) -> Test:
    return lambda entry, _: entry.assessment.outcome == outcome


def _flagged(*names: str) -> Test:
    return lambda entry, _: all(getattr(entry.assessment, name) is True for name in names)


ASSESSMENTS = Measure(
    "assessments", "assessments that ended in the year",
    "AssessmentOutcome Y, N or A with AssessmentOutcomeDate in the year, and W. Open assessments are not in it: the DfE counts 71 as not"
    " decided in all of England in 2025, and many thousands are open at any time", _ended, INFERRED, file="assessments",
    column="assess_in_year", topics=(SEX,), parts=(
        Part("issued", "plan to be issued", "AssessmentOutcome Y", _came_out("Y"), INFERRED, "assess_issued", "assess_issued_pc",
             "outcome"),
        Part("not_issued", "no plan", "AssessmentOutcome N", _came_out("N"), INFERRED, "assess_not_issued", "assess_not_issued_pc",
             "outcome"),
        Part("not_made", "not decided", "AssessmentOutcome A although a date is given", _came_out("A"), INFERRED,
             "assess_not_made", "assess_not_made_pc", "outcome"),
        Part("withdrawn", "withdrawn, or ended before a decision", "AssessmentOutcome W: a return holds those of its year only, undated",
             _came_out("W"), INFERRED, "assess_withdrawn", "assess_withdrawn_pc", "outcome"),
        Part("mediation", "mediation about the decision to issue", "AssessmentMediation 1", _flagged("mediation"), INFERRED,
             "number_assess_mediation"),
        Part("appeal", "appeal about the decision to issue", "AssessmentTribunal 1", _flagged("tribunal"), INFERRED,
             "number_assess_tribunal"),
        Part("mediation_and_appeal", "appeal after mediation", "AssessmentMediation 1 and AssessmentTribunal 1",
             _flagged("mediation", "tribunal"), INFERRED, "number_asssess_mediation_tribunal"),
    ))


def _refused(entry: Entry, period: Period) -> bool:
    return entry.assessment is not None and entry.assessment.outcome == "N" and period.holds(entry.assessment.outcome_date)


def _within(limit: int, low: int = 0) -> Test:
    return lambda entry, _: (days := entry.days_to_outcome) is not None and low <= days <= limit


NOT_ISSUED = Measure(
    "not_issued", "decisions to issue no plan told in the year", "AssessmentOutcome N with AssessmentOutcomeDate in the year", _refused,
    INFERRED, file="assessments", column="assess_not_issued", parts=(
        Part("sixteen_weeks", "told within sixteen weeks", "at most 112 days from ReceivedDate to AssessmentOutcomeDate",
             _within(SIXTEEN_WEEKS), INFERRED, "outcome_decision_within_time", "outcome_decision_within_time_pc", "time"),
        Part("over_sixteen_weeks", "told after sixteen weeks", "more than 112 days", _within(10**6, SIXTEEN_WEEKS + 1), INFERRED,
             "outcome_decision_over_time", "outcome_decision_over_time_pc", "time"),
        Part("undated", "time not known", "ReceivedDate missing, or later than the outcome", lambda entry, _: entry.days_to_outcome is None,
             INFERRED, split="time"),
    ))


def _other(entry: Entry, period: Period) -> bool:
    return entry.assessment is not None and entry.assessment.outcome in ("Y", "N", "H") and (
        entry.assessment.other_mediation is True or entry.assessment.other_tribunal is True)


OTHER_MATTERS = Measure(
    "other_matters", "cases with mediation or an appeal on another matter",
    "OtherMediation 1 or OtherTribunal 1 under AssessmentOutcome Y, N or H:"
    " a return gives no days", _other, INFERRED, file="assessments", parts=(
        Part("mediation", "mediation", "OtherMediation 1", _flagged("other_mediation"), VERIFIED, "number_other_mediation"),
        Part("appeal", "appeal", "OtherTribunal 1", _flagged("other_tribunal"), VERIFIED, "number_other_tribunal"),
        Part("mediation_and_appeal", "both", "OtherMediation 1 and OtherTribunal 1", _flagged("other_mediation", "other_tribunal"),
             VERIFIED, "number_other_mediation_tribunal"),
    ))
