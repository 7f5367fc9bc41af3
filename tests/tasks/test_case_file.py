"""A case file: what goes in is checked, sealed and worked out together, or not at all."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models.facts import BadFact
from models.law.record import standing
from models.tables.cases import CaseFile, DutyRow, FactRow
from models.tables.people import Contact, Person
from models.trail import canonical
from tasks.case_file import (
    CannotBear, CaseExists, FutureDay, NewContact, NewFact, NewPerson, NoSuchCase, open_case, read, read_many, record,
    record_many, refresh, take, texts)
from tasks.database import reading, writing
from tasks.trail import verify
from tests.tasks.builders import ANN, REASONS, RECEIVED, REF, TODAY, a_request, day, hand, opened


def put(engine, kind, on, key=None, ref=REF, today=TODAY, at=None, **data):
    with writing(engine) as session:
        return record(session, ref, kind, on, data, at or hand(), today, key=key)


def get(engine, **how):
    with reading(engine) as session:
        return read(session, REF, **how)


def everything(engine):
    """Every row of every table, to show that nothing changed."""
    with engine.connect() as connection:
        return {table.name: sorted(map(repr, connection.execute(sa.select(table)))) for table in (
            m.__table__ for m in (CaseFile, FactRow, DutyRow, Person, Contact))} | {
            "text": connection.execute(sa.text("SELECT id, salt, body FROM text ORDER BY id")).all()}


def file(engine, ref=REF) -> CaseFile:
    with reading(engine) as session:
        return session.get_one(CaseFile, ref)


def duty(engine, id, ref=REF) -> DutyRow:
    with reading(engine) as session:
        return session.exec(select(DutyRow).where(DutyRow.case_ref == ref, DutyRow.duty == id)).one()


# --- opening -------------------------------------------------------------------------------------------------------

def test_a_case_is_opened_with_its_first_fact_and_all_that_follows_from_it(engine):
    with writing(engine) as session:
        made = open_case(session, REF, ANN, a_request(), hand(), TODAY, contacts=[NewContact("family", "Mrs Other")])
    assert (made.case.ref, made.number, made.repeated) == (REF, 1, False)
    assert {owed.duty.id for owed in made.changed} >= {"decide_whether_to_assess", "finalise_plan"}
    kept = file(engine)
    assert (kept.last_number, kept.day_zero, kept.stage, kept.worked_out_on) == (1, RECEIVED, "S00_INTAKE", TODAY)
    assert duty(engine, "decide_whether_to_assess").due_on == date(2026, 4, 13)
    with reading(engine) as session:
        assert session.get_one(Person, kept.person_ref).name == "Ann Other"
        assert [c.name for c in session.exec(select(Contact))] == ["Mrs Other"]
        assert verify(session).is_sound


def test_references_are_numbered_by_year(engine):
    assert [opened(engine, None) for _ in range(3)] == ["EHC-2026-0001", "EHC-2026-0002", "EHC-2026-0003"]
    assert opened(engine, None, first=NewFact("request_received", date(2025, 12, 30), {"requested_by": "parent"})) \
        == "EHC-2025-0001"
    opened(engine, "EHC-2026-0500")
    opened(engine, "EHC-2026-9zzz")
    assert opened(engine, None) == "EHC-2026-0501"
    opened(engine, "EHC-2026-9999")
    assert [opened(engine, None) for _ in range(2)] == ["EHC-2026-10000", "EHC-2026-10001"]


def test_a_second_case_of_the_same_person(engine):
    opened(engine, REF, ANN)
    person = file(engine).person_ref
    opened(engine, "EHC-2026-0002", person)
    assert file(engine, "EHC-2026-0002").person_ref == person
    with pytest.raises(BadFact, match="EHC-2026-0003: there is no person P-nobody"):
        opened(engine, "EHC-2026-0003", "P-nobody")


@pytest.mark.parametrize("ref, person, first, error, words", [
    (REF, None, a_request(), CaseExists, f"{REF}: there is a case with this reference already"),
    ("EHC 2026", None, a_request(), BadFact, "'EHC 2026' cannot be a case reference"),
    ("A1", None, NewFact("decided_to_assess", RECEIVED, REASONS), CannotBear, "A1: decided_to_assess cannot come first"),
    ("A1", None, NewFact("request_received", date(2026, 5, 2), {"requested_by": "parent"}), FutureDay, "A1: .*in the future"),
    ("A1", None, NewFact("request_received", RECEIVED), BadFact, "A1: request_received must say requested_by"),
    ("A1", NewPerson("  "), a_request(), BadFact, "A1: the name is blank"),
    ("A1", NewPerson("A\0B"), a_request(), BadFact, "A1: the name holds a character with the code 0"),
    ("A1", NewPerson("Ann", date(1999, 1, 1)), a_request(), BadFact, "A1: The person is 27"),
    ("A1", NewPerson("Ann", date(2026, 3, 3)), a_request(), BadFact, "A1: The birth date"),
])
def test_a_case_that_cannot_be_opened_leaves_everything_as_it_was(engine, ref, person, first, error, words):
    opened(engine)
    before = everything(engine)
    with pytest.raises(error, match=words):
        opened(engine, ref, person, first)
    assert everything(engine) == before


# --- recording -----------------------------------------------------------------------------------------------------

def test_a_fact_is_recorded_with_what_follows_from_it(engine):
    opened(engine)
    done = put(engine, "decided_to_assess", day(30), **REASONS)
    assert done.number == 2 and str(done.case.stage) == "S20_ASSESSING"
    changed = {owed.duty.id for owed in done.changed}
    assert {"decide_whether_to_assess", "seek_advice"} <= changed and "finalise_plan" not in changed
    assert duty(engine, "decide_whether_to_assess").met_on == day(30)
    assert file(engine).stage == "S20_ASSESSING"


def test_it_keeps_who_recorded_it_when_and_in_which_run(engine):
    opened(engine)
    by = hand(hour=11, by="portal")
    put(engine, "views_received", day(3), at=type(by)(by.at, by.by, "run-7"))
    fact = get(engine)[-1]
    assert (fact.recorded_at, fact.by, fact.flow_run_id) == (datetime(2026, 5, 1, 11, 30, 0, 123456, UTC), "portal", "run-7")


@pytest.mark.parametrize("ref, kind, on, data, error, words", [
    ("EHC-2026-0010", "views_received", TODAY, {}, NoSuchCase, f"EHC-2026-0010: there is no such case. Did you mean {REF}"),
    ("??", "views_received", TODAY, {}, NoSuchCase, "there is no such case. `ehc due` lists"),
    (REF, "view_received", TODAY, {}, BadFact, f"{REF}: There is no fact 'view_received'. Did you mean views_received"),
    (REF, "views_received", date(2026, 5, 2), {}, FutureDay, f"{REF}: views_received: Sat 2 May 2026 is in the future"),
    (REF, "views_received", TODAY, {"colour": "blue"}, BadFact, f"{REF}: views_received has no field colour"),
    (REF, "advice_received", TODAY, {"adviser": "adv_x"}, BadFact, f"{REF}: advice_received: adviser"),
    (REF, "views_received", date(2026, 3, 1), {}, CannotBear, f"{REF}: views_received on .* is before the request"),
    (REF, "decided_to_assess", TODAY, {"decided_by": "o-1", "reasons": " "}, BadFact, f"{REF}: decided_to_assess: reasons"),
    (REF, "views_received", TODAY, {"note": "half \ud800"}, BadFact, REF),
    (REF, "views_received", TODAY, {"note": "nul \0"}, BadFact, f"{REF}: note holds a character with the code 0"),
    (REF, "fact_corrected", TODAY, {"replaces": 9, "withdrawn": True, "because": "x"}, CannotBear, f"{REF}: fact 9 does not"),
    (REF, "fact_corrected", TODAY, {"replaces": 1, "corrected": {"on": "2027-01-01"}}, FutureDay, f"{REF}: request_received"),
    (REF, "fact_corrected", TODAY, {"replaces": 1, "corrected": {"on": "soon"}}, BadFact, f"{REF}: 'soon' is no day"),
    (REF, "fact_corrected", TODAY, {"replaces": 1, "corrected": {"name": "Ann"}}, BadFact, f"{REF}: request_received has no"),
    (REF, "fact_corrected", TODAY, {"replaces": 1, "corrected": {"owner": "Ann Other"}}, BadFact, "owner: String should match"),
])
def test_a_fact_that_cannot_be_recorded_names_the_case_and_leaves_everything_as_it_was(
        engine, ref, kind, on, data, error, words):
    opened(engine)
    before = everything(engine)
    with pytest.raises(error, match=words), writing(engine) as session:
        record(session, ref, kind, on, data, hand(), TODAY)
    assert everything(engine) == before


def test_who_is_refused_and_goes_on_in_the_same_transaction_keeps_only_what_was_accepted(engine):
    opened(engine)
    with writing(engine) as session:
        with pytest.raises(CannotBear):
            record_many(session, [(REF, NewFact("views_received", day(2))), (REF, a_request())], hand(), TODAY)
        record(session, REF, "family_consulted", day(3), {}, hand(), TODAY)
    assert [fact.kind for fact in get(engine)] == ["request_received", "family_consulted"]
    with reading(engine) as session:
        assert verify(session).is_sound


def test_killed_half_way_nothing_is_left(engine):
    opened(engine)
    before = everything(engine)
    with pytest.raises(KeyboardInterrupt), writing(engine) as session:
        record(session, REF, "decided_to_assess", day(30), {"decided_by": "o-1", "reasons": "why"}, hand(), TODAY)
        raise KeyboardInterrupt
    assert everything(engine) == before


def test_several_facts_of_several_cases_together_or_not_at_all(engine):
    refs = [opened(engine, None) for _ in range(3)]
    before = everything(engine)
    facts = [(ref, NewFact(kind, day(5))) for ref in refs for kind in ("views_received", "family_consulted")]
    with pytest.raises(NoSuchCase), writing(engine) as session:
        record_many(session, [*facts, ("X9", NewFact("views_received", day(5)))], hand(), TODAY)
    assert everything(engine) == before
    with writing(engine) as session:
        done = record_many(session, facts, hand(), TODAY)
    assert [(d.case.ref, d.number) for d in done] == [(ref, number) for ref in refs for number in (2, 3)]
    with reading(engine) as session:
        assert verify(session).is_sound
    with writing(engine) as session:
        assert record_many(session, [], hand(), TODAY) == []


# --- the same fact again -------------------------------------------------------------------------------------------

def test_the_same_fact_under_the_same_key_is_recorded_once(engine):
    opened(engine)
    first = put(engine, "decided_to_assess", day(30), "call-1", decided_by="o-1", reasons="because of this")
    before = everything(engine)
    again = put(engine, "decided_to_assess", day(30), "call-1", decided_by="o-1", reasons="because of this")
    assert (first.number, first.repeated, again.number, again.repeated, again.changed) == (2, False, 2, True, ())
    assert everything(engine) == before


def test_twice_in_one_call_is_once_too(engine):
    opened(engine)
    said = REF, NewFact("views_received", day(3), {"note": "a letter"}, "call-1")
    with writing(engine) as session:
        assert [(d.number, d.repeated) for d in record_many(session, [said, said], hand(), TODAY)] == [(2, False), (2, True)]


@pytest.mark.parametrize("ref", [None, REF])
def test_a_case_is_opened_once_under_one_key(engine, ref):
    letter = NewFact("request_received", RECEIVED, {"requested_by": "parent", "note": "a letter"}, "letter-1")
    opened(engine, ref, ANN, letter)
    opened(engine, "EHC-2026-0002", ANN, NewFact("request_received", RECEIVED, letter.data, "letter-2"))
    before = everything(engine)
    with writing(engine) as session:
        again = open_case(session, ref, ANN, letter, hand(), TODAY)
    assert (again.case.ref, again.number, again.repeated) == (REF, 1, True) and everything(engine) == before
    other = NewFact("request_received", RECEIVED, {"requested_by": "setting"}, "letter-1")
    with pytest.raises(BadFact, match=f"{REF}: the key letter-1 was used already"):
        opened(engine, ref, ANN, other)
    with pytest.raises(CaseExists):
        opened(engine, REF, ANN, a_request())


def test_without_a_key_it_stands_twice(engine):
    opened(engine)
    assert [put(engine, "views_received", day(3)).number for _ in range(2)] == [2, 3]


@pytest.mark.parametrize("on, note", [(day(4), "a letter"), (day(3), "another letter"), (day(3), None)])
def test_a_key_that_was_used_for_something_else_is_refused(engine, on, note):
    opened(engine)
    put(engine, "views_received", day(3), "call-1", note="a letter")
    with pytest.raises(BadFact, match=f"{REF}: the key call-1 was used already for views_received on .* \\(fact 2\\)"):
        put(engine, "views_received", on, "call-1", note=note)


def test_one_key_may_stand_under_facts_of_different_kinds(engine):
    opened(engine)
    put(engine, "views_received", day(3), "call-1")
    assert put(engine, "family_consulted", day(3), "call-1").number == 3


def test_after_an_erasure_the_same_fact_is_still_known_by_its_key(engine):
    opened(engine)
    put(engine, "views_received", day(3), "call-1", note="a letter")
    with engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM text"))
    assert put(engine, "views_received", day(3), "call-1", note="a letter").repeated


# --- corrections and late facts ------------------------------------------------------------------------------------

def test_a_correction_moves_what_follows(engine):
    opened(engine)
    done = put(engine, "fact_corrected", TODAY, replaces=1, corrected={"on": date(2026, 3, 4)}, because="the stamp says 4 March")
    assert duty(engine, "decide_whether_to_assess").due_on == date(2026, 4, 15)
    assert file(engine).day_zero == date(2026, 3, 4)
    assert "finalise_plan" in {owed.duty.id for owed in done.changed}
    assert standing(get(engine))[0]["attends"] == "school"


def test_a_correction_that_withdraws_takes_the_duties_with_it(engine):
    opened(engine)
    put(engine, "decided_to_assess", day(30), **REASONS)
    put(engine, "fact_corrected", TODAY, replaces=2, withdrawn=True, because="wrong case")
    with reading(engine) as session:
        rows = session.exec(select(DutyRow)).all()
    assert "seek_advice" not in {row.duty for row in rows}
    assert file(engine).stage == "S00_INTAKE"


def test_a_case_opened_by_mistake(engine):
    opened(engine)
    put(engine, "fact_corrected", TODAY, replaces=1, withdrawn=True, because="not ours")
    kept = file(engine)
    assert (kept.day_zero, kept.next_visit_on, kept.last_number) == (None, None, 2)
    with reading(engine) as session:
        assert session.exec(select(DutyRow)).all() == []


def test_the_free_text_of_a_correction_can_be_erased_too(engine):
    opened(engine)
    put(engine, "decided_to_assess", day(30), decided_by="o-1", reasons="first words")
    put(engine, "fact_corrected", TODAY, replaces=2, corrected={"reasons": "second words"}, because="slip of the pen")
    with reading(engine) as session:
        assert sorted(texts(session, REF).values()) == ["first words", "second words", "slip of the pen"]
        assert verify(session).is_sound
    assert standing(get(engine))[-1]["decided_by"] == "o-1"
    assert texts_in(engine) == 0


def texts_in(engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(sa.text("SELECT count(*) FROM fact WHERE data LIKE '%words%' OR data LIKE '%slip%'"))


def test_a_fact_recorded_late_counts_from_the_day_it_happened(engine):
    opened(engine)
    put(engine, "decided_to_assess", day(40), **REASONS)
    put(engine, "family_consulted", day(3))
    assert duty(engine, "consult_on_request").met_on == day(3)
    assert [fact.kind for fact in get(engine)] == ["request_received", "decided_to_assess", "family_consulted"]


# --- reading -------------------------------------------------------------------------------------------------------

def test_as_of_a_day_only_what_had_happened_by_then(engine):
    opened(engine)
    put(engine, "views_received", day(10))
    put(engine, "family_consulted", day(5))
    assert [fact.number for fact in get(engine, as_of=day(9))] == [1, 3]
    assert [fact.number for fact in get(engine, as_of=day(10))] == [1, 2, 3]


def test_as_of_a_day_with_a_correction_made_since(engine):
    opened(engine)
    put(engine, "views_received", day(10))
    put(engine, "fact_corrected", TODAY, replaces=2, corrected={"on": day(5)}, because="x")
    put(engine, "family_consulted", day(5))
    put(engine, "fact_corrected", TODAY, replaces=4, corrected={"on": day(12)}, because="x")
    for as_of in (day(4), day(5), day(11), day(12), TODAY):
        told = standing(get(engine, as_of=as_of))
        assert told == [fact for fact in standing(get(engine)) if fact.on <= as_of]
    assert [f.kind for f in standing(get(engine, as_of=day(6)))] == ["request_received", "views_received"]


def test_what_was_known_by_a_moment(engine):
    opened(engine)
    put(engine, "views_received", day(10), at=hand(hour=10))
    put(engine, "fact_corrected", TODAY, replaces=2, corrected={"on": day(5)}, because="x", at=hand(hour=12))
    assert [f.number for f in get(engine, known_by=hand(hour=9).at)] == [1]
    assert [f.number for f in get(engine, known_by=hand(hour=11).at)] == [1, 2]
    assert standing(get(engine, known_by=hand(hour=11).at))[-1].on == day(10)
    assert standing(get(engine, known_by=hand(hour=12).at))[-1].on == day(5)
    assert [f.number for f in get(engine, known_by=hand(hour=11).at, as_of=day(9))] == [1]
    with pytest.raises(ValueError, match="no time zone"):
        get(engine, known_by=datetime(2026, 5, 1))


def test_a_correction_by_a_clock_that_was_behind_is_not_known_before_what_it_corrects(engine):
    opened(engine)
    put(engine, "views_received", day(10), at=hand(hour=12))
    put(engine, "fact_corrected", TODAY, replaces=2, corrected={"on": day(5)}, because="x", at=hand(hour=11))
    assert [f.number for f in get(engine, known_by=hand(hour=11).at)] == [1]
    assert [f.number for f in get(engine, known_by=hand(hour=12).at)] == [1, 2, 3]


def test_many_cases_at_once(engine):
    refs = [opened(engine, None) for _ in range(3)]
    with reading(engine) as session:
        assert {ref: len(facts) for ref, facts in read_many(session, refs).items()} == dict.fromkeys(refs, 1)
        with pytest.raises(NoSuchCase, match="Did you mean"):
            read_many(session, [*refs, "EHC-2026-0004"])
        assert read_many(session, []) == {}


def test_without_any_case_the_error_says_how_to_open_one(engine):
    with reading(engine) as session, pytest.raises(NoSuchCase, match="No case has been opened yet"):
        read(session, REF)


# --- privacy -------------------------------------------------------------------------------------------------------

def test_no_personal_datum_stands_in_what_cannot_be_erased(engine):
    with writing(engine) as session:
        open_case(session, REF, ANN, a_request(note="Ann Other of High Street is shy"), hand(), TODAY,
                  contacts=[NewContact("family", "Parent Other", "1 High Street", "mailto://parent@example.org")])
        record(session, REF, "decided_to_assess", day(30), {"decided_by": "o-1", "reasons": "Ann Other cannot read"},
               hand(), TODAY)
    private = ("Ann", "Other", "High Street", "2015-01-07", "shy", "cannot read", "example.org")
    with engine.connect() as connection:
        for table in (FactRow.__table__, CaseFile.__table__, DutyRow.__table__):
            told = str([tuple(map(str, row)) for row in connection.execute(sa.select(table))])
            assert not [word for word in private if word in told], table.name


def test_what_is_given_shows_nothing_in_a_log():
    assert "Ann" not in repr(ANN) and "Mrs" not in repr(NewContact("family", "Mrs Other", "x", "mailto://x"))
    assert "Ann" not in repr(Person(ref="P-1", name="Ann"))


def test_after_erasing_a_child_the_chain_still_verifies(engine):
    with writing(engine) as session:
        open_case(session, REF, ANN, a_request(note="a letter"), hand(), TODAY, contacts=[NewContact("family", "Mrs Other")])
        record(session, REF, "decided_to_assess", day(30), {"decided_by": "o-1", "reasons": "why"}, hand(), TODAY)
    with engine.begin() as connection:
        for table in ("person", "contact", "text"):
            assert connection.execute(sa.text(f"DELETE FROM {table}")).rowcount > 0
    with reading(engine) as session:
        report = verify(session)
        assert report.is_sound and (report.facts, report.texts, report.erased) == (2, 0, 2)
        assert texts(session, REF) == {}
    assert put(engine, "advice_requested", day(31), adviser="adv_c_medical", body="s31").number == 3


def test_a_salt_from_elsewhere_gives_the_same_trail_twice(engine):
    heads = set()
    for ref in ("A1", "A2"):
        with writing(engine) as session:
            open_case(session, ref, ANN if ref == "A1" else None, a_request(note="a letter"), hand(), TODAY,
                      chance=lambda count: bytes(count))
    with reading(engine) as session:
        for ref in ("A1", "A2"):
            heads.add(read(session, ref)[0]["note"]["sha256"])
    assert len(heads) == 1


# --- taking files and time passing ---------------------------------------------------------------------------------

def test_a_visit_reads_adds_and_writes_under_one_lock(engine):
    refs = [opened(engine, None) for _ in range(2)]
    with writing(engine) as session:
        files = take(session, refs, TODAY)
        assert str(files.case(refs[0]).stage) == "S00_INTAKE"
        files.add(refs[0], NewFact("decided_to_assess", day(30), REASONS), hand())
        assert str(files.case(refs[0]).stage) == "S20_ASSESSING"
        changed = files.write()
        assert changed[refs[1]] == () and changed[refs[0]]
        files.add(refs[0], NewFact("advice_requested", day(31), {"adviser": "adv_c_medical", "body": "s31"}), hand())
        files.write()
        assert files.write() == {refs[0]: (), refs[1]: ()}
    with reading(engine) as session:
        assert verify(session).is_sound and len(read(session, refs[0])) == 3


def test_a_period_that_ends_by_itself_is_seen_when_the_case_is_looked_at_again(engine):
    opened(engine)
    put(engine, "refused_to_assess", day(30), decided_by="o-1", reason_codes=["no_sen"], notified_on=day(30))
    assert file(engine).stage == "S15_REFUSED_TO_ASSESS"
    over = duty(engine, "lodge_appeal").due_on
    with writing(engine) as session:
        refresh(session, [REF], over)
    assert file(engine).stage == "S15_REFUSED_TO_ASSESS"
    assert file(engine).next_event_on <= date.fromordinal(over.toordinal() + 1)
    with writing(engine) as session:
        refresh(session, [REF], date.fromordinal(over.toordinal() + 1))
    assert file(engine).stage == "T_REFUSED_ASSESS" and file(engine).last_number == 2


def test_looking_at_a_case_as_of_an_earlier_day_leaves_nothing_on_record_out(engine):
    opened(engine)
    put(engine, "decided_to_assess", day(30), **REASONS)
    put(engine, "family_consulted", day(3), today=day(10))
    assert file(engine).stage == "S20_ASSESSING" and file(engine).worked_out_on == day(30)


def test_the_day_after_a_time_to_answer_is_an_event_of_its_own(engine):
    opened(engine)
    put(engine, "decided_to_assess", day(10), **REASONS)
    put(engine, "decided_to_issue", day(20), **REASONS)
    served = put(engine, "draft_plan_served", day(25))
    put(engine, "setting_consulted", day(30), setting="school-1")
    put(engine, "message_queued", day(40), f"{REF}/decision_needed/council.owner/draft_window_over:{served.number}",
        message="decision_needed", recipient="council.owner", about=f"draft_window_over:{served.number}")
    with writing(engine) as session:
        refresh(session, [REF], day(41))
    assert duty(engine, "setting_consult_response").due_on == day(45)
    assert (file(engine).held_by, file(engine).next_event_on) == ("school-1", day(46))
    with writing(engine) as session:
        refresh(session, [REF], day(46))
    assert file(engine).held_by == "council"


def test_the_next_rung_stands_beside_the_duty_until_it_is_met(engine):
    opened(engine, first=a_request(), ref=REF)
    rung = duty(engine, "decide_whether_to_assess")
    assert (rung.next_rung, rung.next_rung_on) == (-14, date(2026, 3, 30))
    put(engine, "message_queued", date(2026, 3, 30), key=f"{REF}/reminder/1", message="reminder", recipient="council.owner",
        duty="decide_whether_to_assess", rung=-14)
    rung = duty(engine, "decide_whether_to_assess")
    assert (rung.next_rung, rung.next_rung_on) == (-7, date(2026, 4, 6))
    put(engine, "decided_to_assess", day(38), **REASONS)
    rung = duty(engine, "decide_whether_to_assess")
    assert (rung.next_rung, rung.next_rung_on) == (None, None)


def test_each_adviser_climbs_a_ladder_of_their_own(engine):
    opened(engine)
    put(engine, "decided_to_assess", day(10), **REASONS)
    for adviser in ("adv_b_education", "adv_d_psychology"):
        put(engine, "advice_requested", day(11), adviser=adviser, body="other")
    put(engine, "message_queued", day(40), key=f"{REF}/reminder/1", message="reminder", recipient="ep_service",
        duty="advice_six_weeks_others", adviser="adv_d_psychology", rung=-14)
    with reading(engine) as session:
        rungs = {row.adviser: row.next_rung for row in session.exec(
            select(DutyRow).where(DutyRow.duty == "advice_six_weeks_others", DutyRow.starts_on == day(11)))}
    assert rungs == {"adv_b_education": -14, "adv_d_psychology": -7}


def test_so_does_each_setting_and_each_agency_of_one_adviser(engine):
    opened(engine)
    put(engine, "decided_to_assess", day(5), **REASONS)
    for agency in ("agency-1", "agency-2"):
        put(engine, "adviser_thought_appropriate", day(5), agency=agency)
        put(engine, "advice_requested", day(6), adviser="adv_f_other", body="other", agency=agency)
    put(engine, "draft_plan_served", day(7))
    for setting in ("school-1", "school-2"):
        put(engine, "setting_consulted", day(8), setting=setting)
    for number, told in enumerate(({"duty": "advice_six_weeks_others", "adviser": "adv_f_other", "agency": "agency-2"},
                                   {"duty": "setting_consult_response", "setting": "school-1"})):
        put(engine, "message_queued", day(40), key=f"{REF}/reminder/{number}", message="reminder", recipient="x", rung=-7, **told)
    with reading(engine) as session:
        rungs = {row.party: row.next_rung for row in session.exec(select(DutyRow)) if row.next_rung is not None and row.party}
    assert rungs == {"agency-1": -14, "agency-2": -2, "school-1": -2, "school-2": -7}


def test_the_day_of_the_next_visit_is_the_soonest_of_rungs_and_events(engine):
    opened(engine)
    kept = file(engine)
    with reading(engine) as session:
        rungs = [row.next_rung_on for row in session.exec(select(DutyRow)) if row.next_rung_on]
    assert kept.next_visit_on == min([kept.next_event_on, *rungs])


def test_the_data_of_a_fact_is_stored_as_canonical_text(engine):
    opened(engine, first=a_request(year_group=9, note="é"))
    with engine.connect() as connection:
        data = connection.scalar(sa.text("SELECT data FROM fact"))
    assert data == canonical(get(engine)[0].data | {}) and '"year_group":9' in data
