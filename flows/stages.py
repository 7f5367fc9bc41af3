"""Every stage's flow by the name of its deployment: where a case is handed over to."""

from typing import Any

from flows.advice import gather_advice
from flows.assessing import decide_to_assess
from flows.considering import consider_request
from flows.consulting import consult_settings
from flows.deciding import decide_to_issue
from flows.drafting import draft_plan
from flows.ending import end_case
from flows.finalising import finalise_plan
from flows.refusing import see_refusal_through

FLOWS: dict[str, Any] = {flow.name: flow for flow in (
    consider_request, decide_to_assess, gather_advice, decide_to_issue, draft_plan, consult_settings, finalise_plan,
    see_refusal_through, end_case)}
