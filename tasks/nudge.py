"""A nudge: ask Prefect to visit a case now. If nobody hears it, the next watch does the visit."""

import httpx

from models.stages import Stage

DEPLOYMENTS = {
    Stage.S00_INTAKE: "consider-request", Stage.S10_CONSIDERING: "consider-request",
    Stage.S15_REFUSED_TO_ASSESS: "see-refusal-through", Stage.T_REFUSED_ASSESS: "see-refusal-through",
    Stage.S35_REFUSED_TO_ISSUE: "see-refusal-through", Stage.T_REFUSED_ISSUE: "see-refusal-through",
    Stage.S20_ASSESSING: "gather-advice", Stage.S30_DECIDING_PLAN: "decide-to-issue",
    Stage.S40_DRAFTING: "draft-plan", Stage.S45_DRAFT_ISSUED: "consult-settings",
    Stage.S50_CONSULTING_SETTINGS: "finalise-plan", Stage.S55_FINALISED: "finalise-plan",
    Stage.T_WITHDRAWN: "end-case", Stage.T_MOVED_BEFORE_PLAN: "end-case", Stage.T_MOVED_OUTSIDE_ENGLAND: "end-case",
    Stage.T_DECEASED: "end-case", Stage.T_ENDED_IN_RETURN: "end-case",
    Stage.S60_MAINTAINED: "see-plan-through",
    Stage.S62_REVIEW_PREP: "review-plan", Stage.S64_REVIEW_MEETING: "review-plan", Stage.S66_REVIEW_DECISION: "review-plan",
    Stage.S68_AMENDING: "amend-plan",
    Stage.S70_REASSESSMENT_REQUESTED: "reassess-needs", Stage.S72_REASSESSING: "reassess-needs",
    Stage.S80_CEASE_PROPOSED: "cease-plan", Stage.S82_CEASE_NOTIFIED: "cease-plan", Stage.T_CEASED: "cease-plan",
    Stage.S85_TRANSFERRING: "move-plan", Stage.T_TRANSFERRED: "move-plan",
    Stage.S90_MEDIATION: "mediate", Stage.S95_APPEAL: "answer-appeal", Stage.S97_ORDER_COMPLIANCE: "comply-with-order",
    Stage.S98_DETAINED: "see-detention-through",
}
"""The flow, and its deployment of the same name, that visits a case at each stage."""

PATIENCE = httpx.Timeout(30.0, connect=5.0)
"""Seconds: a server that is not there is known at once, a busy one may take its time."""


def nudge(api_url: str, ref: str, stage: Stage) -> str:
    """Ask Prefect at `api_url` to run the stage's flow for this case. What came of it, in a sentence; never an error."""
    name = DEPLOYMENTS[stage]
    try:
        with httpx.Client(base_url=api_url.rstrip("/"), timeout=PATIENCE) as client:
            found = client.get(f"/deployments/name/{name}/{name}")
            found.raise_for_status()
            run = client.post(f"/deployments/{found.json()['id']}/create_flow_run", json={
                "parameters": {"case_ref": ref}, "tags": ["nudge", f"case:{ref}"], "state": {"type": "SCHEDULED"}})
            run.raise_for_status()
    except httpx.HTTPError:
        return "Prefect was not reached; the next watch will visit the case."
    return f"Prefect visits the case now: flow run {run.json()['name']} of {name}."
