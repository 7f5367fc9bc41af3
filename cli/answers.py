"""How the answer to an auditor's question is told: as text, as JSON, or as CSV."""

import csv
import shlex
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

from cli import show
from cli.options import option
from notifications.paper import FORMULA

if TYPE_CHECKING:
    from models.audit.answer import Answer, Figure

Csv = Annotated[bool, option("--csv", help="The rows as CSV, for a spreadsheet.")]
NAMED = 8
"""Cases that a figure names in a text; JSON names all."""


def tell(answer: "Answer", again: Sequence[str], *, as_json: bool, as_csv: bool) -> None:
    """Say the answer with its method. `again` are the words of the call that gives it again."""
    if as_json and as_csv:
        raise show.WrongCall("Choose one of --json and --csv.")
    call = shlex.join(again)
    if as_json:
        show.answer(_as_record(answer, call))
    elif as_csv:
        _write_csv(answer)
    else:
        _tell(answer, call)


def _as_record(answer: "Answer", call: str) -> dict[str, Any]:
    question, asked = answer.question, answer.asked
    return {
        "question": question.name, "number": question.number, "asks": question.asks,
        "from": asked.since, "to": asked.until, "on": asked.on, "known_by": asked.known_by, "owner": asked.owner,
        "agency": asked.agency, "cases": answer.cases,
        "method": {"definition": question.definition, "uses": question.uses, "excluded": question.excluded,
                   "citation": question.citation},
        "figures": [{"name": one.name, "numerator": one.numerator, "denominator": one.denominator, "percent": one.percent,
                     "cases": list(one.cases), "others": list(one.others)} for one in answer.figures],
        "rows": [asdict(row) for row in answer.rows],
        "not_worked_out": [{"case": ref, "why": why} for ref, why in answer.left], "again": call,
    }


def _write_csv(answer: "Answer") -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(answer.question.columns)
    out.writerows([_cell(value) for value in asdict(row).values()] for row in answer.rows)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    told = " ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
    return f"'{told}" if isinstance(told, str) and told.startswith(FORMULA) else told


def _tell(answer: "Answer", call: str) -> None:
    question = answer.question
    show.say((f"{question.number}. " if question.number else "") + question.asks)
    show.say(_bounds(answer) + "\n")
    if answer.rows:
        rows = [[_text(value) for value in asdict(row).values()] for row in answer.rows]
        numbers = [name for place, name in enumerate(question.columns)
                   if all(isinstance(value, int) and not isinstance(value, bool) or value is None
                          for value in (list(asdict(row).values())[place] for row in answer.rows))]
        show.table([name.replace("_", " ") for name in question.columns], rows, [name.replace("_", " ") for name in numbers])
    else:
        show.say("Nothing.")
    show.say()
    for figure in answer.figures:
        show.say(_figure(figure))
    if answer.figures:
        show.say()
    show.say(f"Method: {question.definition}\nRead from: {question.uses}.\nLeft out: {question.excluded}.\nUnder: {question.citation}.")
    if answer.left:
        show.say("Could not be worked out, and is not in it: " + "; ".join(f"{ref} ({why})" for ref, why in answer.left))
    show.say(f"The same again: {call}")


def _bounds(answer: "Answer") -> str:
    asked = answer.asked
    said = []
    if asked.since or asked.until:
        said.append(f"{f'from {show.day(asked.since)}' if asked.since else 'from the beginning'}"
                    f" to {show.day(asked.until) if asked.until else show.day(asked.on)}")
    said.append(f"as of {show.day(asked.on)}")
    said.append(f"by what was on record at the end of {show.day(asked.known_by)}" if asked.known_by else "by all that is on record")
    said += [f"only {name} {value}" for name, value in (("owner", asked.owner), ("agency", asked.agency)) if value]
    told = ", ".join(said)
    return f"{told[0].upper()}{told[1:]}." + (f" {show.count(answer.cases, 'case')} read." if answer.cases is not None else "")


def _figure(figure: "Figure") -> str:
    told = f"{figure.name}: {figure.numerator} of {figure.denominator}"
    if figure.percent is not None:
        told += f" ({figure.percent}%)"
    refs = figure.cases if figure.of_faults else figure.others
    if refs:
        more = f" and {len(refs) - NAMED} more, see --json" if len(refs) > NAMED else ""
        told += f". {'In' if figure.of_faults else 'Not'}: {', '.join(refs[:NAMED])}{more}"
    return told


def _text(value: Any) -> Any:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else value
