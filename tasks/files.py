"""Case files taken for writing: every fact checked as it is added, then all that is new written with what follows from it."""

import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlmodel import Session

from models.bearing import refusal
from models.case import Case
from models.fact_check import check
from models.facts import BadFact, kind_of
from models.hand import Hand
from models.law.dates import long
from models.law.owed import Owed
from models.law.record import Fact
from models.silence import refused
from models.tables.cases import CaseFile, DutyRow, FactRow
from models.tables.people import TextRow
from models.trail import GENESIS, Head, Sealed, canonical, moment, seal, seal_text
from tasks import bulk
from tasks.derived import DUTY_COLUMNS, DUTY_KEY, FILE_COLUMNS, OF_POLICY, Derived, DutyKey, as_it_stands, derive, duty_key
from tasks.policy_file import in_force
from tasks.reading import facts_of, no_such_case

Chance = Callable[[int], bytes]
"""Where salts and new references come from: that many bytes at random. A sample may give one that repeats itself."""

CASE_FILE, DUTY, FACT, TEXT = CaseFile.__table__, DutyRow.__table__, FactRow.__table__, TextRow.__table__


class CannotBear(ValueError):
    """The case as it stands cannot bear this fact; the message says why, and what to do instead."""


class FutureDay(BadFact):
    """The fact is said to have happened on a day that has not come yet."""


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to be recorded. With a `key`, recording it again changes nothing; without, it stands twice."""

    kind: str
    on: date
    data: Mapping[str, Any] = field(default_factory=dict)
    key: str | None = None


@dataclass(slots=True)
class _File:
    """One case's file while it is worked on: what is kept in the database, and what is to be written."""

    ref: str
    head: Head
    kept: tuple[Any, ...] | None                       # None for a case that is being opened
    kept_duties: Mapping[DutyKey, tuple[Any, ...]] = field(default_factory=dict)
    person_ref: str | None = None
    facts: list[Fact] = field(default_factory=list)
    sealed: list[Sealed] = field(default_factory=list)
    texts: dict[str, tuple[str, str]] = field(default_factory=dict)
    case: Case | None = None


