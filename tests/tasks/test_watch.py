"""The watch: every rung once, for each recipient, whatever days were missed, whoever was killed, and however much is open.

After every round the trail verifies, and rebuilding the tables from the facts finds nothing to put right.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from bench.stock import TODAY, Stock, at_seven
from models.hand import Hand
from models.tables.cases import CaseFile, DutyRow, FactRow, MessageRow
from models.tables.running import WatchRound
from models.trail import Sealed, canonical, moment, seal
from notifications.channels import Channels
from notifications.what_follows import agency_of, still_wanted
from tasks import bulk, reminders, visit, watch
from tasks.case_file import NewFact, as_it_stands, open_case, read, record
from tasks.database import reading, writing
from tasks.derived import derive
from tasks.office import Office
from tasks.sending import _Sender
from tasks.rebuild import rebuild
from tasks.trail import verify
from tests.harness import databases
from tests.tasks.builders import EVERY_DAY, REASONS, REF, council, day

OTHER = "EHC-2026-0002"
DECIDE = "decide_whether_to_assess"
DECIDE_DUE = day(42)
ADVISERS = ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care")


def hand(on: date, hour: int = 10) -> Hand:
    return Hand(datetime.combine(on, time(hour), UTC), "officer-7")


class Council:
    """A council at work: it opens cases, is told things, and holds a round whenever a test says so."""

    def __init__(self, engine, folder: Path):
        self.engine, self.office = engine, Office(Channels({}, folder), council(), policy=EVERY_DAY)

    def open(self, ref: str = REF, number: int = 0, recorded: int | None = None, **data) -> None:
        recorded_on = day(number if recorded is None else recorded)
        first = NewFact("request_received", day(number), {
            "requested_by": "parent", "attends": "school", "setting": "school-1"} | data)
        with writing(self.engine) as session:
            open_case(session, ref, None, first, hand(recorded_on), recorded_on)

    def happens(self, number: int, kind: str, ref: str = REF, recorded: int | None = None, **data) -> None:
        recorded_on = day(number if recorded is None else recorded)
        with writing(self.engine) as session:
            record(session, ref, kind, day(number), data, hand(recorded_on), recorded_on)

    def decides_to_assess(self, number: int, ref: str = REF, recorded: int | None = None) -> None:
        self.happens(number, "decided_to_assess", ref, recorded, notified_on=day(number).isoformat(), **REASONS)

    def asks(self, number: int, adviser: str, ref: str = REF, recorded: int | None = None, **data) -> None:
        for kind in ("advice_requested", "advice_delivered"):
            self.happens(number, kind, ref, recorded, adviser=adviser, **data)

    def round(self, number: int) -> watch.Round:
        """A round on a day. When its reminders are written, and when it is over, everything must be as the facts say."""
        return self.round_at(number, hand(day(number), 7))

    def round_at(self, number: int, at: Hand) -> watch.Round:
        done = watch.watch(self.engine, self.office, day(number), at, lambda: at.at + timedelta(minutes=5),
                           lambda what, count: self.is_sound() if what == "reminders" and count else None)
        self.is_sound()
        return done

    def is_sound(self) -> None:
        with reading(self.engine) as session:
            assert verify(session).findings == ()
            assert rebuild(session, check=True).differences == ()
            keys = [key for key, in bulk.select(session, MessageRow.__table__, ("key",))]
            told = [fact for row in bulk.select(session, CaseFile.__table__, ("ref",)) for fact in read(session, row[0])]
        queued = [fact["key"] for fact in told if fact.kind == "message_queued"]
        assert sorted(queued) == sorted(keys)
        for ref, next_visit_on in self.visits():
            assert next_visit_on == self.soonest(ref)

    def visits(self):
        with reading(self.engine) as session:
            return [(row.ref, row.next_visit_on) for row in session.exec(select(CaseFile))]

    def soonest(self, ref: str) -> date | None:
        with reading(self.engine) as session:
            event = session.get_one(CaseFile, ref).next_event_on
            rungs = [row.next_rung_on for row in session.exec(select(DutyRow).where(DutyRow.case_ref == ref))]
        return min((one for one in (event, *rungs) if one), default=None)

    def reminders(self, ref: str = REF, duty: str | None = DECIDE, **fields):
        """The facts of the reminders that were written in a case."""
        with reading(self.engine) as session:
            return [fact for fact in read(session, ref) if fact.kind == "message_queued" and fact["rung"] is not None
                    and duty in (None, fact["duty"]) and all(fact[name] == value for name, value in fields.items())]

    def rungs(self, ref: str = REF, duty: str | None = DECIDE, **fields):
        """When which rung was told to whom: (days from the request, rung, recipient)."""
        return [((fact.on - day(0)).days, fact["rung"], fact["recipient"]) for fact in self.reminders(ref, duty, **fields)]

    def messages_about(self, ref: str, message: str) -> list[MessageRow]:
        with reading(self.engine) as session:
            return [row for row in session.exec(select(MessageRow)) if (row.case_ref, row.message) == (ref, message)]

    def marks(self) -> list[WatchRound]:
        with reading(self.engine) as session:
            return list(session.exec(select(WatchRound).order_by(WatchRound.id)))


@pytest.fixture
def house(engine, tmp_path):
    return Council(engine, tmp_path / "outbox")


# --- each rung once ------------------------------------------------------------------------------------------------

def test_each_rung_goes_once_to_each_recipient_on_its_own_day(house):
    house.open()
    for number in range(65):
        house.round(number)
    owner, lead, manager = "council.owner", "council.lead", "council.manager"
    assert house.rungs(duty=None) == [
        (28, -14, owner), (35, -7, owner), (40, -2, owner), (40, -2, lead), (43, 1, owner), (43, 1, lead),
        (50, 8, owner), (50, 8, lead), (50, 8, manager), (57, 15, owner), (57, 15, lead), (57, 15, manager),
        (64, 22, owner), (64, 22, lead), (64, 22, manager)]
    assert {fact["message"] for fact in house.reminders() if fact["rung"] < 0} == {"reminder"}
    assert {fact["message"] for fact in house.reminders() if fact["rung"] > 0} == {"overdue"}
    assert not any(fact["missed"] or fact["late_days"] for fact in house.reminders())


def test_a_second_round_on_the_same_day_writes_nothing(house):
    house.open()
    first = house.round(28)
    before = house.rungs(duty=None)
    second = house.round(28)
    assert (first.reminders, second.reminders, second.written, second.sent.sent) == (1, 0, 0, 0)
    assert house.rungs(duty=None) == before


def test_the_day_before_a_rung_nothing_goes(house):
    house.open()
    house.round(27)
    assert house.rungs() == []


def test_several_duties_of_one_case_are_reminded_of_in_one_round(house):
    house.open()
    house.decides_to_assess(10)
    for adviser in ADVISERS:
        house.asks(10, adviser)
    done = house.round(38)
    assert done.reminders == 4
    assert {(fact["adviser"], fact["recipient"]) for fact in house.reminders(duty=None)} == {
        ("adv_b_education", "setting"), ("adv_c_medical", "rcb"), ("adv_d_psychology", "ep_service"),
        ("adv_e_social_care", "social_care")}


def test_a_round_tells_how_many_letters_held_several_reminders(house):
    house.open()
    house.decides_to_assess(10)
    house.happens(10, "adviser_thought_appropriate", agency="therapist-1")
    for adviser, agency in (("adv_f_other", "therapist-1"), ("adv_d_psychology", "therapist-1")):
        house.asks(10, adviser, agency=agency)
    done = house.round(38)
    assert done.sent.digests == 1 and f"{done.sent.sent} sent (1 digest" in done.words()


def test_what_ended_after_it_was_set_aside_stands_in_no_letter(house, monkeypatch):
    other, send, done = "EHC-2026-0002", _Sender.send_reminders, []
    for ref in (REF, other):
        house.open(ref)
        house.decides_to_assess(10, ref)
        house.asks(10, "adv_c_medical", ref, agency="trust-a")

    def withdrawn_meanwhile(sender):
        if sender._aside and not done:
            house.happens(38, "request_withdrawn", other)
            house.happens(38, "withdrawal_accepted", other, decided_by="officer-7", reasons="The family moved away.")
            done.append(other)
        send(sender)

    monkeypatch.setattr(_Sender, "send_reminders", withdrawn_meanwhile)
    house.round(38)
    went = {ref: [row.status for row in house.messages_about(ref, "reminder") if row.to_role == "rcb"] for ref in (REF, other)}
    assert done and went == {REF: ["sent"], other: ["failed"]}


def test_two_agencies_that_give_the_same_advice_are_both_reminded(house):
    house.open()
    house.decides_to_assess(10)
    for agency in ("therapist-1", "therapist-2"):
        house.happens(10, "adviser_thought_appropriate", agency=agency)
        house.asks(10, "adv_f_other", agency=agency)
    house.round(38)
    told = [fact for fact in house.reminders(duty="advice_six_weeks_others") if fact["adviser"] == "adv_f_other"]
    assert [(fact["agency"], fact["rung"]) for fact in told] == [("therapist-1", -14), ("therapist-2", -14)]
    house.happens(39, "advice_received", adviser="adv_f_other", agency="therapist-1")
    house.round(45)
    with reading(house.engine) as session:
        case = as_it_stands(REF, read(session, REF), day(45))
    wanted = [fact for fact in house.reminders(adviser="adv_f_other", duty=None) if still_wanted(case, fact)]
    assert {(fact["agency"], fact["rung"]) for fact in wanted} == {("therapist-2", -7)}


def test_what_the_council_is_told_about_an_agency_does_not_go_to_that_agency(house):
    house.open()
    house.decides_to_assess(10)
    house.happens(10, "adviser_thought_appropriate", agency="therapist-1")
    house.asks(10, "adv_f_other", agency="therapist-1")
    house.round(60)
    told = {fact["recipient"]: fact for fact in house.reminders(adviser="adv_f_other", duty=None)}
    assert set(told) == {"other", "other.lead", "council.manager"}
    with reading(house.engine) as session:
        case = as_it_stands(REF, read(session, REF), day(60))
        kept = {row.to_role: row.to_agency for row in session.exec(select(MessageRow)) if row.key in {
            fact["key"] for fact in told.values()}}
    assert kept == {"other": "therapist-1", "other.lead": "therapist-1", "council.manager": None}
    assert {to: agency_of(case, fact) for to, fact in told.items()} == kept


def test_each_setting_that_is_consulted_has_its_own_reminders(house):
    house.open()
    house.decides_to_assess(10)
    house.happens(20, "decided_to_issue", notified_on=day(20).isoformat(), **REASONS)
    house.happens(30, "draft_plan_served")
    for setting, number in (("school-1", 31), ("school-2", 33)):
        house.happens(number, "setting_consulted", setting=setting)
    for number in range(34, 50):
        house.round(number)
    told = [(on, fact["setting"], rung) for (on, rung, _), fact in zip(
        house.rungs(duty="setting_consult_response"), house.reminders(duty="setting_consult_response"), strict=True)]
    assert told[:4] == [(39, "school-1", -7), (41, "school-2", -7), (44, "school-1", -2), (46, "school-2", -2)]
    assert {fact["recipient"] for fact in house.reminders(duty="setting_consult_response", rung=1)} == {"setting", "council.owner"}


def test_a_rung_that_fell_before_the_duty_was_given_its_time_is_passed_over(house):
    house.open()
    house.decides_to_assess(10)
    house.happens(11, "decided_to_issue", notified_on=day(11).isoformat(), **REASONS)
    house.happens(30, "draft_plan_served")
    house.happens(30, "setting_consulted", setting="school-1")
    with reading(house.engine) as session:
        row, = session.exec(select(DutyRow).where(DutyRow.duty == "setting_consult_response"))
    assert (row.due_on - row.starts_on).days > 7 and row.next_rung == -7


# --- what is over, excused or asked anew ---------------------------------------------------------------------------

@pytest.mark.parametrize(("kind", "data"), [
    ("decided_to_assess", {"notified_on": day(30).isoformat(), **REASONS}),
    ("refused_to_assess", {"notified_on": day(30).isoformat(), "decided_by": "o-1", "reason_codes": ["no_sen"]}),
    ("moved_away", {"to": "council-2"}),
    ("child_died", {}),
])
def test_of_what_is_met_or_lapsed_nobody_is_reminded(house, kind, data):
    house.open()
    house.round(28)
    house.happens(30, kind, **data)
    for number in (31, 35, 40, 43, 50):
        house.round(number)
    assert [rung for _, rung, _ in house.rungs()] == [-14]


def test_an_excused_duty_has_words_of_its_own_and_is_never_called_overdue(house):
    house.open()
    house.round(28)
    house.happens(30, "exception_claimed", duty=DECIDE, code="X_PERSONAL", because="A bereavement.", approved_by="o-1")
    for number in (35, 40, 43, 50):
        house.round(number)
    assert {(fact["rung"], fact["message"]) for fact in house.reminders()} == {
        (-14, "reminder"), (-7, "excused_reminder"), (-2, "excused_reminder"), (1, "excused_reminder"), (8, "excused_reminder")}


def test_what_is_asked_anew_is_reminded_of_anew(house):
    house.open()
    house.decides_to_assess(10)
    house.asks(10, "adv_c_medical")
    for number in range(38, 70, 4):
        house.round(number)
    house.happens(70, "advice_received", adviser="adv_c_medical")
    house.asks(72, "adv_c_medical")
    for number in range(73, 121):
        house.round(number)
    anew = house.rungs(duty="coop_respond_advice", due_on=day(72 + 42).isoformat())
    assert anew == [(100, -14, "rcb"), (107, -7, "rcb"), (112, -2, "rcb"), (112, -2, "rcb.lead"), (115, 1, "rcb"),
                    (115, 1, "rcb.lead")]


def test_a_day_that_was_corrected_is_reminded_of_at_its_new_day_too(house):
    house.open()
    house.round(28)
    house.happens(29, "fact_corrected", replaces=1, corrected={"on": day(10).isoformat()}, because="A wrong stamp.")
    for number in range(29, 46):
        house.round(number)
    assert house.rungs(due_on=day(52).isoformat()) == [(38, -14, "council.owner"), (45, -7, "council.owner")]


# --- missed days ---------------------------------------------------------------------------------------------------

def test_after_missed_days_only_the_latest_rung_goes_and_says_what_it_stands_for(house):
    house.open()
    house.round(34)
    done = house.round(45)
    assert done.missed_days == tuple(day(number) for number in range(35, 45))
    assert house.rungs()[1:] == [(45, 1, "council.owner"), (45, 1, "council.lead")]
    assert [(fact["missed"], fact["late_days"]) for fact in house.reminders()[1:]] == [([-7, -2], 2)] * 2
    assert (done.reminders, done.late_reminders, done.latest_by) == (2, 2, 2)
    assert done.late == [f"{REF} {DECIDE}: 2 days"]
    assert (f"The watch did not run {day(35).isoformat()} to {day(44).isoformat()}: 2 reminders went late because of it,"
            " by up to 2 days") in done.words()
    assert [(mark.missed_days, mark.reminders, mark.late_reminders) for mark in house.marks()] == [(0, 1, 0), (10, 2, 2)]


def test_a_rung_that_is_reached_on_the_very_day_is_not_late_though_it_stands_for_missed_ones(house):
    house.open()
    house.round(34)
    done = house.round(43)
    assert [(fact["missed"], fact["late_days"]) for fact in house.reminders(rung=1)] == [([-7, -2], None)] * 2
    assert (done.late_reminders, done.latest_by) == (0, 0)


def test_after_an_outage_the_next_rungs_go_on_their_own_days(house):
    house.open()
    house.round(20)
    house.round(36)
    house.round(40)
    assert house.rungs() == [(36, -7, "council.owner"), (40, -2, "council.owner"), (40, -2, "council.lead")]
    assert [(fact["missed"], fact["late_days"]) for fact in house.reminders()] == [([-14], 1), (None, None), (None, None)]


def test_only_the_first_complete_round_after_an_outage_speaks_of_it(house):
    house.open()
    house.round(30)
    assert len(house.round(40).missed_days) == 9
    assert house.round(40).missed_days == () and house.round(41).missed_days == ()


def test_before_the_first_round_nothing_was_missed(house):
    house.open(recorded=30)
    done = house.round(43)
    assert (done.missed_days, done.late_reminders) == ((), 0)
    assert [(fact["missed"], fact["late_days"]) for fact in house.reminders()] == [(None, None)] * 2


def test_a_case_that_is_recorded_late_is_not_the_lateness_of_the_watch(house):
    house.open(OTHER, 0)
    for number in (29, 30, 31, 32):
        house.round(number)
    house.open(REF, 0, recorded=32)
    done = house.round(33)
    assert house.rungs() == [(33, -14, "council.owner")]
    assert done.late_reminders == 0 and not done.missed_days
    assert [(fact["missed"], fact["late_days"]) for fact in house.reminders()] == [(None, None)]


def test_a_case_that_is_recorded_while_the_watch_is_down_is_late_from_the_first_round_that_would_have_known(house):
    house.open(OTHER, 0)
    house.round(26)
    house.open(REF, 0, recorded=32)
    done = house.round(34)
    assert [fact["late_days"] for fact in house.reminders(OTHER)] == [6]
    assert [fact["late_days"] for fact in house.reminders(REF)] == [1]
    assert done.latest_by == 6 and done.late_reminders == 2


def test_nor_is_one_that_is_recorded_on_the_last_day_of_an_outage(house):
    house.open(OTHER, 0)
    house.round(26)
    house.open(REF, 0, recorded=33)
    house.round(34)
    assert [(fact["missed"], fact["late_days"]) for fact in house.reminders(REF)] == [(None, None)]


def test_another_fact_told_during_an_outage_hides_none_of_the_lateness(house):
    house.open()
    house.round(26)
    house.happens(30, "family_consulted")
    house.round(34)
    assert [fact["late_days"] for fact in house.reminders()] == [6]


def test_days_that_are_played_through_later_are_missed_as_if_they_were_lived(house):
    """With --on a round is held for a day long past, at a moment that is not."""
    played = datetime(2028, 1, 3, 9, tzinfo=UTC)
    house.open(recorded=400)
    house.round_at(26, Hand(played, "officer-7"))
    with writing(house.engine) as session:
        record(session, REF, "family_consulted", day(27), {}, Hand(played + timedelta(hours=1), "officer-7"), day(27))
    house.round_at(34, Hand(played + timedelta(hours=2), "officer-7"))
    assert [fact["late_days"] for fact in house.reminders()] == [6]


def test_a_rung_of_which_no_round_could_have_known_is_not_among_the_missed(house):
    house.open(OTHER, 0)
    house.round(20)
    house.open(REF, 0, recorded=36)
    house.round(41)
    assert [(fact["missed"], fact["late_days"]) for fact in house.reminders(REF)] == [([-7], 1)] * 2
    assert [(fact["missed"], fact["late_days"]) for fact in house.reminders(OTHER)] == [([-14, -7], 1)] * 2


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ran=st.sets(st.integers(min_value=20, max_value=70), min_size=1, max_size=9))
def test_whatever_days_were_missed_every_rung_that_came_was_told_or_is_stood_for_once(tmp_path_factory, ran):
    folder = tmp_path_factory.mktemp("gaps")
    engine = databases.sqlite(folder / "ehc.sqlite")
    house = Council(engine, folder / "outbox")
    house.open()
    house.round(0)
    for number in sorted(ran):
        house.round(number)
    due = 42
    come = [rung for rung in (-14, -7, -2, 1, 8, 15, 22, 29) if due + rung <= max(ran)]
    told = {(fact["rung"], fact.on): fact for fact in house.reminders()}
    spoken_for = Counter([rung for rung, _ in told] + [rung for fact in told.values() for rung in fact["missed"] or ()])
    assert spoken_for == Counter(come)
    for (rung, on), fact in told.items():
        assert (fact["late_days"] or 0) == (on - day(due + rung)).days
    engine.dispose()


# --- killed, twice at once, and faults -----------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from datetime import date
from pathlib import Path
from notifications.channels import Channels
from tasks import database, watch
from tasks.office import Office
from tests.tasks.builders import EVERY_DAY, council
from tests.tasks.test_watch import day, hand

url, folder, steps, number = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
watch.CASES_AT_ONCE = watch.REMINDED_AT_ONCE = 1
done = 0

def progress(what, count):
    global done
    done += 1
    if done == steps:
        os.kill(os.getpid(), signal.SIGKILL)

at = hand(day(number), 7)
watch.watch(database.engine(url), Office(Channels({}, Path(folder)), council(), policy=EVERY_DAY), day(number), at, lambda: at.at, progress)
"""


