"""What names people and can be erased, and the record of each erasure."""

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from models.tables.moments import UtcDateTime


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
