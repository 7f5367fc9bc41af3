"""The flow that seals: triggered in Prefect, its checkpoint in a file and with the auditors, its run in our own record."""

import pytest

from flows.seal_trail import seal_trail
from flows.trail import verify_trail
from models.hand import Hand
from tasks import seal_key, watch
from tasks.database import engine, reading
from tasks.runs import of_case, of_run
from tasks.settings import settings
from tests.flows.test_through_prefect import Office
from tests.tasks.sealing import AT, NAME, Trail

pytestmark = pytest.mark.prefect


@pytest.fixture
def trail(database_url, tmp_path, monkeypatch):
    """A trail of one case, to which every setting points."""
    monkeypatch.setenv("EHC_DATABASE_URL", database_url)
    monkeypatch.setenv("EHC_OUTBOX_DIR", str(tmp_path / "outbox"))
    monkeypatch.setenv("EHC_SEAL_DIR", str(tmp_path / "seals"))
    monkeypatch.setenv("EHC_SEAL_KEY", str(tmp_path / "seal.pem"))
    settings.cache_clear()
    made = Trail(engine(database_url), tmp_path / "seals", tmp_path / "seal.pem")
    made.open("A1")
    yield made
    settings.cache_clear()


async def ended():
    return await seal_trail(return_state=True)


async def test_without_a_key_nothing_breaks_and_it_is_said(prefect_server, trail):
    state = await ended()
    assert state.is_completed() and state.name == "No key" and "ehc trail key new" in state.message
    assert trail.notes() == []


async def test_new_facts_are_sealed_and_the_checkpoint_goes_to_the_auditors_once(prefect_server, trail, tmp_path):
    trail.make_key()
    first, again = await ended(), await ended()
    assert (first.name, again.name) == ("Sealed", "Nothing new") and first.message == "Facts taken in: 1; in the log: 1."
    assert len(list((tmp_path / "outbox" / "auditors").glob("*.eml"))) == 1 and len(trail.notes()) == 1
    with reading(trail.engine) as session:
        run, facts = of_run(session, str(first.state_details.flow_run_id))
        assert (run.flow, run.state, facts) == ("seal-trail", "Sealed", []) and run.started_at < run.ended_at
        assert [run.id for run in of_case(session, "A1")] == [None]         # sealing wrote no fact: a door did


async def test_the_flows_of_the_trail_see_that_the_watch_did_not_look_and_tell_operations_once(prefect_server, trail, tmp_path):
    trail.make_key()
    long_ago = AT.replace(year=2025)
    begin_and_finish(trail.engine, long_ago)
    await ended()
    letter, = (tmp_path / "outbox" / "operations").glob("*.eml")
    assert "has not looked since" in " ".join(letter.read_text().split())
    await verify_trail(return_state=True)
    assert len(list((tmp_path / "outbox" / "operations").glob("*.eml"))) == 1


def begin_and_finish(engine, at):
    number, round = watch.begin(engine, at.date(), Hand(at, "flow:watch"))
    watch.finish(engine, number, round, at)


async def test_a_record_that_was_changed_fails_the_run_and_operations_are_told(prefect_server, trail, tmp_path):
    trail.make_key()
    await ended()
    trail.spoil("UPDATE fact SET recorded_by = 'somebody' WHERE case_ref = 'A1'")
    state = await ended()
    assert state.is_failed() and state.name == "Broken" and "A1: fact 1 was altered" in state.message
    letter, = [text for path in (tmp_path / "outbox" / "operations").glob("*.eml") if "was changed" in (text := path.read_text())]
    assert "A1: fact 1 was altered" in letter


async def test_a_checkpoint_that_did_not_reach_the_auditors_is_sent_by_the_next_run(prefect_server, trail, tmp_path, monkeypatch):
    trail.make_key()
    monkeypatch.setenv("EHC_CHANNELS", '{"auditors": "json://127.0.0.1:9/"}')
    settings.cache_clear()
    state = await ended()
    assert state.is_failed() and state.name == "Not sent" and len(trail.notes()) == 1
    monkeypatch.setenv("EHC_CHANNELS", "{}")
    settings.cache_clear()
    assert (await ended()).name == "Nothing new"
    assert len(list((tmp_path / "outbox" / "auditors").glob("*.eml"))) == 1


async def test_the_nightly_check_looks_at_the_log_too(prefect_server, trail):
    trail.make_key()
    await ended()
    assert (await verify_trail(return_state=True)).name == "Sound"
    trail.spoil("UPDATE log_leaf SET hash = 'ff'")
    state = await verify_trail(return_state=True)
    assert state.is_failed() and "A1: fact 1 is not the fact that was taken into the log as entry 0" in state.message


async def test_a_key_that_cannot_be_used_fails_the_run(prefect_server, trail):
    seal_key.make(trail.engine, trail.key, NAME, AT)
    trail.key.chmod(0o644)
    state = await ended()
    assert state.is_failed() and "chmod 600" in state.message


def test_a_run_that_was_triggered_names_its_deployment_its_case_and_its_facts(prefect_worker):
    office = Office(prefect_worker)
    ref = office.opened("EHC-2026-7001")
    run = office.triggered("consider-request/consider-request", case_ref=ref, on="2026-10-01")
    with reading(office.engine) as session:
        kept, facts = of_run(session, str(run.id))
        assert (kept.flow, kept.deployment, kept.case_ref, kept.state) == ("consider-request", "consider-request", ref, run.state.name)
        assert facts and {fact.flow_run_id for fact in facts} == {str(run.id)} and {fact.case_ref for fact in facts} == {ref}
        assert kept in of_case(session, ref)
