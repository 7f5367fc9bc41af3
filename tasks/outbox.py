"""The outbox: write down that a message is meant, send it, write down what became of it.

A message is written in the transaction of the fact that records it, under a key that is unique. Sending happens
outside any transaction, one message and one recipient at a time; the outcome is a fact of the case. Killed between
sending and writing the outcome, a message may go a second time, once its lease is over: never is one lost.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr
from sqlalchemy import Engine
from sqlmodel import Session, col

from models.case import NO_LONGER_WANTED, Case, first_key
from models.hand import Hand
from models.law.record import Fact
from models.tables import Contact, MessageRow
from models.trail import moment
from notifications.channels import Channels, NotSent
from notifications.fill import fill
from notifications.letter import Council, WordingError, write
from notifications.messages import MESSAGES
from notifications.proofs import proofs
from notifications.what_follows import Say, agency_of, still_wanted
from tasks import bulk
from tasks.case_file import BadFact, CannotBear, Files, NewFact, as_it_stands, read, take, texts
from tasks.database import reading, writing
from tasks.faults import FAULTS, words
from tasks.settings import Settings

MESSAGE = MessageRow.__table__
COLUMNS = ("key", "case_ref", "message", "to_role", "to_agency", "data", "fact_number", "queued_at", "status", "attempts")

LEASE = timedelta(minutes=5)
"""How long one sender may hold a message before another takes it up."""

TRY_AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6))
"""The waits between attempts at what may pass; after the last the message has failed."""

ONCE_IT_IS_MENDED = timedelta(hours=1)
"""The wait for a letter that could not be written: a setting is blank or a wording is wrong, and a person mends that."""

ARRIVES_THE_SAME_DAY = ("eml", "email", "mailto", "mailtos", "webhook", "json", "msteams", "slack")
"""Channels whose acceptance of a message shows that it reached the recipient's side that day."""


class NotToBeSent(ValueError):
    """There is nothing that could be sent again; the message says why."""


@dataclass(frozen=True)
class Office:
    """What sending needs: the channels and the council's own details."""

    channels: Channels
    council: Council


def office_of(settings: Settings) -> Office:
    """The office as the settings describe it."""
    return Office(Channels(settings.channels, settings.outbox_dir), settings.council)


@dataclass
class Sent:
    """What one round of sending did: how many went, will be tried again, failed for good, were no longer wanted."""

    sent: int = 0
    later: int = 0
    failed: int = 0
    dropped: int = 0
    refs: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    def words(self) -> str:
        """One line for people."""
        parts = [f"{self.sent} sent"]
        parts += [f"{n} {what}" for n, what in ((self.later, "to be tried again"), (self.failed, "failed for good"),
                                                (self.dropped, "no longer wanted")) if n]
        return ", ".join(parts)


def queue(session: Session, files: Files, ref: str, says: Iterable[Say], hand: Hand, today: date) -> list[str]:
    """Write these messages to the outbox, each with its fact, in the transaction of `session`. Their keys.

    A message that is on record already is left alone, unless it was dropped and is called for again. The facts are added
    to `files`; the caller writes those, once for all the cases that it holds.
    """
    case, rows = files.case(ref), []
    for say in says:
        told = say.as_fact(ref)
        key = told.pop("key")
        if key not in case.queued:
            rows.append(_write_down(files, ref, case.next_key(key), told, hand, today))
    bulk.insert(session, MESSAGE, COLUMNS, rows)
    return [row[0] for row in rows]


def _write_down(files: Files, ref: str, key: str, told: Mapping[str, Any], hand: Hand, today: date) -> tuple[Any, ...]:
    """Add the fact that a message was written to the outbox. The message's row."""
    number, _ = files.add(ref, NewFact("message_queued", today, told, key), hand)
    return key, ref, told["message"], told["recipient"], told.get("agency"), "{}", number, moment(hand.at), "queued", 0


