"""The Ombudsman's chronology of one case, as a paper: first what was late, why, who waited for whom and what the family was told;
then the same in full, entry by entry."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from models.chronology import Asked, Chronology, Claim, Holding
from models.law.dates import long, weeks_and_days
from models.law.exceptions import CODES
from models.law.owed import Owed
from models.law.record import Fact
from models.two_times import Backdated
from notifications import plain
from notifications.entries import chronology_rows, chronology_table, letter_rows, letters_table, limits_table
from notifications.paper import Paper, Table
from notifications.plain import called, day, debtor, holder, late, listed, sentence, source

HEADLINES = ("decide_whether_to_assess", "refuse_to_issue", "finalise_plan", "review_decision", "final_amended_plan")
"""The limits whose lateness is explained in the summary, in the order of the law's timeline."""

MOST = 6
"""How many late limits the summary names."""

DECISIONS = ("decided_to_assess", "refused_to_assess", "decided_to_issue", "refused_to_issue", "setting_request_refused",
             "withdrawal_accepted", "request_continued", "advice_gap_decided", "advice_not_obtainable", "review_decision_sent",
             "decided_not_to_amend", "reassessment_decided", "decided_no_change", "cease_notice_sent", "cease_not_pursued",
             "plan_decision_prepared", "phase_transfer_excluded", "escalation_silenced")


