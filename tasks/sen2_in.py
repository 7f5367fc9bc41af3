"""Taking a return in: each person with particulars and cases, each case with the facts that the return tells, or nothing at all.

A return is taken in within one transaction. What is on record already is left out, so that the same return again changes nothing
and the next year's adds what is new. Cases on which officers work are never written to: what a return says of them beside is
entered in the ledger of data quality. No letter follows from any of it.
"""

import secrets
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

import sqlalchemy as sa
from sqlmodel import Session

from models.case import Case
from models.facts import FROM_RETURN, BadFact
from models.hand import Hand
from models.made_up.as_returned import SOFTWARE
from models.made_up.council import REFERENCE
from models.sen2.difference import Block, Difference, Known, difference, is_older, pair
from models.sen2.finding import Finding, Level
from models.sen2.record import Person, Request
from models.sen2.rules import Check
from models.sen2.to_facts import Origin, Taken, Told, taken
from models.tables.cases import CaseFile, FactRow
from models.tables.running import ReturnRow
from models.trail import moment
from tasks import bulk
from tasks.case_file import CannotBear, Files, NewFact, as_it_stands, read_many
from tasks.database import fills_tables
from tasks.files import Chance
from tasks.ledger import Ledger
from tasks.people import cases_of
from tasks.sen2_files.open import Return
from tasks.sen2_people import Candidate, People, Seen, changed, new_ref, unnamed, write_changed, write_new

AT_ONCE = 200
"""Persons taken in at once."""

_ONE_AT_A_TIME = 0x454843_06              # of an advisory lock
CASE_FILE, FACT, RETURN = CaseFile.__table__, FactRow.__table__, ReturnRow.__table__
DIFFERS, BESIDE, GONE, BAD = "T06", "T07", "T08", "T09"
"""Findings of the comparison: the return contradicts the record; it tells something beside the work of an officer; a case is in it
no longer; a fact cannot be recorded."""


OF_A_LIST = ("P03", "P14", "P17", "R01", "R13", "A01", "A11", "N12", "S01", "X02")
"""The rules of the return that make sense of any list: numbers, codes and days that cannot be."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: what became of something, where it stands in the file, and which case it is. It names nobody."""

    what: str                              # taken, changed, same, refused, finding, contradiction, beside, gone
    place: str = ""
    case: str | None = None
    person: str | None = None
    rule: str = ""
    level: str = ""
    field: str = ""
    value: str = ""
    says: str = ""
    do: str = ""


@dataclass(slots=True)
class Brought:
    """What taking a return in did, or would do."""

    persons: int = 0
    new_persons: int = 0
    known_persons: int = 0
    changed_persons: int = 0
    refused: int = 0
    new_cases: int = 0
    changed_cases: int = 0
    same_cases: int = 0
    worked_on: int = 0
    facts: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    contradictions: int = 0
    corrected: int = 0
    findings: Counter[tuple[str, str]] = field(default_factory=Counter)
    says: dict[str, str] = field(default_factory=dict)
    gone: int = 0
    entered: int = 0

    @property
    def changes_anything(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.new_persons or self.changed_persons or self.new_cases or self.changed_cases)

    @property
    def touches_what_is_there(self) -> bool:
        """Whether it concerns persons or cases that were on record before."""
        return bool(self.changed_persons or self.changed_cases or (self.known_persons and self.new_cases) or self.contradictions)


Sink = Callable[[Line], None]


