"""`ehc trail runs` and `ehc trail run`: which flow runs wrote which facts, both ways."""

from typing import TYPE_CHECKING, Annotated

import typer

from cli import here, show
from cli.options import CaseRef, Json, LookedBy

if TYPE_CHECKING:
    from tasks.runs import Run

UNKNOWN, NO_RUN = "not in our record", "-"


def runs(ref: CaseRef, by: LookedBy = None, as_json: Json = False) -> None:
    """Every flow run that visited a case or wrote facts of it, and which. Kept here, so it stays when Prefect forgets.

    Every fact stands once: with its run, or on the line of those that somebody recorded at a door, which name no run. A run without
    an end goes on, or was killed. That you looked is noted.
    """
    from tasks.database import reading
    from tasks.runs import of_case

    here.looked("ehc trail runs", by, ref)
    with reading(here.database()) as session:
        found = of_case(session, ref)
    if as_json:
        show.answer([_plain(run) for run in found])
        return
    show.table(("run", "flow", "deployment", "started (UTC)", "ended (UTC)", "state", "facts"), [
        (run.id or NO_RUN, (run.flow or UNKNOWN) if run.id else "at a door", run.deployment, _moment(run.started_at), _moment(run.ended_at),
         run.state, _spans([number for _, number in run.facts])) for run in found])
    runs = sum(run.id is not None for run in found)
    show.say(f"\n{ref}: {show.count(runs, 'run')}, and every fact is named once: {show.count(sum(len(run.facts) for run in found), 'fact')}.")


def run(
    run_id: Annotated[str, typer.Argument(metavar="RUN_ID", help="Id of a flow run, as Prefect and `ehc trail runs` tell it.")],
    by: LookedBy = None,
    as_json: Json = False,
) -> None:
    """One flow run, and every fact that it wrote, in whatever case."""
    from tasks.database import reading
    from tasks.runs import of_run

    with reading(here.database()) as session:
        found, facts = of_run(session, run_id)
    here.looked("ehc trail run", by, *dict.fromkeys(fact.case_ref for fact in facts))
    if as_json:
        show.answer(_plain(found) | {"facts": [fact._asdict() for fact in facts]})
        return
    show.say(f"{found.id}: {found.flow or UNKNOWN}" + (f", from {found.deployment}" if found.deployment else "") + (
        f"; began {_moment(found.started_at)}, ended {_moment(found.ended_at) or 'not as far as was seen'} (UTC): {found.state}"
        if found.flow else ""))
    show.table(("case", "no.", "happened", "recorded (UTC)", "by", "fact"), [
        (fact.case_ref, fact.number, fact.happened_on, _moment(fact.recorded_at), fact.recorded_by, fact.kind)
        for fact in facts], numbers=("no.",))


def _spans(numbers: list[int]) -> str:
    """Numbers in order, those that follow each other as one span: 1-3, 7."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] + 1 == number:
            spans[-1][1:] = [number]
        else:
            spans.append([number])
    return ", ".join("-".join(map(str, span)) for span in spans)


def _plain(run: "Run") -> dict[str, object]:
    return {"id": run.id, "flow": run.flow, "deployment": run.deployment, "case": run.case_ref, "started_at": run.started_at,
            "ended_at": run.ended_at, "state": run.state,
            "facts": [{"case": case, "number": number} for case, number in run.facts]}


def _moment(text: str | None) -> str:
    return text[:19].replace("T", " ") if text else ""
