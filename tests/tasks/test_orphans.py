"""A live plan without a review ahead is found by the watch, whatever has become of its row, and told."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from models.hand import Hand
from models.tables.cases import CaseFile, DutyRow
from notifications.channels import Channels
from tasks import database, orphans, watch
from tasks.case_file import NewFact, open_case, read, record_many
from tasks.database import reading, writing
from tasks.office import Office
from tasks.rebuild import rebuild
from tests.tasks.builders import council

MADE, TODAY = date(2026, 3, 2), date(2026, 5, 1)
HAND = Hand(datetime(2026, 5, 1, 7, tzinfo=UTC), "officer-1")
DUTY, CASE_FILE = DutyRow.__table__, CaseFile.__table__


@pytest.fixture
def engine(database_url):
    engine = database.engine(database_url)
    for ref, kinds in (("PLAN-1", ("final_plan_sent",)), ("PLAN-2", ("final_plan_sent",)), ("NONE-1", ()),
                       ("HELD-1", ("final_plan_sent", "detention_began")), ("GONE-1", ("final_plan_sent", "child_died"))):
        with writing(engine) as session:
            open_case(session, ref, None, NewFact("request_received", date(2025, 11, 3), {
                "requested_by": "parent", "owner": "officer-3"}), HAND, TODAY)
            if kinds:
                record_many(session, [(ref, NewFact(kind, MADE, {})) for kind in kinds], HAND, TODAY)
    return engine


def found(engine) -> list[str]:
    with reading(engine) as session:
        return orphans.find(session)


def damage(engine, ref: str, **values) -> None:
    with writing(engine) as session:
        which = (DUTY.c.case_ref == ref, DUTY.c.duty.in_(orphans.REVIEWS))
        session.exec(sa.update(DUTY).where(*which).values(**values) if values else sa.delete(DUTY).where(*which))


def test_every_plan_has_a_review_ahead(engine):
    assert found(engine) == []


@pytest.mark.parametrize("values", [{}, {"met_on": MADE}, {"lapsed_on": MADE}])
def test_a_row_that_is_missing_or_damaged_is_found_named_and_worked_out_anew(engine, tmp_path, values):
    damage(engine, "PLAN-2", **values)
    with writing(engine) as session:
        session.exec(sa.update(CASE_FILE).where(CASE_FILE.c.ref == "PLAN-2").values(next_visit_on=None, next_event_on=None))
    assert found(engine) == ["PLAN-2"]
    office = Office(Channels({}, tmp_path), council())
    done = watch.watch(engine, office, TODAY, HAND, lambda: HAND.at)
    assert done.orphans == {"PLAN-2": "held by officer-3; its row was missing or damaged and has been worked out anew:"
                                      " first_review by 2027-03-01"}
    assert "Plans without a review ahead: PLAN-2 (held by officer-3" in done.words()
    assert found(engine) == [] and watch.watch(engine, office, TODAY, HAND, lambda: HAND.at).orphans == {}
    with reading(engine) as session:
        assert not rebuild(session, check=True).differences


def test_an_owner_is_told_where_the_record_itself_shows_no_review_ahead(engine, tmp_path, monkeypatch):
    """No record brings this about as the law is; a rulebook that has lost its rule does."""
    from models.law import deadlines

    lost = deadlines.Rulebook(row for row in deadlines.RULEBOOK if row.id not in orphans.REVIEWS)
    real = deadlines.duties_of
    monkeypatch.setattr("models.case.duties_of", lambda record, closed: real(record, closed, lost))
    damage(engine, "PLAN-1")
    done = watch.watch(engine, Office(Channels({}, tmp_path), council()), TODAY, HAND, lambda: HAND.at)
    assert "its record shows no review ahead, and the owner is told" in done.orphans["PLAN-1"]
    with reading(engine) as session:
        told = [fact for fact in read(session, "PLAN-1") if fact.kind == "message_queued" and fact["about"].startswith("orphan")]
    assert [fact["recipient"] for fact in told] == ["council.owner"]
    assert [path for path in tmp_path.rglob("PLAN-1-*decision*.eml")]
