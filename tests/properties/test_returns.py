"""What must hold for the yearly return: what is written is read again as it was, in both forms and every year."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.fact_check import check as check_fact
from models.law.record import Fact
from models.sen2.codes import SURVEY_DAYS
from models.sen2.from_facts import Who, as_of, returned, world_of
from models.sen2.layout import FIRST_YEAR, LAST_YEAR
from models.sen2.record import Header, Person, everything
from models.sen2.render import PLAIN
from models.sen2.rules import check
from models.sen2.to_facts import Origin, taken
from tasks.sen2_files.open import opened
from tasks.sen2_out.files import TableFiles, XmlFile
from tests.law.told import CLOSED
from tests.models.sen2 import clean
from tests.models.sen2.returns import any_record, person
from tests.properties.test_whole_lives import lives

YEARS = st.integers(FIRST_YEAR, LAST_YEAR)
FEW = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


@st.composite
def a_return(draw, of=any_record):
    year = draw(YEARS)
    made = any_record("person", year) if of is any_record else person(year)
    return year, draw(st.lists(made, min_size=1, max_size=3))


def written_and_read(writer, year, people) -> tuple[Header, list[Person], list]:
    with TemporaryDirectory() as folder:
        file = writer(Path(folder), "return.xml" if writer is XmlFile else "return", clean.header(year), year, PLAIN)
        for one in people:
            file.add(one)
        assert list(file.check()) == []                         # X01: its shape is that of its year
        place = Path(folder) / ("there.xml" if writer is XmlFile else "there")
        file.keep(place)
        with opened(str(place)) as found:
            return found.header, list(found.persons()), found.findings()


@FEW
@given(a_return())
def test_whatever_the_items_hold_xml_gives_the_same_records_back(told):
    year, people = told
    header, read, findings = written_and_read(XmlFile, year, people)
    assert read == people and findings == []
    assert header == clean.header(year, dsco="R" if year >= 2025 else None)


@FEW
@given(a_return())
def test_whatever_the_items_hold_the_nine_tables_give_the_same_records_back(told):
    year, people = told
    _, read, findings = written_and_read(TableFiles, year, people)
    assert read == people and findings == []


@FEW
@given(a_return(person))
def test_a_history_that_holds_together_breaks_no_rule_that_blocks(told):
    year, people = told
    for number, one in enumerate(people):
        one.surname = f"{one.surname} {number}"
    errors = [one for one in check(clean.header(year), people, date(2027, 12, 31)) if one.level == "error"]
    assert errors == [] and all(record.bad == {} for one in people for _, record in everything("person", one))


# --- through the facts --------------------------------------------------------------------------------------------------

def facts_of(request, year, ref="A1"):
    """The facts that a block of a return of that year puts on record, as the door lets them in."""
    origin = Origin("sen2_xml", "ab" * 32, year, SURVEY_DAYS[year], date(2027, 12, 31))
    told = taken(request, origin)
    assert told.findings == []
    return [Fact(ref, number, one.kind, one.on, MappingProxyType(check_fact(one.kind, one.on, one.data, at_door=True)))
            for number, one in enumerate(told.facts, start=1)]


def told_again(one, year):
    """The person as the facts tell of them, in the return of the same year."""
    world = world_of(year, "201")
    cases = [as_of(f"A{place}", facts_of(request, year, f"A{place}"), world, CLOSED) for place, request in enumerate(one.requests,
    start=1)]
    who = Who("P-1", None, one.birth_date, one.surname, one.forename, one.sex or {"1": "M", "2": "F"}.get(one.gender or ""),
    one.ethnicity,
              upn_unknown=one.upn_unknown)
    return returned(who, cases, world)


@FEW
@given(a_return(person))
def test_a_return_that_was_taken_in_comes_out_as_it_was(told):
    year, people = told
    for one in people:
        again = told_again(one, year)
        assert again.findings == ()
        again.person.requests.sort(key=lambda request: request.key)
        assert again.person == one


NOT_CARRIED = {"taken_from_return": ("place", "sha256", "unknown")}
"""What of these facts is about the file itself, and so differs in another file."""


@FEW
@given(a_return(person))
def test_facts_that_go_out_and_come_in_again_are_the_same(told):
    """As far as the return carries them: of a case that began elsewhere, day and outcome of what was decided before the collection
    year are in no return, nor is any review but the last, nor what is no item of it."""
    year, people = told
    out = [told_again(one, year).person for one in people]
    for one in out:
        one.requests.sort(key=lambda request: request.key)
    _, back, _ = written_and_read(XmlFile, year, out)
    for one, again in zip(people, back, strict=True):
        for first, second in zip(one.requests, again.requests, strict=True):
            assert carried(facts_of(first, year)) == carried(facts_of(second, year))


def carried(facts):
    return [(one.kind, one.on, {name: value for name, value in one.data.items() if name not in NOT_CARRIED.get(one.kind, ())})
            for one in facts]


@FEW
@given(lives, YEARS)
def test_whatever_happened_in_a_case_it_can_be_told_in_the_shape_of_the_year(record, year):
    world = world_of(year, "201")
    told = returned(Who("P-1", "Sam Ash", date(2016, 5, 4)), [as_of("A1", record, world, CLOSED)], world)
    people = [told.person] if told.person else []
    header, _, findings = written_and_read(XmlFile, year, people or [clean.ada(year)])
    assert header.year == year and [one for one in findings if one.rule == "X01"] == []
    assert {one.rule for one in told.findings} <= {"F02"}
