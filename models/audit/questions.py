"""The questions that are answered over all cases, by name."""

from collections.abc import Mapping

from models.audit.advice import ADVICE
from models.audit.answer import OfCases
from models.audit.backdating import BACKDATED
from models.audit.decisions import DECISION, TOLD
from models.audit.plans import ORDERS, REVIEWS, TRANSFER
from models.audit.requests import EXCEPTIONS, REQUESTS
from models.audit.silence import SILENT

QUESTIONS: Mapping[str, OfCases] = {one.name: one for one in (
    REQUESTS, EXCEPTIONS, ADVICE, DECISION, REVIEWS, TRANSFER, ORDERS, SILENT, BACKDATED, TOLD)}
