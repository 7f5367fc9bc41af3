"""A made-up life as the facts of a case: what had happened by a day. How each piece of advice was asked and answered is told as a
council of this engine records it; the rest as what came from elsewhere, about which nothing is ever sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

from models.advice import ADVISER_ROLES
from models.facts import FROM_RETURN
from models.law.advisers import ADVISERS
from models.made_up.as_returned import where
from models.made_up.life import Life

REQUESTED_BY: Mapping[str, str] = {"1": "family", "2": "setting", "3": "health", "4": "social_care", "5": "other", "": "not_known"}
OUTCOMES: Mapping[str, str] = {"A": "amend", "M": "continue", "C": "cease"}
CEASED: Mapping[str, str] = {"1": "max_age", "2": "needs_met", "3": "higher_education", "4": "paid_employment", "6": "no_longer_wishes",
                             "7": "outside_england", "9": "other"}
AGENCIES: Mapping[str, str] = {"ep_service": "ep-service", "rcb": "icb", "social_care": "social-care", "sensory_team": "sensory-team",
                               "pfa": "pfa-team", "mod": "mod", "family": "family"}
CASES_EACH = 200
"""How many cases one made-up officer holds."""


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of a made-up case, as `tasks` records it."""

    kind: str
    on: date
    data: Mapping[str, Any]


def as_recorded(life: Life, until: date, seed: int) -> list[Told]:
    """The facts of this life by that day, in the order in which they happened; empty where it has not begun.

    The first says that the case is made up.
    """
    begins = life.received or life.plan_start
    if begins is None or begins > until:
        return []
    facts = sorted((fact for fact in _facts(life) if fact.on <= until), key=lambda fact: fact.on)
    end = next((fact.on for fact in facts if fact.kind in ("plan_ceased", "plan_transferred", "child_died", "withdrawal_accepted")), until)
    kept = [fact for fact in facts if fact.on <= end]
    mark = Told("taken_from_return", begins, {
        "source": "made_up", "sha256": sha256(f"made-up council {seed}".encode()).hexdigest(), "how": FROM_RETURN,
        "request_mediation": life.mediation, "request_tribunal": life.tribunal, "exception_applied": bool(life.exception),
        **dict.fromkeys(("assessment_mediation", "assessment_tribunal", "other_mediation", "other_tribunal"), False),
        "owner": f"officer-{life.number // CASES_EACH + 1}"})
    return [kept[0], mark, *kept[1:]]


def _facts(life: Life) -> Iterator[Told]:
    if life.received is not None:
        yield from _request(life)
    elif life.plan_start is not None:
        yield _past("plan_taken_over", life.plan_start, made_on=life.plan_start.isoformat())
    if life.plan_start is not None:
        yield from _plan(life)


def _past(kind: str, on: date, **data: Any) -> Told:
    return Told(kind, on, {name: value for name, value in data.items() if value is not None} | {"how": FROM_RETURN})


def _request(life: Life) -> Iterator[Told]:
    requested_by = REQUESTED_BY[life.source]
    kind = "request_received" if requested_by in ("family", "setting", "not_known") else "became_responsible"
    yield _past(kind, life.received, requested_by=requested_by, detained=False, setting=_school(life), **life.child)
    if life.withdrawn_on is not None:
        yield _past("withdrawal_accepted", life.withdrawn_on)
    if life.decided_on is None:
        return
    decision = "decided_to_assess" if life.assess else "refused_to_assess"
    yield _past(decision, life.decided_on, notified_on=life.decided_on.isoformat(), decided_by="officer-9")
    if life.reversed_on is not None:
        yield _past("tribunal_order_made", life.reversed_on, order="assess")
        yield _past("decided_to_assess", life.reversed_on + timedelta(days=14),
                    notified_on=(life.reversed_on + timedelta(days=14)).isoformat(), decided_by="officer-9")
    yield from _advice(life)
    if life.issue_on is not None and life.issue is False:
        yield _past("refused_to_issue", life.issue_on, notified_on=life.issue_on.isoformat(), decided_by="officer-9")
    elif life.issue_on is not None:
        yield _past("decided_to_issue", life.issue_on, notified_on=life.issue_on.isoformat(), decided_by="officer-9")
        yield _past("draft_plan_served", life.draft_on)
        if life.exception:
            yield _past("exception_claimed", life.draft_on, duty="finalise_plan", code="X_PERSONAL",
                        affected_from=(life.received + timedelta(days=60)).isoformat(),
                        affected_to=(life.received + timedelta(days=90)).isoformat())
        yield _past("final_plan_sent", life.plan_start)


def _advice(life: Life) -> Iterator[Told]:
    for adviser, answered in life.answered.items():
        role, body = ADVISER_ROLES[adviser], ADVISERS[adviser].body
        told = {"adviser": adviser, "agency": _school(life) if role == "setting" else AGENCIES.get(role, role)}
        yield Told("advice_requested", life.asked_on, told | {"body": body})
        if body == "s31":
            yield Told("advice_delivered", life.asked_on, told | {"body": body})
        yield Told("advice_received", answered, told)


def _school(life: Life) -> str:
    return f"school-{life.number % 40 + 1}"


def _plan(life: Life) -> Iterator[Told]:
    start = life.plan_start
    primary, *others = life.needs
    yield _past("needs_recorded", start, primary=primary, secondary=others[0] if others else None)
    yield _past("plan_setting_recorded", start, rank=1, **_setting(life, in_plan=True))
    yield _past("placement_recorded", start, rank=1, entered_on=start.isoformat(), residential=life.residential,
                **_setting(life, in_plan=False))
    yield _past("plan_terms_recorded", start, personal_budget=life.budget, organised_arrangements=False if life.budget else None,
                direct_payments_for="S" if life.budget else None, residential=life.residential)
    for review in life.reviews:
        yield _past("review_meeting_held", review.meeting)
        if review.draft is not None:
            yield _past("amendment_notice_sent", review.draft)
        if review.outcome:
            yield _past("review_decision_sent", review.decided, outcome=OUTCOMES[review.outcome])
        if review.final is not None:
            yield _past("final_amended_plan_sent", review.final, answers=[f"review:{review.meeting.isoformat()}"])
    if life.transfer_due is not None:
        seen = date(life.transfer_due.year - 1, 9, 1)
        if seen >= start:
            yield _past("phase_transfer_identified", seen, year=life.transfer_due.year,
                        transfer="other" if life.transfer_due.month == 2 else "secondary_to_post16")
            yield _past("final_amended_plan_sent", life.transfer_final, answers=["phase_transfer"])
    if life.ceased_on is not None:
        match life.cease_reason:
            case "5":
                yield _past("plan_transferred", life.ceased_on, side="old_authority")
            case "8":
                yield _past("child_died", life.ceased_on)
            case reason:
                yield _past("plan_ceased", life.ceased_on, cease_reason=CEASED[reason or "9"])


def _setting(life: Life, in_plan: bool) -> dict[str, Any]:
    told = where(life, in_plan)
    named = {"urn": told.get("urn"), "ukprn": told.get("ukprn"), "setting_code": told.get("code"), "sen_unit": told.get("sen_unit"),
             "resourced_provision": told.get("resourced")}
    return {name: value for name, value in named.items() if value is not None}