class Files:
    """Some case files, locked until the transaction ends.

    Nothing is written before `write`: whoever is refused on the way leaves the database as it was.
    """

    def __init__(self, session: Session, today: date, chance: Chance = secrets.token_bytes) -> None:
        self._session, self._today, self._chance = session, today, chance
        self._files: dict[str, _File] = {}

    def take(self, refs: Iterable[str]) -> None:
        """Lock and read these cases. Raises NoSuchCase."""
        wanted = list(dict.fromkeys(refs))
        self._session.flush()
        for ref, number, hash, *kept in bulk.select(
                self._session, CASE_FILE, ("ref", "last_number", "last_hash", *FILE_COLUMNS), ("ref", "in", wanted),
                order=("ref",), lock=True):
            self._files[ref] = _File(ref, Head(number, hash), tuple(kept))
        for ref in wanted:
            if ref not in self._files:
                raise no_such_case(self._session, ref)
        for fact in facts_of(self._session, wanted):
            self._files[fact.case].facts.append(fact)
        for ref, duties in kept_duties(self._session, wanted).items():
            self._files[ref].kept_duties = duties

    def open(self, ref: str, person_ref: str | None) -> None:
        """Begin the file of a case that is not there yet."""
        self._files[ref] = _File(ref, Head(0, GENESIS), None, person_ref=person_ref)

    def case(self, ref: str) -> Case:
        """The case as it stands, with what has been added."""
        file = self._files[ref]
        if file.case is None:
            file.case = as_it_stands(ref, file.facts, self._today)
        return file.case

    def add(self, ref: str, new: NewFact, hand: Hand, beside: Iterable[NewFact] = ()) -> tuple[int, bool]:
        """Add a fact to a file that was taken. Its number, and whether it was there already under the same key.

        `beside` are the facts of the same case that are added next, or none of them is.

        Raises BadFact, FutureDay, CannotBear, each naming the case.
        """
        file = self._files[ref]
        with _naming(ref):
            data = self._checked(file, new)
            if new.key is not None and (there := self._repeated(file, new, data)) is not None:
                return there, True
        why = refusal(self.case(ref), new.kind, new.on, data, [(fact.kind, fact.on, fact.data) for fact in beside])
        if why is None and new.kind == "escalation_silenced":
            why = refused(self.case(ref), Fact(ref, 0, new.kind, new.on, data), in_force().longest_silence)
        if why is not None:
            raise CannotBear(f"{ref}: {why}")
        number = file.head.number + 1
        with _naming(ref):
            kept, texts = self._without_free_text(f"{ref}/{number}/", new.kind, data)
            sealed = _seal(file.head, ref, new, kept, hand)
        file.head = Head(number, sealed.hash)
        file.facts.append(Fact(ref, number, new.kind, new.on, MappingProxyType(kept), hand.at, hand.by, hand.flow_run_id))
        file.sealed.append(sealed)
        file.texts |= texts
        file.case = None
        return number, False

    def write(self) -> dict[str, tuple[Owed, ...]]:
        """Write what was added, and what follows from it, for every file. By case, the duties that began or changed."""
        files = self._files.values()
        derived = {file.ref: derive(self.case(file.ref)) for file in files}
        head = ("last_number", "last_hash", *FILE_COLUMNS)
        bulk.insert(self._session, CASE_FILE, ("ref", "person_ref", *head), [
            (file.ref, file.person_ref, *file.head, *derived[file.ref].file) for file in files if file.kept is None])
        bulk.update(self._session, CASE_FILE, head, ("ref",), [
            (*file.head, *derived[file.ref].file, file.ref) for file in files
            if file.kept is not None and (file.sealed or file.kept != derived[file.ref].file)])
        bulk.insert(self._session, FACT, Sealed._fields, [row for file in files for row in file.sealed])
        bulk.insert(self._session, TEXT, ("id", "case_ref", "salt", "body"), [
            (id, file.ref, *text) for file in files for id, text in file.texts.items()])
        write_duties(self._session, {file.ref: (file.kept_duties, derived[file.ref].duties) for file in files})
        changed = {file.ref: self._changed(file, derived[file.ref]) for file in files}
        for file in files:
            file.kept, file.kept_duties = derived[file.ref].file, derived[file.ref].duties
            file.sealed, file.texts = [], {}
        return changed

    def _changed(self, file: _File, derived: Derived) -> tuple[Owed, ...]:
        law = len(DUTY_COLUMNS) - OF_POLICY
        case = self.case(file.ref)
        return tuple(owed.on(case.on) for owed in case.terms
                     if derived.duties[duty_key(owed)][:law] != file.kept_duties.get(duty_key(owed), ())[:law])

    # --- checking --------------------------------------------------------------------------------------------------

    def _checked(self, file: _File, new: NewFact) -> dict[str, Any]:
        self._not_in_the_future(new.kind, new.on)
        given = new.data if new.key is None else {**new.data, "key": new.key}
        plain = check(new.kind, new.on, given, at_door=True)
        if new.kind == "fact_corrected" and plain.get("corrected") is not None:
            plain["corrected"] = self._checked_correction(file, plain["replaces"], dict(plain["corrected"]))
        return plain

    def _checked_correction(self, file: _File, replaces: int, told: dict[str, Any]) -> dict[str, Any]:
        """The fact as it should have been, checked like one at the door, together with what it leaves as it was."""
        wrong = next((fact for fact in self.case(file.ref).facts if fact.number == replaces), None)
        if wrong is None:
            return told                                # which no case can bear, as `refusal` will say
        kind, on = kind_of(told.pop("fact", None) or wrong.kind), told.pop("on", None) or wrong.on
        try:
            on = date.fromisoformat(on) if isinstance(on, str) else on
        except ValueError:
            raise BadFact(f"{on!r} is no day. Give it as YYYY-MM-DD.") from None
        self._not_in_the_future(kind.name, on)
        left = wrong.data if kind.name == wrong.kind else {}
        left = {name: "kept apart" if name in kind.free_text else value for name, value in left.items()}
        plain = check(kind.name, on, left | told, at_door=True)
        return {"fact": kind.name, "on": on.isoformat()} | {name: plain.get(name) for name in told}

    def _not_in_the_future(self, kind: str, on: date) -> None:
        if on > self._today:
            raise FutureDay(f"{kind}: {long(on)} is in the future (today is {long(self._today)}). Record it once it has"
                            " happened, or check the day.")

    # --- the same fact again ---------------------------------------------------------------------------------------

    def _repeated(self, file: _File, new: NewFact, data: Mapping[str, Any]) -> int | None:
        for fact in file.facts:
            if fact.kind == new.kind and fact["key"] == new.key:
                if fact.on == new.on and self._same(file, fact.data, data):
                    return fact.number
                raise BadFact(f"the key {new.key} was used already for {fact}, which says something else. Give another key"
                              " to record a second fact, or correct the first with fact_corrected.")
        return None

    def _same(self, file: _File, kept: Any, given: Any) -> bool:
        """Whether what is given is what is on record, where a text has been replaced by its salted hash."""
        if not isinstance(kept, Mapping):
            return bool(kept == given)
        if isinstance(given, str) and kept.keys() == {"text", "sha256"}:
            text = file.texts.get(kept["text"]) or next(
                iter(bulk.select(self._session, TEXT, ("salt", "body"), ("id", "=", kept["text"]))), None)
            return text is None or seal_text(text[0], given) == kept["sha256"]     # None: erased since, so nobody can tell
        return isinstance(given, Mapping) and kept.keys() == given.keys() and all(
            self._same(file, kept[name], given[name]) for name in kept)

    # --- free text -------------------------------------------------------------------------------------------------

    def _without_free_text(self, place: str, kind: str, data: Mapping[str, Any]
                           ) -> tuple[dict[str, Any], dict[str, tuple[str, str]]]:
        """The data with each free text replaced by its id and salted hash; and the texts, (salt, body) by id."""
        kept, texts = dict(data), {}
        for name in kind_of(kind).free_text:
            if isinstance(body := kept.get(name), str):
                salt = self._chance(16).hex()
                texts[place + name] = salt, storable(name, body)
                kept[name] = {"text": place + name, "sha256": seal_text(salt, body)}
        if kind == "fact_corrected" and kept.get("corrected") is not None:
            kept["corrected"], more = self._without_free_text(f"{place}corrected.", kept["corrected"]["fact"], kept["corrected"])
            texts |= more
        return kept, texts


