"""Temporary copies of the tables that a trial writes to: what is written through one connection reaches no table that anybody
else sees, and keeps no other writer waiting.

An unqualified name means the temporary table first, on SQLite and on PostgreSQL alike.
"""

import re

import sqlalchemy as sa
from sqlalchemy import Connection

from models.tables.cases import CaseFile, DutyRow, FactRow, MessageRow
from models.tables.people import Contact, Person, TextRow
from models.tables.running import PolicyRow, WatchRound

COPIED = tuple(str(table.__tablename__) for table in (
    CaseFile, Person, FactRow, DutyRow, MessageRow, Contact, TextRow, WatchRound, PolicyRow))
"""The tables that recording, a visit or a round of the watch writes to; those that others refer to come first."""


def shadow(connection: Connection) -> None:
    """Put a copy of each of these tables before the real one, until the transaction of this connection ends."""
    copy = _on_postgresql if connection.dialect.name == "postgresql" else _on_sqlite
    for table in COPIED:
        copy(connection, table)


def _on_sqlite(connection: Connection, table: str) -> None:
    asked = sa.text("SELECT type, name, sql FROM main.sqlite_master WHERE tbl_name = :table AND type IN ('table', 'index')"
                    " AND sql IS NOT NULL ORDER BY type DESC")
    for kind, name, sql in connection.execute(asked, {"table": table}).all():
        if kind == "table":
            connection.exec_driver_sql(re.sub(r"^CREATE TABLE ", "CREATE TEMP TABLE ", sql, count=1))
            connection.exec_driver_sql(f"INSERT INTO temp.{table} SELECT * FROM main.{table}")
        else:
            connection.exec_driver_sql(re.sub(rf"\b{name}\b", f"temp.{name}", sql, count=1))


def _on_postgresql(connection: Connection, table: str) -> None:
    schema = connection.exec_driver_sql("SELECT quote_ident(current_schema())").scalar()
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {table} (LIKE {schema}.{table} INCLUDING ALL) ON COMMIT DROP")
    connection.exec_driver_sql(f"INSERT INTO pg_temp.{table} SELECT * FROM {schema}.{table}")
