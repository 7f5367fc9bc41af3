"""A return, opened: which form it has, of which council and year, and its persons as a stream."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from models.sen2.codes import SURVEY_DAYS
from models.sen2.finding import Finding, Level
from models.sen2.layout import FIRST_YEAR, LAST_YEAR, LAYOUTS
from models.sen2.reading import Shape, year_by_shape
from models.sen2.record import Header, Person
from tasks.sen2_files import forms, xml
from tasks.sen2_files.joined import Stage, filled
from tasks.sen2_files.lists import csv_table, is_workbook
from tasks.sen2_files.source import BadReturn, Member, digest, members
from tasks.sen2_files.workbook import workbook_tables

FORMS = {"sen2_xml": "XML", "sen2_blade": "COLLECT download (CSV)", "sen2_workbook": "pre-submission workbook",
         "sen2_template": "DfE's Excel template", "sen2_tables": "five CSV tables", "spreadsheet": "spreadsheet"}
"""The forms that are read, as people call them."""

Progress = Callable[[int, int], None]


def _silent(_done: int, _of: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Return:
    """A return that can be read. `persons` gives its persons, one at a time and once; what is wrong with its shape meanwhile
    comes out of `findings`.

    `size` is what `progress` counts to. `year_from` says how its year is known: header, day, shape or said. `silent` names what it
    says of nobody.
    """

    name: str
    form: str
    sha256: str
    header: Header
    year: int
    day: date
    year_from: str
    size: int
    _persons: Callable[[Progress], Iterator[Person]]
    _shape: Shape
    silent: tuple[str, ...] = ()

    def persons(self, progress: Progress = _silent) -> Iterator[Person]:
        """Each person with all that the return says. Raises BadReturn where it breaks off."""
        return self._persons(progress)

    def findings(self) -> list[Finding]:
        """What was found about the shape of the file since this was last asked."""
        return self._shape.take()


@contextmanager
def opened(name: str, year: int | None = None) -> Iterator[Return]:
    """The return in a file, a folder or an archive. `year` is that of the survey where the file does not say it.

    Raises BadReturn if it is none, is damaged, or is of a year whose layout is not known.
    """
    files = members(name)
    head = files[0].head()
    shape = Shape()
    if len(files) == 1 and _is_xml(head):
        yield _xml(name, files[0], year, shape)
        return
    if len(files) > 1 and (inner := [one for one in files if _is_xml(one.head(512))]):
        if len(inner) > 1:
            raise BadReturn(f"{name} holds {len(inner)} XML files. Give the one that is to be imported.")
        yield _xml(name, inner[0], year, shape)
        return
    stage = Stage()
    try:
        yield _tables(name, files, is_workbook(head), year, shape, stage)
    finally:
        stage.close()


def _is_xml(head: bytes) -> bool:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8"), (b"", "utf-8")):
        if head.startswith(mark):
            return head.removeprefix(mark).decode(encoding, "replace").lstrip().startswith("<")
    return False


def _xml(name: str, file: Member, year: int | None, shape: Shape) -> Return:
    header, tags, has_persons = xml.look(file)
    if not has_persons:
        raise BadReturn(f"{name} holds no person.")
    header = header or Header(place="")
    of, day, how = _year(name, header, tags, year, shape)

    def persons(progress: Progress) -> Iterator[Person]:
        return xml.persons(file, of, shape, lambda done: progress(done, file.size))
    return Return(name, "sen2_xml", digest([file]), header, of, day, how, file.size, persons, shape)


def _tables(name: str, files: list[Member], workbook: bool, year: int | None, shape: Shape, stage: Stage) -> Return:
    if workbook and len(files) > 1:
        raise BadReturn(f"{name} holds several workbooks. Give the one that is to be imported.")
    tables = workbook_tables(files[0]) if workbook else [csv_table(file) for file in files if file.name.lower().endswith((".csv", ".txt"))
                                                          or len(files) == 1]
    form = forms.form_of(tables, workbook)
    if form is None:
        raise BadReturn(f"{name} is no SEN2 return: neither XML, nor the nine tables of a COLLECT download, nor the DfE's workbook. A list"
                        " of another kind is taken in with `ehc import sheet`.")
    staged = _STAGERS[form](tables, stage, shape)
    stage.finish(shape, keyed=form != "sen2_blade")
    header = filled("header", *staged.header, shape) if staged.header else Header(place="")
    assert isinstance(header, Header)
    of, day, how = _year(name, header, staged.names, year, shape)
    size = stage.count("person")
    if not size:
        raise BadReturn(f"{name} holds no person.")

    def persons(progress: Progress) -> Iterator[Person]:
        return stage.persons(shape, of, lambda done: progress(done, size))
    return Return(name, form, digest(files), header, of, day, how, size, persons, shape)


_STAGERS = {"sen2_blade": forms.stage_blade, "sen2_workbook": forms.stage_workbook, "sen2_template": forms.stage_template,
            "sen2_tables": forms.stage_five}


def _year(name: str, header: Header, tags: set[str], said: int | None, shape: Shape) -> tuple[int, date, str]:
    """The survey's year and day, and how it is known: from the header, from its day, from the shape, or as it was said."""
    day = header.reference_date
    if header.year is not None and day is not None and header.year != day.year and said is None:
        raise BadReturn(f"{name}: its header says year {header.year} and survey day {day.isoformat()}, which do not go together. Ask"
                        " whoever made the file which is right, and say it with --year.")
    for year, how in ((said, "said"), (header.year, "header"), (day.year if day else None, "day"), (year_by_shape(tags), "shape")):
        if year is not None:
            break
    if year is None:
        raise BadReturn(f"{name} does not say of which year it is, and its items are those of several years. Say it with --year, such"
                        f" as --year {LAST_YEAR - 1}.")
    if year not in LAYOUTS:
        raise BadReturn(f"{name} is of {year}, and the layouts known are those of {FIRST_YEAR} to {LAST_YEAR}."
                        + (" The return of 2022 had another structure and was voluntary; import that of 2023." if year < FIRST_YEAR else
                           " A newer version of this program knows it."))
    if said is not None and header.year not in (None, said):
        raise BadReturn(f"{name} is of {header.year}, as its header says, and not of {said}.")
    if how == "shape":
        shape.say("H04", Level.QUERY, header.place or "the file", "header", "Year", f"the return does not say its year; by its items it is"
                  f" that of {year}", "say it with --year if that is wrong")
    survey = SURVEY_DAYS[year]
    if day is not None and day != survey and day.year == year:
        shape.say("H04", Level.QUERY, header.place, "header", "ReferenceDate", f"the survey day of {year} was {survey.isoformat()}, and the"
                  f" file says {day.isoformat()}; the file's own day was taken", "check the header", day.isoformat())
        survey = day
    return year, survey, how
