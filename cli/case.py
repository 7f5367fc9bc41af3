"""`ehc case` and `ehc why`: one case whole, and the explanation of one date."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli import here, show
from cli.clock import today
from cli.options import CaseRef, Json, KnownBy, LookedBy, day_option, option

if TYPE_CHECKING:
    from models.case import Case
    from models.law.owed import Owed
    from models.law.record import Fact
    from models.tables.cases import MessageRow

AsOf = Annotated[date | None, day_option(
    "--as-of", help="As it stood on this day, YYYY-MM-DD; today if left out, or the day of --known-by.")]


def case(ref: CaseRef, as_of: AsOf = None, known_by: KnownBy = None, by: LookedBy = None, as_json: Json = False) -> None:
    """One case: where it stands, who holds it and since when, its duties, its facts and its messages.

    With --as-of, what was due on a past day by what is known now; with --known-by as well, what was known to be due then.
    Names and texts are not shown: a case is its references, days and codes. That you looked is noted.
    """
    day = as_of or known_by or today()
    found, facts, messages = _read("ehc case", ref, day, known_by, by)
    if as_json:
        show.answer(_as_record(found, facts, messages))
    else:
        _tell(found, facts, messages)


def why(
    ref: CaseRef,
    duty: Annotated[str, typer.Argument(metavar="DUTY", help="Id of the duty, as `ehc case REF` shows it.")],
    adviser: Annotated[str | None, option(
        "--adviser", metavar="ADVISER",
        help="Whose advice, such as adv_c_medical, where the duty is owed for several.")] = None,
    party: Annotated[str | None, option(
        "--party", metavar="PARTY", help="Which recipient or setting, where there are several.")] = None,
    as_of: AsOf = None,
    known_by: KnownBy = None,
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """Why a date is what it is: the fact that started the clock, the rule and where it is written, the arithmetic, the
    exceptions considered, and how it stands.

    Ends with 1 if the duty has not arisen in the case, and says what would start it.
    """
    from cli.changes import duty_record, named
    from models.targets import rule as row

    rule = row(duty)
    day = as_of or known_by or today()
    found, _, _ = _read("ehc why", ref, day, known_by, by)
    every = [*found.duties, *(one.on(found.on) for one in found.targets)]        # a target can be asked about before its time
    instances = [owed for owed in every if owed.duty.id == rule.id and adviser in (None, owed.adviser)
                 and party in (None, owed.party)]
    if not instances:
        whose = "".join(f" for {name}" for name in (adviser, party) if name)
        others = [named(owed) for owed in _all(found) if owed.duty.id == rule.id]
        starts = f" It begins with {' or '.join(rule.starts_on)}." if rule.starts_on else ""
        raise show.Refused(f"{ref}: {rule.id} has not arisen{whose} as of {show.day(day)}."
                           + (f" It stands for {', '.join(others)}." if others else starts))
    if as_json:
        show.answer([duty_record(owed) | {"why": list(owed.why)} for owed in instances])
        return
    for place, owed in enumerate(instances):
        show.say(f"{'' if place == 0 else chr(10)}{ref}, {named(owed)}, on {show.day(day)}: {owed.state.replace('_', ' ')}")
        for sentence in owed.why:
            show.say(f"  {sentence}")


def _read(door: str, ref: str, day: date, known_by: date | None, by: str | None) -> "tuple[Case, list[Fact], list[MessageRow]]":
    """The case on a day, by all that is on record or by what was on record at the end of another day: the facts as recorded
    (corrections too), and the messages as they stood. That it was looked at is noted. Raises NoSuchCase."""
    from models.calendar import bank_holidays
    from models.case import Case
    from models.two_times import end_of
    from tasks.case_file import read
    from tasks.database import reading
    from tasks.standing import messages_of

    here.looked(door, by, ref)
    with reading(here.database()) as session:
        facts = read(session, ref, known_by=end_of(known_by) if known_by else None)
        messages = messages_of(session, ref)
    if not facts:
        raise show.Refused(f"{ref}: nothing had been recorded yet at the end of {show.day(known_by)}.")
    found = Case.of(ref, facts, day, bank_holidays())
    if not found.facts:
        first = min(fact.on for fact in facts)
        raise show.Refused(f"{ref}: nothing had happened yet on {show.day(day)}; its first fact is of {show.day(first)}.")
    return found, facts, _as_they_stood(found, messages)


def _as_they_stood(found: "Case", messages: "Sequence[MessageRow]") -> "list[MessageRow]":
    """The messages that the case's facts tell of; one whose outcome they do not tell yet as it then was: waiting."""
    queued = {fact["key"] for fact in found.all("message_queued")}
    sent = {fact["key"] for fact in found.all("message_sent")}
    failed = {fact["key"]: fact for fact in found.all("message_failed")}
    stood = [message for message in messages if message.key in queued]
    for message in stood:
        if message.key not in sent:
            failure = failed.get(message.key)
            message.status = "failed" if failure is not None and failure["final"] else "queued"
            message.sent_at, message.channel = None, None
            message.problem = None if failure is None else message.problem or failure["why"]
    return stood


def _all(found: "Case") -> "list[Owed]":
    """The duties of the law, and the council's own targets whose time has come."""
    return [*found.duties, *(one.on(found.on) for one in found.targets if one.starts_on is not None and one.starts_on <= found.on)]


