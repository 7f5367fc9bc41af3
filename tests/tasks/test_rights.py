"""The rights pass to the young person on the day after compulsory school age ends, and the record says so that day."""

from datetime import date, timedelta

import pytest

from tasks import rights
from tasks.case_file import NewPerson, as_it_stands, open_case, read
from tasks.database import reading, writing
from tasks.recipients import addressed
from tests.tasks.builders import RECEIVED, REF, a_request, hand

BORN = date(2010, 6, 1)                      # compulsory school age ends on Friday 26 June 2026
PASSES = date(2026, 6, 27)
A_DAY = timedelta(days=1)


@pytest.fixture
def opened(engine):
    with writing(engine) as session:
        open_case(session, REF, NewPerson("Robin Ash", BORN), a_request(), hand(), RECEIVED)
    return engine


def days(engine) -> list[date]:
    with reading(engine) as session:
        return [fact.on for fact in read(session, REF) if fact.kind == "became_young_person"]


@pytest.mark.parametrize(("on", "recorded"), [(PASSES - A_DAY, []), (PASSES, [PASSES]), (PASSES + 9 * A_DAY, [PASSES])])
def test_it_is_recorded_on_the_day_and_not_before(opened, on, recorded):
    assert rights.pass_on(opened, on, hand()) == {}
    assert days(opened) == recorded


def test_it_is_recorded_once(opened):
    for later in range(3):
        rights.pass_on(opened, PASSES + later * A_DAY, hand())
    assert days(opened) == [PASSES]


def test_who_was_a_young_person_from_the_first_day_has_nothing_passed(engine):
    with writing(engine) as session:
        open_case(session, REF, NewPerson("Robin Ash", date(2008, 6, 1)), a_request(), hand(), RECEIVED)
    rights.pass_on(engine, PASSES, hand())
    assert days(engine) == []


@pytest.mark.parametrize(("on", "roles"), [(PASSES - A_DAY, ("family",)), (PASSES, ("young_person", "family"))])
def test_letters_to_the_family_are_addressed_to_whoever_holds_the_rights(opened, on, roles):
    rights.pass_on(opened, on, hand())
    with reading(opened) as session:
        case = as_it_stands(REF, read(session, REF), on)
    assert addressed(case, "family") == roles and addressed(case, "rcb") == ("rcb",)
