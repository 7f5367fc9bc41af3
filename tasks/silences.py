"""The escalations that are silenced now, in all cases."""

from datetime import date

from sqlmodel import Session

from models.law.owed import Owed
from models.law.record import Fact
from models.silence import in_silence
from models.tables.cases import DutyRow
from tasks import bulk
from tasks.derived import as_it_stands
from tasks.reading import read_many


def silences(session: Session, on: date) -> list[tuple[Owed, Fact]]:
    """Every duty of which nobody above its case's owner is told on a day, with the fact that decided so; what ends first, first."""
    refs = {ref for ref, in bulk.select(session, DutyRow.__table__, ("case_ref",), ("silenced_to", ">=", on.isoformat()))}
    found = [pair for ref, facts in read_many(session, sorted(refs)).items()
             for pair in in_silence(as_it_stands(ref, facts, on)) if pair[1].on <= on]
    return sorted(found, key=lambda pair: (pair[1]["silenced_to"], pair[0].case, pair[0].duty.id))
