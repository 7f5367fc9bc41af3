"""The tables of the register of agencies."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel


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
