"""Reading the DfE's own data files of a release: their columns by meaning, in the spelling of each edition.

A file is known by its columns and not by its name. The odd spellings are the DfE's. Every value that is not a number is a code of the
DfE's (`z` not applicable, `x` not available, `c` withheld) and stays one.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from models.figures import topics
from models.sen2.codes import NEED

NATIONAL, REGIONAL, COUNCIL = "National", "Regional", "Local authority"
LEVELS = (NATIONAL, REGIONAL, COUNCIL)
FIXED = ("time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code", "region_name", "new_la_code",
         "old_la_code", "la_name", "breakdown_topic", "breakdown")
NEEDED = ("time_period", "geographic_level", "old_la_code", "region_name")
NO_NUMBER = {"z": "not applicable", "x": "not available", "c": "withheld", "k": "rounds to nothing", "low": "rounds to nothing",
             ":": "not available", "": "blank"}

_SIGNS = (("requests_received_in_year", "requests"), ("assess_in_year", "assessments"), ("plans_issued_den", "timeliness_20_week"),
          ("new_ehc_plans", "newplans"), ("ehcplans", "caseload"), ("total_ceased", "ceased_plans"), ("number_plans", "phase_transfers"),
          ("total_ehc_plans", "annual_reviews"), ("personal_budget", "personal_budgets"), ("res_tot", "residential_settings"),
          ("open_wbp", "work_based_placements"))
_OF_THE_STOCK = ("caseload", "sen_needs_caseload", "personal_budgets", "residential_settings", "work_based_placements")
_SPELT = {
    "annual_reviews": {
        "outcome_amend": "outcome_amended", "outcome_cease": "outcome_ceased", "outcome_maintan": "outcome_maintained",
        "no_outcome": "no_outcome_recorded", "number_decsion_4weeks": "decision_4_weeks",
        "number_decision_gt_4weeks": "decision_over_4_weeks",
        "pc_decsion_4weeks": "pc_decision_4_weeks", "pc_decision_gt_4weeks": "pc_decision_over_4_weeks"},
}
_NEEDS = {f"number_{code.lower()}": words for code, words in NEED.words.items()} | {
    "number_need_unknown": topics.NOT_KNOWN, "number_down_syndrome": NEED.words["DS"]}
_NEED_FILES = {"sen_need_newplans": ("newplans", "new_ehc_plans"), "sen_needs_caseload": ("caseload", "ehcplans")}


class BadRelease(ValueError):
    """A file is no data file of the release, or is damaged; the message names it and says what to do."""


@dataclass(frozen=True, slots=True)
class Number:
    """One published number. `who` is the council's number, the region's name, or nothing for England; `topic` and `breakdown` are this
    program's own words, blank for everything. `value` is None where the DfE gives a code instead, which is in `missing`."""

    letter: str
    period: str
    level: str
    who: str
    file: str
    column: str
    topic: str
    breakdown: str
    value: float | None
    missing: str = ""


Wanted = Callable[[str, str, str], bool]
"""Whether the rows of a level, of a council or region, and of a topic are wanted."""


def read_release(name: str, lines: Iterable[str], letter: str, wanted: Wanted = lambda level, who, topic: True,
                 columns: frozenset[str] | None = None) -> Iterator[Number]:
    """Every number of a data file, one by one; of `columns` (in lower case) alone, where they are given.

    Raises BadRelease if the file is none of the release's, a row is broken off, or a value is neither number nor code.
    """
    rows = csv.reader(lines)
    try:
        head = [one.strip().removeprefix("\ufeff") for one in next(rows, [])]
        plan = _plan(name, head)
        for row in rows:
            if row:
                yield from _numbers(plan, row, rows.line_num, letter, wanted, columns)
    except csv.Error as error:
        raise BadRelease(f"{name}, line {rows.line_num}: {error}. Download the file again.") from None


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    file: str
    width: int
    at: dict[str, int]
    values: tuple[tuple[int, str], ...]


def _plan(name: str, head: Sequence[str]) -> _Plan:
    at: dict[str, int] = {}
    for place, column in enumerate(head):
        at.setdefault(column.lower(), place)             # one edition has a column twice: the first stands
    if missing := [column for column in NEEDED if column not in at]:
        raise BadRelease(f"{name} is no data file of the release: it has no column {', '.join(missing)}. Give the folder with the CSV files"
                         " of \"Education, health and care plans\" as they were downloaded.")
    file = _file(name, at)
    values = tuple((place, column) for column, place in at.items() if column not in FIXED)
    return _Plan(name, file, len(head), at, values)


def _file(name: str, at: dict[str, int]) -> str:
    if "number_asd" in at:
        return "sen_need_newplans" if "new" in name.lower() else "sen_needs_caseload"
    for sign, file in _SIGNS:
        if sign in at:
            return file
    raise BadRelease(f"{name}: none of its columns is known, such as {', '.join(sign for sign, _ in _SIGNS[:3])}. It is left out.")


