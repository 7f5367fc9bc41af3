"""Which facts belong together: each review, request, order, appeal or move is an occasion with clocks of its own.

Clocks never merge. A new occasion of a process neither closes nor hides an earlier one, and one document answers one
occasion: the one that it names in `answers` ("review", "order:2027-03-04"), otherwise the latest that waits for it.
What waits is told by the facts alone, so the order of recording does not matter.
"""

from collections.abc import Iterable, Sequence

from models.law.occasion import SHARED, Occasion, named
from models.law.processes import APPEALABLE, MEDIATION, PROCESSES
from models.law.record import Fact
from models.law.request import DAY_ZERO

_CONCERNED = frozenset((
    *SHARED, *APPEALABLE, *MEDIATION, *DAY_ZERO, "review_meeting_fixed", "review_meeting_held", "review_invited", "review_advice_asked",
    "review_advice_circulated", "review_report_sent", "reassessment_requested", "cease_proposed", "cease_consulted",
    "cease_not_pursued", "plan_ceased", "appeal_lodged", "appeal_registered", "appeal_withdrawn", "appeal_finally_determined",
    "appeal_response_sent", "appeal_unopposed", "tribunal_order_made", "mediation_adviser_contacted",
    "mediation_certificate_issued", "family_told_of_decision", "rcb_told_of_mediation", "mediation_arranged",
    "mediation_date_told", "shorter_notice_agreed", "mediation_held", "mediation_cannot_be_arranged",
    "adviser_told_mediation_failed", "mediation_agreed", "agreement_done", "rcb_told_council_of_agreement",
    "recommendation_made", "recommendation_answered", "recommendation_answer_copied", "move_known", "move_called_off",
    "plan_transferred", "plan_taken_over", "family_told_of_transfer", "interim_place_arranged", "new_rcb_told_of_move",
    "new_rcb_aware_of_move", "new_rcb_asked_after_move", "rcb_request_met", "rcb_change_known", "new_rcb_told_of_change",
    "new_rcb_aware_of_change", "new_rcb_asked_after_change", "phase_transfer_identified", "phase_transfer_excluded",
    "detention_began", "released", "release_known", "kept_plan_sent", "moved_within_custody", "plan_sent_to_new_accommodation",
    "plan_disclosed_to_new_authority", "plan_disclosed_to_rcb", "rcb_request_after_release", "new_authority_received_plan",
    "direct_payment_requested", "direct_payment_began", "direct_payment_refused", "direct_payment_agreed",
    "direct_payment_reviewed", "direct_payment_consents_had", "higher_education_disclosure_asked",
    "higher_education_disclosure_made", "assessment_place_began", "assessment_place_ended", "provision_elsewhere_considered",
    "family_consulted_on_provision_elsewhere", "provision_elsewhere_arranged", "left_education", "back_in_education"))
"""The kinds of fact that open or answer an occasion; every other one is passed over unread."""


def occasions(record: Iterable[Fact]) -> dict[str, list[Occasion]]:
    """The occasions of every process, in the order in which they began. `record` is in the order of happening."""
    found: dict[str, list[Occasion]] = {process: [] for process in PROCESSES}
    begun: list[Occasion] = []
    for fact in record:
        if fact.kind not in _CONCERNED:
            continue
        joined = _join(fact, found, begun)
        for process in PROCESSES.values():
            may_open = (process.one_after_another or process.id not in joined) and not (process.by_itself and joined)
            if may_open and process.opens(fact, found[process.id]):
                day = process.day(fact)
                occasion = Occasion(process.id, day, [fact], 1 + sum(one.of == day for one in found[process.id]))
                found[process.id].append(occasion)
                begun.append(occasion)
    return found


def _join(fact: Fact, found: dict[str, list[Occasion]], begun: Sequence[Occasion]) -> set[str]:
    """Add the fact to the occasions that it answers; the ids of their processes."""
    said = named(fact)
    chosen: list[Occasion] = []
    if said:
        for process, day in said:
            waiting = [one for one in found.get(process, ()) if (day is None or day in one.days)
                       and PROCESSES[process].waits(one, fact)]
            chosen += waiting[-1:]
        if fact.kind in SHARED:
            for one in chosen:
                one.facts.append(fact)
            return {one.process for one in chosen}
    told = {one.process for one in chosen}
    waiting = [one for one in begun if one.process not in told and PROCESSES[one.process].waits(one, fact)]
    if fact.kind in SHARED:
        chosen = waiting[-1:]
    else:
        latest = {one.process: one for one in waiting}
        chosen += latest.values()
    for one in chosen:
        one.facts.append(fact)
    return {one.process for one in chosen}
