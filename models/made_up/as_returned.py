"""A made-up life as its council's return would tell it in a survey year: the records of `models.sen2.record`."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from models.made_up.life import Life
from models.sen2.codes import SURVEY_DAYS
from models.sen2.record import Active, Assessment, Header, Need, Person, Placement, Plan, Request, Setting

SURNAME = "Made-up"
SOFTWARE = "Made-up"
"""What a made-up return names as the software that it comes from: by it an import knows it again."""

NOWHERE = "000"
"""Stands in a made-up pupil number where the number of a council stands in a real one. No council has it."""

POSTCODE = "ZZ99 3VZ"
"""The Office for National Statistics' postcode of no fixed abode in England: nobody lives there."""

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_SCHOOLS = {"mainstream": 40, "special": 9, "early_years": 6}
_COLLEGES = 5


def upn(number: int, born: date) -> str:
    """A pupil number of the right form, with its check letter, that no pupil has.

    >>> upn(7, date(2016, 5, 4))
    'K000200000007'
    """
    digits = f"{NOWHERE}{(born.year + 4) % 100:02d}{number:07d}"
    return _UPN_LETTERS[sum(place * int(digit) for place, digit in enumerate(digits, 2)) % 23] + digits


def header(year: int, council: str, made_at: str, serial: str = "001") -> Header:
    """The header of a made-up return, which says in the name of its software that it is made up."""
    return Header(collection="SEN2", year=year, reference_date=SURVEY_DAYS[year], source_level="L", council=council, software=SOFTWARE,
                  release="made-up council", serial=serial, made_at=made_at, dmo="Y", dco="Y", dsco="Y" if year >= 2025 else None)


def people(lives: Iterable[Life], year: int) -> Iterator[Person]:
    """Whoever of these belongs in the return of that survey year, as it tells of them. Nobody else is drawn."""
    for life in lives:
        if (person := as_returned(life, year)) is not None:
            yield person


def as_returned(life: Life, year: int) -> Person | None:
    """One person of the return, or None if nothing of this life belongs in that year's: all was over before, or is still to come."""
    day, opens = SURVEY_DAYS[year], date(year - 1, 1, 1)
    request = _request(life, day, opens, year)
    if request is None:
        return None
    has_upn = life.age_on(day) >= 4
    return Person(
        surname=SURNAME, forename=f"Child {life.number}", birth_date=life.born, ethnicity=life.ethnicity, postcode=POSTCODE,
        sex=life.sex if year >= 2024 else None, gender=None if year >= 2024 else {"M": "1", "F": "2"}[life.sex],
        upn=upn(life.number, life.born) if has_upn else None, upn_unknown=None if has_upn else "UN1", requests=[request])


def _by(when: date | None, day: date) -> date | None:
    return when if when is not None and when <= day else None


def _request(life: Life, day: date, opens: date, year: int) -> Request | None:
    ended = _by(life.ceased_on, day)
    if ended is not None and ended < opens:
        return None
    if life.received is None:
        if life.plan_start is None or life.plan_start > day:
            return None
        return Request(outcome="H", assessment=Assessment(outcome="H", other_mediation=False, other_tribunal=False,
                                                          plan=_plan(life, day)), active=_active(life, day, year))
    if life.received > day:
        return None
    request = Request(received=None if life.dirty and life.number % 2 else life.received, youth_accommodation=False,
                      source=(life.source or None) if year >= 2025 else None)
    if _by(life.withdrawn_on, day) and life.asked_on is None:
        request.outcome = "W"
        return request if life.withdrawn_on >= opens else None
    if _by(life.decided_on, day) is None:
        request.outcome = "A"
        return request
    if life.assess is False:
        if life.decided_on < opens and not (_by(life.reversed_on, day) and _still_counts(life, opens)):
            return None
        request.outcome, request.outcome_date = "N", life.decided_on
    else:
        request.outcome = "Y" if life.decided_on >= opens else "H"
        request.outcome_date = life.decided_on if request.outcome == "Y" else None
    if request.outcome != "H":
        later = day - life.decided_on > timedelta(days=60)
        request.mediation, request.tribunal = life.mediation and later, life.tribunal and later
    else:
        request.youth_accommodation = None
    if life.assess or _by(life.reversed_on, day):
        request.assessment = _assessment(life, day, opens)
        if request.assessment.plan is not None:
            request.active = _active(life, day, year)
        if not _still_counts(life, opens):
            return None
    return request


