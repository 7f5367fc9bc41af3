"""What became of a message after it went, as the facts of its case tell it, and what a message that came back takes with it.

A dispatch that came back is no dispatch. What the sending of a message proved (that the family had its notice, that an agency
was asked) stands no longer once the channel says that it never arrived, unless the record shows otherwise that it did: the duty
behind it is owed again, by the same day as before. The law counts some duties from dispatch and others from receipt; we count
neither on the strength of a letter that is known not to have arrived. This may be stricter than the law, and is never looser.
"""

from collections.abc import Mapping
from types import MappingProxyType

from models.case import Case
from models.law.record import Fact
from models.message_key import NO_LONGER_WANTED, first_key

OUTCOMES = ("delivered", "opened", "bounced")
"""What a channel may tell of a message that it took, each outweighing the one before."""

_SPOKE = ("appeal_lodged", "mediation_adviser_contacted", "mediation_wanted")
_ADVISER_SPOKE = ("advice_acknowledged", "advice_received", "advice_declined", "advice_not_known", "advice_passed_on")

PROVED: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "family_told_considering": ("views_received",), "family_told_of_decision": _SPOKE,
    "partner_told_considering": (), "partner_told_of_assess_decision": (), "partner_told_of_refusal_to_issue": (),
    "advice_requested": _ADVISER_SPOKE, "evidence_sent_to_adviser": _ADVISER_SPOKE, "advice_delivered": _ADVISER_SPOKE,
    "draft_plan_served": ("representations_received", "draft_meeting_required"), "setting_consulted": ("setting_answered",),
    "final_plan_sent": (*_SPOKE, "admitted"), "review_advice_asked": ("review_advice_circulated",),
    "review_invited": ("review_meeting_held",), "review_decision_sent": _SPOKE,
    "amendment_notice_sent": ("amendment_representations_received",), "decided_not_to_amend": _SPOKE,
    "final_amended_plan_sent": _SPOKE, "reassessment_decided": _SPOKE, "decided_no_change": _SPOKE, "cease_consulted": (),
    "cease_notice_sent": _SPOKE, "rcb_told_of_mediation": (),
})
"""The facts that the sending of a message proves, each with those that show by themselves that it had arrived."""

TOGETHER = ("final_plan_sent", "review_invited", "cease_consulted", "final_amended_plan_sent")
"""Those of them that count once the last of several recipients has had it, and not while one of them has not."""


def undone_by(case: Case, key: str) -> list[Fact]:
    """The facts that stand only because the message with this key went: no longer, now that it came back."""
    queued = case.last("message_queued", key=key)
    if queued is None:
        return []
    kin = {fact["key"] for fact in case.all("message_queued")
           if fact["about"] == queued["about"] and _kind(fact["message"]) == _kind(queued["message"])}
    return [fact for fact in case.all(*PROVED) if fact["how"] == "system"
            and (fact["key"] == key or (fact.kind in TOGETHER and fact["key"] in kin)) and not _arrived_all_the_same(case, fact)]


def _kind(message: str) -> str:
    return message.removesuffix("_partners").removesuffix("_setting")


def _arrived_all_the_same(case: Case, proved: Fact) -> bool:
    """Whether somebody's answer shows that the message had arrived, whatever the channel says."""
    def same(fact: Fact) -> bool:
        return all(proved[name] is None or fact[name] in (None, proved[name]) for name in ("adviser", "agency", "setting"))

    by_hand = [fact for fact in case.all("advice_delivered") if fact["how"] != "system"] if "advice" in proved.kind else []
    return any(fact.on >= proved.on and same(fact) for fact in [*case.all(*PROVED[proved.kind]), *by_hand])


def undelivered_in(case: Case) -> list[tuple[Fact, Fact]]:
    """The messages that came back or failed for good and that nobody has had since, each with the message as it was queued:
    (what became of it, the message), oldest first. Of several tries the last; what is tried again waits for its outcome.

    A reminder of what is no longer owed is left out, and so is what an end of the case made pointless: nobody needs it now.
    """
    arrived = {first_key(key) for key in case.gone}
    last = {first_key(fact["key"]): fact for fact in sorted(case.all("message_queued"), key=lambda fact: fact.number)}
    ends = {fact["key"]: fact for fact in case.all("message_failed", final=True)} | {
        fact["key"]: fact for fact in case.all("message_bounced")}
    found = [(ends[queued["key"]], queued) for first, queued in last.items()
             if first not in arrived and queued["key"] in ends and ends[queued["key"]]["why"] != NO_LONGER_WANTED]
    return sorted((pair for pair in found if _still_matters(case, pair[1])), key=lambda pair: (pair[0].on, pair[0].number))


def _still_matters(case: Case, queued: Fact) -> bool:
    if case.stage.is_terminal and queued["rung"] is not None:
        return False
    if queued["rung"] is None:
        return True
    return any(owed.is_live for owed in case.terms if owed.duty.id == queued["duty"] and owed.adviser == queued["adviser"]
               and queued["occasion"] in (None, owed.which))
