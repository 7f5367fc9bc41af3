"""Each rule of the return by a return that breaks it and no other; a return without a fault breaks none."""

import importlib
from dataclasses import fields
from datetime import date

import pytest

from models.sen2.record import Assessment, Need, Placement, Request, Setting
from models.sen2.rule import BASES, MODULES, School
from models.sen2.rules import RULES, Check, check, own_keys
from tests.models.sen2 import clean
from tests.models.sen2.clean import LOOKED_AT

SCHOOLS = {"100000": School("1", sen_unit=True, resourced=False), "100001": School("1", sen_unit=False, resourced=False)}
MANY_SCHOOLS = {**SCHOOLS, "100002": School("1", closed=date(2020, 8, 31)), "100003": School("18")}


def found(header, persons, register=SCHOOLS, last=LOOKED_AT):
    return list(check(header, persons, last, register=register, refs=own_keys))


@pytest.mark.parametrize("year", range(2023, 2028))
def test_a_return_without_a_fault_breaks_no_rule(year):
    assert found(clean.header(year), clean.everybody(year)) == []


def spoil(**values):
    """Set values along a path from the persons: `ada.active.needs.0.type`."""
    def spoiled(header, people):
        for path, value in values.items():
            *way, last = path.split("__")
            at = header if way[0] == "header" else people[way[0]]
            for step in way[1:]:
                at = at[int(step)] if step.isdigit() else at.requests[0] if step == "request" else getattr(at, step)
            if isinstance(value, Bad):
                at.bad[last] = value
                setattr(at, last, None)
            else:
                setattr(at, last, value)
    return spoiled


class Bad(str):
    """What stood in the file and cannot be what the item asks for."""


SECOND = Setting(urn="100001", rank="2", sen_unit=False, resourced=False)
DAY = date(2025, 6, 20)


