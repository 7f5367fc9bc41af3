"""What is wrong with a return, or doubtful in it: one finding says where, by which rule, and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How grave it is: an error blocks a return, a query needs a note, a remark is worth knowing."""

    ERROR = "error"
    QUERY = "query"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. It names a record by its place in the file, and, where they are known, by case or person reference; never
    a child. `value` is what stood there, where that is a code or a day."""

    rule: str
    level: Level
    place: str
    says: str
    do: str
    tag: str | None = None
    value: str | None = None
    case_ref: str | None = None
    person_ref: str | None = None