@pytest.mark.parametrize("steps", [1, 2, 4, 5, 7])
def test_a_round_that_is_killed_is_finished_by_the_next_and_nothing_is_lost_or_doubled(house, database_url, tmp_path, steps):
    for ref in ("A1", "A2", "A3"):
        house.open(ref)
    house.round(34)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, database_url, str(tmp_path / "outbox"), str(steps), "43"], capture_output=True, text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(["."] + sys.path)}, cwd=Path(__file__).parents[2])
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    house.is_sound()
    done = house.round(44)
    for ref in ("A1", "A2", "A3"):
        assert [(rung, to) for _, rung, to in house.rungs(ref)] == [
            (-14, "council.owner"), (1, "council.owner"), (1, "council.lead")]
        assert len(house.messages_about(ref, "lateness_to_family")) == 1
    late = {fact["late_days"] for ref in ("A1", "A2", "A3") for fact in house.reminders(ref, rung=1) if fact.on == day(44)}
    assert late <= {1} and day(43) in done.missed_days
    assert [mark.ended_at is None for mark in house.marks()] == [False, True, False]


def test_two_rounds_at_once_double_nothing(house):
    filled = Stock().fill(house.engine, 300, 60)
    together = Barrier(2)

    def one() -> watch.Round:
        round = watch.Round(TODAY)
        together.wait()
        watch.visit_cases(house.engine, TODAY, at_seven(TODAY), round)
        watch.remind(house.engine, TODAY, at_seven(TODAY), round)
        return round

    with ThreadPoolExecutor(2) as pool:
        rounds = [future.result() for future in [pool.submit(one), pool.submit(one)]]
    assert sum(round.reminders for round in rounds) == filled.due and not any(round.faults for round in rounds)
    house.is_sound()


