"""What may be shown to the public: no number below five, and none from which one could be worked out.

A count of 1 to 4 is hidden, and so is any from which, with what is shown beside it, such a count would follow: the rest of its base,
the rest of a row, the difference between two figures of which one lies within the other. Then whatever else must be hidden is found by
attack: everything that is shown is written down as equations, and for each number that must not be known the least and the greatest
that it could be are worked out. It is safe when it could be anything from at most 1 to at least 5; else one more number is hidden and
the attack repeated. Zeros are shown. A percentage or an average is hidden where a count behind it is.

Two publications can be compared. Whoever publishes every day shows by the difference what happened on one: publish at fixed, rare days.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from models.figures.measure import Measure
from models.figures.table import BY_ID, WITHIN
from models.figures.timeliness import HEADLINE
from models.figures.tally import Figure, figure_id

SMALL = 5
"""Counts below this, other than 0, are hidden."""

HIDDEN = "c"
"""How a hidden number is written, as in the DfE's files."""


@dataclass(frozen=True, slots=True)
class Equation:
    """A total and the numbers that add up to it. Names that are no figure's stand for a difference that anybody can work out."""

    total: str
    parts: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Everything in it."""
        return self.total, *self.parts


@dataclass(slots=True)
class Table:
    """Numbers by name, those of them that are shown, and what holds between them. `rests` are differences that anybody can work out,
    `known` those of them that are taken as known."""

    values: dict[str, int]
    shown: set[str]
    equations: list[Equation] = field(default_factory=list)
    known: set[str] = field(default_factory=set)
    rests: set[str] = field(default_factory=set)

    @property
    def unknown(self) -> set[str]:
        """What an outsider is not told."""
        return self.values.keys() - self.shown - self.known

    def is_sensitive(self, name: str) -> bool:
        """Whether nobody may know this number."""
        return 0 < self.values[name] < SMALL


def for_public(figures: Iterable[Figure]) -> list[Figure]:
    """The figures that may be published, small numbers hidden; without cases."""
    figures = [figure for figure in figures if figure.public]
    table = table_of(figures)
    protect(table)
    return [figure.hide() if _is_hidden(figure, table) else replace(figure, cases=(), numerator=None if figure.unit == "weeks"
                                                                    else figure.numerator) for figure in figures]


def _is_hidden(figure: Figure, table: Table) -> bool:
    base = figure_id(figure.measure, None, figure.topic, figure.breakdown)
    return base not in table.shown or (figure.unit != "weeks" and figure.id not in table.shown) or (
        figure.unit == "weeks" and (0 < (figure.denominator or 0) < SMALL or figure.denominator != table.values[base]))


# --- the equations ---------------------------------------------------------------------------------------------------------

def table_of(figures: Sequence[Figure], within: Iterable[tuple[str, str]] = WITHIN) -> Table:
    """Every count among the figures, and everything by which one follows from others."""
    counts = {figure.id: figure for figure in figures if figure.unit != "weeks"}
    table = Table({id: figure.numerator for id, figure in counts.items()}, set(counts))
    for base in (figure for figure in counts.values() if figure.part is None):
        _split(table, base, BY_ID.get(base.measure))
    for whole in (figure for figure in counts.values() if figure.is_whole):
        for topic in {one.topic for one in counts.values() if one.measure == whole.measure and one.topic}:
            parts = tuple(one.id for one in counts.values() if (one.measure, one.part, one.topic) == (whole.measure, whole.part, topic))
            table.equations.append(Equation(whole.id, parts))
    for small, large in within:
        if small in counts and large in counts:
            _difference(table, large, small)
            if table.values[large] == table.values[small]:       # as when both are the same by their definition for a whole year
                table.known.add(_rest(large, small))
    both, either = "other_matters.mediation_and_appeal", ("other_matters.mediation", "other_matters.appeal")
    if {both, "other_matters", *either} <= counts.keys():                # the base is whatever had one or the other
        table.equations.append(Equation("other_matters", (both, *(f"{one} - {both}" for one in either))))
    return table


def _split(table: Table, base: Figure, measure: Measure | None) -> None:
    for split in measure.splits if measure else ():
        parts = tuple(figure_id(measure.id, part.id, base.topic, base.breakdown) for part in measure.parts if part.split == split)
        table.equations.append(Equation(base.id, parts))
    for part in measure.parts if measure else ():
        id = figure_id(measure.id, part.id, base.topic, base.breakdown)
        if part.split is None and id in table.values:
            _difference(table, base.id, id)
        elif part.split is not None:
            _difference(table, base.id, id)


def _difference(table: Table, large: str, small: str) -> None:
    rest = _rest(large, small)
    if rest not in table.values:
        table.rests.add(rest)
        table.values[rest] = table.values[large] - table.values[small]
        table.equations.append(Equation(large, (small, rest)))


def _rest(large: str, small: str) -> str:
    return f"{large} - {small}"


def _grouped(equations: Iterable[Equation], kept: Iterable[str]) -> list[tuple[list[str], list[Equation]]]:
    """Names in groups between which nothing follows, with the equations of each; `kept` are the names that tie equations together."""
    leader = {name: name for name in kept}

    def root(name: str) -> str:
        while leader[name] != name:
            leader[name] = leader[leader[name]]
            name = leader[name]
        return name

    tied = [(equation, [name for name in equation.names if name in leader]) for equation in equations]
    for _, names in tied:
        for name in names[1:]:
            leader[root(name)] = root(names[0])
    groups: dict[str, tuple[list[str], list[Equation]]] = {}
    for name in leader:
        groups.setdefault(root(name), ([], []))[0].append(name)
    for equation, names in tied:
        if names:
            groups[root(names[0])][1].append(equation)
    return list(groups.values())


# --- hiding and attacking ------------------------------------------------------------------------------------------------------

def protect(table: Table) -> None:
    """Take from what is shown until no number that must not be known can be worked out."""
    open = sensitive = [name for name in table.values if table.is_sensitive(name)]
    before = set(table.shown)
    table.shown -= set(open)
    while open := exposed(table, open):             # whatever more is hidden only widens what the others could be
        helped, shown = set[str](), len(table.shown)
        for name in open:
            if name not in helped and (hidden := _hide_one_more(table, name)):
                helped.update(*(equation.names for equation in table.equations if hidden in equation.names))
        if len(table.shown) == shown:               # nothing is left to hide near them
            break
    _show_again(table, sensitive, before - table.shown - set(sensitive))


def _show_again(table: Table, sensitive: Iterable[str], hidden: Iterable[str]) -> None:
    """Show what was hidden on the way and need not have been, the most missed first."""
    for name in sorted(hidden, key=lambda name: (-_weight(name), -table.values[name], name)):
        tied = next(set(names) for names, _ in _grouped(table.equations, sorted(table.unknown)) if name in names)
        table.shown.add(name)
        if exposed(table, tied & set(sensitive)):
            table.shown.discard(name)


def exposed(table: Table, wanted: Iterable[str]) -> list[str]:
    """Those of the wanted numbers of which too much can be worked out: that they are at least 2, or below five."""
    asked, found = set(wanted), []
    for names, equations in _grouped(table.equations, sorted(table.unknown)):
        if mine := sorted(asked & set(names)):
            attack = _Attack(table, sorted(names), equations)
            found += [name for name in mine if not attack.could_be_at_most(name, 1) or not attack.could_be_at_least(name, SMALL)]
    return found


class _Attack:
    """What hidden numbers could be, by what is shown and by the equations. Everything that they could be is remembered: one answer
    to one question often answers the next.

    How great a number could be is asked as by one who knows that zeros are shown, so that what is hidden is 1 at least.
    """

    def __init__(self, table: Table, names: Sequence[str], equations: Sequence[Equation]) -> None:
        self._place = {name: number for number, name in enumerate(names)}
        self._matrix, self._right = [[0] * len(names) for _ in equations], [0] * len(equations)
        for row, equation in enumerate(equations):
            for name, sign in ((equation.total, -1), *((part, 1) for part in equation.parts)):
                if name in self._place:
                    self._matrix[row][self._place[name]] += sign
                else:
                    self._right[row] -= sign * table.values[name]
        self._bounds = [(int(table.values[name] > 0 and name not in table.rests), None) for name in names]
        self._least = [float(table.values[name]) for name in names]
        self._most = list(self._least)

    def could_be_at_most(self, name: str, value: int) -> bool:
        """Whether a number could be so small."""
        place = self._place[name]
        return self._least[place] <= value or (self._ask(place, 1) or self._least[place] <= value)

    def could_be_at_least(self, name: str, value: int) -> bool:
        """Whether a number could be so great."""
        place = self._place[name]
        return self._most[place] >= value or (self._ask(place, -1) or self._most[place] >= value)

    def _ask(self, place: int, sign: int) -> bool:
        """Look for the least (1) or the greatest (-1) that a number could be. Whether there is no end to it."""
        from scipy.optimize import linprog

        aim = [0] * len(self._place)
        aim[place] = sign
        answer = linprog(aim, A_eq=self._matrix, b_eq=self._right, bounds=(0, None) if sign > 0 else self._bounds,
                         method="highs") if self._matrix else None
        if answer is None or answer.status == 3:
            return True
        if answer.status == 0:                      # anything else means that nothing is known for sure, and is taken as found out
            for one, value in enumerate(answer.x):
                self._least[one] = min(self._least[one], round(value, 6))
                if sign < 0:
                    self._most[one] = max(self._most[one], round(value, 6))
        return False


def _hide_one_more(table: Table, name: str) -> str | None:
    """Hide one more number that is still shown, that which is missed least: in an equation with the name, else one step further on."""
    near: set[str] = {name}
    while True:
        touched = [equation for equation in table.equations if not near.isdisjoint(equation.names)]
        totals = {equation.total for equation in touched}
        wider = near | {one for equation in touched for one in equation.names}
        if choice := wider & table.shown:
            hidden = min(choice, key=lambda one: (_weight(one), one in totals, table.values[one] == 0, table.values[one], one))
            table.shown.discard(hidden)
            return hidden
        if wider == near:
            return None                             # nothing is shown from which it could follow
        near = wider


def _weight(name: str) -> int:
    """How much a figure is missed when it is hidden: the headline most, what is told apart least."""
    return 0 if "/" in name else 2 if name.split(".")[0] == HEADLINE.id else 1
