"""Working days, closures and quiet hours: nobody is disturbed, no reminder comes later for it, and no day of the law moves."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import select

from models.calendar import bank_holidays
from models.hand import Hand
from models.tables.agencies import AgencyClosureRow, AgencyContactRow, AgencyRow
from models.tables.cases import DutyRow, MessageRow
from notifications.channels import Channels
from notifications.ladder import DEFAULT
from tasks import watch
from tasks.calendars import Calendars
from tasks.case_file import NewFact, open_case, record
from tasks.database import reading, writing
from tasks.rebuild import rebuild
from tasks.recipients import Directory
from tasks.office import Office
from tasks.sending import _Sender
from tests.harness import databases
from tests.tasks.builders import REASONS, REF, council

OWNER, LEAD = "council.owner", "council.lead"
DECIDE = "decide_whether_to_assess"


class House:
    """A council that respects working days, with one school in its register if a test says so."""

    def __init__(self, engine, folder, received: date, policy=DEFAULT):
        self.engine, self.folder, self.received = engine, folder, received
        self.office = Office(Channels({}, folder / "outbox"), council(), policy=policy)
        with writing(engine) as session:
            open_case(session, REF, None, NewFact("request_received", received, {
                "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-7"}), self.hand(received), received)

    def hand(self, on: date, at: time = time(7, 30)) -> Hand:
        return Hand(datetime.combine(on, at, UTC), "officer-7")

    def school(self, *closed: tuple[date, date], weekdays: str = "0 1 2 3 4") -> None:
        with writing(self.engine) as session:
            session.add(AgencyRow(ref="school-1", kind="school", name="School", roles="setting", weekdays=weekdays))
            session.flush()
            session.add(AgencyContactRow(agency_ref="school-1", ref="office", role="contact", name="Office",
                                         channel=f"eml://{self.folder}/school", since=date(2020, 1, 1),
                                         verified_on=date(2020, 1, 2), verified_by="o-1"))
            for since, until in closed:
                session.add(AgencyClosureRow(agency_ref="school-1", since=since, until=until, why="holiday"))

    def happens(self, on: date, kind: str, **data) -> None:
        with writing(self.engine) as session:
            record(session, REF, kind, on, data, self.hand(on), on)

    def asks_the_school(self, on: date) -> None:
        self.happens(on, "decided_to_assess", notified_on=on.isoformat(), **REASONS)
        for kind in ("advice_requested", "advice_delivered"):
            self.happens(on, kind, adviser="adv_b_education", agency="school-1")

    def round(self, on: date, at: time = time(7, 30)):
        hand = self.hand(on, at)
        done = watch.watch(self.engine, self.office, on, hand, lambda: hand.at)
        with reading(self.engine) as session:
            assert rebuild(session, check=True).differences == ()
        return done

    def told(self, to: str | None = None, duty: str | None = None):
        """The reminders: (rung, day on which it was written, day on which it went)."""
        with reading(self.engine) as session:
            rows = session.exec(select(MessageRow).where(MessageRow.message.in_(("reminder", "overdue"))).order_by(
                MessageRow.fact_number)).all()
        return [(int(row.key.rpartition(":")[2].split("/")[0]), row.queued_at.date(), row.sent_at.date() if row.sent_at else None)
                for row in rows if to in (None, row.to_role) and (duty is None or f"/{duty}:" in row.key)]

    def due_on(self, duty: str) -> date:
        with reading(self.engine) as session:
            return session.exec(select(DutyRow).where(DutyRow.duty == duty)).first().due_on

    def days(self, first: date, last: date, at: time = time(7, 30)) -> None:
        for number in range((last - first).days + 1):
            self.round(first + timedelta(days=number), at)


@pytest.fixture
def house(engine, tmp_path):
    return lambda received, policy=DEFAULT: House(engine, tmp_path, received, policy)


def test_what_goes_shortly_after_midnight_in_summer_is_the_one_letter_of_that_day(house):
    ours = house(date(2026, 6, 1), replace(DEFAULT, quiet=None, working_days=False))
    ours.school()
    ours.asks_the_school(date(2026, 6, 8))
    at = datetime(2026, 7, 5, 23, 10, tzinfo=UTC)                  # ten past midnight on 6 July in England
    watch.watch(ours.engine, ours.office, date(2026, 7, 6), Hand(at, "officer-7"), lambda: at)
    assert [rung for rung, _, went in ours.told("setting") if went] == [-14]
    later = _Sender(ours.engine, ours.office, ours.hand(date(2026, 7, 6), time(9)), date(2026, 7, 6), None)
    assert later._had_some_today("school-1") and not later._had_some_today("school-2")


# --- weekends and bank holidays ------------------------------------------------------------------------------------

def test_a_reminder_that_falls_on_a_weekend_goes_on_the_friday_before_and_the_days_of_the_law_stand(house):
    """Received on Saturday 6 June 2026: the six weeks end on Saturday 18 July, the last rung before falls on Thursday."""
    ours = house(date(2026, 6, 6))
    assert ours.due_on(DECIDE) == date(2026, 7, 18)
    ours.days(date(2026, 7, 2), date(2026, 7, 11))
    assert ours.told(OWNER, DECIDE) == [
        (-14, date(2026, 7, 3), date(2026, 7, 3)), (-7, date(2026, 7, 10), date(2026, 7, 10))]
    assert ours.due_on(DECIDE) == date(2026, 7, 18)


def test_before_a_long_weekend_it_goes_on_the_last_working_day(house):
    """Due on Monday 20 April 2026: a week before is Monday 13; two weeks before, Easter Monday: it goes on Maundy Thursday."""
    ours = house(date(2026, 3, 9))
    assert date(2026, 4, 6) in bank_holidays() and ours.due_on(DECIDE) == date(2026, 4, 20)
    ours.days(date(2026, 4, 1), date(2026, 4, 14))
    assert ours.told(OWNER, DECIDE) == [
        (-14, date(2026, 4, 2), date(2026, 4, 2)), (-7, date(2026, 4, 13), date(2026, 4, 13))]


def test_what_is_late_is_said_on_its_day_and_reaches_people_on_their_next_working_day(house):
    """Due on Friday 17 July 2026: the day after is a Saturday. Nothing is called late before it is."""
    ours = house(date(2026, 6, 5))
    assert ours.due_on(DECIDE) == date(2026, 7, 17)
    ours.days(date(2026, 7, 15), date(2026, 7, 20))
    assert [one for one in ours.told(OWNER, DECIDE) if one[0] > 0] == [(1, date(2026, 7, 18), date(2026, 7, 20))]


def test_a_notice_waits_for_nobodys_working_day(house):
    ours = house(date(2026, 6, 6))
    done = ours.round(date(2026, 6, 6))
    assert done.sent.sent == 5 and done.sent.held == 0


def test_on_a_friday_that_was_missed_it_goes_at_the_next_round_and_is_not_called_late(house):
    ours = house(date(2026, 6, 6))
    ours.round(date(2026, 7, 9))
    ours.round(date(2026, 7, 11))
    assert [one for one in ours.told(OWNER, DECIDE) if one[0] == -7] == [(-7, date(2026, 7, 11), None)]
    done = ours.round(date(2026, 7, 13))
    assert (-7, date(2026, 7, 11), date(2026, 7, 13)) in ours.told(OWNER, DECIDE) and done.late_reminders == 0


def test_a_rung_that_went_early_never_goes_again(house):
    ours = house(date(2026, 6, 6))
    ours.days(date(2026, 7, 3), date(2026, 7, 6))
    ours.days(date(2026, 7, 3), date(2026, 7, 6), time(11))
    assert [rung for rung, *_ in ours.told(OWNER, DECIDE)] == [-14]


def test_days_on_which_the_council_is_closed_are_in_its_policy(house):
    closed = replace(DEFAULT, closed=((date(2026, 7, 9), date(2026, 7, 10)),))
    ours = house(date(2026, 6, 6), closed)
    ours.days(date(2026, 7, 2), date(2026, 7, 11))
    assert ours.told(OWNER, DECIDE)[1] == (-7, date(2026, 7, 8), date(2026, 7, 8))


def test_a_policy_without_working_days_lets_each_go_on_its_day(house):
    ours = house(date(2026, 6, 6), replace(DEFAULT, working_days=False))
    ours.days(date(2026, 7, 2), date(2026, 7, 11))
    assert [one[1] for one in ours.told(OWNER, DECIDE)] == [date(2026, 7, 4), date(2026, 7, 11)]


# --- an agency's closures ------------------------------------------------------------------------------------------

HOLIDAYS = (date(2026, 7, 22), date(2026, 9, 1))


def test_a_school_hears_on_its_last_day_of_term_of_what_falls_into_the_holidays_once(house):
    """Asked on 1 July, due by guidance on 12 August: two weeks, one and two days before all lie in the summer holidays."""
    ours = house(date(2026, 6, 1))
    ours.school(HOLIDAYS)
    ours.asks_the_school(date(2026, 7, 1))
    ours.days(date(2026, 7, 20), date(2026, 8, 12))
    told = ours.told("setting", "advice_six_weeks_others")
    assert told == [(-2, date(2026, 7, 21), date(2026, 7, 21))], "the last of them stands for all"
    with reading(ours.engine) as session:
        row = session.exec(select(DutyRow).where(
            DutyRow.duty == "advice_six_weeks_others", DutyRow.adviser == "adv_b_education", DutyRow.starts_on == date(2026, 7, 1))).one()
        assert (row.due_on, row.agency, row.next_rung) == (date(2026, 8, 12), "school-1", 1)


def test_what_is_late_in_the_holidays_is_told_to_the_council_at_once_and_to_the_school_when_it_is_there(house):
    ours = house(date(2026, 6, 1))
    ours.school(HOLIDAYS)
    ours.asks_the_school(date(2026, 7, 1))
    ours.days(date(2026, 8, 10), date(2026, 8, 24))
    assert [(rung, went) for rung, _, went in ours.told("setting", "advice_six_weeks_others") if rung > 0] == [(1, None), (8, None)]
    assert (8, date(2026, 8, 20), date(2026, 8, 20)) in ours.told("council.manager", "advice_six_weeks_others")
    ours.round(date(2026, 9, 2))
    assert [went for rung, _, went in ours.told("setting", "advice_six_weeks_others") if rung > 0] == [
        None, None, date(2026, 9, 2)], "of the same three times over, once"


def test_after_the_holidays_a_school_hears_of_each_thing_once_however_often_it_was_late_meanwhile(house):
    school = house(date(2026, 5, 11))
    school.school((date(2026, 7, 22), date(2026, 9, 1)))
    school.asks_the_school(date(2026, 6, 1))                       # six weeks end on 13 July
    school.days(date(2026, 6, 2), date(2026, 9, 3))
    told = school.told("setting")
    assert [rung for rung, written, _ in told if written > date(2026, 7, 21)] == [15, 22, 29, 36, 43, 50]
    assert [(rung, went) for rung, written, went in told if went and went > date(2026, 7, 21)] == [(50, date(2026, 9, 2))]
    assert {rung for rung, _, went in school.told("council.manager", "advice_six_weeks_others") if went} >= {8, 15, 22, 29, 36, 43, 50}


def test_a_closure_that_begins_after_the_weekend_begins_with_the_weekend(house):
    ours = house(date(2026, 6, 1))
    ours.school((date(2026, 7, 20), date(2026, 9, 1)))
    ours.asks_the_school(date(2026, 7, 1))
    ours.days(date(2026, 7, 16), date(2026, 7, 20))
    assert [one[:2] for one in ours.told("setting", "advice_six_weeks_others")] == [(-2, date(2026, 7, 17))]


def test_a_part_time_service_hears_on_a_day_on_which_it_works(house):
    """It works on Mondays and Tuesdays; two weeks before Wednesday 12 August is a Wednesday."""
    ours = house(date(2026, 6, 1))
    ours.school(weekdays="0 1")
    ours.asks_the_school(date(2026, 7, 1))
    ours.days(date(2026, 7, 27), date(2026, 7, 30))
    assert ours.told("setting", "advice_six_weeks_others") == [(-14, date(2026, 7, 28), date(2026, 7, 28))]


# --- quiet hours ---------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("at", "went"), [
    (time(5, 59), None), (time(6), date(2026, 7, 6)), (time(18, 59), date(2026, 7, 6)), (time(19), None)])
def test_in_quiet_hours_a_reminder_waits_until_they_are_over(house, at, went):
    """English summer: 20:00 to 07:00 is 19:00 to 06:00 in UTC."""
    ours = house(date(2026, 6, 8))
    done = ours.round(date(2026, 7, 6), at)
    assert ours.told(OWNER, DECIDE) == [(-14, date(2026, 7, 6), went)] and done.sent.held == (went is None)
    later = date(2026, 7, 7)
    ours.round(later, time(6))
    assert ours.told(OWNER, DECIDE) == [(-14, date(2026, 7, 6), went or later)]


@pytest.mark.parametrize(("due_on", "waits"), [
    (date(2026, 7, 16), date(2026, 7, 20)), (date(2026, 7, 17), None), (date(2026, 7, 19), None),
    (date(2026, 7, 20), date(2026, 7, 20))])
def test_what_would_only_arrive_after_the_laws_day_does_not_wait(due_on, waits):
    """On the evening of Friday 17 July: what is late already waits until Monday, what is due by then goes now."""
    friday = date(2026, 7, 17)
    calendars = Calendars(DEFAULT, Directory(friday))
    until = calendars.not_before(OWNER, None, due_on, friday, datetime.combine(friday, time(20), UTC))
    assert until == (waits and datetime.combine(waits, time(6), UTC))


# --- always --------------------------------------------------------------------------------------------------------

@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(received=st.dates(date(2026, 1, 5), date(2026, 12, 20)), skipped=st.sets(st.integers(25, 46), max_size=6))
def test_no_reminder_before_the_day_comes_later_than_its_rung_for_the_calendar_and_each_comes_once(tmp_path_factory, received, skipped):
    folder = tmp_path_factory.mktemp("days")
    engine = databases.sqlite(folder / "ehc.sqlite")
    ours = House(engine, folder, received)
    due = ours.due_on(DECIDE)
    for number in range(24, 48):
        if number not in skipped:
            ours.round(received + timedelta(days=number))
    told = ours.told(OWNER, DECIDE)
    assert ours.due_on(DECIDE) == due == received + timedelta(days=42)
    assert len({rung for rung, *_ in told}) == len(told)
    for rung, written, _ in told:
        own = due + timedelta(days=rung)
        waited = {own + timedelta(days=more) for more in range((written - own).days)}
        assert all((day - received).days in skipped for day in waited), "only missed rounds make it later"
        if written < own:
            assert rung < 1 and all((written + timedelta(days=more)).weekday() > 4 or written + timedelta(days=more) in bank_holidays()
                                    for more in range(1, (own - written).days + 1))
    engine.dispose()