def test_a_door_that_records_during_a_round_loses_nothing(house):
    filled = Stock().fill(house.engine, 300, 60)
    together = Barrier(2)

    def the_round() -> int:
        round = watch.Round(TODAY)
        together.wait()
        watch.remind(house.engine, TODAY, at_seven(TODAY), round)
        return round.reminders

    def the_door() -> None:
        together.wait()
        for number in range(1, filled.cases + 1):
            with writing(house.engine) as session:
                record(session, f"EHC-2026-{number:06d}", "family_consulted", TODAY, {}, at_seven(TODAY), TODAY)

    with ThreadPoolExecutor(2) as pool:
        written, told = pool.submit(the_round), pool.submit(the_door)
        assert written.result() == filled.due
        told.result()
    house.is_sound()


def broken(house: Council, ref: str) -> None:
    """Put a fact on record that no door would take, sealed as it should be: a correction of a fact that is not there."""
    with writing(house.engine) as session:
        kept = session.get_one(CaseFile, ref)
        content = (ref, kept.last_number + 1, "fact_corrected", day(1).isoformat(), moment(hand(day(1)).at), "officer-7", None,
                   canonical({"replaces": 99, "withdrawn": True}), kept.last_hash)
        bulk.insert(session, FactRow.__table__, Sealed._fields, [(*content, seal(*content))])
        kept.last_number, kept.last_hash = content[1], seal(*content)
        session.add(kept)


