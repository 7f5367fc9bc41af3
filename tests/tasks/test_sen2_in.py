"""Taking a return in: whole or not at all, once however often, and without a letter to anybody."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from sqlmodel import select

from models.hand import Hand
from models.sen2.record import Placement, Request
from models.tables.cases import CaseFile, FactRow, MessageRow
from models.tables.people import ParticularsRow, Person
from models.tables.running import DataQualityRow, ReturnRow
from notifications.channels import Channels
from tasks import database
from tasks.case_file import NewFact, NewPerson, as_it_stands, open_case, read
from tasks.database import reading, writing
from tasks.sen2_files.source import BadReturn
from tasks.sen2_import import Lines, Wish, WrongCouncil, import_return
from tasks.office import Office
from tasks.sen2_people import People
from tasks.taking_on import chosen, take_on
from tasks.watch import watch
from tests.harness import sen2_files as made
from tests.tasks.builders import council
from tests.tasks.test_sen2_files import YEARS, records

HOUSE = Path(__file__).parents[2]
TODAY = date(2026, 6, 1)
HAND = Hand(datetime(2026, 6, 1, 9, tzinfo=UTC), "officer-1")
RECEIVED = date(2025, 3, 3)


def bo(**told):
    """A second child."""
    return made.person(**{"surname": "Elm", "forename": "Bo", "birth_date": date(2015, 2, 3), "upn": "B123456789012", **told})


def people():
    """Ada with a plan of the year, Bo with an open request and an old plan."""
    second = bo()
    second.requests = [made.open_request(date(2025, 12, 1)), made.old_plan(date(2021, 9, 1), review_meeting=date(2025, 6, 2),
                                                                           review_outcome="M", last_review=date(2025, 6, 20))]
    return [made.person(made.new_plan(date(2025, 1, 6), date(2025, 2, 10), date(2025, 5, 20))), second]


def file(tmp_path, persons, year=2026, name="return.xml", **head):
    path = tmp_path / name
    path.write_text(made.xml(made.header(year, **head), persons, year))
    return str(path)


def bring(engine, path, today=TODAY, lines=None, own="", **wish):
    return import_return(engine, path, Wish(**wish), replace(HAND, at=datetime.combine(today, datetime.min.time(), UTC) + timedelta(hours=9)),
                         today, own=own, lines=lines)


def everything(engine):
    """All that is on record of cases and persons, as rows."""
    with engine.connect() as connection:
        return {table.name: sorted(map(tuple, connection.execute(sa.select(table)).fetchall()), key=repr) for table in (
            CaseFile.__table__, FactRow.__table__, Person.__table__, ParticularsRow.__table__, DataQualityRow.__table__, ReturnRow.__table__)}


def refs(engine):
    with reading(engine) as session:
        return list(session.exec(select(CaseFile.ref).order_by(CaseFile.ref)))


def facts(engine, ref):
    with reading(engine) as session:
        return [(fact.kind, fact.on) for fact in read(session, ref)]


def stage(engine, ref, today=TODAY):
    with reading(engine) as session:
        return as_it_stands(ref, read(session, ref), today).stage


def test_each_person_gets_particulars_and_a_case_for_each_request(engine, tmp_path):
    done = bring(engine, file(tmp_path, people()))
    assert done.kept and (done.brought.persons, done.brought.new_persons, done.brought.new_cases, done.brought.refused) == (2, 2, 3, 0)
    assert refs(engine) == ["SEN2-2026-00001", "SEN2-2026-00002", "SEN2-2026-00003"]
    assert facts(engine, "SEN2-2026-00001")[:3] == [
        ("request_received", date(2025, 1, 6)), ("decided_to_assess", date(2025, 2, 10)), ("final_plan_sent", date(2025, 5, 20))]
    assert {kind for kind, _ in facts(engine, "SEN2-2026-00003")} >= {"plan_taken_over", "review_meeting_held", "review_decision_sent"}
    with reading(engine) as session:
        ada, elm = session.exec(select(Person).order_by(Person.birth_date)).all()
        assert (ada.name, ada.birth_date, elm.name) == ("Ada Example", date(2014, 5, 6), "Bo Elm")
        told = session.get(ParticularsRow, ada.ref)
        assert (told.surname, told.forename, told.sex, told.ethnicity, told.upn) == ("Example", "Ada", "F", "WBRI", "A123456789012")
        assert len(set(session.exec(select(CaseFile.person_ref)))) == 2
        taken = session.exec(select(ReturnRow)).one()
        assert (taken.form, taken.survey_year, taken.council, taken.persons, taken.cases) == ("sen2_xml", 2026, "201", 2, 3)


@pytest.mark.parametrize("form", ["xml", "blade", "workbook", "template"])
def test_every_form_of_a_return_gives_the_same_facts(sqlite_url, tmp_path, form):
    from tests.tasks.test_sen2_files import every_form

    engine = database.engine(sqlite_url)
    database.upgrade(engine)
    import_return(engine, str(every_form(tmp_path, people(), 2026)[f"sen2_{form}"]), Wish(council="201"), HAND, TODAY, year=2026)
    told = [(ref, kind, on) for ref in refs(engine) for kind, on in facts(engine, ref)]
    assert len(told) == 18 and told[0] == ("SEN2-2026-00001", "request_received", date(2025, 1, 6))


def test_the_same_return_again_changes_nothing(engine, tmp_path):
    path = file(tmp_path, people())
    bring(engine, path)
    before = everything(engine)
    again = bring(engine, path)
    assert not again.kept and not again.asks_to_apply and not again.brought.changes_anything
    assert (again.brought.known_persons, again.brought.same_cases) == (2, 3)
    bring(engine, path, today=TODAY + timedelta(days=40), apply=True, correct=True)
    assert everything(engine) == before


def test_a_look_keeps_nothing(engine, tmp_path):
    before = everything(engine)
    done = bring(engine, file(tmp_path, people()), dry_run=True)
    assert not done.kept and done.brought.new_cases == 3 and done.brought.facts["final_plan_sent"] == 1
    assert everything(engine) == before


# --- the next year ---------------------------------------------------------------------------------------------------

def next_year():
    """The year after: Ada's plan is old by now and reviewed, Bo's request was decided, and Cy is new."""
    first, second = people()
    first.requests = [made.old_plan(date(2025, 5, 20), review_meeting=date(2026, 5, 4), review_outcome="M", last_review=date(2026, 5, 20))]
    second.postcode = "OX1 1AA"
    second.requests[0] = Request(received=date(2025, 12, 1), source="1", youth_accommodation=False, outcome="N",
                                 outcome_date=date(2026, 1, 9), mediation=False, tribunal=False)
    return [first, second, made.person(made.open_request(date(2026, 11, 2)), surname="Yew", forename="Cy", upn="C123456789012")]


LATER = date(2027, 3, 1)


def test_the_next_year_is_a_difference_that_is_shown_before_it_is_written(engine, tmp_path):
    bring(engine, file(tmp_path, people()))
    before, path, lines = everything(engine), file(tmp_path, next_year(), 2027, "next.xml"), Lines()
    shown = bring(engine, path, LATER, lines)
    assert shown.asks_to_apply and not shown.kept and everything(engine) == before
    told = {(line.case, line.says) for line in lines if line.what in ("changed", "taken") and line.case}
    assert ("SEN2-2026-00002", "refused_to_assess of 2026-01-09") in told
    assert ("SEN2-2026-00001", "review_meeting_held of 2026-05-04, review_decision_sent of 2026-05-20") in told
    assert ("SEN2-2027-00001", "2 facts") in told
    assert [line.field for line in lines if line.what == "changed" and not line.case] == ["postcode"]
    done = bring(engine, path, LATER, apply=True)
    assert done.kept and (done.brought.new_persons, done.brought.new_cases, done.brought.changed_persons) == (1, 1, 1)
    assert ("refused_to_assess", date(2026, 1, 9)) in facts(engine, "SEN2-2026-00002")
    with reading(engine) as session:
        assert session.exec(select(ParticularsRow.postcode).where(ParticularsRow.upn == "B123456789012")).one() == "OX1 1AA"
    after = everything(engine)
    assert not bring(engine, path, LATER, apply=True).brought.changes_anything and everything(engine) == after


def test_a_changed_day_is_a_contradiction_for_the_ledger_and_put_right_only_when_that_is_asked_for(engine, tmp_path):
    bring(engine, file(tmp_path, people()))
    changed = people()
    changed[0].requests[0].outcome_date = date(2025, 2, 11)
    path = file(tmp_path, changed, name="again.xml")
    shown = bring(engine, path)
    assert shown.asks_to_apply and shown.brought.contradictions == 1
    bring(engine, path, apply=True)
    assert ("decided_to_assess", date(2025, 2, 10)) in facts(engine, "SEN2-2026-00001")
    with reading(engine) as session:
        one = session.exec(select(DataQualityRow).where(DataQualityRow.rule == "T06")).one()
        assert (one.case_ref, one.value, one.closed_on) == ("SEN2-2026-00001", "2025-02-11", None)
        assert "2025-02-10" in one.says and "2025-02-11" in one.says
    bring(engine, path, apply=True, correct=True)
    with reading(engine) as session:
        case = as_it_stands("SEN2-2026-00001", read(session, "SEN2-2026-00001"), TODAY)
        assert [fact.on for fact in case.all("decided_to_assess")] == [date(2025, 2, 11)]
    assert not bring(engine, path, apply=True, correct=True).brought.contradictions


def test_who_is_in_the_return_no_longer_is_named(engine, tmp_path):
    bring(engine, file(tmp_path, people()))
    lines = Lines()
    done = bring(engine, file(tmp_path, next_year()[:1], 2027, "next.xml"), LATER, lines, apply=True)
    assert [line.case for line in lines if line.what == "gone"] == ["SEN2-2026-00002", "SEN2-2026-00003"] and done.brought.gone == 2


def test_what_a_later_return_puts_right_is_closed_and_what_comes_back_is_open_again(engine, tmp_path):
    wrong = people()
    wrong[1].requests[1].active.needs[0].type, wrong[1].requests[1].active.needs[0].bad = None, {}
    for number, persons in enumerate([wrong, people(), wrong]):
        bring(engine, file(tmp_path, persons, name=f"{number}.xml", serial=f"00{number + 1}"), TODAY + timedelta(days=number), apply=True)
        with reading(engine) as session:
            rows = session.exec(select(DataQualityRow).where(DataQualityRow.case_ref == "SEN2-2026-00003", DataQualityRow.rule == "L21")).all()
            assert len(rows) == 1
            assert (rows[0].closed_by, rows[0].closed_on) == [(None, None), ("return", TODAY + timedelta(days=1)), (None, None)][number]


def ledger(engine, rule):
    with reading(engine) as session:
        return [(row.case_ref, row.place, row.closed_by) for row in session.exec(
            select(DataQualityRow).where(DataQualityRow.rule == rule).order_by(DataQualityRow.number))]


@pytest.mark.parametrize("year", [2027, 2026], ids=["the next year's", "sent again"])
def test_a_return_that_a_later_one_has_followed_changes_nothing_when_it_comes_again(engine, tmp_path, year):
    """Neither where the child lives or is placed, nor its needs or name, goes back to what was."""
    first = file(tmp_path, people())
    second = people()
    second[1].forename, second[1].postcode = "Beau", "OX1 1AA"
    plan = second[1].requests[1]
    plan.active.placements[0].left, plan.active.needs[0].type = date(2025, 12, 1), "MLD"
    plan.assessment.plan.personal_budget = True
    plan.assessment.plan.settings[0].urn = "100009"
    bring(engine, first)
    bring(engine, file(tmp_path, second, year, "second.xml", serial="002"), date(2027, 2, 1), apply=True)
    before = everything(engine)
    done = bring(engine, first, date(2027, 2, 2), apply=True)
    assert not done.kept and not done.brought.changes_anything and everything(engine) == before


def test_what_is_wrong_about_a_person_names_a_case_and_is_one_entry_until_a_return_puts_it_right(engine, tmp_path):
    right, wrong, moved = people(), people(), people()
    wrong[1].sex = moved[1].sex = None
    moved = [moved[1], moved[0]]                                            # the same finding, in another line
    for number, (persons, closed) in enumerate([(wrong, None), (moved, None), (right, "return"), (wrong, None)]):
        bring(engine, file(tmp_path, persons, name=f"{number}.xml", serial=f"00{number + 1}"), TODAY + timedelta(days=number), apply=True)
        (case, _, by), = ledger(engine, "P01")
        assert (case, by) == ("SEN2-2026-00002", closed)
    with reading(engine) as session:
        assert "`ehc person SEN2-2026-00002 --sex F`" in session.exec(select(DataQualityRow).where(DataQualityRow.rule == "P01")).one().do


def test_what_was_wrong_with_a_return_itself_or_with_whom_it_refused_is_closed_by_the_next(engine, tmp_path):
    twice = [*people(), made.person(made.open_request(RECEIVED), surname="Otherwise")]
    bring(engine, file(tmp_path, twice, dmo=None))
    assert [by for rule in ("H05", "T04") for *_, by in ledger(engine, rule)] == [None, None]
    bring(engine, file(tmp_path, people(), name="again.xml", serial="002"), apply=True)
    assert [by for rule in ("H05", "T04") for *_, by in ledger(engine, rule)] == ["return", "return"]


def test_an_earlier_return_that_comes_later_closes_and_opens_nothing(engine, tmp_path):
    wrong = people()
    wrong[1].requests[1].active.needs[0].type = wrong[1].sex = None
    bring(engine, file(tmp_path, wrong))
    bring(engine, file(tmp_path, people(), 2025, "earlier.xml"), apply=True)
    assert [by for rule in ("L21", "P01") for *_, by in ledger(engine, rule)] == [None, None]


# --- who it is --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("change, known", [
    ({"forename": "Adah", "birth_date": date(2014, 5, 7)}, True),                    # by its number, whatever else
    ({"upn": None, "forename": "ÁDA"}, True), ({"upn": None, "forename": "Example", "surname": "Ada"}, True),
    ({"upn": None, "birth_date": date(2014, 5, 7)}, False), ({"upn": None, "forename": "Eda"}, False),
    ({"upn": "Z999999999999"}, False)])
def test_a_person_is_known_again_by_number_then_by_name_and_birth_date(engine, tmp_path, change, known):
    bring(engine, file(tmp_path, people()[:1]))
    second = people()[0]
    for name, value in change.items():
        setattr(second, name, value)
    done = bring(engine, file(tmp_path, [bo(), second][1:], name="again.xml"), dry_run=True)
    assert (done.brought.known_persons, done.brought.new_persons) == ((1, 0) if known else (0, 1))


def test_by_the_learner_number_too_and_by_postcode_where_two_have_one_name(engine, tmp_path):
    first = [made.person(made.open_request(RECEIVED), upn=None, uln="1234567890", postcode="OX1 1AA"),
             made.person(made.open_request(RECEIVED), upn=None, uln="2234567890", postcode="OX2 2BB")]
    bring(engine, file(tmp_path, first))
    for again, known in (({"uln": "2234567890"}, 1), ({"uln": None, "postcode": "OX2 2BB"}, 1), ({"uln": None, "postcode": None}, 0)):
        done = bring(engine, file(tmp_path, [made.person(made.open_request(RECEIVED), **{"upn": None, **again})], name="n.xml"), dry_run=True)
        assert (done.brought.known_persons, done.brought.refused) == (known, 1 - known)


def test_the_same_person_twice_is_taken_once_and_the_second_is_refused_with_its_line(engine, tmp_path):
    twice = [*people(), made.person(made.open_request(RECEIVED), surname="Otherwise")]
    lines = Lines()
    done = bring(engine, file(tmp_path, twice), lines=lines)
    assert (done.brought.new_persons, done.brought.refused) == (2, 1)
    line, = [line for line in lines if line.what == "refused"]
    assert line.rule == "T04" and line.place.startswith("line ") and "UPN" in line.says and line.do
    assert twice[0].surname not in line.says


def test_two_of_one_name_and_day_without_numbers_cannot_be_told_apart(engine, tmp_path):
    same = [made.person(made.open_request(RECEIVED), upn=None, upn_unknown="UN5") for _ in range(2)]
    assert bring(engine, file(tmp_path, same)).brought.refused == 1
    twins = [made.person(made.open_request(RECEIVED), upn=f"D12345678901{n}") for n in range(2)]
    assert bring(engine, file(tmp_path, twins, name="twins.xml"), dry_run=True).brought.refused == 0


def test_numbers_of_two_persons_decide_nothing(engine, tmp_path):
    bring(engine, file(tmp_path, [made.person(made.open_request(RECEIVED)), bo(uln="1234567890", upn=None, requests=[made.open_request(RECEIVED)])]))
    lines = Lines()
    bring(engine, file(tmp_path, [made.person(made.open_request(RECEIVED), uln="1234567890")], name="x.xml"), lines=lines, dry_run=True)
    assert [(line.what, line.rule) for line in lines if line.what == "refused"] == [("refused", "T03")]


@pytest.mark.parametrize("change, rule", [
    ({"surname": None, "forename": None}, "T05"), ({"birth_date": None, "upn": None}, "T05"), ({"requests": []}, "T05")])
def test_who_could_not_be_known_again_is_refused_and_the_rest_is_taken(engine, tmp_path, change, rule):
    nobody = bo(requests=[made.open_request(RECEIVED)])
    for name, value in change.items():
        setattr(nobody, name, value)
    lines = Lines()
    done = bring(engine, file(tmp_path, [nobody, *people()[:1]]), lines=lines)
    assert (done.brought.refused, done.brought.new_persons) == (1, 1)
    assert [line.rule for line in lines if line.what == "refused"] == [rule]


# --- cases on which officers work -----------------------------------------------------------------------------------------

def test_a_case_of_the_house_is_never_written_to(engine, tmp_path):
    with writing(engine) as session:
        open_case(session, "EHC-2025-0001", NewPerson("Ada Example", date(2014, 5, 6)),
                  NewFact("request_received", date(2025, 1, 6), {"requested_by": "parent"}), HAND, TODAY)
    lines = Lines()
    done = bring(engine, file(tmp_path, people()[:1]), lines=lines, apply=True, correct=True)
    assert done.brought.worked_on == 1 and refs(engine) == ["EHC-2025-0001"]
    assert facts(engine, "EHC-2025-0001") == [("request_received", date(2025, 1, 6))]
    assert {line.field for line in lines if line.what == "beside"} == {"decided_to_assess", "final_plan_sent"}
    with reading(engine) as session:
        rows = session.exec(select(DataQualityRow).where(DataQualityRow.rule == "T07")).all()
        assert {row.case_ref for row in rows} == {"EHC-2025-0001"} and all("ehc record" in row.do for row in rows)


def test_nor_is_one_that_was_taken_on(engine, tmp_path):
    bring(engine, file(tmp_path, people()))
    take_on(engine, ["SEN2-2026-00002"], "officer-3", HAND, TODAY)
    before = facts(engine, "SEN2-2026-00002")
    done = bring(engine, file(tmp_path, next_year(), 2027, "next.xml"), LATER, apply=True)
    assert done.brought.worked_on == 1 and facts(engine, "SEN2-2026-00002") == before


def office(tmp_path):
    return Office(Channels({}, tmp_path / "outbox"), council())


def messages(engine):
    with reading(engine) as session:
        return session.exec(select(MessageRow)).all()


def test_nothing_is_ever_sent_about_a_case_that_nobody_took_on(sqlite_url, tmp_path):
    engine = database.engine(sqlite_url)
    database.upgrade(engine)
    bring(engine, file(tmp_path, people()))
    for days in range(0, 366, 5):
        day = TODAY + timedelta(days=days)
        watch(engine, office(tmp_path), day, Hand(datetime(day.year, day.month, day.day, 7, tzinfo=UTC), "watch"), lambda: datetime(2027, 7, 1, tzinfo=UTC))
    assert messages(engine) == []
    assert all(kind not in ("message_queued", "message_sent") for ref in refs(engine) for kind, _ in facts(engine, ref))


def test_once_taken_on_letters_go_and_none_of_them_tells_a_family_of_the_past(sqlite_url, tmp_path):
    engine = database.engine(sqlite_url)
    database.upgrade(engine)
    bring(engine, file(tmp_path, people()))
    assert take_on(engine, refs(engine), "officer-3", HAND, TODAY) == refs(engine)
    for days in range(0, 120, 3):
        day = TODAY + timedelta(days=days)
        watch(engine, office(tmp_path), day, Hand(datetime(day.year, day.month, day.day, 7, tzinfo=UTC), "watch"), lambda: datetime(2027, 7, 1, tzinfo=UTC))
    sent = messages(engine)
    assert sent
    to_family = [(row.message, json.loads(row.data)) for row in sent if row.to_role in ("family", "parent", "young_person")]
    for message, data in to_family:
        days = [date.fromisoformat(value) for name, value in data.items() if name in ("due_on", "decided_on", "sent_on") and value]
        assert all(day >= TODAY for day in days), (message, data)
    assert not {message for message, _ in to_family} & {"family_told_considering", "decided_to_assess", "final_plan", "refused_to_assess"}


def test_taking_on_by_duty_takes_the_most_overdue_first_and_twice_is_once(engine, tmp_path):
    persons = [made.person(made.open_request(date(2026, 1, 1) + timedelta(days=n)), upn=f"A12345678901{n}", surname=f"N{n}") for n in range(4)]
    bring(engine, file(tmp_path, persons))
    assert chosen(engine, [], None, "decide_whether_to_assess", TODAY, 28, 2) == ["SEN2-2026-00001", "SEN2-2026-00002"]
    assert chosen(engine, [], "S00_INTAKE", None, TODAY, None, None) == refs(engine)
    assert take_on(engine, refs(engine), "officer-3", HAND, TODAY) == refs(engine)
    assert take_on(engine, refs(engine), "officer-3", HAND, TODAY) == []
    assert chosen(engine, [], "S00_INTAKE", None, TODAY, None, None) == []


# --- whole or not at all ---------------------------------------------------------------------------------------------------

def test_a_return_that_breaks_off_leaves_nothing(engine, tmp_path):
    persons = [made.person(made.open_request(RECEIVED), upn=f"A{n:012d}", surname=f"N{n}") for n in range(450)]
    whole = made.xml(made.header(), persons)
    path = tmp_path / "cut.xml"
    path.write_text(whole[:-len(whole) // 10])
    before = everything(engine)
    with pytest.raises(BadReturn, match=r"cut\.xml, line \d+: the file ends in the middle"):
        bring(engine, str(path))
    assert everything(engine) == before


KILLED = """
import sys
from datetime import UTC, date, datetime
from models.hand import Hand
from tasks import database, sen2_in
from tasks.sen2_import import Wish, import_return
engine = database.engine(sys.argv[1])
database.upgrade(engine)
whole = sen2_in.Bringing._enter
def slowly(self, *about):
    whole(self, *about)
    print("batch", flush=True)
    import time; time.sleep(float(sys.argv[3]))