class Bringing:
    """One return on its way in. With `write` false nothing is kept, and what would be is told."""

    def __init__(self, session: Session, found: Return, hand: Hand, today: date, *, council: str | None, owner: str | None = None,
                 write: bool, correct: bool = False, sink: Sink = lambda line: None, chance: Chance = secrets.token_bytes) -> None:
        self.session, self.found, self.hand, self.today = session, found, hand, today
        self.write, self.correct, self.sink, self.chance = write, correct, sink, chance
        self.origin = Origin(found.form, found.sha256, found.year, found.day, today, owner, found.silent)
        self._mark = Told("taken_from_return", found.day, {"sha256": found.sha256})
        self.council, self.done = council, Brought()
        self._refs: dict[int, tuple[str | None, str | None]] = {}
        self._is_a_list = found.form == "spreadsheet"
        self._check = Check(found.header, today, refs=self._refs_of, only=OF_A_LIST if self._is_a_list else None)
        self._seen, self._met = Seen(), set[str]()
        self._found: list[Finding] = []
        if write:
            fills_tables(session)
        if write and session.connection().dialect.name == "postgresql":
            session.connection().execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
        self._ledger = Ledger(session, found.sha256, found.day, today, owner, whole=not self._is_a_list) if write else None
        self._prefix = f"{'LIST' if self._is_a_list else REFERENCE if found.header.software == SOFTWARE else 'SEN2'}-{found.year}-"
        self._number = _last_number(session, self._prefix)

    def bring(self, progress: Callable[[int, int], None] = lambda done, of: None) -> Brought:
        """Take the whole return in. Raises BadReturn where it breaks off; nothing is then to be kept of it."""
        if not self._is_a_list:
            for finding in self._check.of_header():
                self._find(finding)
        persons = self.found.persons(progress)
        while batch := list(islice(persons, AT_ONCE)):
            for finding in self.found.findings():
                self._find(finding)
            self._batch(batch)
        for finding in (*self.found.findings(), *(() if self._is_a_list else self._check.at_the_end())):
            self._find(finding)
        if not self._is_a_list:
            self._gone()
        self._enter([])
        if self._ledger is not None:
            self._ledger.end()
            self._leave_a_mark()
        return self.done

    # --- persons ----------------------------------------------------------------------------------------------------

    def _batch(self, batch: Sequence[Person]) -> None:
        people = People(self.session, batch)
        chosen: list[tuple[Person, Candidate | None]] = []
        for person in batch:
            self.done.persons += 1
            match = people.match(person)
            if (why := unnamed(person) or self._seen.again(person) or match.refused) is not None:
                self._refuse(why)
                continue
            if match.doubt is not None:
                self._find(match.doubt)
            if not person.requests:
                self._refuse(Finding("T05", Level.ERROR, person.place, "The person has no Requests, so there is nothing to take.",
                                     "Leave the person out, or add what was requested.", "Requests"))
                continue
            chosen.append((person, match.known))
        refs = cases_of(self.session, [known.ref for _, known in chosen if known])
        kept = read_many(self.session, [ref for of in refs.values() for ref in of]) if refs else {}
        files = Files(self.session, self.today, self.chance)
        new, other, met = [], [], []
        for person, known in chosen:
            ref = known.ref if known else new_ref(self.chance)
            cases = [as_it_stands(one, kept[one], self.today) for one in refs.get(ref, ())]
            if known is None:
                self.done.new_persons += 1
                new.append((ref, person))
            else:
                self.done.known_persons += 1
                if names := changed(known, person, older=any(is_older(case.facts, [self._mark]) for case in cases)):
                    self.done.changed_persons += 1
                    self.sink(Line("changed", person.place, None, ref, field=" ".join(names), says="These particulars of the person have"
                                   " changed."))
                    other.append((known, person, names))
            met += self._cases(files, person, ref, cases)
        if self.write:
            write_new(self.session, new)
            write_changed(self.session, other)
            files.write()
        self._enter(met, [ref for ref, _ in new] + [known.ref for _, known in chosen if known])

    def _refuse(self, why: Finding) -> None:
        self.done.refused += 1
        self._count(why)
        self._found.append(why)
        self.sink(_line("refused", why))

    # --- cases ---------------------------------------------------------------------------------------------------------

    def _cases(self, files: Files, person: Person, person_ref: str, cases: Sequence[Case]) -> list[str]:
        """Each block of requests into its case. The references of these cases."""
        told = [taken(request, self.origin) for request in person.requests]
        blocks = [Block(one.facts, _goes_on(request)) for one, request in zip(told, person.requests, strict=True)]
        by_ref = {case.ref: case for case in cases}
        pairs = pair(blocks, [Known(case.ref, case.facts, _case_goes_on(case)) for case in cases])
        met = []
        self._refs.clear()
        for request, one, known in zip(person.requests, told, pairs, strict=True):
            if known is None:
                ref = self._open(files, person_ref, request, one)
            else:
                ref = known.ref
                self._go_on(files, by_ref[ref], request, one)
            self._refs[id(request)] = ref, person_ref
            self.done.unknown.update(one.unknown)
            for finding in one.findings:
                self._find(finding, ref, person_ref)
            met.append(ref)
        self._refs[id(person)] = min(case.ref for case in cases) if cases else met[0], person_ref
        if not self._is_a_list:                  # what is no longer in a list is not asked
            self._met.update(met)
        for finding in self._check.of_person(person):
            self._find(finding)
        return met

    def _open(self, files: Files, person_ref: str, request: Request, told: Taken) -> str:
        self._number += 1
        ref = f"{self._prefix}{self._number:05d}"
        self.done.new_cases += 1
        self.sink(Line("taken", request.place, ref, person_ref, says=f"{len(told.facts)} facts"))
        if self.write:
            files.open(ref, person_ref)
        self._add(files, ref, told.facts, request)
        return ref

    def _go_on(self, files: Files, case: Case, request: Request, told: Taken) -> None:
        differs = difference(case.facts, told.facts)
        if not case.is_looked_at:
            self._beside(case, request, differs)
            return
        for one in differs.contradictions:
            self.done.contradictions += 1
            says = (f"On record is {one.was.kind} of {one.was.on.isoformat()} (fact {one.was.number}); the return says {one.now.kind} of"
                    f" {one.now.on.isoformat()}.")
            if self.correct:
                self.done.corrected += 1
                self.sink(Line("changed", request.place, case.ref, rule=DIFFERS, says=says))
            else:
                self._find(Finding(DIFFERS, Level.ERROR, request.place, says, "Find out which is right: `ehc correct` puts the record right,"
                                   " --correct takes the return's word.", one.now.kind, one.now.on.isoformat(), case.ref), what="contradiction")
        corrections = [_correction(one.was.number, one.now) for one in differs.contradictions] if self.correct else []
        if not differs.new and not corrections:
            self.done.same_cases += 1
            return
        self.done.changed_cases += 1
        news = [one for one in differs.new if one.kind != "taken_from_return"]
        self.sink(Line("changed" if news else "same", request.place, case.ref, says=", ".join(
            f"{one.kind} of {one.on.isoformat()}" for one in news) or "nothing new but the return itself"))
        if self.write:
            files.take([case.ref])
            if not files.case(case.ref).is_looked_at:                  # somebody took it on a moment ago
                self._beside(case, request, differs)
                return
        self._add(files, case.ref, [*differs.new, *corrections], request)

    def _beside(self, case: Case, request: Request, differs: Difference) -> None:
        """What the return says of a case on which officers work: for them to look at."""
        self.done.worked_on += 1
        for one in (*differs.new, *(pair.now for pair in differs.contradictions)):
            if one.kind in _OCCASIONS:
                self._find(Finding(BESIDE, Level.QUERY, request.place, f"The return tells of {one.kind} of {one.on.isoformat()}, which is not on"
                                   " record in a case that an officer works on. It was not taken.",
                                   f"If it is right, record it: `ehc record {case.ref} {one.kind} --on {one.on.isoformat()}`.",
                                   one.kind, one.on.isoformat(), case.ref), what="beside")

    def _add(self, files: Files, ref: str, facts: Sequence[Told], request: Request) -> None:
        for one in facts:
            self.done.facts[one.kind] += 1
            if not self.write:
                continue
            try:
                files.add(ref, NewFact(one.kind, one.on, one.data), self.hand)
            except (BadFact, CannotBear) as error:
                self.done.facts[one.kind] -= 1
                self._find(Finding(BAD, Level.ERROR, request.place, f"{one.kind} cannot be recorded: {str(error).partition(': ')[2]}",
                                   "Put it right in the system that the file came from.", one.kind, None, ref))

    # --- what is found -----------------------------------------------------------------------------------------------

    def _refs_of(self, person: Person, request: Request | None) -> tuple[str | None, str | None]:
        return self._refs.get(id(request or person), (None, None))

    def _find(self, finding: Finding, case: str | None = None, person: str | None = None, what: str = "finding") -> None:
        if case is not None and finding.case_ref is None:
            finding = Finding(finding.rule, finding.level, finding.place, finding.says, finding.do, finding.tag, finding.value, case, person)
        self._count(finding)
        self._found.append(finding)
        self.sink(_line(what, finding))

    def _count(self, finding: Finding) -> None:
        self.done.findings[finding.rule, str(finding.level)] += 1
        self.done.says.setdefault(finding.rule, finding.says)

    def _enter(self, cases: Sequence[str], persons: Sequence[str] = ()) -> None:
        if self._ledger is not None:
            self.done.entered += self._ledger.enter(self._found, cases, persons)
        self._found.clear()

    def _gone(self) -> None:
        """The cases that an earlier return showed as going on, and that this one does not show."""
        told = sa.select(FACT.c.case_ref).where(FACT.c.kind == "taken_from_return", FACT.c.happened_on < self.origin.day).distinct()
        rows = self.session.connection().execute(sa.select(CASE_FILE.c.ref).where(
            CASE_FILE.c.ref.in_(told), sa.not_(CASE_FILE.c.stage.like("T\\_%", escape="\\"))).order_by(CASE_FILE.c.ref)).scalars()
        for ref in [ref for ref in rows if ref not in self._met]:
            self.done.gone += 1
            self._find(Finding(GONE, Level.QUERY, "", f"The return of {self.origin.year} does not show this case, which an earlier one shows as"
                               " going on.", "Find out how it ended, and record it.", None, None, ref), what="gone")

    def _leave_a_mark(self) -> None:
        done = self.done
        bulk.insert(self.session, RETURN, ("sha256", "form", "survey_year", "survey_day", "council", "serial", "taken_at", "taken_by", "persons",
                                           "cases", "facts", "refused"), [(
            self.origin.sha256, self.origin.form, self.origin.year, self.origin.day.isoformat(), self.council, self.found.header.serial,
            moment(self.hand.at), self.hand.by, done.persons, done.new_cases + done.changed_cases + done.same_cases, done.facts.total(),
            done.refused)], keep_existing=True)