BREAKS = {
    "H01": [spoil(header__collection="SEN1"), spoil(header__source_level=None)],
    "H02": [spoil(header__council="999"), spoil(header__council=Bad("20A")), spoil(header__council="XXX")],
    "H03": [spoil(header__serial="1"), spoil(header__serial="000"), spoil(header__made_at="2026-02-30T09:30:00"), spoil(header__made_at="yesterday")],
    "H04": [spoil(header__reference_date=date(2026, 1, 16)), spoil(header__reference_date=date(2025, 1, 16))],
    "H05": [spoil(header__dmo=None), spoil(header__dco=Bad("X")), spoil(header__dsco=None)],
    "P01": [spoil(**{f"ada__{name}": None}) for name in ("surname", "forename", "birth_date", "sex", "ethnicity")],
    "P02": [spoil(ada__sex=Bad("X")), spoil(ada__ethnicity=Bad("ZZZZ")), spoil(ada__upn_unknown=Bad("UN4"))],
    "P03": [spoil(ben__upn=Bad("B80120000500")), spoil(ben__upn="S801200005001"), spoil(cy__uln=Bad("12345678"))],
    "P10": [spoil(ada__upn_unknown=None)],
    "P11": [spoil(ben__upn_unknown="UN5")],
    "P12": [spoil(ada__upn_unknown="UN1", ada__birth_date=date(2020, 1, 15))],
    "P13": [spoil(ada__upn_unknown="UN8")],
    "P14": [spoil(ada__birth_date=date(1999, 8, 31))],
    "P15": [spoil(di__upn="B801200005001")],
    "P16": [spoil(di__surname="SAMPLE", di__forename="Ben", di__birth_date=date(2016, 1, 2))],
    "P17": [spoil(ben__upn="A801200005001"), spoil(cy__uln="9276308685"), spoil(cy__uln="9999999999")],
    "R01": [spoil(ada__request__outcome=Bad("X")), spoil(cy__request__source=Bad("6")), spoil(cy__request__tribunal=Bad("maybe")),
            spoil(cy__request__youth_accommodation=Bad("2"))],
    "R02": [spoil(cy__request__exported=Bad("9999"))],
    "R03": [spoil(ada__request__outcome=None)],
    "R10": [spoil(ben__request__received=None), spoil(cy__request__youth_accommodation=None)],
    "R11": [spoil(ben__request__outcome_date=None), spoil(cy__request__outcome_date=None)],
    "R12": [spoil(ada__request__outcome_date=date(2022, 1, 3))],
    "R13": [spoil(ben__request__received=date(2025, 3, 15)), spoil(ada__request__received=date(2014, 5, 5)),
            spoil(di__request__received=date(2026, 2, 3), di__request__outcome_date=date(2026, 2, 4))],
    "R14": [spoil(ben__request__received=date(2024, 12, 1), ben__request__outcome_date=date(2024, 12, 31)),
            spoil(cy__request__received=date(2024, 12, 1), cy__request__outcome_date=date(2024, 12, 31)),
            spoil(cy__request__outcome_date=date(2026, 1, 1))],
    "R15": [spoil(ben__request__mediation=None), spoil(cy__request__tribunal=None)],
    "R16": [spoil(di__request__assessment=None)],
    "R17": [spoil(di__request__outcome="A", di__request__outcome_date=None)],
    "R18": [spoil(di__request__outcome="N")],
    "R19": [spoil(ben__request__source=None)],
    "R20": [spoil(di__request__exported="202")],
    "R21": [spoil(cy__request__exported="201"), spoil(ada__request__active__transferred_from="201")],
    "R23": [lambda header, people: people["di"].requests.append(
        Request(key="EHC-2", received=DAY, source="1", youth_accommodation=False, outcome="A"))],
    "A01": [spoil(ada__request__assessment__outcome=Bad("Q")), spoil(ben__request__assessment__exception=Bad("9"))],
    "A02": [spoil(di__request__assessment__outcome=None)],
    "A03": [spoil(ben__request__assessment__mediation=None), spoil(ben__request__assessment__tribunal=None)],
    "A10": [spoil(ben__request__assessment__outcome_date=None),
            lambda header, people: people["di"].requests.__setitem__(0, Request(
                key="EHC-di", received=DAY, source="1", youth_accommodation=False, outcome="Y", outcome_date=DAY, mediation=False,
                tribunal=False,
                assessment=Assessment(outcome="N", mediation=False, tribunal=False)))],
    "A11": [spoil(di__request__assessment=Assessment(outcome="N", outcome_date=date(2025, 10, 31), mediation=False, tribunal=False)),
            spoil(di__request__assessment=Assessment(outcome="N", outcome_date=date(2026, 2, 3), mediation=False, tribunal=False))],
    "A12": [spoil(ben__request__assessment__exception=None)],
    "A13": [spoil(ben__request__assessment__outcome="A", ben__request__assessment__outcome_date=None),
            spoil(ben__request__assessment__outcome="W", ben__request__assessment__outcome_date=None)],
    "A14": [spoil(ben__request__assessment__outcome="N")],
    "A15": [spoil(ben__request__active__transferred_from="202")],
    "A16": [spoil(ada__request__assessment__plan__start=DAY)],
    "A17": [spoil(ben__request__received=date(2024, 2, 3), ben__request__outcome="H", ben__request__outcome_date=None,
                  ben__request__assessment__outcome_date=date(2024, 12, 31), ben__request__assessment__plan__start=date(2024, 12, 31),
                  ben__request__active__review_meeting=date(2025, 12, 1))],
    "N01": [spoil(ben__request__assessment__plan__residential=Bad("C")),
    spoil(ben__request__assessment__plan__direct_payments=Bad("X"))],
    "N02": [lambda header, people: people["ben"].requests[0].plan.settings.extend([SECOND, SECOND])],
    "N03": [spoil(ben__request__assessment__plan__personal_budget=None)],
    "N10": [spoil(ada__request__assessment__plan__start=None), spoil(ada__request__assessment__plan__start=date(2026, 3, 2))],
    "N11": [spoil(ben__request__assessment__plan__start=date(2025, 6, 21))],
    "N12": [spoil(ada__request__assessment__plan__cease_date=date(2025, 7, 1)),
    spoil(ada__request__assessment__plan__cease_reason="2"),
            spoil(ada__request__assessment__plan__cease_date=date(2022, 2, 28), ada__request__assessment__plan__cease_reason="2"),
            spoil(ada__request__assessment__plan__cease_date=date(2026, 3, 2), ada__request__assessment__plan__cease_reason="2")],
    "N13": [spoil(ada__request__assessment__plan__cease_date=date(2025, 7, 1), ada__request__assessment__plan__cease_reason=reason)
            for reason in ("1", "3", "4")],
    "N14": [spoil(ben__request__assessment__plan__organised=True), spoil(ben__request__assessment__plan__direct_payments="E")],
    "N15": [lambda header, people: people["ben"].requests[0].plan.settings.append(
                Setting(urn="100000", rank="1", sen_unit=False, resourced=False)),
            spoil(ben__request__assessment__plan__settings__0__rank="2"),
            spoil(ada__request__assessment__plan__settings=[], ada__request__assessment__plan__cease_date=date(2025, 7, 1),
                  ada__request__assessment__plan__cease_reason="2")],
    "N16": [spoil(ben__request__assessment__plan__settings=[Setting(rank="1")]),
            spoil(ben__request__active__placements__0__ukprn="10000001")],
    "N17": [spoil(ben__request__assessment__plan__settings=[Setting(code="OTH", rank="1")]),
            spoil(ben__request__active__placements=[Placement(code="NIEO", rank="1")])],
    "N18": [spoil(ben__request__assessment__plan__settings=[Setting(code="NEET", rank="1")]),
            spoil(ben__request__assessment__plan__settings__0__urn=None,
            ben__request__assessment__plan__settings__0__code=Bad("NIEC"))],
    "N19": [spoil(ben__request__assessment__plan__settings=[])],
    "S01": [spoil(ben__request__assessment__plan__settings__0__urn=Bad("1000001")),
    spoil(ben__request__active__placements__0__urn=Bad("12E")),
            spoil(ben__request__active__placements__0__urn=None, ben__request__active__placements__0__code=Bad("XYZ"))],
    "S02": [spoil(ben__request__assessment__plan__settings__0__rank=Bad("3")),
    spoil(ben__request__active__placements__0__sen_unit=Bad("Y"))],
    "S10": [spoil(ben__request__active__placements__0__urn="999999"),
    spoil(ben__request__assessment__plan__settings__0__urn="100002")],
    "S11": [spoil(ben__request__assessment__plan__settings__0__urn="100003")],
    "S12": [spoil(ben__request__active__placements__0__sen_unit=True),
    spoil(ada__request__assessment__plan__settings__0__resourced=True)],
    "S13": [spoil(ben__request__active__placements__0__sen_unit=None, ben__request__active__placements__0__resourced=None)],
    "L01": [spoil(ada__request__active__needs__0__rank=Bad("3")),
            lambda header, people: people["ben"].requests[0].active.needs.append(Need(type="HI", rank="2"))],
    "L02": [spoil(ada__request__active__review_outcome=Bad("X"))],
    "L03": [spoil(ada__request__active__transferred_from=Bad("99"))],
    "L04": [spoil(ben__request__active__placements__0__residential=Bad("C")),
    spoil(ben__request__active__placements__0__work_based=Bad("X"))],
    "L10": [spoil(ben__request__active=None), spoil(ben__request__active__placements__0__left=date(2025, 12, 1)),
            spoil(ben__request__active__placements__0__entered=date(2026, 1, 16))],
    "L11": [spoil(ben__request__active__placements=[]), spoil(ben__request__active__placements__0__rank="2"),
            lambda header, people: people["ben"].requests[0].active.placements.append(
                Placement(urn="100000", rank="1", sen_unit=False, resourced=False, entered=DAY))],
    "L12": [spoil(ben__request__active__placements__0__entered=None),
            lambda header, people: people["ben"].requests[0].active.placements.append(
                Placement(urn="100000", rank="1", sen_unit=False, resourced=False, entered=DAY, left=date(2025, 6, 19)))],
    "L13": [spoil(ben__request__active__needs__1__rank="1"), spoil(ada__request__active__needs__0__rank="2"),
            spoil(ben__request__active__needs__1__type="ASD")],
    "L14": [spoil(ada__request__active__review_meeting=None, ada__request__active__last_review=None,
    ada__request__active__review_outcome=None)],
    "L15": [spoil(ada__request__active__last_review=date(2025, 3, 9)),
            spoil(ben__request__active__last_review=DAY, ben__request__active__review_outcome="M")],
    "L16": [spoil(ada__request__active__review_outcome=None)],
    "L17": [spoil(ada__request__active__review_draft=date(2025, 4, 1))],
    "L18": [spoil(ada__request__active__transfer_final=date(2025, 2, 14)), spoil(ada__request__active__transfer_due=date(2025, 2,
    16))],
    "L19": [spoil(ada__request__active__placements=[Placement(code="NEET", rank="1")])],
    "L21": [spoil(ada__request__active__needs=[]), spoil(ada__request__active__needs__0__type=None)],
    "X02": [spoil(ben__request__active__placements__0__entered=Bad("2025-09-31")), spoil(ben__request__received=Bad("2025-02-30")),
            spoil(ada__request__active__last_review=Bad("31.06.2025"))],
}

