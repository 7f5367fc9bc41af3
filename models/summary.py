"""A case in one line, and its way through the 20 weeks: what a person wants to know at a glance."""

from dataclasses import dataclass
from datetime import date

from models.case import Case
from models.law.dates import long, weeks_and_days
from models.law.owed import Owed
from models.stages import Stage

WEEKS_20 = 140
DECISIONS = {
    Stage.S00_INTAKE: ("decide_whether_to_assess", "the decision whether to assess"),
    Stage.S10_CONSIDERING: ("decide_whether_to_assess", "the decision whether to assess"),
    Stage.S30_DECIDING_PLAN: ("refuse_to_issue", "the decision whether to issue a plan"),
    Stage.S40_DRAFTING: ("finalise_plan", "the draft plan"),
    Stage.S45_DRAFT_ISSUED: ("draft_representation_window", "the family's answer to the draft"),
    Stage.S50_CONSULTING_SETTINGS: ("finalise_plan", "the final plan"),
}


def short(day: date) -> str:
    """A day within the year, such as "4 Dec"."""
    return f"{day.day} {day:%b}"


def standing_line(case: Case) -> str:
    """What the case waits for, from whom and until when.

    "Waiting: 2 of 6 advice outstanding, next due 4 Dec", "Overdue: the decision whether to assess, due 13 Apr,
    3 days late", or how it ended.
    """
    if case.stage is Stage.S20_ASSESSING:
        return _advice_line(case)
    if case.stage in DECISIONS:
        id, words = DECISIONS[case.stage]
        owed = case.duty(id)
        return _owed_line(owed, words) if owed else f"Waiting: {words}"
    if case.stage in (Stage.S15_REFUSED_TO_ASSESS, Stage.S35_REFUSED_TO_ISSUE):
        window = case.duty("lodge_appeal")
        until = f", the family may appeal until {short(window.due_on)}" if window and window.due_on else ""
        return f"Waiting: {case.stage.words.split(',')[0]}{until}"
    if case.has_plan and case.stage is not Stage.S55_FINALISED:
        return _plan_line(case)
    return f"Done: {case.stage.words}"


def _plan_line(case: Case) -> str:
    """What a maintained plan waits for: what is overdue, else the next day by which something is to be done."""
    owed = [o for o in case.duties if o.is_live and o.due_on and o.duty.type != "window" and o.duty.kind == "hard"]
    late = sorted((o for o in owed if o.state == "overdue"), key=lambda o: o.due_on)
    if late:
        more = f", and {len(late) - 1} more" if len(late) > 1 else ""
        return (f"Overdue: {case.stage.words}; {late[0].duty.id.replace('_', ' ')} was due {short(late[0].due_on)},"
                f" {weeks_and_days(late[0].days_late)} late{more}")
    coming = min((o for o in owed if o.state == "open"), key=lambda o: o.due_on, default=None)
    until = f", {coming.duty.id.replace('_', ' ')} due {coming.due_on.day} {coming.due_on:%b %Y}" if coming else ""
    return f"Waiting: {case.stage.words}{until}"


def _owed_line(owed: Owed, words: str) -> str:
    if owed.due_on is None:
        return f"Waiting: {words}"
    if owed.state == "overdue":
        return f"Overdue: {words}, due {short(owed.due_on)}, {weeks_and_days(owed.days_late)} late"
    if owed.state == "excused":
        return f"Waiting: {words}, excused from {short(owed.due_on)}, due as soon as practicable"
    return f"Waiting: {words}, due {short(owed.due_on)}"


def _advice_line(case: Case) -> str:
    asked = {fact["adviser"] for fact in case.all("advice_requested")}
    missing = [adviser for adviser in case.advice_outstanding if adviser not in asked]
    owed = [o for o in case.duties if o.duty.id in ("coop_respond_advice", "advice_six_weeks_others")
            and o.is_live and o.due_on and o.adviser in case.advice_outstanding]
    late = [o for o in owed if o.state == "overdue"]
    coming = min((o.due_on for o in owed if o.state != "overdue"), default=None)
    line = f"{len(case.advice_outstanding)} of {len(case.advisers)} advice outstanding"
    line += f", {len(missing)} not asked yet" if missing else ""
    line += f", {len(late)} late" if late else ""
    line += f", next due {short(coming)}" if coming else ""
    return f"{'Overdue' if late else 'Waiting'}: {line}"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a case is on its way: days since Day 0, share of the 20 weeks that has passed (0 to 100), and in words."""

    days: int
    percent: float
    words: str


def progress(case: Case) -> Progress:
    """The case's way through the 20 weeks as it stands on its day; it stops where the case stopped."""
    if case.day_zero is None:
        return Progress(0, 0.0, f"since {long(case.begun_on)}: {case.stage.words}" if case.begun_on else "no request on record")
    sent = min((fact.on for fact in case.all("final_plan_sent")), default=None)
    ended = sent or (case.stage_since if case.stage.is_terminal else None)
    days = ((ended or case.on) - case.day_zero).days
    percent = min(100.0, round(100 * days / WEEKS_20, 1))
    late = f", {weeks_and_days(days - WEEKS_20)} past 20 weeks" if days > WEEKS_20 else " of 20 weeks"
    return Progress(days, percent, f"{weeks_and_days(days)}{late}: {case.stage.words}")


def duty_table(case: Case) -> list[dict[str, str]]:
    """The case's dated duties as rows of words: what, who, by when, how it stands. References only."""
    rows = []
    for owed in sorted((o for o in case.duties if o.due_on), key=lambda o: (o.due_on, o.duty.id, o.adviser or "")):
        rows.append({
            "duty": owed.duty.id, "for": owed.adviser or owed.party or "", "owed by": owed.duty.owed_by,
            "due": owed.due_on.isoformat(), "state": owed.state,
            "late": weeks_and_days(owed.days_late) if owed.days_late and owed.state in ("overdue", "met_late", "excused") else "",
            "force": "statutory" if owed.duty.kind == "hard" else f"{owed.duty.kind}, not statutory",
            "source": owed.duty.citation,
        })
    return rows