sen2_in.Bringing._enter = slowly
import_return(engine, sys.argv[2], Wish(), Hand(datetime(2026, 6, 1, 9, tzinfo=UTC), "officer-1"), date(2026, 6, 1))
"""


def test_killed_half_way_and_called_again_it_is_as_if_it_had_not_been_killed(database_url, tmp_path):
    persons = [made.person(made.open_request(RECEIVED), upn=f"A{n:012d}", surname=f"N{n}") for n in range(450)]
    path = file(tmp_path, persons)
    killed = subprocess.Popen([sys.executable, "-c", KILLED, database_url, path, "60"], cwd=HOUSE, stdout=subprocess.PIPE, text=True)
    assert killed.stdout.readline() == "batch\n"                    # a first batch was written, the transaction is open
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    engine = database.engine(database_url)
    for _ in range(100):                                            # PostgreSQL notices a moment later that nobody is there
        if not refs(engine):
            break
        time.sleep(0.05)
    assert refs(engine) == []
    done = bring(engine, path)
    assert done.brought.new_persons == 450 and refs(engine) == [f"SEN2-2026-{n:05d}" for n in range(1, 451)]
    engine.dispose()


# --- whose, and of when -----------------------------------------------------------------------------------------------------

def test_another_councils_return_needs_a_word(engine, tmp_path):
    bring(engine, file(tmp_path, people()[:1]))
    other = file(tmp_path, people()[1:], name="other.xml", council="202")
    with pytest.raises(WrongCouncil, match=r"202 \(Camden\).*201 \(City of London\).*--council 202"):
        bring(engine, other)
    with pytest.raises(WrongCouncil, match="201"):
        bring(engine, other, council="201")
    assert bring(engine, other, council="202").kept


def test_the_setting_says_which_council_it_is(engine, tmp_path):
    with pytest.raises(WrongCouncil, match="886 .Kent. is set in EHC_SEN2__COUNCIL"):
        bring(engine, file(tmp_path, people()), own="886")
    assert bring(engine, file(tmp_path, people()), own="201").kept


def test_a_return_of_a_day_to_come(engine, tmp_path):
    with pytest.raises(BadReturn, match="2027-01-21, which has not come yet"):
        bring(engine, file(tmp_path, people(), 2027))


# --- nobody is named ------------------------------------------------------------------------------------------------------

def test_neither_facts_nor_ledger_nor_report_name_anybody(engine, tmp_path):
    secret = dict(surname="Zzsurname", forename="Zzforename", postcode="ZZ99 9ZZ", upn="Q123456789012", birth_date=date(2013, 7, 9))
    one = made.person(made.old_plan(date(2020, 1, 7)), **secret)
    one.requests[0].plan.settings[0].code, one.requests[0].plan.settings[0].urn = "OTH", None
    one.requests[0].plan.settings[0].other = "Zzhouse of Zzforename"
    one.requests[0].received = one.requests[0].outcome_date = None
    second = made.person(made.open_request(RECEIVED), **{**secret, "surname": "Zzsecond"})
    text = made.xml(made.header(), [one, second]).replace("<RYA>0</RYA>", "<RYA>Zzforename</RYA>").replace(
        "<Sex>F</Sex>", "<Sex>Zzsurname</Sex><Zznickname>Zzzed</Zznickname>")
    path = tmp_path / "r.xml"
    path.write_text(text)
    lines = Lines()
    done = bring(engine, str(path), lines=lines)
    with engine.connect() as connection:
        kept = {name: repr(connection.execute(sa.select(table)).fetchall()) for name, table in (
            ("fact", FactRow.__table__), ("ledger", DataQualityRow.__table__), ("case", CaseFile.__table__))}
    told = {**kept, "report": repr([asdict(line) for line in lines]), "sum": repr(done)}
    for where, words in told.items():
        assert not [word for word in ("Zzsurname", "Zzforename", "ZZ99", "Q1234", "2013-07-09", "Zzsecond", "Zzhouse", "Zzzed") if word in words], where


# --- anything at all ------------------------------------------------------------------------------------------------------

@given(YEARS.flatmap(lambda year: records("person", year).map(lambda person: (year, person))))
@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_a_return_says_it_is_taken_or_refused_and_again_it_changes_nothing(tmp_path_factory, told):
    year, person = told
    folder = tmp_path_factory.mktemp("any")
    engine = database.engine(f"sqlite:///{folder / 'e.sqlite'}")
    database.upgrade(engine)
    path = file(folder, [person], year)
    done = bring(engine, path)
    assert done.brought.new_persons + done.brought.refused == 1
    before = everything(engine)
    again = bring(engine, path, apply=True, correct=True)
    assert everything(engine) == before, again.brought
    assert again.brought.contradictions == 0
    engine.dispose()


def test_who_only_shares_a_birthday_is_no_candidate_and_is_not_read(engine, tmp_path):
    bring(engine, file(tmp_path, people()))
    stranger = bo(surname="Yew", upn="D123456789012")
    with reading(engine) as session:
        assert People(session, [stranger]).known == {}
        by_number, by_name = People(session, [replace(stranger, upn="B123456789012", birth_date=None)]), People(session, [bo(upn=None)])
        assert by_number.known.keys() == by_name.known.keys() != {}.keys()


def test_two_placements_of_one_place_are_two_and_again_nothing_changes(engine, tmp_path):
    ada = people()[0]
    ada.requests[0].active.placements = [Placement(code="OLA", left=date(2025, 7, 5)), Placement(code="OLA", rank="1")]
    path = file(tmp_path, [ada])
    bring(engine, path)
    before = everything(engine)
    bring(engine, path, apply=True)
    assert everything(engine) == before and sum("placement_recorded" in row for row in before["fact"]) == 2
