"""`ehc doctor`: what is set up, what is not, and what to do about it."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from cli import here, show
from cli.clock import now, today
from cli.options import Json

if TYPE_CHECKING:
    from httpx import Client

    from tasks.settings import Settings

WELL, CARE, ILL = "well", "care", "ill"
DAY = timedelta(days=1)
LONG = timedelta(hours=2)
"""A message that has waited for longer than this should have gone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `well`, to be taken `care` of, or `ill`; what was found, and what to do."""

    what: str
    state: str
    found: str
    do: str = ""


def doctor(as_json: Json = False) -> None:
    """What is set up, what is not, and what to do: the database, the outbox, the channels, the council's details, Prefect,
    its worker and flows, the last round of the watch, and the sealing of the trail.

    well: nothing to do. care: it works, and something should be done. ill: it does not work. Ends with 1 if anything is
    ill. Changes nothing.
    """
    from tasks.settings import read_settings

    settings = read_settings()
    found = [finding for look in LOOKS for finding in look(settings)]
    if as_json:
        show.answer({"well": all(one.state != ILL for one in found), "findings": [
            {"what": one.what, "state": one.state, "found": one.found, "do": one.do} for one in found]})
    else:
        show.table(("what", "state", "found"), [(one.what, one.state, one.found) for one in found],
                   states=[one.state for one in found])
        todo = [one for one in found if one.do]
        show.say("\nTo do:" if todo else "\nAll is well.")
        for one in todo:
            show.say(f"- {one.what}: {one.do}")
    if any(one.state == ILL for one in found):
        raise typer.Exit(show.NO)


def database(settings: "Settings") -> Iterator[Finding]:
    """Whether the database can be opened, is at this program's version, and holds cases."""
    from tasks.database import NotReady, check, reading
    from tasks.standing import how_many_cases

    try:
        engine = here.database()
        check(engine)
    except (show.WrongCall, NotReady) as error:
        yield Finding("database", ILL, str(error).split(". ")[0] + ".", str(error).partition(". ")[2] or str(error))
        return
    with reading(engine) as session:
        cases = how_many_cases(session)
    yield Finding("database", WELL, f"{engine.url.render_as_string(hide_password=True)}, {show.count(cases, 'case')}")
    if engine.dialect.name == "sqlite":
        yield Finding("kind of database", CARE, "SQLite, which is for a trial",
                      "for service set EHC_DATABASE_URL to a PostgreSQL, such as postgresql://USER:PASSWORD@HOST/ehc.")


def outbox(settings: "Settings") -> Iterator[Finding]:
    """Whether the folder for letters without a channel can be written to, and whether letters are stuck."""
    folder = settings.outbox_dir.absolute()
    if _can_be_written(folder):
        yield Finding("outbox folder", WELL, str(folder))
    else:
        yield Finding("outbox folder", ILL, f"{folder} cannot be written to",
                      "let this user write to it, or set EHC_OUTBOX_DIR.")
    from tasks import standing
    from tasks.database import NotReady, reading

    try:
        with reading(here.database()) as session:
            stands = standing.outbox(session, now() - LONG)
    except (show.WrongCall, NotReady):
        return                                          # said already
    told = f"{stands.waiting} waiting"
    if stands.waiting_long:
        yield Finding("messages", ILL, f"{told}, {stands.waiting_long} of them for more than two hours",
                      "run `ehc watch`, which sends what waits and says what is in the way.")
    else:
        yield Finding("messages", WELL, told)
    if stands.failed_in:
        cases = ", ".join(stands.failed_in[:5]) + (" ..." if stands.failed_in[5:] else "")
        yield Finding("messages that failed", CARE, f"in {show.count(len(stands.failed_in), 'case')}: {cases}",
                      "`ehc case REF` says why; put the address right and `ehc resend REF`, or reach the recipient by other means.")


def channels(settings: "Settings") -> Iterator[Finding]:
    """Whether every address in EHC_CHANNELS can be used as it is written. Never shows one."""
    from notifications.channels import DEFAULT

    if not settings.channels:
        yield Finding("channels", CARE, "none is set: every letter becomes a file in the outbox folder",
                      "that is right for a trial; for service set EHC_CHANNELS, by role or agency, as Apprise writes addresses.")
        return
    bad = {name: why for name, secret in settings.channels.items()
           if (why := _unusable(name, secret.get_secret_value(), settings)) is not None}
    for name, why in bad.items():
        yield Finding(f"channel {name}", ILL, why, "write it as https://appriseit.com says for its kind.")
    good = len(settings.channels) - len(bad)
    rest = "" if DEFAULT in settings.channels else "; everybody else's letters become files in the outbox folder"
    yield Finding("channels", WELL, f"{show.count(good, 'address', 'addresses')} can be used{rest}")


