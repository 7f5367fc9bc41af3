"""Who a person of a return is among those on record: by UPN, else by ULN, else by name and birth date; never by position.

Everything here reads and writes erasable tables only.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sqlmodel import Session

from models.sen2.finding import Finding, Level
from models.sen2.record import Person
from models.tables.people import ParticularsRow
from models.tables.people import Person as PersonRow
from tasks import bulk
from tasks.files import Chance
from tasks.people import normal

PERSON, PARTICULARS = PersonRow.__table__, ParticularsRow.__table__
COLUMNS = ("surname", "forename", "sex", "ethnicity", "postcode", "upn", "uln", "upn_unknown")
SEXES = {"1": "M", "2": "F"}
DOUBT, TWICE, NOBODY = "T03", "T04", "T05"
"""Findings about persons: it is not certain who it is; the same person stands twice; nobody is named."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person on record, as far as matching looks at them. What is shown of it for a log names nobody."""

    ref: str
    name: str = field(repr=False)
    born: str | None = field(repr=False)
    particulars: tuple[str | None, ...] = field(repr=False, default=(None,) * len(COLUMNS))

    def told(self, column: str) -> str | None:
        """What is on record of it."""
        return self.particulars[COLUMNS.index(column)]


@dataclass(frozen=True, slots=True)
class Match:
    """Who a person is: somebody on record, or nobody yet; and what is in doubt. `refused` tells why it cannot be decided."""

    known: Candidate | None = None
    doubt: Finding | None = None
    refused: Finding | None = None


class People:
    """The persons on record among whom those of a batch are looked for."""

    def __init__(self, session: Session, persons: Sequence[Person]) -> None:
        self._by_upn: dict[str, list[str]] = {}
        self._by_uln: dict[str, list[str]] = {}
        self._by_name: dict[tuple[str, str], list[str]] = {}
        self.known: dict[str, Candidate] = {}
        refs: dict[str, None] = {}
        for column, by in (("upn", self._by_upn), ("uln", self._by_uln)):
            wanted = [value for one in persons if (value := getattr(one, column))]
            for ref, value in bulk.select(session, PARTICULARS, ("person_ref", column), (column, "in", wanted)) if wanted else ():
                by.setdefault(value, []).append(ref)
                refs[ref] = None
        days = sorted({one.birth_date.isoformat() for one in persons if one.birth_date})
        rows = [*(bulk.select(session, PERSON, ("ref", "name", "birth_date"), ("birth_date", "in", days)) if days else ())]
        named = {(normal(full_name(one)), one.birth_date.isoformat()) for one in persons if one.birth_date}
        rows = [row for row in rows if row[0] in refs or (normal(row[1]), row[2]) in named]      # others only share a birthday
        there = {row[0] for row in rows}
        more = [ref for ref in refs if ref not in there]
        rows += [*(bulk.select(session, PERSON, ("ref", "name", "birth_date"), ("ref", "in", more)) if more else ())]
        told = {ref: tuple(values) for ref, *values in bulk.select(
            session, PARTICULARS, ("person_ref", *COLUMNS), ("person_ref", "in", [row[0] for row in rows]))} if rows else {}
        for ref, name, born in rows:
            self.known[ref] = Candidate(ref, name, born, told.get(ref, (None,) * len(COLUMNS)))
            if born:
                self._by_name.setdefault((normal(name), born), []).append(ref)

    def match(self, person: Person) -> Match:
        """Who this is. The finding names the place in the file, never the child."""
        upns, ulns = self._by_upn.get(person.upn or "", []), self._by_uln.get(person.uln or "", [])
        if upns and ulns and not set(upns) & set(ulns):
            return Match(refused=_finding(DOUBT, person, "the UPN is that of one person on record and the ULN that of another",
                                          "find out which number is wrong, put it right, and import the file again"))
        numbered = [ref for ref in upns if ref in ulns] or upns or ulns
        named = [] if person.birth_date is None else self._by_name.get((normal(full_name(person)), person.birth_date.isoformat()), [])
        if numbered:
            ref = next((ref for ref in numbered if ref in named), numbered[0])
            if len(numbered) > 1 and ref not in named:
                return Match(refused=_finding(DOUBT, person, "several persons on record have its number",
                                              "find out whose it is, and import the file again"))
            known = self.known[ref]
            return Match(known, None if ref in named or not person.birth_date or known.born == person.birth_date.isoformat() else _finding(
                DOUBT, person, "the number is that of a person on record who has another birth date", "find out whose number it is",
                ref))
        return self._by_name_alone(person, [self.known[ref] for ref in named])

    def _by_name_alone(self, person: Person, named: Sequence[Candidate]) -> Match:
        fits = [one for one in named if not any(getattr(person, number) and one.told(number) and getattr(person, number) != one.told(number)
                                                for number in ("upn", "uln"))]
        if len(fits) > 1:
            near = [one for one in fits if one.told("postcode") and one.told("postcode") == person.postcode]
            if len(near) != 1:
                return Match(refused=_finding(DOUBT, person, "several persons on record have its name and birth date",
                                              "give its UPN or ULN, and import the file again"))
            fits = near
        if fits:
            return Match(fits[0])
        if named:
            return Match(doubt=_finding(DOUBT, person,
                                        "a person on record has the same name and birth date and another number; it was taken"
                                        " as somebody else", "find out whether both are one", named[0].ref))
        return Match()


