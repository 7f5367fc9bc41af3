"""`ehc up`: everything on one machine: the database, a Prefect server with our flows and a worker, and what is due today."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cli import here, show
from cli.clock import today
from cli.options import option

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tasks.settings import Settings

MADE_UP = {
    "name": "Sampleshire County Council", "phone": "01632 960000", "email": "send@sampleshire.example",
    "post": "SEND Team, County Hall, Sampleton SA1 1AA", "mediation_adviser": "Sample Mediation, 01632 960001",
    "sendiass": "Sampleshire SENDIASS, 01632 960002", "disagreement_resolution": "Sample Resolution, 01632 960003",
    "tribunal": "First-tier Tribunal (SEND), made-up address, 01632 960004",
    "local_offer": "https://www.sampleshire.example/local-offer",
}
"""The details of a council that does not exist; the telephone numbers are kept for drama."""

SOONEST = 12


def up(
    sample: Annotated[bool, option(
        "--sample", help="First make a sample council of made-up cases, if there are none yet.")] = False,
) -> None:
    """Start everything on this machine and keep it running until Ctrl-C: makes the database or brings it up to date, starts
    a Prefect server with every flow and a worker, says what is due today and where to look.

    Everything is kept in ./var and speaks to this machine only. For service, give the database and Prefect machines of
    their own: the addresses are settings (`ehc doctor` names them).
    """
    from tasks.database import engine as engine_of
    from tasks.prefect_server import running
    from tasks.rebuild import bring_up
    from tasks.settings import settings

    if sample:
        _settle_the_sample_council()
    here.database(make=True)
    engine = engine_of(settings().database_url)
    bring_up(engine)
    if sample:
        _make_sample(engine)
    with _portal(settings()) as serves, _spinner() as progress, running(
            here.prefect_home(), settings().prefect_port, extra=as_environment(settings()), progress=progress) as prefect:
        progress("")
        _say_what_is_due(engine)
        show.say(f"\nPrefect's screen: {prefect.screen_url}   (runs, logs; the flows can be started there too)")
        if serves:
            show.say(f"Pages on which agencies answer: http://127.0.0.1:{settings().portal_port}"
                     f"   (in letters: {settings().public_url})")
        show.say(f"Letters without a channel: {settings().outbox_dir.absolute()}")
        show.say("In another terminal, in this folder: ehc due, ehc case REF, ehc record -h, ehc watch, ehc doctor")
        show.say("Ctrl-C ends it; nothing is lost, and `ehc up` goes on where it stopped.")
        sys.stdout.flush()
        try:
            prefect.watch_over()
        except KeyboardInterrupt:
            show.say("\nEnding the worker and the server.")


@contextmanager
def _portal(settings: "Settings") -> Iterator[bool]:
    """The pages on which agencies answer, in a process of their own, if links are set up: whether they are."""
    from tasks.links import links_of

    if links_of(settings) is None:
        yield False
        return
    process = subprocess.Popen([sys.executable, "-c", "from cli.main import main; main()", "portal"],
                               env=os.environ | as_environment(settings), stdout=subprocess.DEVNULL)
    try:
        yield True
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()


def as_environment(settings: "Settings") -> dict[str, str]:
    """The settings as the flows' own processes need them, which run elsewhere: paths in full, secrets as they are."""
    import json

    from sqlalchemy.engine import make_url

    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and url.database not in (None, "", ":memory:"):
        url = url.set(database=str(Path(url.database).absolute()))
    return {
        "EHC_DATABASE_URL": url.render_as_string(hide_password=False),
        "EHC_OUTBOX_DIR": str(settings.outbox_dir.absolute()),
        "EHC_SEAL_DIR": str(settings.seal_dir.absolute()),
        "EHC_SEAL_KEY": str(settings.seal_key.absolute()) if settings.seal_key else "",
        "EHC_CHANNELS": json.dumps({name: secret.get_secret_value() for name, secret in settings.channels.items()}),
        "EHC_PREFECT_PORT": str(settings.prefect_port),
        "EHC_PUBLIC_URL": settings.public_url,
        "EHC_LINK_SECRET": settings.link_secret.get_secret_value(),
        "EHC_LINK_DAYS": str(settings.link_days),
        "EHC_PORTAL_PORT": str(settings.portal_port),
        "EHC_DOCUMENTS_DIR": str(settings.documents_dir.absolute()),
        "EHC_RETURNS_DIR": str(settings.returns_dir.absolute()) if settings.returns_dir else "",
        "EHC_POLICY_FILE": str(settings.policy_file.absolute()) if settings.policy_file else "",
        "EHC_NOTIFY_TOKEN": settings.notify_token.get_secret_value(),
        "EHC_DOCUMENT_MEGABYTES": str(settings.document_megabytes),
        **{f"EHC_COUNCIL__{name.upper()}": value for name, value in settings.council},
    }


def _settle_the_sample_council() -> None:
    """Write the made-up council's details to .env, so that every command tells of the same council; never over another's.

    Its letters carry links to the pages on this machine.
    """
    import secrets

    from tasks.settings import settings

    if any(value for _, value in settings().council):
        return
    lines = "".join(f'EHC_COUNCIL__{name.upper()}="{value}"\n' for name, value in MADE_UP.items())
    if not settings().public_url and not settings().link_secret.get_secret_value():
        lines += (f"EHC_PUBLIC_URL=http://127.0.0.1:{settings().portal_port}\n"
                  f"EHC_LINK_SECRET={secrets.token_hex(32)}\n")
    try:
        with open(".env", "x", encoding="utf-8", opener=_for_its_owner) as file:
            file.write(f"# A council that does not exist, for the sample. Put your own details here.\n{lines}")
    except FileExistsError:
        with open(".env", "a", encoding="utf-8") as file:
            file.write(f"\n# A council that does not exist, for the sample. Put your own details here.\n{lines}")
    settings.cache_clear()
    show.say(f"The details of a made-up council were written to {Path('.env').absolute()}; put your own there later.")


def _for_its_owner(path: str, flags: int) -> int:
    """Open a file that nobody else may read: it holds a secret."""
    return os.open(path, flags, 0o600)


def _make_sample(engine: "Engine") -> None:
    from cli import sample
    from tasks.office import office_of
    from tasks.settings import settings

    if not sample.is_empty(engine):
        show.say("The database holds cases already, so no sample is made.")
        return
    show.say("Making a sample council, day by day ...")
    with show.progress("days lived through") as progress:
        cases = sample.build(engine, office_of(settings()), today(), progress=progress)
    show.say(f"{show.count(cases, 'made-up case')}. Nobody in them exists.")


def _say_what_is_due(engine: "Engine") -> None:
    from cli.due import tell
    from tasks.database import reading
    from tasks.worklist import worklist

    with reading(engine) as session:
        todo = worklist(session, today())
    tell(todo, today(), first=SOONEST)


@contextmanager
def _spinner() -> Iterator[Callable[[str], None]]:
    """Tells what is waited for: in one line that changes on a terminal, elsewhere a line for each new thing."""
    drawn = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    said: list[str] = []

    def progress(words: str) -> None:
        kind = words.split(",")[0]
        if drawn:
            sys.stderr.write("\r\x1b[K" + words)
            sys.stderr.flush()
        elif kind and kind not in said:
            show.warn(f"{kind} ...")
        said.append(kind)

    try:
        yield progress
    finally:
        if drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
