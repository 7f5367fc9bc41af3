"""The tables of the audit trail: the log of all facts, its checkpoints and keys, and who looked."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.moments import UtcDateTime


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
