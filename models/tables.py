"""The tables. `fact` holds what happened; `person`, `contact` and `text` what can be erased; `message` the outbox.

`duty` and most of `case_file` hold what is worked out from the facts, for speed only.
"""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, DateTime, Dialect, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.types import TypeDecorator, TypeEngine
from sqlmodel import Field, SQLModel

from models.trail import moment


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC with its microseconds: a timestamp with time zone on PostgreSQL, the text that is sealed on SQLite.

    Raises ValueError when given a moment without a time zone.
    """

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = moment(value)
        return value if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(UTC)


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


class PolicyRow(SQLModel, table=True):
    """One policy of reminders, from the moment when the tables were worked out by it. The newest is in force."""

    __tablename__ = "policy"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sha256: str
    since: datetime = Field(sa_type=UtcDateTime)
    told: str


class Person(SQLModel, table=True):
    """The child or young person. Erasable; everything else names `ref` only."""

    __tablename__ = "person"

    ref: str = Field(primary_key=True)
    name: str = Field(repr=False)
    birth_date: date | None = Field(default=None, index=True, repr=False)
    address: str | None = Field(default=None, repr=False)


class ParticularsRow(SQLModel, table=True):
    """What the national return asks about a person beside name and birth date. Erasable."""

    __tablename__ = "particulars"

    person_ref: str = Field(primary_key=True, foreign_key="person.ref")
    surname: str | None = Field(default=None, repr=False)
    forename: str | None = Field(default=None, repr=False)
    sex: str | None = Field(default=None, repr=False)
    ethnicity: str | None = Field(default=None, repr=False)
    postcode: str | None = Field(default=None, repr=False)
    upn: str | None = Field(default=None, index=True, repr=False)
    uln: str | None = Field(default=None, index=True, repr=False)
    upn_unknown: str | None = Field(default=None, repr=False)


class ReturnNoteRow(SQLModel, table=True):
    """Why a query of the national return is as it should be, in words: of a case, or of the whole return (`case_ref` ""). Erasable."""

    __tablename__ = "return_note"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    case_ref: str = Field(primary_key=True)
    rule: str = Field(primary_key=True)
    note: str = Field(repr=False)
    written_at: datetime = Field(sa_type=UtcDateTime)
    written_by: str


class Contact(SQLModel, table=True):
    """Somebody to write to about a case: a parent, a young person, a named professional. Erasable.

    Nobody is written to before a day on which somebody made sure of the address (`verified_on`): it came with the request,
    or a second person than the one who added it asked.
    """

    __tablename__ = "contact"

    id: int | None = Field(default=None, primary_key=True)
    case_ref: str = Field(foreign_key="case_file.ref", index=True)
    role: str
    name: str = Field(repr=False)
    address: str | None = Field(default=None, repr=False)
    apprise_url: str | None = Field(default=None, repr=False)
    since: date
    until: date | None = None
    added_by: str | None = None
    verified_on: date | None = None
    verified_by: str | None = None


class TextRow(SQLModel, table=True):
    """Free text of a fact. Erasable: the fact holds `id` and the hash of salt and body."""

    __tablename__ = "text"

    id: str = Field(primary_key=True)
    case_ref: str = Field(foreign_key="case_file.ref", index=True)
    salt: str = Field(repr=False)
    body: str = Field(repr=False)


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


class AgencyRow(SQLModel, table=True):
    """One organisation of the register of agencies. `roles` and `weekdays` are lists with blanks between."""

    __tablename__ = "agency"

    ref: str = Field(primary_key=True)
    kind: str
    name: str
    roles: str
    weekdays: str
    until: date | None = None


class AgencyContactRow(SQLModel, table=True):
    """Somebody at an organisation. Erasable; `channel` is secret."""

    __tablename__ = "agency_contact"
    __table_args__ = (
        CheckConstraint("until >= since", name="ck_agency_contact_until"),
        CheckConstraint("(verified_on IS NULL) = (verified_by IS NULL)", name="ck_agency_contact_verified"),
        CheckConstraint("verified_on IS NULL OR channel IS NOT NULL", name="ck_agency_contact_channel"))

    agency_ref: str = Field(primary_key=True, foreign_key="agency.ref")
    ref: str = Field(primary_key=True)
    role: str
    name: str = Field(repr=False)
    channel: str | None = Field(default=None, repr=False)
    since: date
    until: date | None = None
    verified_on: date | None = None
    verified_by: str | None = None


class AgencyCoverRow(SQLModel, table=True):
    """Who stands in for a contact of an organisation between two days, both counted."""

    __tablename__ = "agency_cover"
    __table_args__ = (
        ForeignKeyConstraint(["agency_ref", "contact_ref"], ["agency_contact.agency_ref", "agency_contact.ref"]),
        ForeignKeyConstraint(["agency_ref", "cover_ref"], ["agency_contact.agency_ref", "agency_contact.ref"]),
        CheckConstraint("until >= since", name="ck_agency_cover_until"),
        CheckConstraint("cover_ref <> contact_ref", name="ck_agency_cover_other"))

    agency_ref: str = Field(primary_key=True)
    contact_ref: str = Field(primary_key=True)
    since: date = Field(primary_key=True)
    until: date
    cover_ref: str


class AgencyClosureRow(SQLModel, table=True):
    """When an organisation is closed, first and last day counted, such as a school's holidays."""

    __tablename__ = "agency_closure"
    __table_args__ = (CheckConstraint("until >= since", name="ck_agency_closure_until"),)

    agency_ref: str = Field(primary_key=True, foreign_key="agency.ref")
    since: date = Field(primary_key=True)
    until: date
    why: str