def send_again(session: Session, ref: str, hand: Hand, today: date, key: str | None = None) -> list[str]:
    """Write the messages of a case that failed for good to the outbox once more, each under a key of its own. The new keys.

    With `key`, that message alone. The others are left alone that got through since, wait for another try, or are no longer
    called for. Raises NotToBeSent where nothing is left to be sent again, NoSuchCase.
    """
    files = take(session, [ref], today)
    case, rows = files.case(ref), []
    gone = {fact["key"] for fact in case.all("message_sent")}
    failed = {fact["key"] for fact in case.all("message_failed", final=True) if fact["why"] != NO_LONGER_WANTED}
    if key is not None and not case.tries(key):
        raise NotToBeSent(f"{ref}: there is no message {key}. `ehc case {ref}` lists them.")
    first = dict.fromkeys(first_key(fact["key"]) for fact in case.all("message_queued"))
    unwanted = False
    for one in first if key is None else [first_key(key)]:
        tries = case.tries(one)
        if tries[-1]["key"] not in failed or any(fact["key"] in gone for fact in tries):
            continue
        if not still_wanted(case, tries[-1]):
            unwanted = True
            continue
        told = {name: value for name, value in tries[-1].data.items() if name != "key"}
        rows.append(_write_down(files, ref, case.next_key(one), told, hand, today))
    if not rows:
        raise NotToBeSent(f"{ref}: nothing is to be sent again: " + (
            "what failed is no longer called for, as the case stands now." if unwanted else
            f"no message failed for good{'' if key is None else ' under this key'}, or it got through since."))
    files.write()
    bulk.insert(session, MESSAGE, COLUMNS, rows)
    return [row[0] for row in rows]


def waiting(engine: Engine, now: datetime, refs: Iterable[str] | None = None, limit: int = 1000) -> list[tuple[str, str]]:
    """The (key, case) of messages that wait to be sent at `now`, oldest first; of some cases, or of all."""
    asked = (sa.select(col(MessageRow.key), col(MessageRow.case_ref))
             .where(col(MessageRow.status) == "queued")
             .where(sa.or_(col(MessageRow.next_attempt_at).is_(None), col(MessageRow.next_attempt_at) <= now))
             .order_by(col(MessageRow.queued_at), col(MessageRow.key)).limit(limit))
    if refs is not None:
        asked = asked.where(col(MessageRow.case_ref).in_(list(refs)))
    with reading(engine) as session:
        return [(key, ref) for key, ref in session.exec(asked).all()]


def send_waiting(engine: Engine, office: Office, hand: Hand, today: date, refs: Iterable[str] | None = None,
                 progress: Callable[[int], None] = lambda done: None, clock: Callable[[], datetime] | None = None) -> Sent:
    """Send every message that waits, one by one. One that fails stops none of the others, nor does a case that cannot be
    worked out: its messages wait until it can.

    `clock` tells the moment at which each message is taken up, so that a lease taken late in a long round is not over
    when it begins; without it, the moment of `hand` stands for all.
    """
    report = Sent()
    refs = None if refs is None else list(refs)
    tried: set[str] = set()
    while batch := [(key, ref) for key, ref in waiting(engine, hand.at, refs) if key not in tried]:
        for key, ref in batch:
            tried.add(key)
            now = hand if clock is None else replace(hand, at=clock())
            try:
                _send_one(engine, office, key, ref, now, today, report)
            except FAULTS as fault:
                _put_off(engine, key, now.at + ONCE_IT_IS_MENDED, f"{ref} cannot be worked out: {words(fault)}", report)
            progress(1)
    return report


