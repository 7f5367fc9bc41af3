"""Figures from what is on record, counted a second time by questions put to the tables themselves."""

from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from models.figures.period import Period
from models.figures.tally import find
from models.hand import Hand
from models.made_up.council import council
from models.tables.cases import DutyRow, FactRow
from tasks import database
from tasks.case_file import NewFact, record
from tasks.database import reading, writing
from tasks.figures import figures_of, figures_of_return
from tasks.made_up import fill
from tasks.sen2_out.export import Order, export
from tasks.settings import Sen2
from tests.harness import databases
from tests.tasks.builders import REF, TODAY, a_request, day, hand, opened

UNTIL = date(2026, 6, 1)
FACT, DUTY = FactRow.__table__, DutyRow.__table__


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def made_up(request, tmp_path_factory):
    """A made-up council of 200 plans with its requests of three years: only read, and so made once for each database."""
    with ExitStack() as stack:
        if request.param == "sqlite":
            engine = databases.sqlite(tmp_path_factory.mktemp("made-up") / "ehc.sqlite")
        else:
            engine = database.engine(stack.enter_context(request.getfixturevalue("postgres").database()))
        fill(engine, council(200, 5, UNTIL), Hand(datetime(2026, 6, 1, 9, tzinfo=UTC), "sample"))
        yield engine
        engine.dispose()


def figures_in(engine, period):
    with reading(engine) as session:
        return figures_of(session, period).figures


def counted(engine, period):
    return {figure.id: figure for figure in figures_in(engine, period)}


def first(*kinds, until):
    """By case, the first day of any of these facts up to a day."""
    return sa.select(FACT.c.case_ref, sa.func.min(FACT.c.happened_on).label("day")).where(
        FACT.c.kind.in_(kinds), FACT.c.happened_on <= until).group_by(FACT.c.case_ref).subquery()


def apart(engine, later, earlier):
    """The days between two columns of days."""
    if engine.dialect.name == "sqlite":
        return sa.cast(sa.func.julianday(later) - sa.func.julianday(earlier), sa.Integer)
    return later - earlier


def refs(engine, question):
    with engine.connect() as connection:
        return sorted(row[0] for row in connection.execute(question))


PERIODS = pytest.mark.parametrize("period", [Period.of_year(2025), Period.up_to(date(2026, 4, 30)), Period.up_to(date(2025, 8, 15))],
                                  ids=["a year", "a day", "an earlier day"])


@PERIODS
def test_requests_and_decisions_by_a_question_to_the_facts(made_up, period):
    found, s = counted(made_up, period), period
    received = first("request_received", "became_responsible", until=s.until)
    assert list(found["requests"].cases) == refs(made_up, sa.select(received.c.case_ref).where(received.c.day >= s.since))
    decided = first("decided_to_assess", "refused_to_assess", until=s.until)
    days = apart(made_up, decided.c.day, received.c.day)
    both = sa.select(decided.c.case_ref).join(received, received.c.case_ref == decided.c.case_ref).where(decided.c.day >= s.since)
    assert list(found["decisions"].cases) == refs(made_up, both) and found["decisions"].numerator > 5
    assert list(found["decisions.six_weeks"].cases) == refs(made_up, both.where(days <= 42))
    assert list(found["decisions.last_day"].cases) == refs(made_up, both.where(days == 42))
    refused = first("refused_to_assess", until=s.until)
    assert list(found["requests.refused"].cases) == refs(made_up, sa.select(refused.c.case_ref).join(
        received, received.c.case_ref == refused.c.case_ref).where(received.c.day >= s.since))


@PERIODS
def test_plans_within_twenty_weeks_by_a_question_to_the_facts_and_another_to_the_duties(made_up, period):
    found, s = counted(made_up, period), period
    received = first("request_received", "became_responsible", until=s.until)
    issued, refused = first("final_plan_sent", until=s.until), first("refused_to_assess", until=s.until)
    days = apart(made_up, issued.c.day, received.c.day)
    base = (sa.select(issued.c.case_ref).join(received, received.c.case_ref == issued.c.case_ref)
            .outerjoin(refused, refused.c.case_ref == issued.c.case_ref)
            .where(issued.c.day >= s.since, sa.or_(refused.c.day.is_(None), refused.c.day > issued.c.day)))
    assert list(found["plans"].cases) == refs(made_up, base) and found["plans"].numerator > 0
    for figure, asked in (("within_20", days <= 140), ("to_a_year", sa.and_(days > 140, days <= 364)), ("over_a_year", days > 364),
                          ("within_139", days <= 139), ("last_day", days == 140)):
        assert list(found[f"plans.{figure}"].cases) == refs(made_up, base.where(asked)), figure
    in_time = sa.select(DUTY.c.case_ref).where(DUTY.c.duty == "finalise_plan", DUTY.c.met_on.between(s.since, s.until),
                                               DUTY.c.met_on <= DUTY.c.due_on)
    assert set(found["plans.within_20"].cases) == set(refs(made_up, in_time)) & set(found["plans"].cases)


