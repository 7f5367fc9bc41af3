"""The entries of a chronology as rows: what happened, which limit passed, which letter went; for paper and for CSV."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from models.chronology import Chronology, Entry, Letter, days_after
from models.law.dates import long, weeks_and_days
from models.law.owed import Owed
from notifications import plain
from notifications.paper import Table
from notifications.plain import called, day, debtor, listed, role, sentence, source

FACT, LETTER, LIMIT = "happened", "letter", "limit"

Row = tuple[date, int, int, dict[str, Any]]


def chronology_rows(found: Chronology, texts: Mapping[str, str] | None) -> list[dict[str, Any]]:
    """Every entry in the order of the days: facts, letters of one day and kind together, and each limit on the day it passed."""
    rows: list[Row] = _fact_rows(found, texts)
    together: dict[tuple[date, str, str, str], list[Letter]] = {}
    for letter in found.letters:
        whom = "council" if letter.to.startswith("council") else "others"
        together.setdefault((letter.on, letter.queued["message"], letter.state, whom), []).append(letter)
    rows += [(on, 2, letters[0].queued.number, _letters_row(letters)) for (on, *_), letters in together.items()]
    rows += [(owed.due_on, 3, place, _limit_row(owed)) for place, owed in enumerate(found.late)]
    return [row for *_, row in sorted(rows, key=lambda row: row[:3])]


def _fact_rows(found: Chronology, texts: Mapping[str, str] | None) -> list[Row]:
    """A row for each fact; facts of one day and kind about which there is nothing to remark stand in one row, a line each."""
    rows: list[Row] = []
    plainly: dict[tuple[date, str, str | None], dict[str, Any]] = {}
    for entry in found.entries:
        shown, row = entry.now or entry.fact, _fact_row(entry, found, texts)
        if not row["marks"] and entry.stands == "yes":
            first = plainly.setdefault((shown.on, shown.kind, shown["decision"]), row)
            if first is not row:
                if "," not in first["entry"]:
                    first["lines"] = _in_one_line(first["lines"])
                first["entry"] += f", {row['entry']}"
                first["lines"] += _in_one_line(row["lines"])
                continue
        rows.append((shown.on, 1, entry.fact.number, row))
    return rows


def _in_one_line(lines: Sequence[str]) -> list[str]:
    return ["; ".join(lines)] if lines else []


def _fact_row(entry: Entry, found: Chronology, texts: Mapping[str, str] | None) -> dict[str, Any]:
    shown = entry.now or entry.fact
    marks = []
    if days_after(shown) and entry.stands != "correction":
        marks.append(f"Recorded {plain.moment(entry.fact.recorded_at)}, {weeks_and_days(days_after(shown))} after it happened.")
    if entry.stands == "corrected":
        marks.append(f"As corrected; first recorded as: {plain.tells(entry.fact.kind).lower()}, {long(entry.fact.on)}.")
    if entry.stands == "no":
        marks.append("Does not stand: it was taken back.")
    marks += [_met(owed) for owed in found.limits if owed.met_by is not None and owed.met_by.number == entry.fact.number
              and owed.duty.kind == "hard" and entry.stands != "no"]
    lines = [sentence(line) for line in plain.details(shown, texts) if not line.startswith("SHA-256")]
    return {"day": day(shown.on), "kind": FACT, "what": plain.tells(shown.kind), "lines": lines, "marks": marks,
            "late": any(" late" in mark for mark in marks), "entry": str(entry.fact.number), "by": entry.fact.by or "–",
            "struck": entry.stands == "no"}


def _met(owed: Owed) -> str:
    if owed.days_late:
        relieved = f", relieved by {owed.excused_by}" if owed.excused_by else ""
        return (f"{weeks_and_days(owed.days_late)} late{relieved}: “{called(owed)}” was due {long(owed.due_on)}"
                f" ({owed.duty.citation}).")
    return f"In time: “{called(owed)}” was due {long(owed.due_on)} ({owed.duty.citation})."


def _letters_row(letters: Sequence[Letter]) -> dict[str, Any]:
    first = letters[0]
    whom = listed(list(dict.fromkeys(role(letter.to, letter.queued["agency"]) for letter in letters)))
    about = listed(list(dict.fromkeys(_about(letter) for letter in letters if _about(letter))))
    lines = [f"To {whom}{f', about {about}' if about else ''}. {sentence(plain.word('letters', first.state))}."]
    kind = "Notice" if all(letter.to.startswith("council") for letter in letters) else "Letter"
    return {"day": day(first.on), "kind": LETTER, "what": f"{kind}: {plain.word('messages', first.queued['message'])}", "lines": lines,
            "marks": [], "late": False, "entry": ", ".join(str((letter.sent or letter.queued).number) for letter in letters), "by": "",
            "struck": False}


def _about(letter: Letter) -> str:
    if letter.queued["adviser"]:
        return plain.word("advisers", letter.queued["adviser"])
    return f"“{plain.word('duties', letter.queued['duty'])}”" if letter.queued["duty"] else ""


def _limit_row(owed: Owed) -> dict[str, Any]:
    done = f"Done {long(owed.met_on)}" if owed.met_on is not None else "Not done"
    return {"day": day(owed.due_on), "kind": LIMIT, "what": f"Last day: {called(owed)}", "lines": [
        f"Owed by {debtor(owed)} under {owed.duty.citation}. {done}: {weeks_and_days(owed.days_late or 0)} late."],
        "marks": [], "late": True, "entry": "", "by": "", "struck": False}


def letter_rows(letters: Iterable[Letter]) -> list[dict[str, Any]]:
    """Letters as rows of a table of paper: when each went, what it was, through what, what receipt there is, and its hash."""
    rows = []
    for letter in letters:
        sent = letter.sent
        receipt = letter.opened or letter.delivered or letter.bounced
        duty = letter.queued["duty"] if letter.queued["message"] == "lateness_to_family" else None
        rows.append({
            "went": plain.moment(sent.recorded_at) if sent is not None and sent.recorded_at else day(letter.on),
            "what": plain.word("messages", letter.queued["message"]), "about": f"About “{plain.word('duties', duty)}”" if duty else "",
            "through": plain.word("channels", sent["channel"]) if sent is not None else "–",
            "receipt": sentence(plain.word("letters", letter.state)) + (
                f" {plain.moment(receipt.recorded_at)}" if receipt is not None and receipt.recorded_at else ""),
            "entry": str((sent or letter.queued).number), "sha256": sent["sha256"] if sent is not None else ""})
    return rows


# --- CSV -------------------------------------------------------------------------------------------------------------

def chronology_table(found: Chronology, texts: Mapping[str, str] | None) -> Table:
    """Every entry: facts, limits as they fell due (kept or not), and letters one by one."""
    ref = found.case.ref
    rows: list[tuple[date, int, int, tuple[Any, ...]]] = []
    for entry in found.entries:
        fact, shown = entry.fact, entry.now or entry.fact
        met = [owed for owed in found.limits if owed.met_by is not None and owed.met_by.number == fact.number and entry.stands != "no"]
        rows.append((shown.on, 1, fact.number, (
            ref, shown.on, FACT, shown.kind, plain.tells(shown.kind), "; ".join(plain.details(shown, texts)), entry.stands, fact.number,
            _utc(fact), days_after(shown), fact.by, fact.flow_run_id, " ".join(owed.duty.id for owed in met), None, None, None)))
    for letter in found.letters:
        fact = letter.sent or letter.queued
        rows.append((letter.on, 2, fact.number, (
            ref, letter.on, LETTER, letter.queued["message"], plain.word("messages", letter.queued["message"]),
            f"to {role(letter.to, letter.queued['agency'])}: {plain.word('letters', letter.state)}", "yes", fact.number, _utc(fact),
            days_after(fact), fact.by, fact.flow_run_id, letter.queued["duty"], None, None, None)))
    for place, owed in enumerate(found.limits):
        rows.append((owed.due_on, 3, place, (
            ref, owed.due_on, LIMIT, owed.duty.id, called(owed), f"owed by {debtor(owed)}: {plain.word('states', owed.state)}", "yes", None,
            None, None, None, None, owed.duty.id, owed.met_on, owed.days_late, source(owed.duty))))
    return Table(("case", "day", "kind", "code", "what", "details", "stands", "entry", "recorded_at", "recorded_days_after", "recorded_by",
                  "flow_run", "limit", "done_on", "days_late", "regulation"), [row for *_, row in sorted(rows, key=lambda row: row[:3])])


def limits_table(ref: str, limits: Iterable[Owed]) -> Table:
    """Every limit with its days, as it stands."""
    return Table(("case", "limit", "what", "for", "owed_by", "starts_on", "due_on", "done_on", "state", "days_late", "late", "exception",
                  "force", "regulation"), [
        (ref, owed.duty.id, called(owed), owed.adviser or owed.party, owed.duty.owed_by, owed.starts_on, owed.due_on, owed.met_on,
         owed.state, owed.days_late, weeks_and_days(owed.days_late) if owed.days_late else "", owed.excused_by,
         plain.DUTY_KINDS[owed.duty.kind], owed.duty.citation) for owed in limits])


def letters_table(ref: str, letters: Iterable[Letter]) -> Table:
    """Every message: to whom, when it was written, when it went, through what, what receipt there is, the hash of what went."""
    return Table(("case", "message", "what", "to", "agency", "about", "written_at", "sent_at", "channel", "state", "delivered_at",
                  "opened_at", "bounced_at", "failed_at", "wording", "gateway", "sha256", "key"), [
        (ref, letter.queued["message"], plain.word("messages", letter.queued["message"]), letter.to, letter.queued["agency"],
         letter.queued["adviser"] or letter.queued["duty"], _utc(letter.queued), *(
             (_utc(letter.sent), letter.sent["channel"]) if letter.sent else (None, None)), letter.state, _utc(letter.delivered),
         _utc(letter.opened), _utc(letter.bounced), _utc(letter.failed), *(
             (letter.sent["wording"], letter.sent["gateway"], letter.sent["sha256"]) if letter.sent else (None, None, None)), letter.key)
        for letter in letters])


def _utc(fact: Any) -> str | None:
    return fact.recorded_at.isoformat() if fact is not None and fact.recorded_at is not None else None
