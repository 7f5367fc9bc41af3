"""Rows by the thousand at the speed of the driver: no row objects, and no conversion of every value.

Values go in and come out as they are stored and sealed, alike on every database: days as "2026-03-02", moments as
"2026-03-02T09:30:00.000000Z", numbers as numbers.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Date, Dialect, String, Table
from sqlmodel import Session
from sqlmodel.sql.sqltypes import AutoString

from models.tables.moments import UtcDateTime

Condition = tuple[str, str, Any]
"""A column, one of = < <= > >= in, and a value (for `in`, a list)."""


def insert(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]],
           keep_existing: bool = False) -> None:
    """Insert the rows; with `keep_existing`, those whose key is there already are left as they are."""
    if rows:
        sql = _insert(session.get_bind().dialect, table, tuple(columns), keep_existing)
        session.connection().exec_driver_sql(sql, _tuples(rows))


def update(session: Session, table: Table, columns: Sequence[str], keys: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set `columns` in the rows that `keys` name; each row gives the new values, then those of the keys."""
    if rows:
        sql = _update(session.get_bind().dialect, table, tuple(columns), tuple(keys))
        session.connection().exec_driver_sql(sql, _tuples(rows))


def delete(session: Session, table: Table, keys: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Delete the rows that have these values of `keys`."""
    if rows:
        sql = _delete(session.get_bind().dialect, table, tuple(keys))
        session.connection().exec_driver_sql(sql, _tuples(rows))


def select(session: Session, table: Table, columns: Sequence[str], *where: Condition, order: Sequence[str] = (),
           limit: int | None = None, lock: bool = False) -> Sequence[Sequence[Any]]:
    """The rows for which every condition holds. `lock` keeps other writers from them until the transaction ends."""
    dialect = session.get_bind().dialect
    asked = tuple((column, sign) for column, sign, _ in where)
    sql = _select(dialect, table, tuple(columns), asked, tuple(order), limit, lock)
    values = tuple(_as_one(dialect, value) if sign == "in" else value for _, sign, value in where)
    return session.connection().exec_driver_sql(sql, values).fetchall()


def stream(session: Session, table: Table, columns: Sequence[str]) -> Iterator[Sequence[Any]]:
    """Every row in the order of the table's key, which is the same on every database, read a part at a time."""
    dialect = session.get_bind().dialect
    collated = ' COLLATE "C"' if dialect.name == "postgresql" else ""
    order = ", ".join(_quoted(dialect, column.name) + (collated if _is_text(column.type) else "") for column in table.primary_key)
    sql = f"SELECT {', '.join(_shown(dialect, table, name) for name in columns)} FROM {_quoted(dialect, table.name)} ORDER BY {order}"
    found = session.connection().exec_driver_sql(sql, execution_options={"stream_results": True})
    for part in found.partitions(1000):
        yield from part


# --- the statements, each made once ----------------------------------------------------------------------------------

@lru_cache(maxsize=256)
def _insert(dialect: Dialect, table: Table, columns: tuple[str, ...], keep_existing: bool) -> str:
    names = ", ".join(_quoted(dialect, name) for name in columns)
    places = ", ".join(_place(dialect) for _ in columns)
    end = " ON CONFLICT DO NOTHING" if keep_existing else ""
    return f"INSERT INTO {_quoted(dialect, table.name)} ({names}) VALUES ({places}){end}"


@lru_cache(maxsize=256)
def _update(dialect: Dialect, table: Table, columns: tuple[str, ...], keys: tuple[str, ...]) -> str:
    new = ", ".join(f"{_quoted(dialect, name)} = {_place(dialect)}" for name in columns)
    return f"UPDATE {_quoted(dialect, table.name)} SET {new} WHERE {_matching(dialect, keys)}"


@lru_cache(maxsize=64)
def _delete(dialect: Dialect, table: Table, keys: tuple[str, ...]) -> str:
    return f"DELETE FROM {_quoted(dialect, table.name)} WHERE {_matching(dialect, keys)}"


@lru_cache(maxsize=256)
def _select(dialect: Dialect, table: Table, columns: tuple[str, ...], asked: tuple[tuple[str, str], ...],
            order: tuple[str, ...], limit: int | None, lock: bool) -> str:
    sql = f"SELECT {', '.join(_shown(dialect, table, name) for name in columns)} FROM {_quoted(dialect, table.name)}"
    if asked:
        sql += " WHERE " + " AND ".join(_condition(dialect, *condition) for condition in asked)
    if order:
        sql += " ORDER BY " + ", ".join(_quoted(dialect, name) for name in order)
    if limit is not None:
        sql += f" LIMIT {int(limit)}"
    if lock and dialect.name == "postgresql":
        sql += " FOR NO KEY UPDATE"              # SQLite has one writer at a time already
    return sql


def _condition(dialect: Dialect, column: str, sign: str) -> str:
    name = _quoted(dialect, column)
    if sign == "in":                             # one value, however long the list: the statement stays the same
        return f"{name} = ANY(%s)" if dialect.name == "postgresql" else f"{name} IN (SELECT value FROM json_each(?))"
    if sign not in ("=", "<", "<=", ">", ">="):
        raise ValueError(f"{sign!r} is not a comparison that can be asked for.")
    return f"{name} {sign} {_place(dialect)}"


def _as_one(dialect: Dialect, values: Iterable[Any]) -> Any:
    return list(values) if dialect.name == "postgresql" else json.dumps(list(values))


def _shown(dialect: Dialect, table: Table, name: str) -> str:
    quoted, kind = _quoted(dialect, name), table.c[name].type
    if dialect.name != "postgresql":
        return quoted
    if isinstance(kind, UtcDateTime):
        return f"""to_char({quoted} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return f"{quoted}::pg_catalog.text" if isinstance(kind, Date) else quoted


def _is_text(kind: Any) -> bool:
    return isinstance(kind, String | AutoString)


def _matching(dialect: Dialect, keys: tuple[str, ...]) -> str:
    return " AND ".join(f"{_quoted(dialect, name)} = {_place(dialect)}" for name in keys)


def _place(dialect: Dialect) -> str:
    return "%s" if dialect.name == "postgresql" else "?"


def _quoted(dialect: Dialect, name: str) -> str:
    return dialect.identifier_preparer.quote(name)


def _tuples(rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    return [row if type(row) is tuple else tuple(row) for row in rows]