@PERIODS
def test_plans_in_force_and_ended_by_a_question_to_the_facts(made_up, period):
    found, s = counted(made_up, period), period
    began = first("final_plan_sent", "plan_taken_over", "plan_transferred", until=s.stock_on)
    ended = first("plan_ceased", "plan_transferred", "child_died", "moved_away", until=s.stock_on)
    in_force = sa.select(began.c.case_ref).outerjoin(ended, ended.c.case_ref == began.c.case_ref).where(ended.c.day.is_(None))
    assert list(found["stock"].cases) == refs(made_up, in_force) and found["stock"].numerator > 20
    over = sa.select(ended.c.case_ref).join(began, began.c.case_ref == ended.c.case_ref).where(ended.c.day.between(s.since, s.until))
    assert list(found["ceased"].cases) == refs(made_up, over)


@PERIODS
def test_advice_in_six_weeks_by_a_question_to_the_duties(made_up, period):
    found, s = counted(made_up, period), period
    base = sa.select(DUTY.c.case_ref).where(
        DUTY.c.duty.in_(("coop_respond_advice", "advice_six_weeks_others")), DUTY.c.due_on.between(s.since, s.until),
        sa.or_(DUTY.c.lapsed_on.is_(None), DUTY.c.lapsed_on > DUTY.c.due_on, DUTY.c.met_on <= DUTY.c.lapsed_on))
    assert list(found["advice"].cases) == refs(made_up, base) and found["advice"].numerator > 10
    assert list(found["advice.six_weeks"].cases) == refs(made_up, base.where(DUTY.c.met_on <= DUTY.c.due_on))
    assert list(found["advice.over_six_weeks"].cases) == refs(made_up, base.where(DUTY.c.met_on > DUTY.c.due_on, DUTY.c.met_on <= s.until))


def test_a_case_moves_through_the_figures_as_its_facts_are_recorded(engine):
    opened(engine)
    with writing(engine) as session:
        record(session, REF, "decided_to_assess", day(42), {"decided_by": "officer-7", "reason_codes": ["plan_may_be_necessary"],
                                                            "notified_on": day(42).isoformat()}, hand(), TODAY)
    for on, undecided, six_weeks in ((day(41), 1, 0), (day(42), 0, 1), (day(43), 0, 1)):
        found = counted(engine, Period.up_to(on))
        assert (found["requests.undecided"].numerator, found["decisions.six_weeks"].numerator) == (undecided, six_weeks)
        assert found["open"].cases == (REF,)
    assert counted(engine, Period.up_to(day(-1)))["requests"].numerator == 0


def test_whoever_is_not_named_or_was_erased_is_counted_all_the_same(engine):
    opened(engine, person=None, first=a_request())
    found = counted(engine, Period.up_to(TODAY))
    assert found["requests"].numerator == 1 and found["requests/sex=not known"].numerator == 1


def test_a_case_that_cannot_be_worked_out_holds_up_no_other(engine, monkeypatch):
    """A rule at fault is put in its place: nothing on record may be spoilt."""
    import tasks.figures as module

    opened(engine)
    opened(engine, "EHC-2026-0002")
    told = module.returned

    def broken(who, cases, world, **choices):
        if cases[0].ref == REF:
            raise ValueError("a rule at fault")
        return told(who, cases, world, **choices)

    monkeypatch.setattr(module, "returned", broken)
    with reading(engine) as session:
        counted = figures_of(session, Period.up_to(TODAY))
    assert counted.left_out.keys() == {REF} and "a rule at fault" in counted.left_out[REF]
    assert find(counted.figures, "requests").cases == ("EHC-2026-0002",)


def test_an_answer_that_brought_no_advice_is_none(engine):
    """Who declines owes no answer any more, and what comes after is not theirs."""
    opened(engine)
    asked = day(43)
    with writing(engine) as session:
        for fact in (NewFact("decided_to_assess", day(42), {"decided_by": "officer-7", "reason_codes": ["plan_may_be_necessary"]}),
                     NewFact("advice_requested", asked, {"adviser": "adv_d_psychology", "agency": "ep-1", "body": "other"}),
                     NewFact("advice_declined", asked + timedelta(days=10), {"adviser": "adv_d_psychology", "agency": "ep-1", "reasons": "no"})):
            record(session, REF, fact.kind, fact.on, fact.data, hand(), date(2026, 8, 1))
    found = counted(engine, Period.up_to(date(2026, 7, 31)))
    assert found["advice"].numerator == 0


def test_the_return_that_is_exported_has_the_same_figures(made_up, tmp_path):
    """Whoever holds the figures against the file that was sent finds no difference."""
    order = Order(2026, "886", to=tmp_path, even_so=True)
    with export(made_up, order, Sen2(), datetime(2026, 2, 2, 9, tzinfo=UTC), UNTIL) as outcome:
        told, whose = figures_of_return(str(outcome.path))
    ours = {figure.id: figure for figure in figures_in(made_up, Period.of_year(2025)) if figure.measure != "advice"}
    theirs = {figure.id: figure for figure in told.figures}
    assert whose == "886" and told.period == Period.of_year(2025) and ours.keys() == theirs.keys()
    different = [id for id, one in ours.items() if (one.numerator, one.denominator) != (theirs[id].numerator, theirs[id].denominator)]
    assert not different and ours["plans"].numerator > 5
