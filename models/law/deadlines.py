"""From the facts of a case and the rulebook to what is due, met, late or excused on a day.

Nothing is counted down and nothing is stored here: the same facts always give the same answer, in whatever order
they were recorded.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from models.law.advisers import ADVISERS, fact_about_child, may_reuse, required_advisers
from models.law.asked import TURNS, TWO_OF_A_KIND, Asking, asked_elsewhere_on, askings, bodies, concerns, elsewhere, is_wanting, split
from models.law.counting import Counting
from models.law.dates import BankHolidays, CannotCount
from models.law.duty import PART_3_COMMENCED, Duty
from models.law.exceptions import judge
from models.law.moves import is_gone
from models.law.occasion import is_one_of
from models.law.owed import Owed
from models.law.parties import partners
from models.law.processes import APPEALABLE, PROCESSES, is_appealable
from models.law.record import Fact, as_day, standing
from models.law.reversal import candidates
from models.law.rulebook import RULEBOOK, Rulebook
from models.law.view import GOES_ON, ByKind, View, by_kind

NO_INSTANCES = ("event", "advice", "prohibition", "rule")
ENDS_EVERYTHING = ("child_died", "moved_away", "withdrawal_accepted", "ended_in_return", "plan_ceased", "plan_transferred", "released")
ABOUT_ONE = ("partner_told_considering", "partner_told_of_assess_decision", "advice_requested", "advice_delivered",
             "advice_received", "advice_declined", "advice_not_known", "advice_passed_on", "advice_found_incomplete",
             "advice_gap_decided", "existing_advice_sufficed", "evidence_sent_to_adviser", "setting_consulted", "setting_answered",
             "setting_request_refused")
"""The facts that are about one recipient, adviser or setting; every other one is about the whole case."""


def work_out(facts: Iterable[Fact], on: date, bank_holidays: BankHolidays,
             rulebook: Sequence[Duty] = RULEBOOK) -> list[Owed]:
    """Every duty that the facts of one case have brought about, as it stands on the day `on`.

    Facts that happened after `on` are left out. Without a fact that starts a clock the answer is empty.
    """
    record = [fact for fact in standing(facts) if fact.on <= on]
    return [owed.on(on) for owed in duties_of(record, bank_holidays, rulebook)]


def duties_of(record: Sequence[Fact], bank_holidays: BankHolidays, rulebook: Sequence[Duty] = RULEBOOK) -> list[Owed]:
    """The duties of a standing record, without a state: it depends on the day, they do not.

    Each duty is that version of its rule which was law on the day that the rule's own selector names.
    """
    whole = View.of([fact for fact in record if fact.kind != "existing_advice_sufficed" or may_reuse(fact) is None])
    rounds = whole.rounds()
    book = rulebook if isinstance(rulebook, Rulebook) else Rulebook(rulebook)
    found = []
    for versions in book.begun_by(whole.by_kind):
        if versions[-1].type in NO_INSTANCES:
            continue
        for number, view in enumerate(rounds if versions[-1].per_round else (whole,)):
            found += _as_it_was_law(versions, view, bank_holidays, view.opened_on if number else None)
    return found


def _as_it_was_law(versions: Sequence[Duty], view: "View", bank_holidays: BankHolidays, round_on: date | None) -> Iterator[Owed]:
    """Every instance of a rule, each in the version that was law for it. The last version is tried first: it mostly is."""
    now = _settled(versions[-1], view, bank_holidays, round_on)
    if all(_was_law(owed) for owed in now):
        return iter(now)
    return _in_its_version(versions, now, view, bank_holidays, round_on)


def _in_its_version(versions: Sequence[Duty], now: Sequence[Owed], view: "View", bank_holidays: BankHolidays,
                    round_on: date | None) -> Iterator[Owed]:
    earlier = [{owed.instance: owed for owed in _settled(row, view, bank_holidays, round_on)} for row in versions[-2::-1]]
    for owed in now:
        if _was_law(owed):
            yield owed
            continue
        before = [found[owed.instance] for found in earlier if owed.instance in found]
        chosen = _day_that_selects(owed)
        was = next((one for one in before if _was_law(one)), None) or next((one for one in before if one.duty.in_force(chosen)), None)
        if was is not None:                              # where a change lies between the two days, as before the change
            yield was
        elif chosen < PART_3_COMMENCED == versions[0].valid_from:
            yield before[-1] if before else owed         # told of days before the law: as it first was


def _was_law(owed: Owed) -> bool:
    return owed.duty.in_force(_day_that_selects(owed))


def _day_that_selects(owed: Owed) -> date:
    """The day that picks the version: as the rule's selector says, that on which the limit fell due or the clock started."""
    started = owed.starts_on or (owed.started_by.on if owed.started_by else None)
    if owed.duty.selector == "due_date" and owed.due_on is not None:
        return owed.due_on
    return started or date.max


