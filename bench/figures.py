"""Counting the figures of 20,000 records, as a multiple of a bare pass that only looks at each record's days."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from bench.timing import Line, stopwatch, turn_by_turn
from models.figures.entry import Entry, entries
from models.figures.period import Period
from models.figures.public import for_public
from models.figures.tally import count
from models.sen2.record import Active, Assessment, Need, Person, Placement, Plan, Request, Setting

YEAR = Period.of_year(2025)


def lines(repetitions: int, records: int, told: Callable[[str], None]) -> Iterator[Line]:
    """All figures over so many records; then the same made ready for the public, which has no floor."""
    told(f"figures of {records:,} records")
    everything = list(entries(made_up(records)))
    yield turn_by_turn(Line(f"all figures of {records:,} records", records, "a record"), repetitions,
                       lambda: _timed(lambda: count(everything, YEAR)), lambda: _timed(lambda: bare(everything)))
    told("small numbers hidden")
    found = count(everything[:300], YEAR)
    yield turn_by_turn(Line("hiding small numbers of 300 records", 1, "a set"), repetitions, lambda: _timed(lambda: for_public(found)))


def bare(everything: list[Entry]) -> tuple[int, int]:
    """One pass with the least that a figure needs: the plans of the year and those within 140 days."""
    base = within = 0
    for entry in everything:
        assessment = entry.assessment
        if assessment is not None and assessment.outcome == "Y" and assessment.outcome_date is not None and (
                YEAR.since <= assessment.outcome_date <= YEAR.until) and entry.request.received is not None:
            base += 1
            within += (assessment.outcome_date - entry.request.received).days <= 140
    return base, within


def made_up(records: int) -> Iterator[Person]:
    """So many persons with one request each, of every outcome."""
    chance = Random(1)
    for number in range(records):
        received = date(2024, 3, 1) + timedelta(days=chance.randrange(700))
        decided, issued = received + timedelta(days=chance.randrange(14, 70)), received + timedelta(days=chance.randrange(90, 420))
        plan = Plan(start=issued, settings=[Setting(urn="100000", rank="1", sen_unit=False, resourced=False)])
        active = Active(needs=[Need(type=chance.choice(("ASD", "SEMH", "SLCN", "MLD")), rank="1")],
                        placements=[Placement(urn="100000", rank="1", entered=issued)], review_meeting=issued + timedelta(days=300),
                        last_review=issued + timedelta(days=330), review_outcome="M")
        yes = chance.random() < .7
        yield Person(sex=chance.choice("MF"), birth_date=date(2008 + number % 14, 5, 4), requests=[Request(
            key=f"C{number:06}", received=received, source=str(1 + number % 5), outcome="Y" if yes else "N", outcome_date=decided,
            mediation=False, tribunal=False, active=active if yes else None,
            assessment=Assessment(outcome="Y", outcome_date=issued, exception=chance.random() < .06, plan=plan) if yes else None)])


def _timed(work: Callable[[], object]) -> float:
    taken: list[float] = []
    with stopwatch(taken):
        work()
    return taken[0]
