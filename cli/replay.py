"""`ehc replay`: what a chronology says is due, met and late on a day. Touches no database and starts nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from cli import show
from cli.options import day_option, option

if TYPE_CHECKING:
    from models.law.owed import Owed
    from models.law.record import Fact


def replay(
    file: Annotated[str, typer.Argument(metavar="FILE", help="Chronology, one fact a line (*.jsonl); - is the standard input.")],
    as_of: Annotated[date, day_option("--as-of", help="The day to look from, YYYY-MM-DD; later facts are left out.")],
    why: Annotated[bool, option("--why", help="Explain every row.")] = False,
    as_json: Annotated[bool, option("--json", help="One array, a row a case and duty, for machines.")] = False,
) -> None:
    """Every duty of every case in a chronology, as it stood on a day: due, met, late, excused, and why.

    Ends with 1 if a duty with a statutory limit is overdue on that day, with 2 if a line is no fact.
    """
    from cli.chronology import read


    chronology = read(file)
    duties = list(duties_of(chronology.cases, as_of))
    if chronology.ignored:
        fields = ", ".join(f"{name} of {kind} (line {line})" for (kind, name), line in chronology.ignored.items())
        show.warn(f"{file}: fields that no such fact has are left out: {fields}.")
    if not chronology.cases:
        show.warn(f"{file} holds no facts.")
    if as_json:
        show.answer_rows(map(row_of, duties))
    elif why:
        for owed in duties:
            show.say("\n  ".join((f"{owed.case}: {_named(owed)}: {owed.state}", *owed.why)) + "\n")
    elif duties:
        show.table(("case", "duty", "started", "due", "met", "state", "late by", "kind"),
                   [(owed.case, _named(owed), owed.starts_on or "-", owed.due_on or "-", owed.met_on or "-", owed.state,
                     show.days_late(owed.days_late), owed.duty.kind) for owed in duties],
                   states=[owed.state for owed in duties])
        show.say()
    overdue = sum(owed.state == "overdue" and owed.duty.kind == "hard" for owed in duties)
    if not as_json:
        _sum_up(len(chronology.cases), duties, as_of, overdue)
    if overdue:
        raise typer.Exit(show.NO)


def duties_of(cases: Mapping[str, Iterable["Fact"]], on: date) -> Iterator["Owed"]:
    """Every duty of every case as it stands on `on`, by case and then by due day; what has no day comes last, in the
    order of the law.

    Raises BadRecord if a record contradicts itself.
    """
    from models.calendar import bank_holidays
    from models.law.deadlines import work_out

    closed = bank_holidays()
    for case in sorted(cases):
        yield from sorted(work_out(cases[case], on, closed), key=lambda owed: owed.due_on or date.max)


def row_of(owed: "Owed") -> dict[str, object]:
    """One duty of one case as plain data, its explanation in one text."""
    return {
        "case": owed.case, "duty": owed.duty.id, "adviser": owed.adviser, "party": owed.party, "occasion": owed.which,
        "starts_on": owed.starts_on, "due_on": owed.due_on, "reporting_due_on": owed.reporting_due_on,
        "met_on": owed.met_on, "days_late": owed.days_late, "state": owed.state, "kind": owed.duty.kind,
        "citation": owed.duty.citation, "why": " ".join(owed.why),
    }


def _sum_up(cases: int, duties: Sequence["Owed"], on: date, overdue: int) -> None:
    states = Counter(owed.state for owed in duties)
    told = ", ".join(f"{count} {state.replace('_', ' ')}" for state, count in states.most_common())
    show.say(f"{show.count(cases, 'case')}, {show.count(len(duties), 'duty', 'duties')} on"
             f" {show.day(on)}: {told or 'nothing has begun'}.")
    if overdue:
        show.say(f"{overdue} overdue against a statutory limit.")


def _named(owed: "Owed") -> str:
    who = " ".join(name for name in (owed.adviser, owed.party, owed.which) if name)
    return f"{owed.duty.id} ({who})" if who else owed.duty.id
