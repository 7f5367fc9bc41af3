"""The requests for advice of a case, worked out from its facts; and which advice is still missing."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from models.advice import WITHOUT_ADVICE, AdviceRequest, Outcome
from models.law.advice import ASSESSMENT_ENDS, NO_FIGURE
from models.law.advisers import ADVISERS, body_asked, fact_about_child, may_reuse, required_advisers
from models.law.asked import TWO_OF_A_KIND, Asking, Body, asked_elsewhere_on, askings, bodies, concerns, elsewhere, is_wanting
from models.law.dates import BankHolidays
from models.law.deadlines import duties_of
from models.law.moves import is_gone
from models.law.occasion import is_one_of
from models.law.owed import Owed
from models.law.record import Fact, as_day
from models.law.rulebook import RULEBOOK, Rulebook
from models.law.rulebook import duty as row
from models.law.view import View, by_kind

ADVICE_DUTIES = ("coop_respond_advice", "advice_six_weeks_others", "dp_coop")
"""The duties that tell by when a body is to answer."""

ADVICE_LAW = Rulebook(rule for rule in RULEBOOK if rule.id in ADVICE_DUTIES)

_OUTCOMES = {
    "advice_received": Outcome.GIVEN, "existing_advice_sufficed": Outcome.EXISTING, "advice_declined": Outcome.DECLINED,
    "advice_not_known": Outcome.NOT_KNOWN, "advice_passed_on": Outcome.PASSED_ON, "advice_gap_decided": Outcome.ELSEWHERE,
    "advice_not_obtainable": Outcome.GIVEN_UP}
_BY_ADVICE = (*_OUTCOMES, "advice_acknowledged", "advice_found_incomplete")


def advice_requests(record: Sequence[Fact], on: date, bank_holidays: BankHolidays, terms: Iterable[Owed] | None = None
                    ) -> tuple[AdviceRequest, ...]:
    """Every request for advice of one case, those still to be sent among them, in the order of the law and then of asking.

    `record` are its standing facts up to `on`, `terms` its duties where they are worked out already. Of the record only the
    kinds in READS count.
    """
    if terms is None:
        terms = duties_of(record, bank_holidays, ADVICE_LAW)
    limits = {(one.occasion, one.adviser, one.party): one for one in terms if one.duty.id in ADVICE_DUTIES}
    found: list[AdviceRequest] = []
    rounds = View.of(record).rounds()
    for view in rounds:
        found += _Round(record, view, on, bank_holidays, limits, missing(record) if view is rounds[-1] else {}).requests
    order = list(ADVISERS)
    return tuple(sorted(found, key=lambda one: (one.round_on or date.min, order.index(one.adviser), one.party or "", one.number)))


# --- what is missing -----------------------------------------------------------------------------------------------

def missing(record: Sequence[Fact]) -> dict[str, list[frozenset[str]]]:
    """The advice that reg 6(1) requires and that has neither arrived, nor been replaced under reg 6(4), nor been given up.

    By adviser, the agencies of whom one must still give it: several sets where several agencies must, an empty one where nobody
    in particular must. Advice that was found incomplete, or asked for anew since it came, is missing.
    """
    told = by_kind(record)
    found = {}
    for need in required_advisers(fact_about_child(record)):
        agencies = _agencies_for(need.adviser, record, told)
        groups = _together(agencies, need.adviser, told) if len(agencies) > 1 else [frozenset()]
        if wanted := [group for group in groups if not _is_in(need.adviser, group, told)]:
            found[need.adviser] = wanted
    return found


def advice_done(told: Mapping[str, Sequence[Fact]]) -> list[Fact]:
    """The facts that bring advice in: it arrived and was not found incomplete, stands in under reg 6(4), or was given up."""
    findings = told.get("advice_found_incomplete", ())
    received = [fact for fact in told.get("advice_received", ()) if not is_wanting(fact, [
        one for one in findings if one["adviser"] == fact["adviser"] and None in (one["agency"], fact["agency"], *_same(one, fact))])]
    reused = [fact for fact in told.get("existing_advice_sufficed", ()) if may_reuse(fact) is None]
    return [*received, *told.get("advice_not_obtainable", ()), *reused]


def _same(one: Fact, other: Fact) -> tuple[None, ...]:
    return (None,) if one["agency"] == other["agency"] else ()


def _is_in(adviser: str, group: frozenset[str], told: Mapping[str, Sequence[Fact]]) -> bool:
    about = [fact.on for fact in advice_done(told) if fact["adviser"] == adviser and (
        not group or fact["agency"] in group or (fact.kind == "advice_not_obtainable" and fact["agency"] is None))]
    return bool(about) and not any(fact.on > max(about) for fact in told.get("advice_requested", ())
                                   if fact["adviser"] == adviser and (not group or fact["agency"] in group))


def _agencies_for(adviser: str, record: Sequence[Fact], told: Mapping[str, Sequence[Fact]]) -> set[str]:
    """The agencies that give this advice, as far as they are named: those the law requires and those asked.

    One that declined, or does not know the child or young person, gives none; where the law requires that very person, that takes
    a decision of the council.
    """
    nos = [*told.get("advice_declined", ()), *told.get("advice_not_known", ())]
    asked = [fact for kind in ("advice_requested", "advice_delivered") for fact in told.get(kind, ()) if fact["adviser"] == adviser]
    named = {fact["agency"] for fact in asked if not followed_by(fact, nos)}
    child = fact_about_child(record)
    if adviser == "adv_f_other":
        named |= set(child.get("others_thought_appropriate", ()))
    elif adviser == "adv_h_requested":
        named |= set(child.get("reasonable_requests", ()))
    return {agency for agency in named if agency}


def followed_by(request: Fact, answers: Iterable[Fact]) -> bool:
    """Whether one of these answers of the same advice came after a request, from the agency asked."""
    return any(answer.on >= request.on and answer["adviser"] == request["adviser"]
               and request["agency"] in (None, answer["agency"]) for answer in answers)


def _together(agencies: set[str], adviser: str, told: Mapping[str, Sequence[Fact]]) -> list[frozenset[str]]:
    """The agencies, those together of whom one was asked in place of the other: the advice of either is enough."""
    turns = [fact for kind in ("advice_passed_on", "advice_gap_decided") for fact in told.get(kind, ())
             if fact["adviser"] == adviser and elsewhere(fact) is not None and fact["agency"] is not None]
    groups = [{agency} for agency in sorted(agencies)]
    for turn in sorted(turns, key=lambda fact: (fact.on, str(fact["agency"]), str(fact["to"]))):
        pair = {turn["agency"], turn["to"]}
        joined = pair.union(*(group for group in groups if group & pair))
        groups = [*(group for group in groups if not group & pair), joined]
    return [frozenset(group) for group in groups if group & agencies]


# --- the requests of one round ---------------------------------------------------------------------------------------

READS = ("request_received", "became_responsible", "circumstances_recorded", "adviser_requested_by_family",
         "adviser_thought_appropriate", "decided_to_assess", "reassessment_decided", "advice_requested", "advice_delivered",
         *_BY_ADVICE, "exception_claimed", "request_continued", "decided_to_issue", "detention_began", "released",
         "tribunal_order_made", "mediation_agreed", "appeal_unopposed",
         *dict.fromkeys(token.partition("=")[0] for token in ASSESSMENT_ENDS))
"""The kinds of fact that requests for advice are worked out from."""


@dataclass
class _Round:
    """The requests of the assessment, or of one re-assessment."""

    record: Sequence[Fact]
    view: View
    on: date
    bank_holidays: BankHolidays
    limits: Mapping[tuple[str | None, str | None, str | None], Owed]
    missing: Mapping[str, Sequence[frozenset[str]]]

    @cached_property
    def requests(self) -> list[AdviceRequest]:
        """Those that were sent, and those that are still to be."""
        sent = [one for body in bodies(self.view.by_kind) if body.adviser in ADVISERS for one in self._of(body)]
        found = [self._asked_instead(one, sent) for one in sent]
        found += self._not_sent({(one.adviser, one.agency) for one in sent})
        over = self._decided_on is None or self._over(self._decided_on) is not None
        return [replace(one, needed=not over and any(not group or one.agency in group
                                                                        for group in self.missing.get(one.adviser, ())))
                for one in found]

    def _asked_instead(self, one: AdviceRequest, sent: Sequence[AdviceRequest]) -> AdviceRequest:
        """The request with the body that was asked after it gave no advice, where no fact but that asking says so."""
        if one.outcome not in WITHOUT_ADVICE or one.elsewhere_on is not None:
            return one
        since = [other for other in sent if other.adviser == one.adviser and other.party != one.party
                 and other.asked_on >= one.ended_on]
        first = min(since, key=lambda other: (other.asked_on, other.party or ""), default=None)
        return one if first is None else replace(one, elsewhere=first.agency, elsewhere_on=first.asked_on)

    @cached_property
    def _decided_on(self) -> date | None:
        if any(is_one_of(fact, ("reassessment_decided=reassess",)) for fact in self.view.record[:1]):
            return self.view.record[0].on
        return min((fact.on for fact in self.view.by_kind.get("decided_to_assess", ())), default=None)

    @cached_property
    def _required(self) -> dict[str, set[str]]:
        """The advisers whom reg 6(1) requires, each with the agencies that it must be asked of, where that is told."""
        child = fact_about_child(self.record)
        named = {"adv_f_other": "others_thought_appropriate", "adv_h_requested": "reasonable_requests"}
        return {need.adviser: set(filter(None, child.get(named.get(need.adviser, ""), ()))) for need in required_advisers(child)}

    def _about(self, adviser: str, party: str | None, sole: bool) -> list[Fact]:
        about = [fact for kind in _BY_ADVICE for fact in self.view.by_kind.get(kind, ()) if concerns(fact, adviser, party, sole)
                 and (fact.kind != "existing_advice_sufficed" or may_reuse(fact) is None)]
        whole = [fact for fact in self.view.by_kind.get("advice_not_obtainable", ()) if fact["adviser"] == adviser
                 and fact["agency"] is None and not concerns(fact, adviser, party, sole)]
        return sorted([*about, *whole], key=lambda fact: fact.on)

    def _over(self, since: date) -> Fact | None:
        ends = [fact for fact in self.view.some(ASSESSMENT_ENDS, self.view.lasting)
                if fact.on >= since and (fact.kind != "plan_transferred" or is_gone(fact))]
        return min(ends, key=lambda fact: fact.on, default=None)

    # --- sent ------------------------------------------------------------------------------------------------

    def _of(self, body: Body) -> Iterator[AdviceRequest]:
        about = self._about(body.adviser or "", body.party, body.sole)
        endings = [(day, fact) for fact in about if fact.kind not in ("advice_acknowledged", "advice_not_obtainable")
                   and (day := fact.on if elsewhere(fact) is None else asked_elsewhere_on(fact, self.view.by_kind)) is not None
                   and (fact.kind not in ("advice_passed_on", "advice_gap_decided") or elsewhere(fact) is not None)]
        asked = askings(body.facts, endings)
        for place, asking in enumerate(asked):
            following = asked[place + 1] if place + 1 < len(asked) else None
            yield self._one(body, asking, following, place + 1, about)

    def _one(self, body: Body, asking: Asking, following: Asking | None, number: int, about: list[Fact]) -> AdviceRequest:
        adviser = body.adviser or ""
        until = following.since if following else date.max
        before = {fact.on for fact in about if fact.kind == "advice_found_incomplete" and fact.on <= asking.since}
        mine = [fact for fact in about if asking.since <= fact.on <= until
                and (fact.on < until or self._belongs_before(fact, following))
                and not (elsewhere(fact) is not None and elsewhere(fact) == asking.agency)
                and not (number > 1 and fact.on == asking.since and fact.on in before
                         and (fact.kind == "advice_found_incomplete" or (fact.kind == "advice_received" and not fact["again"])))]
        asked_as = asking.facts[0]
        bound = asking.body or body_asked(asked_as)
        sent, came = (min((fact.on for fact in asking.facts if fact.kind == kind), default=None)
                      for kind in ("advice_requested", "advice_delivered"))
        begun = came if bound == "s31" else sent if adviser not in NO_FIGURE else None
        law = self.limits.get((self.view.opened_on.isoformat() if self.view.opened_on else None, adviser, body.party))
        rule = row("coop_respond_advice" if bound == "s31" else "advice_six_weeks_others")
        due = rule.limit.last_day(begun, self.bank_holidays) if begun is not None and rule.limit is not None else None
        ended_on, ended_by, outcome = self._ended(asking, mine)
        acknowledged = [fact for fact in mine if fact.kind == "advice_acknowledged"]
        findings = [fact for fact in mine if fact.kind == "advice_found_incomplete"]
        turns = [fact for fact in mine if elsewhere(fact) is not None]
        return AdviceRequest(
            asked_as.case, adviser, asking.agency or body.party, body.party, bound, adviser in self._required, False, number,
            self.view.opened_on, self._decided_on, self.on, asking.since, came,
            acknowledged[0].on if acknowledged else None, _promised(acknowledged), begun, due,
            law.excused_by if law is not None and following is None else None, ended_on, ended_by, outcome, following is None,
            _last(mine, "advice_passed_on"), findings[-1] if findings else None, _last(mine, "advice_gap_decided"),
            elsewhere(turns[-1]) if turns else None, asked_elsewhere_on(turns[-1], self.view.by_kind) if turns else None,
            tuple(sorted((*asking.facts, *mine), key=lambda fact: (fact.on, fact.number))))

    def _belongs_before(self, fact: Fact, following: Asking | None) -> bool:
        """Whether a fact of the day on which a body was asked anew is about the asking before."""
        return following is not None and (fact.kind == "advice_found_incomplete" or elsewhere(fact) == following.agency is not None
                                          or (fact.kind == "advice_received" and not fact["again"]))

    def _ended(self, asking: Asking, mine: Sequence[Fact]) -> tuple[date | None, Fact | None, Outcome | None]:
        """When a request ended, with which fact, and its outcome. That the council goes on without the advice frees nobody."""
        ends: list[tuple[date, int, Fact, Outcome]] = []
        for fact in mine:
            outcome = _OUTCOMES.get(fact.kind) if fact.kind != "advice_not_obtainable" else None
            turns = fact.kind in ("advice_passed_on", "advice_gap_decided")
            day = asked_elsewhere_on(fact, self.view.by_kind) if turns else fact.on
            if outcome is not None and day is not None:
                ends.append((day, list(_OUTCOMES).index(fact.kind), fact, outcome))
        over = self._over(asking.since)
        if over is not None:
            ends.append((over.on, len(_OUTCOMES), over, Outcome.OVER))
        if not ends:
            return None, None, None
        day, _, fact, outcome = min(ends, key=lambda end: end[:2])
        if outcome is Outcome.GIVEN:
            findings = [one for one in mine if one.kind == "advice_found_incomplete"]
            if not any(one.kind == "advice_received" and not is_wanting(one, findings) for one in mine):
                outcome = Outcome.INCOMPLETE
        return day, fact, outcome

    # --- still to be sent ------------------------------------------------------------------------------------

    def _not_sent(self, sent: set[tuple[str, str | None]]) -> Iterator[AdviceRequest]:
        """What reg 6(1) requires and nobody was asked for, whether or not advice that exists stands in for it."""
        if self._decided_on is None:
            return
        for adviser, agencies in self._required.items():
            asked = {agency for who, agency in sent if who == adviser}
            several = len(agencies) > 1
            for agency in sorted(agencies) if several else [next(iter(agencies), None)]:
                if asked and (agency in (None, *asked) or None in asked):
                    continue
                mine = [fact for fact in self._about(adviser, agency if adviser in TWO_OF_A_KIND else None, not several)
                        if fact.on >= (self.view.opened_on or date.min)]
                first = next((fact for fact in mine if fact.kind in (
                    "advice_received", "existing_advice_sufficed", "advice_not_obtainable")), None)
                over = self._over(self._decided_on)
                if over is not None and (first is None or over.on < first.on):
                    first = over
                turns = [fact for fact in mine if elsewhere(fact) is not None]
                yield AdviceRequest(
                    self.record[0].case, adviser, agency, agency, ADVISERS[adviser].body, True, False, 1, self.view.opened_on,
                    self._decided_on, self.on, ended_on=first.on if first else None, ended_by=first,
                    outcome=None if first is None else _OUTCOMES.get(first.kind, Outcome.OVER),
                    decision=_last(mine, "advice_gap_decided"), elsewhere=elsewhere(turns[-1]) if turns else None,
                    elsewhere_on=asked_elsewhere_on(turns[-1], self.view.by_kind) if turns else None, facts=tuple(mine))


def _promised(acknowledged: Sequence[Fact]) -> date | None:
    named = [fact for fact in acknowledged if fact["expected_on"]]
    return as_day(max((fact.on, fact["expected_on"]) for fact in named)[1]) if named else None


_COMMITS = ("escalate", "use_existing", "ask_elsewhere")
"""Of several decisions of one day the one counts that says most: an escalation is answered by the others."""


def _last(facts: Sequence[Fact], kind: str) -> Fact | None:
    """The latest of a kind. Of one day: what says most, then by its content, so that the order of recording never matters."""
    found = [fact for fact in facts if fact.kind == kind]
    found.sort(key=lambda fact: (fact.on, _COMMITS.index(fact["outcome"]) if fact["outcome"] in _COMMITS else 0,
                                 elsewhere(fact) is not None))
    return found[-1] if found else None
