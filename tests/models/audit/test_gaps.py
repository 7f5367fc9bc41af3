"""The gap ledger: every seeded fault is found, and nothing is found where there is none."""

from collections import Counter
from datetime import date, timedelta

import pytest

from models.audit.answer import Asked, Record
from models.audit.gaps import GAPS, KINDS
from models.calendar import bank_holidays
from models.case import Case
from tests.journeys.test_journeys import JOURNEYS, fact, told
from tests.models.audit.builders import RECEIVED, day, letter, record, request

DAY = timedelta(days=1)
DECIDED = {"decided_by": "officer-9", "reason_codes": ["plan_may_be_necessary"]}
ADVISERS = ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care")


def gaps(*lines, on, **more):
    return sorted(GAPS.rows(record(*lines, on=on, **more)), key=GAPS.order)


def kinds(*lines, on, **more):
    return [(row.gap, row.days) for row in gaps(*lines, on=on, **more)]


def asked(on=day(10), but=()):
    return [("advice_requested", on, {"adviser": adviser}) for adviser in ADVISERS if adviser not in but]


def arrived(on=day(10), but=()):
    return [("advice_delivered", on, {"adviser": adviser}) for adviser in ADVISERS if adviser not in but]


CLEAN = (request(), ("decided_to_assess", day(10), DECIDED | {"notice": "to_follow"}),
         *letter("decision_to_assess", 2, day(10), day(10)), *asked(), *arrived())


def test_a_clean_case_has_no_gap():
    assert kinds(*CLEAN, on=day(52)) == []


def test_a_decision_without_a_letter_is_one_on_the_second_day():
    line = ("decided_to_assess", day(10), DECIDED | {"notice": "to_follow"})
    rest = (*asked(), *arrived())
    assert kinds(request(), line, *rest, on=day(11)) == []
    row, = gaps(request(), line, *rest, on=day(12))
    assert (row.gap, row.since, row.days, row.owner, row.fact) == ("decision_without_letter", day(10), 2, "officer-1", 2)
    told = ("family_told_of_decision", day(13), {"decision": "decided_to_assess"})
    assert kinds(request(), line, *rest, told, on=day(30)) == []


def test_a_decision_recorded_as_told_is_doubted_only_where_the_engine_writes_the_letters():
    line, rest = ("decided_to_assess", day(10), DECIDED), (*asked(), *arrived())
    assert kinds(request(), line, *rest, on=day(20)) == []
    wrote = letter("request_acknowledged", 1, RECEIVED, RECEIVED)
    assert kinds(request(), line, *rest, *wrote, on=day(20)) == [("decision_without_letter", 10)]


def test_a_plan_that_was_approved_and_not_sent():
    draft = ("draft_plan_prepared", day(90), {"document": "d-1"})
    before = (request(), ("decided_to_issue", day(80), DECIDED))
    assert ("decision_without_letter", 2) in kinds(*before, draft, on=day(92))
    assert kinds(*before, draft, ("draft_plan_served", day(91), {"document": "d-1"}), on=day(95)) == []
    final = ("final_plan_prepared", day(100), {"document": "p-1", "setting": "school-7"})
    served = ("draft_plan_served", day(91), {"document": "d-1"})
    assert kinds(*before, draft, served, final, on=day(91 + 14)) == []                   # the family's fifteen days run
    assert ("decision_without_letter", 8) in kinds(*before, draft, served, final, on=day(91 + 17))


@pytest.mark.parametrize("on, there", [(day(12), False), (day(13), True)])
def test_a_request_without_receipt_after_two_days(on, there):
    lines = (*CLEAN[:-5], *arrived(but=("adv_d_psychology",)))
    found = gaps(*lines, on=on)
    assert [(row.gap, row.what.split(":")[0]) for row in found] == ([("request_without_receipt", "adv_d_psychology")] if there else [])


@pytest.mark.parametrize("proof", ["advice_acknowledged", "advice_received", "advice_declined"])
def test_an_answer_proves_that_the_request_arrived(proof):
    lines = (*CLEAN[:-5], *arrived(but=("adv_d_psychology",)), (proof, day(20), {"adviser": "adv_d_psychology"}))
    assert "request_without_receipt" not in {gap for gap, _ in kinds(*lines, on=day(30))}


def test_a_letter_that_did_not_go_or_came_back():
    key = "A1/considering_assessment/family/1"
    written = letter("considering_assessment", 1, RECEIVED)
    failed = ("message_failed", RECEIVED, {"key": key, "why": "rejected", "final": True})
    sent = letter("considering_assessment", 1, RECEIVED, RECEIVED)
    bounced = ("message_bounced", day(1), {"key": key, "why": "no_such_address"})
    again = [("message_queued", day(3), {"key": f"{key}/again-2", "message": "considering_assessment", "recipient": "family", "about": "1"}),
             ("message_sent", day(3), {"key": f"{key}/again-2", "sha256": "0"})]
    for fault, words in (([*written], "waits to be sent"), ([*written, failed], "could not be sent"), ([*sent, bounced], "came back")):
        row, = gaps(*CLEAN, *fault, on=day(11))
        assert row.gap == "notice_without_dispatch" and words in row.what
        assert kinds(*CLEAN, *fault, *again, on=day(11)) == []
    assert kinds(*CLEAN, *written, on=day(1)) == []
    dropped = ("message_failed", RECEIVED, {"key": key, "why": "no_longer_wanted", "final": True})
    assert kinds(*CLEAN, *written, dropped, on=day(11)) == []
    reminder = ("message_queued", day(5), {"key": "k", "message": "reminder", "recipient": "ep_service"})
    to_staff = ("message_queued", day(5), {"key": "m", "message": "decision_needed", "recipient": "council.owner"})
    assert kinds(*CLEAN, reminder, to_staff, on=day(11)) == []