def test_a_case_that_cannot_be_worked_out_holds_up_none_of_the_others_and_is_named(house):
    for ref in ("A1", "A2", "A3"):
        house.open(ref)
    broken(house, "A2")
    at = hand(day(43), 7)
    round = watch.Round(day(43))
    seen = watch.visit_cases(house.engine, day(43), at, round)
    watch.remind(house.engine, day(43), at, round)
    assert seen == {"A1", "A3"} and list(round.faults) == round.stuck == ["A2"]
    assert "BadRecord" in round.faults["A2"] and "A2" in round.words()
    for ref in ("A1", "A2", "A3"):
        assert house.rungs(ref) == [(43, 1, "council.owner"), (43, 1, "council.lead")], "somebody owes something in A2, too"
    with reading(house.engine) as session:
        assert verify(session).is_sound


def test_nor_do_its_letters_hold_up_the_letters_of_the_others(house):
    for ref in ("A1", "A2", "A3"):
        house.open(ref)
    at = hand(day(0), 7)
    visit.say(house.engine, ["A1", "A2", "A3"], day(0), at)
    broken(house, "A2")
    done = watch.watch(house.engine, house.office, day(1), hand(day(1), 7), lambda: at.at)
    assert done.sent.sent == 10 and done.sent.later == 5 and all("A2" in problem for problem in done.sent.problems)
    assert house.marks()[-1].ended_at is not None


