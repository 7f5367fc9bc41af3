"""What is exported is read in to the same trail, on either database; what was changed on the way is refused, file and line named."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from models.export import NOT_EXPORTED, SECRETS, BadExport, Manifest, exported, is_known_type, line, reader
from models.tables.agencies import AgencyContactRow, AgencyRow
from models.tables.people import Contact
from models.tables.running import RunRow, WatchRound
from tasks import database, import_export as importing, trail
from tasks.case_file import NewContact, NewPerson, open_case, record
from tasks.database import reading, writing
from tasks.documents import Store
from tasks.export import CannotExport, Exported, export
from tasks.import_export import Imported, NotEmpty, import_export
from tasks.log import read_log
from tasks.prove import prove
from tasks.rebuild import rebuild
from tasks.seal_files import SealFiles
from tests.harness import databases
from tests.tasks.builders import ANN, REF, TODAY, a_request, day, hand
from tests.tasks.sealing import AT, Trail, built

LETTER = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
ODD = "Zoë said \u2028 \"no\"\n\\ %s 李"


def roots(folder: Path) -> dict[str, Path]:
    return {"documents": folder / "documents", "outbox": folder / "outbox", "seals": folder / "seals"}


def lived(engine, folder: Path) -> Trail:
    """A sealed trail with something in every kind of table that a case needs, and a file of each kind."""
    made = built(engine, folder)
    store = Store(folder / "documents", 1000)
    with writing(engine) as session:
        open_case(session, REF, NewPerson(ANN.name, ANN.birth_date, ODD), a_request(), hand(), TODAY,
                  contacts=[NewContact("family", "Jo", None, "jo@example.org"), NewContact("family", "Al", None, "json://u:pass@h/x")])
        record(session, REF, "refused_to_assess", day(3), {"decided_by": "o-1", "reasons": ODD}, hand(), TODAY)
        record(session, REF, "views_received", day(4), {"note": "more"}, hand(), TODAY)
        session.add(AgencyRow(ref="trust", kind="health", name="Trust", roles="health", weekdays="0 1 2"))
        session.flush()
        session.add(AgencyContactRow(agency_ref="trust", ref="desk", role="desk", name="Desk", channel="json://u:secret@h/x",
                                     since=TODAY, verified_on=TODAY, verified_by="o-2"))
        session.add(AgencyContactRow(agency_ref="trust", ref="post", role="desk", name="Post", channel="post@trust.example",
                                     since=TODAY, verified_on=TODAY, verified_by="o-2"))
        session.add(WatchRound(on=TODAY, started_at=AT, ended_at=AT + timedelta(microseconds=5), cases=3))
        session.add(RunRow(id="r-1", flow="watch", started_at=AT, state="Completed"))
        source = folder / "in.pdf"
        source.write_bytes(LETTER)
        with source.open("rb") as file, store.draft(file, "advice.pdf") as draft:
            store.keep(session, REF, draft, hand())
    (folder / "outbox" / "family").mkdir(parents=True)
    (folder / "outbox" / "family" / "one.eml").write_text("Subject: x\n\ny\n")
    made.seal()
    return made


def written(engine, folder: Path, name: str = "export", **more) -> tuple[Path, Exported]:
    return folder / name, export(engine, roots(folder), folder / name, AT, **more)


@pytest.fixture
def source(engine, tmp_path) -> Trail:
    return lived(engine, tmp_path / "a")


@pytest.fixture(scope="module")
def kept(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("once")
    engine = databases.sqlite(folder / "ehc.sqlite")
    lived(engine, folder)
    written(engine, folder)
    engine.dispose()
    return folder / "export"


@pytest.fixture
def once(kept, tmp_path) -> Path:
    """A copy of one export, to be changed."""
    return shutil.copytree(kept, tmp_path / "export")


def read_in(folder: Path, into: Path, url: str | None = None, **more) -> tuple[sa.Engine, Imported]:
    engine = database.engine(url or f"sqlite:///{into}/ehc.sqlite")
    return engine, import_export(engine, roots(into), folder, **more)


def rows(engine) -> dict[str, list[tuple]]:
    with reading(engine) as session:
        return {table.name: [tuple(row) for row in session.connection().execute(
            sa.select(table).order_by(*(sa.type_coerce(c, sa.String).collate("C") if engine.dialect.name == "postgresql" and isinstance(
                c.type, sa.String) else c for c in table.primary_key)))] for table in exported()}


def tree(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# --- there and back ------------------------------------------------------------------------------------------------

def test_what_is_read_in_is_the_same_to_the_last_hash_on_either_database_and_back(source, tmp_path, request):
    there = request.getfixturevalue("empty_postgresql_url" if source.engine.dialect.name == "sqlite" else "empty_sqlite_url")
    folder, told = written(source.engine, tmp_path / "a", channels=True)
    other, done = read_in(folder, tmp_path / "b", there, expected=told.sha256)
    assert other.dialect.name != source.engine.dialect.name
    assert (done.put_right, done.checkpoint, done.facts) == (0, 4, told.manifest.tables["fact"].rows)
    assert rows(other) == rows(source.engine)
    for where in (source.engine, other):
        with reading(where) as session:
            assert trail.verify(session).is_sound and rebuild(session, check=True).is_right
    with reading(other) as session:
        log = read_log(session, SealFiles(tmp_path / "b" / "seals"))
        assert log.findings == [] and [signed.note for signed in log.checkpoints] == source.notes()
        proofs = prove(session, [REF, "A1"])
    with reading(source.engine) as session:
        assert proofs == prove(session, [REF, "A1"])
    again, twice = written(other, tmp_path / "b", channels=True)
    assert tree(again) == tree(folder) and twice.sha256 == told.sha256
    for name, root in roots(tmp_path / "b").items():
        assert tree(root) == tree(roots(tmp_path / "a")[name])


def test_the_record_goes_on_where_it_was_read_in(source, tmp_path, request):
    """Counters go on after the numbers that were read in, triggers refuse as before, and sealing goes on with the same key."""
    folder, _ = written(source.engine, tmp_path / "a")
    url = request.getfixturevalue("empty_postgresql_url" if source.engine.dialect.name == "sqlite" else "empty_sqlite_url")
    engine, _ = read_in(folder, tmp_path / "b", url)
    other = Trail(engine, tmp_path / "b" / "seals", source.key, hour=9)
    with writing(engine) as session:
        session.add(Contact(case_ref=REF, role="family", name="Third", since=TODAY))
        session.add(WatchRound(on=TODAY, started_at=AT))
    other.record("A1", 9)
    assert other.seal().number == 5 and other.log().findings == []
    with pytest.raises(sa.exc.DBAPIError), engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM fact")


def test_an_empty_record_can_be_exported(engine, tmp_path):
    folder, _ = written(engine, tmp_path / "a")
    _, done = read_in(folder, tmp_path / "b", f"sqlite:///{tmp_path}/new.sqlite")
    assert (done.rows, done.files, done.checkpoint) == (0, 0, None)


# --- what goes along, and what does not ----------------------------------------------------------------------------

def test_every_table_is_exported_or_the_reason_is_given():
    ours = {table.name for table in SQLModel.metadata.sorted_tables}
    assert {table.name for table in exported()} == ours - NOT_EXPORTED.keys()
    assert NOT_EXPORTED.keys() <= ours and all(len(reason) > 20 for reason in NOT_EXPORTED.values())
    for table in exported():
        assert all(is_known_type(column) for column in table.columns), f"{table.name} has a column that export does not know"
        assert list(table.primary_key), f"{table.name} has no key to put its rows in order"
        secret = {column.name for column in table.columns
                  if any(word in column.name for word in ("url", "channel", "secret", "token", "password"))}
        secret -= {"channel"} if table.name in ("message", "trail_letter") else set()      # the kind of channel alone
        assert secret <= set(SECRETS.get(table.name, ())), f"{table.name}: say in SECRETS how {secret} is kept from an export"


def test_channels_with_passwords_stay_behind_unless_asked_for_and_plain_addresses_go_along(source, tmp_path):
    folder, told = written(source.engine, tmp_path / "a")
    everything = b"".join(tree(folder).values())
    assert told.left_out == 2 and b"json://" not in everything and b"secret" not in everything
    assert b"jo@example.org" in everything and b"post@trust.example" in everything
    assert b"PRIVATE KEY" not in everything
    full, told = written(source.engine, tmp_path / "a", "full", channels=True)
    assert told.left_out == 0 and b"u:secret@" in b"".join(tree(full).values())
    engine, _ = read_in(folder, tmp_path / "b")
    with reading(engine) as session:
        desk = session.get_one(AgencyContactRow, ("trust", "desk"))
        assert (desk.channel, desk.verified_on, desk.verified_by) == (None, None, None)


def test_a_fact_stands_in_it_as_it_was_sealed(source, tmp_path):
    folder, _ = written(source.engine, tmp_path / "a")
    lines = [json.loads(text) for text in (folder / "tables" / "fact.jsonl").read_text().split("\n")[:-1]]
    with reading(source.engine) as session:
        assert [fact for fact in lines if fact["case_ref"] == REF] == [one._asdict() for one in trail.show(session, REF).facts]


def test_only_its_owner_can_read_it_and_only_a_new_folder_is_taken(source, tmp_path):
    folder, _ = written(source.engine, tmp_path / "a")
    assert all(path.stat().st_mode & 0o077 == 0 for path in [folder, *folder.rglob("*")])
    with pytest.raises(CannotExport, match="not empty"):
        written(source.engine, tmp_path / "a")


def test_a_document_whose_file_is_gone_is_named_and_hinders_nothing(source, tmp_path):
    place, = (tmp_path / "a" / "documents" / REF).iterdir()
    place.unlink()
    folder, told = written(source.engine, tmp_path / "a")
    assert told.manifest.missing == (f"{REF}/{place.name}",)
    read_in(folder, tmp_path / "b")


# --- what was changed, and what was not finished -------------------------------------------------------------------

class Killed(BaseException):
    pass


def test_an_export_that_was_cut_short_is_seen(source, tmp_path, monkeypatch):
    def dying(*_):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr("tasks.export._put", dying)
        with pytest.raises(Killed):
            written(source.engine, tmp_path / "a")
    with pytest.raises(BadExport, match="not finished"):
        read_in(tmp_path / "a" / "export", tmp_path / "b")


LISTS = ["tables/fact", "tables/person", "tables/text", "tables/case_file", "tables/checkpoint", "tables/log_leaf", "files"]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("how", ["changed", "removed", "twice", "cut off", "put in"])
def test_a_line_that_was_changed_removed_put_in_or_cut_off_is_named(once, tmp_path, name, how):
    path = once / f"{name}.jsonl"
    lines = path.read_bytes().split(b"\n")[:-1]
    wrong = len(lines) - 1
    new = {"changed": [*lines[:wrong], lines[wrong].replace(b'":', b'": ', 1)], "removed": lines[1:], "twice": [lines[0], *lines],
           "cut off": lines[:wrong], "put in": [*lines, lines[-1]]}[how]
    number = {"changed": wrong + 1, "removed": 1, "twice": 2 if len(set(lines)) > 1 else 2, "cut off": wrong + 1,
              "put in": len(lines) + 1}[how]
    path.write_bytes(b"".join(line + b"\n" for line in new))
    with pytest.raises(BadExport, match=rf"{name}\.jsonl, line {number}:"):
        read_in(once, tmp_path)
    nothing_is_kept(tmp_path)


def nothing_is_kept(into: Path) -> None:
    engine = database.engine(f"sqlite:///{into}/ehc.sqlite")
    with engine.connect() as connection:
        new = database.version_of(connection) is None
    assert new or not any(rows(engine).values())
    assert not [path for root in roots(into).values() for path in root.rglob("*") if path.is_file()]


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_byte_of_any_file_of_an_export(once, tmp_path, data):
    name = data.draw(st.sampled_from(sorted(tree(once))))
    path = once / name
    before = path.read_bytes()
    if not before:
        return
    place = data.draw(st.integers(0, len(before) - 1))
    try:
        path.write_bytes(before[:place] + bytes([before[place] ^ data.draw(st.integers(1, 255))]) + before[place + 1:])
        with pytest.raises(BadExport) as refused:
            read_in(once, tmp_path)
        assert Path(name).name.split(".")[0] in str(refused.value), (name, str(refused.value))
        nothing_is_kept(tmp_path)
    finally:
        path.write_bytes(before)


def forged(folder: Path, name: str, change) -> None:
    """Change a table of an export, and every hash that tells of it, as somebody would who knows how it is made."""
    from hashlib import sha256
    path, sums = folder / f"{name}.jsonl", folder / f"{name}.sums"
    lines = [change(json.loads(text)) for text in path.read_text().split("\n")[:-1]]
    texts = [line(tuple(one), one.values()).encode() for one in lines if one is not None]
    path.write_bytes(b"".join(texts))
    sums.write_bytes(b"".join(f"{sha256(text).hexdigest()}\n".encode() for text in texts))
    told = json.loads((folder / "manifest.json").read_text())
    part = told["tables"][name.removeprefix("tables/")]
    part |= {"rows": len(texts), "sha256": sha256(path.read_bytes()).hexdigest(), "sums": sha256(sums.read_bytes()).hexdigest()}
    import models.export
    told.pop("sha256")
    (folder / "manifest.json").write_text(models.export._pretty(told | {"sha256": models.export._hash(told)}))


@pytest.mark.parametrize("name, change, says", [
    ("tables/fact", lambda row: row | {"kind": "plan_ceased"} if row["number"] == 2 and row["case_ref"] == "A2" else row, "A2: fact 2"),
    ("tables/fact", lambda row: None if (row["case_ref"], row["number"]) == ("A1", 3) else row, "A1: fact 3"),
    ("tables/text", lambda row: row | {"body": "something else"}, "was altered: it does not match its salted hash"),
    ("tables/checkpoint", lambda row: row | {"size": 3}, "checkpoint"),
    ("tables/log_leaf", lambda row: None if row["position"] == 4 else row, "entry"),
    ("tables/case_file", lambda row: row | {"last_number": "3"}, "line 1: last_number is no whole number"),
    ("tables/case_file", lambda row: row | {"worked_out_on": "2026-02-30"}, "line 1: worked_out_on is no day"),
    ("tables/case_file", lambda row: row | {"stage": None}, "line 1: stage is missing"),
    ("tables/case_file", lambda row: {"ref": "x"}, "line 1: it has not the columns"),
    ("tables/case_file", lambda row: row | {"ref": "A1"}, "lines 1 to 4: the database does not take them together"),
    ("tables/checkpoint", lambda row: row | {"signed_at": "2026-05-01"}, "line 1: signed_at is no moment"),
])
def test_what_was_forged_with_all_its_hashes_is_found_in_the_trail(once, tmp_path, name, change, says):
    forged(once, name, change)
    with pytest.raises(BadExport) as refused:
        read_in(once, tmp_path)
    assert says in str(refused.value), str(refused.value)
    nothing_is_kept(tmp_path)


def test_the_hash_that_was_told_shows_a_forged_whole(once, tmp_path):
    forged(once, "tables/person", lambda row: row | {"name": "Somebody Else"})
    with pytest.raises(BadExport, match="not the one that was exported"):
        read_in(once, tmp_path, expected="0" * 64)
    read_in(once, tmp_path)                              # nothing else could tell


@pytest.mark.parametrize("path", ["../x", "/etc/x", "", "a/../../x"])
def test_no_file_is_put_outside_its_folder(once, tmp_path, path):
    from hashlib import sha256
    told = json.loads((once / "files.jsonl").read_text().split("\n")[0]) | {"path": path}
    text = line(tuple(told), told.values())
    (once / "files.jsonl").write_text(text)
    (once / "files.sums").write_text(sha256(text.encode()).hexdigest() + "\n")
    manifest = Manifest.read((once / "manifest.json").read_text())
    part = type(manifest.files)(1, manifest.files.columns, sha256(text.encode()).hexdigest(), sha256(
        (once / "files.sums").read_bytes()).hexdigest())
    (once / "manifest.json").write_text(Manifest(manifest.version, manifest.exported_at, manifest.channels, manifest.tables, part,
                                                 manifest.missing).text())
    with pytest.raises(BadExport, match="names no file of an export"):
        read_in(once, tmp_path)


def test_a_database_that_is_not_empty_is_left_alone(source, tmp_path):
    folder, _ = written(source.engine, tmp_path / "a")
    before = rows(source.engine)
    with pytest.raises(NotEmpty, match="not empty"):
        import_export(source.engine, roots(tmp_path / "b"), folder)
    assert rows(source.engine) == before


def test_a_file_that_is_there_already_and_is_another_is_left_alone(once, tmp_path):
    there = tmp_path / "outbox" / "family" / "one.eml"
    there.parent.mkdir(parents=True)
    there.write_text("mine")
    with pytest.raises(NotEmpty, match="EHC_OUTBOX"):
        read_in(once, tmp_path)
    assert there.read_text() == "mine" and not any(rows(database.engine(f"sqlite:///{tmp_path}/ehc.sqlite")).values())


@pytest.mark.parametrize("step", ["_go_on_counting", "_place_files", "_must_hold", "_worked_out"])
def test_killed_at_any_step_nothing_is_kept_and_the_next_call_does_it_all(once, tmp_path, monkeypatch, step):
    real = getattr(importing, step)

    def dying(*args):
        real(*args)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(importing, step, dying)
        with pytest.raises(Killed):
            read_in(once, tmp_path)
    nothing_is_kept(tmp_path)
    read_in(once, tmp_path)


def test_an_export_of_another_version_says_what_to_do(once, tmp_path):
    manifest = Manifest.read((once / "manifest.json").read_text())
    (once / "manifest.json").write_text(Manifest("0001", manifest.exported_at, False, manifest.tables, manifest.files, ()).text())
    with pytest.raises(BadExport, match="version 0001"):
        read_in(once, tmp_path)


def test_values_worked_out_otherwise_are_put_right_and_counted(once, tmp_path):
    forged(once, "tables/case_file", lambda row: row | {"stage": "T_CEASED"})
    engine, done = read_in(once, tmp_path)
    assert done.put_right == 4
    with reading(engine) as session:
        assert rebuild(session, check=True).is_right


def test_a_row_is_read_as_it_was_written():
    for table in exported():
        if table.name == "fact":
            row = ("A1", 1, "k", "2026-03-02", "2026-03-02T09:00:00.000000Z", "o", None, '{"a":"é\\n"}', "0", "1")
            assert reader(table)(line(tuple(table.columns.keys()), row)) == row


def test_progress_is_told_to_the_end(source, tmp_path):
    told = []
    folder, _ = written(source.engine, tmp_path / "a", progress=lambda done, of: told.append((done, of)))
    read_in(folder, tmp_path / "b", progress=lambda done, of: told.append((done, of)))
    assert told[-1][0] == told[-1][1] > 20