IN_2024 = {"L20": [spoil(ben__request__active__needs__1__type="DS"), spoil(ben__request__active__needs__1__type=Bad("DS"))]}
IN_2023 = {"L20": [spoil(ada__birth_date=date(2005, 1, 1), ada__request__active__placements=[Placement(code="NEET", rank="1")])],
           "P01": [spoil(ada__gender=None)], "P02": [spoil(ada__gender=Bad("3"))], "H05": [spoil(header__dmo=None)],
           "L04": [spoil(ben__request__active__residential=Bad("Z")),
           spoil(ben__request__active__placements__0__attendance=Bad("Z"))]}
CASES = [(id, year, place, one) for year, table in ((2026, BREAKS), (2024, IN_2024), (2023, IN_2023)) for id, ways in table.items()
         for place, one in enumerate(ways)]


@pytest.mark.parametrize("id, year, spoiled", [(id, year, one) for id, year, _, one in CASES],
                         ids=[f"{id}-{year}-{place}" for id, year, place, _ in CASES])
def test_a_return_that_breaks_one_rule_breaks_just_that_one(id, year, spoiled):
    header, people = clean.header(year), dict(zip(("ada", "ben", "cy", "di"), clean.everybody(year), strict=True))
    spoiled(header, people)
    findings = found(header, people.values(), MANY_SCHOOLS)
    assert {finding.rule for finding in findings} == {id}
    rule = RULES[id]
    for finding in findings:
        assert finding.level is rule.level and finding.says.startswith(rule.says) and finding.do.startswith(rule.do)
        assert id[0] in "HX" or (finding.case_ref and finding.person_ref and finding.place)


