"""The rulebook: every row of the law that the engine works by, in all its versions, and how to find one."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cached_property

from models.law import advice, appeal, ceasing, detention, mediation, moves, orders, other, plan, reassessment, request, reviews
from models.law.coronavirus import as_modified
from models.law.duty import Duty
from models.law.orders import RECOMMENDATIONS

DAY = timedelta(days=1)
SI_2015_359 = date(2015, 3, 23)
R_12_3_FOR_SEN_ALONE = date(2020, 7, 21)
DP_REG_4_2_G = date(2024, 8, 19)


class Rulebook(tuple[Duty, ...]):
    """Rows of the law. `rules` groups those of one id and branch: the versions of one rule, in the order of their days."""

    @cached_property
    def rules(self) -> tuple[tuple[Duty, ...], ...]:
        """The versions of each rule together, rules in the order of the law."""
        found: dict[tuple[str, str | None], list[Duty]] = {}
        for row in self:
            found.setdefault((row.id, row.branch), []).append(row)
        return tuple(tuple(sorted(rows, key=lambda row: row.valid_from)) for rows in found.values())

    def begun_by(self, kinds: Iterable[str]) -> list[tuple[Duty, ...]]:
        """Those of the `rules` that a fact of one of these kinds could start, or wait for, in the order of the law."""
        places = sorted({place for kind in kinds for place in self._places.get(kind, ())})
        return [self.rules[place] for place in places]

    @cached_property
    def _places(self) -> Mapping[str, list[int]]:
        """The places among the `rules` of those that facts of a kind concern: the last version of a rule says which do."""
        found: dict[str, list[int]] = {}
        for place, versions in enumerate(self.rules):
            for kind in {token.partition("=")[0] for token in (*versions[-1].starts_on, *filter(None, (versions[-1].awaits,)))}:
                found.setdefault(kind, []).append(place)
        return found

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The id of each rule once."""
        return tuple(dict.fromkeys(row.id for row in self))


class UnknownDuty(LookupError):
    """No row of the rulebook has that id, or none had it on that day."""


def _split(rows: Iterable[Duty], ids: Sequence[str], on: date, before: dict[str, object], after: dict[str, object]
           ) -> Iterator[Duty]:
    """The rows, those of these ids in two versions: until the day before `on`, and from then on."""
    for row in rows:
        if row.id not in ids or not row.in_force(on):
            yield replace(row, **before) if row.id in ids and row.valid_to is not None and row.valid_to < on else row
            continue
        if row.valid_from < on:
            yield replace(row, valid_to=on - DAY, **before)
        yield replace(row, valid_from=max(on, row.valid_from), **after)


def _dated(rows: Iterable[Duty]) -> Iterator[Duty]:
    """The rows in all their versions: law.md's table of changes, one after the other."""
    rows = list(as_modified(rows))
    packs = tuple({row.id for row in rows if row.notice_pack == "N_APPEAL_B"})
    rows = list(_split(rows, packs, RECOMMENDATIONS, {"notice_pack": "N_APPEAL_A"}, {}))
    rows = list(_split(rows, ("review_decision",), SI_2015_359, {"appeal": "s.51(2)(e)", "text": "SI 2014/1530 as made"}, {}))
    rows = list(_split(rows, ("lodge_appeal", "la_response_to_appeal"), R_12_3_FOR_SEN_ALONE, {"text": "SI 2008/2699"},
                       {"text": "SI 2008/2699, r.12(3) for SEN cases alone"}))
    yield from _split(rows, ("dp_notify_partners",), DP_REG_4_2_G, {},
                      {"text": "SI 2015/62, reg 4(2)(g) by the attendance regulations of 2024"})


RULEBOOK = Rulebook(_dated((
    *request.DUTIES, *advice.DUTIES, *plan.DUTIES, *moves.DUTIES, *reviews.DUTIES, *reassessment.DUTIES, *ceasing.DUTIES,
    appeal.DUTIES[0], *mediation.DUTIES, *appeal.DUTIES[1:], *orders.DUTIES, *detention.DUTIES, *other.DUTIES)))


def in_force(day: date | None = None, rulebook: Sequence[Duty] = RULEBOOK) -> tuple[Duty, ...]:
    """Every row that was law on `day`; without a day, every row that is still law."""
    if day is None:
        return tuple(duty for duty in rulebook if duty.valid_to is None)
    return tuple(duty for duty in rulebook if duty.in_force(day))


def as_records(rows: Iterable[Duty]) -> list[dict[str, object]]:
    """Rows as plain data, one record an id: where a provision sets several limits, `branches` holds them all."""
    found: dict[str, dict[str, object]] = {}
    for row in rows:
        record = dict(row.as_record())
        kept = found.setdefault(row.id, record)
        if row.branch is not None:
            if kept is record:
                found[row.id] = kept = record | {"branch": None, "limit": None, "limit_words": "several limits: see branches",
                                                 "branches": []}
            kept["branches"].append({name: record[name] for name in (
                "branch", "words", "starts_on", "limit", "limit_words", "met_by", "citation", "exceptions", "exception_basis")})
    return list(found.values())


def duty(id: str, day: date | None = None, rulebook: Sequence[Duty] = RULEBOOK) -> Duty:
    """The row with this id as it stood on `day`, or as it stands.

    Raises UnknownDuty, with the nearest ids, where there is none.
    """
    return branches(id, day, rulebook)[0]


def branches(id: str, day: date | None = None, rulebook: Sequence[Duty] = RULEBOOK) -> list[Duty]:
    """The rows with this id as they stood on `day`, or as they stand: several where one provision sets several limits.

    Raises UnknownDuty, with the nearest ids, where there is none.
    """
    rows = [row for row in rulebook if row.id == id]
    found = [row for row in rows if (row.valid_to is None if day is None else row.in_force(day))]
    if found:
        return found
    if rows:
        since = min(row.valid_from for row in rows)
        last = max((row.valid_to for row in rows if row.valid_to is not None), default=None)
        raise UnknownDuty(f"{id} was not law on {day}; it is law from {since}." if day is None or day < since
                          else f"{id} is law no more; it was until {last}.")
    near = get_close_matches(id, list(dict.fromkeys(row.id for row in rulebook)), n=3, cutoff=0.7)
    raise UnknownDuty(f"There is no duty {id!r}." + (f" Did you mean {', '.join(near)}?" if near else "")
                      + " `ehc law list` shows them all.")
