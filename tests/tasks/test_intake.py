"""Taking requests in, knowing a person again, and the work list, on both databases."""

from datetime import UTC, date, datetime, timedelta

import pytest

from models.hand import Hand
from tasks import standing
from tasks.case_file import NewFact, NewPerson, open_case, record
from tasks.database import engine, reading, writing
from tasks.intake import BelongsElsewhere, NotToBeRecorded, Request, take_in
from tasks.people import cases_of, known, name_person, normal, person_of
from tasks.worklist import owners_of, worklist

TODAY = date(2026, 9, 1)
BORN = date(2017, 5, 4)
HAND = Hand(datetime(2026, 9, 1, 9, tzinfo=UTC), "officer-1")
ASKED = {"requested_by": "parent", "owner": "officer-1"}


@pytest.fixture
def council(database_url):
    return engine(database_url)


def request(on: date, name: str | None = "Sam Ash", born: date | None = BORN, kind: str = "request_received", **more) -> Request:
    return Request(kind, on, ASKED, name, born, **more)


def taken(council, *requests: Request, **options):
    with writing(council) as session:
        return [take_in(session, one, HAND, TODAY, **options) for one in requests]


def test_a_name_is_compared_without_what_people_write_differently():
    same = {normal(name) for name in ("Zoë O’Neil", "O'NEIL, Zoe", "  zoé   oneil ")}
    assert len(same) == 1
    assert normal("Sam Ash") != normal("Sam Ashe")


def test_a_person_is_known_again_by_name_and_birth_date(council):
    first, second, other = taken(council, request(date(2026, 3, 2)), request(date(2026, 4, 1), "ÁSH Sam"),
                                 request(date(2026, 4, 1), born=BORN + timedelta(days=1)))
    assert second.route.case == first.recorded.case.ref and second.route.fact == "further_request_received"
    assert other.route.case is None and other.recorded.case.ref != first.recorded.case.ref
    with reading(council) as session:
        people = known(session, [BORN])
        assert cases_of(session, people[normal("Sam Ash"), BORN]) == {
            people[normal("Sam Ash"), BORN][0]: [first.recorded.case.ref]}
        assert person_of(session, first.recorded.case.ref).name == "Sam Ash"


def test_many_at_once_know_those_who_came_before_them(council):
    with writing(council) as session:
        people = known(session, [BORN])
        first = take_in(session, request(date(2026, 3, 2)), HAND, TODAY, people=people, only_new=True)
        again = take_in(session, request(date(2026, 3, 2)), HAND, TODAY, people=people, only_new=True)
        assert again.recorded.repeated and again.recorded.case.ref == first.recorded.case.ref
        with pytest.raises(BelongsElsewhere, match="ehc receive"):
            take_in(session, request(date(2026, 3, 9)), HAND, TODAY, people=people, only_new=True)


def test_the_same_key_is_the_same_call_even_without_a_name(council):
    first, again = taken(council, request(date(2026, 3, 2), None, None, key="k"), request(date(2026, 3, 2), None, None, key="k"))
    assert again.recorded.repeated and again.recorded.case.ref == first.recorded.case.ref


def test_nothing_is_kept_for_a_person_of_25(council):
    with pytest.raises(NotToBeRecorded, match="under 25"):
        taken(council, request(date(2026, 3, 2), born=date(2001, 3, 2)))
    with reading(council) as session:
        assert standing.how_many_cases(session) == 0


def test_somebody_is_named_later_and_what_is_not_said_stays(council):
    [unnamed] = taken(council, request(date(2026, 3, 2), None, None))
    ref = unnamed.recorded.case.ref
    with writing(council) as session:
        name_person(session, ref, name="Sam Ash", born=None, address="1 High Street")
    with writing(council) as session:
        name_person(session, ref, name=None, born=BORN, address=None)
    with reading(council) as session:
        person = person_of(session, ref)
        assert (person.name, person.birth_date, person.address) == ("Sam Ash", BORN, "1 High Street")


def test_the_work_list_is_the_same_on_every_database(council):
    with writing(council) as session:
        for number, on in enumerate((date(2026, 3, 2), date(2026, 5, 4), date(2026, 8, 3)), start=1):
            open_case(session, f"C{number}", NewPerson(f"Child {number}", BORN), NewFact("request_received", on, ASKED), HAND, TODAY)
        record(session, "C1", "owner_named", date(2026, 3, 4), {"owner": "officer-2"}, HAND, TODAY)
        record(session, "C2", "decided_to_assess", date(2026, 6, 1), {
            "decided_by": "o-1", "reason_codes": ["other"], "notified_on": "2026-06-01"}, HAND, TODAY)
        record(session, "C2", "advice_requested", date(2026, 6, 1), {"adviser": "adv_b_education"}, HAND, TODAY)
    with reading(council) as session:
        assert owners_of(session, ["C1", "C2"]) == {"C1": "officer-2", "C2": "officer-1"}
        found = [(item.owed.case, item.owed.duty.id, item.owed.state, item.owed.days_late) for item in worklist(session, TODAY)]
        assert found[:5] == [
            ("C1", "decide_whether_to_assess", "overdue", 141), ("C1", "refuse_to_issue", "overdue", 71),
            ("C1", "finalise_plan", "overdue", 43), ("C2", "refuse_to_issue", "overdue", 8),
            ("C2", "advice_six_weeks_others", "overdue", 50)]
        later = [item.owed.due_on for item in worklist(session, TODAY)[5:] if item.owed.duty.kind != "ops"]     # targets of our own aside
        assert later == sorted(later) and later[0] > TODAY
        assert {item.owed.case for item in worklist(session, TODAY, owner="officer-2")} == {"C1"}
        assert worklist(session, date(2026, 3, 1)) == []
        assert [item.owed.duty.id for item in worklist(session, date(2026, 4, 13), within=0)] == ["decide_whether_to_assess"]
        assert len(worklist(session, TODAY, within=36_500_000)) == len(found)


def test_how_the_outbox_and_the_watch_stand(council):
    taken(council, request(date(2026, 3, 2)))
    with reading(council) as session:
        assert standing.outbox(session, HAND.at) == standing.Outbox(0, 0, ())
        assert standing.last_round(session) is None
        assert standing.how_many_cases(session) == 1
