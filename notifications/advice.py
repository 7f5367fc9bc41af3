"""What follows from how each request for advice stands: whom to ask next, and what a person must decide, before day 42."""

from collections.abc import Iterator
from datetime import timedelta

from models.advice import AdviceRequest, Outcome
from models.case import Case
from models.law.advice import NO_FIGURE
from models.law.asked import elsewhere
from models.law.owed import Owed
from models.targets import CARRY_OUT, DECIDE, DECIDE_ON_LATE_ADVICE
from notifications.say import OWNER, Say

DAY = timedelta(days=1)
LEAD, MANAGER = "council.lead", "council.manager"

PROVE_RECEIPT_WITHIN = timedelta(days=2)
"""Days after sending by which receipt should be proved. Ours to choose, as is:"""
MANAGER_AFTER = timedelta(days=8)
"""How long after its last day a decision that nobody took goes to the manager; the lead hears the day after."""


def asked_next(case: Case) -> Iterator[Say]:
    """Another body is asked where a request went on to it, and the same one again where its advice was found incomplete."""
    for one in _wanted(case):
        told = {"duty": "seek_advice", "adviser": one.adviser, "occasion": _round(one)}
        if (to := one.waits_for_asking) is not None:
            turn = max((fact for fact in one.facts if elsewhere(fact) == to), key=lambda fact: (fact.on, fact.number))
            yield Say("advice_request", one.role, f"{one.adviser}:elsewhere-{turn.number}", turn.on, agency=to, **told)
        elif one.outcome is Outcome.INCOMPLETE and one.found_incomplete is not None:
            finding = one.found_incomplete
            yield Say("advice_request", one.role, f"{one.adviser}:incomplete-{finding.number}", finding.on, agency=one.agency, **told)


def advice_decisions(case: Case) -> Iterator[Say]:
    """What the case's owner must see to: receipt that is not proved, advice that may come late, that a body will not or cannot
    give, or has passed on; and whom it goes to if nobody decides."""
    for owed in _live(case, "coop_respond_advice"):
        if owed.starts_on is None:
            asked = case.last("advice_requested", adviser=owed.adviser)
            yield Say("decision_needed", OWNER, _about("receipt", owed), asked.on + PROVE_RECEIPT_WITHIN,
                      duty=owed.duty.id, adviser=owed.adviser, occasion=owed.which)
    undecided = {(one.adviser, one.party) for one in case.targets if one.duty.id == DECIDE and one.is_live}
    for owed in _live(case, "coop_respond_advice", "advice_six_weeks_others"):
        if owed.due_on is not None and (owed.adviser, owed.party) in undecided and owed.adviser in case.advice_outstanding:
            yield Say("decision_needed", OWNER, _about("advice_at_risk", owed), owed.due_on - DECIDE_ON_LATE_ADVICE,
                      duty=owed.duty.id, adviser=owed.adviser, occasion=owed.which)
    for one in _wanted(case):
        yield from _about_one(one, (one.adviser, one.party) in undecided)
    for owed in case.targets:
        if owed.is_live and owed.due_on is not None and owed.adviser in case.advice_outstanding:
            yield from _goes_up(owed)


def _about_one(one: AdviceRequest, undecided: bool) -> Iterator[Say]:
    """What the owner must see to about one request."""
    told = {"adviser": one.adviser, "occasion": _round(one)}
    figure_less = one.asked_on is not None and one.adviser in NO_FIGURE and one.body != "s31"
    if undecided and (figure_less or one.asked_on is None):        # nobody is reminded of it, so a person is to look
        what = "advice_at_risk" if figure_less else "advice_not_asked"
        yield Say("decision_needed", OWNER, ":".join(filter(None, (what, one.adviser, one.agency, _round(one)))),
                  one.day_42 - DECIDE_ON_LATE_ADVICE, duty="seek_advice", **told)
    if undecided and one.is_gap and one.ended_by is not None and one.outcome in (Outcome.DECLINED, Outcome.NOT_KNOWN):
        yield Say("decision_needed", OWNER, f"{one.ended_by.kind}:{one.ended_by.number}", one.ended_by.on, duty="seek_advice", **told)
    if one.is_open and one.passed_on is not None and elsewhere(one.passed_on) is None:
        yield Say("decision_needed", OWNER, f"advice_passed_on:{one.passed_on.number}", one.passed_on.on, duty="seek_advice", **told)
    if one.decision is not None and one.decision["outcome"] == "escalate" and not one.elsewhere_on:
        yield Say("decision_needed", MANAGER, f"advice_escalated:{one.decision.number}", one.decision.on, duty=CARRY_OUT, **told)


def _goes_up(owed: Owed) -> Iterator[Say]:
    """A gap that nobody has decided on, or a decision that nobody has carried out, goes to the lead, then to the manager."""
    what = "advice_gap_undecided" if owed.duty.id == DECIDE else "gap_decision_not_carried_out"
    told = {"duty": owed.duty.id, "adviser": owed.adviser, "occasion": owed.which, "agency": owed.party}
    about = ":".join(filter(None, (what, owed.adviser, owed.party, owed.occasion, owed.due_on.isoformat())))
    for to, after in ((OWNER, DAY), (LEAD, DAY), (MANAGER, MANAGER_AFTER)):
        yield Say("decision_needed", to, about, owed.due_on + after, **told)


def _wanted(case: Case) -> list[AdviceRequest]:
    return [one for one in case.advice_requests if one.needed and one.is_last]


def _round(one: AdviceRequest) -> str | None:
    return one.round_on.isoformat() if one.round_on else None


def _live(case: Case, *ids: str) -> list[Owed]:
    return [owed for owed in case.terms if owed.duty.id in ids and owed.is_live]


def _about(what: str, owed: Owed) -> str:
    """What a person is to see to about one asking of one body."""
    asked_anew = owed.asked_on.isoformat() if owed.earlier else None
    return ":".join(filter(None, (what, owed.adviser, owed.party, owed.occasion, asked_anew)))
