"""The layout of the return as data: each item once, with its years, and the order of each year's elements.

Next year's return is a row in these tables. Where sources differ about a spelling or a place, the choice stands here with its
reason, and one line changes it. Source of names, numbers and years: the DfE's guide and specification as public readers and files
quote them; what is open is said beside the item.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal

from models.sen2 import codes
from models.sen2.codes import CodeSet

Kind = Literal["text", "date", "moment", "flag", "code", "year", "urn", "ukprn", "upn", "uln", "council", "other_council", "serial"]
Need = Literal["M", "C", "V", "O"]

FIRST_YEAR, LAST_YEAR = 2023, 2027
"""The surveys whose layout is known. For 2027 only the two dates were announced: its layout is that of 2026 until the guide is out."""

ALWAYS = (FIRST_YEAR, None)


@dataclass(frozen=True, slots=True)
class Item:
    """One item of the return.

    `name` is its attribute in `models.sen2.record`; `number` the DfE's, as of 2026. `since` and `until` are survey years, `need` says
    from which year on it is mandatory (M), conditional (C), voluntary (V) or optional (O). `column` is its heading in the COLLECT
    download, `headings` those of the DfE's template. `also` are other spellings of the tag.
    """

    block: str
    name: str
    tag: str
    number: str
    kind: Kind
    need: Mapping[int, Need]
    codes: CodeSet | None = None
    since: int = FIRST_YEAR
    until: int | None = None
    headings: tuple[str, ...] = ()
    also: tuple[str, ...] = ()

    @property
    def column(self) -> str:
        """Its column in a table form: the tag in lower case."""
        return self.tag.lower()

    def is_in(self, year: int) -> bool:
        """Whether the return of that year has it."""
        return self.since <= year and (self.until is None or year <= self.until)

    def need_in(self, year: int) -> Need:
        """How it is needed in that year's return, when its block is there."""
        return max(((since, need) for since, need in self.need.items() if since <= year), default=(0, "O"))[1]


@dataclass(frozen=True, slots=True)
class Block:
    """A group of items: its element, the block in which it stands, and how many of it the guide expects there.

    `table` is its name in the COLLECT download, `sheet` in the pre-submission workbook, `title` in the DfE's template.
    """

    name: str
    element: str
    within: str | None
    most: int | None
    table: str
    sheet: str
    title: str


BLOCKS: Mapping[str, Block] = MappingProxyType({block.name: block for block in (
    Block("header", "Header", None, 1, "sen2", "", "Header Record"),
    Block("person", "Person", None, None, "person", "Person", "Person Record"),
    Block("request", "Requests", "person", None, "requests", "Requests", "Requests Records"),
    Block("assessment", "Assessment", "request", 1, "assessment", "Assessments", "Assessments Records"),
    Block("plan", "NamedPlan", "assessment", 1, "namedplan", "Named Plan", "Named Plan Records"),
    Block("setting", "PlanDetail", "plan", 2, "plandetail", "Plan Detail", "Plan Detail Records"),
    Block("active", "ActivePlans", "request", 1, "activeplans", "Active Plan", "Active Plan Records"),
    Block("placement", "PlacementDetail", "active", None, "placementdetail", "Placement Detail", "Placement Detail Records"),
    Block("need", "SENneed", "active", 2, "senneed", "SEN Need", "SEN Need Records"),
)})


def _items(block: str, *rows: tuple[Any, ...]) -> tuple[Item, ...]:
    return tuple(Item(block, *row[:4], MappingProxyType(need if isinstance(need := row[4], dict) else {FIRST_YEAR: need}),
                      **(row[5] if len(row) > 5 else {})) for row in rows)


def _coded(set: CodeSet, *headings: str, **more: object) -> dict[str, object]:
    return {"codes": set, "headings": headings, **more}


def _headed(*headings: str, **more: object) -> dict[str, object]:
    return {"headings": headings, **more}


_UNIT = ("SEN Unit Indicator",)
_RESOURCED = ("Resourced Provision Indicator",)
_RESIDENTIAL, _WORK = "Residential Settings", "Work Based Learning Activity"
_RANK = "Placement Rank (1=Primary, 2=Secondary)"
_WHERE = (
    ("urn", "URN", "a", "urn", "C", _headed("URN - Unique Reference Number")),
    ("ukprn", "UKPRN", "b", "ukprn", "C", _headed("UKPRN - UK Provider Reference Number")),
)