def test_advice_that_the_law_requires_and_nobody_asked_for():
    but = ("adv_e_social_care",)
    lines = (*CLEAN[:4], *asked(but=but), *arrived(but=but))
    assert kinds(*lines, on=day(11)) == []
    row, = gaps(*lines, on=day(12))
    assert (row.gap, row.days, row.owner) == ("advice_not_asked", 2, "officer-1") and row.what.startswith("adv_e_social_care")
    reused = ("existing_advice_sufficed", day(10), {"adviser": "adv_e_social_care"} | {
        f"{who}_satisfied_on": day(10).isoformat() for who in ("adviser", "council", "family")})
    assert kinds(*lines, reused, on=day(12)) == []


def test_a_case_that_nobody_holds():
    assert kinds(request(owner=None), *CLEAN[1:], on=day(12)) == [("no_owner", 12)]
    assert kinds(*CLEAN, on=day(12), left={"officer-1": day(11)}) == [("no_owner", 0)]
    assert kinds(*CLEAN, on=day(12), left={"officer-1": day(12)}) == []


def test_a_silent_case():
    assert kinds(*CLEAN, on=day(10 + 42)) == []
    assert kinds(*CLEAN, on=day(10 + 43)) == [("silent", 43)]
    assert kinds(*CLEAN, on=day(31), days=20) == [("silent", 21)]


CONTRADICTIONS = {
    "before it happened": [("views_received", day(20), {}, day(19))],
    "before the case began": [("advice_requested", RECEIVED - DAY, {"adviser": "adv_c_medical"})],
    "both on one day": [("refused_to_assess", day(10), {"decided_by": "o", "reason_codes": ["no_sen"], "notified_on": day(10).isoformat()})],
    "before draft_plan_served": [("final_plan_sent", day(20), {}), ("draft_plan_served", day(21), {})],
    "before it was sent": [("advice_delivered", day(9), {"adviser": "adv_c_medical"})],
    "was answered before": [("setting_consulted", day(30), {"setting": "s-1"}), ("setting_answered", day(29), {"setting": "s-1"})],
    "its setting is not that of": [("final_plan_prepared", day(40), {"setting": "s-1"}), ("final_plan_sent", day(41), {"setting": "s-2"})],
    "after the case had ended": [("child_died", day(12)), ("final_plan_sent", day(13), {})],
}


@pytest.mark.parametrize("says", CONTRADICTIONS)
def test_facts_that_cannot_both_be_right(says):
    found = [row for row in gaps(*CLEAN, *CONTRADICTIONS[says], on=day(45)) if row.gap == "contradiction"]
    assert found and any(says in row.what for row in found)
    assert all(row.owner == "officer-1" and row.days >= 0 for row in found)


def test_what_was_taken_from_a_return_is_not_doubted_for_what_a_return_does_not_say():
    taken = ("taken_from_return", RECEIVED, {"how": "return"})
    lines = (("request_received", RECEIVED, {"requested_by": "parent", "how": "return"}), taken,
             ("decided_to_assess", day(10), {"how": "return"}))
    assert kinds(*lines, on=day(300)) == []


# --- whole cases -----------------------------------------------------------------------------------------------------

IN_JOURNEYS = {
    "absence_excused": {"advice_not_asked": 5, "silent": 1}, "advice_declined_and_asked_elsewhere": {"request_without_receipt": 4},
    "advice_reused": {"advice_not_asked": 3}, "ceasing_held": {"silent": 1}, "corrected_receipt": {"advice_not_asked": 5},
    "decided_late": {"advice_not_asked": 5, "silent": 1}, "exception_refused": {"request_without_receipt": 1, "silent": 1},
    "health_advice_over_august": {"advice_not_asked": 4}, "over_25_september_2020": {"advice_not_asked": 5, "silent": 1},
    "refusal_reversed": {"advice_not_asked": 5}, "refusal_reversed_by_order": {"advice_not_asked": 5, "silent": 1},
    "sensory_impairment": {"advice_not_asked": 5}, "summer_closure_excused": {"advice_not_asked": 4, "silent": 1},
    "summer_closure_not_excused": {"request_without_receipt": 1}, "transfer_to_secondary": {"silent": 1}, "year_9": {"advice_not_asked": 5}}
"""The journeys that leave steps out to show one thing: what they leave out, as read in each. In every other one all is there."""


@pytest.mark.parametrize("journey", JOURNEYS, ids=lambda journey: journey.stem)
def test_a_journey_has_the_gaps_that_its_file_leaves_and_no_other(journey):
    lines = told(journey)
    facts = [fact(number, line) for number, line in enumerate(lines["facts"], start=1)]
    last = max([*(one.on for one in facts), *(line["day"] for line in lines["expect"])])
    found = list(GAPS.rows(Record(Case.of("A1", facts, last, bank_holidays()), facts, Asked(last), Counter())))
    assert Counter(row.gap for row in found if row.gap != "no_owner") == IN_JOURNEYS.get(journey.stem, {})
    assert all(row.what and row.to_do and row.rule and row.gap in KINDS for row in found)


def test_the_ledger_counts_every_kind():
    found = gaps(*CLEAN, on=date(2027, 1, 1))
    told = GAPS.figures(found, Counter(cases=4))
    assert [(one.numerator, one.denominator) for one in told if one.numerator] == [(1, 4)] and len(told) == len(KINDS)
