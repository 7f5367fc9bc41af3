"""A council's own policy of reminders, read from one file (TOML) and checked: earlier than the law as it likes, never later.

What the file leaves out is as `ladder.DEFAULT` has it. The last day that the law sets is in no policy: it cannot be moved here.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from difflib import get_close_matches
from hashlib import sha256
from typing import Any

from models.law.dates import long
from models.law.rulebook import duty as law
from notifications.ladder import (
    ADVISER, ADVISER_LEAD, DEFAULT, KIND_OF, LEAD, MANAGER, OWNER, SETTING, WEEK, Ladder, Policy)

A_DAY = date(2026, 3, 2)
"""Any day will do: a limit is as long from each."""

DAYS_OFF = 4
"""Days between two closures that are as good as closed, such as the Easter weekend."""

EARLIEST = 365
"""Days before the law's day from which on a rung is a mistake."""

LONGEST_QUIET = timedelta(hours=16)
"""Of a day nobody may be undisturbed for longer: else what is late would in truth be silenced, without a reason on record."""

LONGEST_CLOSED = 31
"""Days that a council may be closed on end, for the same reason."""

MOST_SILENT = 90
"""Days for which no policy lets an escalation be silenced at once."""

STAFF = re.compile(r"council\.[a-z][a-z_]{0,30}")
OURS = (OWNER, LEAD, MANAGER)
IN_LADDER = ("target", "before", "on", "overdue", "weekly", "every")
IN_CALENDAR = ("working_days", "quiet_from", "quiet_to", "closed")


class BadPolicy(ValueError):
    """A policy that cannot be used: names everything that is wrong with it, and where."""


def read_policy(text: str, name: str = "the policy") -> Policy:
    """The policy in a file's text. Raises BadPolicy, naming the file as `name`."""
    try:
        told = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadPolicy(f"{name} is no TOML: {error}. `ehc policy --toml` writes one that is right.") from None
    reader = _Reader(told)
    policy = reader.read()
    if reader.wrong:
        raise BadPolicy(f"{name} cannot be used, and nothing was changed: {'; '.join(reader.wrong)}.")
    return policy


