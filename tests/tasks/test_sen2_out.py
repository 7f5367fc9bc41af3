"""The return from the database: errors block it, nothing is left behind, notes answer queries, memory stays bounded."""

import csv
import stat
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from lxml import etree

from models.facts import BadFact
from models.hand import Hand
from models.sen2.from_facts import world_of
from models.sen2.rule import School
from models.tables.cases import FactRow
from tasks.case_file import NewFact, NewPerson, open_case, record_many
from tasks.database import reading, writing
from tasks.people import record_particulars
from tasks.reading import NoSuchCase
from tasks.sen2_files.open import opened
from tasks.sen2_out import persons as streaming
from tasks.sen2_out.export import CannotExport, Order, check_order, export
from tasks.sen2_out.files import CannotWrite
from tasks.sen2_out.notes import notes_of, remove_note, write_note
from tasks.sen2_out.persons import everybody
from tasks.sen2_out.schools import BadSchools, read_schools
from tasks.settings import Sen2

TODAY = date(2027, 2, 10)
AT = datetime(2027, 2, 10, 9, 30, tzinfo=UTC)
HAND = Hand(AT, "officer-1")
TOLD = Sen2(council="201", dmo="Y", dco="Y", dsco="R", release="1.0")
OFFICER = {"decided_by": "officer-1"}
PLACE = {"rank": 1, "urn": "100001", "sen_unit": False, "resourced_provision": False}
WHOLE = [
    ("decided_to_assess", date(2026, 3, 10), OFFICER | {"reason_codes": ["plan_may_be_necessary"], "notified_on": date(2026, 3, 10)}),
    ("decided_to_issue", date(2026, 5, 20), OFFICER | {"reason_codes": ["plan_necessary"]}),
    ("draft_plan_served", date(2026, 5, 25), {"document": "d-1"}),
    ("final_plan_sent", date(2026, 6, 20), {"document": "p-1", "setting": "school-1"}),
    ("plan_setting_recorded", date(2026, 6, 20), PLACE), ("plan_terms_recorded", date(2026, 6, 20), {"personal_budget": False}),
    ("needs_recorded", date(2026, 6, 20), {"primary": "ASD"}),
    ("placement_recorded", date(2026, 9, 1), PLACE | {"entered_on": date(2026, 9, 1)})]


def plan(engine, number, facts=WHOLE, **particulars):
    """A case with a plan, and everything that the return asks; its reference."""
    ref = f"EHC-2026-{number:04d}"
    with writing(engine) as session:
        open_case(session, ref, NewPerson(f"Sam Ash{number}", date(2016, 5, 4)), NewFact(
            "request_received", date(2026, 2, 3), {"requested_by": "parent", "attends": "school"}), HAND, TODAY)
        record_many(session, [(ref, NewFact(kind, on, data)) for kind, on, data in facts], HAND, TODAY)
        record_particulars(session, ref, {"sex": "F", "ethnicity": "WBRI", "upn_unknown": "UN5"} | particulars)
    return ref


def run(engine, to, told=TOLD, **order):
    with export(engine, Order(**{"year": 2027, "council": told.council, "to": to} | order), told, AT, TODAY) as outcome:
        return outcome, [(one.rule, one.case_ref, note) for one, note in outcome.findings]


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_return_without_errors_is_written_whole_and_for_this_user_alone(engine, tmp_path):
    plan(engine, 1), plan(engine, 2)
    outcome, found = run(engine, tmp_path / "out")
    assert found == [] and outcome.is_complete and not outcome.is_draft
    assert outcome.path == tmp_path / "out" / "SEN2_201_2027_001.xml" and names(tmp_path / "out") == ["SEN2_201_2027_001.xml"]
    assert stat.S_IMODE(outcome.path.stat().st_mode) == 0o600
    tree = etree.parse(outcome.path)
    assert {one.text for one in tree.iterfind(".//Surname")} == {"Ash1", "Ash2"}
    source = {one.tag: one.text for one in tree.find(".//Source")}
    assert source == {"SourceLevel": "L", "LEA": "201", "SoftwareCode": "EHC", "Release": "1.0", "SerialNo": "001",
                      "DateTime": "2027-02-10T09:30:00", "DMO": "Y", "DCO": "Y", "DSCO": "R"}
    assert (outcome.persons, outcome.requests, outcome.plans) == (2, 2, 2)


