"""The flows as a coordinator meets them: triggered in Prefect, seen there, and proved by their messages and their trail."""

import asyncio
import json
import time
from datetime import UTC, date, datetime

import pytest

from models.hand import Hand
from models.stages import Stage
from tasks.case_file import NewFact, open_case, read
from tasks.database import engine, reading, writing
from tasks.nudge import nudge
from tasks.trail import verify

pytestmark = pytest.mark.prefect

RECEIVED = date(2026, 10, 1)
LONG_ENOUGH = 120


class Office:
    """Prefect, the council's database and its outbox, as one coordinator's desk."""

    def __init__(self, worker):
        self.api_url, self.database_url, self.outbox = worker.api_url, worker.database_url, worker.outbox_dir
        self.engine = engine(worker.database_url)

    def opened(self, ref: str, **data) -> str:
        with writing(self.engine) as session:
            open_case(session, ref, None, NewFact("request_received", RECEIVED, {
                "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-1"} | data),
                Hand(datetime(2026, 10, 1, 9, tzinfo=UTC), "officer-1"), RECEIVED)
        return ref

    def facts(self, ref: str):
        with reading(self.engine) as session:
            return read(session, ref)

    def triggered(self, name: str, **parameters):
        """Trigger a deployment as Prefect's own screen does, and wait for its end."""
        from prefect.deployments import arun_deployment

        async def go():
            run = await arun_deployment(name, parameters=parameters, timeout=0, as_subflow=False)
            return await self._ended(run.id)

        return asyncio.run(go())

    def ended(self, tag: str):
        """The newest run with this tag, once it has ended."""
        from prefect import get_client
        from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterTags

        async def go():
            async with get_client() as client:
                runs = await client.read_flow_runs(flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=["nudge", tag])))
            return await self._ended(runs[0].id)

        return asyncio.run(go())

    async def _ended(self, id):
        from prefect import get_client

        until = time.monotonic() + LONG_ENOUGH
        async with get_client() as client:
            while not (run := await client.read_flow_run(id)).state.is_final():
                assert time.monotonic() < until, f"{run.name} is still {run.state.name}"
                await asyncio.sleep(0.2)
            return run

    def artifacts(self, run):
        from prefect import get_client
        from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterFlowRunId

        async def go():
            async with get_client() as client:
                return await client.read_artifacts(
                    artifact_filter=ArtifactFilter(flow_run_id=ArtifactFilterFlowRunId(any_=[run.id])))

        return {artifact.key: artifact for artifact in asyncio.run(go())}

    def letters(self, ref: str):
        return sorted(path.name for path in self.outbox.rglob(f"{ref}-*.eml"))


@pytest.fixture(scope="module")
def office(prefect_worker):
    return Office(prefect_worker)


def test_a_coordinator_triggers_a_stage_and_sees_its_run_its_state_its_artifacts_its_messages_and_its_trail(office):
    ref = office.opened("EHC-2026-0701")
    run = office.triggered("decide-to-assess/decide-to-assess", case_ref=ref, answer="assess", decided_by="officer-2",
                           reason_codes=["plan_may_be_necessary"], decided_on="2026-11-02", on="2026-11-02")
    assert run.name == f"decide whether to assess {ref}"
    assert {f"case:{ref}", "stage:S00_INTAKE"} <= set(run.tags)
    assert (run.state.name, run.state.message) == ("Waiting", "Waiting: 5 of 5 advice outstanding, next due 14 Dec")
    left = office.artifacts(run)
    table = json.loads(left[f"duties-{ref.lower()}"].data)
    assert any(row["duty"] == "finalise_plan" and row["due"] == "2027-02-18" and row["force"] == "statutory" for row in table)
    assert left[f"progress-{ref.lower()}"].data == pytest.approx(100 * 32 / 140, abs=0.1)
    assert any("decision-to-assess-family" in name for name in office.letters(ref))
    assert sum("advice-request" in name for name in office.letters(ref)) == 5
    decided = next(fact for fact in office.facts(ref) if fact.kind == "decided_to_assess")
    assert (decided.flow_run_id, decided.by) == (str(run.id), "flow:decide-to-assess")
    with reading(office.engine) as session:
        assert verify(session).is_sound


def test_a_nudge_after_a_fact_at_a_door_visits_the_case(office):
    ref, until = office.opened("EHC-2026-0702"), time.monotonic() + LONG_ENOUGH
    while "Prefect visits the case now" not in nudge(office.api_url, ref, Stage.S00_INTAKE):
        assert time.monotonic() < until
    run = office.ended(f"case:{ref}")
    assert run.state.is_completed() and f"case:{ref}" in run.tags
    assert any("considering-partners-rcb" in name for name in office.letters(ref))


def test_a_nudge_that_nobody_hears_is_no_error():
    assert nudge("http://127.0.0.1:9/api", "EHC-2026-0001", Stage.S00_INTAKE).startswith("Prefect was not reached")


def test_a_request_is_opened_from_prefects_own_form_without_a_name(office):
    run = office.triggered("receive-request/receive-request", received_on="2026-10-05", requested_by="parent", owner="officer-1",
                           attends="school", setting="school-2", case_ref="EHC-2026-0703")
    assert run.state.is_completed() and run.state.message.startswith("EHC-2026-0703: ")
    assert any("request-acknowledged-family" in name for name in office.letters("EHC-2026-0703"))


