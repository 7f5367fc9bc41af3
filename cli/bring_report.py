"""The report of an import: on the screen, as a CSV file, as a page. It names cases, places in the file and rules, never a child."""

import csv
import os
from collections.abc import Iterable, Iterator
from html import escape
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli import show

if TYPE_CHECKING:
    from tasks.sen2_import import Imported, Lines
    from tasks.sen2_in import Line

SHOWN = 20
"""Lines of one kind that are shown on the screen."""

COLUMNS = ("what", "place", "case", "person", "rule", "level", "field", "value", "says", "do")
HEADINGS = ("what became of it", "where in the file", "case", "person", "rule", "level", "field", "value", "what", "what to do")
WORDS = {"taken": "taken", "changed": "changed", "same": "no change", "refused": "refused", "finding": "to be looked at",
         "contradiction": "contradicts the record", "beside": "beside an officer's work", "gone": "no longer in the return"}
FIRST = ("refused", "contradiction", "beside", "gone")
"""What is shown one by one."""

UNKNOWN = {
    "request_received_on": "the day of the request", "requested_by": "who asked", "request_decided_on": "the day of the decision to assess",
    "request_outcome": "the outcome of the request", "refusal_reversed_on": "when a refusal was reversed",
    "assessment_decided_on": "the day of the decision on a plan", "assessment_outcome": "the outcome of the assessment",
    "decided_to_issue_on": "the day of the decision to issue a plan (the return has that of the plan)", "plan": "what the plan says",
    "plan_made_on": "the day of the plan", "ended_on": "the day on which it ended", "plan_ceased_on": "the day on which the plan ended",
    "review_outcome": "what was decided after a review", "review_decided_on": "the day of the decision after a review",
    "amended_plan_on": "the day of the plan as amended after a review", "last_review": "when the plan was last reviewed",
    "phase_transfer": "which phase transfer it is"}
"""What a return leaves open, in words."""


def as_record(done: "Imported", lines: "Lines") -> dict[str, Any]:
    """The report for machines."""
    brought = done.brought
    return {
        "form": done.form, "sha256": done.sha256, "year": done.year, "survey_day": done.day, "year_from": done.year_from,
        "council": done.council, "kept": done.kept, "asks_to_apply": done.asks_to_apply, "made_up": done.made_up,
        "persons": {"read": brought.persons, "new": brought.new_persons, "known": brought.known_persons, "changed": brought.changed_persons,
                    "refused": brought.refused},
        "cases": {"new": brought.new_cases, "changed": brought.changed_cases, "unchanged": brought.same_cases,
                  "worked_on": brought.worked_on, "gone": brought.gone},
        "facts": dict(sorted(brought.facts.items())), "not_known": dict(brought.unknown.most_common()),
        "contradictions": brought.contradictions, "corrected": brought.corrected, "entered_in_ledger": brought.entered,
        "findings": [{"rule": rule, "level": level, "count": count} for (rule, level), count in sorted(brought.findings.items())],
        "lines": [_plain(line) for line in lines if line.what in FIRST],
    }


def tell(file: str, done: "Imported", lines: "Lines", dry_run: bool) -> None:
    """The report for people."""
    from tasks.sen2_files.open import FORMS

    brought, would = done.brought, "" if done.kept else "would be "
    survey = f"{done.year}, survey day {show.day(done.day)}" if done.form != "spreadsheet" else f"as of {show.day(done.day)}"
    show.say(f"{file}: {FORMS[done.form]}, {survey}" + (f", council {done.council}" if done.council else "") + ".")
    show.say(f"{show.MADE_UP}\n" if done.made_up else "")
    show.table(("", "read", "new", "known", "changed", "refused"), [
        ("persons", f"{brought.persons:,}", f"{brought.new_persons:,}", f"{brought.known_persons:,}", f"{brought.changed_persons:,}",
         f"{brought.refused:,}")], numbers=("read", "new", "known", "changed", "refused"))
    show.say()
    cases = brought.new_cases + brought.changed_cases + brought.same_cases + brought.worked_on
    show.say(f"{show.count(cases, 'case')}: {brought.new_cases:,} {would}opened, {brought.changed_cases:,} {would}added to, {brought.same_cases:,}"
             f" without change" + (f", {brought.worked_on:,} on which officers work" if brought.worked_on else "") + ". "
             + f"{show.count(brought.facts.total(), 'fact')} {would}recorded.")
    if brought.unknown:
        show.say("\nWhat the return does not say, and was not guessed:")
        show.table(("cases", "not known"), [(f"{count:,}", UNKNOWN.get(what, what.replace("_", " "))) for what, count in
                                            brought.unknown.most_common()], numbers=("cases",))
    if brought.findings:
        show.say("\nWhat is wrong or in doubt:")
        levels = {"error": 0, "query": 1, "remark": 2}
        show.table(("rule", "level", "times", "such as"), [
            (rule, level, f"{count:,}", brought.says.get(rule, "")) for (rule, level), count in
            sorted(brought.findings.items(), key=lambda one: (levels[one[0][1]], -one[1], one[0][0]))], numbers=("times",))
    _one_by_one(lines)
    show.say("\n" + _end(file, done, dry_run))