class _Reader:
    """Reads a policy and keeps everything that is wrong with it, each with the place where it stands."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self._told = told
        self.wrong: list[str] = []

    def read(self) -> Policy:
        told = self._told
        self._known("", told, ("ladder", "duty", "calendar", "escalation"))
        kinds = dict(DEFAULT.kinds)
        for kind, ladder in self._table("ladder", told.get("ladder", {})).items():
            if kind not in kinds:
                self._wrong(f"ladder.{kind}", f"there is no such kind of duty{_near(kind, kinds)}")
            else:
                kinds[kind] = self._ladder(f"ladder.{kind}", ladder, kinds[kind], kind)
        duties = {}
        for duty, ladder in self._table("duty", told.get("duty", {})).items():
            if duty not in KIND_OF:
                self._wrong(f"duty.{duty}", f"nobody is reminded of such a duty{_near(duty, KIND_OF)}")
            else:
                duties[duty] = self._ladder(f"duty.{duty}", ladder, kinds[KIND_OF[duty]], KIND_OF[duty])
                self._after_it_began(duty, duties[duty].target)
        policy = replace(DEFAULT, kinds=kinds, duties=duties)
        policy = self._calendar(policy, self._table("calendar", told.get("calendar", {})))
        return self._escalation(policy, self._table("escalation", told.get("escalation", {})))

    # --- a ladder ----------------------------------------------------------------------------------------------------

    def _ladder(self, where: str, told: Any, base: Ladder, kind: str) -> Ladder:
        told = self._table(where, told)
        self._known(where, told, IN_LADDER)
        before = dict(base.before)
        if "before" in told or "on" in told:
            if "before" in told:
                before = {rung: roles for rung, roles in before.items() if rung == 0}
                for days, roles in self._table(f"{where}.before", told["before"]).items():
                    if not re.fullmatch(r"[1-9]\d{0,2}", days) or int(days) > EARLIEST:
                        self._wrong(f"{where}.before.{days}", f"must be a number of days before the law's day, 1 to {EARLIEST};"
                                    " no rung that is meant to come before it can come later")
                    else:
                        before[-int(days)] = self._roles(f"{where}.before.{days}", roles, kind)
            if "on" in told:
                before[0] = self._roles(f"{where}.on", told["on"], kind)
        if not any(rung < 0 for rung in before):
            self._wrong(f"{where}.before", "somebody must be reminded before the law's day")
        overdue, weekly = (self._roles(f"{where}.{name}", told[name], kind) if name in told else kept
                           for name, kept in (("overdue", base.overdue), ("weekly", base.weekly)))
        return Ladder(before, overdue, weekly, self._target(where, told, base), self._every(where, told, base))

    def _target(self, where: str, told: Mapping[str, Any], base: Ladder) -> int | None:
        target = told.get("target", base.target)
        if target is not None and (type(target) is not int or not 1 <= target <= EARLIEST):
            self._wrong(f"{where}.target", f"must be a number of days before the law's day, 1 to {EARLIEST}: a target of our own may"
                        " be earlier than the law's day, never on it or later")
            return None
        return target

    def _after_it_began(self, duty: str, target: int | None) -> None:
        limit = law(duty).limit
        whole = 0 if limit is None else (limit.last_day(A_DAY, frozenset()) - A_DAY).days
        if target is not None and 0 < whole <= target:
            self._wrong(f"duty.{duty}.target", f"{target} days before the law's day is not after the day on which the duty begins, for"
                        f" the law gives it {whole} days: our own day must lie between the two")

    def _every(self, where: str, told: Mapping[str, Any], base: Ladder) -> int:
        every = told.get("every", base.every)
        if type(every) is not int or not 1 <= every <= WEEK:
            self._wrong(f"{where}.every", f"must be 1 to {WEEK} days: what is late is chased at least every week")
            return base.every
        return every

    def _roles(self, where: str, told: Any, kind: str) -> tuple[str, ...]:
        if not isinstance(told, list) or not told or not all(isinstance(one, str) for one in told):
            self._wrong(where, 'must be a list of those who are told, such as ["council.owner"]; nobody is not among the choices')
            return ()
        known = _may_be_told(kind)
        for one in told:
            staff = STAFF.fullmatch(one) and (one in OURS or not get_close_matches(one, OURS, n=1, cutoff=0.85))
            if one not in known and not staff:
                self._wrong(where, f"{one!r} is nobody whom a reminder of this kind can reach{_near(one, (*known, *OURS))}: it may be"
                            f" {', '.join((*known, *OURS))}, or another of the council's own, such as council.director")
        return tuple(dict.fromkeys(told))

    # --- when, and how long ------------------------------------------------------------------------------------------

    def _calendar(self, policy: Policy, told: Mapping[str, Any]) -> Policy:
        self._known("calendar", told, IN_CALENDAR)
        working = told.get("working_days", policy.working_days)
        if type(working) is not bool:
            self._wrong("calendar.working_days", "must be true or false")
            working = True
        start, end = (self._time(f"calendar.{name}", told.get(name)) for name in ("quiet_from", "quiet_to"))
        quiet = policy.quiet
        if "quiet_from" in told or "quiet_to" in told:
            if start is None or end is None:
                self._wrong("calendar", "quiet_from and quiet_to go together, each a time such as \"20:00\"")
            quiet = None if start is None or end is None or start == end else (start, end)
            if quiet is not None and _long(*quiet) > LONGEST_QUIET:
                self._wrong("calendar", f"quiet hours from {quiet[0]:%H:%M} to {quiet[1]:%H:%M} leave hardly any hour for reminders: they may"
                            f" last {LONGEST_QUIET // timedelta(hours=1)} hours at most. To silence an escalation record"
                            " escalation_silenced, with the reason")
        closed = tuple(self._closed(told.get("closed", [])))
        self._not_on_end(closed)
        return replace(policy, working_days=working, quiet=quiet, closed=closed)

    def _time(self, where: str, told: Any) -> time | None:
        if told is None or isinstance(told, time):
            return told
        if isinstance(told, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", told):
            return time.fromisoformat(told)
        self._wrong(where, f"{told!r} is no time; write it as \"20:00\"")
        return None

    def _closed(self, told: Any) -> Iterator[tuple[date, date]]:
        if not isinstance(told, list):
            self._wrong("calendar.closed", "must be a list of pairs, each a first and a last day")
            return
        for place, pair in enumerate(told, 1):
            try:
                first, last = (one if type(one) is date else date.fromisoformat(one) for one in pair)
            except (TypeError, ValueError):
                self._wrong(f"calendar.closed, pair {place}", 'must be two days, such as ["2026-12-24", "2027-01-01"]')
                continue
            if last < first:
                self._wrong(f"calendar.closed, pair {place}", f"the last day, {long(last)}, is before the first, {long(first)}")
            elif (last - first).days > LONGEST_CLOSED:
                self._wrong(f"calendar.closed, pair {place}", "is longer than a month: a council is not closed for that long")
            else:
                yield first, last

    def _not_on_end(self, closed: Sequence[tuple[date, date]]) -> None:
        """Closures that follow each other, with nothing but days off between, are one."""
        begun = until = None
        for first, last in sorted(closed):
            if until is None or (first - until).days > DAYS_OFF:
                begun, until = first, last
            until = max(until, last)
            if (until - begun).days > LONGEST_CLOSED:
                self._wrong("calendar.closed", f"the closures from {long(begun)} to {long(until)} follow each other for longer than a month: a"
                            " council is not closed for that long")
                return

    def _escalation(self, policy: Policy, told: Mapping[str, Any]) -> Policy:
        self._known("escalation", told, ("longest_silence",))
        days = told.get("longest_silence", policy.longest_silence)
        if type(days) is not int or not 1 <= days <= MOST_SILENT:
            self._wrong("escalation.longest_silence", f"must be 1 to {MOST_SILENT} days")
            return policy
        return replace(policy, longest_silence=days)

    # --- what is wrong -----------------------------------------------------------------------------------------------

    def _table(self, where: str, told: Any) -> Mapping[str, Any]:
        if isinstance(told, Mapping):
            return told
        self._wrong(where, "must be a table")
        return {}

    def _known(self, where: str, told: Mapping[str, Any], names: tuple[str, ...]) -> None:
        for name in told:
            if name not in names:
                self._wrong(f"{where}.{name}".lstrip("."), f"there is no such setting{_near(name, names)}")

    def _wrong(self, where: str, what: str) -> None:
        self.wrong.append(f"{where}: {what}")


def _may_be_told(kind: str) -> tuple[str, ...]:
    """Whom a reminder of this kind may reach beside the council's own people."""
    if kind == "advice":
        return ADVISER, ADVISER_LEAD
    return {"family_advice": ("family",), "consultation": (SETTING, f"{SETTING}.lead"), "rcb": ("rcb", "rcb.lead")}.get(kind, ())


