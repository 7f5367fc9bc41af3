"""An erasure takes texts and names and nothing from the proof: whatever is changed afterwards is found as before."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks import trail
from tasks.database import reading
from tasks.prove import NotProved, prove
from tasks.seal_files import SealFiles
from tasks.verify import Wrong, check
from tests.harness import databases
from tests.tasks.sealing import found
from tests.tasks.test_erasing import CASES, OTHER, Life
from tests.tasks.test_log import FACT_COLUMNS, changed_at, sql


@pytest.fixture(scope="module")
def life(tmp_path_factory) -> Life:
    folder = tmp_path_factory.mktemp("erased")
    engine = databases.sqlite(folder / "ehc.sqlite")
    made = Life(engine, folder)
    made.trail.make_key()
    made.erase()
    yield made
    engine.dispose()


EVERY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_untouched_it_is_sound_and_every_proof_holds(life):
    assert life.findings() == []
    with reading(life.engine) as session:
        assert all(check(text) for text in prove(session, [*CASES, OTHER]).values())


@EVERY
@given(st.data())
def test_any_character_of_any_fact_of_any_case_is_found_by_both_verifiers(life, data):
    with reading(life.engine) as session:
        facts = [fact for ref in (*CASES, OTHER) for fact in trail.show(session, ref).facts]
    fact, column = data.draw(st.sampled_from(facts)), data.draw(st.sampled_from(FACT_COLUMNS))
    new = changed_at(getattr(fact, column), data.draw(st.integers(0, 300)))
    where = f"WHERE case_ref = '{fact.case_ref}' AND number = {fact.number}"
    with life.trail.tampered(f"UPDATE fact SET {column} = {sql(new)} {where}") as session:
        assert any(line.startswith(f"{fact.case_ref}: fact {fact.number} was altered") for line in found(session, SealFiles(life.us.seal_dir)))
        if column != "hash":                                # a proof works the hash out from the content
            with pytest.raises((Wrong, NotProved, ValueError)):
                check(prove(session, [fact.case_ref])[fact.case_ref])


@EVERY
@given(st.data())
def test_any_character_of_any_text_that_is_left_and_of_its_salt_is_found(life, data):
    id, _, salt, body = data.draw(st.sampled_from(life.trail.rows("text", "id")))
    column, text = data.draw(st.sampled_from((("salt", salt), ("body", body))))
    new = changed_at(text, data.draw(st.integers(0, 100)))
    with life.trail.tampered(f"UPDATE text SET {column} = {sql(new)} WHERE id = '{id}'") as session:
        assert any(f"holds a text ({id}) that was altered" in line for line in found(session, None))
