"""A proof is checked twice: by us, and by one file that needs nothing of ours. No character of it can be changed unseen."""

import json
import subprocess
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import bundle
from models.note import Key
from tasks import seal_key, verify
from tasks.case_file import NoSuchCase
from tasks.database import reading
from tasks.prove import VERIFIER, NotProved, prove, unsealed
from tests.harness import databases
from tests.tasks.sealing import AT, REFS, Trail, built, facts_of


@pytest.fixture(scope="module")
def trail(tmp_path_factory, request) -> Trail:
    """One trail for all that only reads it. What differs between databases is tested in test_seal and test_log."""
    folder = tmp_path_factory.mktemp("proofs")
    engine = databases.sqlite(folder / "ehc.sqlite")
    made = built(engine, folder)
    yield made
    engine.dispose()


@pytest.fixture(scope="module")
def proof(trail) -> str:
    """The proof of one case, with the growth since the first checkpoint."""
    return proved(trail, "A2", since=trail.notes()[0])


def proved(trail: Trail, ref: str, since: str | None = None) -> str:
    with reading(trail.engine) as session:
        return prove(session, [ref], since)[ref]


def refused_by_ours(text: str) -> bool:
    try:
        bundle.check(text)
    except bundle.BadProof:
        return True
    return False


def refused_by_the_plain_one(text: str) -> bool:
    try:
        verify.check(text)
    except verify.Wrong:
        return True
    return False


def run(*arguments, **more) -> subprocess.CompletedProcess:
    """The stand-alone file as an outsider runs it: alone in its folder, with nothing of ours on the path."""
    return subprocess.run([sys.executable, "-I", *map(str, arguments)], capture_output=True, text=True, **more)


def test_a_proof_shows_the_case_as_the_checkpoint_has_it(trail, proof):
    shown = bundle.check(proof)
    assert (shown.case, shown.head.number, shown.checkpoint.size, shown.since.size) == ("A2", 3, 9, 3)
    lines = verify.check(proof)
    assert "All that A2 had on record at this checkpoint, 3 in all (number, happened, recorded, by, what):" in lines
    assert [line.split()[-1] for line in lines if line.strip()[0].isdigit()] == ["request_received", "views_received", "views_received"]
    assert json.loads(proof)["facts"][1] == json.dumps(list(facts_of(trail, "A2")[1][:9]), separators=(",", ":"))


def test_a_proof_holds_no_text_that_can_be_erased(trail):
    assert all("Ann Other" not in proved(trail, ref) for ref in REFS)


def test_many_proofs_are_made_in_one_pass(trail):
    with reading(trail.engine) as session:
        several = prove(session, REFS)
        assert several == {ref: prove(session, [ref])[ref] for ref in REFS}
        assert [unsealed(session, ref) for ref in REFS] == [0, 0, 1]
    assert [bundle.check(text).case for text in several.values()] == list(REFS)


def test_no_character_can_be_changed_added_or_left_out_before_our_verifier(proof):
    for place in range(len(proof)):
        for broken in {proof[:place] + new + proof[place + 1:] for new in ("0", "a", " ", '"', "\n", "")} - {proof}:
            assert refused_by_ours(broken), (place, proof[max(0, place - 30):place + 30])
    assert refused_by_ours(proof + " ") and refused_by_ours(proof[:-1]) and refused_by_ours("")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_nor_before_the_plain_one(proof, data):
    place = data.draw(st.integers(0, len(proof) - 1))
    broken = proof[:place] + data.draw(st.sampled_from(["", "0", "a", "Z", " ", '"', "\n", "é", "{", "="])) + proof[place + 1:]
    assert refused_by_the_plain_one(broken) == refused_by_ours(broken) == (broken != proof)


def changed(proof: str, change) -> str:
    told = json.loads(proof)
    change(told)
    return bundle._text(told)