def policy(settings: "Settings") -> Iterator[Finding]:
    """Whether the policy of reminders can be read, and how far it is the council's own."""
    from notifications.policy import BadPolicy, differences
    from tasks.policy_file import in_force

    try:
        found = in_force()
    except BadPolicy as error:
        yield Finding("policy", ILL, str(error), "put it right (`ehc policy --file FILE` checks it), or leave EHC_POLICY_FILE blank.")
        return
    own = differences(found)
    yield Finding("policy", WELL, f"{settings.policy_file}, different from the default in {show.count(len(own), 'setting')}"
                  if settings.policy_file else "the default")


def council(settings: "Settings") -> Iterator[Finding]:
    """Whether the details that the law makes letters give are filled in."""
    blank = [name for name, value in settings.council if not value]
    if blank:
        yield Finding("council's details", ILL, f"blank: {', '.join(blank)}", "letters that must give them do not go: set "
                      + ", ".join(f"EHC_COUNCIL__{name.upper()}" for name in blank) + " in the environment or in .env.")
    else:
        yield Finding("council's details", WELL, settings.council.name)


def prefect(settings: "Settings") -> Iterator[Finding]:
    """Whether the Prefect server answers, knows our flows, and has a worker for them."""
    import httpx

    from tasks.prefect_server import POOL, declared, healthy

    api = here.prefect_api()
    if not healthy(api):
        yield Finding("Prefect server", ILL, f"does not answer at {api}",
                      "start it with `ehc up`, or set PREFECT_API_URL to where yours is. Facts can be recorded meanwhile.")
        return
    yield Finding("Prefect server", WELL, api)
    try:
        with httpx.Client(base_url=api, timeout=10, trust_env=False) as client:
            known = {(one["name"], one["entrypoint"] or ""): one["paused"] for one in _all(client, "/deployments/filter")}
            workers = [one for one in _all(client, f"/work_pools/{POOL}/workers/filter") if one["status"] == "ONLINE"]
    except (httpx.HTTPError, ValueError, KeyError) as error:
        yield Finding("flows", ILL, f"Prefect did not say what it knows ({type(error).__name__})", "deploy them with `ehc up`.")
        return
    ours = declared()
    missing = sorted({name for name, _ in ours - known.keys()})
    paused = sorted(name for name, entrypoint in ours & known.keys() if known[name, entrypoint])
    if missing:
        yield Finding("flows", ILL, f"not deployed: {', '.join(missing)}",
                      "run `ehc up`, or `prefect deploy --all` in the checkout.")
    elif paused:
        yield Finding("flows", ILL, f"paused: {', '.join(paused)}", "resume them on Prefect's screen.")
    else:
        yield Finding("flows", WELL, f"{len(ours)} deployed")
    if gone := sorted(f"{name} ({entrypoint})" for name, entrypoint in known.keys() - ours if entrypoint.startswith("flows.")):
        yield Finding("flows of an earlier version", CARE, ", ".join(gone),
                      "delete these deployments on Prefect's screen: their runs can only fail.")
    if workers:
        yield Finding("worker", WELL, f"{show.count(len(workers), 'worker')} online in the work pool {POOL}")
    else:
        yield Finding("worker", ILL, f"none online in the work pool {POOL}",
                      f"run `ehc up`, or `prefect worker start --pool {POOL}`.")