def _send_one(engine: Engine, office: Office, key: str, ref: str, hand: Hand, today: date, report: Sent) -> None:
    if not _lease(engine, key, hand.at):
        return                                            # another sender has it, or it has gone
    with reading(engine) as session:
        facts = read(session, ref)
        case = as_it_stands(ref, facts, today)
        queued = case.last("message_queued", key=key)
        attempts = session.get_one(MessageRow, key).attempts
        written = texts(session, ref)
        address = next(filter(None, (_address(session, ref, role, today) for role in addressed(case, queued["recipient"]))), None)
    report.refs.add(ref)
    if not still_wanted(case, queued):
        _outcome(engine, ref, key, hand, today, "failed", facts=[_failed(key, NO_LONGER_WANTED, today, True)],
                 problem="no longer wanted")
        report.dropped += 1
        return
    try:
        letter = write(queued["message"], fill(case, queued, today, written), office.council)
        outcome = office.channels.send(queued["recipient"], agency_of(case, queued), letter, key, ref, address,
                                      at=hand.at)
    except WordingError as error:
        _put_off(engine, key, hand.at + ONCE_IT_IS_MENDED, str(error), report)
    except NotSent as error:
        _fail(engine, ref, key, hand, today, attempts, error.why, str(error), error.retry, report)
    else:
        def proofs(now: Case) -> list[NewFact]:
            return proved(now, queued, today, outcome.channel, outcome.sha256)

        report.problems += _outcome(
            engine, ref, key, hand, today, "sent", proofs=proofs, channel=outcome.channel, sha256=outcome.sha256,
            facts=[NewFact("message_sent", today, {"sha256": outcome.sha256, "channel": outcome.channel}, key)])
        report.sent += 1


def _fail(engine: Engine, ref: str, key: str, hand: Hand, today: date, attempts: int, why: str, problem: str, retry: bool,
          report: Sent) -> None:
    if retry and attempts < len(TRY_AGAIN_AFTER):
        _put_off(engine, key, hand.at + TRY_AGAIN_AFTER[attempts], problem, report)
        return
    report.problems.append(problem)
    _outcome(engine, ref, key, hand, today, "failed", facts=[_failed(key, why, today, True)], problem=problem[:500])
    report.failed += 1


def _put_off(engine: Engine, key: str, until: datetime, problem: str, report: Sent) -> None:
    """Leave a message in the outbox until another day; the row says why."""
    with writing(engine) as session:
        session.exec(sa.update(MESSAGE).where(MESSAGE.c.key == key, MESSAGE.c.status == "queued").values(
            problem=problem[:500], next_attempt_at=until))
    report.problems.append(problem)
    report.later += 1


def _failed(key: str, why: str, today: date, final: bool) -> NewFact:
    return NewFact("message_failed", today, {"why": why, "final": final}, key)


def _lease(engine: Engine, key: str, now: datetime) -> bool:
    """Take a message up, so that no other sender does while we send it."""
    with writing(engine) as session:
        taken = session.exec(sa.update(MESSAGE).where(
            MESSAGE.c.key == key, MESSAGE.c.status == "queued",
            sa.or_(MESSAGE.c.next_attempt_at.is_(None), MESSAGE.c.next_attempt_at <= now),
        ).values(attempts=MESSAGE.c.attempts + 1, next_attempt_at=now + LEASE))
        return taken.rowcount == 1


def _outcome(engine: Engine, ref: str, key: str, hand: Hand, today: date, status: str, facts: list[NewFact],
             proofs: Callable[[Case], list[NewFact]] = lambda case: [], **columns: Any) -> list[str]:
    """Write what became of a message: its facts, what its sending proves, and its row, together.

    What it proves and the case cannot bear is left out, and said in the answer: the letter has gone, and going again would
    mend nothing. Where another sender has done so already, because this one outlived its lease, nothing is written.
    """
    with writing(engine) as session:
        files = take(session, [ref], today)
        if session.get_one(MessageRow, key).status != "queued":
            return []
        for fact in facts:
            files.add(ref, fact, hand)
        problems = []
        for fact in proofs(files.case(ref)):
            try:
                files.add(ref, fact, hand)
            except (BadFact, CannotBear) as error:
                problems.append(f"The letter {key} went, and {fact.kind} is not on record for it. {error}")
        files.write()
        if status == "sent":
            columns |= {"sent_at": hand.at, "problem": " ".join(problems)[:500] or None}
        session.exec(sa.update(MESSAGE).where(MESSAGE.c.key == key).values(
            status=status, next_attempt_at=None, **columns))
    return problems


