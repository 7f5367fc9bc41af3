"""The tables of a case: its facts, what is worked out from them, and the outbox."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.tables.moments import UtcDateTime


class CaseFile(SQLModel, table=True):
    """One case: whose it is, the head of its chain, and where it stands as worked out on `worked_out_on`.

    `next_visit_on` is the day on which the watch must look at it again; `held_by` lists roles, with commas.
    """

    __tablename__ = "case_file"

    ref: str = Field(primary_key=True)
    person_ref: str | None = Field(default=None, index=True)
    last_number: int
    last_hash: str
    day_zero: date | None = None
    stage: str = Field(index=True)
    held_by: str
    held_since: date | None = None
    next_visit_on: date | None = Field(default=None, index=True)
    next_event_on: date | None = None
    worked_out_on: date


class FactRow(SQLModel, table=True):
    """One fact. The database refuses to change or remove it. `data` is the exact text that was sealed."""

    __tablename__ = "fact"
    # Without a rowid, SQLite has no second key under which a row could be replaced, and a case's facts lie together.
    __table_args__ = (CheckConstraint("number >= 1", name="ck_fact_number"), {"sqlite_with_rowid": False})

    case_ref: str = Field(primary_key=True, foreign_key="case_file.ref")
    number: int = Field(primary_key=True)
    kind: str
    happened_on: date
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str
    flow_run_id: str | None = Field(default=None, index=True)
    data: str
    previous_hash: str
    hash: str


class DutyRow(SQLModel, table=True):
    """One duty of one case as worked out from its facts, and the next rung of the ladder of reminders for it.

    `agency` is who is reminded, where facts name it; until `silenced_to` nobody above the case's owner is.
    """

    __tablename__ = "duty"
    __table_args__ = ({"sqlite_with_rowid": False},)

    case_ref: str = Field(primary_key=True, foreign_key="case_file.ref")
    duty: str = Field(primary_key=True)
    adviser: str = Field(primary_key=True, default="")
    party: str = Field(primary_key=True, default="")
    occasion: str = Field(primary_key=True, default="")
    kind: str
    owed_by: str
    starts_on: date | None = None
    due_on: date | None = Field(default=None, index=True)
    reporting_due_on: date | None = None
    met_on: date | None = None
    lapsed_on: date | None = None
    excused_by: str | None = None
    agency: str | None = None
    silenced_to: date | None = None
    next_rung: int | None = None
    next_rung_on: date | None = Field(default=None, index=True)


class MessageRow(SQLModel, table=True):
    """One message to one recipient, under the key that makes it one. `data` holds references only.

    `sent_to` tells recipients apart, `contact` is whom it went to there, `digest` the key of the one message in which it
    went together with others. `outcome` is what the channel told after it went: delivered, opened or bounced.
    """

    __tablename__ = "message"
    __table_args__ = (CheckConstraint("status IN ('queued', 'sent', 'failed')", name="ck_message_status"),
                      CheckConstraint("outcome IN ('delivered', 'opened', 'bounced')", name="ck_message_outcome"),
                      Index("ix_message_sent_to", "sent_to", "sent_at"))

    key: str = Field(primary_key=True)
    case_ref: str = Field(foreign_key="case_file.ref", index=True)
    message: str
    to_role: str
    to_agency: str | None = None
    data: str = "{}"
    fact_number: int
    queued_at: datetime = Field(sa_type=UtcDateTime)
    status: str = Field(default="queued", index=True)
    attempts: int = 0
    next_attempt_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    channel: str | None = None
    sha256: str | None = None
    problem: str | None = None
    sent_to: str | None = None
    contact: str | None = None
    digest: str | None = Field(default=None, index=True)
    outcome: str | None = Field(default=None, index=True)
    outcome_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
