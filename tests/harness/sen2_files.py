"""Writes made-up returns in every form in which councils have them, for the tests of reading them."""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from models.sen2.codes import SURVEY_DAYS
from models.sen2.layout import BLOCKS, LAYOUTS, Block
from models.sen2.record import Active, Assessment, Header, Need, Person, Placement, Plan, Record, Request, Setting, within

ADA = dict(surname="Example", forename="Ada", birth_date=date(2014, 5, 6), sex="F", ethnicity="WBRI", upn="A123456789012")


def header(year: int = 2026, **told: Any) -> Header:
    """A header as a council's system writes it."""
    return Header(**{"collection": "SEN2", "year": year, "reference_date": SURVEY_DAYS[year], "source_level": "L", "council": "201",
                     "software": "Example", "release": "1.0", "serial": "001", "made_at": f"{year}-02-02T09:30:00", "dmo": "Y", "dco": "Y",
                     **({"dsco": "R"} if year >= 2025 else {}), **told})


def person(*requests: Request, **told: Any) -> Person:
    """A made-up child."""
    return Person(**{**ADA, "requests": list(requests), **told})


def open_request(received: date, **told: Any) -> Request:
    """A request that is not decided yet."""
    return Request(**{"received": received, "source": "1", "youth_accommodation": False, "outcome": "A", **told})


def new_plan(received: date, decided: date, issued: date, **told: Any) -> Request:
    """A request that led to a plan in the collection year."""
    return Request(
        received=received, source="2", youth_accommodation=False, outcome="Y", outcome_date=decided, mediation=False, tribunal=False,
        assessment=Assessment(outcome="Y", outcome_date=issued, mediation=False, tribunal=False, other_mediation=False,
                              other_tribunal=False, exception=False, plan=a_plan(issued)),
        active=an_active(issued, **told))


def old_plan(start: date, **told: Any) -> Request:
    """A plan that was made before the collection year."""
    return Request(outcome="H", assessment=Assessment(outcome="H", other_mediation=False, other_tribunal=False, plan=a_plan(start)),
                   active=an_active(start, **told))


def a_plan(start: date) -> Plan:
    return Plan(start=start, personal_budget=False, settings=[Setting(urn="100000", rank="1", sen_unit=True, resourced=False)])


def an_active(entered: date, **told: Any) -> Active:
    return Active(placements=[Placement(urn="100000", rank="1", entered=entered, sen_unit=True, resourced=False)],
                  needs=[Need(type="SLCN", rank="1"), Need(type="ASD", rank="2")], **told)


# --- XML --------------------------------------------------------------------------------------------------------------

def xml(head: Header | None, persons: list[Person], year: int = 2026, change: Any = lambda tag: tag) -> str:
    """The return as XML in the year's order; `change` gives each tag another spelling."""
    body = "".join(_element("person", one, year, change) for one in persons)
    return (f"<{change('Message')}>\n{_header(head, year, change) if head else ''}<{change('Persons')}>\n{body}</{change('Persons')}>\n"
            f"</{change('Message')}>\n")


def _header(head: Header, year: int, change: Any) -> str:
    said = {item.name: f"<{change(item.tag)}>{written(getattr(head, item.name))}</{change(item.tag)}>\n"
            for item in LAYOUTS[year].items("header") if getattr(head, item.name) is not None}
    first = "".join(said.pop(name, "") for name in ("collection", "year", "reference_date"))
    return (f"<{change('Header')}>\n<{change('CollectionDetails')}>\n{first}</{change('CollectionDetails')}>\n<{change('Source')}>\n"
            f"{''.join(said.values())}</{change('Source')}>\n</{change('Header')}>\n")


def _element(block: str, record: Record, year: int, change: Any) -> str:
    parts = []
    for part in LAYOUTS[year].blocks[block]:
        if isinstance(part, Block):
            parts += [_element(name, one, year, change) for name, one in within(record) if name == part.name]
        elif getattr(record, part.name) is not None:
            parts.append(f"<{change(part.tag)}>{escape(written(getattr(record, part.name)))}</{change(part.tag)}>\n")
    element = change(BLOCKS[block].element)
    return f"<{element}>\n{''.join(parts)}</{element}>\n"


def written(value: Any) -> str:
    """A value as the return writes it."""
    return {True: "1", False: "0"}[value] if isinstance(value, bool) else value.isoformat() if isinstance(value, date) else str(value)


# --- tables ------------------------------------------------------------------------------------------------------------

def rows(persons: list[Person]) -> Iterator[tuple[str, str, str, str, str, Record]]:
    """Every record as a row: block, own id, parent's id, person's key, request's key, the record."""
    count = 0

    def below(record: Record, id: str, who: str, which: str) -> Iterator[tuple[str, str, str, str, str, Record]]:
        nonlocal count
        for block, one in within(record):
            count += 1
            key = str(count) if block == "request" else which
            yield block, f"{block}-{count}", id, who, key, one
            yield from below(one, f"{block}-{count}", who, key)
    for number, one in enumerate(persons, start=1):
        yield "person", f"person-{number}", "t1", str(number), "", one
        yield from below(one, f"person-{number}", str(number), "")


def blade_day(value: Any) -> str:
    return value.strftime("%Y-%b-%d 00:00:00") if isinstance(value, date) else written(value)


