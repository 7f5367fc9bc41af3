"""The rules of modules 0 and 1: the header and the person."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from models.sen2 import codes
from models.sen2.finding import Level
from models.sen2.record import Header, Person
from models.sen2.rule import ULN_FORM, UPN_FORM, Book, Here, Hit, absent, age, code_at, in_their_sets, uln_is_right, upn_letter

BOOK = Book()
ERROR, QUERY = Level.ERROR, Level.QUERY
OLDEST = 25
"""A plan can be kept to the end of the school year in which the person turns 25 (s.46)."""

UN1_BELOW, LAST_WEEK = 6, timedelta(days=6)


@BOOK.rule("H01", ERROR, "header", "collection source_level", "S", "The collection is not SEN2, or the file is not from a council.",
           "Collection is SEN2 and SourceLevel L.")
def _collection(here: Here, header: Header) -> Iterator[Hit]:
    if header.collection != "SEN2":
        yield Hit("collection")
    if header.source_level != "L":
        yield Hit("source_level")


@BOOK.rule("H02", ERROR, "header", "council", "S", "The council's number is not one of the 153 councils.",
           "Give the three-digit number of the council (LEA).", "EHC_SEN2__COUNCIL=201 or --council 201")
def _council(here: Here, header: Header) -> Iterator[Hit]:
    if header.council not in codes.COUNCILS:
        yield Hit("council")


@BOOK.rule("H03", ERROR, "header", "serial made_at reference_date", "S",
           "The serial number, the moment of making or the survey day is missing or cannot be one.",
           "SerialNo has three digits, 001 upward; DateTime is ccyy-mm-ddThh:mm:ss and ReferenceDate ccyy-mm-dd.", "--serial 001")
def _serial(here: Here, header: Header) -> Iterator[Hit]:
    if not (header.serial and len(header.serial) == 3 and header.serial.isascii() and header.serial.isdigit()
    and header.serial != "000"):
        yield Hit("serial")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", header.made_at or "") or not _is_moment(header.made_at or ""):
        yield Hit("made_at")
    if header.reference_date is None:
        yield Hit("reference_date")


def _is_moment(text: str) -> bool:
    try:
        return bool(datetime.fromisoformat(text))
    except ValueError:
        return False


@BOOK.rule("H04", ERROR, "header", "reference_date year", "S", "The survey day is not that of the year.",
           "The DfE announces the survey day of each year; give year and day as they belong together.")
def _survey_day(here: Here, header: Header) -> Iterator[Hit]:
    day = codes.SURVEY_DAYS.get(header.year or 0)
    if day is None:
        yield Hit("year", "Known are " + ", ".join(map(str, codes.SURVEY_DAYS)) + ".")
    elif header.reference_date is not None and header.reference_date != day:
        yield Hit("reference_date", f"That of {header.year} is {day.isoformat()}.")


@BOOK.rule("H05", ERROR, "header", "dmo dco dsco", "S", "Whether there are designated officers is not said.",
           "DMO, DCO and, from 2026, DSCO are each Y, N or R (being recruited to).",
           {"dmo": "EHC_SEN2__DMO=Y", "dco": "EHC_SEN2__DCO=Y", "dsco": "EHC_SEN2__DSCO=Y"})
def _officers(here: Here, header: Header) -> Iterator[Hit]:
    for name, from_year in (("dmo", 0), ("dco", 0), ("dsco", 2026)):
        state = code_at(here, "header", header, name)[1]
        if state == "unknown" or (state == "absent" and here.world.year >= from_year):
            yield Hit(name)


def _sex(here: Here) -> str:
    return "gender" if here.world.year < 2024 else "sex"


@BOOK.rule("P01", ERROR, "person", "surname forename birth_date sex gender ethnicity", "S",
           "Surname, forename, birth date, sex or ethnicity is missing.", "Record it.",
           {"surname": "ehc person {case} --surname ...", "forename": "ehc person {case} --forename ...",
            "birth_date": "ehc person {case} --born DATE", "sex": "ehc person {case} --sex F", "gender": "ehc person {case} --sex F",
            "ethnicity": "ehc person {case} --ethnicity WBRI"})
def _particulars(here: Here, person: Person) -> Iterator[Hit]:
    yield from map(Hit, absent(person, "surname", "forename", "birth_date", _sex(here), "ethnicity"))


BOOK.rule("P02", ERROR, "person", "sex gender ethnicity upn_unknown", "S",
          "Sex, ethnicity or the reason without a number is no code of its set.",
          "Use a code of the return's code sets.",
          {"sex": "ehc person {case} --sex F", "ethnicity": "ehc person {case} --ethnicity WBRI",
           "upn_unknown": "ehc person {case} --upn-unknown UN5"})(
    in_their_sets("person", "sex", "gender", "ethnicity", "upn_unknown"))


@BOOK.rule("P03", ERROR, "person", "upn uln", "S", "The UPN or the ULN does not have its form.",
           "A UPN is a letter, eleven digits and a digit or letter; a ULN has ten digits.",
           {"upn": "ehc person {case} --upn ...", "uln": "ehc person {case} --uln ..."})
def _forms(here: Here, person: Person) -> Iterator[Hit]:
    for name, form in (("upn", UPN_FORM), ("uln", ULN_FORM)):
        value = getattr(person, name)
        if name in person.bad or (value is not None and not form.fullmatch(value)):
            yield Hit(name)


@BOOK.rule("P10", ERROR, "person", "upn uln upn_unknown", "G, Q", "There is no UPN, no ULN and no reason why.",
           "Give one of the numbers, or the reason (UN codes).", "ehc person {case} --upn-unknown UN1")
def _no_number(here: Here, person: Person) -> Iterator[Hit]:
    if len(absent(person, "upn", "uln", "upn_unknown")) == 3:
        yield Hit("upn_unknown")


@BOOK.rule("P11", QUERY, "person", "upn_unknown upn uln", "O", "A reason why there is no number stands beside a number.",
           "Take the reason out, or the number.", "ehc person {case} --upn-unknown none")
def _number_and_reason(here: Here, person: Person) -> Iterator[Hit]:
    if person.upn_unknown and (person.upn or person.uln):
        yield Hit("upn_unknown")


@BOOK.rule("P12", QUERY, "person", "upn_unknown birth_date", "G", "UN1 is for children under 6, and this one is older.",
           "Give the number, or the reason that holds.", "ehc person {case} --upn-unknown UN5")
def _too_old_for_un1(here: Here, person: Person) -> Iterator[Hit]:
    if person.upn_unknown == "UN1" and person.birth_date and age(person.birth_date, here.world.survey) >= UN1_BELOW:
        yield Hit("upn_unknown")


@BOOK.rule("P13", QUERY, "person", "upn_unknown", "G", "UN8 is for a person new to the council in the last week of the period.",
           "Give the number, or the reason that holds.", "ehc person {case} --upn-unknown UN5")
def _not_new(here: Here, person: Person) -> Iterator[Hit]:
    days = [day for one in person.requests for day in (one.received, one.plan and one.plan.start) if day]
    if person.upn_unknown == "UN8" and min(days, default=date.min) < here.world.closes - LAST_WEEK:
        yield Hit("upn_unknown")


@BOOK.rule("P14", ERROR, "person", "birth_date", "Q",
           "The birth date is in the future, or the person was over 25 before the school year began.",
           "Put the birth date right, or end the plan.", "ehc person {case} --born DATE")
def _age(here: Here, person: Person) -> Iterator[Hit]:
    born = person.birth_date
    if born and (born > min(here.world.last, here.world.survey) or age(born, date(here.world.year - 1, 8, 31)) > OLDEST):
        yield Hit("birth_date")


@BOOK.rule("P17", QUERY, "person", "upn uln", "O",
           "The check letter of the UPN or the check digit of the ULN is wrong: one character was mistyped.",
           "Compare it with the school's or the college's.", {"upn": "ehc person {case} --upn ...", "uln": "ehc person {case} --uln ..."})
def _check_characters(here: Here, person: Person) -> Iterator[Hit]:
    if person.upn and UPN_FORM.fullmatch(person.upn) and person.upn[0] != upn_letter(person.upn):
        yield Hit("upn")
    if person.uln and ULN_FORM.fullmatch(person.uln) and not uln_is_right(person.uln):
        yield Hit("uln")
