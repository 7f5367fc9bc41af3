"""By what the figures are told apart: source of the request, sex, age, need, setting, reason for ceasing."""

from datetime import date

from models.figures.entry import Entry, age_at_start_of_school_year
from models.figures.measure import Topic
from models.figures.period import Period
from models.sen2 import codes
from models.sen2.record import Placement, Setting

NOT_KNOWN = "not known"
YOUNGEST, OLDEST = 2, 20
AGES = (f"{YOUNGEST} and under", *map(str, range(YOUNGEST + 1, OLDEST)), f"{OLDEST} and over")
_SEX = {"M": "male", "F": "female"}
_GENDER = {"1": "male", "2": "female"}


def _source(entry: Entry, _: Period) -> str:
    return codes.REQUEST_SOURCE.words.get(entry.request.source or "", NOT_KNOWN)


def _sex(entry: Entry, _: Period) -> str:
    person = entry.person
    return _SEX.get(person.sex or "") or _GENDER.get(person.gender or "", NOT_KNOWN)


def _banded(age: int | None) -> str:
    if age is None:
        return NOT_KNOWN
    return AGES[0] if age <= YOUNGEST else AGES[-1] if age >= OLDEST else str(age)


def _age_at_request(entry: Entry, _: Period) -> str:
    return _banded(entry.age(entry.request.received))


def _age_at_plan(entry: Entry, _: Period) -> str:
    return _banded(entry.age(entry.plan.start if entry.plan else None))


def _age_in_school_year(entry: Entry, period: Period) -> str:
    return _banded(age_at_start_of_school_year(entry, period))


def _need(entry: Entry, _: Period) -> str:
    needs = entry.request.active.needs if entry.request.active else []
    main = next((need.type for need in needs if need.rank == "1"), None) or (needs[0].type if len(needs) == 1 else None)
    return codes.NEED.words.get(main or "", NOT_KNOWN)


MAINSTREAM, NUMBERED, POST_16 = "mainstream, by its unit or resourced provision", "school, by its number", "further education and post-16"
ELSEWHERE, EARLY_YEARS, OTHER, NO_SETTING = "educated elsewhere", "non-maintained early years", "other", "not recorded"
SETTINGS = (MAINSTREAM, NUMBERED, POST_16, ELSEWHERE, EARLY_YEARS, OTHER, NO_SETTING)
_GROUPS = {"OLA": ELSEWHERE, "OPA": ELSEWHERE, "EHE": ELSEWHERE, "NEET": ELSEWHERE, "NIEC": ELSEWHERE, "NIEO": ELSEWHERE,
           "EYP": EARLY_YEARS, "OTH": OTHER}


def group_of(setting: Setting | None) -> str:
    """The group of a setting, as far as the return alone tells it.

    Whether a school with a number is mainstream or special stands in the register of schools and not in the return; only a
    mainstream school has a unit or resourced provision.
    """
    if setting is None:
        return NO_SETTING
    if setting.sen_unit or setting.resourced:
        return MAINSTREAM
    if setting.urn:
        return NUMBERED
    if setting.ukprn:
        return POST_16
    return _GROUPS.get(setting.code or "", NO_SETTING)


def _named_in_plan(entry: Entry, _: Period) -> str:
    settings = entry.plan.settings if entry.plan else []
    return group_of(next((one for one in settings if one.rank == "1"), settings[0] if len(settings) == 1 else None))


def attended(entry: Entry, on: date) -> Placement | None:
    """The main placement on a day."""
    there = [one for one in (entry.request.active.placements if entry.request.active else ()) if one.is_open_on(on)]
    return next((one for one in there if one.rank == "1"), there[0] if len(there) == 1 else None)


def _attended(entry: Entry, period: Period) -> str:
    return group_of(attended(entry, period.stock_on))


def _reason(entry: Entry, _: Period) -> str:
    return codes.CEASE_REASON.words.get((entry.plan.cease_reason if entry.plan else None) or "", NOT_KNOWN)


_SEXES = ("male", "female", NOT_KNOWN)
_NEEDS = (*codes.NEED.words.values(), NOT_KNOWN)

# Single years of age are not for the public: a council has too few cases in most of them, and hiding these takes the rest along.
SOURCE = Topic("source", "Source of request", _source, (*codes.REQUEST_SOURCE.words.values(), NOT_KNOWN))
SEX = Topic("sex", "Sex", _sex, _SEXES)
AGE_AT_REQUEST = Topic("age", "Age at time of request", _age_at_request, (*AGES, NOT_KNOWN), public=False)
AGE_AT_PLAN = Topic("age", "Age when plan started", _age_at_plan, (*AGES, NOT_KNOWN), public=False)
AGE_IN_SCHOOL_YEAR = Topic("age", "Age at start of academic year", _age_in_school_year, (*AGES, NOT_KNOWN), public=False)
NEED = Topic("need", "Primary type of need", _need, _NEEDS)
SETTING_NAMED = Topic("setting", "Type of setting named", _named_in_plan, SETTINGS)
SETTING_ATTENDED = Topic("setting", "Type of placement", _attended, SETTINGS)
REASON = Topic("reason", "Reason for ceasing", _reason, (*codes.CEASE_REASON.words.values(), NOT_KNOWN))
