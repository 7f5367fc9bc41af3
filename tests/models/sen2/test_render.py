"""The XML of each year against an outline of its own, turned into an XML Schema; the nine tables; a file's shape (X01)."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from xml.parsers import expat

import pytest
from lxml import etree

from models.sen2.layout import LAYOUTS
from models.sen2.render import CLOSING, Rows, Style, columns, opening, person_xml, spelled
from models.sen2.shape import Shape
from tests.models.sen2 import clean

# The structure of 2026, written down from the reference and not from the layout: an element, how often, and what stands in it.
OUTLINE = """
Message
 Header
  CollectionDetails
   Collection
   Year
   ReferenceDate
  Source
   SourceLevel
   LEA
   SoftwareCode
   Release ?
   SerialNo
   DateTime
   DMO
   DCO
   DSCO
 Persons
  Person +
   Surname
   Forename
   PersonBirthDate
   Sex
   Ethnicity
   PostCode ?
   UPN ?
   UniqueLearnerNumber ?
   UPNunknown ?
   Requests *
    ReceivedDate ?
    RequestSource ?
    RYA ?
    RequestOutcomeDate ?
    RequestOutcome ?
    RequestMediation ?
    RequestTribunal ?
    Exported ?
    Assessment ?
     AssessmentOutcome ?
     AssessmentOutcomeDate ?
     AssessmentMediation ?
     AssessmentTribunal ?
     OtherMediation ?
     OtherTribunal ?
     Week20 ?
     NamedPlan ?
      StartDate ?
      PlanDetail 2
       URN ?
       UKPRN ?
       SENSetting ?
       SENSettingOther ?
       PlacementRank ?
       SENunitIndicator ?
       ResourcedProvisionIndicator ?
      PlanRes ?
      PlanWBP ?
      PB ?
      OA ?
      DP ?
      CeaseDate ?
      CeaseReason ?
    ActivePlans ?
     TransferLA ?
     PlacementDetail *
      URN ?
      UKPRN ?
      SENSetting ?
      SENSettingOther ?
      PlacementRank ?
      EntryDate ?
      LeavingDate ?
      SENunitIndicator ?
      ResourcedProvisionIndicator ?
      Res ?
      WBP ?
     SENneed 2
      SENtype ?
      SENtypeRank ?
     ReviewMeeting ?
     ReviewOutcome ?
     ReviewDraft ?
     PhaseTransferDueDate ?
     PhaseTransferFinalDate ?
     LastReview ?
"""
NEW_IN_2025 = ("   DSCO\n", "    RequestSource ?\n", "     ReviewDraft ?\n", "     PhaseTransferDueDate ?\n", "     PhaseTransferFinalDate ?\n")
NEW_IN_2024 = ("     ReviewMeeting ?\n", "     ReviewOutcome ?\n", "      Res ?\n", "      WBP ?\n")


def outline(year):
    """The outline of a year: what changed, as the reference's table of years has it."""
    text = OUTLINE
    if year <= 2025:
        text = text.replace("     LastReview ?\n", "").replace("     ReviewMeeting ?\n", "     ReviewMeeting ?\n     LastReview ?\n")
    if year <= 2024:
        for line in NEW_IN_2025:
            text = text.replace(line, "")
        text = text.replace("     LastReview ?\n     ReviewOutcome ?\n", "     ReviewOutcome ?\n     LastReview ?\n")
    if year <= 2023:
        for line in NEW_IN_2024:
            text = text.replace(line, "")
        text = text.replace("   Sex\n", "   GenderCurrent\n").replace(
            "      LeavingDate ?\n", "      LeavingDate ?\n      AttendancePattern ?\n").replace(
            "     SENneed 2\n", "     Res ?\n     WBP ?\n     SENneed 2\n")
    return text


