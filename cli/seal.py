"""`ehc trail seal`, `prove` and `key`: the log of all facts, signed, and proofs for those who do not trust us."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli import here, show
from cli.clock import now
from cli.options import CaseRef, Json, LookedBy, option

if TYPE_CHECKING:
    from tasks.settings import Settings

key = typer.Typer(no_args_is_help=True, help="The key that signs checkpoints: EHC_SEAL_KEY names the file of its private part.",
                  epilog=show.example("ehc trail key new", "ehc trail key show"))


def seal(as_json: Json = False) -> None:
    """Check the whole record, take the new facts into the log, sign a checkpoint, and send it to the auditors.

    The flow of the same name does this every hour. Where nothing is new, nothing is signed. Ends with 1, signing nothing, if
    the record is not as it was, and tells operations; also if the checkpoint did not reach the auditors, which the next call tries
    again. With EHC_TIMESTAMP_URL set, a third party stamps the checkpoint; where it does not, that is said, and hinders nothing.
    """
    from models.trail import moment
    from notifications.channels import NotSent
    from tasks import seal as sealing
    from tasks import time_stamp, trail_letters
    from tasks.office import office_of

    us, engine, at = _settings(), here.database(), now()
    office = office_of(us)
    here.tell_of_missed_watch(office)
    try:
        with show.progress("cases") as progress:
            done = sealing.seal(engine, us.seal_dir, us.seal_key, at, progress)
    except sealing.NotSealed as broken:
        try:
            trail_letters.tell_operations(engine, office, broken.findings, at)
        except NotSent as error:
            show.warn(f"ehc: {error}")
        raise show.Refused(str(broken)) from None
    try:
        stamped = time_stamp.stamp(engine, us)
    except time_stamp.NotStamped as error:
        stamped = None
        show.warn(f"ehc: {error}")
    try:
        sent = trail_letters.tell_auditors(engine, office, at)
    except NotSent as error:
        raise show.Refused(f"Checkpoint {done.number} is signed and did not reach the auditors. {error}") from None
    if as_json:
        show.answer({"checkpoint": done.number, "size": done.size, "taken": done.taken, "note": done.note, "sent": sent,
                     "stamped_at": stamped and moment(stamped.at)})
    elif done.number is None:
        show.say("There is no fact to be sealed yet.")
    else:
        show.say(f"{show.count(done.taken, 'new fact')}. Checkpoint {done.number} covers {show.count(done.size, 'fact')}:"
                 f" {us.seal_dir / f'{done.number:06d}.txt'}{', and it went to the auditors' if sent else ''}.")
        if stamped is not None:
            show.say(f"Stamped {moment(stamped.at)} by {stamped.by}.")


def prove(
    ref: CaseRef,
    out: Annotated[Path | None, option(
        "--out", metavar="FILE",
        help="Where to write the proof; REF.proof.json if left out. verify.py goes beside it.")] = None,
    since: Annotated[Path | None, option(
        "--since", metavar="FILE",
        help="A checkpoint that the reader holds: the proof then shows that the log only grew since.")] = None,
    by: LookedBy = None,
) -> None:
    """Write the proof of one case, and the program that checks it, for somebody who need not trust this system.

    The proof holds the facts of the case as sealed, their places in the log of all facts, and the newest signed checkpoint.
    No name, address or free text is in it. Whoever has Python checks it with `python3 verify.py FILE`. Ends with 1 if the case
    cannot be proved, which is so when the record was changed.
    """
    from models import bundle
    from tasks.database import reading
    from tasks.prove import VERIFIER
    from tasks.prove import prove as proofs
    from tasks.prove import unsealed

    held = checkpoint_of(since) if since else None
    here.looked("ehc trail prove", by, ref)
    with reading(here.database()) as session:
        text = proofs(session, [ref], held)[ref]
        later = unsealed(session, ref)
    try:
        shown = bundle.check(text)
    except bundle.BadProof as bad:
        raise show.Refused(f"{ref} cannot be proved: {bad}. The record is not as it was sealed; `ehc trail verify` names what"
                           " was changed.") from None
    path = out or Path(f"{ref.replace('/', '-')}.proof.json")
    beside = path.with_name(VERIFIER.name)
    try:
        path.write_text(text, encoding="utf-8", newline="")
        beside.write_bytes(VERIFIER.read_bytes())
    except OSError as error:
        raise show.WrongCall(f"{error.filename} cannot be written: {error.strerror}.") from None
    signed_at = shown.checkpoint.signed_at[:16].replace("T", " ")
    show.say(f"{path}: {show.count(shown.head.number, 'fact')} of {ref}, by the checkpoint over"
             f" {show.count(shown.checkpoint.size, 'fact')}, signed {signed_at} UTC. To check it: python3 {beside} {path}")
    if later:
        show.say(f"{show.count(later, 'later fact is', 'later facts are')} not sealed yet and not in it: `ehc trail seal` takes"
                 " in what is new.")


@key.command("new", epilog=show.example("ehc trail key new", "ehc trail key new --name council.example/ehc"))
def new(
    name: Annotated[str | None, option(
        "--name", metavar="NAME",
        help="What the log is called in every checkpoint, for good; such as council.example/ehc.")] = None,
) -> None:
    """Make the first key: its private part in the file that EHC_SEAL_KEY names, its public part in the trail.

    Give the public key that is shown to your auditors, on paper or by another way than this system.
    """
    import re
    import secrets

    from models.note import NAME
    from tasks import seal_key

    name = name or f"ehc-{secrets.token_hex(4)}"
    if not re.fullmatch(NAME, name):
        raise show.WrongCall(f"--name {name!r} cannot be used: use letters, digits and . _ / -, at most 80, such as"
                             " council.example/ehc.")
    show.say(str(seal_key.make(here.database(), _settings().seal_key, name, now())))


@key.command("show", epilog=show.example("ehc trail key show"))
def show_key() -> None:
    """The public keys of the trail, oldest first: each was signed by the one before it, and the last one signs now."""
    from models.note import BadNote, read_keys
    from tasks.database import reading
    from tasks.log import key_notes

    try:
        with reading(here.database()) as session:
            keys = read_keys(key_notes(session))
    except BadNote as bad:
        raise show.Refused(f"The keys of the trail were altered: {bad}. `ehc trail verify` tells more.") from None
    if not keys:
        raise show.Refused("The trail has no key yet. Set EHC_SEAL_KEY to a file, and make one with `ehc trail key new`.")
    for one in keys:
        show.say(str(one))


@key.command("rotate", epilog=show.example("ehc trail key rotate"))
def rotate() -> None:
    """Change the key: the next one is signed by the one there is, whose private part is then gone. All public ones are kept.

    Give the new public key to your auditors as you gave them the first.
    """
    from tasks import seal_key

    show.say(str(seal_key.rotate(here.database(), _settings().seal_key, now())))


def checkpoint_of(path: Path) -> str:
    """The checkpoint in a file. Raises WrongCall."""
    from models.note import BadNote, checkpoint_in

    try:
        return checkpoint_in(path.read_bytes())
    except OSError as error:
        raise show.WrongCall(f"{path} cannot be read: {error.strerror}.") from None
    except BadNote as bad:
        raise show.WrongCall(f"{path} cannot be used: {bad}. Give a file with one checkpoint, such as the message that came to"
                             " the auditors, or a file of EHC_SEAL_DIR.") from None


def _settings() -> "Settings":
    from tasks.settings import settings

    return settings()