ITEMS: tuple[Item, ...] = (
    *_items(
        "header",
        ("collection", "Collection", "", "text", "M", _headed("Collection Name")),
        ("year", "Year", "", "year", "M", _headed("Year")),
        ("reference_date", "ReferenceDate", "", "date", "M", _headed("Reference Date")),
        ("source_level", "SourceLevel", "", "text", "M", _headed("Source Level")),
        ("council", "LEA", "", "council", "M", _headed("LA Number", also=("la", "LA"))),
        ("software", "SoftwareCode", "", "text", "M", _headed("Software Code")),
        ("release", "Release", "", "text", "O", _headed("Release")),
        ("serial", "SerialNo", "", "serial", "M", _headed("Serial Number")),
        ("made_at", "DateTime", "", "moment", "M", _headed("Date & Time (ccyy-mm-ddThh:mm:ss)", "Date & Time")),
        ("dmo", "DMO", "", "code", "M", _coded(codes.OFFICER, "Designated Medical Officer")),
        ("dco", "DCO", "", "code", "M", _coded(codes.OFFICER, "Designated Clinical Officer")),
        ("dsco", "DSCO", "", "code", {2025: "V", 2026: "M"}, _coded(codes.OFFICER, "Designated Social Care Officer", since=2025))),
    *_items(
        "person",
        ("surname", "Surname", "1.1", "text", "M", _headed("Surname")),
        ("forename", "Forename", "1.2", "text", "M", _headed("Forename")),
        ("birth_date", "PersonBirthDate", "1.3", "date", "M", _headed("Date of Birth (ccyy-mm-dd)", "Date of Birth")),
        ("gender", "GenderCurrent", "1.4", "code", "M", _coded(codes.GENDER, "Gender", until=2023)),
        ("sex", "Sex", "1.4", "code", "M", _coded(codes.SEX, "Sex", since=2024)),
        ("ethnicity", "Ethnicity", "1.5", "code", "M", _coded(codes.ETHNICITY, "Ethnicity")),
        ("postcode", "PostCode", "1.6", "text", "O", _headed("Post Code", "Postcode")),
        ("upn", "UPN", "1.7a", "upn", "C", _headed("UPN - Unique Pupil Number")),
        ("uln", "UniqueLearnerNumber", "1.7b", "uln", "C", _headed("ULN - Young Persons Unique Learner Number")),
        ("upn_unknown", "UPNunknown", "1.7c", "code", "C", _coded(codes.UPN_UNKNOWN, "UPN and ULN unavailable – Reason"))),
    *_items(
        "request",
        ("received", "ReceivedDate", "2.1", "date", "C", _headed("Date request was received")),
        ("source", "RequestSource", "2.2", "code", {2025: "V", 2026: "M"},
         _coded(codes.REQUEST_SOURCE, "Source of request for an EHC needs assessment", since=2025, also=("rquestsource",))),
        ("youth_accommodation", "RYA", "2.3", "flag", "C", _coded(codes.FLAG, "Initial Request Whilst In RYA")),
        ("outcome_date", "RequestOutcomeDate", "2.4", "date", "C", _headed("Request Outcome Date")),
        ("outcome", "RequestOutcome", "2.5", "code", "M", _coded(codes.REQUEST_OUTCOME, "Request Outcome")),
        ("mediation", "RequestMediation", "2.6", "flag", "C", _coded(codes.FLAG, "Request Mediation")),
        ("tribunal", "RequestTribunal", "2.7", "flag", "C", _coded(codes.FLAG, "Request Tribunal")),
        ("exported", "Exported", "2.8", "other_council", "C",
         _headed("Exported - Child or young person moves out of LA before assessment is completed", "Exported"))),
    *_items(
        "assessment",
        ("outcome", "AssessmentOutcome", "3.1", "code", "M",
         _coded(codes.ASSESSMENT_OUTCOME, "Assessment Outcome - Decision to issue EHC plan", "Assessment Outcome")),
        ("outcome_date", "AssessmentOutcomeDate", "3.2", "date", "C", _headed("Assessment Outcome Date")),
        ("mediation", "AssessmentMediation", "3.3", "flag", "C", _coded(codes.FLAG, "Assessment Mediation")),
        ("tribunal", "AssessmentTribunal", "3.4", "flag", "C", _coded(codes.FLAG, "Assessment Tribunal")),
        ("other_mediation", "OtherMediation", "3.5", "flag", "C", _coded(codes.FLAG, "Other Mediation")),
        ("other_tribunal", "OtherTribunal", "3.6", "flag", "C", _coded(codes.FLAG, "Other Tribunal")),
        ("exception", "Week20", "3.7", "flag", "C", _coded(codes.FLAG, "Twenty week time limit exceptions apply"))),
    *_items(
        "plan",
        ("start", "StartDate", "4.1", "date", "M", _headed("EHC Plan Start Date")),
        ("residential", "PlanRes", "4.2", "code", "C", _coded(codes.RESIDENTIAL, _RESIDENTIAL)),
        # PlanWPB stands in one reader alone, which skips what it does not find; PlanWBP in every file seen.
        ("work_based", "PlanWBP", "4.3", "code", "C", _coded(codes.WORK_BASED, _WORK, also=("PlanWPB",))),
        ("personal_budget", "PB", "4.4a", "flag", "M", _coded(codes.FLAG, "Personal Budget taken up")),
        ("organised", "OA", "4.4b", "flag", "C", _coded(codes.FLAG, "Personal Budget - Organised Arrangements")),
        ("direct_payments", "DP", "4.4c", "code", "C", _coded(codes.DIRECT_PAYMENTS, "Personal Budget - Direct Payments")),
        ("cease_date", "CeaseDate", "4.5", "date", "C", _headed("Date EHC plan ceased")),
        ("cease_reason", "CeaseReason", "4.6", "code", "C", _coded(codes.CEASE_REASON, "Reason EHC plan ceased"))),
    *_items(
        "setting",
        *((name, tag, f"4.7{letter}", kind, need, more) for name, tag, letter, kind, need, more in _WHERE),
        ("code", "SENSetting", "4.7c", "code", "C", _coded(codes.PLAN_SETTING, "SEN Setting – Establishment type")),
        ("other", "SENSettingOther", "4.7c(i)", "text", "C", _headed("SEN Setting - Other")),
        ("rank", "PlacementRank", "4.7d", "code", "M", _coded(codes.RANK, _RANK, "Placement Rank")),
        ("sen_unit", "SENunitIndicator", "4.7e", "flag", "C", _coded(codes.FLAG, *_UNIT)),
        ("resourced", "ResourcedProvisionIndicator", "4.7f", "flag", "C", _coded(codes.FLAG, *_RESOURCED))),
    *_items(
        "active",
        ("transferred_from", "TransferLA", "5.1", "other_council", "C",
         _headed("EHC Plan transferred in from another LA during calendar year")),
        ("residential", "Res", "5.2", "code", "C", _coded(codes.RESIDENTIAL, _RESIDENTIAL, until=2023)),
        ("work_based", "WBP", "5.3", "code", "C", _coded(codes.WORK_BASED, _WORK, until=2023, also=("WPB",))),
        ("review_meeting", "ReviewMeeting", "5.4a", "date", {2024: "V", 2025: "M"}, _headed("Annual Review Meeting Date", since=2024)),
        ("review_outcome", "ReviewOutcome", "5.4c", "code", {2024: "V", 2025: "M"},
         _coded(codes.REVIEW_OUTCOME, "Annual Review Decision", since=2024)),
        ("review_draft", "ReviewDraft", "5.4d", "date", {2025: "V", 2026: "M"},
         _headed("Annual review – date draft amended EHC plan issued", since=2025)),
        ("transfer_due", "PhaseTransferDueDate", "5.6a", "date", {2025: "V", 2026: "M"},
         _headed("Phase transfer review - due date for any amended plan", since=2025)),
        ("transfer_final", "PhaseTransferFinalDate", "5.6b", "date", {2025: "V", 2026: "M"},
         _headed("Phase transfer review - final plan date", since=2025)),
        # One public reader takes this heading for the day of the meeting; by the guide's words it is that of the decision's letter.
        ("last_review", "LastReview", "5.4b", "date", "C", _headed("EHC Plan Review Decisions Date"))),
    *_items(
        "placement",
        *((name, tag, f"5.7{letter}", kind, need, more) for name, tag, letter, kind, need, more in _WHERE),
        # SENsetting here, with a small s, in some sources: read without regard to case, written as SPELLINGS says.
        ("code", "SENSetting", "5.7c", "code", "C", _coded(codes.PLACEMENT, "SEN Setting – Establishment type")),
        ("other", "SENSettingOther", "5.7c(i)", "text", "C", _headed("SEN Setting - Other")),
        ("rank", "PlacementRank", "5.7d", "code", "M", _coded(codes.RANK, _RANK, "Placement Rank")),
        ("entered", "EntryDate", "5.7e", "date", "C", _headed("Placement Start Date")),
        ("left", "LeavingDate", "5.7f", "date", "C", _headed("Placement Leaving Date")),
        ("attendance", "AttendancePattern", "", "code", "C", _coded(codes.ATTENDANCE, "Attendance Pattern", until=2023)),
        ("sen_unit", "SENunitIndicator", "5.7g", "flag", "C", _coded(codes.FLAG, *_UNIT)),
        ("resourced", "ResourcedProvisionIndicator", "5.7h", "flag", "C", _coded(codes.FLAG, *_RESOURCED)),
        ("residential", "Res", "5.2", "code", "C", _coded(codes.RESIDENTIAL, _RESIDENTIAL, since=2024, also=("RES",))),
        ("work_based", "WBP", "5.3", "code", "C", _coded(codes.WORK_BASED, _WORK, since=2024, also=("WPB",)))),
    *_items(
        "need",
        ("type", "SENtype", "5.8a", "code", "M", _coded(codes.NEED, "SEN Type of Need")),
        ("rank", "SENtypeRank", "5.8b", "code", "M", _coded(codes.RANK, "SEN Type of Need rank (1=Primary, 2=Secondary)",
                                                            "SEN Type of Need rank"))),
)