def test_a_letter_of_which_the_case_cannot_bear_the_proof_goes_once_and_says_so(house, tmp_path):
    house.open()
    house.decides_to_assess(10)

    class Meanwhile(Channels):
        """Channels that take their time: before the letter is gone, two agencies have been asked for the same advice."""

        def send(self, to_role, to_agency, letter, *rest, **more):
            if to_role == "ep_service" and "please send" in letter.subject:
                for agency in ("ep-1", "ep-2"):
                    house.happens(11, "advice_requested", adviser="adv_d_psychology", agency=agency)
            return super().send(to_role, to_agency, letter, *rest, **more)

    house.office = Office(Meanwhile({}, tmp_path / "outbox"), council(), policy=EVERY_DAY)
    done = house.round(11)
    problem, = done.sent.problems
    assert "advice_delivered is not on record for it" in problem and "ep-1, ep-2" in problem
    house.round(12)
    assert len(list((tmp_path / "outbox").rglob("*-advice-request-ep-service-*.eml"))) == 1


def test_reminders_alone_leave_a_case_in_which_more_is_due_as_the_facts_say(house):
    house.open()
    house.decides_to_assess(10)
    house.happens(40, "decided_to_issue", notified_on=day(40).isoformat(), **REASONS)
    house.happens(111, "draft_plan_served")
    with reading(house.engine) as session:
        assert session.get_one(CaseFile, REF).stage == "S45_DRAFT_ISSUED"
    round = watch.Round(day(126))
    watch.remind(house.engine, day(126), hand(day(126), 7), round)
    assert round.reminders == 1
    house.is_sound()
    with reading(house.engine) as session:
        assert session.get_one(CaseFile, REF).stage == "S50_CONSULTING_SETTINGS"


