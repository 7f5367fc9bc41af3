"""A made-up council: the same seed gives the same one, it looks like those that are published, and it says that it is made up."""

from collections import Counter
from datetime import date, timedelta
from itertools import islice
from statistics import median

import pytest

from models.fact_check import check
from models.made_up.as_recorded import as_recorded
from models.made_up.as_returned import SURNAME, as_returned, header, people, upn
from models.made_up.council import council, lives
from models.made_up.shape import Quality
from models.sen2.codes import SURVEY_DAYS
from models.sen2.layout import LAYOUTS
from models.sen2.record import everything, values

UNTIL = date(2026, 11, 28)
AVERAGE = Quality(in_20_weeks=0.46, in_6_weeks=0.87, refused=0.266, not_issued=0.06, with_exception=0.066, reviewed_in_4_weeks=0.476,
                  spread=0.35)


@pytest.fixture(scope="module")
def average():
    """A council of average quality and some size, and its lives."""
    made = council(6_000, 1, UNTIL, AVERAGE)
    return made, list(lives(made))


def test_the_same_seed_gives_the_same_council_and_another_seed_another():
    one, again, other = (list(islice(lives(council("small", seed, UNTIL)), 300)) for seed in (4, 4, 5))
    assert one == again and one != other


@pytest.mark.parametrize("size, requests, plans", [("small", 338, 1_661), ("medium", 771, 3_267), ("large", 2_265, 7_625),
                                                   ("500", 113, 500), (20, 5, 20)])
def test_a_size_is_a_name_or_a_number_of_plans(size, requests, plans):
    made = council(size, 1, UNTIL)
    assert (made.requests, made.plans) == (requests, plans)


@pytest.mark.parametrize("size", ["huge", "19", "0", "2000000", "-5", "1.5"])
def test_no_other_size_is_taken(size):
    with pytest.raises(ValueError, match="size|give a number"):
        council(size, 1, UNTIL)


def test_it_has_as_many_plans_as_were_asked_for_and_about_as_many_requests(average):
    made, every = average
    assert sum(life.has_plan_on(UNTIL) for life in every) == 6_000
    last_year = sum(life.received is not None and life.received.year == 2025 for life in every)
    assert abs(last_year - made.requests) < 0.05 * made.requests


def test_its_rates_are_about_those_that_were_drawn_for_it(average):
    _, every = average
    asked = [life for life in every if life.received is not None and life.received > UNTIL - timedelta(days=900)]
    decided = [life for life in asked if life.decided_on is not None]
    planned = [life for life in asked if life.plan_start is not None and life.reversed_on is None]
    reviews = [review for life in every for review in life.reviews]

    def share(some, of):
        return len(list(some)) / len(of)
    assert share((x for x in decided if (x.decided_on - x.received).days <= 42), decided) == pytest.approx(0.87, abs=0.03)
    assert share((x for x in planned if (x.plan_start - x.received).days <= 140), planned) == pytest.approx(0.46, abs=0.09)
    assert share((x for x in planned if (x.plan_start - x.received).days > 364), planned) == pytest.approx(0.02, abs=0.03)
    assert share((x for x in decided if x.assess is False), decided) == pytest.approx(0.266, abs=0.05)
    assert share((x for x in reviews if (x.decided - x.meeting).days <= 28), reviews) == pytest.approx(0.476, abs=0.04)


def test_who_is_asked_last_is_mostly_the_psychologist(average):
    _, every = average
    late = [life for life in every if life.plan_start and life.received and (life.plan_start - life.received).days > 160 and not life.reversed_on]
    last = Counter(max(life.answered, key=life.answered.get) for life in late)
    assert last["adv_d_psychology"] > 0.8 * len(late)


def test_councils_differ_as_published_ones_do():
    rates = sorted(council("small", seed, UNTIL).quality.in_20_weeks for seed in range(400))
    assert rates[40] == pytest.approx(0.13, abs=0.06) and median(rates) == pytest.approx(0.52, abs=0.08)
    assert rates[360] == pytest.approx(0.956, abs=0.04)


def test_nothing_happens_before_what_it_follows(average):
    _, every = average
    for life in every:
        days = [day for day in (life.received, life.decided_on, life.asked_on, life.issue_on, life.draft_on, life.plan_start) if day]
        assert days == sorted(days), life
        assert life.born < (life.received or life.plan_start), life
        assert all(life.asked_on <= answered <= life.issue_on for answered in life.answered.values()) or life.withdrawn_on, life
        assert all(review.meeting <= review.decided for review in life.reviews)


def test_its_facts_pass_the_door_and_the_second_says_that_they_are_made_up(average):
    _, every = average
    for life in every[::7]:
        facts = as_recorded(life, UNTIL, 1)
        assert [fact.on for fact in facts] == sorted(fact.on for fact in facts) or facts[0].on <= facts[1].on
        if facts:
            assert facts[1].kind == "taken_from_return" and facts[1].data["source"] == "made_up"
        for fact in facts:
            check(fact.kind, fact.on, fact.data, at_door=True, today=UNTIL)


def test_what_was_recorded_by_an_earlier_day_is_the_beginning_of_what_is_recorded_by_a_later_one(average):
    _, every = average
    for life in every[::50]:
        earlier, later = as_recorded(life, UNTIL - timedelta(days=200), 1), as_recorded(life, UNTIL, 1)
        assert later[:len(earlier)] == earlier, life


@pytest.mark.parametrize("year", LAYOUTS)
def test_its_return_uses_only_what_that_years_layout_has(average, year):
    _, every = average
    layout = LAYOUTS[year]
    people_of = list(people(every[::5], year))
    assert people_of
    for person in people_of:
        assert person.surname == SURNAME
        for block, record in everything("person", person):
            items = {item.name: item for item in layout.items(block)}
            for name, value in values(record):
                assert name in items, f"{block}.{name} is not in the layout of {year}"
                assert items[name].codes is None or isinstance(value, bool) or items[name].codes.holds(str(value), year), (name, value)
    assert header(year, "201", "2026-02-02T09:30:00").reference_date == SURVEY_DAYS[year]


def test_who_had_gone_before_the_year_is_not_in_its_return(average):
    _, every = average
    for life in every:
        if life.ceased_on is not None and life.ceased_on < date(2025, 1, 1):
            assert as_returned(life, 2026) is None
        if life.received is not None and life.received > SURVEY_DAYS[2026]:
            assert as_returned(life, 2026) is None


def test_a_made_up_pupil_number_has_a_right_check_letter_and_no_council_has_its_number():
    for number, born in ((1, date(2016, 5, 4)), (99, date(2010, 1, 1))):
        made = upn(number, born)
        assert len(made) == 13 and made[1:4] == "000"
        assert "ABCDEFGHJKLMNPQRTUVWXYZ"[sum((place + 2) * int(digit) for place, digit in enumerate(made[1:])) % 23] == made[0]