def blade(head: Header, persons: list[Person], year: int = 2026) -> dict[str, str]:
    """The nine files of a COLLECT download, by name."""
    tables = {name: [[f"{block.table}tableid", "NativeId", f"{block.table}orderseqcolumn", "sourceid",
                      *([f"{BLOCKS[block.within].table}tableid"] if block.within else ["sen2tableid"] if name == "person" else []),
                      *(item.column for item in LAYOUTS[year].items(name))]] for name, block in BLOCKS.items()}

    def cells(block: str, record: Record) -> list[str]:
        return ["" if (value := getattr(record, item.name)) is None else blade_day(value) for item in LAYOUTS[year].items(block)]
    tables["header"].append(["t1", "", "1", "", *cells("header", head)])
    for block, id, parent, _, _, record in rows(persons):
        tables[block].append([id, "", "1", "", parent, *cells(block, record)])
    return {f"Blade-Export_02-03-2026_{BLOCKS[name].table}.csv": as_csv(table) for name, table in tables.items()}


def as_csv(table: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(table)
    return out.getvalue()


def workbook(path: Path, persons: list[Person], year: int = 2026) -> Path:
    """The pre-submission workbook."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    sheets = {name: book.create_sheet(block.sheet) for name, block in BLOCKS.items() if block.sheet}
    for name, sheet in sheets.items():
        sheet.append(["persontableid", *(["requeststableid"] if name != "person" else []),
                      *("rquestsource" if item.name == "source" else item.column for item in LAYOUTS[year].items(name))])
    for block, _, _, who, which, record in rows(persons):
        sheets[block].append([who, *([which] if block != "person" else []),
                              *(_number(getattr(record, item.name)) for item in LAYOUTS[year].items(block))])
    book.save(path)
    return path


def template(path: Path, head: Header, persons: list[Person], year: int = 2026) -> Path:
    """The DfE's template, filled in: nine tables on one sheet, with titles, blanks and line breaks as people meet them."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = "Data Entry Template"
    sheet.append(["Special educational needs survey"])
    for name, block in BLOCKS.items():
        sheet.append([])
        sheet.append([block.title])
        ids = [] if name == "header" else ["Person ID"] if name == "person" else ["Person ID", "Requests record ID"]
        sheet.append(["Record Type", "LA (From Header Record)", *ids, *(
            item.headings[0].replace(" ", "  ", 1).replace("- ", "-\n") for item in LAYOUTS[year].items(name))])
        if name == "header":
            sheet.append(["HEAD", "", *(_number(getattr(head, item.name)) for item in LAYOUTS[year].items(name))])
            continue
        for of, _, _, who, which, record in rows(persons):
            if of == name:
                sheet.append(["R", 201.0, float(who), *([float(which)] if name != "person" else []),
                              *(_number(getattr(record, item.name)) for item in LAYOUTS[year].items(name))])
        sheet.append(["R", 201.0])
    book.save(path)
    return path


def _number(value: Any) -> Any:
    """A value as a spreadsheet keeps it: numbers where there are digits alone."""
    if isinstance(value, bool):
        return float(value)
    if isinstance(value, str) and value.isdigit() and len(value) < 9 and value[0] != "0":
        return float(value)
    return value


def five(persons: list[Person]) -> dict[str, str]:
    """The five lists of one analysis tool, with British days."""
    def british(value: Any) -> str:
        return "" if value is None else value.strftime("%d/%m/%Y") if isinstance(value, date) else written(value)
    made: dict[str, list[list[str]]] = {
        "m1": [["Person ID", "Surname", "Forename", "Dob (ccyy-mm-dd)", "Gender", "Ethnicity", "Postcode", "UPN - Unique Pupil Number",
                "ULN - Young Persons Unique Learner Number", "UPN and ULN unavailable reason"]],
        "m2": [["Person ID", "Requests Record ID", "Date Request Was Received", "Initial Request Whilst In RYA", "Request Outcome Date",
                "Request Outcome", "Request Mediation", "Request Tribunal",
                "Exported - Child Or Young Person Moves Out Of LA Before Assessment Is Completed", "New start date"]],
        "m3": [["Person ID", "Requests Record ID", "Assessment Outcome To Issue EHCP", "Assessment Outcome Date", "Assessment Mediation",
                "Assessment Tribunal", "Other Mediation", "Other Tribunal", "Twenty Weeks Time Limit Exceptions Apply"]],
        "m4": [["Person ID", "Request Records ID", "EHC Plan Start Date", "Residential Settings", "Worked based learning activity",
                "Personal budget taken up", "Personal budget - organised arrangements", "Personal budget - direct payments",
                "Date EHC Plan Ceased", "Reason EHC Plan Ceased"]],
        "m5": [["Person ID", "Request Records ID", "EHC Plan (Transfer)", "Residential Settings", "Worked based learning activity",
                "EHCP review decisions date"]]}
    names = {"m1": ("surname", "forename", "birth_date", "gender", "ethnicity", "postcode", "upn", "uln", "upn_unknown"),
             "m2": ("received", "youth_accommodation", "outcome_date", "outcome", "mediation", "tribunal", "exported"),
             "m3": ("outcome", "outcome_date", "mediation", "tribunal", "other_mediation", "other_tribunal", "exception"),
             "m4": ("start", "residential", "work_based", "personal_budget", "organised", "direct_payments", "cease_date", "cease_reason"),
             "m5": ("transferred_from", "residential", "work_based", "last_review")}
    of = {"person": "m1", "request": "m2", "assessment": "m3", "plan": "m4", "active": "m5"}
    for block, _, _, who, which, record in rows(persons):
        if block in of:
            made[of[block]].append([who, *([which] if block != "person" else []),
                                    *(british(getattr(record, name)) for name in names[of[block]])])
    return {f"{name}.csv": as_csv(table) for name, table in made.items()}


def folder(path: Path, files: dict[str, str]) -> Path:
    """A folder with these files."""
    path.mkdir()
    for name, text in files.items():
        (path / name).write_text(text)
    return path


def archive(path: Path, files: dict[str, str]) -> Path:
    """An archive with these files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in files.items():
            made.writestr(f"download/{name}", text)
    return path
