"""A database of an earlier version is brought up to date, and what it keeps is worked out anew by the law of this one."""

from datetime import date

import pytest
from alembic import command
from alembic.config import Config
from sqlmodel import select

from models.tables import DutyRow
from tasks import database, migrations
from tasks.case_file import open_case, record
from tasks.rebuild import bring_up, rebuild
from tests.tasks.builders import ANN, TODAY, a_request, hand


@pytest.fixture
def of_the_first_version(tmp_path):
    """A case with a plan in a database whose duties know no occasions."""
    engine = database.engine(f"sqlite:///{tmp_path}/ehc.sqlite")
    database.upgrade(engine)
    with database.writing(engine) as session:
        open_case(session, "EHC-2026-0001", ANN, a_request(), hand(), TODAY)
        record(session, "EHC-2026-0001", "final_plan_sent", TODAY, {"document": "plan-1"}, hand(), TODAY)
    with engine.begin() as connection:
        later = ("agency_closure", "agency_cover", "agency_contact", "agency")
        for sql in ("CREATE TEMPORARY TABLE kept AS SELECT * FROM duty WHERE occasion = ''",
                    *(f"DROP TABLE {table}" for table in ("duty", *later))):
            connection.exec_driver_sql(sql)
        columns = ("case_ref VARCHAR, duty VARCHAR, adviser VARCHAR, party VARCHAR, kind VARCHAR, owed_by VARCHAR, starts_on DATE,"
                   " due_on DATE, reporting_due_on DATE, met_on DATE, lapsed_on DATE, excused_by VARCHAR, next_rung INTEGER,"
                   " next_rung_on DATE")
        connection.exec_driver_sql(f"CREATE TABLE duty ({columns}, PRIMARY KEY (case_ref, duty, adviser, party)) WITHOUT ROWID")
        names = ", ".join(column.split()[0] for column in columns.split(", "))
        connection.exec_driver_sql(f"INSERT INTO duty SELECT {names} FROM kept")
        config = Config()
        config.set_main_option("script_location", str(migrations.__path__[0]))
        config.attributes["connection"] = connection
        command.stamp(config, "0001")
    engine.dispose()
    return database.engine(f"sqlite:///{tmp_path}/ehc.sqlite")


def test_what_the_law_of_this_version_reads_in_the_facts_is_there_after_the_upgrade(of_the_first_version):
    engine = of_the_first_version
    done = bring_up(engine)
    assert done is not None and done.cases == 1
    with database.reading(engine) as session:
        review = session.exec(select(DutyRow).where(DutyRow.duty == "first_review")).one()
        assert (review.occasion, review.due_on) == ("2026-05-01", date(2027, 4, 30))
    with database.writing(engine) as session:
        assert rebuild(session, check=True).is_right


def test_a_database_of_this_version_is_left_as_it_is(of_the_first_version):
    bring_up(of_the_first_version)
    assert bring_up(of_the_first_version) is None