class Seen:
    """The persons of one file so far, as hashes: the same number, or the same name and birth date, may not come twice."""

    def __init__(self) -> None:
        self._numbers: dict[int, str] = {}
        self._names: dict[int, tuple[str, bool]] = {}

    def again(self, person: Person) -> Finding | None:
        """What is wrong if this person stood in the file before; else it is remembered."""
        for column in ("upn", "uln"):
            if (value := getattr(person, column)) and (first := self._numbers.get(hash((column, value)))):
                return _finding(TWICE, person, f"the {column.upper()} is that of the person at {first}; this one was not taken",
                                "make one Person of them, with all Requests, or put the number right")
        name = hash((normal(full_name(person)), person.birth_date)) if person.birth_date else None
        is_numbered = bool(person.upn or person.uln)
        if name is not None and (before := self._names.get(name)) and not (is_numbered and before[1]):
            return _finding(TWICE, person, f"name and birth date are those of the person at {before[0]}, and no numbers tell them apart;"
                            " this one was not taken", "give both their UPN or ULN, or make one Person of them")
        for column in ("upn", "uln"):
            if value := getattr(person, column):
                self._numbers[hash((column, value))] = person.place
        if name is not None:
            self._names.setdefault(name, (person.place, is_numbered))
        return None


def unnamed(person: Person) -> Finding | None:
    """What is wrong with a person whom nobody could know again."""
    if not full_name(person):
        return _finding(NOBODY, person, "neither surname nor forename stands there; it was not taken", "give the name")
    if person.birth_date is None and not person.upn and not person.uln:
        return _finding(NOBODY, person, "there is no birth date that can be read, no UPN and no ULN, so it could not be known again; it was"
                        " not taken", "give one of them")
    return None


def full_name(person: Person) -> str:
    """The name as letters have it."""
    return " ".join(filter(None, (person.forename, person.surname)))


def particulars(person: Person) -> tuple[str | None, ...]:
    """What a return says of a person beside name and birth date, in the order of COLUMNS."""
    sex = person.sex or SEXES.get(person.gender or "")
    return (person.surname, person.forename, sex, person.ethnicity, person.postcode, person.upn, person.uln, person.upn_unknown)


def changed(known: Candidate, person: Person, older: bool = False) -> list[str]:
    """Which particulars the return gives in another way than they are on record; what it does not give stays. A return that is
    `older` than what is on record only adds what is missing."""
    told = dict(zip(COLUMNS, particulars(person), strict=True))
    names = [column for column in COLUMNS if told[column] is not None and told[column] != known.told(column)
             and not (older and known.told(column))]
    if person.birth_date and known.born != person.birth_date.isoformat() and not (older and known.born):
        names.append("birth_date")
    return names


def write_new(session: Session, new: Iterable[tuple[str, Person]]) -> None:
    """Keep new persons, each with its reference."""
    rows = list(new)
    bulk.insert(session, PERSON, ("ref", "name", "birth_date"), [
        (ref, full_name(person), person.birth_date.isoformat() if person.birth_date else None) for ref, person in rows])
    bulk.insert(session, PARTICULARS, ("person_ref", *COLUMNS), [(ref, *particulars(person)) for ref, person in rows])


def write_changed(session: Session, known: Iterable[tuple[Candidate, Person, Sequence[str]]]) -> None:
    """Keep what has changed about persons on record: of each those particulars that are named; the name goes with them."""
    rows = list(known)
    told = [(tuple(new if column in names else old for column, new, old in zip(
        COLUMNS, particulars(person), one.particulars, strict=True)), one, person, names) for one, person, names in rows]
    bulk.insert(session, PARTICULARS, ("person_ref", *COLUMNS), [(one.ref, *values) for values, one, *_ in told], keep_existing=True)
    bulk.update(session, PARTICULARS, COLUMNS, ("person_ref",), [(*values, one.ref) for values, one, *_ in told])
    bulk.update(session, PERSON, ("name", "birth_date"), ("ref",), [
        (full_name(person) if person.surname and person.forename and {"surname", "forename"} & {*names} else one.name,
         person.birth_date.isoformat() if person.birth_date and "birth_date" in names else one.born, one.ref)
        for _, one, person, names in told])


def new_ref(chance: Chance) -> str:
    """A reference for a new person, which tells nothing."""
    return f"P-{chance(8).hex()}"


def _finding(rule: str, person: Person, says: str, do: str, ref: str | None = None) -> Finding:
    level = Level.ERROR if rule in (TWICE, NOBODY) or ref is None else Level.QUERY
    return Finding(rule, level, person.place, says[0].upper() + says[1:] + ".", do[0].upper() + do[1:] + ".", "Person", person_ref=ref)
