"""What a command needs from outside: the settings, the database, whose hand it is, and where Prefect is."""

import getpass
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from cli import show
from cli.clock import now

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from models.hand import Hand
    from tasks.office import Office


def database(*, make: bool = False) -> "Engine":
    """The engine of the council's database. With `make`, a new SQLite database gets its tables, and that is said.

    Only a command that opens cases makes one: any other would answer from an empty database in the wrong folder.
    """
    from tasks.database import engine, upgrade
    from tasks.settings import settings

    file, missing = _file(), not is_there()
    if missing and not make:
        raise show.WrongCall(f"There is no database {file} yet. Run `ehc up`, which makes one, or `ehc receive`, which opens a"
                             " first case; or set EHC_DATABASE_URL to where yours is.")
    try:
        found = engine(settings().database_url)
    except OSError as error:
        raise show.WrongCall(f"The folder of the database cannot be made: {error.strerror}: {error.filename}.") from None
    if missing:
        upgrade(found)
        show.warn(f"A new database was made: {file} (EHC_DATABASE_URL names another).")
    return found


def is_there() -> bool:
    """Whether there is a database to open: always, unless it is an SQLite file that does not exist or is empty."""
    file = _file()
    return file is None or (os.path.exists(file) and os.path.getsize(file) > 0)


def _file() -> str | None:
    """The file of an SQLite database; None for any other. Raises WrongCall if the address is none."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    from tasks.settings import settings

    try:
        url = make_url(settings().database_url)
        if url.drivername != "postgres":               # which the database's own engine reads as postgresql
            url.get_dialect()
        if url.get_backend_name() not in ("sqlite", "postgresql", "postgres"):
            raise ArgumentError(f"{url.get_backend_name()} is no database of this program")
    except (ArgumentError, NoSuchModuleError):
        raise show.WrongCall("EHC_DATABASE_URL is no address of a database. Write sqlite:///./var/ehc.sqlite or"
                             " postgresql://USER:PASSWORD@HOST/NAME.") from None
    memory = url.database in (None, "", ":memory:")
    return None if url.get_backend_name() != "sqlite" or memory else url.database


def looked(door: str, by: str | None, *refs: str) -> None:
    """Note that somebody looks at these cases through a command, such as "ehc case": before a command shows anything of a case,
    it says so here. Raises NoSuchCase, and Busy where it could not be noted."""
    from tasks.looks import looked as note

    note(database(), refs, hand(by), door)


def hand(by: str | None) -> "Hand":
    """The hand that acts now: the officer who is named, or whom EHC_OFFICER names, or whoever is logged in."""
    from models.fact_fields import REFERENCE
    from models.hand import Hand
    from tasks.settings import settings

    by = settings().officer if by is None else by
    if by is None:
        by = re.sub(r"[^A-Za-z0-9._:/-]", "-", _login()).lstrip("._:/-")[:80] or "door"
    elif not re.fullmatch(REFERENCE, by):
        raise show.WrongCall(f"--by {by!r} is no reference of an officer: use letters, digits and . _ : / -, and no name.")
    return Hand(now(), by)


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):                 # a container may know no user of that number
        return f"user-{os.getuid()}"


def tell_of_missed_watch(office: "Office") -> None:
    """Tell operations of the days on which the watch did not look, each once; what stands in the way is said, and holds up nothing."""
    from notifications.channels import NotSent
    from notifications.letter import WordingError
    from tasks.watching import tell_of_missed

    try:
        if tell_of_missed(database(), office, now()):
            show.warn("The watch did not look on days of which operations have now been told: `ehc audit watch` lists them.")
    except (NotSent, WordingError) as error:
        show.warn(f"ehc: operations could not be told when the watch did not look: {error}")


def prefect_api() -> str:
    """Where the Prefect API is: PREFECT_API_URL if that is set, else this machine's own."""
    from tasks.prefect_server import api_url
    from tasks.settings import settings

    return os.environ.get("PREFECT_API_URL") or api_url(settings().prefect_port)


def set_up_prefect(api: str) -> None:
    """Say to this process, before it imports Prefect, where the server is, and that it starts none and reports to nobody."""
    from tasks.prefect_server import environment

    theirs = environment(prefect_home(), api)
    for name in ("PREFECT_HOME", "PREFECT_PROFILES_PATH"):          # a home that somebody chose stays theirs
        if name in os.environ:
            del theirs[name]
    os.environ.update(theirs)
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "WARNING")


def prefect_home() -> Path:
    """Where a Prefect of our own keeps its files: beside the outbox."""
    from tasks.settings import settings

    return settings().outbox_dir.absolute().parent / "prefect"
