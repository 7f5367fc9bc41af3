"""`ehc export sen2` and `ehc export note`: the yearly return to the DfE, and the notes that answer its queries."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from cli import here, show
from cli.clock import now, today
from cli.options import By, Json, option

if TYPE_CHECKING:
    from models.sen2.rule import Register
    from tasks.sen2_out.export import Form, Outcome
    from tasks.sen2_out.findings import Findings, OfRule

WHOLE = "return"
"""What stands for the case in a call about the whole return."""

Year = Annotated[int, option(
    "--year", metavar="YEAR", help="Year of the survey: 2027 is the return about 2026, as things stand in January 2027.")]


def sen2(
    year: Year,
    to: Annotated[Path, option(
        "--to", metavar="FILE|DIR", help="Where to: a folder, or a file that ends in .xml; this folder if left out.")] = Path("."),
    form: Annotated[str, option(
        "--format", metavar="FORM", help="xml (if left out), or csv: the nine tables of the COLLECT download.")] = "xml",
    serial: Annotated[str, option(
        "--serial", metavar="NNN", help="Serial number: 001, raised with each file that is sent again.")] = "001",
    council: Annotated[str | None, option(
        "--council", metavar="NNN", help="The council's number; EHC_SEN2__COUNCIL if left out.")] = None,
    gias: Annotated[Path | None, option(
        "--gias", metavar="FILE",
        help="The register of schools (all establishment data of GIAS) as CSV; EHC_GIAS_FILE if left out.")] = None,
    check: Annotated[bool, option("--check", help="Only look: write nothing.")] = False,
    even_so: Annotated[bool, option("--even-so", help="Write it in spite of errors: as a draft, which its name says.")] = False,
    report: Annotated[Path | None, option(
        "--report", metavar="FILE", help="Write everything that was found into a CSV file.")] = None,
    as_json: Json = False,
) -> None:
    """Write the yearly return to the DfE (SEN2, person level) from what is on record.

    Every rule is run first. Errors block it: nothing is written, and each is listed with its case and what to do about it.
    Queries do not; each is put right, or answered with `ehc export note`. The file holds names and birth dates: only this
    user can read it. Ends with 1 if there are errors.
    """
    from tasks.sen2_out.export import Order, export
    from tasks.settings import settings

    if form not in ("xml", "csv"):
        show.fail(f"--format {form}: a return is written as xml or csv.")
    told = settings().sen2
    order = Order(year, told.council if council is None else council, serial, None if check else cast("Form", form), to, even_so,
                  _schools(gias or settings().gias_file))
    with show.progress("cases") as progress, export(here.database(), order, told, now(), today(), progress) as outcome:
        if report is not None:
            try:
                outcome.findings.write(report)
            except OSError as error:
                raise show.WrongCall(f"{report} could not be written: {error.strerror}. Name another file with --report.") from None
        if as_json:
            show.answer(_as_json(outcome, check))
        else:
            _say(outcome, check, report, today())
        errors = outcome.findings.errors
    if errors:
        raise typer.Exit(show.NO)


def note(
    ref: Annotated[str, typer.Argument(metavar="REF", help="Reference of the case; `return` for a query about the whole return.")],
    rule: Annotated[str, typer.Argument(metavar="RULE", help="The rule that asks, such as L14.")],
    words: Annotated[str | None, typer.Argument(metavar="NOTE", help="Why it is as it should be, in words.",
    show_default=False)] = None,
    year: Year = 0,
    remove: Annotated[bool, option("--remove", help="Take the note out.")] = False,
    by: By = None,
) -> None:
    """Answer a query of the return: say why it is as it should be. The note goes to nobody by itself: it is for COLLECT, where you
    type it, and can be erased. An error cannot be answered; the record is put right.
    """
    from tasks.database import writing
    from tasks.sen2_out.notes import remove_note, write_note

    if not year:
        show.fail("Say of which return: --year 2027.")
    if bool(words) == remove:
        show.fail(f"Say why it is as it should be: ehc export note {ref} {rule} 'the school was closed' --year {year}; or --remove.")
    case = "" if ref == WHOLE else ref
    with writing(here.database()) as session:
        if remove:
            if not remove_note(session, year, case, rule):
                raise show.WrongCall(f"{ref}: there is no note on {rule} in the return of {year}.")
        else:
            write_note(session, year, case, rule, words or "", here.hand(by))
    show.say(f"{ref}: the note on {rule} in the return of {year} is {'taken out' if remove else 'kept'}.")


def _schools(path: Path | None) -> "Register | None":
    from tasks.sen2_out.schools import read_schools

    return None if path is None else read_schools(path)


def _say(outcome: "Outcome", check: bool, report: Path | None, day: date) -> None:
    from models.sen2.codes import COUNCILS

    header, findings = outcome.header, outcome.findings
    survey = header.reference_date
    show.say(f"Return of {header.year} of {COUNCILS[header.council or '']} ({header.council}), survey day {show.day(survey)}: "
             + ", ".join((show.count(outcome.persons, "person"), show.count(outcome.requests, "request"),
                          show.count(outcome.plans, "plan"))) + ".")
    if survey is not None and day < survey:
        show.say("The survey day is still to come: this is how things stand today.")
    for of in sorted(findings.rules.values(), key=lambda one: (one.level != "error", one.rule)):
        _say_rule(of)
    for line in _in_sum(outcome, check, report, day):
        show.say(line)


def _say_rule(of: "OfRule") -> None:
    show.say()
    noted = f", {of.noted} of them answered by a note" if of.noted else ""
    show.say(f"{of.rule} ({of.level}): {show.count(of.count, 'time')}{noted}")
    shown = of.first
    if shown:
        show.say(f"  {shown[0].says}")
        ways = {one.do.replace(one.case_ref, "REF") if one.case_ref else one.do: one for one in shown}
        for one in ways.values():
            show.say(f"  {one.do}" if len(ways) == 1 else f"  {one.tag}: {one.do}")
        for one in shown:
            where = one.case_ref or one.place or "header"
            show.say(f"    {where}" + "".join(f"  {part}" for part in (one.tag, one.value) if part))
        if of.open > len(shown):
            show.say(f"    and {of.open - len(shown)} more; --report FILE lists them all.")


def _in_sum(outcome: "Outcome", check: bool, report: Path | None, day: date) -> list[str]:
    findings, survey = outcome.findings, outcome.header.reference_date
    lines = ["", f"{show.count(findings.errors, 'error')}, {show.count(findings.queries, 'query', 'queries')}"
                 + (f" ({findings.noted} answered by a note)" if findings.queries else "") + "."]
    if outcome.not_run:
        lines.append(f"Not run, for want of the register of schools: {', '.join(rule.id for rule in outcome.not_run)}. EHC_GIAS_FILE"
        " or"
                     " --gias names it.")
    if report is not None:
        lines.append(f"Everything that was found: {report}")
    if outcome.path is not None and outcome.is_draft:
        lines.append(f"A draft, which is not to be sent, was written all the same: {outcome.path}")
    elif outcome.path is not None:
        lines.append(f"Written: {outcome.path}")
    elif not check:
        lines.append("Nothing was written. Put the errors right, or see a draft with --even-so.")
    if not findings.errors:
        early = survey is not None and day < survey
        lines.append(f"Nothing is open today; write it again on {show.day(survey)} or after." if early and outcome.is_complete else
                     "It is complete." if outcome.is_complete else
                     "Put the queries right, or answer each: ehc export note REF RULE 'why it is right' --year"
                     " " + str(outcome.header.year))
    return lines


def _as_json(outcome: "Outcome", check: bool) -> dict[str, Any]:
    header, findings = outcome.header, outcome.findings
    return {"year": header.year, "survey_day": header.reference_date, "council": header.council, "serial": header.serial,
            "made_at": header.made_at, "written": None if outcome.path is None else str(outcome.path), "draft": outcome.is_draft,
            "complete": outcome.is_complete, "persons": outcome.persons, "requests": outcome.requests, "plans": outcome.plans,
            "errors": findings.errors, "queries": findings.queries, "noted": findings.noted,
            "not_run": [rule.id for rule in outcome.not_run], "findings": _rows(findings)}


def _rows(findings: "Findings") -> list[dict[str, Any]]:
    return [{"rule": one.rule, "level": str(one.level), "case": one.case_ref, "person": one.person_ref, "place": one.place,
    "item": one.tag,
             "value": one.value, "says": one.says, "do": one.do, "note": note} for one, note in findings]