def kept_duties(session: Session, refs: list[str]) -> dict[str, dict[DutyKey, tuple[Any, ...]]]:
    """The duty rows that are kept for these cases, by case and key, in the order of DUTY_COLUMNS."""
    found: dict[str, dict[DutyKey, tuple[Any, ...]]] = {ref: {} for ref in refs}
    for ref, *row in bulk.select(
            session, DUTY, ("case_ref", *DUTY_KEY, *DUTY_COLUMNS), ("case_ref", "in", refs)):
        found[ref][tuple(row[:len(DUTY_KEY)])] = tuple(row[len(DUTY_KEY):])
    return found


def write_duties(session: Session, cases: Mapping[str, tuple[Mapping[DutyKey, Any], Mapping[DutyKey, Any]]]) -> None:
    """Turn the duty rows that are kept into those that should be: by case, (kept, should be)."""
    key, new, other, gone = ("case_ref", *DUTY_KEY), [], [], []
    for ref, (kept, wanted) in cases.items():
        new += [(ref, *which, *row) for which, row in wanted.items() if which not in kept]
        other += [(*row, ref, *which) for which, row in wanted.items() if kept.get(which, row) != row]
        gone += [(ref, *which) for which in kept if which not in wanted]
    bulk.delete(session, DUTY, key, gone)
    bulk.update(session, DUTY, DUTY_COLUMNS, key, other)
    bulk.insert(session, DUTY, (*key, *DUTY_COLUMNS), new)


def storable(what: str, text: str) -> str:
    """The text, if every database can hold it. Raises BadFact."""
    if not text.strip():
        raise BadFact(f"{what} is blank.")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise BadFact(f"{what} holds half a character, which cannot be stored. Type it anew.") from None
    if "\0" in text:
        raise BadFact(f"{what} holds a character with the code 0, which cannot be stored. Take it out.")
    return text


def _seal(head: Head, ref: str, new: NewFact, data: Mapping[str, Any], hand: Hand) -> Sealed:
    try:
        text = canonical(data)
    except ValueError as error:
        raise BadFact(f"{new.kind}: {error}") from None
    content = (ref, head.number + 1, new.kind, new.on.isoformat(), moment(hand.at), hand.by, hand.flow_run_id, text, head.hash)
    return Sealed(*content, seal(*content))


@contextmanager
def _naming(ref: str) -> Iterator[None]:
    """A BadFact that is raised inside names the case."""
    try:
        yield
    except BadFact as error:
        raise type(error)(f"{ref}: {error}") from None
