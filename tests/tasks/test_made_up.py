"""A made-up council on record: complete, repeatable after a kill, never mixed with real cases, and nothing is sent about it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import func, select

from models.hand import Hand
from models.made_up.council import council
from models.tables.cases import CaseFile, FactRow, MessageRow
from models.tables.people import Person
from notifications.channels import Channels
from notifications.letter import Council
from tasks import made_up
from tasks.case_file import NewFact, NewPerson, open_case, record
from tasks.database import reading, writing
from tasks.made_up import NotEmpty, fill
from tasks.office import Office
from tasks.watch import watch

UNTIL = date(2026, 11, 28)
HAND = Hand(datetime(2026, 11, 28, 9, tzinfo=UTC), "sample")
SMALL = council(40, 3, UNTIL)


@pytest.fixture
def office(tmp_path):
    return Office(Channels({}, tmp_path / "outbox"), Council())


def counted(engine, model):
    with reading(engine) as session:
        return session.exec(select(func.count()).select_from(model)).one()


def test_every_case_says_that_it_is_made_up_and_the_trail_holds(engine):
    cases, facts = fill(engine, SMALL, HAND)
    with reading(engine) as session:
        refs = session.exec(select(CaseFile.ref)).all()
        names = session.exec(select(Person.name)).all()
    assert len(refs) == cases and all(ref.startswith("MADEUP-") for ref in refs)
    assert all(name.startswith("Made-up ") for name in names)
    assert counted(engine, FactRow) == facts


def test_killed_between_two_batches_it_is_finished_by_a_second_call(engine, monkeypatch):
    monkeypatch.setattr(made_up, "CASES_AT_ONCE", 10)

    class Killed(Exception):
        pass

    def kill(done):
        if done >= 20:
            raise Killed
    with pytest.raises(Killed):
        fill(engine, SMALL, HAND, kill)
    assert 0 < counted(engine, CaseFile) < 40
    cases, _ = fill(engine, SMALL, HAND)
    assert counted(engine, CaseFile) == cases
    assert fill(engine, SMALL, HAND) == (cases, 0)


def test_it_is_never_mixed_with_real_cases_or_another_council(engine):
    with writing(engine) as session:
        open_case(session, "EHC-2026-0001", NewPerson("Sam Ash"), NewFact("request_received", UNTIL, {"requested_by": "parent"}), HAND, UNTIL)
    with pytest.raises(NotEmpty, match="not made up"):
        fill(engine, SMALL, HAND)
    assert counted(engine, CaseFile) == 1


def test_another_made_up_council_is_not_mixed_in(engine):
    fill(engine, SMALL, HAND)
    with pytest.raises(NotEmpty, match="another made-up council"):
        fill(engine, council(40, 4, UNTIL), HAND)


def test_a_year_of_watches_sends_nothing_about_it(engine, office):
    fill(engine, SMALL, HAND)
    for weeks in (0, 1, 26, 52):
        day = UNTIL + timedelta(weeks=weeks)
        round = watch(engine, office, day, Hand(HAND.at + timedelta(weeks=weeks), "watch"), lambda: HAND.at)
        assert (round.written, round.reminders, round.orphans, round.faults) == (0, 0, {}, {})
    assert counted(engine, MessageRow) == 0


def test_once_an_officer_takes_a_case_on_letters_go_out_again_but_none_about_the_past(engine, office):
    fill(engine, SMALL, HAND)
    with reading(engine) as session:
        ref = session.exec(select(CaseFile.ref).where(CaseFile.stage == "S20_ASSESSING").order_by(CaseFile.ref)).first()
    assert ref is not None
    with writing(engine) as session:
        record(session, ref, "taken_on", UNTIL, {"owner": "officer-1"}, HAND, UNTIL)
    watch(engine, office, UNTIL, HAND, lambda: HAND.at)
    with reading(engine) as session:
        rows = session.exec(select(MessageRow.case_ref, MessageRow.to_role, MessageRow.message)).all()
    assert {case for case, _, _ in rows} <= {ref}
    assert not [row for row in rows if row[1] == "family" and row[2] not in ("reminder", "overdue")], rows