# What stands where within its block, by the year from which on; a block's own name marks where the blocks within it stand.
_ORDER: Mapping[str, Mapping[int, tuple[str, ...]]] = MappingProxyType({
    "plan": {2023: ("start", "*setting", "residential", "work_based", "personal_budget", "organised", "direct_payments", "cease_date",
                    "cease_reason")},
    "request": {2023: ("received", "source", "youth_accommodation", "outcome_date", "outcome", "mediation", "tribunal", "exported",
                       "*assessment", "*active")},
    "assessment": {2023: ("outcome", "outcome_date", "mediation", "tribunal", "other_mediation", "other_tribunal", "exception", "*plan")},
    "active": {
        2023: ("transferred_from", "*placement", "residential", "work_based", "*need", "last_review"),
        2024: ("transferred_from", "*placement", "*need", "review_meeting", "review_outcome", "last_review"),
        2025: ("transferred_from", "*placement", "*need", "review_meeting", "last_review", "review_outcome", "review_draft",
               "transfer_due", "transfer_final"),
        2026: ("transferred_from", "*placement", "*need", "review_meeting", "review_outcome", "review_draft", "transfer_due",
               "transfer_final", "last_review")},
})

HEADER_GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType({
    "CollectionDetails": ("collection", "year", "reference_date"),
    "Source": ("source_level", "council", "software", "release", "serial", "made_at", "dmo", "dco", "dsco")})