def _settled(row: Duty, view: "View", bank_holidays: BankHolidays, round_on: date | None) -> list[Owed]:
    if not view.may_have(row):
        return []
    instances = list(_instances(row, view))
    found = []
    for owed, sole, pool in instances:
        if round_on is not None:
            owed = replace(owed, occasion=round_on.isoformat())
        if row.branch is not None and owed.branch is None:
            owed = replace(owed, branch=row.branch)
        claims = [claim for claim in view.by_kind.get("exception_claimed", ())
                  if claim["duty"] == row.id and _claimed(claim, [one for one, _, _ in instances]) in (owed, replace(owed, occasion=None))]
        found.append(_settle(owed, sole, pool, view, claims, bank_holidays))
    return found


def last_day(duty: Duty, start: date, bank_holidays: BankHolidays, fact: Fact | None = None, facts: Sequence[Fact] = ()
             ) -> tuple[date | None, str]:
    """The last compliant day of a duty that began on `start`, and the arithmetic in words.

    `fact` started it, on an occasion to which `facts` belong; without them `start` alone counts. None where the law gives
    no figure.

    >>> from models.law.rulebook import duty
    >>> last_day(duty("finalise_plan"), date(2025, 4, 2), ())[0]
    datetime.date(2025, 8, 20)
    """
    if duty.counts is not None:
        try:
            return duty.counts(Counting(start, bank_holidays, fact, facts))
        except (OverflowError, ValueError) as error:
            raise CannotCount(f"{duty.id} from {start.isoformat()} runs off the calendar.") from error
    if duty.limit is None:
        return None, f"{duty.limit_words}: there is no date to work out"
    return duty.limit.last_day(start, bank_holidays), duty.limit.working(start, bank_holidays)


# --- which instances of a duty there are -------------------------------------------------------------------------

def _instances(row: Duty, view: View) -> Iterator[tuple[Owed, bool, ByKind]]:
    """Each instance, whether a fact that does not say whom it is about can only be about this one, and what it may be met by."""
    for process in (row.per, *row.also_per):
        if process in PROCESSES:
            yield from _on_each_occasion(row, view, process)
    if row.per in PROCESSES:
        return
    told = view.by_kind
    if row.per == "adviser" and row.id not in ("seek_advice", "dp_advice"):
        for owed, sole in _for_those_asked(row, view):
            yield owed, sole, told
        return
    starts = [fact for fact in view.some(row.starts_on) if view.applies(row, fact) and (row.when is None or row.when.test(fact))]
    if not starts:
        return
    if row.per is None:
        begun = Owed(starts[0].case, row, started_by=_start(row, starts))
        yield _begun(begun, starts, view.some(row.met_by)) if row.asked_anew else begun, True, told
    elif row.per == "setting":
        settings = sorted({fact["setting"] or "" for fact in starts})
        for setting in settings:
            owed, sole = Owed(starts[0].case, row, party=setting or None), len(settings) == 1
            mine = [fact for fact in starts if (fact["setting"] or "") == setting]
            answers = [fact for fact in view.some(row.met_by) if _concerns(fact, owed, sole)]
            yield _begun(owed, mine, answers), sole, told
    else:
        who = _partners(row, view) if row.per == "recipient" else _advisers(row, view)
        for one in who:
            named = {"party": one} if row.per == "recipient" else {"adviser": one}
            yield (Owed(starts[0].case, row, started_by=_start(row, starts), **named), len(who) == 1 or row.per == "adviser", told)