def addressed(case: Case, recipient: str) -> tuple[str, ...]:
    """Under which roles the address for a recipient is looked for, the first first: the family's letters go to whoever holds
    its rights on the day of sending, from the end of compulsory school age the young person (s.83(2))."""
    return (case.addressee, recipient) if recipient == "family" and case.addressee != "parent" else (recipient,)


def _address(session: Session, ref: str, role: str, today: date) -> SecretStr | None:
    """The address of the person of this role in this case, where one is kept."""
    found = session.exec(
        sa.select(col(Contact.apprise_url)).where(col(Contact.case_ref) == ref, col(Contact.role) == role,
                                                  col(Contact.apprise_url).is_not(None), col(Contact.since) <= today)
        .where(sa.or_(col(Contact.until).is_(None), col(Contact.until) >= today)).order_by(col(Contact.id).desc())).first()
    return SecretStr(found[0]) if found else None


def proved(case: Case, queued: Fact, on: date, channel: str, sha256: str) -> list[NewFact]:
    """The legal facts that the sending of a message proves, as the case stands after it."""
    kind = MESSAGES[queued["message"]].proves
    key, message = queued["key"], queued["message"]

    def fact(kind: str, **data: Any) -> NewFact:
        return NewFact(kind, on, {name: value for name, value in data.items() if value is not None} | {"how": "system"}, key)

    if message in ("final_plan", "final_plan_partners"):
        return _final_plan_sent(case, queued, on)
    if (more := proofs(case, queued, sha256)) is not None:
        return [fact(what, **told) for what, told in more]
    if kind is None:
        return []
    about = next((f for f in case.facts if str(f.number) == queued["about"]), None)
    to, agency = queued["recipient"], queued["agency"]
    match kind:
        case "advice_requested":
            asked = {"adviser": queued["adviser"], "agency": agency}
            facts = [fact(kind, **asked)]
            if queued["adviser"] != "adv_a_parent_yp":
                facts.append(fact("evidence_sent_to_adviser", **asked))
            if channel in ARRIVES_THE_SAME_DAY:
                facts.append(fact("advice_delivered", **asked))
            return facts
        case "family_told_of_decision":
            return [fact(kind, decision=about.kind, sha256=sha256)] if about else []
        case "partner_told_considering" | "partner_told_of_refusal_to_issue":
            return [fact(kind, recipient=to, agency=agency)]
        case "partner_told_of_assess_decision":
            return [fact(kind, recipient=to, agency=agency, decision=about.kind if about else None)]
        case "draft_plan_served":
            return [fact(kind, document=about["document"] if about else None, sha256=about["sha256"] if about else None)]
        case "setting_consulted":
            return [fact(kind, setting=queued["setting"])]
    return [fact(kind)]


def _final_plan_sent(case: Case, queued: Fact, on: date) -> list[NewFact]:
    """The final plan counts as sent on the day on which the last of its recipients had it (reg 13(2))."""
    plan = next((f for f in case.all("final_plan_prepared") if str(f.number) == queued["about"]), None)
    gone = {fact["key"] for fact in case.all("message_sent")}
    letters = [f for f in case.all("message_queued") if f["message"] in ("final_plan", "final_plan_partners")
               and f["about"] == queued["about"]]
    needed = {"family", "rcb"} | ({"setting"} if plan and plan["setting"] else set())
    reached = {f["recipient"] for f in letters if f["key"] in gone}
    if plan is None or not needed <= reached or case.has("final_plan_sent"):
        return []
    told: Mapping[str, Any] = {
        "document": plan["document"], "sha256": plan["sha256"], "setting": plan["setting"], "type_only": plan["type_only"],
        "sent_to": sorted(reached), "how": "system"}
    return [NewFact("final_plan_sent", on, {name: value for name, value in told.items() if value is not None},
                    f"{case.ref}/final_plan_sent/{plan.number}")]
