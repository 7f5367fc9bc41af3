"""The tables of what runs the whole: policies, rounds and runs, officers who left, returns and what they leave in doubt."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.tables.moments import UtcDateTime


class PolicyRow(SQLModel, table=True):
    """One policy of reminders, from the moment when the tables were worked out by it. The newest is in force."""

    __tablename__ = "policy"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sha256: str
    since: datetime = Field(sa_type=UtcDateTime)
    told: str


class WatchRound(SQLModel, table=True):
    """One round of the watch: proof that the watcher itself ran, and what it had to make good."""

    __tablename__ = "watch_round"

    id: int | None = Field(default=None, primary_key=True)
    on: date = Field(index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    cases: int = 0
    reminders: int = 0
    late_reminders: int = 0
    missed_days: int = 0
    flow_run_id: str | None = None


class RunRow(SQLModel, table=True):
    """One flow run as we saw it, kept because Prefect's own history is vacuumed. Without an end it was killed, or goes on."""

    __tablename__ = "run"

    id: str = Field(primary_key=True)
    flow: str
    deployment: str | None = None
    case_ref: str | None = Field(default=None, index=True)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    state: str


class OfficerLeftRow(SQLModel, table=True):
    """An officer who has left the council: `left_on` was the last day. A reference, no name."""

    __tablename__ = "officer_left"

    officer: str = Field(primary_key=True)
    left_on: date
    told_at: datetime = Field(sa_type=UtcDateTime)
    told_by: str


class ReturnRow(SQLModel, table=True):
    """One return, or list of another system, that was taken in: which, of what day, by whom, and what was taken from it."""

    __tablename__ = "return_taken"

    sha256: str = Field(primary_key=True)
    form: str
    survey_year: int | None = None
    survey_day: date
    council: str | None = None
    serial: str | None = None
    taken_at: datetime = Field(sa_type=UtcDateTime)
    taken_by: str
    persons: int
    cases: int
    facts: int
    refused: int


class DataQualityRow(SQLModel, table=True):
    """One thing that a return leaves wrong or in doubt about a case, who sees to it, and when that was done.

    `key` makes it one however often it is found again. What it says names nobody.
    """

    __tablename__ = "data_quality"
    __table_args__ = (CheckConstraint("(closed_on IS NULL) = (closed_by IS NULL)", name="ck_data_quality_closed"),)

    key: str = Field(primary_key=True)
    number: int = Field(unique=True)
    rule: str
    level: str
    case_ref: str | None = Field(default=None, index=True)
    person_ref: str | None = None
    place: str
    tag: str | None = None
    value: str | None = None
    says: str
    do: str
    sha256: str
    found_on: date
    owner: str | None = Field(default=None, index=True)
    closed_on: date | None = Field(default=None, index=True)
    closed_by: str | None = None
