"""One call that imports a return: looked at first, then taken in whole, or left alone with the reason."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import astuple, dataclass, replace
from datetime import date
from io import SEEK_END
from tempfile import TemporaryFile

from sqlalchemy import Engine
from sqlmodel import Session

from models.hand import Hand
from models.made_up.as_returned import SOFTWARE
from models.sen2.codes import COUNCILS
from tasks.database import reading, writing
from tasks.made_up_cases import holds_real
from tasks.sen2_files.open import Return, opened
from tasks.sen2_files.source import BadReturn
from tasks.sen2_in import Bringing, Brought, Line, is_first, told_councils

Open = Callable[[], AbstractContextManager[Return]]
Bars = Callable[[str], AbstractContextManager[Callable[[int, int], None]]]
"""Shows how far something is: by what it is called, a context in which it is told what is done, and of how much."""


@contextmanager
def _none(_what: str) -> Iterator[Callable[[int, int], None]]:
    yield lambda done, of: None


class WrongCouncil(ValueError):
    """The return is of another council than this one, or does not say of which; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted: only to look; to write although it changes what is on record; to let the return put earlier facts right."""

    dry_run: bool = False
    apply: bool = False
    correct: bool = False
    council: str | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of it: of which return, what was or would be taken, and whether that was kept."""

    form: str
    sha256: str
    year: int
    day: date
    year_from: str
    council: str | None
    brought: Brought
    kept: bool
    asks_to_apply: bool
    made_up: bool = False


class Lines:
    """The lines of the report, kept in a file without a name: a long return needs no memory for them. Each look begins anew."""

    def __init__(self) -> None:
        self._file = TemporaryFile("w+", encoding="utf-8")

    def begin(self) -> None:
        """Forget what was told: the return is looked at anew."""
        self._file.seek(0)
        self._file.truncate()

    def __call__(self, line: Line) -> None:
        self._file.write(json.dumps(astuple(line)) + "\n")

    def __iter__(self) -> Iterator[Line]:
        self._file.seek(0)
        for text in self._file:
            yield Line(*json.loads(text))
        self._file.seek(0, SEEK_END)


def import_return(engine: Engine, name: str, wish: Wish, hand: Hand, today: date, *, year: int | None = None, own: str = "",
                  lines: Lines | None = None, progress: Bars = _none,
                  source: Open | None = None) -> Imported:
    """Import a return, or what `source` opens instead.

    Into an empty record it is taken at once. Where it concerns persons on record, the difference is worked out first and is
    written only with `wish.apply`. `own` is the number of this council, if that is set.

    Raises BadReturn, WrongCouncil; nothing is then kept.
    """
    told = lines or Lines()
    open_ = source or (lambda: opened(name, year))
    with reading(engine) as session:
        first = is_first(session)
    if not first or wish.dry_run:
        with progress("looking") as bar:
            done = _look(engine, open_, wish, hand, today, own, told, bar)
        writes = done.brought.changes_anything or (wish.correct and done.brought.corrected)
        if wish.dry_run or not writes:
            return done
        if done.brought.touches_what_is_there and not wish.apply:
            return replace(done, asks_to_apply=True)
    told.begin()
    with progress("taking in") as bar, writing(engine) as session, open_() as found:
        council = _council(found, wish.council, own, told_councils(session))
        brought = _bringing(session, found, hand, today, council, wish, True, told).bring(bar)
    return Imported(found.form, found.sha256, found.year, found.day, found.year_from, council, brought, kept=True, asks_to_apply=False,
                    made_up=found.header.software == SOFTWARE)


def _look(engine: Engine, open_: Open, wish: Wish, hand: Hand, today: date, own: str, told: Lines,
          progress: Callable[[int, int], None]) -> Imported:
    told.begin()
    with reading(engine) as session, open_() as found:
        council = _council(found, wish.council, own, told_councils(session))
        brought = _bringing(session, found, hand, today, council, wish, False, told).bring(progress)
    return Imported(found.form, found.sha256, found.year, found.day, found.year_from, council, brought, kept=False, asks_to_apply=False,
                    made_up=found.header.software == SOFTWARE)


def _bringing(session: Session, found: Return, hand: Hand, today: date, council: str | None, wish: Wish, write: bool,
              told: Lines) -> Bringing:
    if found.day > today:
        raise BadReturn(f"{found.name} describes {found.day.isoformat()}, which has not come yet. Check the year of its header.")
    if found.header.software == SOFTWARE and holds_real(session):
        raise BadReturn(f"{found.name} is the return of a made-up council, and there are cases of real children on record. Take it into"
                        " a database of its own: EHC_DATABASE_URL=sqlite:///./var/made-up.sqlite")
    return Bringing(session, found, hand, today, council=council, owner=wish.owner, write=write, correct=wish.correct, sink=told)


def _council(found: Return, said: str | None, own: str, earlier: Mapping[str, int]) -> str | None:
    """The council whose return it is. Raises WrongCouncil unless that is this one, or is said to be right."""
    told = found.header.council
    if said is not None and told is not None and said != told:
        raise WrongCouncil(f"{found.name} is of {_named(told)}, and --council says {_named(said)}. Nothing was imported.")
    if said is not None:
        return said
    known = own or next(iter(earlier), "")
    if told is None and found.form != "spreadsheet" and not known:
        raise WrongCouncil(f"{found.name} does not say of which council it is. Say it with --council NUMBER, such as --council 201.")
    if told is not None and known and told != known:
        how = "is set in EHC_SEN2__COUNCIL" if own else "stands in the returns imported before"
        raise WrongCouncil(f"{found.name} is of {_named(told)}, and {_named(known)} {how}. If it is to be imported all the same, say"
                           f" --council {told}. Nothing was imported.")
    return told or known or None


def _named(number: str) -> str:
    return f"{number} ({COUNCILS[number]})" if number in COUNCILS else number
