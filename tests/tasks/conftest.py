import pytest

from tasks import database


@pytest.fixture
def engine(database_url):
    """A database with its tables, on SQLite and on PostgreSQL."""
    made = database.engine(database_url)
    yield made
    made.dispose()