def test_the_moment_is_that_of_clocks_in_england(engine, tmp_path):
    plan(engine, 1)
    summer = datetime(2027, 7, 1, 9, 30, tzinfo=UTC)
    with export(engine, Order(2027, "201", form=None), TOLD, summer, date(2027, 7, 1)) as outcome:
        assert outcome.header.made_at == "2027-07-01T10:30:00"


def test_the_nine_tables_stand_in_a_folder_of_their_own(engine, tmp_path):
    plan(engine, 1)
    outcome, _ = run(engine, tmp_path, form="csv")
    assert outcome.path == tmp_path / "SEN2_201_2027_001"
    assert names(outcome.path) == sorted(f"{name}.csv" for name in (
        "sen2", "person", "requests", "assessment", "namedplan", "plandetail", "activeplans", "placementdetail", "senneed"))
    person, = csv.DictReader((outcome.path / "person.csv").open(encoding="utf-8"))
    request, = csv.DictReader((outcome.path / "requests.csv").open(encoding="utf-8"))
    assert (person["surname"], person["personbirthdate"], person["sex"]) == ("Ash1", "2016-05-04", "F")
    assert (request["persontableid"], request["nativeid"], request["receiveddate"]) == ("1", "EHC-2026-0001", "2026-02-03")


@pytest.mark.parametrize("surname", ['=HYPERLINK("http://x")', "-Ash", "'=Ash", "'Ash"])
def test_no_cell_of_the_tables_is_taken_for_a_formula_and_read_again_the_name_is_the_same(engine, tmp_path, surname):
    plan(engine, 1, surname=surname, forename="Sam")
    outcome, _ = run(engine, tmp_path, form="csv")
    person, = csv.DictReader((outcome.path / "person.csv").open(encoding="utf-8"))
    assert person["surname"][0] not in "=+-@"
    with opened(str(outcome.path)) as told:
        assert [one.surname for one in told.persons()] == [surname]


def test_errors_block_it_and_leave_nothing_behind(engine, tmp_path):
    plan(engine, 1), plan(engine, 2, sex=None)
    for form in ("xml", "csv"):
        outcome, found = run(engine, tmp_path / "out", form=form)
        assert outcome.path is None and found == [("P01", "EHC-2026-0002", None)] and names(tmp_path / "out") == []


@pytest.mark.parametrize("form, to, name", [
    ("xml", ".", "DRAFT_SEN2_201_2027_001.xml"), ("csv", ".", "DRAFT_SEN2_201_2027_001"), ("xml", "mine.xml", "DRAFT_mine.xml")])
def test_a_draft_is_written_in_spite_of_errors_and_named_so(engine, tmp_path, form, to, name):
    plan(engine, 1, sex=None)
    outcome, _ = run(engine, tmp_path / to, form=form, even_so=True)
    assert outcome.is_draft and outcome.path == tmp_path / name and outcome.path.exists()
    clean, _ = run(engine, tmp_path, even_so=True, told=TOLD, serial="002", form=None)
    assert clean.path is None


def test_without_errors_even_so_writes_no_draft(engine, tmp_path):
    plan(engine, 1)
    outcome, _ = run(engine, tmp_path, even_so=True)
    assert not outcome.is_draft and outcome.path.name == "SEN2_201_2027_001.xml"


def test_a_file_that_is_there_is_never_overwritten(engine, tmp_path):
    plan(engine, 1)
    first, _ = run(engine, tmp_path)
    before = first.path.read_bytes()
    with pytest.raises(CannotWrite, match="is there already. Raise the serial number"):
        run(engine, tmp_path)
    assert first.path.read_bytes() == before
    assert run(engine, tmp_path, serial="002")[0].path.name == "SEN2_201_2027_002.xml"


def test_where_nothing_can_be_written_it_says_so(engine, tmp_path):
    plan(engine, 1)
    (tmp_path / "a-file").write_text("")
    with pytest.raises(CannotWrite, match="another place with --to"):
        run(engine, tmp_path / "a-file" / "out")