def test_a_decision_without_reasons_or_decider_fails_says_why_and_changes_nothing(office):
    ref = office.opened("EHC-2026-0704")
    before = office.facts(ref)
    run = office.triggered("decide-to-assess/decide-to-assess", case_ref=ref, answer="refuse")
    assert run.state.is_failed()
    assert ref in run.state.message and "decided_by" in run.state.message and "reasons or reason_codes" in run.state.message
    assert office.facts(ref) == before


def test_an_unknown_case_fails_and_says_so(office):
    run = office.triggered("gather-advice/gather-advice", case_ref="EHC-2026-7777")
    assert run.state.is_failed() and "EHC-2026-7777" in run.state.message


def test_the_watch_catches_up_on_missed_days_and_says_what_was_late_because_of_it(office):
    ref = office.opened("EHC-2026-0705")
    office.triggered("watch/each-morning", on="2026-10-15")
    run = office.triggered("watch/each-morning", on="2026-10-31")
    assert run.state.name == "Late" and "The watch did not run 2026-10-16 to 2026-10-30" in run.state.message
    assert {"watch-round", "watch-progress"} <= set(office.artifacts(run))
    rung = next(fact for fact in office.facts(ref) if fact["message"] == "reminder")
    assert (rung["rung"], rung["late_days"]) == (-14, 2)
    assert rung.flow_run_id == str(run.id)


def test_what_is_given_to_prefect_names_no_person(office):
    from prefect import get_client

    async def everything():
        async with get_client() as client:
            return [(run.name, run.parameters, run.tags) for run in await client.read_flow_runs(limit=200)]

    allowed = {"case_ref", "on", "answer", "decided_by", "reason_codes", "decided_on", "received_on", "requested_by", "owner",
               "attends", "setting", "year_group", "service_family", "hearing_impaired", "vision_impaired", "arrived",
               "arrived_on", "document", "agency", "event", "happened_on", "meeting_on", "setting_type", "names_next_setting", "answers",
               "sent_to", "type_only", "cease_reason", "recipient", "council", "moves_on", "same_rcb", "made_on", "last_reviewed_on",
               "place_impracticable", "practicable", "wants_mediation", "health", "order", "agreed_by", "council_is_party", "about",
               "amendment_agreed", "service", "decision_on", "directed_by", "detained_from", "known_on", "plan_kept", "transfer",
               "year", "transfer_on", "identified_on", "direct_payments", "transferred_on",
               "notice_to_follow", "approved_by", "approved_on", "section_g_agreed_on"}
    for _, parameters, _ in asyncio.run(everything()):
        assert set(parameters) <= allowed


def test_every_night_the_trail_is_verified_and_the_run_says_so(office):
    office.opened("EHC-2026-0706")
    run = office.triggered("verify-trail/each-night")
    assert (run.state.name, run.state.type.value) == ("Sound", "COMPLETED")
    assert "are as they were sealed" in run.state.message
    assert json.loads(office.artifacts(run)["trail"].data) == [{"finding": "none"}]


def test_a_tampered_trail_fails_the_night_and_names_the_fact(office):
    ref = office.opened("EHC-2026-0799")
    with office.engine.begin() as connection:
        triggers = [row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        kept = [connection.exec_driver_sql(f"SELECT sql FROM sqlite_master WHERE name = '{name}'").scalar() for name in triggers]
        for name in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql("UPDATE fact SET happened_on = '2026-10-09' WHERE case_ref = ? AND number = 1", (ref,))
    try:
        run = office.triggered("verify-trail/each-night")
        assert run.state.name == "Broken" and f"{ref}: fact 1" in run.state.message
    finally:
        with office.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE fact SET happened_on = '2026-10-01' WHERE case_ref = ? AND number = 1", (ref,))
            for sql in kept:
                connection.exec_driver_sql(sql)


def test_the_doctor_finds_what_is_not_deployed_paused_or_left_over_from_an_earlier_version(office):
    from prefect import get_client

    from cli import doctor
    from tasks.settings import settings

    def found():
        return {finding.what: finding for finding in doctor.prefect(settings())}

    async def changed(name: str, **change):
        async with get_client() as client:
            one = await client.read_deployment_by_name(name)
            await client._client.patch(f"/deployments/{one.id}", json=change)

    async def left_over():
        async with get_client() as client:
            one = await client.read_deployment_by_name("post/each-quarter")
            return await client.create_deployment(flow_id=one.flow_id, name="each-fortnight", entrypoint="flows.gone.gone")

    async def taken_away(id):
        async with get_client() as client:
            await client.delete_deployment(id)

    assert found()["flows"].state == doctor.WELL and "flows of an earlier version" not in found()
    id = asyncio.run(left_over())
    try:
        assert "each-fortnight (flows.gone.gone)" in found()["flows of an earlier version"].found
    finally:
        asyncio.run(taken_away(id))
    asyncio.run(changed("post/each-quarter", paused=True))
    try:
        assert found()["flows"].found == "paused: each-quarter"
    finally:
        asyncio.run(changed("post/each-quarter", paused=False))
    assert found()["flows"].state == doctor.WELL
