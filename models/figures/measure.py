"""What a measure is: a base, what is counted within it, and by what it is told apart, each with its method and its source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from models.figures.period import Period

Test = Callable[[Any, Period], bool]


class Mark(StrEnum):
    """How firm it is that the DfE counts in this way."""

    VERIFIED = "verified"            # said by the DfE, or by a source written from its guide
    INFERRED = "inferred"            # worked out from its published figures, or from two sources together
    OURS = "ours"                    # not published by the DfE: this program's own definition


@dataclass(frozen=True, slots=True)
class Part:
    """Something counted within a base. Parts with the same `split` add up to the base, each case in one of them.

    `column` is the count's column in the DfE's file, `pc` that of its percentage. `public` is whether it may be shown to the public:
    what lies so near another figure that the difference would name a handful of cases stays inside.
    """

    id: str
    words: str
    method: str
    test: Test
    mark: Mark
    column: str | None = None
    pc: str | None = None
    split: str | None = None
    public: bool = True
    file: str | None = None              # where it is another than the base's


@dataclass(frozen=True, slots=True)
class Average:
    """The mean and the median of something measured in days, in weeks, over the cases of a base for which it is known."""

    words: str
    method: str
    days: Callable[[Any, Period], int | None]
    mark: Mark
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Topic:
    """By what a base is told apart: every case has one label. `name` is the DfE's, `labels` the order in which they are shown."""

    id: str
    name: str
    label: Callable[[Any, Period], str]
    labels: tuple[str, ...] = ()
    public: bool = True

    def order(self, found: Iterable[str]) -> list[str]:
        """The labels that were found, in their order, those without a place in it last."""
        return sorted(found, key=lambda one: (self.labels.index(one) if one in self.labels else len(self.labels), one))


@dataclass(frozen=True, slots=True)
class Measure:
    """One base and everything counted within it. `file` is the DfE's file, `column` the base's column there; `stock` whether the
    DfE gives it under the school year of the survey."""

    id: str
    words: str
    method: str
    base: Test
    mark: Mark
    parts: tuple[Part, ...] = ()
    topics: tuple[Topic, ...] = ()
    average: Average | None = None
    file: str | None = None
    column: str | None = None
    stock: bool = False
    public: bool = True
    splits: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "splits", tuple(dict.fromkeys(part.split for part in self.parts if part.split)))