def test_what_a_call_that_was_killed_left_behind_does_not_matter(engine, tmp_path):
    plan(engine, 1)
    (tmp_path / ".SEN2_201_2027_001.xml.persons").write_text("half")
    (tmp_path / ".SEN2_201_2027_001.xml.part").write_text("half")
    outcome, _ = run(engine, tmp_path)
    assert "half" not in outcome.path.read_text() and not [name for name in names(tmp_path) if name.startswith(".")]


@pytest.mark.parametrize("order, told, says", [
    ({"year": 2022}, TOLD, "The layout of the return of 2022 is not known: those of 2023 to 2027 are"),
    ({"year": 2028}, TOLD, "models/sen2/layout.py"), ({}, Sen2(), "EHC_SEN2__COUNCIL=201"),
    ({"council": "999"}, TOLD, "999 is not the number"), ({"serial": "1"}, TOLD, "three digits"), ({"serial": "000"}, TOLD,
    "from 001")])
def test_a_call_that_cannot_be_carried_out_says_why(order, told, says):
    with pytest.raises(CannotExport, match=says):
        check_order(Order(**{"year": 2027, "council": told.council} | order))


def test_an_empty_return_is_none(engine, tmp_path):
    with pytest.raises(CannotExport, match="No case on record belongs into the return of 2027"):
        run(engine, tmp_path)


def test_what_is_not_set_about_the_council_is_an_error_with_its_setting(engine, tmp_path):
    plan(engine, 1)
    outcome, found = run(engine, tmp_path, told=Sen2(council="201"))
    assert {rule for rule, _, _ in found} == {"H05"} and outcome.path is None
    with export(engine, Order(2027, "201", form=None), Sen2(council="201"), AT, TODAY) as again:
        assert {one.do.partition("`")[2] for one, _ in again.findings} == {"EHC_SEN2__DMO=Y`", "EHC_SEN2__DCO=Y`",
        "EHC_SEN2__DSCO=Y`"}


# --- the stream ------------------------------------------------------------------------------------------------------

def test_cases_come_in_batches_and_those_of_one_person_in_one(engine, monkeypatch):
    refs = [plan(engine, number) for number in range(1, 8)]
    monkeypatch.setattr(streaming, "CASES_AT_ONCE", 2)
    told, seen = [], []
    with reading(engine) as session:
        for one in everybody(session, world_of(2027), "year_end", lambda done, of: seen.append((done, of))):
            told.append(one.person.requests[0].key)
    assert sorted(told) == refs and seen[-1] == (7, 7) and len(seen) == 4


def test_a_case_that_cannot_be_worked_out_is_named_and_blocks_the_return(engine, tmp_path):
    plan(engine, 1), plan(engine, 2)
    with engine.begin() as connection:              # as no door would write it
        head = dict(case_ref="EHC-2026-0002", number=99, kind="fact_corrected", happened_on=date(2026, 7, 1), recorded_at=AT,
                    recorded_by="x", data='{"replaces":77}', previous_hash="0" * 64, hash="1" * 64)
        connection.execute(sa.insert(FactRow.__table__), head)
    outcome, found = run(engine, tmp_path)
    assert found == [("F03", "EHC-2026-0002", None)] and outcome.path is None and outcome.persons == 1


def test_a_case_in_which_nobody_is_named_is_found(engine, tmp_path):
    plan(engine, 1)
    with writing(engine) as session:
        open_case(session, "EHC-2026-0002", None, NewFact("request_received", date(2026, 12, 3), {"requested_by": "parent"}), HAND,
        TODAY)
    outcome, found = run(engine, tmp_path)
    assert found == [("F01", "EHC-2026-0002", None)] and outcome.path is None


def test_the_words_of_a_setting_come_from_where_they_can_be_erased(engine, tmp_path):
    other = [*WHOLE[:-1], ("placement_recorded", date(2026, 9, 1), {"rank": 1, "setting_code": "NIEO", "note": "in hospital"})]
    plan(engine, 1, other)
    outcome, _ = run(engine, tmp_path)
    assert etree.parse(outcome.path).findtext(".//PlacementDetail/SENSettingOther") == "in hospital"


