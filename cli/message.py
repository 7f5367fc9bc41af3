"""`ehc message`: what was sent in a case, what a letter said, and what would be sent, before anything is."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import here, show
from cli.came_back import came_back
from cli.clock import now, today
from cli.options import By, CaseRef, Json, LookedBy, On

if TYPE_CHECKING:
    from models.law.record import Fact
    from models.tables.cases import MessageRow
    from notifications.letter import Letter
    from tasks.delivery import Noted
    from tasks.preview import Preview

app = typer.Typer(
    no_args_is_help=True, help="The messages of a case: what was sent, what it said, and what would go next.",
    epilog=show.example("ehc message list EHC-2026-0042", "ehc message preview", "ehc message preview EHC-2026-0042"))


@app.command("list", epilog=show.example("ehc message list EHC-2026-0042", "ehc message list EHC-2026-0042 --json"))
def list_messages(ref: CaseRef, by: LookedBy = None, as_json: Json = False) -> None:
    """Every message of a case: to whom, when, through what, with which wording, and what became of it: queued, sent,
    delivered, opened, bounced or failed, as far as its channel tells. That you looked is noted."""
    from tasks.case_file import read
    from tasks.database import reading
    from tasks.standing import messages_of

    here.looked("ehc message list", by, ref)
    with reading(here.database()) as session:
        facts = read(session, ref)
        rows = list(messages_of(session, ref))
    sent = {fact["key"]: fact for fact in facts if fact.kind == "message_sent"}
    if as_json:
        show.answer([_as_record(row, sent.get(row.key)) for row in rows])
        return
    if not rows:
        show.say(f"{ref}: no message has been written yet. `ehc message preview {ref}` shows what would go.")
        return
    show.table(("key", "to", "state", "sent", "since", "wording"), [
        (row.key.removeprefix(f"{ref}/"), row.to_role + (f" ({row.to_agency})" if row.to_agency else ""), state(row),
         show.moment(row.sent_at), show.moment(row.outcome_at), _wording(sent.get(row.key))) for row in rows],
        states=[state(row) for row in rows])


@app.command("show", epilog=show.example("ehc message show EHC-2026-0042 request_acknowledged/family/1"))
def show_message(
    ref: CaseRef,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Key of the message, as `ehc message list REF` shows it.")],
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """What a letter said; one that waits, as it would go today.

    Letters are not kept, only their hashes: it is written anew from what was on record when it went, and compared with
    the hash. That you looked is noted.
    Ends with 1 if it can no longer be told to the letter, because the wording, the settings or a text have changed since.
    """
    from tasks.links import hidden, links_of
    from tasks.preview import message_of
    from tasks.settings import settings

    kept = message_of(here.database(), ref, key, settings().council, today(), links_of(settings()))
    here.looked("ehc message show", by, ref)
    if as_json:
        show.answer(_as_record(kept.row, kept.sent) | _letter_record(kept.letter) | {
            "is_as_sent": kept.is_as_sent, "alone": _letter_record(kept.alone) if kept.alone else None})
    else:
        if kept.alone is not None:
            show.say(f"{kept.row.key} went on {show.moment(kept.row.sent_at)} in one letter together with others, {kept.row.digest}."
                     f" By itself it would have been:\n\nSubject: {kept.alone.subject}\n\n{hidden(kept.alone.body)}\nThe letter in which"
                     " it went:\n")
        show.say(f"Subject: {kept.letter.subject}\n\n{hidden(kept.letter.body)}")
    if kept.is_as_sent is False:
        version = kept.sent["wording"] if kept.sent is not None else None
        raise show.Refused(f"{kept.row.key}: this is not, to the letter, what was sent: the wording"
                           f" ({version or 'not recorded'} then), the council's details or a text have changed since."
                           f" The hash of what was sent is {kept.row.sha256}.")


@app.command("preview", epilog=show.example(
    "ehc message preview", "ehc message preview refusal_to_assess", "ehc message preview EHC-2026-0042 --on 2026-06-01"))
def preview(
    what: Annotated[str | None, typer.Argument(
        metavar="[REF|MESSAGE]", show_default=False,
        help="A case: what would go next in it. A message, such as refusal_to_assess: that message in a made-up case."
             " Left out: every message.")] = None,
    on: On = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Show letters before anything is sent, and keep nothing: every message in a made-up case, or what would go next in a
    real one.

    To see what one reminder in a digest said, name it to `ehc message show`. What the settings leave blank is named where it would stand.
    """
    from notifications.messages import MESSAGES

    if what is not None and what not in MESSAGES:
        from tasks.preview import preview_case
        from tasks.settings import settings

        here.looked("ehc message preview", by, what)
        tell(preview_case(here.database(), settings(), what, on or today(), here.hand(by)), as_json=as_json)
        return
    from notifications.showing import made_up_letter
    from tasks.settings import settings

    letters = {name: made_up_letter(name, settings().council) for name in ([what] if what else MESSAGES)}
    if as_json:
        show.answer([{"message": name, "audience": MESSAGES[name].audience} | _letter_record(letter)
                     for name, letter in letters.items()])
        return
    for name, letter in letters.items():
        show.say(f"=== {name}, to the {MESSAGES[name].audience} ({letter.wording})\nSubject: {letter.subject}\n\n{letter.body}")


