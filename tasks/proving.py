"""What the sending of a message proves: the legal facts that are recorded with it, and only then."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.case import Case
from models.law.record import Fact
from notifications.messages import MESSAGES
from notifications.proofs import proofs
from tasks.case_file import NewFact

ARRIVES_THE_SAME_DAY = ("eml", "email", "mailto", "mailtos", "webhook", "json", "msteams", "slack")
"""Channels whose acceptance of a message shows that it reached the recipient's side that day."""


def proved(case: Case, queued: Fact, on: date, channel: str, sha256: str, agency: str | None = None, body: str | None = None
           ) -> list[NewFact]:
    """The legal facts that the sending of a message proves, as the case stands after it.

    `agency` is who had it, where the message names none; `body` says of an agency that was asked for advice whether it is
    within s.31(1).
    """
    kind = MESSAGES[queued["message"]].proves
    key, message = queued["key"], queued["message"]

    def fact(kind: str, **data: Any) -> NewFact:
        return NewFact(kind, on, {name: value for name, value in data.items() if value is not None} | {"how": "system"}, key)

    if message in ("final_plan", "final_plan_partners"):
        return _final_plan_sent(case, queued, on)
    if (more := proofs(case, queued, sha256)) is not None:
        return [fact(what, **told) for what, told in more]
    if kind is None:
        return []
    about = next((f for f in case.facts if str(f.number) == queued["about"]), None)
    to, agency = queued["recipient"], queued["agency"] or agency
    match kind:
        case "advice_requested":
            asked = {"adviser": queued["adviser"], "agency": agency, "body": body}
            facts = [fact(kind, **asked)]
            if queued["adviser"] != "adv_a_parent_yp":
                facts.append(fact("evidence_sent_to_adviser", adviser=queued["adviser"], agency=agency))
            if channel in ARRIVES_THE_SAME_DAY:
                facts.append(fact("advice_delivered", **asked))
            return facts
        case "family_told_of_decision":
            return [fact(kind, decision=about.kind, sha256=sha256)] if about else []
        case "partner_told_considering" | "partner_told_of_refusal_to_issue":
            return [fact(kind, recipient=to, agency=agency)]
        case "partner_told_of_assess_decision":
            return [fact(kind, recipient=to, agency=agency, decision=about.kind if about else None)]
        case "draft_plan_served":
            return [fact(kind, document=about["document"] if about else None, sha256=about["sha256"] if about else None)]
        case "setting_consulted":
            return [fact(kind, setting=queued["setting"])]
    return [fact(kind)]


def _final_plan_sent(case: Case, queued: Fact, on: date) -> list[NewFact]:
    """The final plan counts as sent on the day on which the last of its recipients had it (reg 13(2))."""
    plan = next((f for f in case.all("final_plan_prepared") if str(f.number) == queued["about"]), None)
    letters = [f for f in case.all("message_queued") if f["message"] in ("final_plan", "final_plan_partners")
               and f["about"] == queued["about"]]
    needed = {"family", "rcb"} | ({"setting"} if plan and plan["setting"] else set())
    reached = {f["recipient"] for f in letters if f["key"] in case.gone}
    if plan is None or not needed <= reached or case.has("final_plan_sent"):
        return []
    told: Mapping[str, Any] = {
        "document": plan["document"], "sha256": plan["sha256"], "setting": plan["setting"], "type_only": plan["type_only"],
        "sent_to": sorted(reached), "how": "system"}
    return [NewFact("final_plan_sent", on, {name: value for name, value in told.items() if value is not None},
                    queued["key"])]
