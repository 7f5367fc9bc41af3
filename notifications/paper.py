"""What a paper is made of, before it is set: a template, the data that it shows, and the tables that go beside it as CSV."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would take for a formula."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under their columns, as they go into a CSV file."""

    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def csv(self) -> str:
        """The table as CSV in the form of RFC 4180. A text that a spreadsheet would run as a formula gets an apostrophe before it.

        >>> Table(("a", "b"), [(1, "=cmd()"), (None, True)]).csv()
        "a,b\\r\\n1,'=cmd()\\r\\n,yes\\r\\n"
        """
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.columns)
        writer.writerows([_cell(value) for value in row] for row in self.rows)
        return out.getvalue()


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: the template in papers/ that sets it, what the template is given, and the tables that go with it by name."""

    template: str
    data: Mapping[str, Any]
    tables: Mapping[str, Table] = field(default_factory=dict)


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return f"'{value}" if value.startswith(FORMULA) else value
    return "" if value is None else value
