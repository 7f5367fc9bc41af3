"""The family hears on the day on which a limit can no longer be met, and again when the day to expect has moved on."""

from collections.abc import Iterator
from datetime import date, timedelta

from models.case import Case
from models.expectation import EXPECTED, Expectation, expectation
from models.law.owed import Owed
from models.law.record import Fact, as_day
from models.message_key import first_key
from notifications.say import FAMILY, Say

MOVED_BY = timedelta(days=14)
"""By how much more than this the expected day has to move before the family hears of it again. Ours to choose."""


def lateness(case: Case) -> Iterator[Say]:
    """On the day on which a limit can no longer be met, or an exception is relied on, the family is told.

    It is told again where an exception is relied on after that, where the limit turns out to be another day, and where the
    day to expect has moved by more than MOVED_BY: then once, for the last of the steps of which it has been told.
    """
    moved: list[Say] = []
    for owed in case.terms:
        hope = expectation(case, owed)
        if hope is None:
            continue
        claims = [fact.on for fact in case.all("exception_claimed", duty=owed.duty.id)] if owed.excused_by else []
        about = ":".join(filter(None, (owed.duty.id, hope.due_on.isoformat(), owed.excused_by)))
        from_day = min([hope.unattainable_from, *claims])
        yield _say(owed, about, from_day, hope.not_before(max(case.on, from_day)))
        told = _told(case, about)
        if told:
            moved = [_say(owed, one["about"], one.on, as_day(one["expected_on"] or one.on)) for one in told[1:]]
            moved += _moved(owed, hope, about, told[-1], case.on)
    yield from moved


def _moved(owed: Owed, hope: Expectation, about: str, last: Fact, today: date) -> list[Say]:
    """The letter that follows the last one, from the day on which the expected day will have moved too far."""
    said = as_day(last["expected_on"]) if last["expected_on"] else hope.not_before(last.on)
    too_far = said + MOVED_BY
    if hope.since is not None and hope.since > too_far:
        from_day, day = last.on, hope.since           # it has happened already
    else:
        from_day = hope.moves_past(too_far)
        day = hope.not_before(max(today, from_day))
    return [_say(owed, f"{about}:moved-{day.isoformat()}", from_day, day)]


def _told(case: Case, about: str) -> list[Fact]:
    """The letters about one limit that are on record, in order; those that were dropped are not."""
    found = [fact for fact in case.all("message_queued", message="lateness_to_family")
             if fact["about"] == about or (fact["about"] or "").startswith(f"{about}:moved-")]
    return sorted((fact for fact in found if first_key(fact["key"]) in case.queued), key=lambda fact: fact.number)


def _say(owed: Owed, about: str, from_day: date, expected_on: date) -> Say:
    return Say("lateness_to_family", FAMILY, about, from_day, duty=owed.duty.id, expected_on=expected_on)


def expected(case: Case, queued: Fact) -> dict[str, object]:
    """What the letter says of the day to expect and of the advice that is missing, as the case stands when it goes."""
    owed = next((one for one in case.terms if one.duty.id == queued["duty"] and one.duty.id in EXPECTED and one.is_live), None)
    hope = expectation(case, owed) if owed is not None else None
    if hope is None:
        return {"expected_on": None, "expected_by": None, "outstanding": []}
    soonest = hope.not_before(case.on)
    return {"expected_on": soonest if soonest > case.on else None,      # "today at the earliest" tells nobody anything
            "expected_by": hope.by if hope.by is not None and hope.by > soonest else None,
            "outstanding": [adviser for adviser in hope.missing if adviser != "adv_a_parent_yp"]}
