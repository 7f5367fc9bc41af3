"""What must be said in the life of a plan after it was made: one function a process. Each speaks for itself: a review under
way silences no re-assessment, no order and no appeal.

What an officer of the council must see to is put before the case's owner with its limit; the letters themselves are the
officer's, who records them as sent. Reminders of every limit are the ladder's.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from models.case import ADVISER_ROLES, Case, Stage
from models.law.deadlines import Owed
from notifications.say import OWNER, Say

# Ours to choose, never the law's: how long before its limit a review is to be arranged, and how long after the last day to
# appeal a plan is held in force (an appeal that came in time may be registered a few days later).
ARRANGE_BEFORE = timedelta(weeks=10)
AFTER_THE_HOLD = timedelta(days=7)
AMENDING_TAKES = timedelta(weeks=12)

REVIEWS = ("first_review", "next_review", "new_la_review", "review_after_reassessment", "review_on_release")
"""The duties by which a plan that is maintained is reviewed: one of them is always live."""


def _live(case: Case, *ids: str) -> list[Owed]:
    return [owed for owed in case.terms if owed.duty.id in ids and owed.is_live]


def _task(case: Case, what: str, owed: Owed, from_day: date | None = None) -> Say:
    """Something that the owner must see to, with the limit of a duty."""
    return Say("decision_needed", OWNER, f"{what}:{owed.which or owed.started_by.on.isoformat()}".replace(" ", "@"),
               from_day or owed.started_by.on, duty=owed.duty.id, occasion=owed.which)


def review_to_come(case: Case) -> Iterator[Say]:
    """The owner arranges the next review in time; a plan without any future review is an orphan, and put before the owner."""
    if not case.has_plan or case.stage is Stage.S98_DETAINED:
        return
    live = _live(case, *REVIEWS)
    if not live:
        yield Say("decision_needed", OWNER, f"orphan:{case.stage_since or case.on}", case.stage_since or case.on)
        return
    first = min((owed for owed in live if owed.due_on), key=lambda owed: owed.due_on, default=None)
    if first is not None and not any(one.process == "review" for one in case.under_way):
        yield _task(case, "arrange_review", first, max(first.due_on - ARRANGE_BEFORE, first.started_by.on))
    for owed in live:
        if owed.due_on is None:
            yield _task(case, "arrange_review", owed)


def phase_transfers(case: Case) -> Iterator[Say]:
    """A transfer between phases: the owner has the review held early enough for the twelve weeks of an amendment."""
    for owed in _live(case, "phase_transfer_secondary_to_post16", "phase_transfer_other", "post16_to_post16"):
        yield _task(case, "phase_transfer", owed)
        if owed.due_on and owed.due_on - AMENDING_TAKES > owed.started_by.on:
            yield _task(case, "phase_transfer_late", owed, owed.due_on - AMENDING_TAKES)


def rights_pass(case: Case) -> Iterator[Say]:
    """The child has become a young person: from now on every notice goes to the young person."""
    passed = case.last("became_young_person")
    if passed is not None:
        yield Say("decision_needed", OWNER, f"young_person:{passed.number}", passed.on)


def review_fixed(case: Case) -> Iterator[Say]:
    """The day of a review meeting is fixed: invitations and advice go two weeks before it."""
    for owed in _live(case, "invite_to_review"):
        yield _task(case, "invite_to_review", owed)
    for owed in _live(case, "circulate_review_advice"):
        yield _task(case, "circulate_advice", owed)


def review_held(case: Case) -> Iterator[Say]:
    """The meeting was held: report in two weeks, decision and any amendments in four."""
    for owed in _live(case, "review_report"):
        yield _task(case, "review_report", owed)
    for owed in _live(case, "review_decision"):
        yield _task(case, "review_decision", owed)


def amending(case: Case) -> Iterator[Say]:
    """The plan is being amended: the notice goes with the decision, and when the fifteen days are over the plan is finalised."""
    for owed in _live(case, "amendment_notice"):
        if owed.due_on:
            yield _task(case, "amendments_missing", owed)
    for owed in _live(case, "final_amended_plan", "amend_without_review"):
        window = next((one for one in case.terms if one.duty.id == "amend_representation_window" and one.occasion == owed.occasion), None)
        if window is not None and window.due_on:
            yield _task(case, "amended_plan", owed, window.due_on + timedelta(days=1))


def reassessment_asked_for(case: Case) -> Iterator[Say]:
    """A re-assessment was asked for: the decision is told within fifteen days, whatever else is under way."""
    for owed in _live(case, "reassessment_decision"):
        yield _task(case, "reassess", owed)


def reassessing(case: Case) -> Iterator[Say]:
    """A re-assessment is under way: every adviser is asked, and the plan is finalised within fourteen weeks."""
    for owed in _live(case, "seek_advice"):
        if owed.occasion is not None:
            role = ADVISER_ROLES[owed.adviser]
            agency = case.setting if role == "setting" else None
            yield Say("advice_request", role, f"{owed.adviser}:{owed.occasion}", owed.started_by.on, agency=agency,
                      duty="seek_advice", adviser=owed.adviser, occasion=owed.occasion)
    for owed in _live(case, "finalise_after_reassessment"):
        yield _task(case, "reassessed_plan", owed)


def ceasing(case: Case) -> Iterator[Say]:
    """The plan may cease: family and setting are consulted first, and it stays in force until no appeal can be brought."""
    for owed in _live(case, "propose_cease"):
        yield _task(case, "consult_on_ceasing", owed)
    for owed in _live(case, "cease_hold"):
        if owed.due_on:
            yield _task(case, "hold_over", owed, owed.due_on + AFTER_THE_HOLD)
    for owed in _live(case, "cease_immediately_after_dismissal"):
        yield _task(case, "cease_after_dismissal", owed)


def moving(case: Case) -> Iterator[Say]:
    """The family moves to another council: the plan is transferred on the day of the move, or in fifteen working days."""
    for owed in _live(case, "transfer_plan_on_move"):
        yield _task(case, "transfer_plan", owed)


def mediating(case: Case) -> Iterator[Say]:
    """The family wants mediation: the commissioning body is told where health is an issue, and the mediation arranged."""
    for owed in _live(case, "notify_rcb_of_mediation"):
        yield _task(case, "tell_rcb_of_mediation", owed)
    for owed in _live(case, "arrange_mediation_mixed", "arrange_mediation_no_health", "dp_arrange_mediation"):
        yield _task(case, "arrange_mediation", owed)


def appealed(case: Case) -> Iterator[Say]:
    """An appeal is registered: the council responds, or tells the Tribunal before that it does not oppose it."""
    for owed in _live(case, "la_response_to_appeal"):
        yield _task(case, "appeal_response", owed)


def ordered(case: Case) -> Iterator[Say]:
    """An order, an agreement or a concession: every limit that runs from it is put before the owner at once."""
    for owed in case.terms:
        if owed.is_live and owed.duty.per in ("order", "concession", "agreement") and owed.started_by is not None:
            yield _task(case, f"order_{owed.duty.id}", owed)


def detained(case: Case) -> Iterator[Say]:
    """The person is detained: the plan that is kept goes to those who must have it."""
    for owed in _live(case, "dp_send_kept_plan", "dp_send_on_move", "dp_release_disclose_new_la"):
        yield _task(case, "send_kept_plan", owed)
