"""What must hold for the yearly return: what is written is read again as it was, in both forms and every year."""

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.sen2.layout import FIRST_YEAR, LAST_YEAR
from models.sen2.record import Header, Person, everything
from models.sen2.render import PLAIN
from models.sen2.rules import check
from tasks.sen2_files.open import opened
from tasks.sen2_out.files import TableFiles, XmlFile
from tests.models.sen2 import clean
from tests.models.sen2.returns import any_record, person

YEARS = st.integers(FIRST_YEAR, LAST_YEAR)
FEW = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


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
