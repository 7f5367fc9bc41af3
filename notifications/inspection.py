"""The inspection pack as a paper: what a period shows in figures that can be counted again, what is late, how agencies answer, which
cases were drawn, and by what method all of it was worked out."""

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Any

from models.audit.answer import Answer, Figure
from models.inspection import AgencyRow, CaseRow, LateRow
from models.law.dates import long, weeks_and_days
from models.law.rulebook import RULEBOOK
from notifications import plain
from notifications.paper import Paper, Table
from notifications.plain import day, role, sentence

MOST = 60
"""How many rows of a long list stand on paper; the files hold all."""

KEY = ("requests", "advice", "decisions", "reviews", "exceptions", "told")
"""The questions whose figures stand in the summary."""


@dataclass(frozen=True)
class Inspected:
    """What was found: the answers to an auditor's questions by name, the cases that were live in the period, what was late in it,
    how agencies answered, the cases that were drawn and whether each has a proof, and the cases that could not be worked out."""

    since: date
    until: date
    on: date
    answers: Mapping[str, Answer]
    cases: Sequence[CaseRow]
    late: Sequence[LateRow]
    agencies: Sequence[AgencyRow]
    drawn: Mapping[str, bool]
    size: int
    seed: int
    left: Sequence[tuple[str, str]]


def inspection(found: Inspected, council: str) -> Paper:
    """The paper, and every list as a table."""
    late = sorted(found.late, key=lambda row: (-row.days_late, row.case, row.limit, row.adviser or ""))
    open_late = [row for row in late if row.state == "overdue"]
    by_case = {row.case: row for row in found.cases}
    data = {
        "title": f"Inspection pack, {long(found.since)} to {long(found.until)}", "council": council or "the council",
        "since": long(found.since), "until": long(found.until), "on": long(found.on),
        "summary": _summary(found, open_late),
        "questions": [_question(name, answer) for name, answer in found.answers.items()],
        "late": [_late_row(row) for row in late[:MOST]], "late_count": len(late), "late_open": len(open_late), "most": MOST,
        "agencies": [_agency_row(row) for row in found.agencies],
        "exceptions": [_exception_row(row) for row in found.answers["exceptions"].rows[:MOST]] if "exceptions" in found.answers else [],
        "exceptions_count": len(found.answers["exceptions"].rows) if "exceptions" in found.answers else 0,
        "drawn": [[ref, day(by_case[ref].begun_on), sentence(by_case[ref].stage), str(by_case[ref].late),
                   weeks_and_days(by_case[ref].most_days_late) if by_case[ref].most_days_late else "–",
                   "yes" if proved else "not sealed"] for ref, proved in found.drawn.items()],
        "size": len(found.drawn), "seed": str(found.seed), "population": f"{len(found.cases):,}",
        "left": [[ref, why] for ref, why in found.left],
        "files": [[f"lists/{name}.csv", f"{len(table.rows):,}"] for name, table in _lists(found).items()],
    }
    return Paper("inspection.typ", data, _lists(found))


def _lists(found: Inspected) -> dict[str, Table]:
    lists = {name: Table(answer.question.columns, [_cells(row) for row in answer.rows]) for name, answer in found.answers.items()}
    figures = [(name, figure.name, figure.numerator, figure.denominator, figure.percent, " ".join(figure.cases), " ".join(figure.others))
               for name, answer in found.answers.items() for figure in answer.figures]
    return {
        "cases": _table(CaseRow, found.cases), "late": _table(LateRow, found.late),
        "advice-by-agency": Table((*_columns(AgencyRow), "percent_in_time"), [(*_cells(row), row.percent) for row in found.agencies]),
        **lists, "figures": Table(("question", "figure", "numerator", "denominator", "percent", "cases", "others"), figures),
        "sample": Table(("case", "seed", "of"), [(ref, found.seed, len(found.cases)) for ref in found.drawn])}


def _summary(found: Inspected, open_late: Sequence[LateRow]) -> list[dict[str, Any]]:
    lines: list[Any] = [f"{len(found.cases):,} cases were live on a day of the period. {len(found.late):,} limits in law were missed in it, in"
                        f" {len({row.case for row in found.late}):,} cases."]
    if open_late:
        worst = open_late[0]
        lines.append(f"{len(open_late):,} of these are still to be done. The longest overdue: {worst.case},"
                     f" “{plain.word('duties', worst.limit)}”, {weeks_and_days(worst.days_late)} late.")
    else:
        lines.append("None of these is still to be done.")
    told = [{"head": "The cases", "lines": lines}]
    for name in KEY:
        answer = found.answers.get(name)
        if answer is not None and answer.figures:
            told.append({"head": sentence(name if name != "told" else "what the family was told"), "lines": [
                _figure_line(figure) for figure in answer.figures if figure.denominator] or ["Nothing to count in the period."]})
    return told


def _figure_line(figure: Figure) -> list[Any]:
    fault = " (what should not be)" if figure.of_faults else ""
    return [{"b": f"{figure.percent}%"}, f"{figure.numerator:,} of {figure.denominator:,}: {figure.name}{fault}."]


def _question(name: str, answer: Answer) -> dict[str, Any]:
    question = answer.question
    return {"head": question.asks, "file": f"lists/{name}.csv", "rows": f"{len(answer.rows):,}", "call": f"ehc audit {name}",
            "figures": [[sentence(one.name) + (" (what should not be)" if one.of_faults else ""), f"{one.numerator:,}",
                         f"{one.denominator:,}", f"{one.percent}%" if one.percent is not None else "–"] for one in answer.figures],
            **{part: getattr(question, part).replace("`", "") for part in ("definition", "uses", "excluded", "citation")}}


def _late_row(row: LateRow) -> list[Any]:
    of = plain.word("advisers", row.adviser) if row.adviser and row.adviser.startswith("adv_") else row.adviser or ""
    return [row.case, [{"b": _title(row.limit)}, *([of] if of else [])], day(row.due_on), day(row.done_on) if row.done_on else
            plain.word("states", row.state), {"b": weeks_and_days(row.days_late)}, row.citation]


def _title(limit: str) -> str:
    return plain.title(next(duty for duty in RULEBOOK if duty.id == limit))


def _agency_row(row: AgencyRow) -> list[Any]:
    return [[{"b": sentence(plain.word("advisers", row.adviser))}, sentence(role(row.agency))], str(row.asked), str(row.receipt_proved),
            f"{row.in_time} of {row.of_in_time}" + (f" ({row.percent}%)" if row.percent is not None else ""), str(row.late_now),
            f"{row.median_days:g}" if row.median_days is not None else "–", row.rule]


def _exception_row(row: Any) -> list[Any]:
    return [row.case, [{"b": row.code}, plain.word("duties", row.duty)], day(row.claimed_on), day(row.recorded_on),
            "–" if row.after_the_limit is None else "yes" if row.after_the_limit else "no", "held good" if row.accepted else "refused",
            row.ruling]


def _table(kind: type, rows: Sequence[Any]) -> Table:
    return Table(_columns(kind), [_cells(row) for row in rows])


def _columns(kind: type) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind))


def _cells(row: Any) -> list[Any]:
    return [" ".join(map(str, value)) if isinstance(value, list | tuple) else value for value in astuple(row)]
