"""Every measure, in the order in which they are shown, and what holds between them."""

from collections.abc import Mapping
from types import MappingProxyType

from models.figures.advice import ADVICE
from models.figures.assessments import ASSESSMENTS, NOT_ISSUED, OTHER_MATTERS
from models.figures.measure import Measure
from models.figures.plans import CEASED, EXPECTED, NEW_PLANS, REVIEWS, STOCK, TRANSFERS, TRANSFERS_DUE
from models.figures.requests import DECISIONS, OPEN, REQUESTS
from models.figures.timeliness import ALL_ISSUED, ALL_ISSUED_EX, HEADLINE, WITH_EXCEPTIONS

OF_ADVICE: tuple[Measure, ...] = (ADVICE,)
"""What is counted over requests for advice, of which the return knows nothing."""

MEASURES: tuple[Measure, ...] = (HEADLINE, WITH_EXCEPTIONS, ALL_ISSUED_EX, ALL_ISSUED, REQUESTS, DECISIONS, ASSESSMENTS, NOT_ISSUED,
                                 OTHER_MATTERS, NEW_PLANS, STOCK, CEASED, EXPECTED, REVIEWS, TRANSFERS, TRANSFERS_DUE, OPEN)
"""What is counted over the records of the return."""

BY_ID: Mapping[str, Measure] = MappingProxyType({measure.id: measure for measure in (*MEASURES, *OF_ADVICE)})

WITHIN: tuple[tuple[str, str], ...] = (
    *((f"plans_ex{part}", f"plans{part}") for part in ("", ".within_20", ".to_a_year", ".over_a_year")),
    ("plans", "assessments.issued"),
    ("not_issued", "assessments.not_issued"), ("assessments.not_issued", "not_issued"),
    ("reviews", "reviews_expected.completed"), ("reviews_expected.completed", "reviews"),
    ("reviews_expected", "stock"), ("transfers", "stock"), ("stock", "transfers"), ("transfers_due", "transfers.due"),
    ("requests.mediation_and_appeal", "requests.mediation"), ("requests.mediation_and_appeal", "requests.appeal"),
    ("assessments.mediation_and_appeal", "assessments.mediation"), ("assessments.mediation_and_appeal", "assessments.appeal"),
    ("other_matters.mediation_and_appeal", "other_matters.mediation"), ("other_matters.mediation_and_appeal", "other_matters.appeal"),
    ("open.past_six_weeks", "open.considering"), ("open.past_a_year", "open.past_20_weeks"),
)
"""Which figure's cases are always among those of another: the difference between the two can be worked out by anybody. Where each is
among the other, both are the same number."""
