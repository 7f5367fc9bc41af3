import pytest

from tasks import database


@pytest.fixture
def engine(database_url):
    """A migrated database, on SQLite and on PostgreSQL."""
    made = database.engine(database_url)
    database.upgrade(made)
    yield made
    made.dispose()