@dataclass(frozen=True, slots=True)
class Proof:
    """What proves the record: the checkpoint by which it was checked, how many of the case's facts it covers, the key, and the
    file of the proof. `unsealed` facts came after it."""

    name: str
    size: int
    root: str
    signed_at: str
    sha256: str
    key: str
    key_id: str
    facts: int
    head: str
    unsealed: int
    file: str


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a chronology is made, and what lets it be disclosed to them."""

    name: str
    gateway: str


OMBUDSMAN = Reader("the Local Government and Social Care Ombudsman", "reg 17(1)(e) of the SEND Regulations 2014: an investigation by the"
                   " Local Government and Social Care Ombudsman")
INSPECTION = Reader("an inspection", "reg 17(1)(i) of the SEND Regulations 2014: an inspection by Ofsted")


def ombudsman(found: Chronology, *, council: str, texts: Mapping[str, str] | None, proof: Proof | None,
              reader: Reader = OMBUDSMAN) -> Paper:
    """The chronology of a case as a paper. `texts` are its free texts by id; None leaves them out. The same record, day, texts and
    checkpoint give the same paper."""
    case = found.case
    data = {
        "title": f"Chronology of case {case.ref}", "ref": case.ref, "council": council or "the council", "on": long(case.on),
        "reader": reader.name, "gateway": reader.gateway, "with_texts": texts is not None,
        "facts": len(found.recorded), "last_recorded": plain.moment(found.last_recorded_at),
        "standing": _standing(found),
        "summary": [{"head": head, "lines": list(lines)} for head, lines in (
            ("How late", _how_late(found)), ("Why, as far as the record shows", _why(found)),
            ("Who was waiting for whom", _waiting(found)), ("What the family was told", _told(found)))],
        "late": [_late_row(owed) for owed in found.late],
        "holdings": [_holding_row(one, case.on) for one in found.holdings],
        "waited": [[sentence(holder(who)), str(days), weeks_and_days(days)] for who, days in found.waited.items()],
        "waited_until": _waited_until(found),
        "officers": [[officer, day(since)] for officer, since in found.officers],
        "advice": [_advice_row(one) for one in found.advice],
        "letters": letter_rows(found.to_family),
        "other_telling": _other_telling(found),
        "claims": [_claim_row(claim, texts) for claim in found.claims],
        "decisions": [_decision_row(fact, found, texts) for fact in sorted(
            found.case.all(*DECISIONS), key=lambda fact: (fact.on, fact.number))],
        "entries": chronology_rows(found, texts),
        "limits": [_limit_row(owed) for owed in found.limits],
        "windows": [[called(owed), day(owed.starts_on), day(owed.due_on), _state(owed), source(owed.duty)] for owed in found.windows],
        "recorded_late": [_recorded_late_row(one) for one in found.recorded_late],
        "changed": [_changed_row(entry, texts) for entry in found.changed],
        "proof": _proof(proof),
    }
    return Paper("ombudsman.typ", data, {
        "chronology": chronology_table(found, texts), "limits": limits_table(case.ref, found.limits),
        "letters": letters_table(case.ref, found.letters), "holders": _holders_table(found)})


def _standing(found: Chronology) -> str:
    case = found.case
    told = f"{sentence(case.stage.words)}" + (f", since {long(case.stage_since)}" if case.stage_since else "") + "."
    if case.day_zero is None:
        return told
    days = weeks_and_days((found.first_road_ends - case.day_zero).days)
    return f"{told} {days} from the request to {'its answer' if found.first_road_ends < case.on or not case.held_by else 'that day'}."


# --- the summary -----------------------------------------------------------------------------------------------------

def _how_late(found: Chronology) -> Iterable[Any]:
    case = found.case
    if not found.late:
        live = [owed for owed in found.limits if owed.is_live and owed.duty.kind == "hard" and owed.state == "open"]
        coming = f" The next is {called(live[0])}, by {long(live[0].due_on)}." if live else ""
        yield f"No time limit in law had been missed on {long(case.on)}.{coming}"
    worst = sorted(found.late, key=lambda owed: (-(owed.days_late or 0), owed.due_on, owed.instance))
    for owed in worst[:MOST]:
        yield [{"b": f"{called(owed)}: {weeks_and_days(owed.days_late)} late."},
               f"Due {long(owed.due_on)}, {_done(owed)}. Owed by {debtor(owed)}. {owed.duty.citation}."]
    if len(worst) > MOST:
        yield f"And {len(worst) - MOST} more: section 1."
    excused = [owed for owed in found.limits if owed.excused_by and owed.days_late]
    for owed in excused:
        yield (f"{called(owed)}: {weeks_and_days(owed.days_late)} after {long(owed.due_on)}, relieved by an exception"
               f" ({owed.excused_by}): section 4.")


def _why(found: Chronology) -> Iterable[str]:
    order = {id: place for place, id in enumerate(HEADLINES)}
    headlines = sorted((owed for owed in found.late if owed.duty.id in order), key=lambda owed: (owed.due_on, order[owed.duty.id]))
    by_day: dict[date, list[Owed]] = {}
    for owed in headlines:
        by_day.setdefault(owed.due_on, []).append(owed)
    for due, those in by_day.items():
        held = found.holding_on(due)
        what = listed([called(owed).lower() for owed in those])
        missing = [one for one in found.advice if one.asked_on is not None and one.asked_on <= due
                   and (one.received_on is None or one.received_on > due)]
        where = (f"the case stood at “{held[0].stage.words}”, held by {listed([holder(who) for who in held[0].held_by])} since"
                 f" {long(held[1])}") if held else "nobody is shown to hold the case"
        yield f"On {long(due)}, the last day to {what}, {where}." + (
            " Advice asked for and not in: " + "; ".join(_missing(one) for one in missing) + "." if missing else "")
    slow = [one for one in found.advice if one.days_late and one.adviser != "adv_a_parent_yp"]
    if slow and found.late:
        yield "Advice that came, or is, after its last day: " + "; ".join(
            f"{plain.word('advisers', one.adviser)} {weeks_and_days(one.days_late)} (asked {long(one.asked_on)}, due"
            f" {long(one.owed.due_on)}, {'received ' + long(one.received_on) if one.received_on else 'not received'},"
            f" reminded {_times(one.reminders)})" for one in slow if one.asked_on and one.owed and one.owed.due_on) + "."
    if not headlines and found.late:
        yield "See section 1 for each limit and section 2 for who held the case."
    if not found.late:
        yield "Nothing to explain."
    if found.late and not found.claims:
        yield "No exception was claimed, so none of these limits was relieved."
    elif found.claims:
        accepted = sum(claim.ruling is not None and claim.ruling.accepted for claim in found.claims)
        yield (f"Exceptions claimed: {len(found.claims)}; held good by the rules of the Regulations: {accepted}. Section 4 gives"
               " the reason for each.")


def _missing(one: Asked) -> str:
    limit = f", due {long(one.owed.due_on)}" if one.owed is not None and one.owed.due_on is not None else ""
    return f"{plain.word('advisers', one.adviser)} (asked {long(one.asked_on)}{limit})"


def _waiting(found: Chronology) -> Iterable[str]:
    if not found.waited:
        yield "The record does not show who held the case."
        return
    yield _waited_until(found) + " " + "; ".join(f"{holder(who)} {weeks_and_days(days)}" for who, days in found.waited.items()) + (
        ". Where several held it at once, the days count for each.")
    if found.case.held_by:
        yield (f"On {long(found.case.on)} it is held by {listed([holder(who) for who in found.case.held_by])}"
               + (f", since {long(found.case.held_since)}." if found.case.held_since else "."))


def _waited_until(found: Chronology) -> str:
    begun, end = found.case.begun_on, found.first_road_ends
    if begun is None or not found.holdings:
        return ""
    since = max(begun, found.holdings[0].since)
    return f"From {long(since)} to {long(end)}, {weeks_and_days((end - since).days)}, the case was held by:"


def _told(found: Chronology) -> Iterable[str]:
    went = [letter for letter in found.to_family if letter.sent is not None]
    if not went:
        yield "The record shows no letter to the family."
    else:
        receipts = sum(letter.state in ("delivered", "opened") for letter in went)
        yield (f"{_count(len(went), 'letter')} went to the family, the first on {long(went[0].on)}, the last on {long(went[-1].on)};"
               f" a receipt is on record for {receipts} of {len(went)}. Section 3 lists each.")
        gap = _longest_gap(found, [letter.on for letter in went])
        if gap is not None:
            yield (f"The longest time without a letter was {weeks_and_days((gap[1] - gap[0]).days)}, from {long(gap[0])} to"
                   f" {long(gap[1])}.")
    bad = [letter for letter in found.to_family if letter.state in ("failed", "bounced")]
    if bad:
        yield f"{_count(len(bad), 'letter')} did not reach the family."
    heads = [owed for owed in found.late if owed.duty.id in HEADLINES]
    told = {letter.queued["duty"]: letter for letter in reversed(found.told_of_lateness)}
    for owed in heads:
        letter = told.get(owed.duty.id)
        if letter is not None:
            gap_days = (letter.on - owed.due_on).days
            when = f"{weeks_and_days(abs(gap_days))} {'after' if gap_days > 0 else 'before'}" if gap_days else "on"
            yield f"It was first told of lateness in “{called(owed)}” on {long(letter.on)}, {when} the last day."
        else:
            yield f"No letter on record told it of lateness in “{called(owed)}”."


def _longest_gap(found: Chronology, days: list[date]) -> tuple[date, date] | None:
    marks = sorted({day for day in (found.case.begun_on, *days, found.first_road_ends) if day is not None
                    and day <= found.first_road_ends})
    return max(zip(marks, marks[1:], strict=False), key=lambda pair: (pair[1] - pair[0]).days, default=None)


# --- rows ------------------------------------------------------------------------------------------------------------

def _done(owed: Owed) -> str:
    if owed.met_on is not None:
        return f"done {long(owed.met_on)}"
    if owed.lapsed_on is not None:
        return f"not done; no longer owed since {long(owed.lapsed_on)}"
    return "not done"


def _state(owed: Owed) -> str:
    if owed.duty.type == "window":
        return {"open": "running", "met": "used" if owed.met_on else "over", "lapsed": "over", "met_late": "used late"}.get(
            owed.state, owed.state)
    return plain.word("states", owed.state)


def _late_row(owed: Owed) -> list[Any]:
    return [[{"b": called(owed)}, f"owed by {debtor(owed)}"], day(owed.starts_on), day(owed.due_on),
            day(owed.met_on) if owed.met_on else _done(owed), {"b": late(owed.days_late)}, owed.duty.citation]


def _limit_row(owed: Owed) -> list[Any]:
    state = _state(owed) + (f" ({owed.excused_by})" if owed.excused_by else "")
    return [called(owed), debtor(owed), day(owed.due_on), day(owed.met_on), [state, late(owed.days_late)] if owed.days_late else state,
            source(owed.duty)]


def _holding_row(one: Holding, on: date) -> list[Any]:
    days = one.days(on)
    return [day(one.since), _count(days, "day") + ("" if one.until else ", and goes on"),
            sentence(listed([holder(who) for who in one.held_by])), sentence(one.stage.words)]


def _advice_row(one: Asked) -> list[Any]:
    whose = plain.word("advisers", one.adviser)
    limit = [day(one.owed.due_on), source(one.owed.duty)] if one.owed is not None else "no limit in law"
    came = day(one.received_on) if one.received_on else "not received"
    return [[{"b": sentence(whose)}, *([one.agency] if one.agency else [])], day(one.asked_on) if one.asked_on else "not asked",
            day(one.arrived_on) if one.arrived_on else "not on record", limit, came,
            {"b": late(one.days_late)} if one.days_late else "–", str(one.reminders)]


def _other_telling(found: Chronology) -> list[list[Any]]:
    """What the record says was told to the family by other means than a letter of the engine: a call, a meeting, by hand."""
    kinds = ("family_consulted", "family_told_considering", "family_told_of_decision", "family_consulted_on_draft", "draft_meeting_held",
             "draft_plan_served", "final_plan_sent", "review_meeting_held", "mediation_date_told", "family_told_of_transfer")
    facts = [fact for fact in found.case.all(*kinds) if fact["how"] != "system"]
    return [[day(fact.on), plain.tells(fact.kind), fact["how"] or "not said", str(fact.number)] for fact in sorted(
        facts, key=lambda fact: (fact.on, fact.number))]


def _claim_row(claim: Claim, texts: Mapping[str, str] | None) -> dict[str, Any]:
    fact, ruling = claim.fact, claim.ruling
    judged = ("Not judged: it names no limit that had begun." if ruling is None else
              f"{'Held good' if ruling.accepted else 'Refused'} ({ruling.citation}): {ruling.because}.")
    recorded = f"Claimed for {long(fact.on)}, recorded {plain.moment(fact.recorded_at)} by {fact.by or 'nobody named'}."
    if claim.days_after_limit:
        recorded += f" That is {weeks_and_days(claim.days_after_limit)} after the limit had passed."
    code = CODES.get(fact["code"] or "")
    return {
        "head": f"{fact['code']}: {called(claim.owed) if claim.owed else plain.word('duties', fact['duty'])}",
        "lines": [f"What the law says: {code.words}." if code else "There is no such exception.", recorded,
                  *(sentence(line) for line in plain.details(fact, texts) if not line.startswith(("limit concerned", "exception"))),
                  judged],
        "accepted": ruling is not None and ruling.accepted}


def _decision_row(fact: Fact, found: Chronology, texts: Mapping[str, str] | None) -> dict[str, Any]:
    letters = [letter for letter in found.to_family if letter.queued["about"] == str(fact.number) and letter.sent is not None]
    told = [f"Letter to the family: {plain.word('messages', letter.queued['message'])}, {long(letter.on)}" for letter in letters]
    lines = [sentence(line) for line in plain.details(fact, texts) if not line.startswith("key")]
    return {"head": f"{long(fact.on)}: {plain.tells(fact.kind)}", "entry": str(fact.number),
            "lines": [*lines, *(told or ["No letter of the engine to the family names this decision."])]}


def _changed_row(entry: Any, texts: Mapping[str, str] | None) -> list[Any]:
    fact = entry.fact
    what = {"no": "Does not stand: taken back", "corrected": "Stands corrected", "correction": "Correction"}[entry.stands]
    said = [plain.tells(fact.kind) + f", {long(fact.on)}", *plain.details(fact, texts)]
    if entry.now is not None:
        said.append(f"now: {plain.tells(entry.now.kind)}, {long(entry.now.on)}")
    return [str(fact.number), what, said, plain.moment(fact.recorded_at), fact.by or "–"]


def _recorded_late_row(one: Backdated) -> list[Any]:
    moved = [f"correction of entry {one.corrects}, which said {long(one.before)}"] if one.corrects and one.before else []
    return [str(one.fact.number), [plain.tells(one.kind), *moved], day(one.happened_on), plain.moment(one.fact.recorded_at),
            weeks_and_days(one.days), one.fact.by or "–"]


def _holders_table(found: Chronology) -> Table:
    return Table(("case", "since", "until", "days", "held_by", "stage"), [
        (found.case.ref, one.since, one.until, one.days(found.case.on), " ".join(one.held_by), str(one.stage)) for one in found.holdings])


def _proof(proof: Proof | None) -> Mapping[str, Any] | None:
    if proof is None:
        return None
    return {"name": proof.name, "size": f"{proof.size:,}", "root": proof.root, "signed_at": proof.signed_at, "sha256": proof.sha256,
            "key": proof.key, "key_id": proof.key_id, "facts": str(proof.facts), "head": proof.head, "unsealed": proof.unsealed,
            "file": proof.file}


def _times(number: int) -> str:
    return {0: "not at all", 1: "once", 2: "twice"}.get(number, f"{number} times")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
