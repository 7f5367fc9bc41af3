"""Which column of a list says what: guessed from the headings, written down to be confirmed, read again.

A list has a row for each request or plan. What a column can say are the items of the return, and a whole name in one cell.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from models.sen2.layout import BLOCKS, ITEMS, Item
from models.sen2.values import as_text

NAME = "person.name"
SECOND = {"need2.type": ("need", "type")}
"""A second one of what the return has twice."""

_ITEM = {f"{item.block}.{item.name}": item for item in ITEMS if item.block != "header"}
TARGETS: tuple[str, ...] = (NAME, *_ITEM, *SECOND)
"""Everything that a column can say."""

_WORDS: Mapping[str, str] = {
    NAME: "name fullname childname pupilname studentname childsname pupilsname nameofchild",
    "person.surname": "surname lastname familyname childsurname childssurname pupilsurname pupilssurname legalsurname",
    "person.forename": "forename firstname givenname childforename childsforename pupilforename pupilsforename childsfirstname forenames"
                       " firstnames",
    "person.birth_date": "dob dateofbirth birthdate born birthday", "person.sex": "sex gender", "person.postcode": "postcode homepostcode",
    "person.upn": "upn uniquepupilnumber pupilnumber", "person.uln": "uln uniquelearnernumber learnernumber",
    "person.ethnicity": "ethnicity ethnicorigin ethniccode",
    "request.received": "received datereceived receivedon requestreceived requestdate dateofrequest requestreceivedon daterequestreceived"
                        " ehcnarequestdate ehcnarequested referraldate datereferred requesteddate",
    "request.source": "requestedby source whoasked requester referredby referrer sourceofrequest",
    "request.outcome": "requestoutcome decisiontoassess assess agreedtoassess outcomeofrequest assessdecision",
    "request.outcome_date": "requestoutcomedate decisiontoassessdate datedecisiontoassess dateofdecisiontoassess assessdecisiondate"
                            " sixweekdecisiondate week6decisiondate",
    "assessment.outcome": "assessmentoutcome decisiontoissue issue outcomeofassessment agreedtoissue",
    "assessment.outcome_date": "planissued dateplanissued planissueddate finalplandate finalplanissued finalplanissueddate ehcpissued"
                               " dateehcpissued ehcpissueddate finalehcpdate finalehcpissued finalissued datefinalissued",
    "plan.start": "planstart planstartdate ehcpstartdate ehcpstart dateofplan plandate ehcpdate ehcpdateissued",
    "plan.cease_date": "ceasedate dateceased planceased planceaseddate dateplanceased ceased ceasedon",
    "plan.cease_reason": "ceasereason reasonceased reasonforceasing",
    "active.review_meeting": "reviewmeeting reviewmeetingdate lastreviewmeeting annualreviewmeeting annualreviewmeetingdate armeeting",
    # A last review without a word on its meeting is taken for one that is over, from which the next year runs (s.44(1)).
    "active.last_review": "reviewdecision reviewdecisiondate lastreviewdecision annualreviewdecisiondate ardecisiondate lastannualreview"
                          " lastannualreviewdate annualreviewdate annualreview lastar lastardate dateoflastreview lastreviewdate lastreview",
    "active.review_outcome": "reviewoutcome annualreviewoutcome aroutcome",
    "active.transfer_due": "phasetransferdue phasetransferduedate transferdue",
    "need.type": "primaryneed need senneed senprimaryneed mainneed typeofneed primarysenneed",
    "need2.type": "secondaryneed sensecondaryneed",
    "placement.urn": "urn schoolurn settingurn establishmenturn", "placement.ukprn": "ukprn",
    "placement.entered": "placementstart startedatschool",
}
_SAID: Mapping[str, Mapping[str, str]] = {
    "request.source": {"parent": "1", "family": "1", "carer": "1", "mother": "1", "father": "1", "young person": "1", "self": "1",
                       "school": "2",
                       "setting": "2", "college": "2", "nursery": "2", "early years": "2", "health": "3", "nhs": "3", "gp": "3",
                       "social care": "4", "social worker": "4", "other": "5"},
    "request.outcome": {"yes": "Y", "agreed": "Y", "assess": "Y", "agree": "Y", "no": "N", "refused": "N", "declined": "N",
                        "not agreed": "N", "pending": "A", "open": "A", "undecided": "A", "withdrawn": "W"},
    "assessment.outcome": {"yes": "Y", "agreed": "Y", "issue": "Y", "issued": "Y", "agree": "Y", "no": "N", "refused": "N",
                           "not agreed": "N", "pending": "A", "open": "A", "undecided": "A", "withdrawn": "W"},
    "active.review_outcome": {"maintain": "M", "maintained": "M", "no change": "M", "continue": "M", "amend": "A", "amended": "A",
                              "cease": "C"},
    "person.sex": {"male": "M", "female": "F", "boy": "M", "girl": "F"},
}


class BadMapping(ValueError):
    """The mapping cannot be used; the message says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """What each column says, by its heading, blank for what is not taken; and what words of the list mean in codes of the return."""

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def words(self, target: str) -> Mapping[str, str]:
        """The words that mean codes of an item, in small letters: those of this list before those that are known anywhere."""
        found: dict[str, str] = {}
        for words in (self.values.get(target, {}), _SAID.get(target, {}), _by_meaning(target)):
            for word, code in words.items():
                found.setdefault(_low(word), code)
        return found