def test_a_round_for_an_earlier_day_leaves_what_was_worked_out_for_a_later_one(house):
    house.open()
    house.round(30)
    house.happens(36, "family_consulted")
    house.round(35)
    assert house.rungs() == [(30, -14, "council.owner"), (35, -7, "council.owner")]


def test_a_rung_that_the_ladder_no_longer_has_is_worked_out_anew(house):
    house.open()
    house.round(20)
    with writing(house.engine) as session:
        bulk.update(session, DutyRow.__table__, ("next_rung", "next_rung_on"), ("case_ref", "duty"),
                    [(-21, day(21).isoformat(), REF, DECIDE)])
    house.round(21)
    house.round(28)
    assert house.rungs() == [(28, -14, "council.owner")]


# --- a case at rest, and what a round costs ------------------------------------------------------------------------

def test_between_two_days_on_which_something_is_due_nothing_of_a_case_changes(house):
    """What the reminders rely on: they move the day for which a case was worked out, without working it out."""
    house.open()
    house.open(OTHER)
    told = [(5, "decided_to_assess", {"notified_on": day(5).isoformat(), **REASONS}),
            (9, "advice_requested", {"adviser": "adv_c_medical"}), (10, "advice_delivered", {"adviser": "adv_c_medical"}),
            (40, "decided_to_issue", {"notified_on": day(40).isoformat(), **REASONS}), (50, "draft_plan_served", {}),
            (52, "setting_requested", {"setting": "school-2"}), (55, "setting_consulted", {"setting": "school-2"}),
            (70, "request_withdrawn", {})]
    refused = [(30, "refused_to_assess", {"notified_on": day(30).isoformat(), "decided_by": "o-1", "reason_codes": ["no_sen"]})]
    for ref, facts in ((REF, told), (OTHER, refused)):
        for number, kind, data in facts:
            house.happens(number, kind, ref, **data)
            with reading(house.engine) as session:
                known = read(session, ref)
            since, until = number, number + 120
            while since < until:
                now = derive(as_it_stands(ref, known, day(since)))
                event = date.fromisoformat(now.file[5]) if now.file[5] else day(until)
                later = max(since + 1, min(until, (event - day(0)).days))
                for between in range(since + 1, later):
                    assert derive(as_it_stands(ref, known, day(between))).file[:-1] == now.file[:-1], (ref, kind, between)
                since = later