class DocumentRow(SQLModel, table=True):
    """One document of a case that came from outside, by the hash under which its file is kept. Erasable."""

    __tablename__ = "document"

    case_ref: str = Field(primary_key=True, foreign_key="case_file.ref")
    sha256: str = Field(primary_key=True)
    kind: str
    size: int
    name: str = Field(repr=False)
    received_at: datetime = Field(sa_type=UtcDateTime)
    received_by: str


class ErasureRow(SQLModel, table=True):
    """One erasure of a child's personal data, and its certificate once it is finished. It names cases (with blanks between) and
    no person. `inventory` lists what was erased, by hashes; `note` is the certificate as it was signed."""

    __tablename__ = "erasure"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    cases: str
    rule: str
    asked_by: str
    approved_by: str
    begun_at: datetime = Field(sa_type=UtcDateTime)
    before_number: int
    before_hash: str
    inventory: str
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    note: str | None = None


class LogLeafRow(SQLModel, table=True):
    """One entry of the log of all facts, in the order in which the sealing took them in. The database refuses to change it.

    `hash` is the leaf hash (RFC 6962) of the fact's own hash.
    """

    __tablename__ = "log_leaf"
    __table_args__ = (UniqueConstraint("case_ref", "number", name="uq_log_leaf_fact"),)

    position: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    case_ref: str
    number: int
    hash: str


class CheckpointRow(SQLModel, table=True):
    """One signed checkpoint of the log. `note` is the text as it was signed; the other columns are read out of it."""

    __tablename__ = "checkpoint"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    size: int
    signed_at: datetime = Field(sa_type=UtcDateTime)
    note: str


class TimeStampRow(SQLModel, table=True):
    """A third party's time stamp on a checkpoint (RFC 3161): its moment, and the whole answer in base64. The database refuses to
    change it."""

    __tablename__ = "time_stamp"

    number: int = Field(primary_key=True, foreign_key="checkpoint.number", sa_column_kwargs={"autoincrement": False})
    stamped_at: datetime = Field(sa_type=UtcDateTime)
    reply: str


class SealKeyRow(SQLModel, table=True):
    """One public key of the trail, oldest first. `note` names it and was signed by the key before it."""

    __tablename__ = "seal_key"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    note: str


class TrailLetterRow(SQLModel, table=True):
    """One letter about the trail itself that went: a checkpoint to the auditors, or what was found to operations."""

    __tablename__ = "trail_letter"

    key: str = Field(primary_key=True)
    sent_at: datetime = Field(sa_type=UtcDateTime)
    channel: str
    sha256: str


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


class LookRow(SQLModel, table=True):
    """Somebody looked at a case through a door. The database refuses to change or remove it; no fact of the case, so looking
    changes no case. All looks make one chain: `hash` is the seal of a look and of the one before (see `models.looks`)."""

    __tablename__ = "look"

    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    case_ref: str = Field(index=True)
    looked_at: datetime = Field(sa_type=UtcDateTime)
    looked_by: str
    door: str
    previous_hash: str
    hash: str


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
