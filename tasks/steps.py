"""The steps of a flow as Prefect sees them: each one side effect, each safe to repeat. The work itself is in the
modules beside this one, which run without Prefect too."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.tasks import Task

from models.case import Case
from models.hand import Hand
from models.retention import Retention
from models.time_stamp import Stamp
from tasks import (
    case_file, cohort, erased, looks, outcomes, rebuild, retention, sending, time_stamp, trail, trail_letters, visit, watch, watching)
from tasks.case_file import NewFact, Recorded
from tasks.database import Busy, engine, reading, writing
from tasks.delivery import Noted
from tasks.log import read_log
from tasks.seal import Seal, seal
from tasks.seal_files import SealFiles
from tasks.office import Sent, office_of
from tasks.settings import Settings


def somebody_else_was_writing(_task: Task, _run: TaskRun, state: State) -> bool:
    """Whether a step failed only because another writer was in the way."""
    return isinstance(state.result(raise_on_failure=False), Busy)


step: Callable[..., Any] = partial(task, cache_policy=NO_CACHE, retries=3, retry_delay_seconds=[1, 3, 10],
                                   retry_condition_fn=somebody_else_was_writing)
"""What makes a function a step: never cached, and tried again while another writer is in the way."""


@step(name="read the case file")
def read_case(settings: Settings, ref: str, today: date) -> Case:
    """The case as it stands on `today`."""
    return visit.look(engine(settings.database_url), ref, today)


@step(name="open the case file")
def open_case(settings: Settings, ref: str | None, first: NewFact, hand: Hand, today: date) -> Recorded:
    """Open a case with its first fact."""
    with writing(engine(settings.database_url)) as session:
        return case_file.open_case(session, ref, None, first, hand, today)


@step(name="record what happened")
def record(settings: Settings, ref: str, facts: Sequence[NewFact], hand: Hand, today: date) -> Recorded:
    """Record what happened in one case, all of it or nothing, with everything that follows. The last fact as recorded."""
    with writing(engine(settings.database_url)) as session:
        return case_file.record_many(session, [(ref, fact) for fact in facts], hand, today)[-1]


@step(name="write down what is to be said")
def say(settings: Settings, ref: str, today: date, hand: Hand, parts: Sequence[visit.Part] | None) -> list[str]:
    """Write to the outbox what these parts of the process have to say, or all of them. The keys of the new messages."""
    return visit.say(engine(settings.database_url), [ref], today, hand, parts)


@step(name="send what waits")
def send(settings: Settings, hand: Hand, today: date, refs: Sequence[str] | None = None,
         progress: Callable[[int], None] = lambda done: None, clock: Callable[[], datetime] | None = None) -> Sent:
    """Send the messages that wait, of one case or of all."""
    return sending.send_waiting(engine(settings.database_url), office_of(settings), hand, today, refs, progress, clock)


@step(name="read what became of messages")
def read_receipts(settings: Settings, hand: Hand, today: date) -> Noted:
    """Read what GOV.UK Notify and the mail system tell of messages that went, and write it down."""
    return outcomes.read_all(engine(settings.database_url), office_of(settings).channels, settings, hand, today)


@step(name="begin the round")
def begin_round(settings: Settings, today: date, hand: Hand) -> tuple[int, watch.Round]:
    """Leave the mark that a round of the watch has begun."""
    return watch.begin(engine(settings.database_url), today, hand)


@step(name="visit the cases whose day has come")
def visit_cases(settings: Settings, today: date, hand: Hand, round: watch.Round,
                progress: Callable[[int], None] = lambda done: None) -> set[str]:
    """Write down what is to be said in every case whose day has come."""
    return watch.visit_cases(engine(settings.database_url), today, hand, round, progress)


@step(name="write the reminders that are due")
def remind(settings: Settings, today: date, hand: Hand, round: watch.Round,
           progress: Callable[[int], None] = lambda done: None) -> None:
    """Write the reminder of every duty whose next rung has come."""
    watch.remind(engine(settings.database_url), today, hand, round, progress)


@step(name="finish the round")
def finish_round(settings: Settings, number: int, round: watch.Round, hand: Hand) -> None:
    """Leave the mark that the round is complete."""
    watch.finish(engine(settings.database_url), number, round, hand.at)


@step(name="find the phase transfers")
def find_transfers(settings: Settings, today: date, hand: Hand) -> cohort.Cohort:
    """Record the transfer between phases of the next calendar year in every case with a live plan, each once."""
    return cohort.find_transfers(engine(settings.database_url), today, hand)


@step(name="verify every chain")
def verify_trail(settings: Settings) -> trail.Report:
    """Check every case's chain of facts."""
    with reading(engine(settings.database_url)) as session:
        return trail.verify(session)


@step(name="verify the log")
def verify_log(settings: Settings) -> list[trail.Finding]:
    """Check the log of all facts, its checkpoints and their files, the record of who looked, the certificates of erasures, and
    the time stamps."""
    files = SealFiles(settings.seal_dir)
    with reading(engine(settings.database_url)) as session:
        log = read_log(session, files)
        trusted = time_stamp.authorities(settings) if settings.timestamp_ca else []
        found = time_stamp.stamps(session, settings.seal_dir, trusted)
        return [*log.findings, *looks.findings(session), *erased.findings(session, log.keys), *found.findings]


@step(name="seal the trail")
def seal_trail(settings: Settings, at: datetime) -> Seal:
    """Check the record, take what is new into the log, sign a checkpoint and write its file."""
    return seal(engine(settings.database_url), settings.seal_dir, settings.seal_key, at)


@step(name="have the checkpoint stamped")
def stamp_checkpoint(settings: Settings) -> Stamp | None:
    """Have a third party stamp the newest checkpoint, once, if one is set up."""
    return time_stamp.stamp(engine(settings.database_url), settings)


@step(name="send the checkpoint to the auditors")
def tell_auditors(settings: Settings, at: datetime) -> bool:
    """Send the newest checkpoint elsewhere, once."""
    return trail_letters.tell_auditors(engine(settings.database_url), office_of(settings), at)


@step(name="tell operations what was found")
def tell_operations(settings: Settings, findings: Sequence[trail.Finding], at: datetime) -> bool:
    """Tell operations that the record is not as it was, once for the same findings."""
    return trail_letters.tell_operations(engine(settings.database_url), office_of(settings), findings, at)


@step(name="list what is due for erasure")
def list_retention(settings: Settings, on: date) -> list[Retention]:
    """What is due for erasure, cannot be worked out, or was not finished. Nothing is erased."""
    with reading(engine(settings.database_url)) as session:
        return retention.listed(session, settings.retention, on)


@step(name="tell operations what is due for erasure")
def tell_of_retention(settings: Settings, found: Sequence[Retention], on: date, at: datetime) -> bool:
    """Tell operations, once a month."""
    return trail_letters.tell_of_retention(engine(settings.database_url), office_of(settings), found, on, at)


@step(name="tell operations when the watch did not look")
def tell_of_missed_watch(settings: Settings, at: datetime) -> bool:
    """Tell operations of the days on which the watch did not look, each once."""
    return watching.tell_of_missed(engine(settings.database_url), office_of(settings), at)


@step(name="compare what is kept with the facts")
def check_rebuild(settings: Settings) -> rebuild.Rebuilt:
    """Work every case out anew and compare; nothing is changed."""
    with reading(engine(settings.database_url)) as session:
        return rebuild.rebuild(session, check=True)
