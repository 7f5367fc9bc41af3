"""The return of a year from the facts: every rule first, then the file, in one pass and bounded memory."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import pendulum
from sqlalchemy import Engine
from sqlmodel import Session

from models.made_up.as_returned import SOFTWARE
from models.sen2.codes import COUNCILS, SURVEY_DAYS
from models.sen2.finding import Finding
from models.sen2.from_facts import world_of
from models.sen2.layout import FIRST_YEAR, LAST_YEAR, LAYOUTS
from models.sen2.record import Header
from models.sen2.render import Style, spelled
from models.sen2.rule import Register, Rule
from models.sen2.rules import Check, own_keys
from tasks.database import reading
from tasks.made_up_cases import holds_made_up
from tasks.settings import Sen2
from tasks.sen2_out.files import CannotWrite, TableFiles, Writer, XmlFile
from tasks.sen2_out.findings import Findings
from tasks.sen2_out.notes import notes_of
from tasks.sen2_out.persons import Progress, everybody

Form = Literal["xml", "csv"]


class CannotExport(ValueError):
    """The call cannot be carried out as it was made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written: the return of which year, of which council, in which form, where. Without `form` it is only looked at.

    `to` is a folder, or for XML a file that ends in .xml. `even_so` writes a draft in spite of errors.
    """

    year: int
    council: str
    serial: str = "001"
    form: Form | None = "xml"
    to: Path = Path(".")
    even_so: bool = False
    register: Register | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it. `path` is the file or the folder; None where nothing was written."""

    header: Header
    findings: Findings
    persons: int
    requests: int
    plans: int
    not_run: tuple[Rule, ...]
    path: Path | None
    is_draft: bool

    @property
    def is_complete(self) -> bool:
        """Whether it can be sent: no error, and every query answered by a note."""
        return self.findings.errors == 0 and self.findings.queries == self.findings.noted


def check_order(order: Order) -> None:
    """Raise CannotExport unless the return that is asked for can be made."""
    if order.year not in LAYOUTS or order.year not in SURVEY_DAYS:
        raise CannotExport(f"The layout of the return of {order.year} is not known: those of {FIRST_YEAR} to {LAST_YEAR} are. A new"
        " year"
                           " is a row in models/sen2/layout.py and its survey day in models/sen2/codes.py.")
    if not order.council:
        raise CannotExport("Which council's return it is, is not set. Give its three-digit number: EHC_SEN2__COUNCIL=201 in .env, or"
                           " --council 201.")
    if order.council not in COUNCILS:
        raise CannotExport(f"{order.council} is not the number of one of the 153 councils. EHC_SEN2__COUNCIL or --council gives it.")
    if not re.fullmatch(r"[0-9]{3}", order.serial) or order.serial == "000":
        raise CannotExport(f"{order.serial!r} is no serial number: it has three digits, from 001, and is raised with each file that"
        " is sent.")


def header_of(order: Order, told: Sen2, at: datetime) -> Header:
    """The header: what is set, and the moment as clocks in England show it. What is not set is missing, and a rule says so."""
    made = pendulum.instance(at).in_timezone("Europe/London")
    return Header(
        collection="SEN2", year=order.year, reference_date=SURVEY_DAYS[order.year], source_level="L", council=order.council,
        software=told.software, release=told.release or _release(), serial=order.serial, made_at=made.format("YYYY-MM-DDTHH:mm:ss"),
        dmo=told.dmo, dco=told.dco, dsco=told.dsco if order.year >= 2025 else None)


def _release() -> str:
    try:
        return version("ehc")
    except PackageNotFoundError:
        return "0"


@contextmanager
def export(engine: Engine, order: Order, told: Sen2, at: datetime, today: date, progress: Progress = lambda done, of: None
           ) -> Iterator[Outcome]:
    """Make the return. Errors block it: then nothing is written, unless as a draft, whose name says so.

    Raises CannotExport, CannotWrite.
    """
    check_order(order)
    header = header_of(order, told, at)
    style = Style(spelled(told.spellings), told.namespace)
    with reading(engine) as session:
        if holds_made_up(session):
            header.software = SOFTWARE
        findings = Findings(notes_of(session, order.year))
        try:
            yield _made(session, order, told, header, style, today, findings, progress)
        finally:
            findings.close()


def _made(session: Session, order: Order, told: Sen2, header: Header, style: Style, today: date, findings: Findings,
progress: Progress) -> Outcome:
    looking = Check(header, today, order.register, own_keys)
    writer = _writer(order, header, style)
    counts = [0, 0, 0]
    try:
        for finding in looking.of_header():
            findings.add(finding)
        for one in everybody(session, world_of(order.year, order.council), told.ends_until, progress):
            found: list[Finding] = list(one.findings)
            if one.person is not None:
                found += looking.of_person(one.person)
                counts[0] += 1
                counts[1] += len(one.person.requests)
                counts[2] += sum(request.plan is not None for request in one.person.requests)
                if writer is not None:
                    writer.add(one.person)
            for finding in found:
                findings.add(finding)
        for finding in looking.at_the_end():
            findings.add(finding)
        if not counts[0]:
            raise CannotExport(f"No case on record belongs into the return of {order.year}: nobody had a plan on"
            " {header.reference_date}, and"
                               f" no request or plan was open or ended in {order.year - 1}.")
        path, draft = None, False
        if writer is not None:
            for finding in writer.check():
                findings.add(finding)
            draft = findings.errors > 0
            if not draft or order.even_so:
                path = _place(order, draft)
                _free(path)
                writer.keep(path)
                writer = None
        return Outcome(header, findings, *counts, looking.not_run, path, draft and path is not None)
    except OSError as error:
        raise CannotWrite(f"{error.filename or order.to} could not be written: {error.strerror}. Nothing was left behind; make room,"
        " or"
                          " name another place with --to.") from None
    finally:
        if writer is not None:
            writer.drop()


def name_of(order: Order) -> str:
    """The name of the file or folder: no name is prescribed, so it says council, year and serial number."""
    return f"SEN2_{order.council}_{order.year}_{order.serial}"


def _place(order: Order, draft: bool) -> Path:
    mark = "DRAFT_" if draft else ""
    if order.form == "xml" and order.to.suffix.lower() == ".xml":
        return order.to.with_name(f"{mark}{order.to.name}")
    return order.to / f"{mark}{name_of(order)}{'.xml' if order.form == 'xml' else ''}"


def _free(path: Path) -> None:
    if path.exists():
        raise CannotWrite(f"{path} is there already. Raise the serial number for a file that is sent again (--serial), or move it"
        " away.")


def _writer(order: Order, header: Header, style: Style) -> Writer | None:
    if order.form is None:
        return None
    place = _place(order, False)
    for path in (place, _place(order, True)) if order.even_so else (place,):
        _free(path)
    try:
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make = XmlFile if order.form == "xml" else TableFiles
        return make(place.parent, place.name, header, order.year, style)
    except OSError as error:
        raise CannotWrite(f"{place.parent} cannot be made or written to: {error.strerror}. Name another place with --to.") from None