"""The elements within Header, and the items that stand in each."""

SPELLINGS: Mapping[tuple[str, str], str] = MappingProxyType({
    # (block, name): the tag to be written where it is not the item's own. Two spellings of 5.7c are about; that of the yearly
    # dummy files and the community's schema is written. A council whose accepted file says SENsetting sets it here.
})


@dataclass(frozen=True, slots=True)
class Layout:
    """The return of one year: for each block its items and the blocks within it, in the order in which they are written."""

    year: int
    blocks: Mapping[str, tuple[Item | Block, ...]]

    def items(self, block: str) -> tuple[Item, ...]:
        """The items of a block, in order."""
        return tuple(part for part in self.blocks[block] if isinstance(part, Item))


def _layout(year: int) -> Layout:
    blocks: dict[str, tuple[Item | Block, ...]] = {}
    for name in BLOCKS:
        items = {item.name: item for item in ITEMS if item.block == name and item.is_in(year)}
        orders = _ORDER.get(name)
        if orders is None:
            within = [block for block in BLOCKS.values() if block.within == name]
            blocks[name] = (*items.values(), *within)
            continue
        order = orders[max(since for since in orders if since <= year)]
        blocks[name] = tuple(BLOCKS[part[1:]] if part.startswith("*") else items[part]
                             for part in order if part.startswith("*") or part in items)
        missing = items.keys() - set(order)
        if missing:
            raise ValueError(f"the layout of {year} has no place for {', '.join(sorted(missing))} in {name}")
    return Layout(year, MappingProxyType(blocks))


LAYOUTS: Mapping[int, Layout] = MappingProxyType({year: _layout(year) for year in range(FIRST_YEAR, LAST_YEAR + 1)})
"""The layout of each year."""


def item(block: str, name: str, year: int = LAST_YEAR) -> Item:
    """One item, as that year has it. Raises KeyError if it has none."""
    for one in LAYOUTS[year].items(block):
        if one.name == name:
            return one
    raise KeyError(f"{block}.{name} in {year}")
