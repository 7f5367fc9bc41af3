"""Every stage's flow by the name of its deployment: where a case is handed over to."""

from typing import Any

from flows.advice import gather_advice
from flows.amending import amend_plan
from flows.appealing import answer_appeal
from flows.assessing import decide_to_assess
from flows.ceasing import cease_plan
from flows.complying import comply_with_order
from flows.considering import consider_request
from flows.consulting import consult_settings
from flows.deciding import decide_to_issue
from flows.detaining import see_detention_through
from flows.drafting import draft_plan
from flows.ending import end_case
from flows.finalising import finalise_plan
from flows.maintaining import see_plan_through
from flows.mediating import mediate
from flows.moving import move_plan
from flows.reassessing import reassess_needs
from flows.refusing import see_refusal_through
from flows.reviewing import review_plan
from flows.transferring_phase import transfer_phase

FLOWS: dict[str, Any] = {flow.name: flow for flow in (
    consider_request, decide_to_assess, gather_advice, decide_to_issue, draft_plan, consult_settings, finalise_plan,
    see_refusal_through, end_case, see_plan_through, review_plan, amend_plan, reassess_needs, cease_plan, move_plan, mediate,
    answer_appeal, comply_with_order, see_detention_through, transfer_phase)}
