"""`ehc policy`: whom we remind and when, what of it is the council's own, and which escalations are silenced."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cli import here, show
from cli.clock import today
from cli.options import Json, On, option

if TYPE_CHECKING:
    from models.law.owed import Owed
    from models.law.record import Fact
    from notifications.ladder import Policy

def policy(
    duty: Annotated[str | None, option("--duty", metavar="DUTY", help="Only this duty, such as finalise_plan.")] = None,
    file: Annotated[Path | None, option(
        "--file", metavar="FILE", help="A policy that is not in force yet: check it, and show what it would be.")] = None,
    toml: Annotated[bool, option("--toml", help="The whole policy as a file, to be changed and named in EHC_POLICY_FILE.")] = False,
    silenced: Annotated[bool, option(
        "--silenced", help="Instead: every duty of which nobody above its case's owner is told for now, until when, and who"
                           " decided so.")] = False,
    on: On = None,
    as_json: Json = False,
) -> None:
    """Whom we remind, and when: for each kind of duty the rungs before its last day, on it and after it, our own target, and who
    is told. What differs from what the engine brings is named. Nothing here moves a day of the law.

    To silence an escalation, record `escalation_silenced` with its reasons; to end that early, record it again with an earlier
    day.
    """
    if silenced:
        _tell_silenced(on or today(), as_json)
        return
    from notifications.ladder import KIND_OF
    from notifications.policy import as_plain, as_toml, differences, fingerprint
    from tasks.policy_file import in_force, policy_in

    found = policy_in(file) if file is not None else in_force()
    if duty is not None and duty not in KIND_OF:
        raise show.WrongCall(f"nobody is reminded of {duty!r}.{show.did_you_mean(duty, KIND_OF)} `ehc law list` names every duty.")
    if toml:
        show.say(as_toml(found).rstrip())
    elif as_json:
        show.answer(as_plain(found) | {"sha256": fingerprint(found), "differs": [
            {"what": what, "default": before, "here": now} for what, before, now in differences(found)]})
    else:
        _tell(found, duty)


def _tell(found: "Policy", duty: str | None) -> None:
    from notifications.ladder import KIND_OF
    from notifications.policy import differences

    if duty is not None:
        ladders = [(duty, found.ladder_for(duty))]
    else:
        ladders = [*found.kinds.items(), *found.duties.items()]
    show.table(("for", "target", "before", "on the day", "day after", "then", "every"), [
        (name, f"{ladder.target} days before" if ladder.target else "-",
         "; ".join(f"{-rung}: {_names(told)}" for rung, told in sorted(ladder.before.items()) if rung < 0),
         _names(ladder.before.get(0, ())), _names(ladder.overdue), _names(ladder.weekly), f"{ladder.every} days")
        for name, ladder in ladders if ladder is not None])
    if duty is None:
        show.say("\nDuties of each kind:")
        for kind in found.kinds:
            duties = [one for one, of in sorted(KIND_OF.items()) if of == kind]
            show.say(f"  {kind}: {', '.join(duties) or 'advice that the family gives'}")
        quiet = f"from {found.quiet[0]:%H:%M} to {found.quiet[1]:%H:%M}" if found.quiet else "none"
        show.say(f"\nWorking days are {'respected' if found.working_days else 'not looked at'}; quiet hours: {quiet}; closed:"
                 f" {', '.join(f'{first} to {last}' for first, last in found.closed) or 'on no other day'}.")
        show.say(f"An escalation can be silenced for {found.longest_silence} days at most, with reasons.")
    different = differences(found)
    if different:
        show.say("\nDifferent from what the engine brings:")
        show.table(("what", "default", "here"), different)
    else:
        show.say("\nThis is what the engine brings; EHC_POLICY_FILE names a policy of your own.")


def _names(told: tuple[str, ...]) -> str:
    return ", ".join(told) or "-"


def _tell_silenced(day: date, as_json: bool) -> None:
    from tasks.database import reading
    from tasks.silences import silences

    with reading(here.database()) as session:
        found = silences(session, day)
    if as_json:
        show.answer([record(owed, fact) for owed, fact in found])
        return
    if not found:
        show.say(f"{show.day(day)}: no escalation is silenced.")
        return
    from cli.changes import named

    show.table(("until", "case", "duty", "due", "decided by", "on", "fact"), [
        (fact["silenced_to"], owed.case, named(owed), owed.due_on, fact["decided_by"], fact.on, fact.number) for owed, fact in found],
        numbers=("fact",))


def record(owed: "Owed", fact: "Fact") -> dict[str, object]:
    """One silenced escalation as plain data."""
    return {"case": owed.case, "duty": owed.duty.id, "adviser": owed.adviser, "party": owed.party, "due_on": owed.due_on,
            "silenced_to": fact["silenced_to"], "decided_by": fact["decided_by"], "on": fact.on, "fact": fact.number}
