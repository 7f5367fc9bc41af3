"""What is kept beside the facts is what follows from the facts, whatever happened in whatever order."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from models.law.advisers import ADVISERS
from models.tables.cases import DutyRow, MessageRow
from models.trail import moment
from tasks import bulk
from tasks.case_file import BadFact, CannotBear, NewFact, open_case, record, refresh, take
from tasks.database import reading, writing
from tasks.rebuild import rebuild
from tasks.trail import verify
from tests.tasks.builders import REASONS, REF, TODAY, a_request, day, hand, opened

MESSAGE = ("key", "case_ref", "message", "to_role", "data", "fact_number", "queued_at", "status", "attempts", "sha256")


def differences(engine, check=True) -> list[str]:
    with (reading if check else writing)(engine) as session:
        done = rebuild(session, check)
    assert done.is_right == (not done.differences)
    return [str(found) for found in done.differences]


def change(engine, *statements):
    with engine.begin() as connection:
        for statement in statements:
            assert connection.exec_driver_sql(statement).rowcount > 0


# --- whatever happens ----------------------------------------------------------------------------------------------

ADVICE = st.fixed_dictionaries({"adviser": st.sampled_from(sorted(ADVISERS)), "agency": st.sampled_from(["a-1", "a-2"])})
RUNG = st.fixed_dictionaries({
    "duty": st.sampled_from(["finalise_plan", "decide_whether_to_assess", "advice_six_weeks_others", "setting_consult_response"]),
    "adviser": st.sampled_from([None, "adv_d_psychology", "adv_f_other"]), "setting": st.sampled_from([None, "s-1"]),
    "rung": st.sampled_from([-14, -7, -2, 1, 8])})
CORRECTION = st.fixed_dictionaries({"replaces": st.integers(1, 8), "because": st.just("x")}).flatmap(
    lambda told: st.sampled_from([told | {"withdrawn": True},
                                  *(told | {"corrected": {"on": day(n).isoformat()}} for n in (0, 5, 40, 150))]))
HAPPENS = st.one_of(
    st.tuples(st.sampled_from(["family_consulted", "family_told_considering", "views_received", "draft_plan_served",
                               "final_plan_sent", "request_withdrawn", "child_died", "draft_meeting_required"]), st.just({})),
    st.tuples(st.sampled_from(["decided_to_assess", "refused_to_assess", "decided_to_issue", "refused_to_issue",
                               "withdrawal_accepted", "request_continued"]), st.just(REASONS)),
    st.tuples(st.sampled_from(["advice_requested", "advice_delivered", "advice_received"]), ADVICE),
    st.tuples(st.sampled_from(["setting_requested", "setting_consulted", "setting_answered"]), st.just({"setting": "s-1"})),
    st.tuples(st.just("message_queued"), RUNG),
    st.tuples(st.just("fact_corrected"), CORRECTION),
)
SO_FAR = st.sampled_from([[], [("decided_to_assess", REASONS)], [("refused_to_assess", REASONS)],
                          [("decided_to_assess", REASONS), ("decided_to_issue", REASONS)]])
LIFE = st.lists(st.tuples(HAPPENS, st.integers(0, 200), st.integers(0, 10)), min_size=1, max_size=16)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(so_far=SO_FAR, life=LIFE)
def test_after_any_life_of_a_case_a_rebuild_changes_nothing(engine, so_far, life):
    ref, today = new_case(engine), day(201)
    for (kind, data), on, later in [(fact, 20, 0) for fact in so_far] + life:
        today += timedelta(days=later)
        happens(engine, ref, kind, day(on), data, today)
        if later > 8:
            with writing(engine) as session:
                refresh(session, [ref], today)
    with reading(engine) as session:
        assert rebuild(session, check=True).differences == ()
        assert verify(session).is_sound


def new_case(engine) -> str:
    with writing(engine) as session:
        return open_case(session, None, None, a_request(year_group=9), hand(), TODAY).case.ref


def happens(engine, ref, kind, on, data, today):
    """Record it, if the case can bear it; a message goes to the outbox too."""
    with writing(engine) as session:
        files = take(session, [ref], today)
        if kind == "message_queued":
            data = data | {"message": "reminder", "recipient": "x", "key": f"{ref}/{len(files.case(ref).facts)}/{on}"}
        try:
            number, _ = files.add(ref, NewFact(kind, on, data), hand())
        except (BadFact, CannotBear):
            return
        files.write()
        if kind == "message_queued":
            bulk.insert(session, MessageRow.__table__, MESSAGE, [
                (data["key"], ref, "reminder", "x", "{}", number, moment(hand().at), "queued", 0, None)])


def test_all_at_once_is_the_same_as_one_by_one(engine):
    facts = [("family_consulted", day(2), {}), ("decided_to_assess", day(30), REASONS),
             ("advice_requested", day(31), {"adviser": "adv_c_medical", "body": "s31"}),
             ("advice_delivered", day(32), {"adviser": "adv_c_medical", "body": "s31"}),
             ("advice_received", day(50), {"adviser": "adv_c_medical"})]
    one, other = new_case(engine), new_case(engine)
    for fact in facts:
        happens(engine, one, *fact, TODAY)
    with writing(engine) as session:
        files = take(session, [other], TODAY)
        for kind, on, data in facts:
            files.add(other, NewFact(kind, on, data), hand())
        files.write()
    with engine.connect() as connection:
        def rows(ref):
            return [connection.execute(sa.text(f"SELECT {columns} FROM {table} WHERE {key} = :ref ORDER BY 1, 2, 3"),
                                       {"ref": ref}).all() for columns, table, key in (
                ("duty, adviser, party, starts_on, due_on, met_on, next_rung_on", "duty", "case_ref"),
                ("stage, held_by, held_since, next_visit_on, next_event_on", "case_file", "ref"))]
        assert rows(one) == rows(other)


# --- when the tables were changed ----------------------------------------------------------------------------------

@pytest.mark.parametrize("statement, line", [
    ("UPDATE duty SET due_on = '2027-01-01' WHERE duty = 'finalise_plan'",
     f"{REF}: duty finalise_plan: due_on is 2027-01-01, the facts say 2026-07-20"),
    ("UPDATE duty SET met_on = NULL WHERE duty = 'decide_whether_to_assess'",
     f"{REF}: duty decide_whether_to_assess: met_on is nothing, the facts say 2026-04-01"),
    ("DELETE FROM duty WHERE duty = 'seek_advice' AND adviser = 'adv_c_medical'",
     f"{REF}: duty seek_advice adv_c_medical: duty is nothing, the facts say seek_advice"),
    (f"INSERT INTO duty (case_ref, duty, adviser, party, occasion, kind, owed_by) VALUES ('{REF}', 'made_up', '', 'x', '', 'hard', 'y')",
     f"{REF}: duty made_up x: duty is made_up, the facts say nothing"),
    ("UPDATE case_file SET stage = 'S55_FINALISED'", f"{REF}: case_file: stage is S55_FINALISED, the facts say S20_ASSESSING"),
    ("UPDATE case_file SET next_visit_on = NULL", f"{REF}: case_file: next_visit_on is nothing, the facts say 2026-04-01"),
    ("UPDATE message SET status = 'sent' WHERE key = 'm-1'", f"{REF}: message m-1: status is sent, the facts say queued"),
    ("UPDATE message SET status = 'queued' WHERE key = 'm-2'", f"{REF}: message m-2: status is queued, the facts say sent"),
    ("UPDATE message SET sha256 = 'x' WHERE key = 'm-2'", f"{REF}: message m-2: sha256 is x, the facts say {'a' * 64}"),
])
def test_every_value_that_is_not_what_the_facts_say_is_named_and_put_right(engine, statement, line):
    a_case_with_messages(engine)
    assert differences(engine) == []
    change(engine, statement)
    assert differences(engine) == [line]
    assert differences(engine) == [line]                  # to check changes nothing
    assert differences(engine, check=False) == [line]
    assert differences(engine) == []


def a_case_with_messages(engine):
    opened(engine)
    with writing(engine) as session:
        record(session, REF, "decided_to_assess", day(30), REASONS, hand(), TODAY)
        queued = [record(session, REF, "message_queued", TODAY, {"key": key, "message": "reminder", "recipient": "x"}, hand(),
                         TODAY).number for key in ("m-1", "m-2", "m-3")]
        record(session, REF, "message_sent", TODAY, {"key": "m-2", "sha256": "a" * 64, "channel": "eml"}, hand(), TODAY)
        record(session, REF, "message_failed", TODAY, {"key": "m-3", "why": "refused", "final": True}, hand(), TODAY)
        bulk.insert(session, MessageRow.__table__, MESSAGE, [
            (key, REF, "reminder", "x", "{}", number, moment(hand().at), status, 1, sha256) for key, number, status, sha256 in zip(
                ("m-1", "m-2", "m-3"), queued, ("queued", "sent", "failed"), (None, "a" * 64, None), strict=True)])


@pytest.mark.parametrize("statement, line", [
    ("DELETE FROM message WHERE key = 'm-1'", f"{REF}: message m-1: key is nothing, the facts say m-1"),
    ("UPDATE message SET key = 'm-9' WHERE key = 'm-3'", f"{REF}: message m-9: key is m-9, the facts say nothing"),
])
def test_what_the_facts_cannot_put_right_is_named_and_left_alone(engine, statement, line):
    a_case_with_messages(engine)
    change(engine, statement)
    found = differences(engine, check=False)
    assert found == differences(engine) == [line]
    with reading(engine) as session:
        assert [d.mendable for d in rebuild(session, check=True).differences] == [False]


def test_a_message_that_went_may_have_been_cleared_away(engine):
    a_case_with_messages(engine)
    change(engine, "DELETE FROM message WHERE key IN ('m-2', 'm-3')")
    assert differences(engine) == []


@pytest.mark.parametrize("statement, words", [
    ("DELETE FROM fact WHERE number = 7", "fact 7 is missing from the end"),
    ("DELETE FROM fact WHERE number = 6", "fact 6 is missing"),
    ("UPDATE fact SET kind = 'refused_to_assess' WHERE number = 2", "fact 2 was altered"),
    ("UPDATE case_file SET last_number = 6", "fact 7 was inserted at the end"),
])
def test_nothing_is_worked_out_from_facts_that_are_in_doubt(engine, statement, words):
    a_case_with_messages(engine)
    drop = {"sqlite": "DROP TRIGGER fact_is_not_removed; DROP TRIGGER fact_is_not_changed",
            "postgresql": "DROP TRIGGER fact_is_not_changed ON fact"}[engine.dialect.name]
    with engine.connect() as connection, connection.begin() as transaction:
        for step in (*drop.split(";"), "UPDATE duty SET due_on = '2027-01-01' WHERE duty = 'finalise_plan'", statement):
            connection.exec_driver_sql(step)
        with Session(connection) as session:
            done = rebuild(session)
            assert [str(left) for left in done.left if str(left).startswith(f"{REF}: {words}")] and not done.is_right
            assert done.differences == ()
            assert date(2027, 1, 1) in session.connection().execute(sa.select(DutyRow.due_on)).scalars().all()
        transaction.rollback()


def test_a_rebuild_tells_how_far_it_has_come(engine):
    for _ in range(3):
        opened(engine, None)
    seen = []
    with reading(engine) as session:
        done = rebuild(session, check=True, progress=lambda *step: seen.append(step))
    assert (done.cases, done.is_right, done.mended, seen) == (3, True, False, [(3, 3)])