_OCCASIONS = ("request_received", "became_responsible", "decided_to_assess", "refused_to_assess", "refused_to_issue", "final_plan_sent",
              "plan_taken_over", "review_meeting_held", "review_decision_sent", "amendment_notice_sent", "final_amended_plan_sent",
              "plan_ceased", "plan_transferred", "child_died")


def _goes_on(request: Request) -> bool:
    assessment = request.assessment
    outcome = assessment.outcome if assessment else request.outcome
    return outcome not in ("N", "W") and not request.exported and not (request.plan and request.plan.cease_date)


def _case_goes_on(case: Case) -> bool:
    return case.ended is None and (case.has_plan or not case.has("refused_to_assess", "refused_to_issue"))


def _correction(number: int, now: Told) -> Told:
    return Told("fact_corrected", now.on, {"replaces": number, "how": FROM_RETURN, "corrected": {
        "fact": now.kind, "on": now.on.isoformat(), **now.data}})


def _line(what: str, one: Finding) -> Line:
    return Line(what, one.place, one.case_ref, one.person_ref, one.rule, str(one.level), one.tag or "", one.value or "", one.says, one.do)


def _last_number(session: Session, prefix: str) -> int:
    """The highest number among the references of cases of that survey, or of the lists of that year."""
    refs = session.connection().execute(sa.select(CASE_FILE.c.ref).where(CASE_FILE.c.ref.like(f"{prefix}%")).order_by(
        sa.func.length(CASE_FILE.c.ref).desc(), CASE_FILE.c.ref.desc()).limit(1)).scalars()
    return max((int(ref.removeprefix(prefix)) for ref in refs if ref.removeprefix(prefix).isdigit()), default=0)


def told_councils(session: Session) -> Mapping[str, int]:
    """The councils of the returns that were taken in, with how many of each."""
    rows = session.connection().execute(sa.select(RETURN.c.council, sa.func.count()).where(RETURN.c.council.is_not(None)).group_by(
        RETURN.c.council)).fetchall()
    return {council: count for council, count in rows}


def is_first(session: Session) -> bool:
    """Whether nobody is on record yet."""
    return session.connection().execute(sa.select(CASE_FILE.c.ref).limit(1)).first() is None