def _still_counts(life: Life, opens: date) -> bool:
    """Whether anything of it reaches into the collection year."""
    if life.withdrawn_on is not None:
        return life.withdrawn_on >= opens
    if life.issue is False:
        return life.issue_on >= opens
    return True


def _assessment(life: Life, day: date, opens: date) -> Assessment:
    if _by(life.withdrawn_on, day):
        return Assessment(outcome="W")
    if _by(life.issue_on, day) is None:
        return Assessment(outcome="A")
    if not life.issue:
        return Assessment(outcome="N", outcome_date=life.issue_on, mediation=False, tribunal=False, other_mediation=False,
                          other_tribunal=False)
    if _by(life.plan_start, day) is None:
        return Assessment(outcome="Y", mediation=False, tribunal=False, other_mediation=False, other_tribunal=False,
                          exception=life.exception)
    plan = _plan(life, day)
    if life.plan_start < opens:
        return Assessment(outcome="H", other_mediation=False, other_tribunal=False, plan=plan)
    on = life.received - timedelta(days=3) if life.dirty and not life.number % 2 else life.plan_start
    return Assessment(outcome="Y", outcome_date=on, mediation=False, tribunal=False, other_mediation=False, other_tribunal=False,
                      exception=life.exception, plan=plan)


def _plan(life: Life, day: date) -> Plan:
    ended = _by(life.ceased_on, day)
    named = Setting(rank="1", **where(life, in_plan=True))
    return Plan(start=life.plan_start, settings=[named], residential=life.residential, personal_budget=life.budget,
                organised=False if life.budget else None, direct_payments="S" if life.budget else None,
                cease_date=ended, cease_reason=life.cease_reason if ended else None)


def _active(life: Life, day: date, year: int) -> Active:
    ended = _by(life.ceased_on, day)
    placed = where(life, in_plan=year < 2024)                        # those outside education had no code of their own before
    placement = Placement(rank="1", entered=life.plan_start, left=ended, residential=life.residential if year >= 2024 else None,
                          attendance="FT" if year == 2023 else None, **placed)
    active = Active(placements=[placement], needs=[Need(type=_need(need, year), rank=str(rank)) for rank, need in enumerate(life.needs, 1)])
    review = next((one for one in reversed(life.reviews) if one.meeting <= day), None)
    if review is not None:
        done = review.decided <= day
        active.last_review = review.decided if done else None
        if year >= 2024:
            active.review_meeting = review.meeting
            active.review_outcome = (review.outcome or None) if done else None
        if year >= 2025 and done:
            active.review_draft = review.draft
    if year >= 2025 and life.transfer_due is not None and life.transfer_due.year == year and ended is None:
        active.transfer_due, active.transfer_final = life.transfer_due, _by(life.transfer_final, day)
    return active


def _need(need: str, year: int) -> str:
    return "OTH" if need == "DS" and year < 2025 else need


def where(life: Life, in_plan: bool) -> dict[str, object]:
    """Which setting it is: one of the made-up council's schools (their numbers begin with 9990) or colleges, or a code."""
    if life.setting in _SCHOOLS:
        kinds = list(_SCHOOLS)
        first = sum(_SCHOOLS[kind] for kind in kinds[:kinds.index(life.setting)])
        return {"urn": f"9990{first + life.number % _SCHOOLS[life.setting]:02d}",
                "sen_unit": life.setting == "mainstream" and life.number % 60 == 0,
                "resourced": life.setting == "mainstream" and life.number % 40 == 0}
    if life.setting == "college":
        return {"ukprn": f"9999000{life.number % _COLLEGES}"}
    code = "OTH" if in_plan and life.setting in ("NEET", "NIEO") else life.setting
    return {"code": code, "other": "made-up arrangement" if code in ("OTH", "NIEO") else None}
