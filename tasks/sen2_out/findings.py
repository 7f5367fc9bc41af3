"""What was found in a return, kept on disk as it comes: of each rule only the number and the first few stay in memory."""

import csv
import json
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from models.sen2.finding import Finding, Level
from models.sen2.values import harmless
from tasks.sen2_out.notes import note_for

FIRST = 12
"""Findings of one rule that are shown one by one."""

COLUMNS = ("level", "rule", "case", "person", "place", "item", "value", "says", "do", "note")


@dataclass
class OfRule:
    """What was found by one rule: how often, how many of these a note answers, and the first that none does."""

    rule: str
    level: Level
    count: int = 0
    noted: int = 0
    first: list[Finding] = field(default_factory=list)

    @property
    def open(self) -> int:
        """How many are still to be put right or answered."""
        return self.count - self.noted


class Findings:
    """A pile of findings that needs no memory. Iterating gives each with the note that answers it, in the order in which they
    came."""

    def __init__(self, notes: Mapping[tuple[str, str], str]) -> None:
        self._notes = dict(notes)
        self._file: IO[str] = tempfile.TemporaryFile("w+", encoding="utf-8", prefix="ehc-findings-")
        self.rules: dict[str, OfRule] = {}

    def add(self, finding: Finding) -> None:
        """Put a finding on the pile."""
        note = note_for(self._notes, finding)
        of = self.rules.setdefault(finding.rule, OfRule(finding.rule, finding.level))
        of.count += 1
        of.noted += note is not None
        if note is None and len(of.first) < FIRST:
            of.first.append(finding)
        self._file.write(json.dumps({**asdict(finding), "note": note}, ensure_ascii=False) + "\n")

    def __iter__(self) -> Iterator[tuple[Finding, str | None]]:
        self._file.seek(0)
        for line in self._file:
            told = json.loads(line)
            note = told.pop("note")
            yield Finding(**told | {"level": Level(told["level"])}), note
        self._file.seek(0, 2)

    def count(self, level: Level) -> int:
        """How many there are of a level."""
        return sum(of.count for of in self.rules.values() if of.level is level)

    @property
    def errors(self) -> int:
        """How many block the return."""
        return self.count(Level.ERROR)

    @property
    def queries(self) -> int:
        """How many ask for a note, answered or not."""
        return self.count(Level.QUERY)

    @property
    def noted(self) -> int:
        """How many queries a note answers."""
        return sum(of.noted for of in self.rules.values())

    def write(self, path: Path) -> None:
        """All of them as a CSV file: no name, no birth date; the notes are the council's own words."""
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            path.chmod(0o600)
            rows = csv.writer(file)
            rows.writerow(COLUMNS)
            for one, note in self:
                rows.writerow([harmless(cell or "") for cell in (str(one.level), one.rule, one.case_ref, one.person_ref, one.place, one.tag,
                                                                one.value, one.says, one.do, note)])

    def close(self) -> None:
        """Take the pile away."""
        self._file.close()
