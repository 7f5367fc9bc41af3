"""Taking in a request: the same person is known again, and the request is recorded where the law puts it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlmodel import Session

from models.age import age_on, check_age
from models.facts import KINDS, BadFact
from models.hand import Hand
from models.law.dates import long
from models.law.record import Fact
from models.routing import Route, route
from models.tables.cases import FactRow
from tasks import bulk
from tasks.case_file import NewContact, NewFact, NewPerson, Recorded, as_it_stands, open_case, read, read_many, record
from tasks.people import Known, cases_of, known, normal, person_refs
from tasks.reading import FACT_COLUMNS, as_fact

REQUESTS = ("request_received", "became_responsible", "further_request_received", "reassessment_requested")
"""What a request can have been recorded as."""

FACT = FactRow.__table__


class NotToBeRecorded(ValueError):
    """The law puts nothing on record for this request; the message says why."""


class BelongsElsewhere(ValueError):
    """The request belongs to a case or a plan that is there, and only new cases were to be opened."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it was taken in: a `request_received` or `became_responsible` of the day `on`, with its fields.

    What tells who the person is goes to erasable tables only. With a `key`, taking it in again changes nothing.
    """

    kind: str
    on: date
    fields: Mapping[str, Any]
    name: str | None = field(default=None, repr=False)
    born: date | None = field(default=None, repr=False)
    address: str | None = field(default=None, repr=False)
    ref: str | None = None
    contacts: tuple[NewContact, ...] = ()
    key: str | None = None


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What taking a request in did, and where it went and why."""

    recorded: Recorded
    route: Route


def take_in(session: Session, request: Request, hand: Hand, today: date, *, people: Known | None = None,
            only_new: bool = False) -> TakenIn:
    """Record a request where it belongs: in a case of its own, in the person's open case, or with the person's plan.

    With `only_new`, a case that began with a request for this person on that very day is this request, taken in before,
    and what belongs to another case or a plan is refused. `people` is what `known` answers, for whoever takes in many at
    once; each new person is added to it.

    Raises NotToBeRecorded, BelongsElsewhere, BadFact, FutureDay, CaseExists, CannotBear; nothing is then kept of this call.
    """
    if request.key is not None and (there := by_key(session, request.key)) is not None:
        return _again(session, request, there, today)
    check_person(request)
    who = (normal(request.name), request.born) if request.name and request.born else None
    if people is None:
        people = known(session, [request.born]) if who else {}
    same = people.get(who, []) if who else []
    refs = [ref for found in cases_of(session, same).values() for ref in found] if same else []
    facts = read_many(session, refs)
    earlier = [as_it_stands(ref, facts[ref], today) for ref in refs]
    if only_new:
        for case in earlier:
            first = case.last(request.kind)
            if first is not None and first.on == request.on:
                return TakenIn(Recorded(case, first.number, (), repeated=True), Route(request.kind, case.ref))
    routed = route(request.kind, request.on, earlier)
    if routed.fact is None:
        raise NotToBeRecorded(routed.words)
    if routed.case is not None:
        if only_new:
            raise BelongsElsewhere(f"{routed.words.split(': ')[0]}: if this is another request, take it in with `ehc receive`.")
        fields = KINDS[routed.fact].fields.model_fields
        told = {name: value for name, value in request.fields.items() if name in fields}
        return TakenIn(record(session, routed.case, routed.fact, request.on, told, hand, today, key=request.key), routed)
    person = same[0] if same else NewPerson(request.name, request.born, request.address) if request.name is not None else None
    first_fact = NewFact(request.kind, request.on, {**request.fields, **routed.data}, request.key)
    done = open_case(session, request.ref, person, first_fact, hand, today, contacts=request.contacts)
    if who and not same:
        people[who] = person_refs(session, done.case.ref)
    return TakenIn(done, routed)


def check_person(request: Request) -> None:
    """Raise NotToBeRecorded for a person of 25 or over on the day of the request, BadFact if not born yet."""
    if request.born is None:
        return
    try:
        check_age(request.born, request.on)
    except BadFact as error:
        if age_on(request.born, request.on) >= 25:
            raise NotToBeRecorded(str(error)) from None
        raise


def by_key(session: Session, key: str) -> Fact | None:
    """The request on record that was taken in under this key."""
    facts = map(as_fact, bulk.select(session, FACT, FACT_COLUMNS, ("kind", "in", list(REQUESTS))))
    return next((fact for fact in facts if fact["key"] == key), None)


def _again(session: Session, request: Request, there: Fact, today: date) -> TakenIn:
    if there.on != request.on:
        raise BadFact(f"{there.case}: the key {request.key} was used already for a request of {long(there.on)}. Give another"
                      " key to another request.")
    case = as_it_stands(there.case, read(session, there.case), today)
    return TakenIn(Recorded(case, there.number, (), repeated=True), Route(there.kind, there.case))
