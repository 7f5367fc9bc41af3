"""The register of schools (Get Information About Schools) from the CSV file that a council has downloaded."""

import csv
from datetime import date, datetime
from pathlib import Path

from models.sen2.rule import Register, School

URN, TYPE, OPENED, CLOSED, UNITS = (
    "URN", "TypeOfEstablishment (code)", "OpenDate", "CloseDate", "TypeOfResourcedProvision (name)")
NEEDED = (URN, TYPE, CLOSED)
LONGEST_FIELD = 1 << 20


class BadSchools(ValueError):
    """The file of the register cannot be used; the message names it and says what to do."""


def read_schools(path: Path) -> Register:
    """The establishments by URN. The file is the download "all establishment data": UTF-8, or the Windows code page it comes in.

    Raises BadSchools.
    """
    try:
        try:
            return _read(path, "utf-8-sig")
        except UnicodeDecodeError:
            return _read(path, "cp1252")
    except OSError as error:
        raise BadSchools(f"{path}, the register of schools, cannot be read: {error.strerror}. EHC_GIAS_FILE or --gias names"
        " it.") from None
    except (csv.Error, UnicodeDecodeError) as error:
        raise BadSchools(f"{path} is no CSV file ({error}). Download \"all establishment data\" of Get Information About Schools"
        " again.") from None


def _read(path: Path, encoding: str) -> dict[str, School]:
    csv.field_size_limit(LONGEST_FIELD)
    with path.open(encoding=encoding, newline="") as file:
        rows = csv.DictReader(file)
        missing = [name for name in NEEDED if name not in (rows.fieldnames or ())]
        if missing:
            raise BadSchools(f"{path} is not the register of schools: it has no column {', '.join(missing)}. Download"
            " \"all establishment"
                             " data\" of Get Information About Schools.")
        has_units = UNITS in (rows.fieldnames or ())
        found = {}
        for row in rows:
            urn = (row[URN] or "").strip().lstrip("0")
            if urn:
                units = (row.get(UNITS) or "").casefold() if has_units else None
                found[urn] = School((row[TYPE] or "").strip(), _day(row.get(OPENED)), _day(row[CLOSED]),
                                    None if units is None else "sen unit" in units, None if units is None else "resourced" in units)
    if not found:
        raise BadSchools(f"{path} holds no school.")
    return found


def _day(text: str | None) -> date | None:
    for form in ("%d-%m-%Y", "%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime((text or "").strip(), form).date()
        except ValueError:
            continue
    return None
