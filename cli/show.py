"""What every command shares in speaking: tables, machine-readable answers, errors that say what to do, examples."""

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import NoReturn

import typer

YES, NO, WRONG = 0, 1, 2
"""Exit codes: fine; the answer is "no" (overdue, broken, refused); the call was wrong."""


MADE_UP = "The cases are made up; nobody in them exists."
"""Stands wherever something is shown of made-up cases."""


class Refused(Exception):
    """The answer is no: the call was understood, and it may not be done. Ends with 1."""


class WrongCall(Exception):
    """The call cannot be understood or carried out as it was made. Ends with 2."""


def example(*lines: str) -> str:
    """The end of a help text: commands to paste. The first lines may be words, commands begin with `ehc` or a pipe to it."""
    title = "Examples:" if len(lines) > 1 else "Example:"
    return "\b\n" + "\n".join((title, *(f"  {line}" for line in lines)))


def say(text: str = "") -> None:
    """A line for people, or for the next program in the pipe."""
    typer.echo(text)


def warn(text: str) -> None:
    """A line beside the answer, on the error stream."""
    typer.echo(text, err=True)


def fail(text: str, code: int = WRONG) -> NoReturn:
    """Say on the error stream what is wrong and what to do, and end with `code`."""
    warn(f"ehc: {text}")
    raise typer.Exit(code)


def answer(value: object) -> None:
    """One JSON document."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=plain))


def answer_rows(rows: Iterable[object]) -> None:
    """One JSON array, a row a line, written as it comes: long lists need no memory."""
    out, before = sys.stdout, "[\n"
    for row in rows:
        out.write(before + json.dumps(row, ensure_ascii=False, default=plain))
        before = ",\n"
    out.write("[]\n" if before == "[\n" else "\n]\n")


def plain(value: object) -> object:
    """Days as ISO text; sets as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value) if isinstance(value, (set, frozenset)) else list(value)
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], numbers: Sequence[str] = (),
          states: Sequence[str] = ()) -> None:
    """Rows under their columns: drawn on a terminal, aligned text elsewhere. Nothing is cut off.

    `numbers` are columns that stand to the right; `states` says of each row how it stands, which a terminal colours.
    """
    texts = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if sys.stdout.isatty():
        _draw(columns, texts, numbers, states)
        return
    widths = [max(len(line[place]) for line in (columns, *texts)) for place in range(len(columns))]
    right = {place for place, name in enumerate(columns) if name in numbers}
    for line in (list(columns), *texts):
        say("  ".join(cell.rjust(width) if place in right else cell.ljust(width)
                      for place, (cell, width) in enumerate(zip(line, widths, strict=True))).rstrip())


def _draw(columns: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[str], states: Sequence[str]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    drawn = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, header_style="bold")
    lines = (columns, *rows)
    whole = [max(len(line[place]) for line in lines) for place in range(len(columns))]
    words = [max((len(word) for line in lines for word in line[place].split()), default=0) for place in range(len(columns))]
    for name, width in zip(columns, _widths(whole, words, console.width - 3 * (len(columns) - 1)), strict=True):
        drawn.add_column(name, overflow="fold", justify="right" if name in numbers else "left", width=width)
    for place, row in enumerate(rows):
        style = _STYLES.get(states[place], "") if place < len(states) else ""
        drawn.add_row(*(Text(cell) for cell in row), style=style)
    console.print(drawn)


def _widths(whole: Sequence[int], words: Sequence[int], room: int) -> list[int | None]:
    """How wide each column is drawn: an id or a day is one word and is broken only where the room is too narrow for the
    longest word of every column; then the drawing decides."""
    if sum(words) > room:
        return [None] * len(whole)
    widths, left = list(words), room - sum(words)
    # Who lacks least is served first, so that days and moments stay on one line and long texts take what is left.
    for place in sorted(range(len(words)), key=lambda place: whole[place] - words[place]):
        more = min(whole[place] - words[place], left)
        widths[place] += more
        left -= more
    return widths


_STYLES = {"overdue": "red", "failed": "red", "bounced": "red", "ill": "red", "care": "yellow", "met": "dim", "met_late": "dim",
           "lapsed": "dim"}


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on the error stream while something long goes on: called with what is done and how much there is in all, 0 if unknown.

    Nothing is drawn where nobody watches.
    """
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    with Progress(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
                  console=Console(stderr=True), transient=True) as bars:
        bar = bars.add_task(what, total=None)
        yield lambda done, of: bars.update(bar, completed=done, total=of or None)


@contextmanager
def counted(what: str) -> Iterator[Callable[[int], None]]:
    """A bar of which nobody knows how long it will be: called with how many more are done."""
    done = 0

    def tick(more: int) -> None:
        nonlocal done
        done += more
        bar(done, 0)

    with progress(what) as bar:
        yield tick


def count(number: int, one: str, many: str = "") -> str:
    """A number with its noun.

    >>> count(1, "case"), count(2, "duty", "duties")
    ('1 case', '2 duties')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def alike(problems: list[str]) -> list[str]:
    """Problems that differ only in their case and message told once."""
    counted: dict[str, list[str]] = {}
    for problem in problems:
        counted.setdefault(re.sub(r"'[a-z_]+'", "", problem.partition(": ")[2], count=1), []).append(problem)
    return [found[0] + (f" (and {len(found) - 1} more like it)" if found[1:] else "") for found in counted.values()]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A question that names the nearest of what is known, with a blank before it; nothing if none is near.

    >>> did_you_mean("adv_d", ["adv_b_mod", "adv_d_psychology"])
    ' Did you mean adv_d_psychology?'
    """
    from difflib import get_close_matches

    known = list(known)
    near = [one for one in known if word and one.startswith(word)][:3] or get_close_matches(word, known, n=2)
    return f" Did you mean {' or '.join(near)}?" if near else ""


def days_late(days: int | None) -> str:
    """Lateness as people say it; blank when in time."""
    from models.law.dates import weeks_and_days

    return weeks_and_days(days) if days else ""


def day(value: date | None) -> str:
    """A day as people read it; a dash where there is none.

    >>> day(date(2026, 3, 2))
    'Mon 2 Mar 2026'
    """
    from models.law.dates import long

    return long(value) if value else "-"


def moment(at: datetime | None) -> str:
    """A moment as the clock in England showed it; a dash where there is none."""
    from zoneinfo import ZoneInfo

    return f"{at.astimezone(ZoneInfo('Europe/London')):%Y-%m-%d %H:%M}" if at else "-"