def _on_each_occasion(row: Duty, view: View, process: str) -> Iterator[tuple[Owed, bool, ByKind]]:
    """One for each occasion of a process that has a fact which starts this duty."""
    for occasion in view.occasions[process]:
        if row.only_with and not any(is_one_of(fact, row.only_with) for fact in occasion.facts):
            continue
        told = by_kind(occasion.facts)
        starts = [fact for fact in view.some(row.starts_on, told) if view.applies(row, fact) and (row.when is None or row.when.test(fact))]
        if row.type == "window":                       # no time runs against a refusal that was reversed
            starts = [fact for fact in starts if fact.kind not in GOES_ON or fact in view.unreversed.get(fact.kind, ())]
        if process == "cycle":
            starts = [fact for fact in starts if fact is occasion.facts[0]]
            told = by_kind(occasion.facts[1:])
        if process == "decision":
            starts = [fact for fact in starts if fact.kind not in APPEALABLE or is_appealable(fact)][:1]
        if starts:
            start = _preferred(row, starts)
            yield Owed(start.case, row, branch=row.branch, occasion=occasion.key, started_by=start, facts=tuple(occasion.facts)), True, told


def _preferred(row: Duty, starts: list[Fact]) -> Fact:
    """The fact that starts the clock: of a review's amendments the notice, once it is sent, and not the meeting before it."""
    first = [fact for fact in starts if fact.kind == row.starts_on[0].partition("=")[0]] if row.latest_start else starts
    return _start(row, first or starts)


def _partners(row: Duty, view: View) -> list[str]:
    """Those of reg 4(2) who must be told, and whoever else was."""
    told = {fact["recipient"] for fact in view.by_kind.get("partner_told_considering", ()) if fact["recipient"]}
    if row.id == "notify_considering_partners":
        told |= set(partners(fact_about_child(view.record).get("attends")))
    elif row.id == "dp_notify_partners":
        told |= {"rcb", "dphsc", "social_care", "yot", *partners(fact_about_child(view.record).get("attends"))}
    return sorted(told)


def _advisers(row: Duty, view: View) -> list[str]:
    """Those whom reg 6(1) requires, and whoever else was asked."""
    asked = {fact["adviser"] for fact in view.some(row.met_by)}
    whole = view.whole or view
    needed = [need.adviser for need in required_advisers(fact_about_child(whole.record))]
    return list(dict.fromkeys([*needed, *sorted(adviser for adviser in asked if adviser in ADVISERS)]))


def _for_those_asked(row: Duty, view: View) -> Iterator[tuple[Owed, bool]]:
    """One for each body that was asked for advice: the request was sent to it, or reached it."""
    for body in bodies(view.by_kind):
        mine = [fact for fact in body.facts if view.applies(row, fact)]
        if not mine:
            continue
        owed = Owed(mine[0].case, row, adviser=body.adviser, party=body.party)
        asked, earlier = [Asking(mine[0].on, tuple(mine))], []
        if row.asked_anew:
            ends = [(day, fact) for fact in _about_the_same(row, view, owed, body.sole) if (day := _ends(fact, view)) is not None]
            asked = askings(mine, ends)
            owed = replace(owed, asked_on=asked[-1].since, agency=asked[-1].agency)
            earlier = [fact for one in asked[:-1] for fact in one.facts] + [
                fact for day, fact in ends if asked[:-1] and fact.on <= owed.asked_on and fact not in asked[-1].facts
                and (fact.on < owed.asked_on or fact.kind == "advice_found_incomplete" or elsewhere(fact) is not None)]
        last, said = asked[-1].facts, asked[-1].body
        asked_as = last[0] if said is None or last[0]["body"] else replace(last[0], data={**last[0].data, "body": said})
        starts = [fact for fact in last if fact.kind in row.starts_on]
        if (row.when is None or row.when.test(asked_as)) and (starts or row.awaits):
            yield replace(owed, started_by=_start(row, starts) if starts else None, earlier=tuple(sorted(earlier, key=_day))), body.sole