def with_spare_bits(note: str) -> str:
    """The same bytes in base64, but for bits of the last character that stand for nothing."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    last = note[-3]
    assert note.endswith("=\n") and letters.index(last) % 4 == 0
    return note[:-3] + letters[letters.index(last) + 1] + note[-2:]


CHANGES = {
    "the text of the last fact left out": lambda p: p["facts"].pop(),
    "the last fact left out": lambda p: (p["facts"].pop(), p["entries"].pop()),
    "the first fact left out": lambda p: (p["facts"].pop(0), p["entries"].pop(0)),
    "a fact in the middle left out": lambda p: (p["facts"].pop(1), p["entries"].pop(1)),
    "the facts in another order": lambda p: p["facts"].reverse(),
    "facts and entries in another order": lambda p: (p["facts"].reverse(), p["entries"].reverse()),
    "the last fact twice": lambda p: (p["facts"].append(p["facts"][-1]), p["entries"].append(p["entries"][-1])),
    "no facts": lambda p: p["facts"].clear(),
    "neither facts nor entries": lambda p: (p["facts"].clear(), p["entries"].clear()),
    "another case": lambda p: p.update(case="A3"),
    "no keys": lambda p: p["keys"].clear(),
    "a key twice": lambda p: p["keys"].append(p["keys"][0]),
    "a part more": lambda p: p.update(more=1),
    "a part less": lambda p: p.pop("since"),
    "another form": lambda p: p.update(form="ehc-proof/2"),
    "another position": lambda p: p["entries"][0].update(position=0),
    "a position that is true": lambda p: p["entries"][0].update(position=True),
    "a shorter path": lambda p: p["entries"][0]["path"].pop(),
    "a longer path": lambda p: p["entries"][0]["path"].append("00" * 32),
    "no path": lambda p: p["entries"][0].update(path=[]),
    "another place among the heads": lambda p: p["head"].update(index=2),
    "a shorter path among the heads": lambda p: p["head"]["path"].pop(),
    "a shorter proof of growth": lambda p: p["since"]["path"].pop(),
    "a longer proof of growth": lambda p: p["since"]["path"].append("00" * 32),
    "no proof of growth": lambda p: p["since"].update(path=[]),
    "a key for the older checkpoint": lambda p: p["since"].update(checkpoint=p["keys"][0]),
    "a key for the checkpoint": lambda p: p.update(checkpoint=p["keys"][0]),
    "the older checkpoint for the newer": lambda p: p.update(checkpoint=p["since"]["checkpoint"]),
    "the newer checkpoint for the older": lambda p: p["since"].update(checkpoint=p["checkpoint"]),
    "nothing for the facts": lambda p: p.update(facts=None),
    "a number for the entries": lambda p: p.update(entries=3),
    "a word for an entry": lambda p: p["entries"].__setitem__(0, "x"),
    "a number for a key": lambda p: p.update(keys=[3]),
    "a path in capitals": lambda p: p["entries"][0].update(path=[hash.upper() for hash in p["entries"][0]["path"]]),
    "a path among the heads in capitals": lambda p: p["head"].update(path=[hash.upper() for hash in p["head"]["path"]]),
    "a proof of growth in capitals": lambda p: p["since"].update(path=[hash.upper() for hash in p["since"]["path"]]),
    "a part more beside the older checkpoint": lambda p: p["since"].update(more=1),
    "a part more in an entry": lambda p: p["entries"][0].update(more=1),
    "a checkpoint without its last line feed": lambda p: p.update(checkpoint=p["checkpoint"][:-1]),
    "spare bits in the signature": lambda p: p.update(checkpoint=with_spare_bits(p["checkpoint"])),
    "a key with spare bits in its signature": lambda p: p.update(keys=[with_spare_bits(p["keys"][0])]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_nothing_can_be_removed_put_in_moved_or_cut_off(proof, change):
    broken = changed(proof, change)
    assert refused_by_ours(broken)
    assert refused_by_the_plain_one(broken)


def test_a_fact_of_another_case_does_not_pass_for_one_of_this(trail, proof):
    """It stands in the log, and number and hash of the last fact are those of this case; but it does not belong to the chain."""
    other = json.loads(proved(trail, "A1"))
    broken = changed(proof, lambda p: (p["facts"].__setitem__(1, other["facts"][1]), p["entries"].__setitem__(1, other["entries"][1])))
    assert refused_by_ours(broken) and refused_by_the_plain_one(broken)


def test_an_older_checkpoint_is_not_proved_to_be_the_beginning_of_another_log(trail, proof, tmp_path):
    other = json.loads(proved(trail, "A2", since=trail.notes()[1]))["since"]
    broken = changed(proof, lambda p: p["since"].update(path=other["path"]))
    assert refused_by_ours(broken) and refused_by_the_plain_one(broken)


def test_an_outsider_runs_one_file(trail, proof, tmp_path):
    program = tmp_path / "verify.py"
    program.write_bytes(VERIFIER.read_bytes())
    good, bad, held, later, key = (tmp_path / name for name in ("p.json", "b.json", "first.txt", "second.txt", "key"))
    good.write_text(proof)
    bad.write_text(proof.replace("views_received", "views_recorded"))
    held.write_text(f"Subject: kept\n\n{trail.notes()[0]}\nThe end.\n")
    later.write_text(trail.notes()[1])
    key = str(trail.log().keys[0])
    answer = run(program, good, "--key", key, "--against", held, cwd=tmp_path)
    assert answer.returncode == 0 and answer.stdout.endswith("The proof holds.\n") and "only grew" in answer.stdout
    assert run(program, good).returncode == 0 and "Compare it" in run(program, good).stdout
    for arguments, says in (
            ([bad], "fact 2 of A2 is not in the log"), ([good, "--key", key[:-2] + "AA"], "another key"),
            ([good, "--against", later], "not in the proof"), ([tmp_path / "none"], "No such file"),
            ([held], "not written as it should be"), ([good, "--against", program], "does not hold one checkpoint")):
        wrong = run(program, *arguments)
        assert wrong.returncode == 1 and "does NOT hold" in wrong.stderr and says in wrong.stderr, wrong.stderr


def test_the_stand_alone_file_needs_nothing_of_ours_and_is_short():
    import ast
    text = VERIFIER.read_text()
    used = {name.name for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Import) for name in node.names}
    assert used <= set(sys.stdlib_module_names) and not [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ImportFrom)]
    assert text.count("\n") < 300


def test_a_proof_goes_on_holding_after_the_key_was_changed(tmp_path, sqlite_url):
    from tasks import database
    engine = database.engine(sqlite_url)
    trail = built(engine, tmp_path)
    first = trail.log().keys[0]
    old = trail.notes()[2]
    seal_key.rotate(engine, trail.key, AT)
    trail.seal()
    text = proved(trail, "A3", since=old)
    assert bundle.check(text, first).since.size == 9 and verify.check(text, str(first))
    assert bundle.check(text, trail.log().keys[1])
    stranger = Key(first.name, b"\x01" * 32)
    with pytest.raises(bundle.BadProof, match="another key"):
        bundle.check(text, stranger)
    with pytest.raises(verify.Wrong, match="another key"):
        verify.check(text, str(stranger))


def test_what_cannot_be_proved_is_said(trail, tmp_path, sqlite_url):
    with pytest.raises(NoSuchCase, match="A22"):
        proved(trail, "A22")
    with pytest.raises(NotProved, match="none of this trail"):
        proved(trail, "A2", since=trail.notes()[0].replace("\n3\n", "\n4\n"))
    from tasks import database
    engine = database.engine(sqlite_url)
    empty = Trail(engine, tmp_path / "s", tmp_path / "k.pem")
    empty.open("A1")
    with pytest.raises(NotProved, match="Nothing has been sealed yet"):
        proved(empty, "A1")
    empty.make_key()
    empty.seal()
    empty.open("A2")
    with pytest.raises(NotProved, match="A2: none of its facts has been sealed yet"):
        proved(empty, "A2")
    with pytest.raises(NotProved, match="signed by a key"):
        proved(empty, "A1", since=trail.notes()[2])
