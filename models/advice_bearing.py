"""What a case cannot bear of facts about advice, and what to do instead."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from models.case import Case
from models.law.advisers import ADVISERS, may_reuse
from models.law.asked import ANOTHER_TEAM, is_wanting
from models.law.dates import long
from models.law.record import Fact

OF_ONE_BODY = ("advice_delivered", "advice_received", "advice_declined", "advice_not_known", "advice_passed_on",
               "advice_acknowledged", "advice_found_incomplete", "advice_gap_decided")
"""The facts about advice that are about one of several agencies, where several were asked for it."""


OF_WHO_WAS_ASKED = ("advice_delivered", "advice_declined", "advice_not_known", "advice_passed_on", "advice_acknowledged",
                    "advice_gap_decided")
"""The facts that only a body can bring about that was asked. Advice itself may come from another, such as a trust for its board."""


def bad_advice(case: Case, kind: str, on: date, data: Mapping[str, Any]) -> str | None:
    """Why the case cannot bear this fact about advice; None if it can, or if the fact is about something else."""
    adviser, agency = data.get("adviser"), data.get("agency")
    if kind == "existing_advice_sufficed":
        return may_reuse(Fact(case.ref, 0, kind, on, data))
    if kind in OF_ONE_BODY and not agency:
        asked = case.all("advice_requested", "advice_delivered", adviser=adviser)
        agencies = sorted({fact["agency"] for fact in asked if fact["agency"]})
        if len(agencies) > 1:
            return f"{adviser} was asked of {', '.join(agencies)}: say which agency this is about."
    if kind in OF_WHO_WAS_ASKED and agency and (why := _not_asked(case, str(adviser), agency)) is not None:
        return why
    if kind == "advice_not_obtainable" and adviser not in [need.adviser for need in case.advisers]:
        return f"{adviser} is not required in this case."
    if kind == "advice_passed_on":
        return _bad_passing_on(case, data) or _asked_already(case, on, data)
    if kind == "advice_found_incomplete":
        return _nothing_to_find_incomplete(case, on, data)
    return _bad_gap_decision(case, on, data) or _asked_already(case, on, data) if kind == "advice_gap_decided" else None


def _not_asked(case: Case, adviser: str, agency: str) -> str | None:
    """Why a fact cannot be about this agency: another was asked, so its name is a slip, or its request is not on record."""
    known = {one.agency for one in case.advice_requests if one.adviser == adviser and one.agency}
    if not known or agency in known:
        return None
    return (f"{agency} was not asked for {adviser}; {', '.join(sorted(known))} was. Say which of those it is about; if {agency} was asked,"
            " record advice_requested first, with the day.")


def _asked_already(case: Case, on: date, data: Mapping[str, Any]) -> str | None:
    """Why a request need not go on to another body: that has it, and the one that it came from owes nothing any more."""
    adviser, agency, to = data.get("adviser"), data.get("agency"), data.get("to")
    theirs = [one for one in case.advice_requests if one.adviser == adviser and one.is_last and one.asked_on is not None]
    has_it = next((one for one in theirs if one.agency == to and one.is_open and one.asked_on <= on), None)
    owes = any(one.is_open and one.agency != to and agency in (None, one.agency) for one in theirs)
    if to is None or has_it is None or owes:
        return None
    return (f"{to} was asked for {adviser} on {long(has_it.asked_on)} already, and still owes its answer: it would be asked twice. To ask it"
            " once more all the same, record advice_requested when you have.")


def _bad_passing_on(case: Case, data: Mapping[str, Any]) -> str | None:
    to, agency = data.get("to"), data.get("agency")
    if to == agency:
        return (f"{agency} cannot pass a request on to itself. Name the other body in `to`; for another team of the same body write"
                f" to={ANOTHER_TEAM}: the request and its clock then stay where they are.")
    if data.get("adviser") == "adv_a_parent_yp":
        return "the family's own advice is asked of the family (reg 6(1)(a)); nobody can answer in its place."
    return None


def _nothing_to_find_incomplete(case: Case, on: date, data: Mapping[str, Any]) -> str | None:
    about = {"adviser": data.get("adviser")} | ({"agency": data["agency"]} if data.get("agency") else {})
    came = [fact for fact in case.all("advice_received", **about) if fact.on <= on]
    if not came:
        came = [fact for fact in case.all("advice_received", adviser=about["adviser"]) if fact.on <= on and fact["agency"] is None]
    if not came:
        return (f"no advice of {data.get('adviser')}{' from ' + data['agency'] if data.get('agency') else ''} is on record by"
                f" {long(on)}: record advice_received first, with the day on which it came.")
    before = [fact for fact in case.all("advice_found_incomplete", adviser=about["adviser"])
              if fact["agency"] in (None, data.get("agency")) or not data.get("agency")]
    if all(is_wanting(fact, before) for fact in came):
        return (f"that advice was found incomplete already ({before[-1]}), and it is asked for again. Record what comes as"
                " advice_received.")
    return None


def _bad_gap_decision(case: Case, on: date, data: Mapping[str, Any]) -> str | None:
    adviser, outcome, to = data.get("adviser"), data.get("outcome"), data.get("to")
    if not case.all("decided_to_assess") and not case.all("advice_requested", adviser=adviser):
        return f"no assessment has been decided on, and {adviser} was not asked, so there is no gap to decide on."
    if adviser not in [need.adviser for need in case.advisers] and not case.all("advice_requested", adviser=adviser):
        return f"{adviser} is not required in this case."
    if adviser == "adv_a_parent_yp" and outcome != "escalate":
        return ("the family's own advice is always sought from the family (reg 6(1)(a)); reg 6(4) does not reach it. Ring the"
                " family: what it tells you is its advice (advice_received); or record advice_not_obtainable with the reasons.")
    if outcome == "ask_elsewhere":
        if not to or to == ANOTHER_TEAM:
            return "ask_elsewhere needs `to`: the reference of the agency that is to be asked. The next visit asks it."
        if to == data.get("agency"):
            return f"{to} is the body that was asked already. Name another in `to`; to ask the same again, record advice_requested."
    elif to:
        return f"`to` says who is asked elsewhere, and {outcome} asks nobody: leave it out."
    if outcome == "use_existing" and ADVISERS[str(adviser)].may_reuse and case.all("existing_advice_sufficed", adviser=adviser):
        return f"existing advice stands in for {adviser} already; there is nothing to decide."
    return None
