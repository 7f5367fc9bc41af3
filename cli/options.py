"""The options and arguments that several commands share, and how an option is made."""

from datetime import date
from typing import Annotated, Any

import typer

from cli.clock import parse_day


def option(*names: str, help: str, metavar: str | None = None, **more: Any) -> typer.models.OptionInfo:
    """An option that may be left out."""
    return typer.Option(*names, help=help, metavar=metavar, show_default=False, **more)


def day_option(*names: str, help: str) -> typer.models.OptionInfo:
    """An option whose value is a day."""
    return option(*names, parser=day_of_option, metavar="DATE", help=help)


def day_of_option(text: str | date) -> date:
    """The day that was typed as the value of an option."""
    if isinstance(text, date):
        return text
    try:
        return parse_day(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None


def one_word(text: str) -> str:
    """Something that people type without blanks and that any database can hold."""
    if not text or any(c.isspace() or not c.isprintable() for c in text):
        raise typer.BadParameter(f"{text!r} cannot be used: it is blank, or has blanks or unprintable characters in it.")
    return text


CaseRef = Annotated[str, typer.Argument(
    metavar="REF", parser=one_word, help="Reference of the case, such as EHC-2026-0042.")]
Agency = Annotated[str, typer.Argument(metavar="AGENCY", help="Reference of the organisation, such as school-7.")]
EMail = Annotated[str | None, option(
    "--email", metavar="ADDRESS", parser=one_word,
    help="Their e-mail address, or another address that Apprise can write to.")]
KnownBy = Annotated[date | None, day_option(
    "--known-by", help="By what had been recorded by the end of this day in England, YYYY-MM-DD; by all that is on record if"
                       " left out.")]
On = Annotated[date | None, day_option("--on", help="The day to look from, YYYY-MM-DD; today if left out.")]
By = Annotated[str | None, option(
    "--by", metavar="WHO",
    help="Reference of the officer who records this, such as officer-3; EHC_OFFICER, or your login name if left out.")]
LookedBy = Annotated[str | None, option(
    "--by", metavar="WHO",
    help="Reference of whoever looks, which is noted; EHC_OFFICER, or your login name if left out.")]
NoNudge = Annotated[bool, option("--no-nudge", help="Do not ask Prefect to visit the case now; the next watch will.")]
Json = Annotated[bool, option("--json", help="For machines.")]
DryRun = Annotated[bool, option(
    "--dry-run", help="Only show every message that would be sent, letter by letter; send nothing and keep nothing.")]
