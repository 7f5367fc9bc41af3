"""A child is erased, and the proof stays: nothing that names the child is left, both verifiers are content, and a call that was cut
short is finished by the next."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models.certificate import Certificate, counts
from models.facts import BadFact
from models.hand import Hand
from models.note import Checkpoint, hash_of, read_keys, verified
from models.retention import PERSONAL, Policy
from models.tables.cases import MessageRow
from models.tables.people import ErasureRow, ParticularsRow, Person, ReturnNoteRow
from models.tables.running import DataQualityRow, RunRow
from notifications.eml import file_name
from tasks import database, erased, erasing, trail, verify
from tasks.case_file import (
    CannotBear, Files, NewContact, NewFact, NewPerson, NoSuchCase, add_contact, open_case, record)
from tasks.database import Busy, reading, writing
from tasks.documents import Store
from tasks.erasing import NotErased, erase, preview
from tasks.export import export, roots_of
from tasks.import_export import import_export
from tasks.people import name_person
from tasks.prove import prove
from tasks.rebuild import rebuild
from tasks.retention import listed
from tasks.seal import NotSealed
from tasks.seal_key import NoKey
from tasks.settings import Settings
from tests.tasks.sealing import Trail

BORN = date(2005, 9, 12)
DUE = date(2036, 9, 12)
DAY = timedelta(days=1)
MARK, HOME, SAID, MADE = "Qzarth", "7 Vermilion Row", "She hid under the crimson table", b"%PDF-1.4 %%EOF the xanthic report of the school %%EOF\n"
KIN = "Bartholomea"
CASES = ("A1", "A2")
OTHER = "B1"


def hand(by: str = "o-1", on: date = DUE) -> Hand:
    return Hand(datetime(on.year, on.month, on.day, 9, tzinfo=UTC), by)


def clock() -> datetime:
    return datetime(2036, 9, 12, 9, 0, 5, tzinfo=UTC)


class Life:
    """Two cases about one child and one about another, lived to their end, with everything that an erasure has to find."""

    def __init__(self, engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.us = Settings(database_url=str(engine.url), documents_dir=folder / "documents", outbox_dir=folder / "outbox",
                           seal_dir=folder / "seals", seal_key=folder / "key.pem", retention=Policy(plan=31, no_plan=25))
        self.trail = Trail(engine, self.us.seal_dir, self.us.seal_key)
        with writing(engine) as session:
            first = NewFact("request_received", date(2016, 3, 1), {"requested_by": "parent"})
            opened = open_case(session, "A1", NewPerson(f"{MARK} Ash", BORN, HOME), first, hand(on=date(2016, 3, 1)), DUE,
                               contacts=[NewContact("family", KIN, HOME, "kin@vermilion.example")])
            person = self.person_of(session, opened.case.ref)
            open_case(session, "A2", person, NewFact("request_received", date(2020, 3, 1), {"requested_by": "parent"}), hand(), DUE)
            open_case(session, OTHER, NewPerson("Somebody Else", date(2010, 1, 1), "Elsewhere"), first, hand(), DUE)
            session.add(ParticularsRow(person_ref=person, surname=MARK, upn="H801200001001"))
            session.add(ReturnNoteRow(year=2026, case_ref="A1", rule="1", note=f"{MARK} moved", written_at=hand().at, written_by="o-1"))
            for number, whose in enumerate(({"case_ref": "A2"}, {"person_ref": person}, {"case_ref": OTHER})):
                session.add(DataQualityRow(key=str(number), number=number, rule="1", level="error", place="x", says="y", do="z",
                                           sha256="0" * 64, found_on=DUE, value="it" if "B1" in whose.values() else MARK, **whose))
        self.record("A1", "final_plan_sent", date(2016, 7, 1), note=SAID)
        self.record("A1", "child_died", date(2030, 7, 1), note=f"as {MARK} asked")
        self.record("A2", "moved_away", date(2020, 4, 1), to="kent", note=SAID)
        self.record(OTHER, "moved_away", date(2020, 4, 1), to="kent", note="of the other")
        store = Store(self.us.documents_dir, 1000)
        source = folder / "in.pdf"
        source.write_bytes(MADE)
        for ref in ("A1", OTHER):
            with writing(engine) as session, source.open("rb") as file, store.draft(file, "it.pdf" if ref == OTHER else f"{MARK}.pdf") as draft:
                store.keep(session, ref, draft, hand())
        source.unlink()
        for ref in ("A1", OTHER):
            self.letter(ref, "sent", f"Dear {KIN}: {SAID}")
        self.letter("A2", "queued", None)

    @staticmethod
    def person_of(session, ref: str) -> str:
        return session.connection().exec_driver_sql(f"SELECT person_ref FROM case_file WHERE ref = '{ref}'").scalar()

    def record(self, ref: str, kind: str, on: date, **data) -> None:
        with writing(self.engine) as session:
            record(session, ref, kind, on, data, hand(), DUE)

    def letter(self, ref: str, status: str, body: str | None) -> None:
        key = f"{ref}/reminder/family/{status}"
        with writing(self.engine) as session:
            files = Files(session, DUE)
            files.take([ref])
            number, _ = files.add(ref, NewFact("message_queued", DUE, {"message": "reminder", "recipient": "family"}, key), hand())
            if status == "sent":
                files.add(ref, NewFact("message_sent", DUE, {"sha256": "0" * 64, "channel": "eml"}, key), hand())
            files.write()
            session.add(MessageRow(key=key, case_ref=ref, message="reminder", to_role="family", fact_number=number, queued_at=hand().at,
                                   status=status, sha256="0" * 64 if status == "sent" else None, problem=f"{ref}: {'' if ref == OTHER else MARK}?"))
        if body:
            path = self.us.outbox_dir / "family" / f"{file_name(key)}.eml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)

    def erase(self, ref: str = "A1", *, by: str = "o-1", second: str = "o-2", because: str = "as the policy says", on: date = DUE):
        return erase(self.engine, self.us, ref, hand(by), second, because, on, clock)

    def on_disk(self) -> bytes:
        """Every byte that the database and the folders hold."""
        if self.engine.dialect.name == "sqlite":
            return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("CHECKPOINT")
            data = Path(connection.exec_driver_sql("SHOW data_directory").scalar())
            names = connection.exec_driver_sql(
                "SELECT pg_relation_filepath(c.oid) FROM pg_class c WHERE c.relkind IN ('r', 'i', 't') AND c.relnamespace IN"
                " ('public'::regnamespace, 'pg_toast'::regnamespace)").scalars().all()
        kept = [path.read_bytes() for path in self.folder.rglob("*") if path.is_file()]
        return b"".join([*((data / name).read_bytes() for name in names if (data / name).exists()), *kept])

    def row(self) -> ErasureRow:
        with reading(self.engine) as session:
            return session.exec(select(ErasureRow)).one()

    def findings(self) -> list[str]:
        with reading(self.engine) as session:
            log = self.trail.log()
            return [str(one) for one in (*trail.verify(session).findings, *log.findings, *erased.findings(session, log.keys))]


TRACES = [MARK.encode(), HOME.encode(), SAID.encode(), KIN.encode(), b"kin@vermilion", b"2005-09-12", b"H801200001001"]


@pytest.fixture
def life(engine, tmp_path) -> Life:
    made = Life(engine, tmp_path)
    made.trail.make_key()
    return made


# --- what goes, and what stays -------------------------------------------------------------------------------------

def test_nothing_that_names_the_child_is_left_on_the_disk(life):
    before = life.on_disk()
    as_text = [trace for trace in TRACES if life.engine.dialect.name == "sqlite" or trace != b"2005-09-12"]
    assert [trace for trace in as_text if trace not in before] == [] and MADE in before
    done = life.erase()
    after = life.on_disk()
    # The letter to the other family and the other child's document are as they were.
    other = [life.us.outbox_dir / "family" / f"{file_name('B1/reminder/family/sent')}.eml"]
    left = after.replace(other[0].read_bytes(), b"")
    assert [trace for trace in TRACES if trace in left] == []
    assert after.count(MADE) == 1
    assert done.cases == CASES and not done.again


def test_the_other_child_keeps_everything(life):
    life.erase()
    with reading(life.engine) as session:
        assert [person.name for person in session.exec(select(Person))] == ["Somebody Else"]
        assert [row.value for row in session.exec(select(DataQualityRow))] == ["it"]
        assert [body for body in trail.show(session, OTHER).texts.values()] == ["of the other"]
    assert len(list((life.us.documents_dir / OTHER).iterdir())) == 1 and not (life.us.documents_dir / "A1").exists()
    assert (life.us.outbox_dir / "family" / f"{file_name('B1/reminder/family/sent')}.eml").exists()


def test_the_trail_still_verifies_with_ours_and_with_the_plain_verifier(life):
    life.trail.seal()
    with reading(life.engine) as session:
        held = life.trail.notes()[-1]
        facts = {ref: trail.show(session, ref).facts for ref in CASES}
    life.erase()
    assert life.findings() == []
    with reading(life.engine) as session:
        assert rebuild(session, check=True).is_right
        for ref in CASES:
            assert trail.show(session, ref).facts[:len(facts[ref])] == facts[ref]
            assert verify.check(prove(session, [ref], held)[ref])
        report = trail.verify(session)
    assert report.is_sound and report.erased == 3


def test_the_fact_says_who_asked_who_approved_and_why_in_every_case_about_the_child(life):
    life.erase(because="31 years are over")
    with reading(life.engine) as session:
        for ref in CASES:
            shown = trail.show(session, ref)
            last = [fact for fact in shown.facts if fact.kind == "personal_data_erased"]
            assert len(last) == 1 and '"decided_by":"o-1"' in last[0].data and '"approved_by":"o-2"' in last[0].data
            assert '"rule":"plan 31"' in last[0].data and "2036" not in last[0].data
            assert list(shown.texts.values()) == ["31 years are over"]
        assert not [fact for fact in trail.show(session, OTHER).facts if fact.kind == "personal_data_erased"]


def test_what_waited_to_be_sent_is_given_up_and_what_errors_said_is_gone(life):
    life.erase()
    with reading(life.engine) as session:
        rows = {row.key: row for row in session.exec(select(MessageRow))}
        assert rows["A2/reminder/family/queued"].status == "failed" and rows["A1/reminder/family/sent"].status == "sent"
        assert [rows[key].problem for key in sorted(rows)] == [None, None, "B1: ?"]
        failed = [fact for fact in trail.show(session, "A2").facts if fact.kind == "message_failed"]
        assert len(failed) == 1 and "no_longer_wanted" in failed[0].data


def test_the_certificate_is_signed_names_both_checkpoints_and_tells_no_birth_date(life):
    done = life.erase()
    log = life.trail.log()
    says = Certificate.read(verified(done.certificate, log.keys))
    assert (says.cases, says.rule, says.years, says.by, says.approved_by) == (CASES, "plan", 31, "o-1", "o-2")
    notes = {signed.number: signed.note for signed in log.checkpoints}
    assert says.before == (1, hash_of(notes[1])) and says.after == (2, hash_of(notes[2]))
    assert Checkpoint.read(verified(notes[2], log.keys)).size > Checkpoint.read(verified(notes[1], log.keys)).size
    assert counts(done.inventory) == {
        "person": 1, "particulars": 1, "contact": 1, "return_note": 1, "data_quality": 2, "text": 3, "document": 1, "file": 2}
    assert done.path.read_text() == f"{done.certificate}\n{done.inventory}" == life.row().note + "\n" + life.row().inventory
    assert ("nothing in the database file" if life.engine.dialect.name == "sqlite" else "nothing in the tables") in says.remains
    assert not [trace for trace in TRACES if trace in done.path.read_bytes()]


def test_a_preview_says_the_same_and_changes_nothing(life):
    with reading(life.engine) as session:
        would = preview(session, life.us, "A2", DUE)
    assert would.stands.cases == CASES and would.stands.state(DUE) == "due"
    done = life.erase("A2")
    assert done.inventory.splitlines()[2:] == would.inventory.splitlines()[2:]


# --- what stands in the way ----------------------------------------------------------------------------------------

def refused(life: Life, match: str, error=NotErased, **more) -> None:
    before = life.on_disk() if life.engine.dialect.name == "sqlite" else None
    with pytest.raises(error, match=match):
        life.erase(**more)
    with reading(life.engine) as session:
        assert len(session.exec(select(Person)).all()) == 2 and not session.exec(select(ErasureRow)).all()
    assert (life.us.documents_dir / "A1").exists() and (before is None or MADE in life.on_disk())


def test_the_day_before_it_is_refused_and_on_the_day_it_is_done(life):
    refused(life, "nothing is due for erasure before Fri 12 Sep 2036", on=DUE - DAY)
    life.erase(on=DUE)


def test_one_person_alone_cannot(life):
    refused(life, "o-1 cannot both", second="o-1")


def test_a_hold_in_one_case_protects_the_child_in_all(life):
    life.record("A2", "legal_hold_placed", DUE - DAY, ground="ombudsman", decided_by="o-9", because="complaint 26 001")
    refused(life, "legal hold \\(ombudsman\\) since Thu 11 Sep 2036, by o-9", ref="A1")
    life.record("A2", "legal_hold_lifted", DUE, ground="ombudsman", decided_by="o-9", because="decided")
    assert life.erase("A1").cases == CASES


def test_a_lift_without_a_hold_is_refused(life):
    with pytest.raises(CannotBear, match="no legal hold for appeal is on record"):
        life.record("A1", "legal_hold_lifted", DUE, ground="appeal", decided_by="o-9", because="x")


def test_a_case_that_goes_on_a_longer_period_and_an_unset_policy(life):
    life.us = life.us.model_copy(update={"retention": Policy(no_plan=25)})
    refused(life, "EHC_RETENTION__PLAN")
    life.us = life.us.model_copy(update={"retention": Policy(plan=31)})
    life.record("A1", "longer_retention_decided", DUE, years=75, decided_by="o-9", because="looked after")
    refused(life, "before Thu 12 Sep 2080")


def test_an_open_case_about_the_same_child(life):
    with writing(life.engine) as session:
        open_case(session, "A3", life.person_of(session, "A1"), NewFact("became_responsible", date(2027, 1, 1), {}), hand(), DUE)
    refused(life, "A3 has not ended")


def test_a_reason_that_names_the_child_or_its_kin_is_refused(life):
    for name in (MARK.lower(), KIN, "Ash"):
        refused(life, "holds a name", because=f"the file of {name}")


def test_without_a_birth_date_or_a_person_or_a_case(life):
    with writing(life.engine) as session:
        session.connection().execute(sa.text("UPDATE person SET birth_date = NULL WHERE name LIKE 'Qz%'"))
        open_case(session, "C1", None, NewFact("request_received", date(2016, 3, 1), {"requested_by": "parent"}), hand(), DUE)
    refused(life, "the birth date is not known")
    refused(life, "nobody is named in it", ref="C1")
    with pytest.raises(NoSuchCase):
        life.erase("A9")
    with reading(life.engine) as session:
        found = listed(session, life.us.retention, DUE)
    assert [(one.cases, one.state(DUE)) for one in found] == [(("A1", "A2"), "unknown"), (("C1",), "unknown"), (("B1",), "due")]


def test_a_record_that_was_changed_or_cannot_be_signed_is_not_erased(life):
    life.trail.seal()
    without = replace(life.trail)
    key = life.us.seal_key.read_bytes()
    life.us.seal_key.unlink()
    refused(life, "does not exist", error=ValueError)
    life.us = life.us.model_copy(update={"seal_key": None})
    refused(life, "EHC_SEAL_KEY", error=NoKey)
    life.us = life.us.model_copy(update={"seal_key": without.key})
    without.key.write_bytes(key)
    without.key.chmod(0o600)
    life.trail.spoil("UPDATE fact SET recorded_by = 'x' WHERE case_ref = 'B1' AND number = 1")
    refused(life, "B1: fact 1 was altered", error=NotSealed)


# --- cut short, twice, at once --------------------------------------------------------------------------------------

class Killed(BaseException):
    pass


STEPS = [(erasing, "seal"), (erasing, "_begin"), (erasing, "delete_rows"), (erasing, "_give_up_messages"), (erasing, "files_of"),
         (erasing, "clean"), (erasing, "sign"), (erasing, "_write"), (Path, "unlink")]


KILLED = [("sqlite", step, after) for step in STEPS for after in (False, True)]
KILLED += [("postgresql", (erasing, name), True) for name in ("delete_rows", "_begin", "files_of", "clean")]


@pytest.mark.parametrize("database_url, step, after", KILLED, indirect=["database_url"],
                         ids=[f"{kind}-{step[1]}-{'after' if after else 'before'}" for kind, step, after in KILLED])
def test_killed_at_any_step_nothing_is_half_and_the_next_call_finishes(life, monkeypatch, step, after):
    module, name = step
    real = getattr(module, name)

    def dying(*args, **kwargs):
        if after:
            real(*args, **kwargs)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(module, name, dying)
        with pytest.raises(Killed):
            life.erase()
    with reading(life.engine) as session:
        gone = not session.exec(select(Person).where(Person.name.like(f"{MARK}%"))).all()
        recorded = [erasing.begun(session, ref) is not None for ref in CASES]
        assert recorded == [gone, gone]
        assert ("unfinished" in [one.state(DUE) for one in listed(session, life.us.retention, DUE)]) == gone
    assert life.findings() == []
    done = life.erase("A2")
    assert done.cases == CASES and life.row().note == done.certificate and done.path.exists()
    assert life.findings() == []
    assert not [trace for trace in TRACES[:1] if trace in life.on_disk()]
    with reading(life.engine) as session:
        assert len([fact for fact in trail.show(session, "A1").facts if fact.kind == "personal_data_erased"]) == 1


def test_again_changes_nothing_and_says_so(life):
    first = life.erase()
    facts = len(life.trail.rows("fact", "case_ref, number"))
    again = life.erase("A2", by="o-7", second="o-8", because="again")
    assert again.again and again.certificate == first.certificate and len(life.trail.rows("fact", "case_ref, number")) == facts


def test_what_a_backup_brought_back_is_found_and_erased_anew(life):
    life.erase()
    with writing(life.engine) as session:
        session.add(Person(ref=life.person_of(session, "A1"), name=f"{MARK} Ash", birth_date=BORN))
    assert any("the table person holds some again: `ehc erase A" in line for line in life.findings())
    place = life.us.documents_dir / "A1" / "x"
    place.parent.mkdir()
    place.write_bytes(MADE)
    life.erase()
    assert life.findings() == [] and not place.exists()


def test_a_reader_in_the_way_leaves_it_unfinished_and_the_next_call_finishes(life, monkeypatch):
    """A reader that still sees the rows keeps their pages: the rows are gone, and it is not called finished."""
    monkeypatch.setattr(database, "PATIENCE", 1)
    quick = database.engine.__wrapped__(life.engine.url.render_as_string(hide_password=False))
    with reading(life.engine) as session:
        session.exec(select(RunRow)).all()
        with pytest.raises(Busy, match="Make the same call again"):
            erase(quick, life.us, "A1", hand(), "o-2", "as the policy says", DUE, clock)
    quick.dispose()
    assert life.row().note is None
    life.erase()
    assert life.row().note is not None and MARK.encode() not in life.on_disk()


def test_nothing_is_recorded_sent_or_named_in_an_erased_case(life):
    life.erase()
    with pytest.raises(CannotBear, match="personal data were erased"):
        life.record("A1", "legal_hold_placed", DUE, ground="appeal", decided_by="o", because="late")
    with pytest.raises(BadFact, match="nobody is named in it again"), writing(life.engine) as session:
        name_person(session, "A1", name="Sam", born=None, address=None)
    with pytest.raises(BadFact, match="nobody is named in it again"), writing(life.engine) as session:
        add_contact(session, "A2", NewContact("family", "Jo"), DUE, "o-1")
    assert life.findings() == []


# --- certificates are checked --------------------------------------------------------------------------------------

@pytest.mark.parametrize("statement, says", [
    ("UPDATE erasure SET inventory = 'x'", "certificate 1: its inventory is not the one that fact"),
    ("UPDATE erasure SET approved_by = 'o-1'", "certificate 1: what is kept beside it is not what was signed"),
    ("UPDATE erasure SET cases = 'A1'", "certificate 1: it names other cases"),
    ("UPDATE erasure SET note = replace(note, 'o-2', 'o-3')", "certificate 1: it was altered: its signature does not hold"),
    ("UPDATE erasure SET note = 'x'", "certificate 1: it was altered"),
    ("DELETE FROM erasure", "names the certificate 1 of an erasure, and there is none"),
])
def test_a_certificate_that_was_changed_or_removed_is_found(life, statement, says):
    life.erase()
    life.trail.spoil(statement)
    assert any(says in line for line in life.findings()), life.findings()


def test_a_certificate_goes_along_in_an_export(life, tmp_path_factory):
    done = life.erase()
    folder = tmp_path_factory.mktemp("export")
    export(life.engine, roots_of(life.us), folder / "out", clock())
    into = {name: folder / name for name in ("documents", "outbox", "seals")}
    other = database.engine(f"sqlite:///{folder}/other.sqlite")
    import_export(other, into, folder / "out")
    with reading(other) as session:
        assert session.exec(select(ErasureRow)).one().note == done.certificate
        notes = [row.note for row in session.connection().execute(sa.text("SELECT note FROM seal_key"))]
        assert erased.findings(session, read_keys(notes)) == []
    assert erasing.place(into["seals"], 1).read_text() == done.path.read_text()
    assert set(PERSONAL)
    other.dispose()