def _about_the_same(row: Duty, view: View, owed: Owed, sole: bool) -> list[Fact]:
    """What ends an asking of one body, and opens the way for another."""
    wanted = [token for token in (*row.met_by, *row.ends_with) if token.partition("=")[0] in ABOUT_ONE]
    return [fact for fact in view.some((*wanted, "advice_found_incomplete")) if _concerns(fact, owed, sole)]


def _ends(fact: Fact, view: View) -> date | None:
    """The day on which a fact ends what it ends; None while it does not."""
    return asked_elsewhere_on(fact, view.by_kind) if is_one_of(fact, TURNS) else day_told(fact, view.by_kind)


def _begun(owed: Owed, starts: list[Fact], answers: Sequence[Fact]) -> Owed:
    """The instance with the fact that starts its clock."""
    if not owed.duty.asked_anew:
        return replace(owed, started_by=_start(owed.duty, starts))
    *before, last = split(starts, [(fact.on, fact) for fact in answers])
    earlier = sorted((fact for fact in (*(fact for one in before for fact in one), *answers) if before and fact.on < last[0].on), key=_day)
    return replace(owed, started_by=_start(owed.duty, last), asked_on=last[0].on, earlier=tuple(earlier))


def _day(fact: Fact) -> date:
    return fact.on


def _start(row: Duty, starts: list[Fact]) -> Fact:
    """The earliest of the facts that start the clock: nothing restarts it, but a draft served again has a new window."""
    return (max if row.latest_start else min)(starts, key=_day)


# --- how an instance stands --------------------------------------------------------------------------------------

def _settle(owed: Owed, sole: bool, pool: ByKind, view: View, claims: Sequence[Fact], bank_holidays: BankHolidays) -> Owed:
    row, start = owed.duty, owed.started_by
    starts_on = due = reporting = None
    working = row.limit_words
    if start is not None:
        told_at = start[row.starts_at] if row.starts_at else None
        if told_at:
            starts_on = as_day(told_at)
        else:
            starts_on = day_told(start, view.by_kind) if row.per == "decision" else start.on
        if starts_on is not None:
            due, working = last_day(row, starts_on, bank_holidays, start, owed.facts)
            if row.reporting_limit:
                reporting = row.reporting_limit.last_day(starts_on, bank_holidays)
    met_on, met = _met(owed, sole, pool, view)
    lapsed_on, lapsed = _lapsed(owed, sole, pool, view)
    if lapsed_on and met_on and lapsed_on < met_on:
        met_on = met = None
    elif met_on:
        lapsed_on = lapsed = None
    rulings = tuple(judge(claim, row, starts_on, due, view.record) for claim in claims)
    excused = next((ruling.code for ruling in rulings if ruling.accepted), None)
    return replace(owed, starts_on=starts_on, due_on=due, reporting_due_on=reporting, met_on=met_on, met_by=met,
                   lapsed_on=lapsed_on, lapsed_by=lapsed, excused_by=excused, rulings=rulings, working=working,
                   candidates=candidates(row, view))


def _claimed(claim: Fact, instances: Sequence[Owed]) -> Owed | None:
    """The instance for which an exception is claimed: the one it names, or the only one that had begun by then.

    Of several occasions the latest that had begun, where the claim names none.
    """
    named = [owed for owed in instances
             if (owed.adviser is None or claim["adviser"] in (None, owed.adviser))
             and (owed.party is None or claim["agency"] in (None, owed.party))
             and (owed.occasion is None or claim["occasion"] in (None, owed.occasion))
             and not (owed.earlier and claim.on < owed.asked_on)]
    begun = [owed for owed in named if owed.started_by is not None and owed.started_by.on <= claim.on]
    possible = begun or named
    if possible and possible[0].duty.per in PROCESSES:
        latest = max(owed.started_by.on for owed in possible)
        possible = [owed for owed in possible if owed.started_by.on == latest]
    return possible[0] if len(possible) == 1 else None