def _one_by_one(lines: "Lines") -> None:
    gone = [line.case for line in islice((line for line in lines if line.what == "gone"), SHOWN + 1)]
    if gone:
        show.say(f"\nNo longer in the return, and shown by an earlier one as going on: {', '.join(map(str, gone[:SHOWN]))}"
                 + (" and more" if len(gone) > SHOWN else "") + ". Find out how they ended.")
    for what in FIRST[:3]:
        some = list(islice((line for line in lines if line.what == what), SHOWN + 1))
        if some:
            show.say(f"\n{WORDS[what].capitalize()}:")
            show.table(("where", "case", "rule", "field", "what", "what to do"), [
                (line.place, line.case or "-", line.rule, line.field, line.says, line.do) for line in some[:SHOWN]])
            if len(some) > SHOWN:
                show.say("... and more: --report FILE.csv writes them all")


def _end(file: str, done: "Imported", dry_run: bool) -> str:
    brought = done.brought
    if done.asks_to_apply:
        more = (f" {show.count(brought.contradictions, 'contradiction')} with the record: they are entered in the ledger, or put right with"
                " --correct as well." if brought.contradictions else "")
        return (f"{file} concerns persons who are on record: nothing was kept. The difference is shown above, and line by line with --report."
                f" To write it: the same call with --apply.{more}")
    if done.kept:
        ledger = f" {show.count(brought.entered, 'entry', 'entries')} new in the ledger: ehc import ledger." if brought.entered else ""
        return (f"All of it was kept, at once.{ledger}\nNothing is sent about these cases until an officer takes them on: ehc import take-on REF"
                " --owner WHO.\nWhat is overdue and what comes: ehc due")
    if not brought.changes_anything:
        return "Nothing has changed."
    return "Nothing was kept: this was a look only." if dry_run else "Nothing was kept."


# --- files -----------------------------------------------------------------------------------------------------------

def write_report(path: Path, file: str, done: "Imported", lines: "Lines") -> None:
    """Write every line to a file that only this user can read, whole or not at all."""
    parts = _page(file, done, lines) if path.suffix.lower() == ".html" else None
    new = path.with_name(f"{path.name}.part")
    try:
        with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="") as out:
            if parts is not None:
                out.writelines(parts)
            else:
                writer = csv.writer(out)
                writer.writerow(HEADINGS)
                writer.writerows(_safe(line) for line in lines)
        os.replace(new, path)
    except OSError as error:
        new.unlink(missing_ok=True)
        raise show.WrongCall(f"--report {path}: it cannot be written: {error.strerror}. Whatever else was asked was done.") from None


def _plain(line: "Line") -> dict[str, Any]:
    return {name: getattr(line, name) for name in COLUMNS}


def _cells(line: "Line") -> list[str]:
    return [WORDS[line.what], *(getattr(line, name) or "" for name in COLUMNS[1:])]


def _safe(line: "Line") -> list[str]:
    """Cells that no spreadsheet takes for formulas: what stood in the file may begin like one."""
    from models.sen2.values import harmless

    return [harmless(cell) for cell in _cells(line)]


def _page(file: str, done: "Imported", lines: Iterable["Line"]) -> Iterator[str]:
    from tasks.sen2_files.open import FORMS

    brought = done.brought
    title = f"Import of {escape(Path(file).name)}"
    yield ("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">"
           f"<title>{title}</title>\n<style>{_STYLE}</style></head><body>\n<main><h1>{title}</h1>\n<p>{FORMS[done.form]}, {done.year},"
           f" {show.day(done.day)}. {'Kept.' if done.kept else 'Not kept: a look only.'}{f' {show.MADE_UP}' if done.made_up else ''}</p>\n")
    yield _table("What was read", ("", "number"), [
        ("persons read", brought.persons), ("new persons", brought.new_persons), ("known persons", brought.known_persons),
        ("persons refused", brought.refused), ("cases opened", brought.new_cases), ("cases added to", brought.changed_cases),
        ("cases without change", brought.same_cases), ("facts", brought.facts.total()), ("contradictions", brought.contradictions)])
    yield _table("What the return does not say", ("not known", "cases"), [
        (UNKNOWN.get(what, what.replace("_", " ")), count) for what, count in brought.unknown.most_common()])
    yield _table("What is wrong or in doubt", ("rule", "level", "times", "such as"), [
        (rule, level, count, brought.says.get(rule, "")) for (rule, level), count in sorted(brought.findings.items())])
    yield f"<h2>Line by line</h2>\n<table>{_head(HEADINGS)}<tbody>\n"
    for line in lines:
        yield f"<tr class='{escape(line.what)}'>{_row(_cells(line))}</tr>\n"
    yield "</tbody></table></main></body></html>\n"


def _table(title: str, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    body = "".join(f"<tr>{_row(row)}</tr>\n" for row in rows)
    return f"<h2>{title}</h2>\n<table>{_head(columns)}<tbody>\n{body}</tbody></table>\n" if body else ""


def _head(columns: Iterable[str]) -> str:
    return "<thead><tr>" + "".join(f"<th scope='col'>{escape(name)}</th>" for name in columns) + "</tr></thead>"


def _row(cells: Iterable[object]) -> str:
    return "".join(f"<td>{f'{cell:,}' if isinstance(cell, int) else escape(str(cell))}</td>" for cell in cells)


_STYLE = ("body{font:16px/1.4 system-ui,sans-serif;margin:2rem;color:#1a1a1a}table{border-collapse:collapse;margin:1rem 0}"
          "th,td{border:1px solid #b5b5b5;padding:.3rem .5rem;text-align:left;vertical-align:top}th{background:#eee}"
          "tr.refused td:first-child,tr.contradiction td:first-child{color:#a00;font-weight:bold}")
