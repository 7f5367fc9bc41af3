"""Whether a database holds made-up cases: whatever is shown of it then says so."""

import sqlalchemy as sa
from sqlmodel import Session

from models.made_up.council import REFERENCE
from models.tables.cases import CaseFile

CASE_FILE = CaseFile.__table__


def holds_made_up(session: Session) -> bool:
    """Whether any case on record is made up."""
    return session.connection().execute(sa.select(CASE_FILE.c.ref).where(CASE_FILE.c.ref.like(f"{REFERENCE}-%")).limit(1)).first() is not None


def holds_real(session: Session) -> bool:
    """Whether any case on record is of a real person."""
    return session.connection().execute(sa.select(CASE_FILE.c.ref).where(CASE_FILE.c.ref.not_like(f"{REFERENCE}-%")).limit(1)).first() is not None