def _numbers(plan: _Plan, row: Sequence[str], line: int, letter: str, wanted: Wanted, columns: frozenset[str] | None) -> Iterator[Number]:
    if len(row) != plan.width:
        raise BadRelease(f"{plan.name}, line {line}: {len(row)} values under {plan.width} columns. The file is broken off or was changed;"
                         " download it again.")
    at = plan.at
    level = _level(row[at["geographic_level"]])
    who = {NATIONAL: "", REGIONAL: row[at["region_name"]].strip(), COUNCIL: row[at["old_la_code"]].strip()}.get(level)
    if who is None:
        return
    topic, breakdown = _topic(plan.file, *(row[at[one]].strip() if one in at else "" for one in ("breakdown_topic", "breakdown")))
    if topic is None or not wanted(level, who, topic):
        return
    period = _period(plan, row[at["time_period"]].strip(), line)
    for place, spelt in plan.values:
        file, column, of, label = _column(plan.file, spelt, period, topic, breakdown)
        if columns is None or column in columns:
            value, missing = _value(plan, line, spelt, row[place].strip())
            yield Number(letter, period, level, who, file, column, of, label, value, missing)


def _level(text: str) -> str:
    return next((level for level in LEVELS if level.lower() == text.strip().lower()), "")


def _period(plan: _Plan, text: str, line: int) -> str:
    if not re.fullmatch(r"\d{4}|\d{6}", text):
        raise BadRelease(f"{plan.name}, line {line}: {text!r} is no time period, such as 2025 or 202526.")
    return text if plan.file in _OF_THE_STOCK else text[:4]


def _column(file: str, spelt: str, period: str, topic: str, breakdown: str) -> tuple[str, str, str, str]:
    """The file, column, topic and breakdown under which a number is kept."""
    if file in _NEED_FILES and spelt in _NEEDS and not topic:
        return (*_NEED_FILES[file], "need", _NEEDS[spelt])
    column = _SPELT.get(file, {}).get(spelt, spelt)
    if file == "annual_reviews":
        column = re.sub(r"_20\d\d$", "", column)
    elif file == "phase_transfers" and (dated := re.fullmatch(r"(due|final)_(\d\d)", column)):
        later = int(dated[2]) - int(period[:4]) % 100
        column = f"{dated[1]}_{'this' if later == 0 else 'next'}_year" if later in (0, 1) else column
    return file, column, topic, breakdown


def _value(plan: _Plan, line: int, column: str, text: str) -> tuple[float | None, str]:
    if text.lower() in NO_NUMBER:
        return None, text.lower() or "blank"
    try:
        return float(text.replace(",", "")), ""
    except ValueError:
        raise BadRelease(f"{plan.name}, line {line}: {text!r} under {column} is neither a number nor one of the DfE's codes"
                         f" ({', '.join(code for code in NO_NUMBER if code)}).") from None


# --- the words by which figures are told apart -----------------------------------------------------------------------------

def _topic(file: str, topic: str, breakdown: str) -> tuple[str | None, str]:
    """This program's own topic and label; blank for everything, None for a topic that it does not have."""
    words, label = topic.lower(), " ".join(breakdown.lower().split())
    if not words or words.startswith(("all ", "total", "new ehc plans")) or words == "all":
        return "", ""
    if "source" in words:
        return "source", _source(label)
    if words == "sex":
        return "sex", label if label in ("male", "female") else topics.NOT_KNOWN
    if "need" in words:
        return "need", _need(label)
    if "age" in words.split() or words.startswith("age"):
        of_stock = "academic year" in words
        return ("age", _age(label)) if of_stock is (file in _OF_THE_STOCK) else (None, "")
    return None, ""


def _source(label: str) -> str:
    for word, code in (("parent", "1"), ("school", "2"), ("education", "2"), ("health", "3"), ("social", "4")):
        if word in label:
            return topics.SOURCE.labels[int(code) - 1]
    return "other" if "other" in label else topics.NOT_KNOWN


def _need(label: str) -> str:
    label = label.replace("visual impairment", NEED.words["VI"])
    return next((words for words in NEED.words.values() if label.startswith(words.lower()) or _bare(words) in _bare(label)),
                topics.NOT_KNOWN)


def _bare(text: str) -> str:
    return re.sub(r"[^a-z]+", " ", text.lower().replace(" and ", " ")).strip()


def _age(label: str) -> str:
    number = re.search(r"\d+", label)
    if number is None:
        return topics.NOT_KNOWN
    if re.search(r"under|below|younger|up to|to", label) and int(number[0]) <= topics.YOUNGEST + 1:
        return topics.AGES[0]
    if re.search(r"over|above|older|\+", label) and int(number[0]) >= topics.OLDEST:
        return topics.AGES[-1]
    return number[0]
