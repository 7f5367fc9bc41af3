"""Who looked at a case, and when."""

from dataclasses import dataclass

from models.audit.answer import Question


@dataclass(frozen=True, slots=True)
class Row:
    """One look."""

    case: str
    looked_at: str
    by: str
    door: str
    look: int


LOOKS = Question(
    "looks", "Who looked at this case, and when?",
    "One row each time that somebody read the case through a door: a command that shows one case, a proof or a pack of it, or the"
    " page of a link. Moments are UTC; `by` is the officer's reference, or the agency whose link it was.",
    "the record of looks (look: case_ref, looked_at, looked_by, door), which is sealed in a chain of its own",
    "lists over many cases (ehc due, ehc audit); writing, which is a fact of the case and names who wrote; whoever read the"
    " database, a letter or Prefect's screen without going through a door",
    "UK GDPR art 5(1)(f), 5(2) and 32: security and accountability", Row, 11)
