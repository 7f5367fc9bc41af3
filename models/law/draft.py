"""A law that is not in force: the rulebook with some rules changed, added or taken out, and what that would do to a case.

A draft is a list of rows by the field names of `ehc law list --json`. A row changes the fields that it names and leaves
the others. One with a `valid_from` after the rule's own ends the text of today on the day before and is law from then on,
as an amending instrument is; without it, it stands in the place of the text of today.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Any

from models.law.dates import BankHolidays, CannotCount, Limit
from models.law.deadlines import work_out
from models.law.duty import KINDS, TYPES, Duty
from models.law.exceptions import CODES
from models.law.owed import Owed
from models.law.processes import PROCESSES
from models.law.record import Fact
from models.law.rulebook import RULEBOOK, Rulebook

DAY = timedelta(days=1)
NEEDED = ("words", "owed_by", "owed_to", "starts_on", "citation")
"""What a new rule must say."""

TOLD_ONLY = ("limit_words",)
"""What the list of the law tells beside the fields of a rule: it may be left in a row, and says nothing."""

PER = ("adviser", "recipient", "setting", *PROCESSES)
REGIMES = ("ordinary", "detained", "released", "detained_since", "any")
SELECTORS = ("due_date", "start_date")


class BadDraft(ValueError):
    """A row of the draft is no rule: the message names its number among the rows, from 1, its id, and what is wrong."""

    def __init__(self, row: int, words: str) -> None:
        super().__init__(words)
        self.row = row


def drafted(rows: Sequence[Any], facts: Collection[str] | None = None, base: Rulebook = RULEBOOK) -> Rulebook:
    """The rulebook as it would be with this draft. Rows apply in their order; `facts` are the kinds that a fact can have.

    Raises BadDraft.

    >>> book = drafted([{"id": "review_decision", "limit": {"function": "W", "n": 6}}])
    >>> next(row.limit_words for row in book if row.id == "review_decision" and row.valid_to is None)
    'within 6 weeks of'
    """
    book = list(base)
    for number, row in enumerate(rows, 1):
        try:
            book = _applied(row, book, facts)
        except (ValueError, TypeError) as error:
            told = f"{row['id']}: " if isinstance(row, Mapping) and isinstance(row.get("id"), str) else ""
            raise BadDraft(number, f"{told}{error}") from None
    return Rulebook(book)


def _applied(row: Any, book: list[Duty], facts: Collection[str] | None) -> list[Duty]:
    if not isinstance(row, Mapping) or not isinstance(row.get("id"), str) or not row["id"]:
        raise ValueError("a row names the `id` of a rule and the fields that change, such as"
                         ' {"id": "review_decision", "limit": {"function": "W", "n": 6}}.')
    told = {name: _read(name, value, facts) for name, value in row.items() if name not in ("id", "removed", *TOLD_ONLY)}
    removed = row.get("removed", False)
    if not isinstance(removed, bool):
        raise ValueError(f"removed is true or false, not {removed!r}.")
    ours = [one for one in book if one.id == row["id"]]
    if removed and not ours:
        raise ValueError("there is no such rule to take out." + _nearest(row["id"], {one.id for one in book}))
    if not ours:
        return [*book, _new(row["id"], told, book)]
    branches = list(dict.fromkeys(one.branch for one in ours))
    if "branch" in told and told["branch"] not in branches:
        raise ValueError(f"it has no branch {told['branch']!r}; it has {', '.join(map(str, branches))}.")
    if not removed and branches != [None] and told.get("branch") is None and set(told) - {"citation", "branch"}:
        raise ValueError(f"it sets several limits: name one `branch` in each row, of {', '.join(map(str, branches))}.")
    chosen = [one for one in ours if told.get("branch") in (None, one.branch)]
    todays = {one.branch: one for one in sorted(chosen, key=lambda one: one.valid_from)}
    changed: list[Duty] = []
    for one in book:
        if one.id == row["id"] and one is todays.get(one.branch):
            changed += _put(one, told, removed)
        elif not (removed and one in chosen and "valid_from" not in told):     # taken out altogether, with its earlier texts
            changed.append(one)
    return changed


def _put(today: Duty, told: Mapping[str, Any], removed: bool) -> list[Duty]:
    """What stands in the place of the text of today: the changed one, after the old one where it is law only from a day on."""
    since = told.get("valid_from")
    before = [replace(today, valid_to=since - DAY)] if since is not None and since > today.valid_from else []
    if removed:
        return before
    changes = {name: value for name, value in told.items() if name != "branch"}
    if "limit" in changes and changes["limit"] != today.limit:
        changes["counts"] = None                          # the limit alone tells the day
    after = replace(today, **changes)
    if after.valid_to is not None and after.valid_to < after.valid_from:
        raise ValueError(f"valid_to {after.valid_to.isoformat()} is before valid_from {after.valid_from.isoformat()}.")
    return [*before, after]


def _new(id: str, told: Mapping[str, Any], book: Iterable[Duty]) -> Duty:
    missing = [name for name in NEEDED if not told.get(name)]
    if missing:
        raise ValueError(f"there is no such rule, and a new one must say {', '.join(missing)}."
                         + _nearest(id, {one.id for one in book}))
    return Duty(**({"id": id, "limit": None, "text": "draft"} | told))


# --- the fields of a row -----------------------------------------------------------------------------------------

def _limit(value: Any) -> Limit | None:
    if value is None:
        return None
    if not isinstance(value, Mapping) or set(value) - {"function", "n"} or not isinstance(value.get("function"), str):
        raise ValueError('limit is {"function": "W", "n": 6}, or null where the law gives no figure.')
    n = value.get("n", 0)
    if isinstance(n, bool) or not isinstance(n, int) or not 0 <= n <= 1000:
        raise ValueError(f"limit: n is a whole number from 0 to 1000, not {n!r}.")
    try:
        return Limit(value["function"], n)
    except CannotCount as error:
        raise ValueError(f"limit: {error}") from None


def _day(value: Any) -> date | None:
    try:
        return value if value is None or type(value) is date else date.fromisoformat(value)
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is no day; write it as 2027-09-01.") from None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text.")
    return value


def _maybe_text(value: Any) -> str | None:
    return None if value is None else _text(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError(f"{value!r} is no list.")
    return tuple(_text(one) for one in value)


def _one_of(known: Iterable[str], or_none: bool = False) -> Callable[[Any], str | None]:
    known = tuple(known)

    def read(value: Any) -> str | None:
        if not (or_none and value is None) and value not in known:
            raise ValueError(f"{value!r} is none of {', '.join(known)}.")
        return value
    return read


def _codes(value: Any) -> tuple[str, ...]:
    for code in _texts(value):
        _one_of(CODES)(code)
    return tuple(value)


READS: Mapping[str, Callable[[Any], Any]] = {
    "words": _text, "type": _one_of(TYPES), "kind": _one_of(KINDS), "owed_by": _text, "owed_to": _texts, "starts_on": _texts,
    "limit": _limit, "reporting_limit": _limit, "met_by": _texts, "ends_with": _texts, "citation": _text, "timing": _text,
    "exceptions": _codes, "exception_basis": _text, "residual": _maybe_text, "notice_pack": _maybe_text, "appeal": _maybe_text,
    "per": _one_of(PER, or_none=True), "branch": _maybe_text, "regime": _one_of(REGIMES), "text": _text, "reading": _text,
    "selector": _one_of(SELECTORS), "valid_from": _day, "valid_to": _day,
}
"""Each field that a draft can say, and how it is read."""

FACTS = ("starts_on", "met_by", "ends_with")
assert set(READS) <= {field.name for field in fields(Duty)}


def _read(name: str, value: Any, facts: Collection[str] | None) -> Any:
    if name not in READS:
        more = " Write one row for each branch, with its `branch`." if name == "branches" else ""
        raise ValueError(f"there is no field {name!r}.{_nearest(name, READS)}{more}")
    try:
        read = READS[name](value)
    except ValueError as error:
        words = str(error)
        raise ValueError(words if words.startswith(name) else f"{name}: {words}") from None
    if name == "valid_from" and read is None:
        raise ValueError("valid_from: give a day, or leave it out.")
    if name in FACTS and facts is not None:
        for one in read:
            kind = one.partition("=")[0]
            if kind not in facts:
                raise ValueError(f"{name}: there is no fact {kind!r}.{_nearest(kind, facts)}")
    return read


def _nearest(word: str, known: Iterable[str]) -> str:
    near = get_close_matches(word, sorted(known), n=2)
    return f" Did you mean {' or '.join(near)}?" if near else ""


# --- what it would do --------------------------------------------------------------------------------------------

@dataclass(frozen=True, slots=True)
class Difference:
    """One duty of one case as the law has it and as the draft would: None where it does not arise."""

    before: Owed | None
    after: Owed | None

    @property
    def one(self) -> Owed:
        """The duty itself, as the draft has it where it does."""
        return self.after or self.before

    @property
    def moved_by(self) -> int | None:
        """By how many days the last day moves: later is positive. None where it has none on one side."""
        if self.before is None or self.after is None or self.before.due_on is None or self.after.due_on is None:
            return None
        return (self.after.due_on - self.before.due_on).days


def differences(before: Iterable[Owed], after: Iterable[Owed]) -> Iterator[Difference]:
    """The duties of one case that differ in their last day, their state or their lateness, in the order of the law."""
    old = {owed.instance: owed for owed in before}
    for owed in after:
        was = old.pop(owed.instance, None)
        if was is None or (was.due_on, was.state, was.days_late) != (owed.due_on, owed.state, owed.days_late):
            yield Difference(was, owed)
    for was in old.values():
        yield Difference(was, None)


@dataclass
class Effect:
    """What a draft would do to many cases on a day: the differences, and their sum."""

    cases: int = 0
    cases_affected: int = 0
    later: int = 0
    earlier: int = 0
    begun: int = 0
    gone: int = 0
    overdue_before: int = 0
    overdue_after: int = 0


def compare(cases: Mapping[str, Sequence[Fact]], on: date, bank_holidays: BankHolidays, draft: Rulebook,
            law: Rulebook = RULEBOOK) -> tuple[list[Difference], Effect]:
    """Every duty that a draft would change in these cases as they stand on `on`, by case, and the sum.

    Only what is statutory (kind `hard`) counts as overdue. Raises BadRecord if a record contradicts itself.
    """
    found: list[Difference] = []
    sum_ = Effect(cases=len(cases))
    for ref in sorted(cases):
        before, after = (work_out(cases[ref], on, bank_holidays, book) for book in (law, draft))
        sum_.overdue_before += _overdue(before)
        sum_.overdue_after += _overdue(after)
        changed = list(differences(before, after))
        sum_.cases_affected += bool(changed)
        for one in changed:
            moved = one.moved_by or 0
            sum_.later += moved > 0
            sum_.earlier += moved < 0
            sum_.begun += one.before is None
            sum_.gone += one.after is None
        found += changed
    return found, sum_


def _overdue(duties: Iterable[Owed]) -> int:
    return sum(owed.state == "overdue" and owed.duty.kind == "hard" for owed in duties)
