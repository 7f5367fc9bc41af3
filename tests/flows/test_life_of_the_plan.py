"""The flows of a plan's life, run in this process against a real Prefect: each records what it is told, and hands over."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from flows.amending import amend_plan
from flows.appealing import answer_appeal
from flows.ceasing import cease_plan
from flows.complying import comply_with_order
from flows.detaining import see_detention_through
from flows.maintaining import see_plan_through
from flows.mediating import mediate
from flows.moving import move_plan, take_in_plan
from flows.reassessing import reassess_needs
from flows.reviewing import review_plan
from flows.transferring_phase import find_phase_transfers, transfer_phase
from models.hand import Hand
from tasks.case_file import NewFact, NewPerson, open_case, read, record_many
from tasks.database import engine, reading, writing
from tasks.settings import settings
from tasks.trail import verify
from tests.harness import house

HAND = Hand(datetime(2026, 3, 2, 9, tzinfo=UTC), "officer-1")
MADE = date(2026, 3, 2)


class Office:
    """A council's database, in which the flows of a test work."""

    def __init__(self, url: str):
        self.engine = engine(url)

    def planned(self, ref: str, born: date = date(2016, 5, 4), made: date = MADE, **more) -> str:
        """A case whose plan was made on a day."""
        request = {"requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-1"} | more
        with writing(self.engine) as session:
            open_case(session, ref, NewPerson("Made Up", born), NewFact("request_received", date(2025, 11, 3), request), HAND, made)
            record_many(session, [(ref, NewFact("final_plan_sent", made, {"document": "doc-1", "setting": "school-1"}))], HAND, made)
        return ref

    def happens(self, ref: str, on: date, kind: str, **data) -> None:
        with writing(self.engine) as session:
            record_many(session, [(ref, NewFact(kind, on, data))], HAND, on)

    def facts(self, ref: str, *kinds: str):
        with reading(self.engine) as session:
            return [fact for fact in read(session, ref) if fact.kind in kinds]