def _long(start: time, end: time) -> timedelta:
    """How long it is from one time of day to the next other."""
    hours = [timedelta(hours=one.hour, minutes=one.minute, seconds=one.second) for one in (start, end)]
    return (hours[1] - hours[0]) % timedelta(days=1)


def _near(word: str, known: Any) -> str:
    near = get_close_matches(word, list(known), n=2)
    return f" (did you mean {' or '.join(near)}?)" if near else ""


# --- what a policy says ----------------------------------------------------------------------------------------------

def as_plain(policy: Policy) -> dict[str, Any]:
    """The whole of a policy as plain data, in one order: what is written down when it changes."""
    return {
        "ladder": {kind: _plain(ladder) for kind, ladder in sorted(policy.kinds.items())},
        "duty": {duty: _plain(ladder) for duty, ladder in sorted(policy.duties.items())},
        "calendar": {"working_days": policy.working_days,
                     "quiet": [one.isoformat("minutes") for one in policy.quiet] if policy.quiet else None,
                     "closed": [[first.isoformat(), last.isoformat()] for first, last in policy.closed]},
        "escalation": {"longest_silence": policy.longest_silence}}


def _plain(ladder: Ladder) -> dict[str, Any]:
    return {"target": ladder.target, "before": {str(-rung): list(told) for rung, told in sorted(ladder.before.items()) if rung < 0},
            "on": list(ladder.before.get(0, ())), "overdue": list(ladder.overdue), "weekly": list(ladder.weekly), "every": ladder.every}


