"""The command `ehc`. Commands load what they need when they run, so that asking for help or a date is quick."""

import sys
from typing import Any

import typer
from typer.core import TyperGroup

from cli import law, replay, show

HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class Door(TyperGroup):
    """Turns every error that is an answer into one plain sentence on the error stream and an exit code."""

    def invoke(self, ctx: typer.Context) -> Any:
        try:
            return super().invoke(ctx)
        except show.Refused as no:
            show.fail(str(no), show.NO)
        except show.WrongCall as wrong:
            show.fail(str(wrong))
        except _answers() as wrong:
            show.fail(str(wrong))


_ANSWERS = {
    "models.facts": ("BadFact",),
    "models.law.dates": ("CannotCount",),
    "models.law.record": ("BadRecord",),
    "models.law.rulebook": ("UnknownDuty",),
}


def _answers() -> tuple[type[Exception], ...]:
    """The errors of the floors below that say, in words for people, what is wrong. Only of what is loaded."""
    return tuple(getattr(sys.modules[module], name) for module, names in _ANSWERS.items() if module in sys.modules
                 for name in names)


app = typer.Typer(
    cls=Door, name="ehc", no_args_is_help=True, context_settings=HELP, rich_markup_mode=None, add_completion=False,
    pretty_exceptions_enable=False,
    help="Education, Health and Care needs assessments, to their statutory time limits. Not legal advice.",
    epilog=show.example("ehc due", "ehc receive --name 'Sam Ash' --born 2017-05-04 --requested-by parent --attends school"))
app.add_typer(law.app, name="law")
app.command("replay", epilog=show.example(
    "ehc replay chronology.jsonl --as-of 2026-06-01",
    """echo '{"case": "A1", "fact": "request_received", "on": "2026-03-02"}' | ehc replay - --as-of 2026-04-14 --why""",
))(replay.replay)


@app.callback()
def door() -> None:
    pass


def main() -> None:
    """The door `ehc`."""
    app()