def test_every_rule_has_a_return_that_breaks_it():
    assert {*BREAKS, *IN_2024, *IN_2023, "R22", "X01"} == RULES.keys()


def many(number, of, spoiled):
    people = []
    for place in range(of):
        one = clean.new_plan()
        one.surname, one.upn, one.upn_unknown = f"Sample {place}", None, "UN5"
        one.place = f"line {place}"
        if place < number:
            spoiled(None, {"ben": one})
        people.append(one)
    return people


@pytest.mark.parametrize("spoiled, tag, code", [
    (spoil(ben__request__source="5"), "RequestSource", "5"),
    (spoil(ben__request__assessment__plan__cease_date=date(2025, 12, 1), ben__request__assessment__plan__cease_reason="9"),
     "CeaseReason", "9"),
    (spoil(ben__request__assessment__plan__settings=[Setting(code="OTH", rank="1", other="a")]), "SENSetting", "OTH"),
    (spoil(ben__request__active__placements=[Placement(code="NIEO", rank="1", other="a")]), "SENSetting", "NIEO")])
def test_r22_many_are_coded_as_other(spoiled, tag, code):
    findings = found(clean.header(), many(11, 90, spoiled))
    assert {(one.rule, one.tag, one.value) for one in findings} == {("R22", tag, code)}
    assert found(clean.header(), many(9, 20, spoiled)) == []          # fewer than ten are not many


def test_r22_counts_against_all_that_say_who_asked():
    others = spoil(ben__request__source="5")
    assert found(clean.header(), many(10, 100, others)) == []
    assert [one.says for one in found(clean.header(), many(11, 100, others))] == [
        "Many are coded as other. 11 of 100 requests have RequestSource 5."]


# --- the days on which a rule turns -------------------------------------------------------------------------------

@pytest.mark.parametrize("spoiled, breaks", [
    (spoil(ada__upn_unknown="UN1", ada__birth_date=date(2020, 1, 16)), set()),
    (spoil(ada__birth_date=date(1999, 9, 1)), set()),
    (spoil(ada__request__assessment__plan__start=date(2025, 1, 1)), {"A16"}),
    (spoil(ada__request__assessment__plan__start=date(2024, 12, 31)), set()),
    (spoil(cy__request__outcome_date=date(2025, 12, 31)), set()),
    (spoil(cy__request__received=date(2024, 12, 1), cy__request__outcome_date=date(2025, 1, 1)), set()),
    (spoil(ada__request__active__last_review=date(2025, 3, 10)), set()),
    (spoil(ada__request__active__transfer_due=date(2025, 3, 31)), set()),
    (spoil(ada__request__assessment__plan__start=date(2026, 2, 2)), set()),
    (spoil(ada__request__active=None, ada__request__assessment__plan__start=date(2026, 1, 16)), set()),
    (spoil(ada__request__active=None, ada__request__assessment__plan__start=date(2026, 1, 15)), {"L10"}),
    (spoil(ada__request__active__placements__0__left=date(2026, 1, 15)), set()),
    (spoil(ada__request__active__placements__0__left=date(2026, 1, 14)), {"L10"}),
])
def test_the_day_before_the_day_and_the_day_after(spoiled, breaks):
    header, people = clean.header(), dict(zip(("ada", "ben", "cy", "di"), clean.everybody(), strict=True))
    spoiled(header, people)
    assert {finding.rule for finding in found(header, people.values())} == breaks


