"""What must be said in the life of a plan after it was made: one function a process. Each speaks for itself: a review under
way silences no re-assessment, no order and no appeal.

What an officer of the council must see to is put before the case's owner with its limit. A letter that the law or a decision
demands goes out where its content is on record: a meeting that was fixed, a decision or an amended plan that was prepared. What
an officer sends by other means is recorded as sent, and nothing is sent for it. Reminders of every limit are the ladder's.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from models.bearing import refusal
from models.case import Case
from models.law.owed import Owed
from models.law.parties import COUNCIL, HOME_AUTHORITY, NEW_COUNCIL
from models.law.record import Fact, as_day
from models.law.reviews import arranges_the_meeting
from models.stages import Stage
from notifications.say import FAMILY, OWNER, Say

# Ours to choose, never the law's: how long before its limit a review is to be arranged, and is asked for once more; how long
# before the advice is to be circulated it is put before the owner; how long after the last day to appeal a plan is held in
# force (an appeal that came in time may be registered a few days later).
ARRANGE_BEFORE = timedelta(weeks=10)
ARRANGE_AT_LAST = timedelta(weeks=8)
CIRCULATE_BEFORE = timedelta(days=7)
DECIDE_BEFORE = timedelta(days=14)
AFTER_THE_HOLD = timedelta(days=7)
AMENDING_TAKES = timedelta(weeks=12)
DAY = timedelta(days=1)

REVIEWS = ("first_review", "next_review", "new_la_review", "review_after_reassessment", "review_on_release")
"""The duties by which a plan that is maintained is reviewed: one of them is always live."""

PHASE_TRANSFERS = ("phase_transfer_secondary_to_post16", "phase_transfer_other", "post16_to_post16")

PROVES = {
    "continue": "review_decision_sent", "cease": "cease_notice_sent", "amend": "amendment_notice_sent",
    "not_amended": "decided_not_to_amend", "reassess": "reassessment_decided", "refuse_to_reassess": "reassessment_decided",
    "no_change": "decided_no_change",
}
"""The fact that the notice of each decision about a plan becomes when it goes."""

OUTCOMES = {"continue": "continue", "amend": "amend", "cease": "cease", "reassess": "reassess", "refuse_to_reassess": "refuse"}

Proof = tuple[str, dict[str, Any]]
"""A kind of fact and its fields."""


def _live(case: Case, *ids: str) -> list[Owed]:
    return [owed for owed in case.terms if owed.duty.id in ids and owed.is_live]


def _task(what: str, owed: Owed, from_day: date | None = None) -> Say:
    """Something that the owner must see to, with the limit of a duty; never before the duty began."""
    begun = owed.started_by.on
    about = ":".join((what, (owed.which or begun.isoformat()).replace(" ", "@")))
    return Say("decision_needed", OWNER, about, max(begun, from_day or begun), duty=owed.duty.id, occasion=owed.which)


def _before(owed: Owed, lead: timedelta) -> date | None:
    return owed.due_on - lead if owed.due_on else None


# --- the plan at rest --------------------------------------------------------------------------------------------

def review_to_come(case: Case) -> Iterator[Say]:
    """The owner arranges the next review in time; a plan without any future review is an orphan, and put before the owner."""
    if not case.has_plan or case.stage is Stage.S98_DETAINED:
        return
    live = _live(case, *REVIEWS)
    if not live:
        since = case.stage_since or case.on
        yield Say("decision_needed", OWNER, f"orphan:{since}", since)
        return
    if any(one.process == "review" for one in case.under_way):
        return
    first = min((owed for owed in live if owed.due_on), key=lambda owed: owed.due_on, default=None)
    if first is not None:
        yield _task("arrange_review", first, _before(first, ARRANGE_BEFORE))
        yield _task("arrange_review_at_last", first, _before(first, ARRANGE_AT_LAST))
    for owed in live:
        if owed.due_on is None:
            yield _task("arrange_review", owed)


def phase_transfers(case: Case) -> Iterator[Say]:
    """A transfer between phases: the owner has the review held early enough for the twelve weeks of an amendment."""
    for owed in _live(case, *PHASE_TRANSFERS):
        yield _task("phase_transfer", owed)
        latest = _before(owed, AMENDING_TAKES)
        if latest and latest > owed.started_by.on:
            yield _task("phase_transfer_late", owed, latest)


def rights_pass(case: Case) -> Iterator[Say]:
    """The child has become a young person: both are told that every notice goes to the young person from now on (s.83(2))."""
    passed = case.last("became_young_person")
    if passed is not None:
        for to in (FAMILY, "young_person"):
            yield Say("rights_pass", to, str(passed.number), passed.on)
        yield Say("decision_needed", OWNER, f"young_person:{passed.number}", passed.on)


# --- reviews and amendments --------------------------------------------------------------------------------------

def arranger(case: Case, occasion: str | None) -> str:
    """Who arranges the review meeting and reports on it: "setting" where it can be required to (reg 20(12)), else "council"."""
    review = next((one for one in case.occasions["review"] if one.key == occasion), None)
    fixed = review.last("review_meeting_fixed") if review else None
    return arranges_the_meeting(fixed["setting_type"] if fixed else None)


def invited_by_us(case: Case) -> tuple[tuple[str, str | None], ...]:
    """Whom the council invites where it arranges the meeting, with the agency: those of reg 20(2), or of reg 21(2)."""
    place = (("setting", case.setting),) if case.setting else ()
    return ((FAMILY, None), *place, ("rcb", None), ("social_care", None))


def review_fixed(case: Case) -> Iterator[Say]:
    """The day of a review meeting is fixed: invitations, with the request for advice, go at once, and the advice two weeks
    before. Where the head teacher or principal arranges the meeting, the owner sees to it that they do."""
    for owed in _live(case, "invite_to_review"):
        fixed = owed.started_by
        if arranger(case, owed.occasion) == "setting" or fixed["meeting_on"] is None:
            yield _task("invite_to_review", owed)
        elif as_day(fixed["meeting_on"]) >= case.on:
            for to, agency in invited_by_us(case):
                yield Say("review_invitation" if to == FAMILY else "review_invitation_partners", to, str(fixed.number),
                          fixed.on, agency=agency, duty=owed.duty.id, occasion=owed.which)
    for owed in _live(case, "circulate_review_advice"):
        yield _task("circulate_advice", owed, _before(owed, CIRCULATE_BEFORE))


def review_held(case: Case) -> Iterator[Say]:
    """The meeting was held: report in two weeks, decision and any amendments in four."""
    for owed in _live(case, "review_report"):
        yield _task("review_report", owed)
        if arranger(case, owed.occasion) == "setting" and owed.started_by.kind == "review_meeting_held":
            yield Say("review_report_request", "setting", str(owed.started_by.number), owed.started_by.on, agency=case.setting,
                      duty=owed.duty.id, occasion=owed.which)
    for owed in _live(case, "review_decision"):
        if not _is_prepared(case, owed.started_by.on, "continue", "cease", "amend"):
            yield _task("review_decision", owed, _before(owed, DECIDE_BEFORE))


def amending(case: Case) -> Iterator[Say]:
    """The plan is being amended: the notice goes with the decision, and when the fifteen days are over the plan is finalised."""
    for owed in _live(case, "amendment_notice"):
        told = any(fact["outcome"] == "amend" for fact in owed.facts if fact.kind == "review_decision_sent") or any(
            one.key == owed.occasion and one.has("review_decision_sent", outcome="amend") for one in case.occasions["review"])
        if told:
            yield _task("amendments_missing", owed)
    windows = {(one.occasion): one for one in case.terms if one.duty.id == "amend_representation_window"}
    for owed in _live(case, "final_amended_plan", "amend_without_review"):
        window = windows.get(owed.occasion)
        if window is not None and window.due_on and not _is_prepared(case, window.started_by.on, "not_amended") \
                and not _plan_is_prepared(case, window.started_by.on):
            yield _task("amended_plan", owed, window.due_on + DAY)


def _is_prepared(case: Case, since: date, *decided: str) -> bool:
    return any(fact["decided"] in decided and fact.on >= since for fact in case.all("plan_decision_prepared"))


def _plan_is_prepared(case: Case, since: date) -> bool:
    return any(fact.on >= since for fact in case.all("amended_plan_prepared"))


# --- decisions about the plan ------------------------------------------------------------------------------------

def decisions_told(case: Case) -> Iterator[Say]:
    """Each decision about the plan whose notice the engine sends: to the family with its rights, to the setting and the
    commissioning body where the law says so. A decision that an officer recorded as sent is not sent again.

    A decision to amend goes with the amendments only (Devon); one to cease only after the consultation of reg 31(1).
    """
    latest = {PROVES[fact["decided"]]: fact for fact in sorted(case.all("plan_decision_prepared"), key=lambda f: (f.on, f.number))}
    for kind, decision in latest.items():
        decided = decision["decided"]
        notice = _notice(decision)
        pending = not any(fact.on >= decision.on for fact in case.all(kind))
        if pending and decided == "amend" and decision["document"] is None:
            yield Say("decision_needed", OWNER, f"amendments_missing:{decision.number}", decision.on, duty="amendment_notice")
            continue
        if pending and decided == "cease" and not _consulted(case):
            yield Say("decision_needed", OWNER, f"consult_on_ceasing:{decision.number}", decision.on, duty="propose_cease")
            continue
        if pending and not _can_be_recorded(case, proved_by_notice(case, decision)):
            yield Say("decision_needed", OWNER, f"notice_held_back:{decision.number}", decision.on)
            continue
        if pending:
            yield notice
        if pending or notice.key(case.ref) in case.queued:
            for to, agency in _partners(case, decided):
                yield Say("plan_decision_partners", to, str(decision.number), decision.on, agency=agency)


def proved_by_notice(case: Case, decision: Fact, sha256: str | None = None) -> list[Proof]:
    """What the notice of a prepared decision proves when it goes: with the amendments also the decision after the review."""
    decided, by = decision["decided"], {"decided_by": decision["decided_by"]}
    answers = {"answers": decision["meant_for"]} if decision["meant_for"] else {}
    after_review: list[Proof] = []
    if decided == "continue" or (decided in ("amend", "cease") and _live(case, "review_decision")):
        after_review = [("review_decision_sent", {"outcome": OUTCOMES[decided], **by, **answers})]
    told: dict[str, Any] = by | answers
    match decided:
        case "continue":
            return after_review
        case "amend":
            told = {name: decision[name] for name in ("document", "sha256")} | answers
        case "cease":
            proposed = case.last("cease_proposed")
            told = by | {"cease_reason": decision["cease_reason"] or (proposed["cease_reason"] if proposed else "other"), "sha256": sha256}
        case "reassess" | "refuse_to_reassess":
            told |= {"outcome": OUTCOMES[decided]}
        case _:
            told |= {"reason_codes": decision["reason_codes"] or ["other"]}
    return [(PROVES[decided], {name: value for name, value in told.items() if value is not None}), *after_review]


def proved_by_plan(plan: Fact, sent_to: list[str]) -> Proof:
    """What the amended plan proves once everybody who must have it had it."""
    told = {name: plan[name] for name in ("document", "sha256", "setting", "type_only") if plan[name] is not None}
    return "final_amended_plan_sent", told | {"sent_to": sent_to} | ({"answers": plan["meant_for"]} if plan["meant_for"] else {})


def _can_be_recorded(case: Case, proofs: list[Proof]) -> bool:
    """Whether the case can bear what a letter proves. If not, the letter waits: once it had gone, nothing would mend the record."""
    for kind, data in proofs:
        if refusal(case, kind, case.on, data) is not None:
            return False
        number = max((fact.number for fact in case.facts), default=0) + 1
        case = Case.of(case.ref, [*case.facts, Fact(case.ref, number, kind, case.on, data)], case.on, case.bank_holidays)
    return True


def _notice(decision: Fact) -> Say:
    message, pack = {"amend": ("proposed_amendments", "N_AMEND"), "reassess": ("reassessment_agreed", None)}.get(
        decision["decided"], ("plan_decision", "N_APPEAL_B"))
    return Say(message, FAMILY, str(decision.number), decision.on, pack=pack)


def _consulted(case: Case) -> bool:
    last = case.occasions["ceasing"][-1:]
    return any(one.has("cease_consulted") for one in last)


def _partners(case: Case, decided: str) -> tuple[tuple[str, str | None], ...]:
    """Who else is told: the setting after a review (reg 20(10)); the setting and the commissioning body on ceasing (reg 31(2))."""
    place = (("setting", case.setting),) if case.setting else ()
    match decided:
        case "continue" | "amend":
            return place
        case "cease":
            return (*place, ("rcb", None))
    return ()


def amended_plan_goes(case: Case) -> Iterator[Say]:
    """The approved amended plan goes to the family, the setting named and the commissioning body, once the family has had its
    fifteen days (reg 22(2)(c), (3))."""
    plan = case.last("amended_plan_prepared")
    if plan is None or any(sent.on >= plan.on for sent in case.all("final_amended_plan_sent", "decided_not_to_amend")):
        return
    windows = [one for one in _live(case, "amend_representation_window") if one.due_on]
    over = max((one.due_on for one in windows), default=None)
    if over is None:
        yield Say("decision_needed", OWNER, f"amendments_missing:{plan.number}", plan.on)
        return
    day = max(plan.on, over + DAY)
    if not _can_be_recorded(case, [proved_by_plan(plan, [FAMILY])]):
        yield Say("decision_needed", OWNER, f"notice_held_back:{plan.number}", plan.on)
        return
    yield Say("amended_plan", FAMILY, str(plan.number), day, pack="N_APPEAL_B")
    for to, agency in amended_plan_partners(plan):
        yield Say("amended_plan_partners", to, str(plan.number), day, agency=agency, setting=agency)


def amended_plan_partners(plan: Fact) -> tuple[tuple[str, str | None], ...]:
    """Who else must have the amended plan: the commissioning body, and the setting that it names."""
    return (("rcb", None), *((("setting", plan["setting"]),) if plan["setting"] else ()))


# --- re-assessment, ceasing, moves -------------------------------------------------------------------------------

def reassessment_asked_for(case: Case) -> Iterator[Say]:
    """A re-assessment was asked for: the decision is told within fifteen days, whatever else is under way."""
    for owed in _live(case, "reassessment_decision"):
        if not _is_prepared(case, owed.started_by.on, "reassess", "refuse_to_reassess"):
            yield _task("reassess", owed)


def reassessing(case: Case) -> Iterator[Say]:
    """A re-assessment is under way: the plan is finalised within fourteen weeks. Its advice is asked for as in an assessment."""
    for owed in _live(case, "finalise_after_reassessment"):
        if not case.advice_outstanding and not _is_prepared(case, owed.started_by.on, "no_change"):
            yield _task("reassessed_plan", owed)


def ceasing(case: Case) -> Iterator[Say]:
    """The plan may cease: family and setting are consulted first, and it stays in force until no appeal can be brought."""
    for owed in _live(case, "propose_cease"):
        proposed = owed.started_by
        if proposed.kind != "cease_proposed":
            yield _task("consult_on_ceasing", owed)
            continue
        for to, agency in consulted_on_ceasing(case):
            yield Say("cease_consultation" if to == FAMILY else "cease_consultation_setting", to, str(proposed.number),
                      proposed.on, agency=agency, duty=owed.duty.id, occasion=owed.which)
    for owed in _live(case, "cease_hold"):
        if owed.due_on:
            yield _task("hold_over", owed, owed.due_on + AFTER_THE_HOLD)
    for owed in _live(case, "cease_immediately_after_dismissal"):
        yield _task("cease_after_dismissal", owed)


def consulted_on_ceasing(case: Case) -> tuple[tuple[str, str | None], ...]:
    """Who is consulted before a plan may cease: the family, and the head teacher or principal of the setting (reg 31(1))."""
    return ((FAMILY, None), *((("setting", case.setting),) if case.setting else ()))


def moving(case: Case) -> Iterator[Say]:
    """The family moves: the old council transfers the plan in time, the new one tells the family of it (reg 15(2), (4), (6))."""
    for what, id in (("transfer_plan", "transfer_plan_on_move"), ("tell_of_transfer", "new_la_inform"),
                     ("interim_place", "new_la_interim_place")):
        for owed in _live(case, id):
            yield _task(what, owed)


# --- mediation, appeals, orders, detention -----------------------------------------------------------------------

def mediating(case: Case) -> Iterator[Say]:
    """The family wants mediation: the commissioning body is told where health is an issue, and the mediation arranged."""
    for owed in _live(case, "notify_rcb_of_mediation"):
        yield Say("mediation_rcb", "rcb", str(owed.started_by.number), owed.started_by.on, duty=owed.duty.id, occasion=owed.which)
    for owed in _live(case, "arrange_mediation_mixed", "arrange_mediation_no_health", "dp_arrange_mediation"):
        yield _task("arrange_mediation", owed)
    for owed in _live(case, "mediation_date_notice", "dp_mediation_notice"):
        yield _task("tell_mediation_date", owed)
    for owed in _live(case, "unable_to_arrange"):
        yield _task("tell_adviser_of_failure", owed)


def appealed(case: Case) -> Iterator[Say]:
    """An appeal is registered: the council responds, or tells the Tribunal before that it does not oppose it."""
    for owed in _live(case, "la_response_to_appeal"):
        yield _task("appeal_response", owed)


def ordered(case: Case) -> Iterator[Say]:
    """An order, an agreement, a concession or a recommendation: every limit of the council is put before the owner at once."""
    for owed in case.terms:
        if owed.is_live and owed.duty.per in ("order", "concession", "agreement", "recommendation") \
                and owed.started_by is not None and owed.duty.owed_by in (COUNCIL, HOME_AUTHORITY):
            yield _task(f"order_{owed.duty.id}", owed)


def detained(case: Case) -> Iterator[Say]:
    """The person is detained: the plan that is kept goes to those who must have it, and to the authority of the release."""
    for owed in _live(case, "dp_send_kept_plan", "dp_send_on_move", "dp_release_disclose_new_la", "dp_new_la_disclose_rcb"):
        if owed.duty.owed_by in (HOME_AUTHORITY, NEW_COUNCIL):
            yield _task("send_kept_plan", owed)
