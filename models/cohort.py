"""Which transfer between phases of education lies ahead of a child or young person in the next calendar year (regs 2(1), 18).

By the school year of birth, from 1 September to 31 August, and the kind of setting attended. A child who is taught outside
that year group, or who stays where a transfer would be usual, is for the council to exclude, with its reason.
"""

from dataclasses import dataclass
from datetime import date

EARLY_YEARS = ("early_years", "maintained_nursery")
AFTER_SCHOOL = ("fe_college", "post16")
NOT_INFANT = ("pru", "ap_academy", "non_maintained_special", "independent", "section_41", "primary_school")
"""Kinds of setting where year 2 ends no phase."""

SECONDARY_TO_POST16, OTHER = "secondary_to_post16", "other"


@dataclass(frozen=True, slots=True)
class Ahead:
    """What the next calendar year brings: a transfer, or none (`transfer` is None), and why.

    `unclear` tells that there may be one: what is on record of the setting does not say.
    """

    transfer: str | None
    year: int
    why: str
    unclear: bool = False


def school_year(day: date) -> int:
    """The calendar year in which the school year of `day` began, on 1 September.

    >>> school_year(date(2026, 8, 31)), school_year(date(2026, 9, 1))
    (2025, 2026)
    """
    return day.year if day.month >= 9 else day.year - 1


def year_group(born: date, day: date) -> int:
    """The national curriculum year on `day` by age: 0 is reception, in which a child turns five.

    >>> year_group(date(2015, 8, 31), date(2026, 9, 1)), year_group(date(2015, 9, 1), date(2026, 9, 1))
    (7, 6)
    """
    return school_year(day) - school_year(born) - 5


def transfer_ahead(born: date, setting: str | None, day: date) -> Ahead:
    """The transfer in the calendar year after the 1 September that began the school year of `day`.

    `setting` is the kind of setting attended as it is on record (`setting_type`, else `attends`), or None.

    >>> transfer_ahead(date(2015, 9, 1), "academy", date(2026, 9, 1))
    Ahead(transfer='other', year=2027, why='year 6: from primary to secondary school', unclear=False)
    """
    group, year = year_group(born, day), school_year(day) + 1

    def found(transfer: str | None, why: str, unclear: bool = False) -> Ahead:
        return Ahead(transfer, year, why, unclear)

    if group not in (-1, 0, 2, 6, 11):
        return found(None, f"{_words(group)} ends no phase of education")
    if setting in (None, "none"):
        return found(None, f"{_words(group)}: no setting is on record", unclear=True)
    if group in (-1, 0):
        return found(OTHER, f"{_words(group)}: from early years to school") if setting in EARLY_YEARS else found(
            None, f"{_words(group)}: at a school already")
    if group == 2:
        if setting == "infant_school":
            return found(OTHER, "year 2: from infant to junior school")
        if setting in NOT_INFANT:
            return found(None, "year 2 ends no phase at this kind of setting")
        return found(None, "year 2: the record does not say whether the setting is an infant school", unclear=True)
    if group == 6:
        return found(OTHER, "year 6: from primary to secondary school")
    if setting in AFTER_SCHOOL:
        return found(None, "year 11: at a post-16 institution already")
    return found(SECONDARY_TO_POST16, "year 11: from secondary school to a post-16 institution")


def _words(group: int) -> str:
    return f"year {group}" if group > 0 else "reception" if group == 0 else "early years"