@app.command("receipts", epilog=show.example("ehc message receipts", "ehc message receipts --json"))
def receipts(by: By = None, as_json: Json = False) -> None:
    """Ask GOV.UK Notify now what became of what it took, and write it down: delivered, or came back.

    Done by itself every quarter of an hour and by each round of the watch. What came back takes back what its sending had
    proved, goes to another contact where there is one, and is on the work list (`ehc due`). Ends with 1 if a service could not
    be asked.
    """
    from tasks.office import office_of
    from tasks.receipts import take_in
    from tasks.settings import settings

    with show.counted("receipts") as tick:
        noted = take_in(here.database(), office_of(settings()).channels, here.hand(by), today(), tick)
    _tell_noted(noted, noted.words(), {}, as_json)


@app.command("bounces", epilog=show.example(
    "ehc message bounces", "ehc message bounces /var/mail/send-returns", "ehc message bounces ./downloads --json"))
def bounces(
    folder: Annotated[Path | None, typer.Argument(
        metavar="[FOLDER]", show_default=False, help="A Maildir, or a folder of mails; EHC_RETURNS_DIR if left out.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Read what the mail system sent back about our e-mails (RFC 3464), and write down what it tells.

    Each file is read once and moved to `read`, or to `not-understood` for a person to look at. What is not shown to be about
    an e-mail of ours changes nothing. Done by itself every quarter of an hour where EHC_RETURNS_DIR is set. Ends with 1 if a
    file was not understood.
    """
    from tasks.office import office_of
    from tasks.returns import take_in
    from tasks.settings import settings

    ours = settings()
    place = folder or ours.returns_dir
    if place is None:
        raise show.WrongCall("no folder is known: name it, or set EHC_RETURNS_DIR to where the mail system puts what comes back.")
    report = take_in(here.database(), office_of(ours).channels, place, ours.link_secret, here.hand(by), today())
    _tell_noted(report.noted, report.words(), report.other, as_json)


@app.command("send", epilog=show.example("ehc message send", "ehc message send --json"))
def send(by: By = None, as_json: Json = False) -> None:
    """Send what waits and may go now: new messages, those to be tried again, those that were held for quiet hours.

    Done by itself every quarter of an hour and by each round of the watch. Ends with 1 if a message failed for good.
    """
    from tasks.office import office_of
    from tasks.sending import send_waiting
    from tasks.settings import settings

    with show.counted("messages") as tick:
        sent = send_waiting(here.database(), office_of(settings()), here.hand(by), today(), progress=tick, clock=now)
    if as_json:
        show.answer({"sent": sent.sent, "digests": sent.digests, "later": sent.later, "failed": sent.failed, "dropped": sent.dropped,
                     "held": sent.held, "cases": sorted(sent.refs), "problems": sent.problems})
    else:
        show.say(f"{sent.words()}.")
        for problem in show.alike(sent.problems):
            show.warn(problem)
    if sent.failed:
        raise typer.Exit(show.NO)


app.command("came-back", epilog=show.example(
    "ehc message came-back EHC-2026-0042 request_acknowledged/family/1",
    "ehc message came-back EHC-2026-0042 refusal_to_assess/family/16 --why never_arrived"))(came_back)


def _tell_noted(noted: "Noted", words: str, other: dict[str, str], as_json: bool) -> None:
    if as_json:
        show.answer({"delivered": noted.delivered, "opened": noted.opened, "bounced": noted.bounced, "sent_on": noted.sent_on,
                     "cases": sorted(noted.refs), "problems": noted.problems, "not_understood": other})
    else:
        show.say(f"{words}.")
        for name, why in other.items():
            show.say(f"  {name}: {why}")
        if noted.refs:
            show.say(f"To be seen to in {', '.join(sorted(noted.refs))}; the next visit says so, `ehc watch` does so now.")
    for problem in noted.problems:
        show.warn(problem)
    if noted.problems or other:
        raise typer.Exit(show.NO)


def as_record(found: "Preview") -> dict[str, Any]:
    """What would be sent, for machines."""
    return {
        "would_send": [{"key": one.key, "case": one.case, "to": one.role, "agency": one.agency, "channel": one.channel,
                        "stands_for": list(one.stands_for),
                        "alone": {key: _letter_record(letter) for key, letter in one.alone.items()}} | _letter_record(one.letter)
                        for one in found.shown],
        "problems": list(found.problems),
        "later": [{"message": say.message, "to": say.to, "agency": say.agency, "on": say.from_day} for say in found.later]}


def tell(found: "Preview", *, as_json: bool) -> None:
    """Say what would be sent, and what stands in its way; nothing has been kept."""
    from tasks.links import hidden

    if as_json:
        show.answer(as_record(found))
        return
    for one in found.shown:
        whom = one.role + (f" ({one.agency})" if one.agency else "")
        body = hidden(one.letter.body)
        for key in one.stands_for:
            alone = one.alone.get(key)
            show.say(f"--- {key}" + (f"\nSubject: {alone.subject}\n\n{hidden(alone.body)}" if alone else ""))
        show.say(f"=== {one.key}\nTo: {whom}, through {one.channel}\nSubject: {one.letter.subject}\n\n{body}")
    if found.later:
        show.say("Later, if nothing else happens:")
        show.table(("from", "message", "to"), [(say.from_day, say.message, say.to) for say in found.later])
    for problem in found.problems:
        show.warn(f"Would not go: {problem}")
    show.say(f"{show.count(len(found.shown), 'message')} would be sent. Nothing was sent, and nothing was kept.")


def state(row: "MessageRow") -> str:
    """How a message stands: what the channel told last, or else what we did."""
    return row.outcome or row.status


def _wording(sent: "Fact | None") -> str:
    return (sent["wording"] or "") if sent is not None else ""


def _as_record(row: "MessageRow", sent: "Fact | None") -> dict[str, Any]:
    return {"key": row.key, "message": row.message, "to": row.to_role, "agency": row.to_agency, "status": row.status,
            "sent_at": row.sent_at.isoformat() if row.sent_at else None, "channel": row.channel, "sha256": row.sha256,
            "wording": _wording(sent) or None, "digest": row.digest, "outcome": row.outcome,
            "outcome_at": row.outcome_at.isoformat() if row.outcome_at else None}


def _letter_record(letter: "Letter | None") -> dict[str, Any]:
    if letter is None:
        return {"subject": None, "body": None}
    from tasks.links import hidden

    return {"subject": letter.subject, "body": hidden(letter.body), "wording": letter.wording}
