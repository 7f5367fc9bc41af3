"""From the facts of a case and the rulebook to what is due, met, late or excused on a day.

Nothing is counted down and nothing is stored here: the same facts always give the same answer, in whatever order
they were recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.law.advisers import ADVISERS, fact_about_child, required_advisers
from models.law.appeal import last_day_to_appeal
from models.law.dates import BankHolidays, long, weeks_and_days
from models.law.duty import Duty
from models.law.exceptions import Ruling, judge
from models.law.parties import WORDS, partners
from models.law.record import Fact, standing
from models.law.rulebook import RULEBOOK

STATES = ("open", "met", "met_late", "overdue", "excused", "lapsed")
NO_INSTANCES = ("event", "advice", "prohibition")
TWO_OF_A_KIND = ("adv_f_other", "adv_h_requested")      # several people may give these: told apart by agency


@dataclass(frozen=True, slots=True)
class Owed:
    """One duty of one case: its days, and its state on the day it was asked about.

    `adviser` and `party` tell instances of one duty apart (`party` is a recipient, a setting or an agency).
    `days_late` counts from the last compliant day to the day it was met, ended or asked about; 0 when in time,
    None without a limit. `why` is the explanation, a sentence each.
    """

    case: str
    duty: Duty
    adviser: str | None = None
    party: str | None = None
    started_by: Fact | None = None
    starts_on: date | None = None
    due_on: date | None = None
    reporting_due_on: date | None = None
    met_on: date | None = None
    met_by: Fact | None = None
    lapsed_on: date | None = None
    lapsed_by: Fact | None = None
    excused_by: str | None = None
    rulings: tuple[Ruling, ...] = ()
    working: str = ""
    state: str = "open"
    days_late: int | None = None

    @property
    def is_live(self) -> bool:
        """Whether it is still to be done."""
        return self.met_on is None and self.lapsed_on is None

    def on(self, day: date) -> "Owed":
        """The same duty with its state as it stands on `day`."""
        state, late = _state(self, day)
        return replace(self, state=state, days_late=late)

    @property
    def why(self) -> tuple[str, ...]:
        """The explanation: starting fact, rule, citation, arithmetic, exceptions considered, and how it stands."""
        return tuple(_explain(self))


def work_out(facts: Iterable[Fact], on: date, bank_holidays: BankHolidays,
             rulebook: Sequence[Duty] = RULEBOOK) -> list[Owed]:
    """Every duty that the facts of one case have brought about, as it stands on the day `on`.

    Facts that happened after `on` are left out. Without a fact that starts a clock the answer is empty.
    """
    record = [fact for fact in standing(facts) if fact.on <= on]
    return [owed.on(on) for owed in duties_of(record, bank_holidays, rulebook)]


def duties_of(record: Sequence[Fact], bank_holidays: BankHolidays, rulebook: Sequence[Duty] = RULEBOOK) -> list[Owed]:
    """The duties of a standing record, without a state: it depends on the day, they do not."""
    by_kind: dict[str, list[Fact]] = {}
    for fact in record:
        by_kind.setdefault(fact.kind, []).append(fact)
    ended = _without_reversed(record)
    found = []
    for row in rulebook:
        if row.type in NO_INSTANCES or row.valid_to is not None:
            continue
        instances = list(_instances(row, by_kind, record))
        for owed in instances:
            found.append(_settle(owed, by_kind, ended, bank_holidays, alone=len(instances) == 1))
    return found


def last_day(duty: Duty, start: date, bank_holidays: BankHolidays, certificate: date | None = None
             ) -> tuple[date | None, str]:
    """The last compliant day of a duty that began on `start`, and the arithmetic in words.

    None where the law gives no figure.

    >>> from models.law.rulebook import duty
    >>> last_day(duty("finalise_plan"), date(2025, 4, 2), ())[0]
    datetime.date(2025, 8, 20)
    """
    if duty.id == "lodge_appeal":
        return last_day_to_appeal(start, certificate, bank_holidays)
    if duty.limit is None:
        return None, f"{duty.limit_words}: there is no date to work out"
    return duty.limit.last_day(start, bank_holidays), duty.limit.working(start, bank_holidays)


# --- which instances of a duty there are -------------------------------------------------------------------------

def _instances(row: Duty, by_kind: dict[str, list[Fact]], record: Sequence[Fact]) -> Iterator[Owed]:
    starts = [fact for kind in row.starts_on for fact in by_kind.get(kind, ()) if row.when is None or row.when.test(fact)]
    if row.per == "recipient":
        yield from _for_partners(row, starts, by_kind, record)
    elif row.per == "adviser":
        yield from _for_advisers(row, starts, by_kind, record)
    elif row.per == "setting":
        for setting in sorted({fact["setting"] or "" for fact in starts}):
            of_it = [fact for fact in starts if (fact["setting"] or "") == setting]
            yield Owed(of_it[0].case, row, party=setting or None, started_by=_start(row, of_it))
    elif starts:
        yield Owed(starts[0].case, row, started_by=_start(row, starts))


def _for_partners(row: Duty, starts: list[Fact], by_kind: dict[str, list[Fact]], record: Sequence[Fact]) -> Iterator[Owed]:
    if not starts:
        return
    told = {fact["recipient"] for fact in by_kind.get("partner_told_considering", ()) if fact["recipient"]}
    who = partners(fact_about_child(record).get("attends"))
    if row.id == "notify_considering_partners":
        told |= set(who)
    for recipient in sorted(told):
        yield Owed(starts[0].case, row, party=recipient, started_by=_start(row, starts))


def _for_advisers(row: Duty, starts: list[Fact], by_kind: dict[str, list[Fact]], record: Sequence[Fact]) -> Iterator[Owed]:
    if row.id == "seek_advice":
        if starts:
            asked = {fact["adviser"] for kind in row.met_by for fact in by_kind.get(kind, ())}
            for adviser in dict.fromkeys([need.adviser for need in required_advisers(fact_about_child(record))]
                                         + sorted(a for a in asked if a in ADVISERS)):
                yield Owed(starts[0].case, row, adviser=adviser, started_by=_start(row, starts))
        return
    awaited = [fact for fact in by_kind.get(row.awaits or "", ()) if row.when is None or row.when.test(fact)]
    asked_of = {_whose(fact): fact["body"] for fact in by_kind.get("advice_requested", ()) if fact["body"]}
    for whose in sorted({_whose(fact) for fact in (*starts, *awaited)}, key=str):
        mine = [fact for fact in starts if _whose(fact) == whose]
        if row.when and any(fact["body"] is None and whose in asked_of and not row.when.test(
                replace(fact, data=dict(fact.data) | {"body": asked_of[whose]})) for fact in mine):
            continue                                    # the request said what kind of body it is
        case = (mine or [fact for fact in awaited if _whose(fact) == whose])[0].case
        adviser, party = whose
        yield Owed(case, row, adviser=adviser, party=party, started_by=_start(row, mine) if mine else None)


def _whose(fact: Fact) -> tuple[str | None, str | None]:
    adviser = fact["adviser"]
    return adviser, fact["agency"] if adviser in TWO_OF_A_KIND else None


def _start(row: Duty, starts: list[Fact]) -> Fact:
    """The earliest of the facts that start the clock: nothing restarts it, but a draft served again has a new window."""
    return (max if row.latest_start else min)(starts, key=lambda fact: fact.on)


# --- how an instance stands --------------------------------------------------------------------------------------

def _settle(owed: Owed, by_kind: dict[str, list[Fact]], record: Sequence[Fact], bank_holidays: BankHolidays,
            alone: bool) -> Owed:
    row, start = owed.duty, owed.started_by
    starts_on = due = reporting = None
    working = row.limit_words
    if start is not None:
        starts_on = _day_told(start, by_kind) if row.id in ("contact_mediation_adviser", "lodge_appeal") else start.on
        if starts_on is not None:
            certificates = [f.on for f in by_kind.get("mediation_certificate_issued", ()) if f.on >= starts_on]
            due, working = last_day(row, starts_on, bank_holidays, max(certificates, default=None))
            if row.reporting_limit:
                reporting = row.reporting_limit.last_day(starts_on, bank_holidays)
    met_on, met = _met(owed, by_kind, start)
    lapsed = _lapsed(owed, record, start)
    if lapsed and met_on and lapsed.on < met_on:
        met_on = met = None
    elif met_on:
        lapsed = None
    rulings = tuple(judge(claim, row, starts_on, due, record) for claim in by_kind.get("exception_claimed", ())
                    if _claims(claim, owed, alone))
    excused = next((ruling.code for ruling in rulings if ruling.accepted), None)
    return replace(owed, starts_on=starts_on, due_on=due, reporting_due_on=reporting, met_on=met_on, met_by=met,
                   lapsed_on=lapsed.on if lapsed else None, lapsed_by=lapsed, excused_by=excused, rulings=rulings,
                   working=working)


def _claims(claim: Fact, owed: Owed, alone: bool) -> bool:
    if claim["duty"] != owed.duty.id:
        return False
    return alone if claim["adviser"] is None else claim["adviser"] == owed.adviser


def _met(owed: Owed, by_kind: dict[str, list[Fact]], start: Fact | None) -> tuple[date | None, Fact | None]:
    best: tuple[date | None, Fact | None] = (None, None)
    for kind in owed.duty.met_by:
        for fact in by_kind.get(kind, ()):
            if not _concerns(fact, owed) or (owed.duty.meets and not owed.duty.meets(start, fact)):
                continue
            day = _day_told(fact, by_kind)
            if day is not None and (best[0] is None or day < best[0]):
                best = day, fact
    return best


def _day_told(fact: Fact, by_kind: dict[str, list[Fact]]) -> date | None:
    """The day on which a decision was notified: none until its notice went, where the record says one is to follow."""
    if fact["notified_on"]:
        told = fact["notified_on"]
        return date.fromisoformat(told) if isinstance(told, str) else told
    if fact["notice"] != "to_follow":
        return fact.on
    return min((told.on for told in by_kind.get("family_told_of_decision", ())
                if told["decision"] == fact.kind and told.on >= fact.on), default=None)


def _lapsed(owed: Owed, record: Sequence[Fact], start: Fact | None) -> Fact | None:
    for fact in record:                                  # in the order of their days
        if fact.kind in owed.duty.ends_with and _concerns(fact, owed) and (start is None or fact.on >= start.on):
            return fact
    return None


def _concerns(fact: Fact, owed: Owed) -> bool:
    """Whether a fact is about this adviser, recipient or setting; one that names none is about all of them."""
    per = owed.duty.per
    if per is None or fact.kind in ("final_plan_sent", "refused_to_assess", "refused_to_issue"):
        return True
    if per == "adviser":
        if fact["adviser"] is None:
            return fact.kind not in owed.duty.met_by
        return fact["adviser"] == owed.adviser and (owed.party is None or fact["agency"] == owed.party)
    named = fact["recipient" if per == "recipient" else "setting"]
    if named is None:
        return fact.kind not in owed.duty.met_by or owed.party is None
    return named == owed.party


def _without_reversed(record: Sequence[Fact]) -> list[Fact]:
    """The record without refusals that a later decision reversed: the original clock then runs on."""
    last = {fact.kind: fact.on for fact in record}
    reversed_by = {"refused_to_assess": "decided_to_assess", "refused_to_issue": "decided_to_issue",
                   "withdrawal_accepted": "request_continued"}
    return [fact for fact in record
            if (back := reversed_by.get(fact.kind)) is None or last.get(back, date.min) <= fact.on]


def _state(owed: Owed, day: date) -> tuple[str, int | None]:
    due = owed.due_on
    until = owed.met_on or owed.lapsed_on or day
    late = None if due is None else max(0, (until - due).days)
    if owed.duty.type == "window" and due is not None:
        if owed.lapsed_on is not None and owed.lapsed_on <= due:
            return "lapsed", 0
        if owed.met_on is not None:
            return ("met_late", late) if late else ("met", 0)
        if owed.duty.limit.is_a_floor:
            return ("open" if day <= due else "met"), 0
        return ("open" if day <= due else "lapsed"), 0
    if owed.lapsed_on is not None:
        return "lapsed", 0 if late and owed.lapsed_by.kind in owed.duty.clean_end else late
    if owed.met_on is not None:
        if not late:
            return "met", late
        return ("excused" if owed.excused_by else "met_late"), late
    if owed.excused_by:
        return "excused", late
    return ("overdue" if late else "open"), late


# --- why ---------------------------------------------------------------------------------------------------------

def _explain(owed: Owed) -> Iterator[str]:
    row = owed.duty
    owes = WORDS.get(row.owed_by, row.owed_by) if not (owed.adviser and row.owed_by in ("adviser", "s31_body")) \
        else f"{WORDS.get(row.owed_by, row.owed_by)} ({owed.adviser})"
    yield f"{owes[:1].upper()}{owes[1:]} must {row.words}." if row.type != "window" \
        else f"{row.words[:1].upper()}{row.words[1:]}."
    if owed.started_by is None:
        yield (f"It runs from the day the body received the request ({row.citation}); no such day is on record yet,"
               " so there is no date. Record advice_delivered.")
    else:
        yield f"It was started by {owed.started_by}."
        if owed.starts_on is None:
            yield "The notice has not gone yet, so the time has not begun to run."
    force = "" if row.kind == "hard" else f" This is {row.kind}: {_FORCE[row.kind]}."
    yield f"Rule: {row.limit_words} ({row.citation}).{force}"
    if owed.due_on is not None:
        yield f"{owed.working[:1].upper()}{owed.working[1:]}."
        if owed.reporting_due_on:
            yield f"On the DfE's count, where the day of receipt is day 1, the last day is {long(owed.reporting_due_on)}."
        if row.limit.is_a_floor:
            yield f"The next step may be taken from the day after {long(owed.due_on)}."
        elif not owed.rulings:
            considered = ", ".join(row.exceptions)
            yield (f"Exceptions that could relieve this limit ({row.exception_basis}): {considered}; none is claimed."
                   if considered else "No exception relieves this limit.")
    for ruling in owed.rulings:
        yield f"Exception {ruling}."
    if owed.excused_by:
        yield f"The limit need not be met; the date stays on display, and the duty goes on: {row.residual or 'it is still owed'}."
    yield _standing(owed)


_FORCE = {"guide": "guidance only, not a statutory limit", "derived": "worked out from statutory limits, not one itself",
          "ops": "a working target without legal force"}


def _standing(owed: Owed) -> str:
    late = f", {weeks_and_days(owed.days_late)} after the last day" if owed.days_late else ""
    if owed.duty.type == "window":
        return {"open": "The period is running.", "met": "The period has run its course." if owed.met_on is None
                else f"Used on {long(owed.met_on)}.", "lapsed": "The period was cut short." if owed.lapsed_on
                else "The period has ended."}.get(owed.state, f"Used on {long(owed.met_on)}{late}." if owed.met_on else "")
    if owed.met_on is not None:
        return f"Done on {long(owed.met_on)}{late or (', in time' if owed.due_on else '')}."
    if owed.lapsed_on is not None:
        return f"No longer owed since {owed.lapsed_by}{late}."
    if owed.state == "overdue":
        return f"Overdue by {weeks_and_days(owed.days_late)}."
    if owed.started_by is not None and owed.starts_on is None:
        return "Not begun."
    return "Excused, still to be done." if owed.excused_by else "Still to be done."
