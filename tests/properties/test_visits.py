"""What must always hold of visits: repeated, late, killed or at once with another, they end in the same place."""

import logging
import tempfile
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import sqlalchemy as sa
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from models.hand import Hand
from models.law.plan import SECTIONS
from models.tables.cases import FactRow, MessageRow
from notifications.channels import Channels
from tasks import database, sending
from tasks import visit as visits
from tasks.case_file import CannotBear, NewContact, NewFact, NewPerson, open_case, read, record
from tasks.office import Office
from tasks.rebuild import rebuild
from tasks.trail import verify
from tasks.visit import visit
from tasks.watch import watch
from tests.harness import databases
from tests.tasks.builders import council

RECEIVED = date(2026, 3, 2)
REF = "EHC-2026-0001"
ADVISERS = ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care")
NAME, STREET, REASONS = "Zebedee Quillfeather", "99 Marmalade Passage", "He cannot yet tie a bowline knot."
# Each example lives a whole case: few of them, and a failing one is shown as it is, for shrinking it takes minutes.
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])


def decision(kind, **more):
    return kind, {"decided_by": "officer-9", "reason_codes": ["other"], "reasons": REASONS, "notice": "to_follow"} | more


HAPPENINGS = [
    ("family_consulted", {}), ("request_withdrawn", {}), ("circumstances_recorded", {"service_family": True}),
    decision("decided_to_assess"), decision("refused_to_assess"), decision("decided_to_issue"), decision("refused_to_issue"),
    *(("advice_received", {"adviser": adviser}) for adviser in ADVISERS),
    ("draft_plan_prepared", {"document": "draft-1", "approved_by": "officer-9", "names_setting": False,
                             "sections": [section for section in SECTIONS if section != "I"]}),
    ("setting_requested", {"setting": "school-2"}), ("setting_answered", {"setting": "school-2", "reply": "can_meet_needs"}),
    ("section_g_agreed", {}),
    ("final_plan_prepared", {"document": "plan-1", "approved_by": "officer-9", "setting": "school-2",
                             "sections": list(SECTIONS)}),
    ("withdrawal_accepted", {"decided_by": "officer-9", "reason_codes": ["needs_met"]}),
    ("moved_away", {"to": "council-2"}), ("child_died", {}),
]
LIVES = st.lists(st.tuples(st.integers(0, 170), st.sampled_from(HAPPENINGS)), min_size=1, max_size=14).map(
    lambda life: sorted(life, key=lambda event: event[0]))


def on(days):
    return RECEIVED + timedelta(days=days)


def hand(day, hour=9):
    return Hand(datetime.combine(day, time(hour), UTC), "officer-7")


@contextmanager
def a_council():
    with tempfile.TemporaryDirectory() as folder:
        engine = databases.sqlite(Path(folder) / "ehc.sqlite")
        with database.writing(engine) as session:
            open_case(session, REF, NewPerson(NAME, date(2015, 1, 7), STREET), NewFact("request_received", RECEIVED, {
                "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-7"}),
                hand(RECEIVED), RECEIVED, contacts=[NewContact("family", f"Parent of {NAME}")])
        yield engine, Office(Channels({}, Path(folder) / "outbox"), council()), Path(folder)
        engine.dispose()


def live(engine, office, life, visited):
    for days, (kind, data) in life:
        try:
            with database.writing(engine) as session:
                record(session, REF, kind, on(days), data, hand(on(days)), on(days))
        except CannotBear:
            continue
        visited(days)


def facts_of(engine):
    """What is on record, without the order in which the engine wrote it."""
    with database.reading(engine) as session:
        return sorted((f.kind, f.on, repr(sorted((k, repr(v)) for k, v in f.data.items() if k not in ("key", "about", "sha256", "reasons"))))
                      for f in read(session, REF))


def keys(engine):
    with database.reading(engine) as session:
        rows = session.exec(select(MessageRow)).all()
    return sorted((row.key, row.status) for row in rows)


def in_order(engine):
    with database.reading(engine) as session:
        assert verify(session).is_sound
    with database.writing(engine) as session:
        assert not rebuild(session, check=True).differences


@FEW
@given(LIVES)
def test_visiting_twice_is_visiting_once(life):
    with a_council() as (engine, office, _):
        def twice(days):
            visit(engine, office, REF, on(days), hand(on(days)))
            before = facts_of(engine), keys(engine)
            visit(engine, office, REF, on(days), hand(on(days), 10))
            assert (facts_of(engine), keys(engine)) == before

        live(engine, office, life, twice)
        in_order(engine)


class Killed(RuntimeError):
    """The process was killed."""


@FEW
@given(LIVES, st.integers(0, 60), st.sampled_from(["_lease", "_outcome", "queue"]))
def test_a_killed_watch_loses_and_doubles_nothing(life, when, where):
    def after(kill):
        with a_council() as (engine, office, folder):
            module = visits if where == "queue" else sending._Sender
            real, left = getattr(module, where), [when]

            def dying(*args, **kwargs):
                left[0] -= 1
                if kill and left[0] == 0:
                    raise Killed
                return real(*args, **kwargs)

            def round(days):
                setattr(module, where, dying)
                try:
                    watch(engine, office, on(days), hand(on(days)), lambda: hand(on(days)).at)
                except Killed:
                    setattr(module, where, real)
                    watch(engine, office, on(days), hand(on(days), 12), lambda: hand(on(days), 12).at)
                finally:
                    setattr(module, where, real)

            live(engine, office, life, round)
            in_order(engine)
            return facts_of(engine), keys(engine), sorted(str(path.relative_to(folder)) for path in folder.rglob("*.eml"))

    undisturbed, killed = after(False), after(True)
    for mine, theirs in zip(killed, undisturbed, strict=True):
        assert [item for item in mine if item not in theirs] == [item for item in theirs if item not in mine] == []


@FEW
@given(LIVES)
def test_no_personal_datum_in_any_message_log_or_fact(life):
    with a_council() as (engine, office, folder):
        heard: list[str] = []
        ear = logging.Handler()
        ear.emit = lambda entry: heard.append(entry.getMessage())
        logging.getLogger().addHandler(ear)
        try:
            live(engine, office, life, lambda days: watch(
                engine, office, on(days), hand(on(days)), lambda: hand(on(days)).at))
        finally:
            logging.getLogger().removeHandler(ear)
        with database.reading(engine) as session:
            kept = repr(session.exec(sa.select(*FactRow.__table__.c)).all()) + repr(
                session.exec(sa.select(*MessageRow.__table__.c)).all())
        letters = {path: path.read_text() for path in folder.rglob("*.eml")}
        for personal in ("Zebedee", "Quillfeather", "Marmalade", "bowline"):
            assert personal not in kept
            assert not any(personal in line for line in heard)
            for path, letter in letters.items():
                assert personal not in letter or (personal == "bowline" and path.parent.name == "family")
                assert personal not in letter.partition("\n\n")[0]