@pytest.mark.parametrize("start, old", [(date(2025, 1, 14), True), (date(2025, 1, 15), False), (date(2025, 1, 16), False)])
def test_a_plan_of_exactly_twelve_months_is_not_older(start, old):
    person = clean.new_plan()
    request = person.requests[0]
    request.received, request.outcome_date = date(2024, 10, 1), None
    request.outcome = "H"
    request.plan.start = request.assessment.outcome_date = start
    assert ("L14" in {finding.rule for finding in found(clean.header(), [person])}) is old


def test_un8_is_for_who_came_in_the_last_week():
    for received, breaks in ((date(2025, 12, 24), {"P13"}), (date(2025, 12, 25), set())):
        person = clean.undecided()
        person.upn, person.upn_unknown = None, "UN8"
        person.requests = [Request(received=received, source="1", youth_accommodation=False, outcome="A")]
        assert {finding.rule for finding in found(clean.header(), [person])} == breaks


# --- over the rules ----------------------------------------------------------------------------------------------

def test_without_the_register_of_schools_three_rules_are_not_run():
    looking = Check(clean.header(), LOOKED_AT)
    assert [rule.id for rule in looking.not_run] == ["S10", "S11", "S12"]
    assert found(clean.header(), clean.everybody(), None) == []
    assert Check(clean.header(), LOOKED_AT, SCHOOLS).not_run == ()


def test_the_rules_are_well_formed():
    for rule in RULES.values():
        assert rule.id[0] in MODULES and set(rule.basis.split(", ")) <= BASES.keys() and rule.dfe == ""
        assert rule.says.endswith(".") and rule.do.endswith(".") and not any(mark in rule.do for mark in "{}`")
        assert set(rule.command if isinstance(rule.command, dict) else ()) <= set(rule.fields)


def test_no_name_birth_date_number_or_word_stands_in_a_finding():
    person = clean.ada()
    secret = ["Example", "Ada", "2014", "Elsewhere"]
    person.bad |= {"upn": "Ada Example", "ethnicity": "Ada", "sex": "Ada"}
    person.ethnicity = person.sex = person.upn = None
    person.requests[0].assessment.plan.settings[0].bad["urn"] = "Ada Example of Elsewhere"
    twin = clean.ada()
    twin.place = "line 9"
    findings = found(clean.header(), [person, twin, clean.ada()])
    assert {"P02", "P03", "P16", "S01"} <= {finding.rule for finding in findings}
    assert not [word for finding in findings for word in secret if word in repr(finding)]


def test_the_cure_is_a_command_only_where_the_case_is_known():
    person = clean.ada()
    person.sex = None
    own, = found(clean.header(), [person])
    assert own.do.endswith("`ehc person EHC-ada --sex F`")
    foreign, = check(clean.header(), [person], LOOKED_AT)
    assert foreign.case_ref is None and "ehc " not in foreign.do


def test_memory_grows_by_a_hash_a_person_and_not_by_the_person():
    looking = Check(clean.header(), LOOKED_AT)
    for person in many(0, 50, None):
        list(looking.of_person(person))
    assert len(looking._seen) == 50 and all(isinstance(key, bytes) and len(key) == 10 for key in looking._seen)
    assert {field.name for field in fields(looking)} == {"header", "last", "register", "refs", "only", "year", "_seen", "_counts"}


def test_a_return_of_an_unknown_year_is_looked_at_as_far_as_can_be():
    header = clean.header()
    header.year, header.reference_date = None, None
    assert {"H03", "H04"} <= {finding.rule for finding in found(header, clean.everybody())}


def test_rules_stand_in_one_book_each():
    for name in ("rules_person", "rules_request", "rules_plan", "rules_active"):
        assert importlib.import_module(f"models.sen2.{name}").BOOK.rules
