"""Facts of every kind that a person records, made up from the fields that each kind has."""

from datetime import date, timedelta
from types import MappingProxyType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from hypothesis import strategies as st

from models.facts import BY_HAND, KINDS
from models.law.record import Fact

PROCESSES = ("review", "amendment", "reassessment", "order", "concession", "agreement", "decision", "phase_transfer")
REFERENCES = st.sampled_from(("oak", "elm"))
UNREAD = ("note", "how", "key", "reasons", "because", "document", "sha256", "evidence", "reason_codes", "owner", "decided_by",
          "approved_by", "corrected", "replaces", "withdrawn", "dated")
"""Fields that move no clock, or are of no use here."""


_OF_THEIR_OWN: dict[str, st.SearchStrategy[Any]] = {
    "year": st.integers(2015, 2029), "rank": st.integers(1, 2), "years": st.integers(19, 60),
    "exported": st.sampled_from(("201", "XXX")), "transferred_from": st.sampled_from(("201", "XXX")),
    "urn": st.integers(1, 999_999).map(str), "ukprn": st.integers(10_000_000, 99_999_999).map(str)}
"""Fields of a form of their own, by name."""


def _values(name: str, kind: Any, days: st.SearchStrategy[date]) -> st.SearchStrategy[Any]:
    if get_origin(kind) in (Union, UnionType):
        kind = next(part for part in get_args(kind) if part is not type(None))
    if name == "answers":
        return st.lists(st.sampled_from(PROCESSES), min_size=1, max_size=2, unique=True)
    if name == "sent_to":
        return st.lists(st.sampled_from(("family", "setting", "rcb")), unique=True)
    if name in _OF_THEIR_OWN:
        return _OF_THEIR_OWN[name]
    if get_origin(kind) is Literal:
        return st.sampled_from(get_args(kind))
    if get_origin(kind) is Annotated:
        return _values(name, get_args(kind)[0], days)
    if get_origin(kind) is list:
        return st.lists(_values("", get_args(kind)[0], days), max_size=2, unique=True)
    return {date: days.map(date.isoformat), bool: st.booleans(), int: st.integers(0, 14)}.get(kind, REFERENCES)


def fields_of(kind: str, days: st.SearchStrategy[date]) -> st.SearchStrategy[dict[str, Any]]:
    """What a fact of this kind may say: what it must say, and some of what it may."""
    model, required = KINDS[kind].fields.model_fields, KINDS[kind].required
    told = {name: _values(name, field.annotation, days) for name, field in model.items() if name not in UNREAD}
    must = {name: strategy for name, strategy in told.items() if name in required}
    return st.fixed_dictionaries(must, optional={name: strategy for name, strategy in told.items() if name not in must})


def anything(days: st.SearchStrategy[date], kinds: tuple[str, ...] = BY_HAND) -> st.SearchStrategy[Fact]:
    """A fact of any of these kinds, not numbered yet."""
    return st.one_of([st.builds(lambda on, said, kind=kind: Fact("A1", 0, kind, on, MappingProxyType(said)), days, fields_of(kind, days))
                      for kind in kinds])


def from_day(start: date, length: int) -> st.SearchStrategy[date]:
    """The days from this one on."""
    return st.integers(0, length).map(lambda number: start + timedelta(days=number))