def test_the_next_visit_is_on_the_soonest_day_on_which_anything_is_due(house):
    house.open()
    house.round(0)
    assert house.visits() == [(REF, day(28))]
    house.round(28)
    assert house.visits() == [(REF, day(35))]
    for number in (35, 40):
        house.round(number)
    assert house.visits() == [(REF, day(43))]


def filled(folder: Path, stock: Stock, open: int, due: int):
    engine = databases.sqlite(folder / f"{open}-{due}.sqlite")
    stock.fill(engine, open, due)
    return engine


def steps_and_rows(engine) -> tuple[int, int]:
    """What reminding costs SQLite: instructions of its machine in hundreds, and rows written."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    with engine.connect() as connection:
        driver = connection.connection.driver_connection
    before = driver.total_changes
    driver.set_progress_handler(count, 100)
    watch.remind(engine, TODAY, at_seven(TODAY), watch.Round(TODAY))
    driver.set_progress_handler(None, 0)
    return counted[0], driver.total_changes - before


def test_the_cost_of_reminding_follows_what_is_due_and_not_what_is_open(tmp_path):
    stock = Stock()
    cost = {(open, due): steps_and_rows(filled(tmp_path, stock, open, due)) for open, due in (
        (1000, 60), (12_000, 60), (12_000, 120), (12_000, 0))}
    steps = {which: steps for which, (steps, _) in cost.items()}
    rows = {which: rows for which, (_, rows) in cost.items()}
    assert rows[1000, 60] == rows[12_000, 60] and rows[12_000, 0] == 0
    assert 1.9 < rows[12_000, 120] / rows[12_000, 60] < 2.1
    assert steps[12_000, 60] < 1.1 * steps[1000, 60] and steps[12_000, 0] < 0.02 * steps[12_000, 60]
    assert steps[12_000, 120] < 2.2 * steps[12_000, 60]


def test_no_question_of_a_round_reads_a_whole_table(tmp_path):
    engine = filled(tmp_path, Stock(), 1000, 60)
    asked: set[str] = set()
    with engine.connect() as connection:
        driver = connection.connection.driver_connection
    driver.set_trace_callback(lambda sql: asked.add(sql) if sql.startswith(("SELECT", "UPDATE", "DELETE")) else None)
    watch.due_counts(engine, TODAY)
    round = watch.Round(TODAY)
    watch.visit_cases(engine, TODAY, at_seven(TODAY), round)
    watch.remind(engine, TODAY, at_seven(TODAY), round)
    driver.set_trace_callback(None)
    plans = {sql: [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {sql}")] for sql in asked}
    read_whole = {sql: plan for sql, plan in plans.items() for step in plan
                  if step.startswith("SCAN") and any(table in step for table in ("case_file", "duty", "fact", "message"))}
    assert len(plans) > 4 and read_whole == {}


def test_a_round_with_nothing_due_writes_its_two_marks_and_nothing_else(house):
    house.open()
    house.round(1)
    with reading(house.engine) as session:
        before = {table.name: session.exec(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in (
            FactRow.__table__, MessageRow.__table__, DutyRow.__table__)}
    done = house.round(2)
    with reading(house.engine) as session:
        after = {table.name: session.exec(sa.select(sa.func.count()).select_from(table)).scalar_one() for table in (
            FactRow.__table__, MessageRow.__table__, DutyRow.__table__)}
    assert after == before and (done.cases, done.reminders, done.written) == (0, 0, 0)
    assert watch.due_counts(house.engine, day(2)) == (0, 0) and len(house.marks()) == 2


def test_letters_are_made_ready_once_for_all_cases_of_a_kind():
    one = reminders.Waits("finalise_plan", "", "", "", day(140).isoformat(), None, None, None, -14, day(126).isoformat())
    letter, = reminders.letters_of(EVERY_DAY, one, -14)
    assert letter.key("A/1") == f"A/1/reminder/council.owner/finalise_plan:{day(140).isoformat()}:-14"
    assert f"{letter.before}A/1{letter.after}" == canonical(dict(letter.told) | {"key": letter.key("A/1")})
