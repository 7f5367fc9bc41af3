"""Figures from what is on record: every case read once, told as the return would tell it on the day, and counted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from sqlmodel import Session

from models.advice import AdviceRequest, Outcome
from models.advice_facts import advice_requests
from models.calendar import bank_holidays
from models.case import Case
from models.figures.advice import Asked
from models.figures.entry import Entry, entries
from models.figures.period import Period
from models.figures.table import OF_ADVICE
from models.figures.tally import Figure, Tally
from models.law.advice import NO_FIGURE
from models.made_up.as_returned import SOFTWARE
from models.made_up.council import is_made_up
from models.sen2.from_facts import EndsUntil, Who, returned
from models.sen2.rule import World
from models.tables.cases import CaseFile
from models.tables.people import ParticularsRow, Person
from tasks import bulk
from tasks.faults import FAULTS, words
from tasks.reading import facts_of
from tasks.sen2_files.open import opened

CASES_AT_ONCE = 500
CASE_FILE, PERSON, PARTICULARS = CaseFile.__table__, Person.__table__, ParticularsRow.__table__
ANSWERED = (Outcome.GIVEN, Outcome.INCOMPLETE)
"""What counts as an answer that brought advice. Who declined, passed it on or did not know the child owed none any more."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures of a period, how many cases were read for them, why some could not be (these are in no figure), and whether they are
    made up."""

    figures: list[Figure]
    period: Period
    cases: int
    left_out: dict[str, str]
    made_up: bool = False


def figures_of(session: Session, period: Period, council: str | None = None, ends_until: EndsUntil = "year_end",
               progress: Callable[[int, int], None] = lambda done, of: None) -> Counted:
    """The figures of a period from every case on record. `council` is the council's own number, by which a move is told; `ends_until` says
    up to which day a refusal or a withdrawal counts, as for the return."""
    records, advice = Tally(period), Tally(period, OF_ADVICE)
    refs = [row[0] for row in bulk.select(session, CASE_FILE, ("ref",), order=("ref",))]
    done, left_out = 0, {}
    for batch in _batches(refs):
        for case, who in _cases(session, batch, period.stock_on):
            try:
                told, asked = list(_entries(case, who, period, council, ends_until)), list(_asked(case))
            except FAULTS as fault:
                left_out[case.ref] = words(fault)
                continue
            for entry in told:
                records.add(entry)
            for one in asked:
                advice.add(one)
        done += len(batch)
        progress(done, len(refs))
    return Counted([*records.figures(), *advice.figures()], period, len(refs), left_out, any(map(is_made_up, refs)))


def figures_of_return(name: str, year: int | None = None,
                      progress: Callable[[int, int], None] = lambda done, of: None) -> tuple[Counted, str | None]:
    """The figures of a return in a file, without a database, and the number of the council whose it is. Each request's reference is its
    place in the file. `year` is that of the survey where the file does not say it. Raises BadReturn."""
    with opened(name, year) as told:
        whole = Period.of_year(told.year - 1)
        period = Period(whole.since, whole.until, told.day)
        records = Tally(period)
        for entry in entries(told.persons(progress)):
            records.add(entry)
        return Counted(records.figures(), period, records.seen, {}, told.header.software == SOFTWARE), told.header.council


def _batches(refs: Sequence[str]) -> Iterator[list[str]]:
    left = iter(refs)
    while batch := list(islice(left, CASES_AT_ONCE)):
        yield batch


def _cases(session: Session, refs: list[str], on: date) -> Iterator[tuple[Case, Who]]:
    """Each case as it stood on the day, with what a figure is told apart by of the person: no name. A case of which nobody is named, or
    whose person was erased, is counted all the same."""
    person_of = dict(map(tuple, bulk.select(session, CASE_FILE, ("ref", "person_ref"), ("ref", "in", refs))))
    people = sorted({ref for ref in person_of.values() if ref})
    born = dict(map(tuple, bulk.select(session, PERSON, ("ref", "birth_date"), ("ref", "in", people))))
    sex = dict(map(tuple, bulk.select(session, PARTICULARS, ("person_ref", "sex"), ("person_ref", "in", people))))
    found: dict[str, list] = {ref: [] for ref in refs}
    for fact in facts_of(session, refs):
        found[fact.case].append(fact)
    for ref, facts in found.items():
        case = Case.of(ref, facts, on, bank_holidays())
        if case.facts:
            person = person_of[ref] or ""
            day = born.get(person)
            yield case, Who(person, birth_date=date.fromisoformat(day) if isinstance(day, str) else day, sex=sex.get(person))


def _entries(case: Case, who: Who, period: Period, council: str | None, ends_until: EndsUntil) -> Iterator[Entry]:
    world = World(period.year + 1, period.stock_on, period.stock_on, council)
    told = returned(who, [case], world, ends_until=ends_until)
    return entries([told.person]) if told.person else iter(())


def _asked(case: Case) -> Iterator[Asked]:
    if not case.has("advice_requested"):
        return
    for one in advice_requests(case.facts, case.on, case.bank_holidays):
        if one.starts_on is not None and one.due_on is not None and (one.body == "s31" or one.adviser not in NO_FIGURE):
            yield _as_asked(one)


def _as_asked(one: AdviceRequest) -> Asked:
    answered = one.outcome in ANSWERED
    return Asked(one.case, one.adviser, one.agency or one.role, one.starts_on, one.due_on, one.ended_on if answered else None,
                 None if answered else one.ended_on, one.excused_by)
