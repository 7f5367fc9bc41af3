"""A database of an earlier version is brought up to date, and what it keeps is worked out anew by the law of this one."""

from datetime import date

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlmodel import select

from models.tables.cases import DutyRow
from tasks import database, migrations
from tasks.case_file import open_case, record
from tasks.rebuild import bring_up, rebuild
from tests.tasks.builders import ANN, TODAY, a_request, hand


@pytest.fixture
def of_the_first_version(tmp_path):
    """A case with a plan in a database whose duties know no occasions."""
    now = database.engine(f"sqlite:///{tmp_path}/now.sqlite")
    database.upgrade(now)
    with database.writing(now) as session:
        open_case(session, "EHC-2026-0001", ANN, a_request(), hand(), TODAY)
        record(session, "EHC-2026-0001", "final_plan_sent", TODAY, {"document": "plan-1"}, hand(), TODAY)
    now.dispose()
    engine = database.engine(f"sqlite:///{tmp_path}/ehc.sqlite")
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(migrations.__path__[0]))
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"ATTACH '{tmp_path}/now.sqlite' AS now")
        for table in sa.inspect(connection).get_sorted_table_and_fkc_names():
            if table[0] not in (None, database.VERSION_TABLE):
                names = ", ".join(f'"{column["name"]}"' for column in sa.inspect(connection).get_columns(table[0]))
                once = " WHERE occasion = ''" if table[0] == "duty" else ""
                connection.exec_driver_sql(f"INSERT INTO {table[0]} ({names}) SELECT {names} FROM now.{table[0]}{once}")
        connection.commit()
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