def coded(words: Mapping[str, str], text: str) -> str:
    """What a cell means in the code of its item, by the `words` of that; the text itself where nothing is known of it."""
    return words.get(_low(text), text)


def _low(text: str) -> str:
    return " ".join(text.lower().split())


def _by_meaning(target: str) -> Mapping[str, str]:
    item = item_of(target)
    return {meaning: code for code, meaning in item.codes.words.items()} if item is not None and item.codes is not None else {}


def item_of(target: str) -> Item | None:
    """The item of the return that a column says; None for a whole name."""
    block, name = SECOND.get(target, target.split(".", 1))
    return _ITEM.get(f"{block}.{name}")


def plain(heading: object) -> str:
    """A heading as it is compared: its letters and digits, without what stands in brackets."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\([^()]*\)", " ", as_text(heading).lower()))


def _known() -> Mapping[str, str]:
    found: dict[str, str] = {}
    for target, item in _ITEM.items():
        for heading in (item.tag, *item.headings, *item.also):
            found.setdefault(plain(heading), target)
    return found | {word: target for target, words in _WORDS.items() for word in words.split()}


KNOWN = _known()


def guess(headings: Iterable[str]) -> ColumnMap:
    """What the columns say by their headings; blank where that cannot be told, or another column says it already."""
    taken: dict[str, str] = {}
    for heading in dict.fromkeys(headings):                 # of two columns with one heading nobody can tell which is meant: see the list
        target = KNOWN.get(plain(heading), "")
        taken[heading] = "" if target in taken.values() else target
    return ColumnMap(taken)


def check(mapping: ColumnMap, headings: Sequence[str]) -> None:
    """Raise BadMapping unless the columns are there, each says one thing that is known, and persons can be known again."""
    said = [target for target in mapping.columns.values() if target]
    problems = [f"the list has no column {heading!r}" for heading, target in mapping.columns.items() if target and heading not in headings]
    problems += [f"{target!r} is nothing that a column can say" for target in said if target not in TARGETS]
    problems += [f"{target} is said by two columns" for target in sorted(set(said)) if said.count(target) > 1]
    for target, words in mapping.values.items():
        item = item_of(target)
        if item is None or item.codes is None:
            problems.append(f"values.{target!r}: {target} has no codes")
        else:
            problems += [f"values.{target!r}: {code!r} is no code of {target}" for code in words.values() if code not in item.codes.words]
    if NAME not in said and not {"person.surname", "person.forename"} & set(said):
        problems.append("no column says the name: person.name, or person.surname and person.forename")
    if not {"person.birth_date", "person.upn", "person.uln"} & set(said):
        problems.append("no column says by what a person is known again: person.birth_date, person.upn or person.uln")
    if not {"request.received", "plan.start", "assessment.outcome_date"} & set(said):
        problems.append("no column says when anything began: request.received, assessment.outcome_date or plan.start")
    if problems:
        raise BadMapping("; ".join(problems))


def as_toml(mapping: ColumnMap) -> str:
    """The mapping as a file that people read and change."""
    lines = ["# Which column of the list says what; \"\" for what is not taken. What a column can say:"]
    lines += [f"#   {block}: {', '.join(target for target in TARGETS if target.split('.')[0].rstrip('2') == block)}"
              for block in BLOCKS if block != "header"]
    lines += ["", "[columns]", *(f"{_quoted(heading)} = {_quoted(target)}" for heading, target in mapping.columns.items())]
    lines += ["", "# Words of the list and their codes, where a word is not known by itself:", "# [values.\"request.outcome\"]",
              "# \"Panel agreed\" = \"Y\""]
    for target, words in mapping.values.items():
        lines += ["", f"[values.{_quoted(target)}]", *(f"{_quoted(word)} = {_quoted(code)}" for word, code in words.items())]
    return "\n".join(lines) + "\n"


def from_toml(text: str) -> ColumnMap:
    """The mapping of a file. Raises BadMapping."""
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadMapping(f"it is no TOML: {error}") from None
    columns, values = told.pop("columns", None), told.pop("values", {})
    is_words = isinstance(columns, dict) and all(isinstance(value, str) for value in columns.values()) and isinstance(values, dict) and all(
        isinstance(words, dict) and all(isinstance(code, str) for code in words.values()) for words in values.values())
    if told or not is_words:
        raise BadMapping("it must hold [columns] with a text for each heading, and may hold [values.\"...\"]"
                         + (f"; {', '.join(told)} is not known" if told else ""))
    return ColumnMap(columns, values)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r") + '"'
