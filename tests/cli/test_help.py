"""Every command has help that ends with examples, and each example is a call that can be made."""

import shlex
from collections.abc import Iterator

import pytest
from typer.core import TyperGroup

from cli.show import count, day, days_late, did_you_mean
from models.facts import KINDS
from tests.cli.conftest import DOOR

COMMANDS = (
    "law list", "law due", "law show", "replay", "receive", "intake", "record", "correct", "resend", "due", "case", "why",
    "sample", "forecast", "whatif", "person", "link show", "link revoke", "link new", "document list", "document get", "document erase", "portal", "watch",
    "trail verify", "trail show", "trail seal", "trail prove", "trail runs", "trail run", "trail key new", "trail key show",
    "trail key rotate", "export", "export all", "import-export", "retention", "erase", "figures", "rebuild", "up", "upgrade", "doctor")


def commands(command=None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    command = command or DOOR
    yield path, command
    if isinstance(command, TyperGroup):
        for name, sub in command.commands.items():
            yield from commands(sub, (*path, name))


ALL = dict(commands())


def examples(out: str) -> list[str]:
    """The commands under the last heading of a help text."""
    lines = out.splitlines()
    start = max(n for n, line in enumerate(lines) if line.strip() in ("Example:", "Examples:"))
    return [line.strip() for line in lines[start + 1:] if line.strip()]


def test_the_commands_that_are_promised_are_there():
    assert {tuple(name.split()) for name in COMMANDS} <= ALL.keys()


@pytest.mark.parametrize("path", ALL, ids=" ".join)
@pytest.mark.parametrize("flag", ["-h", "--help"])
def test_every_help_text_says_what_it_does_and_ends_with_examples(ehc, path, flag):
    answer = ehc(*path, flag)
    assert answer.code == 0 and answer.err == ""
    assert answer.out.startswith(f"Usage: {' '.join(('ehc', *path))} ")
    assert ALL[path].help
    assert examples(answer.out)
    assert answer.out.rstrip().endswith(examples(answer.out)[-1])
    assert not any(box in answer.out for box in "╭│╰─")


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_example_is_a_call_that_can_be_made(ehc, path):
    for line in examples(ehc(*path, "-h").out):
        for part in line.split(" | "):
            words = shlex.split(part)
            if words[0] != "ehc":
                continue
            command, rest = DOOR, words[1:]
            while isinstance(command, TyperGroup):
                command, rest = command.commands[rest[0]], rest[1:]
            context = command.make_context(words[0], list(rest))
            _check_fields(words, context.params, context.args)


def _check_fields(words: list[str], params: dict, extra: list[str]) -> None:
    """The fields in the example of a fact are fields of that fact, and everything that it must say is said."""
    from cli.fields import read_fields

    if words[1] == "record" and params["fact"]:
        kind = KINDS[params["fact"]]
        told = read_fields(kind, [word for word in extra if "=@" not in word])
        told |= dict(word.split("=", 1) for word in extra if "=@" in word)
        assert set(kind.required) <= told.keys()
        assert all(any(name in told for name in group) for group in kind.one_of)


def test_help_without_any_command(ehc):
    answer = ehc()
    assert "Usage: ehc" in answer.out + answer.err


@pytest.mark.parametrize("arguments, says", [
    (("recieve",), "receive"), (("due", "--ownr", "x"), "--owner"), (("case",), "REF"), (("law",), "list")])
def test_a_mistyped_call_ends_with_2_and_a_hint(ehc, arguments, says):
    answer = ehc(*arguments)
    assert answer.code == 2 and says in answer.out + answer.err


def test_words_for_numbers_and_days():
    assert (count(1, "case"), count(2, "case"), count(3, "duty", "duties"), count(1200, "fact")) == (
        "1 case", "2 cases", "3 duties", "1,200 facts")
    assert (day(None), days_late(0), days_late(None), days_late(8)) == ("-", "", "", "1 week 1 day")
    assert did_you_mean("adv_d", ["adv_b_mod", "adv_d_psychology"]) == " Did you mean adv_d_psychology?"
    assert did_you_mean("zzz", ["abc"]) == ""
