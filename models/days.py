"""Days as other systems write them: read where there is one reading only, refused with the reason where there are two."""

import re
from datetime import date, datetime, timedelta

FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)
_MONTHS = {name: number for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}
_FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
_TIME = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?(?:[AP]M))?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})-(\d{{1,2}}){_TIME}", re.I | re.A)
_BLADE = re.compile(rf"(\d{{4}})-([A-Za-z]{{3}})-(\d{{1,2}}){_TIME}", re.I | re.A)
_BRITISH = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_TIME}", re.I | re.A)
_WORDS = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?[ -]([A-Za-z]{{3,9}})\.?,?[ -](\d{{4}}){_TIME}", re.I | re.A)
_EXCEL_BEGAN = date(1899, 12, 30)


def read_day(told: object) -> date:
    """The day that is told, its time of day cut off: as a date, as 2026-03-02, 02/03/2026, 2 Mar 2026 or 2022-Sep-28 00:00:00.

    Raises ValueError that says why it is none; that text shows what was told.

    >>> read_day("02/03/2026"), read_day("2022-Sep-28 00:00:00")
    (datetime.date(2026, 3, 2), datetime.date(2022, 9, 28))
    """
    if isinstance(told, datetime):
        return _between(told.date(), str(told))
    if isinstance(told, date):
        return _between(told, str(told))
    text = " ".join(str(told).split())
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _BLADE.fullmatch(text):
        year, month, day = int(found[1]), _month(found[2], text), int(found[3])
    elif found := _BRITISH.fullmatch(text):
        day, month, year = map(int, found.groups())
        if month > 12 >= day:
            raise ValueError(f"{text!r} has no month {month}. It looks American; write DD/MM/YYYY or YYYY-MM-DD in the whole column.")
    elif found := _WORDS.fullmatch(text):
        day, month, year = int(found[1]), _month(found[2], text), int(found[3])
    elif re.fullmatch(r"\d{5}(\.0*)?", text, re.A):
        raise ValueError(f"{text!r} is a spreadsheet's own number for a day. Format the column as a date, YYYY-MM-DD or DD/MM/YYYY.")
    elif re.fullmatch(r"\d{1,2}[/-]\d{1,2}[/-]\d{2}", text, re.A):
        raise ValueError(f"{text!r} has a year of two digits. Write the year in full.")
    else:
        raise ValueError(f"{text[:40]!r} is no day. Write YYYY-MM-DD or DD/MM/YYYY.")
    try:
        return _between(date(year, month, day), text)
    except ValueError as error:
        if "far" in str(error):
            raise
        raise ValueError(f"{text!r} is not in the calendar. Check the day and the month (DD/MM/YYYY, YYYY-MM-DD).") from None


def day_of_number(number: float) -> date:
    """The day for which a workbook keeps this number (its 1900 system), the time cut off. Raises ValueError.

    >>> day_of_number(46083.5)
    datetime.date(2026, 3, 2)
    """
    if not 61 <= number < 73_415:                  # before 1 March 1900 the system counts a day that never was
        raise ValueError(f"{number:g} is no day.")
    return _EXCEL_BEGAN + timedelta(days=int(number))


def _month(name: str, text: str) -> int:
    low = name.lower()
    if len(low) > 3 and low != "sept" and low not in _FULL or low[:3] not in _MONTHS:
        raise ValueError(f"{text[:40]!r} has no month that is known. Write YYYY-MM-DD or DD/MM/YYYY.")
    return _MONTHS[low[:3]]


def _between(day: date, text: str) -> date:
    if not FIRST <= day <= LAST:
        raise ValueError(f"{text!r} is too far away to be right.")
    return day
