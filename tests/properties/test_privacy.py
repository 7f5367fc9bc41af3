"""Nobody's name, birth date or address gets into a message, subject, log line, fact, key or file name, however odd it is."""

import logging
from datetime import UTC, date, datetime, time, timedelta
from email import message_from_bytes, policy
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import SQLModel

from models.brief import brief, lines
from models.hand import Hand
from models.law.plan import SECTIONS
from notifications.channels import Channels
from notifications.letter import day as long_day
from tasks.case_file import NewContact, NewFact, NewPerson, open_case, record
from tasks.database import reading, writing
from tasks.preview import preview_watch
from tasks.office import Office
from tasks.settings import Settings
from tasks.visit import visit
from tasks.watch import watch
from tests.harness import databases
from tests.tasks.builders import council

REF = "EHC-2026-0001"
RECEIVED = date(2026, 3, 2)
MARK = "Qzarth"                       # so that no ordinary word can be taken for the name
ADVISERS = ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care")
ERASABLE = {"person", "contact", "text", "document"}

ODD = st.sampled_from((
    "Zoë {} O’Neil", "{}", "{{{{ case }}}} {}", "../{}/..", "=HYPERLINK({})", "Null {}", "<b>{}</b>", "%s {} %(x)s",
    "李 {}", "{}'; DROP TABLE person;--", "de la {}-Smythe", "{} EHC-2026-0001",
)).map(lambda odd: odd.format(MARK))
WILD = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=20).map(
    lambda text: f"{MARK}{text}".strip())
NAMES = ODD | WILD
BORN = st.dates(date(2012, 1, 1), date(2020, 12, 31))


def on(days: int) -> date:
    return RECEIVED + timedelta(days=days)


def hand(day: date) -> Hand:
    return Hand(datetime.combine(day, time(9), UTC), "officer-7")


def lived(folder: Path, name: str, born: date, address: str) -> list[str]:
    """A case from the request past the 20 weeks, with a change of officer: everything that can be read of it afterwards."""
    engine = databases.sqlite(folder / "ehc.sqlite")
    office = Office(Channels({}, folder / "outbox"), council())
    with writing(engine) as session:
        open_case(session, REF, NewPerson(name, born, address), NewFact("request_received", RECEIVED, {
            "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-7"}), hand(RECEIVED),
            RECEIVED, contacts=[NewContact("family", f"Parent {name}", address)])

    def happens(days: int, kind: str, **data: object) -> None:
        with writing(engine) as session:
            record(session, REF, kind, on(days), data, hand(on(days)), on(days))
        visit(engine, office, REF, on(days), hand(on(days)))

    visit(engine, office, REF, on(0), hand(on(0)))
    decided = {"decided_by": "officer-9", "reason_codes": ["other"], "notice": "to_follow"}
    happens(30, "decided_to_assess", **decided)
    happens(40, "owner_named", owner="officer-8")
    watch(engine, office, on(75), hand(on(75)), lambda: hand(on(75)).at)
    for adviser in ADVISERS:
        happens(76, "advice_received", adviser=adviser)
    happens(110, "decided_to_issue", **decided)
    happens(130, "draft_plan_prepared", document="d-1", sections=[one for one in SECTIONS if one != "I"], names_setting=False,
            approved_by="officer-9")
    watch(engine, office, on(150), hand(on(150)), lambda: hand(on(150)).at)
    shown, round = preview_watch(engine, Settings(database_url="sqlite://", outbox_dir=folder / "no", council=council()),
                                 on(180), hand(on(180)), lambda: hand(on(180)).at)
    told = [one.letter.subject + one.letter.body + one.key for one in shown.shown] + [round.words(), *shown.problems]
    told += lines(brief(visit(engine, office, REF, on(151), hand(on(151))).case))
    with reading(engine) as session:
        for table_name, table in SQLModel.metadata.tables.items():
            if table_name not in ERASABLE:
                told += [repr(tuple(row)) for row in session.connection().execute(sa.select(table))]
    engine.dispose()
    for letter in (folder / "outbox").rglob("*"):
        told.append(str(letter.relative_to(folder)))
        if letter.is_file():
            read = message_from_bytes(letter.read_bytes(), policy=policy.default)
            told += [str(read.items()), read.get_content()]
    return told


def traces(name: str, born: date, address: str) -> list[str]:
    return [MARK, name, address, born.isoformat(), f"{born:%d/%m/%Y}", long_day(born), f"{born.day} {born:%B %Y}"]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=NAMES, born=BORN, address=NAMES)
def test_nothing_personal_leaves_the_tables_in_which_it_can_be_erased(
        caplog: pytest.LogCaptureFixture, name: str, born: date, address: str) -> None:
    caplog.clear()
    caplog.set_level(logging.DEBUG)
    with TemporaryDirectory() as folder:
        told = lived(Path(folder), name, born, address)
    assert len(told) > 100 and any("lateness_to_family" in one for one in told) and any("handover_brief" in one for one in told)
    for trace in traces(name, born, address):
        assert not [one for one in (*told, caplog.text) if trace in one], trace