def last_watch(settings: "Settings") -> Iterator[Finding]:
    """When the watch last ran to its end."""
    from tasks.database import NotReady, reading
    from tasks.standing import last_round
    from tasks.watching import TOLD_OF, blind_times

    try:
        with reading(here.database()) as session:
            round, times = last_round(session), blind_times(session, now())
    except (show.WrongCall, NotReady):
        return
    if round is None:
        yield Finding("watch", CARE, "has not run yet", "run `ehc watch`; with a worker it runs every morning by itself.")
        return
    from models.watching import LOOKS_BY

    days = (today() - round.on).days
    told = f"last complete round for {show.day(round.on)}, ended {show.moment(round.ended_at)}"
    if days > 1:
        yield Finding("watch", ILL, f"{told}, {show.count(days, 'day')} ago",
                      "run `ehc watch`: it makes good what was missed, and says what went late. Then see to the worker.")
    elif days == 1 and times and times[-1].until is None:
        yield Finding("watch", CARE, f"{told}; it has not looked today, and should have by {LOOKS_BY:%H:%M}",
                      "run `ehc watch`, then see to the worker.")
    else:
        yield Finding("watch", WELL, told)
    past = [one for one in times if one.until is not None and one.days[-1] >= today() - TOLD_OF]
    if past:
        yield Finding("watch missed", CARE, f"it did not look on {show.count(sum(len(one.days) for one in past), 'day')} of the last"
                      f" {TOLD_OF.days}", "`ehc audit watch` lists them, with what went late; operations are told by the next `seal-trail`.")


def portal(settings: "Settings") -> Iterator[Finding]:
    """Whether agencies can answer through links in their letters, and whether the pages answer behind them."""
    import httpx

    from tasks.links import links_of

    if links_of(settings) is None:
        lacking = [name for name, value in (("EHC_PUBLIC_URL", settings.public_url),
                                            ("EHC_LINK_SECRET", settings.link_secret.get_secret_value())) if not value]
        yield Finding("answer links", CARE, f"letters carry none; not set: {', '.join(lacking)}",
                      "agencies then answer by mail or phone. To give them links, set both, and run `ehc portal`.")
        return
    yield Finding("answer links", WELL, f"good for {show.count(settings.link_days, 'day')}, at {settings.public_url}")
    folder = settings.documents_dir.absolute()
    if not _can_be_written(folder):
        yield Finding("documents folder", ILL, f"{folder} cannot be written to",
                      "let this user write to it, or set EHC_DOCUMENTS_DIR.")
    local = f"http://127.0.0.1:{settings.portal_port}/health"
    for address in (f"{settings.public_url.rstrip('/')}/health", local):
        try:
            answers = httpx.get(address, timeout=5, trust_env=False).status_code == httpx.codes.OK
        except httpx.HTTPError:
            answers = False
        if answers:
            yield Finding("portal", WELL, f"answers at {address.removesuffix('/health')}" + (
                "; its public address could not be reached from here" if address == local else ""))
            return
    yield Finding("portal", ILL, "does not answer, so no link works", "run `ehc portal`, or see to the web server before it.")


def last_seal(settings: "Settings") -> Iterator[Finding]:
    """Whether the trail is sealed, when it last was, and whether its checkpoints reach somebody."""
    from models.note import BadNote, Checkpoint, read_keys, text_of
    from notifications.channels import DEFAULT
    from notifications.trail_letters import AUDITORS
    from tasks.database import NotReady, reading
    from tasks.log import key_notes, last_checkpoint
    from tasks.seal_key import BadKey, NoKey, signing_key
    from tasks.standing import unsealed
    from tasks.trail_letters import has_gone

    try:
        with reading(here.database()) as session:
            newest, notes = last_checkpoint(session), key_notes(session)
            waiting = unsealed(session, now() - DAY)
            told_them = newest is None or has_gone(session, newest[0])
    except (show.WrongCall, NotReady):
        return
    try:
        signing_key(settings.seal_key, read_keys(notes))
        says = Checkpoint.read(text_of(newest[1])) if newest else None
    except BadNote as bad:
        yield Finding("seal", ILL, f"keys or checkpoint were altered: {bad}", "`ehc trail verify` names what was changed.")
        return
    except (NoKey, BadKey) as error:
        found, _, do = str(error).partition(". ")
        yield Finding("seal", CARE if isinstance(error, NoKey) else ILL, f"{found}.", do)
        return
    if not {AUDITORS, DEFAULT} & settings.channels.keys():
        yield Finding("auditors' channel", CARE, "none is set: checkpoints become files in the outbox folder",
                      "set 'auditors' in EHC_CHANNELS to an address outside this system: a checkpoint proves most where we cannot reach"
                      " it.")
    if newest is None or says is None:
        yield Finding("seal", CARE, "nothing has been sealed yet", "run `ehc trail seal`; with a worker it is done every hour.")
        return
    told = f"checkpoint {newest[0]} over {show.count(says.size, 'fact')}, signed {says.signed_at[:16].replace('T', ' ')} UTC"
    if waiting:
        yield Finding("seal", ILL, f"{told}; {show.count(waiting, 'later fact')} not sealed for more than a day",
                      "run `ehc trail seal`, which does it or says what is in the way. Then see to the worker.")
    elif not told_them:
        yield Finding("seal", ILL, f"{told}; it has not reached the auditors",
                      "run `ehc trail seal`, which sends it or says what is in the way.")
    else:
        yield Finding("seal", WELL, told)