# --- notes ------------------------------------------------------------------------------------------------------------

NO_BUDGET = [one for one in WHOLE if one[0] != "plan_terms_recorded"]


def test_a_return_whose_queries_are_answered_by_notes_is_complete(engine, tmp_path):
    ref = plan(engine, 1, NO_BUDGET)
    outcome, found = run(engine, tmp_path)
    assert found == [("N03", ref, None)] and not outcome.is_complete and outcome.path.exists()
    with writing(engine) as session:
        write_note(session, 2027, ref, "N03", "the family has not decided yet", HAND)
    outcome, found = run(engine, tmp_path, serial="002")
    assert found == [("N03", ref, "the family has not decided yet")] and outcome.is_complete and outcome.findings.noted == 1


def test_a_note_is_of_one_year_and_can_be_replaced_and_taken_out(engine):
    ref = plan(engine, 1)
    with writing(engine) as session:
        write_note(session, 2027, ref, "N03", "one", HAND)
        write_note(session, 2027, ref, "N03", "two", HAND)
        write_note(session, 2027, "", "R22", "of the whole return", HAND)
    with reading(engine) as session:
        assert notes_of(session, 2027) == {(ref, "N03"): "two", ("", "R22"): "of the whole return"} and notes_of(session, 2026) == {}
    with writing(engine) as session:
        assert remove_note(session, 2027, ref, "N03") and not remove_note(session, 2027, ref, "N03")


def test_an_error_cannot_be_answered_and_what_is_not_there_has_no_note(engine):
    ref = plan(engine, 1)
    for rule, says in (("P01", "P01 is an error: a note does not answer it"), ("Z99", "There is no rule 'Z99'")):
        with pytest.raises(BadFact, match=says), writing(engine) as session:
            write_note(session, 2027, ref, rule, "why", HAND)
    with pytest.raises(BadFact, match="blank"), writing(engine) as session:
        write_note(session, 2027, ref, "N03", "  ", HAND)
    with pytest.raises(BadFact, match="2000 are the most"), writing(engine) as session:
        write_note(session, 2027, ref, "N03", "x" * 2001, HAND)
    with pytest.raises(NoSuchCase), writing(engine) as session:
        write_note(session, 2027, "EHC-2026-0009", "N03", "why", HAND)


# --- the register of schools ----------------------------------------------------------------------------------------

HEAD = '"URN","EstablishmentName","TypeOfEstablishment (code)","OpenDate","CloseDate","TypeOfResourcedProvision (name)"\n'


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_the_register_of_schools_is_read_in_both_encodings(tmp_path: Path, encoding):
    file = tmp_path / "edubasealldata.csv"
    file.write_text(HEAD + '"100001","St Zoë’s","01","01-09-1990","","Resourced provision and SEN unit"\n'
                    '"100002","Old","18","","31-08-2020","Not applicable"\n', encoding=encoding)
    assert read_schools(file) == {"100001": School("01", date(1990, 9, 1), None, True, True),
                                  "100002": School("18", None, date(2020, 8, 31), False, False)}


@pytest.mark.parametrize("content, says", [
    ("a,b\n1,2\n", "it has no column URN"), (HEAD, "holds no school"), ("", "it has no column URN")])
def test_another_file_is_no_register_of_schools(tmp_path, content, says):
    file = tmp_path / "schools.csv"
    file.write_text(content)
    with pytest.raises(BadSchools, match=says):
        read_schools(file)
    with pytest.raises(BadSchools, match="EHC_GIAS_FILE or --gias"):
        read_schools(tmp_path / "nowhere.csv")


def test_with_the_register_its_rules_are_run(engine, tmp_path):
    ref = plan(engine, 1)
    without, _ = run(engine, tmp_path, form=None)
    assert [rule.id for rule in without.not_run] == ["S10", "S11", "S12"]
    outcome, found = run(engine, tmp_path, form=None, register={"100002": School("01")})
    assert outcome.not_run == () and found == [("S10", ref, None)] * 2