def _as_record(found: "Case", facts: "list[Fact]", messages: "list[MessageRow]") -> dict[str, Any]:
    from cli.changes import duty_record
    from cli.policy import record as silenced_record
    from models.silence import in_silence
    from models.summary import progress, standing_line

    standing = {fact.number: fact for fact in found.facts}
    return {
        "case": found.ref, "on": found.on, "stage": str(found.stage), "stage_words": found.stage.words,
        "alongside": [{"stage": str(one.stage), "words": one.stage.words, "since": one.since, "process": one.process, "of": one.of}
                      for one in found.alongside],
        "stage_since": found.stage_since, "held_by": list(found.held_by), "held_since": found.held_since,
        "owner": found.owner, "day_zero": found.day_zero, "line": standing_line(found), "progress": progress(found).words,
        "duties": [duty_record(owed) | {"why": list(owed.why)} for owed in found.duties],
        "targets": [duty_record(owed) | {"why": list(owed.why)} for owed in _all(found)[len(found.duties):]],
        "facts": [{
            "number": fact.number, "fact": fact.kind, "on": fact.on, **_status(fact, standing), "data": dict(fact.data),
            "recorded_at": _moment(fact.recorded_at), "by": fact.by, "flow_run": fact.flow_run_id,
        } for fact in facts if fact.number in standing or fact.kind == "fact_corrected" or fact.on <= found.on],
        "silenced": [silenced_record(owed, fact) for owed, fact in in_silence(found)],
        "messages": [{
            "key": message.key, "message": message.message, "to": message.to_role, "agency": message.to_agency,
            "status": message.status, "outcome": message.outcome, "queued_at": _moment(message.queued_at),
            "sent_at": _moment(message.sent_at), "channel": message.channel, "problem": message.problem,
        } for message in messages],
    }


def _status(fact: "Fact", standing: "dict[int, Fact]") -> dict[str, Any]:
    """Whether a fact stands as it was recorded, stands corrected, or does not stand."""
    if fact.kind == "fact_corrected":
        return {"stands": "correction"}
    now = standing.get(fact.number)
    if now is None:
        return {"stands": "no"}
    if (now.kind, now.on, dict(now.data)) == (fact.kind, fact.on, dict(fact.data)):
        return {"stands": "yes"}
    return {"stands": "corrected", "now": {"fact": now.kind, "on": now.on, "data": dict(now.data)}}


def _tell(found: "Case", facts: "list[Fact]", messages: "list[MessageRow]") -> None:
    from cli.changes import force, named, standing, when
    from models.law.record import as_day
    from models.summary import progress, standing_line

    show.say(f"{found.ref} on {show.day(found.on)}")
    show.say(standing_line(found))
    show.say(standing(found))
    show.say(f"{progress(found).words}. Officer: {found.owner or 'nobody is named; record owner_named'}.")
    duties = sorted((owed for owed in _all(found) if owed.due_on is not None or owed.is_live),
                    key=lambda owed: (not owed.is_live, owed.due_on is None, str(owed.due_on)))
    show.say("\nDuties:")
    show.table(("duty", "state", "due", "done", "under"), [
        (named(owed), owed.state.replace("_", " "), when(owed), owed.met_on or "-", force(owed))
        for owed in duties], states=[owed.state for owed in duties])
    from models.silence import in_silence

    for owed, fact in in_silence(found):
        show.say(f"\nOf {named(owed)} nobody above {found.owner or 'the owner'} is told until {show.day(as_day(fact['silenced_to']))}:"
                 f" decided by {fact['decided_by']} (fact {fact.number}). {found.owner or 'The owner'} and who owes it are reminded as ever.")
    stands = {fact.number: fact for fact in found.facts}
    show.say("\nFacts:")
    show.table(("no.", "happened", "fact", "what it says", "recorded", "by"), [
        (fact.number, fact.on, fact.kind, _said(fact, stands), show.moment(fact.recorded_at), fact.by or "-") for fact in facts
        if not fact.kind.startswith("message_") and (fact.on <= found.on or fact.number in stands)], numbers=("no.",))
    if messages:
        show.say("\nMessages:")
        show.table(("written", "message", "to", "status", "sent", "problem"), [
            (show.moment(message.queued_at), message.message,
             message.to_role + (f" ({message.to_agency})" if message.to_agency else ""), message.outcome or message.status,
             show.moment(message.sent_at), message.problem or "") for message in messages],
            states=[message.outcome or message.status for message in messages])


def _said(fact: "Fact", standing: "dict[int, Fact]") -> str:
    status = _status(fact, standing)
    said = ", ".join(f"{name}={_short(value)}" for name, value in fact.data.items()
                     if name not in ("key", "sha256") and (name, value) != ("how", "system"))
    if status["stands"] == "no":
        return f"{said} (does not stand: corrected)".lstrip()
    if status["stands"] == "corrected":
        now = status["now"]
        return f"{said} (corrected: {now['fact']} on {now['on']})".lstrip()
    return said


def _short(value: Any) -> str:
    if isinstance(value, dict):
        if value.keys() == {"text", "sha256"}:
            return "(text)"
        return "(" + ", ".join(f"{name}={_short(part)}" for name, part in value.items()) + ")"
    if isinstance(value, list):
        return ",".join(map(str, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _moment(at: Any) -> str | None:
    return at.isoformat() if at else None
