"""What would be sent is shown, whole, and nothing at all is left behind: on SQLite and on PostgreSQL."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from models.tables.agencies import AgencyContactRow, AgencyRow
from notifications.showing import ShowingChannels
from tasks.case_file import CannotBear, NewFact, open_case, record
from tasks.database import reading, trial, writing
from tasks.preview import NoSuchMessage, message_of, preview_case, preview_of, preview_watch
from tasks.reading import NoSuchCase
from tasks.office import Office
from tasks.settings import Settings
from tasks.visit import look, visit
from tasks.watch import watch
from tests.tasks import test_visit
from tests.tasks.builders import EVERY_DAY, council
from tests.tasks.test_visit import REF, hand, on

case, office = test_visit.case, test_visit.office


@pytest.fixture
def settings(tmp_path):
    return Settings(database_url="sqlite://", outbox_dir=tmp_path / "outbox", council=council())


def everything(engine) -> dict[str, list]:
    with reading(engine) as session:
        return {name: sorted(map(repr, session.connection().execute(sa.select(table)).all()))
                for name, table in SQLModel.metadata.tables.items()}


def files(tmp_path) -> list:
    return sorted((tmp_path / "outbox").rglob("*"))


def test_what_a_fact_would_send_is_what_it_then_sends(case, settings, tmp_path):
    case.visited(0)
    before, letters = everything(case.engine), files(tmp_path)
    said = {"decided_by": "officer-9", "reason_codes": ["other"], "notice": "to_follow"}
    found = preview_of(case.engine, settings, on(30), hand(on(30)), lambda session: record(
        session, REF, "decided_to_assess", on(30), said, hand(on(30)), on(30)).case.ref)
    assert everything(case.engine) == before and files(tmp_path) == letters
    case.happens(30, "decided_to_assess", **said)
    left = case.visited(30)
    assert sorted(one.key for one in found.shown) == sorted(left.written)
    hashes = {row.key: row.sha256 for row in case.messages()}
    assert all(hashes[one.key] == one.letter.sha256 for one in found.shown)
    assert any(say.message == "lateness_to_family" for say in found.later)


def test_a_round_of_the_watch_can_be_tried_and_leaves_nothing(case, settings, tmp_path):
    before = everything(case.engine)
    found, round = preview_watch(case.engine, settings, on(43), hand(on(43)), lambda: datetime(2026, 4, 14, 9, tzinfo=UTC))
    assert round.cases == 1 and any("lateness_to_family" in one.key for one in found.shown)
    assert everything(case.engine) == before and files(tmp_path) == []


def test_a_fact_that_the_case_cannot_bear_is_refused_as_it_would_be_and_leaves_nothing(case, settings):
    before = everything(case.engine)
    with pytest.raises(CannotBear, match="is on record already"):
        preview_of(case.engine, settings, on(30), hand(on(30)), lambda session: record(
            session, REF, "request_received", on(30), {"requested_by": "parent"}, hand(on(30)), on(30)).case.ref)
    with pytest.raises(NoSuchCase):
        preview_case(case.engine, settings, "EHC-2026-0999", on(30), hand(on(30)))
    assert everything(case.engine) == before


def test_a_trial_keeps_nothing_although_its_writers_believe_they_did(case):
    with trial(case.engine) as connection:
        with writing(connection) as session:
            record(session, REF, "family_consulted", on(1), {}, hand(on(1)), on(1))
        assert look(connection, REF, on(1)).has("family_consulted")
        with pytest.raises(ZeroDivisionError), writing(connection) as session:
            record(session, REF, "views_received", on(1), {}, hand(on(1)), on(1))
            raise ZeroDivisionError
        assert not look(connection, REF, on(1)).has("views_received")
        assert look(connection, REF, on(1)).has("family_consulted")
    assert not look(case.engine, REF, on(1)).has("family_consulted")


def test_a_letter_is_shown_as_it_went_and_a_changed_one_is_not_passed_off_for_it(case):
    case.visited(0)
    case.decided(30, "decided_to_assess")
    row = case.messages(message="decision_to_assess")[0]
    kept = message_of(case.engine, REF, row.key, council(), on(60))
    assert kept.is_as_sent and kept.letter.sha256 == row.sha256
    assert kept.sent["wording"].startswith("decision_to_assess/v")
    moved = council().model_copy(update={"phone": "01632 960999"})
    assert message_of(case.engine, REF, row.key.removeprefix(f"{REF}/"), moved, on(60)).is_as_sent is False
    with pytest.raises(NoSuchMessage, match="ehc message list"):
        message_of(case.engine, REF, "nothing/of/the/kind", council(), on(60))


def test_every_message_of_a_life_is_shown_as_it_went(case):
    case.to_draft()
    case.visited(141)
    for row in case.messages(status="sent"):
        kept = message_of(case.engine, REF, row.key, council(), on(150))
        assert kept.is_as_sent or row.digest, row.key


def test_while_something_is_tried_everybody_else_can_write(case, settings):
    """Within a trial of a whole round: another connection opens a case, records a fact, and waits for nobody."""
    case.visited(0)
    written = []

    def meanwhile(session):
        with writing(case.engine) as other:
            written.append(open_case(other, None, None, NewFact("request_received", on(1), {"requested_by": "parent"}),
                                     hand(on(1)), on(1)).case.ref)
            record(other, REF, "views_received", on(1), {}, hand(on(1)), on(1))
        return record(session, REF, "family_consulted", on(1), {}, hand(on(1)), on(1)).case.ref

    preview_of(case.engine, settings, on(1), hand(on(1)), meanwhile)
    assert written == ["EHC-2026-0002"]
    left = look(case.engine, REF, on(1))
    assert left.has("views_received") and not left.has("family_consulted")


def test_a_trial_of_a_round_takes_no_lock_at_any_step(case, settings):
    case.visited(0)
    before = len(look(case.engine, REF, on(50)).facts)

    class Showing(ShowingChannels):
        def send(self, *args, **more):
            with writing(case.engine) as other:
                record(other, REF, "views_received", on(1), {}, hand(on(1)), on(50))
            return super().send(*args, **more)

    channels = Showing({}, settings.outbox_dir)
    with trial(case.engine) as connection:
        round = watch(connection, Office(channels, council()), on(50), hand(on(50)), lambda: hand(on(50)).at)
        assert round.sent.sent == len(channels.shown) > 1 and len(look(connection, REF, on(50)).facts) > before
    assert len(look(case.engine, REF, on(50)).facts) == before + len(channels.shown)


def test_a_digest_names_its_reminders_each_can_be_seen_by_itself_and_it_can_be_read_again_as_it_went(case, settings):
    """Two weeks before the limit of two cases with one owner, whose reminders go together."""
    case.office = Office(case.office.channels, council(), policy=EVERY_DAY)
    case.visited(0)
    with writing(case.engine) as session:
        open_case(session, "EHC-2026-0002", None, NewFact("request_received", on(0), {"requested_by": "parent", "owner": "officer-7"}),
                  hand(on(0)), on(0))
    visit(case.engine, case.office, "EHC-2026-0002", on(0), hand(on(0)))
    found, _ = preview_watch(case.engine, settings, on(28), hand(on(28)), lambda: hand(on(28)).at, each=True)
    digest = next(one for one in found.shown if one.key.startswith("digest/"))
    assert [key.split("/")[0] for key in digest.stands_for] == [REF, "EHC-2026-0002"]
    assert {letter.subject.split(":")[0] for letter in digest.alone.values()} == {REF, "EHC-2026-0002"}
    watch(case.engine, case.office, on(28), hand(on(28)), lambda: hand(on(28)).at)
    kept = message_of(case.engine, REF, digest.stands_for[0], council(), on(40))
    assert kept.is_as_sent and kept.letter.sha256 == digest.letter.sha256
    assert kept.alone.subject == digest.alone[digest.stands_for[0]].subject
    other = council().model_copy(update={"name": "Another Council"})
    assert message_of(case.engine, REF, digest.stands_for[0], other, on(40)).is_as_sent is False


def test_a_request_to_an_agency_of_the_register_is_shown_with_the_law_that_bound_it_on_the_day(case, tmp_path):
    with writing(case.engine) as session:
        session.add(AgencyRow(ref="trust-1", kind="nhs_trust", name="Trust", roles="ep_service", weekdays="0 1 2 3 4"))
        session.flush()
        session.add(AgencyContactRow(agency_ref="trust-1", ref="office", role="contact", name="Office", channel=f"eml://{tmp_path}/trust",
                                     since=on(-100), verified_on=on(-99), verified_by="o-1"))
    case.visited(0)
    case.decided(30, "decided_to_assess")
    row = next(row for row in case.messages(message="advice_request") if row.to_role == "ep_service")
    assert message_of(case.engine, REF, row.key, council(), on(40)).is_as_sent
