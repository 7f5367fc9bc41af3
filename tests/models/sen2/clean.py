"""Returns without a fault, for tests that spoil one thing in them."""

from datetime import date

from models.sen2.codes import SURVEY_DAYS
from models.sen2.record import Active, Assessment, Header, Need, Person, Placement, Plan, Request, Setting

LOOKED_AT = date(2027, 3, 1)


def header(year=2026, **more):
    return Header(**{"collection": "SEN2", "year": year, "reference_date": SURVEY_DAYS[year], "source_level": "L", "council": "201",
                     "software": "Example", "release": "1.0", "serial": "001", "made_at": f"{year}-02-02T09:30:00", "dmo": "Y",
                     "dco": "Y",
                     "dsco": "R"} | more)


def ada(year=2026):
    """The example of the reference: a plan of an earlier year, reviewed in the collection year, at a school with a SEN unit."""
    at = {"urn": "100000", "rank": "1", "sen_unit": True, "resourced": False}
    return Person(
        surname="Example", forename="Ada", birth_date=date(2014, 5, 6), sex="F", gender="2", ethnicity="WBRI", upn_unknown="UN5",
        place="line 1",
        key="P-ada", requests=[Request(
            key="EHC-ada", outcome="H", assessment=Assessment(outcome="H", plan=Plan(
                start=date(2021 if year == 2023 else 2022, 3, 1), personal_budget=False, settings=[Setting(**at)])),
            active=Active(placements=[Placement(entered=date(2022, 3, 14), **at)], needs=[Need(type="SLCN", rank="1")],
                          review_meeting=date(year - 1, 3, 10), review_outcome="M", last_review=date(year - 1, 3, 31)))])


def new_plan(year=2026):
    """A plan that was asked for, decided and issued in the collection year."""
    at = {"urn": "100001", "rank": "1", "sen_unit": False, "resourced": False}

    def day(month: int, of: int) -> date:
        return date(year - 1, month, of)

    return Person(
        surname="Sample", forename="Ben", birth_date=date(2016, 1, 2), sex="M", gender="1", ethnicity="WENG", upn="B801200005001",
        place="line 2",
        key="P-ben", requests=[Request(
            key="EHC-ben", received=day(2, 3), source="1", youth_accommodation=False, outcome_date=day(3, 14), outcome="Y",
            mediation=False,
            tribunal=False, assessment=Assessment(
                outcome="Y", outcome_date=day(6, 20), mediation=False, tribunal=False, other_mediation=False, other_tribunal=False,
                exception=False, plan=Plan(start=day(6, 20), personal_budget=False, settings=[Setting(**at)])),
            active=Active(placements=[Placement(entered=day(9, 1), **at)], needs=[Need(type="ASD", rank="1"), Need(type="SLCN",
            rank="2")]))])


def refused(year=2026):
    """A request that was refused in the collection year."""
    return Person(
        surname="Third", forename="Cy", birth_date=date(2012, 7, 8), sex="F", gender="2", ethnicity="NOBT", uln="9276308686",
        place="line 3",
        key="P-cy", requests=[Request(
            key="EHC-cy", received=date(year - 1, 4, 1), source="2", youth_accommodation=False, outcome_date=date(year - 1, 5, 1),
            outcome="N",
            mediation=True, tribunal=False)])


def undecided(year=2026):
    """A request of the autumn, and an assessment that is under way."""
    return Person(
        surname="Fourth", forename="Di", birth_date=date(2018, 7, 8), sex="F", gender="2", ethnicity="REFU", upn="A207000016048",
        place="line 4",
        key="P-di", requests=[Request(
            key="EHC-di", received=date(year - 1, 10, 1), source="3", youth_accommodation=False, outcome_date=date(year - 1, 11, 1),
            outcome="Y",
            mediation=False, tribunal=False, assessment=Assessment(outcome="A"))])


def everybody(year=2026):
    return [ada(year), new_plan(year), refused(year), undecided(year)]