def _met(owed: Owed, sole: bool, pool: ByKind, view: View) -> tuple[date | None, Fact | None]:
    findings = [fact for fact in view.by_kind.get("advice_found_incomplete", ()) if owed.earlier and _concerns(fact, owed, sole)]
    told = [(day, fact) for fact in view.some(owed.duty.met_by, pool)
            if _concerns(fact, owed, sole) and (owed.asked_on is None or fact.on >= owed.asked_on)
            and not (findings and is_wanting(fact, findings, owed.asked_on)) and (day := day_told(fact, view.by_kind)) is not None]
    told.sort(key=lambda one: one[0])
    if owed.duty.id == "seek_advice" and owed.adviser in TWO_OF_A_KIND:
        told = _everybody_asked(told, _agencies(owed.adviser, (view.whole or view).record))
    facts = [fact for _, fact in told]
    for place, (day, fact) in enumerate(told, start=1):
        if owed.duty.meets is None or owed.duty.meets(owed.started_by, facts[:place]):
            return day, fact
    return None, None


def _agencies(adviser: str, record: Sequence[Fact]) -> set[str]:
    child = fact_about_child(record)
    return set(child.get("others_thought_appropriate" if adviser == "adv_f_other" else "reasonable_requests", ()))


def _everybody_asked(told: list[tuple[date, Fact]], agencies: set[str]) -> list[tuple[date, Fact]]:
    """From the fact on with which each of several agencies has been asked."""
    missing = set(agencies) if len(agencies) > 1 else set()
    for place, (_, fact) in enumerate(told):
        missing.discard(fact["agency"])
        if not missing:
            return told[place:]
    return []


def day_told(fact: Fact, by_kind: ByKind) -> date | None:
    """The day on which a decision was notified: none until its notice went, where the record says one is to follow."""
    if fact["notified_on"]:
        return max(fact.on, as_day(fact["notified_on"]))
    if fact["notice"] != "to_follow":
        return fact.on
    return min((told.on for told in by_kind.get("family_told_of_decision", ())
                if told["decision"] == fact.kind and told.on >= fact.on), default=None)


def _lapsed(owed: Owed, sole: bool, pool: ByKind, view: View) -> tuple[date | None, Fact | None]:
    since = owed.asked_on or (owed.started_by.on if owed.started_by else date.min)
    inside = owed.duty.per in PROCESSES
    ends = [(day, fact) for token in owed.duty.ends_with
            for fact in view.some((token,), pool if inside and token not in ENDS_EVERYTHING else view.lasting)
            if fact.on >= since and (fact is not owed.started_by or owed.duty.starts_at) and _concerns(fact, owed, sole)
            and _takes_the_plan_away(fact) and not (elsewhere(fact) and elsewhere(fact) == owed.agency)
            and (day := _ends(fact, view)) is not None]
    return min(ends, key=lambda end: end[0], default=(None, None))


def _takes_the_plan_away(fact: Fact) -> bool:
    return fact.kind != "plan_transferred" or is_gone(fact)


def _concerns(fact: Fact, owed: Owed, sole: bool) -> bool:
    """Whether a fact is about this adviser, recipient or setting; what ends a case is about all of them.

    `sole`: there is no other that a fact could mean which names no agency, recipient or setting.
    """
    per = owed.duty.per
    if per is None or fact.kind not in ABOUT_ONE:
        return True
    if per == "adviser":
        return concerns(fact, owed.adviser, owed.party, sole)
    named = fact["recipient" if per == "recipient" else "setting"]
    return named == owed.party or (sole and (named is None or owed.party is None))