@pytest.fixture
def office(prefect_server, sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    for name, value in (house.COUNCIL | {"EHC_DATABASE_URL": sqlite_url, "EHC_OUTBOX_DIR": str(tmp_path / "outbox")}).items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    yield Office(sqlite_url)
    settings.cache_clear()


async def stage(flow, ref: str, on: date, **told) -> str:
    """Run a flow as Prefect does; the stage in words with which it leaves the case."""
    left = await flow(case_ref=ref, on=on, return_state=True, **told)
    assert left.is_completed(), left.message
    return left.message


async def test_a_review_goes_from_its_meeting_to_the_amended_plan(office):
    ref = office.planned("EHC-2025-0001")
    await stage(see_plan_through, ref, date(2026, 9, 1))
    await stage(review_plan, ref, date(2026, 10, 1), event="meeting_fixed", meeting_on=date(2026, 11, 2), setting="school-1",
                setting_type="academy")
    await stage(review_plan, ref, date(2026, 10, 12), event="invited")
    await stage(review_plan, ref, date(2026, 11, 2), event="meeting_held")
    await stage(review_plan, ref, date(2026, 11, 9), event="report_sent", document="doc-2")
    refused = await review_plan(case_ref=ref, on=date(2026, 11, 20), event="decided_to_amend", decided_by="officer-2",
                                return_state=True)
    assert refused.is_failed() and ref in refused.message and "document" in refused.message
    assert not office.facts(ref, "review_decision_sent", "amendment_notice_sent")
    await stage(review_plan, ref, date(2026, 11, 20), event="decided_to_amend", decided_by="officer-2", document="doc-3")
    assert [(fact.kind, fact.on) for fact in office.facts(ref, "review_decision_sent", "amendment_notice_sent")] == [
        ("review_decision_sent", date(2026, 11, 20)), ("amendment_notice_sent", date(2026, 11, 20))]
    await stage(amend_plan, ref, date(2026, 12, 1), event="representations_received", document="doc-4")
    await stage(amend_plan, ref, date(2026, 12, 14), event="amended_plan_sent", document="doc-5", setting="school-1")
    run = office.facts(ref, "final_amended_plan_sent")[0]
    assert run.by == "flow:amend-plan" and run.flow_run_id
    with reading(office.engine) as session:
        assert verify(session).is_sound


async def test_every_other_process_is_recorded_by_its_own_flow(office):
    ref = office.planned("EHC-2025-0002")
    for flow, on, told, kind in (
            (reassess_needs, date(2026, 4, 1), {"event": "requested", "requested_by": "parent"}, "reassessment_requested"),
            (reassess_needs, date(2026, 4, 9), {"event": "refused_to_reassess", "decided_by": "officer-2",
                                                "reason_codes": ["more_time_not_needed"]}, "reassessment_decided"),
            (mediate, date(2026, 4, 20), {"event": "wanted", "health": "none"}, "mediation_wanted"),
            (answer_appeal, date(2026, 5, 18), {"event": "lodged"}, "appeal_lodged"),
            (comply_with_order, date(2026, 7, 6), {"event": "order_made", "order": "amend_provision"}, "tribunal_order_made"),
            (cease_plan, date(2026, 7, 20), {"event": "proposed", "decided_by": "officer-2", "cease_reason": "needs_met"},
             "cease_proposed"),
            (cease_plan, date(2026, 7, 27), {"event": "not_pursued", "decided_by": "officer-2"}, "cease_not_pursued"),
            (see_detention_through, date(2026, 8, 3), {"event": "detained", "plan_kept": True}, "detention_began"),
            (see_detention_through, date(2026, 8, 31), {"event": "released", "plan_kept": True}, "released"),
            (transfer_phase, date(2026, 9, 1), {"transfer": "other", "year": 2027}, "phase_transfer_identified"),
            (move_plan, date(2026, 9, 21), {"event": "move_known", "moves_on": date(2026, 10, 19), "council": "LA-2"}, "move_known"),
            (move_plan, date(2026, 10, 19), {"event": "transferred_out", "council": "LA-2"}, "plan_transferred")):
        await stage(flow, ref, on, **told)
        fact = office.facts(ref, kind)[-1]
        assert (fact.on, fact.by) == (on, f"flow:{flow.name}")
    assert (await stage(see_plan_through, ref, date(2026, 10, 20))).endswith("ended: the plan went to another council")


async def test_a_plan_from_another_council_opens_a_case_and_a_decision_may_have_its_notice_to_follow(office):
    left = await take_in_plan(transferred_on=date(2026, 9, 1), made_on=date(2025, 12, 1), owner="officer-1", case_ref="EHC-2026-0020",
                              return_state=True)
    assert left.is_completed() and left.message.startswith("EHC-2026-0020: ")
    await stage(review_plan, "EHC-2026-0020", date(2026, 10, 1), event="meeting_held")
    await stage(review_plan, "EHC-2026-0020", date(2026, 10, 8), event="decided_to_continue", decided_by="officer-2",
                reason_codes=["plan_necessary"], notice_to_follow=True)
    assert office.facts("EHC-2026-0020", "plan_decision_prepared")[0]["decided"] == "continue"


async def test_every_september_each_transfer_is_found_once(office):
    office.planned("EHC-2025-0010", born=date(2015, 9, 1))
    office.planned("EHC-2025-0011", born=date(2010, 12, 1))
    office.planned("EHC-2025-0012", born=date(2014, 1, 1))
    office.planned("EHC-2025-0013", born=date(2019, 11, 1))
    excluded = office.planned("EHC-2025-0014", born=date(2015, 9, 1))
    office.happens(excluded, date(2026, 6, 1), "phase_transfer_excluded", decided_by="officer-2", reasons="It is an all-through school.")
    first, again = [await find_phase_transfers(on=day, return_state=True) for day in (date(2026, 9, 1), date(2026, 9, 2))]
    assert first.name == "Found" and first.message.startswith("5 plans: 2 transfers of 2027 identified")
    assert again.name == "Nothing new" and "2 on record already, 1 excluded, 1 to be looked at" in again.message
    found = {ref: [(fact["transfer"], fact["year"]) for fact in office.facts(ref, "phase_transfer_identified")]
             for ref in (f"EHC-2025-001{n}" for n in range(5))}
    assert found == {"EHC-2025-0010": [("other", 2027)], "EHC-2025-0011": [("secondary_to_post16", 2027)], "EHC-2025-0012": [],
                     "EHC-2025-0013": [], excluded: []}