def fingerprint(policy: Policy) -> str:
    """The hash of all that a policy says: two that say the same have the same."""
    return sha256(json.dumps(as_plain(policy), sort_keys=True).encode()).hexdigest()


def differences(policy: Policy) -> list[tuple[str, str, str]]:
    """Where a policy differs from the default: (what, as the default has it, as it is)."""
    def lines(one: Policy) -> dict[str, str]:
        told = as_plain(one)
        found = {f"ladder.{kind}.{name}": _shown(value) for kind, ladder in told["ladder"].items() for name, value in ladder.items()}
        for duty in told["duty"] | as_plain(policy)["duty"]:
            ladder = one.ladder_for(duty)
            found |= {f"duty.{duty}.{name}": _shown(value) for name, value in (_plain(ladder) if ladder else {}).items()}
        found |= {f"calendar.{name}": _shown(value) for name, value in told["calendar"].items()}
        return found | {"escalation.longest_silence": str(one.longest_silence)}

    before, now = lines(DEFAULT), lines(policy)
    return [(what, before.get(what, ""), now[what]) for what in now if before.get(what) != now[what]]


def _shown(value: Any) -> str:
    if isinstance(value, Mapping):
        return "; ".join(f"{days}: {', '.join(told)}" for days, told in sorted(value.items(), key=lambda one: -int(one[0])))
    if isinstance(value, list):
        return ", ".join(" to ".join(one) if isinstance(one, list) else str(one) for one in value) or "-"
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def as_toml(policy: Policy) -> str:
    """A policy as a file that says all of it, to be changed and put into force."""
    told = as_plain(policy)
    lines = ["# Whom we remind, and when. A day here is counted back from the last day that the law sets, which nothing here moves.",
             "# What is left out is as the engine has it. `ehc policy --file FILE` checks a file before it is put into force.", ""]
    for kind, ladder in told["ladder"].items():
        duties = sorted(duty for duty, of in KIND_OF.items() if of == kind)
        words = ", ".join(duties) if duties else "what the family is asked for"
        lines += [f"# {words}", f"[ladder.{kind}]", *_toml(ladder), ""]
    for duty, ladder in told["duty"].items():
        lines += [f"# {law(duty).citation}", f"[duty.{duty}]", *_toml(ladder), ""]
    calendar = told["calendar"]
    quiet = calendar["quiet"] or ["00:00", "00:00"]
    lines += ["[calendar]", f"working_days = {str(calendar['working_days']).lower()}", f'quiet_from = "{quiet[0]}"',
              f'quiet_to = "{quiet[1]}"', f"closed = {json.dumps(calendar['closed'])}", "", "[escalation]",
              f"longest_silence = {policy.longest_silence}"]
    return "\n".join(lines) + "\n"


def _toml(ladder: Mapping[str, Any]) -> Iterator[str]:
    yield "# target = 14" if ladder["target"] is None else f"target = {ladder['target']}"
    for days, told in ladder["before"].items():
        yield f"before.{days} = {json.dumps(told)}"
    yield f"on = {json.dumps(ladder['on'])}" if ladder["on"] else '# on = ["council.owner"]'
    yield f"overdue = {json.dumps(ladder['overdue'])}"
    yield f"weekly = {json.dumps(ladder['weekly'])}"
    yield f"every = {ladder['every']}"