def schema(year):
    """An XML Schema of that outline: a standard validator then judges."""
    lines = [line for line in outline(year).splitlines() if line.strip()]
    depths = [len(line) - len(line.lstrip()) for line in lines]
    often = {"": ("1", "1"), "?": ("0", "1"), "*": ("0", "unbounded"), "+": ("1", "unbounded"), "2": ("0", "2")}

    def element(place):
        name, _, mark = lines[place].strip().partition(" ")
        least, most = often[mark]
        within = []
        for other in range(place + 1, len(lines)):
            if depths[other] <= depths[place]:
                break
            if depths[other] == depths[place] + 1:
                within.append(element(other))
        occurs = "" if depths[place] == 0 else f' minOccurs="{least}" maxOccurs="{most}"'
        if not within:
            kind = "date" if name.endswith("Date") or name in ("ReviewMeeting", "ReviewDraft", "LastReview") else "dateTime" \
                if name == "DateTime" else "string"
            return f'<xs:element name="{name}" type="xs:{kind}"{occurs}/>'
        return f'<xs:element name="{name}"{occurs}><xs:complexType><xs:sequence>{"".join(within)}</xs:sequence></xs:complexType></xs:element>'
    return etree.XMLSchema(etree.fromstring(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{element(0)}</xs:schema>'))


def header(year):
    return replace(clean.header(year), dsco="R" if year >= 2025 else None)


def full(year):
    """Everybody, with as many items filled as there are."""
    people = clean.everybody(year)
    ben = people[1].requests[0]
    ben.plan.residential, ben.plan.work_based, ben.plan.organised, ben.plan.direct_payments = "A", "S", True, "I"
    ben.plan.cease_date, ben.plan.cease_reason = date(year, 1, 2), "9"
    second = replace(ben.plan.settings[0], urn=None, code="OTH", other="a & b < c", rank="2")
    ben.plan.settings.append(second)
    active = ben.active
    active.transferred_from, active.review_draft, active.transfer_due = "XXX", date(year, 1, 3), date(year, 2, 15)
    active.transfer_final, active.last_review, active.review_meeting, active.review_outcome = (date(year, 1, 4),) * 3 + ("A",)
    active.residential, active.work_based = "B", "T"
    at = active.placements[0]
    at.left, at.residential, at.work_based, at.attendance = date(year, 1, 5), "A", "A", "FT"
    ben.exported, people[1].postcode, people[1].uln = "202", "SW1A 1AA", "9276308686"
    ben.assessment.other_mediation = True
    return people


def written(year, people, style=Style({})):
    return opening(header(year), year, style) + "".join(person_xml(one, year, style) for one in people) + CLOSING


@pytest.mark.parametrize("year", range(2023, 2028))
@pytest.mark.parametrize("people", [clean.everybody, full])
def test_what_is_written_is_valid_by_the_outline_of_its_year(year, people):
    tree = etree.fromstring(written(year, people(year)).encode())
    schema(year).assertValid(tree)
    assert shape(written(year, people(year)), year) == []


@pytest.mark.parametrize("year, other", [(2025, 2026), (2026, 2025), (2024, 2025), (2023, 2024), (2024, 2023)])
def test_a_file_of_one_year_is_not_one_of_another(year, other):
    text = written(year, full(year))
    assert not schema(other).validate(etree.fromstring(text.encode()))
    assert {one.rule for one in shape(text, other)} == {"X01"}


def test_2027_is_as_2026_until_its_guide_is_out():
    blocks = LAYOUTS[2026].blocks
    assert {name: LAYOUTS[2027].blocks[name] for name in blocks} == dict(blocks)


def test_the_example_of_the_reference_comes_out_as_it_stands_there():
    """Element by element, in order and with the same values: whitespace aside, byte for byte."""
    theirs = (Path(__file__).parent / "example-2026.xml").read_bytes()
    ours = opening(clean.header(2026, software="Example"), 2026) + person_xml(clean.ada(), 2026) + CLOSING
    assert bare(ours.encode()) == bare(theirs)


def bare(xml):
    return etree.tostring(etree.fromstring(xml, etree.XMLParser(remove_blank_text=True)))


def test_what_has_no_value_leaves_no_element():
    person = clean.refused()
    person.postcode = ""
    text = person_xml(person, 2026)
    assert "/>" not in text and "></" not in text and "PostCode" not in text


def test_signs_of_xml_and_invisible_ones_do_no_harm():
    person = clean.ada()
    person.surname = "O'<Neil> & \x0bSons\x00"
    tree = etree.fromstring(written(2026, [person]).encode())
    assert tree.findtext(".//Surname") == "O'<Neil> & Sons"


def test_a_tag_may_be_spelled_otherwise_at_one_place_and_a_namespace_given():
    style = Style(spelled({"PlacementDetail/SENSetting": "SENsetting"}), "urn:sen2")
    person = clean.ada()
    setting, placement = person.requests[0].plan.settings[0], person.requests[0].active.placements[0]
    for one in (setting, placement):
        one.urn, one.code = None, "EHE"
    text = written(2026, [person], style)
    assert text.count("<SENSetting>EHE<") == 1 and text.count("<SENsetting>EHE<") == 1
    assert etree.fromstring(text.encode()).tag == "{urn:sen2}Message"
    assert shape(text, 2026, style) == [] and [one.tag for one in shape(text, 2026)] == ["SENsetting"]


@pytest.mark.parametrize("told", [{"PlacementDetail/Nothing": "X"}, {"SENSetting": "SENsetting"}, {"PlanDetail/SENSetting": "Setting"}])
def test_a_spelling_that_no_source_has_is_refused(told):
    with pytest.raises(ValueError, match="SENSetting"):
        spelled(told)


def shape(text, year, style=Style({})):
    looking, found = Shape(year, style), []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda tag, _: found.extend(looking.begins(tag, parser.CurrentLineNumber))
    parser.EndElementHandler = lambda tag: looking.ends()
    parser.Parse(text.encode(), True)
    return found


@pytest.mark.parametrize("spoil, tag", [
    (lambda text: text.replace("<Ethnicity>WBRI</Ethnicity>", "<Ethnicity>WBRI</Ethnicity><Eye>blue<b/></Eye>"), "Eye"),
    (lambda text: text.replace("      <Surname>Example</Surname>\n      <Forename>Ada</Forename>",
                               "      <Forename>Ada</Forename>\n      <Surname>Example</Surname>"), "Surname"),
    (lambda text: text.replace("<PB>0</PB>", "<PB>0</PB><PB>0</PB>"), "PB"),
    (lambda text: text.replace("<SENtype>SLCN</SENtype>", "<sentype>SLCN</sentype>"), "sentype"),
    (lambda text: text.replace("<Collection>", "<DMO>Y</DMO><Collection>"), "DMO"),
    (lambda text: text.replace("Message>", "Return>"), "Return")])
def test_x01_an_element_that_is_unknown_misplaced_or_too_many_is_found_on_its_line(spoil, tag):
    finding, *more = shape(spoil(written(2026, [clean.ada()])), 2026)
    assert (finding.rule, finding.level, finding.tag) == ("X01", "error", tag) and finding.place.startswith("line ") and not more


# --- tables -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("year", range(2023, 2028))
def test_the_tables_are_joined_by_their_ids_and_hold_every_value(year):
    rows, tables = Rows(year), {}
    for person in full(year):
        for block, row in rows.of_person(person):
            tables.setdefault(block, []).append(dict(zip(columns(block, year), row, strict=True)))
    assert [one["persontableid"] for one in tables["person"]] == ["1", "2", "3", "4"]
    assert [one["persontableid"] for one in tables["request"]] == ["1", "2", "3", "4"]
    assert [(one["plandetailtableid"], one["namedplantableid"], one["placementrank"]) for one in tables["setting"]] == [
        ("1", "1", "1"), ("2", "2", "1"), ("3", "2", "2")]
    assert tables["person"][1]["personbirthdate"] == "2016-01-02" and tables["person"][1]["nativeid"] == "P-ben"
    assert tables["plan"][1]["oa"] == "1" and tables["plan"][1]["ceasereason"] == "9"
    assert ("res" in columns("placement", year)) is (year >= 2024) and ("res" in columns("active", year)) is (year == 2023)


def test_a_row_is_csv_whatever_stands_in_it():
    person = clean.ada()
    person.surname = 'de "la" Cruz, Ana'
    _, row = next(Rows(2026).of_person(person))
    file = io.StringIO()
    csv.writer(file).writerow(row)
    assert next(csv.reader([file.getvalue()]))[3] == 'de "la" Cruz, Ana'