def time_stamps(settings: "Settings") -> Iterator[Finding]:
    """Whether a third party stamps checkpoints, and whose stamps are trusted. Asks nobody."""
    from tasks.database import NotReady, reading
    from tasks.log import last_checkpoint
    from tasks.time_stamp import STAMP, NotStamped, authorities

    if not settings.timestamp_url.get_secret_value():
        yield Finding("time stamps", WELL, "none are asked for (EHC_TIMESTAMP_URL)")
        return
    try:
        authorities(settings)
        with reading(here.database()) as session:
            newest, last = last_checkpoint(session), session.connection().scalar(STAMP.select().with_only_columns(
                STAMP.c.number).order_by(STAMP.c.number.desc()).limit(1))
    except NotStamped as error:
        found, _, do = str(error).partition(". ")
        yield Finding("time stamps", ILL, f"{found}.", do or "put it right in the environment or in .env.")
        return
    except (show.WrongCall, NotReady):
        return
    if newest is not None and last != newest[0]:
        yield Finding("time stamps", CARE, f"checkpoint {newest[0]} has none; the last is on {last or 'none'}",
                      "run `ehc trail seal`, which asks again or says what is in the way.")
    else:
        yield Finding("time stamps", WELL, f"the newest checkpoint has one (checkpoint {last})" if last else "nothing to be stamped yet")


def retention(settings: "Settings") -> Iterator[Finding]:
    """Whether the council has said how long personal data are kept, and whether anything is due or could not be worked out."""
    from tasks.database import NotReady, reading
    from tasks.retention import listed

    if not settings.retention.is_set:
        yield Finding("retention", CARE, "no policy is set, so nothing ever falls due for erasure",
                      "decide how long to keep, then set EHC_RETENTION__PLAN and EHC_RETENTION__NO_PLAN, in years from birth.")
        return
    try:
        with reading(here.database()) as session:
            states = [one.state(today()) for one in listed(session, settings.retention, today())]
    except (show.WrongCall, NotReady):
        return
    told = {"unfinished": "begun and not finished", "due": "due for erasure", "unknown": "without a birth date"}
    parts = [f"{states.count(state)} {words}" for state, words in told.items() if state in states]
    yield Finding("retention", CARE if parts else WELL, ", ".join(parts) or "nothing is due for erasure",
                  "`ehc retention` lists them; nothing is erased by itself." if parts else "")


LOOKS: tuple[Callable[["Settings"], Iterator[Finding]], ...] = (
    database, outbox, channels, policy, council, portal, prefect, last_watch, last_seal, time_stamps, retention)


def _can_be_written(folder: Path) -> bool:
    """Whether a file could be made in the folder, or the folder itself where it does not exist yet."""
    while not folder.exists():
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _unusable(name: str, url: str, settings: "Settings") -> str | None:
    """Why an address cannot be used as it is written, without showing it; None if it can."""
    import logging

    from apprise import Apprise

    from notifications.channels import MAIL, Channels

    Channels({}, settings.outbox_dir)                   # makes our own kinds of address known
    if name == MAIL:
        if "{to}" not in url:
            return "does not say where the recipient's address goes: put {to} into it"
        url = url.replace("{to}", "somebody@example.org")
    logger = logging.getLogger("apprise")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)               # what it says of an address shows it
    try:
        plugin = Apprise.instantiate(url)
    finally:
        logger.setLevel(before)
    if plugin is None:
        return "is no address that Apprise understands"
    recipients = len(plugin) + len(getattr(plugin, "cc", ())) + len(getattr(plugin, "bcc", ()))
    return None if recipients == 1 else f"names {recipients} recipients; it must be possible to prove who was told"


def _all(client: "Client", path: str) -> list[dict[str, Any]]:
    answer = client.post(path, json={"limit": 200})
    answer.raise_for_status()
    return answer.json()
