"""What the proof costs: sealing every fact for the first time, a few new ones among many, nothing new, and one case's proof.

Nothing of it is on the way of recording. The floor checks every fact against its own hash, writes the same entries, and signs
once: without tree, chains, files or an account of what was before.
"""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Engine

from bench.ground import Ground
from bench.stock import TODAY, Stock, at_seven
from bench.timing import Line, turn_by_turn
from tasks.case_file import NewFact, record_many
from tasks.database import reading, writing
from tasks.prove import prove
from tasks.seal import seal
from tasks.seal_key import make

HAND = at_seven(TODAY)
FEW = 100
KEY = Ed25519PrivateKey.from_private_bytes(b"b" * 32)


def lines(ground: Ground, stock: Stock, repetitions: int, open: int, folder: Path, told: Callable[[str], None]
          ) -> Iterator[Line]:
    """All of it among the facts of cases with that many open duties."""
    key = folder / "seal.pem"

    def sealed(engine: Engine) -> None:
        where = folder / "seals"
        if where.exists():
            shutil.rmtree(where)
        seal(engine, where, key, HAND.at)

    def fill(engine: Engine) -> list[str]:
        stock.fill(engine, open, 0)
        make(engine, key, "bench/ehc", HAND.at)
        with engine.connect() as connection:
            return [ref for ref, in connection.exec_driver_sql("SELECT ref FROM case_file ORDER BY ref LIMIT 100")]

    told(f"{open:,} open duties: filling")
    laid, refs = ground.lay(fill)
    facts = _count(laid)
    told(f"{facts:,} facts: sealing")
    ground.compare(laid, sealed, _by_floor)
    yield turn_by_turn(Line(f"{facts:,} facts sealed for the first time", facts, "a fact"), repetitions,
                       ground.by_engine(laid, sealed), ground.by_floor(laid, _by_floor))
    done = ground.after(laid, sealed)
    yield turn_by_turn(Line(f"nothing new among {facts:,}", 1, "a seal"), repetitions,
                       ground.by_engine(done, sealed), ground.by_floor(done, _by_floor))
    more = ground.after(done, lambda engine: _record(engine, refs[:FEW]))
    yield turn_by_turn(Line(f"{FEW} new among {facts:,}", 1, "a seal"), repetitions,
                       ground.by_engine(more, sealed), ground.by_floor(more, _by_floor))
    yield turn_by_turn(Line(f"the proof of one case among {facts:,}", 1, "a proof"), repetitions,
                       ground.by_engine(done, lambda engine: _prove(engine, refs[:1])))
    yield turn_by_turn(Line(f"the proofs of 25 cases among {facts:,}", 25, "a proof"), repetitions,
                       ground.by_engine(done, lambda engine: _prove(engine, refs[:25])))


def _by_floor(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN IMMEDIATE")
    known = connection.execute("SELECT count(*) FROM log_leaf").fetchone()[0]
    whole, rows = sha256(), []
    for *content, hash, position in connection.execute(
            "SELECT f.case_ref, f.number, kind, happened_on, recorded_at, recorded_by, flow_run_id, data, previous_hash, f.hash,"
            " position FROM fact AS f LEFT JOIN log_leaf AS l ON l.case_ref = f.case_ref AND l.number = f.number"
            " ORDER BY f.case_ref, f.number"):
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        if sha256(text.encode()).hexdigest() != hash:
            raise ValueError("a fact was altered")
        leaf = sha256(b"\x00" + bytes.fromhex(hash))
        whole.update(leaf.digest())
        if position is None:
            rows.append((known + len(rows), content[0], content[1], leaf.hexdigest()))
    connection.executemany("INSERT INTO log_leaf VALUES (?, ?, ?, ?)", rows)
    KEY.sign(whole.digest())
    connection.execute("COMMIT")


def _record(engine: Engine, refs: list[str]) -> None:
    with writing(engine) as session:
        record_many(session, [(ref, NewFact("views_received", TODAY, {"document": "d"})) for ref in refs], HAND, TODAY)


def _prove(engine: Engine, refs: list[str]) -> None:
    with reading(engine) as session:
        prove(session, refs)


def _count(path: Path) -> int:
    connection = sqlite3.connect(path)
    found: int = connection.execute("SELECT count(*) FROM fact").fetchone()[0]
    connection.close()
    return found
