"""What a link in a request is for, how it stands, and what each answer becomes."""

from datetime import date, timedelta

import pytest

from models.case import Case
from models.law.record import Fact
from models.links import ANSWERS, GROUNDS, NotAnswered, State, answered, facts_of, request_behind, requests_of, stands

REF = "EHC-2026-0001"
SENT = date(2026, 4, 1)
TODAY = date(2026, 4, 8)
PSYCHOLOGY = {"adviser": "adv_d_psychology"}
ASKED = PSYCHOLOGY | {"message": "advice_request", "recipient": "ep_service", "key": f"{REF}/advice_request/ep"}
CONSULTED = {"message": "setting_consultation", "recipient": "setting", "setting": "oak", "agency": "oak", "key": f"{REF}/oak"}


def told(*facts: tuple) -> Case:
    """A case of a request, then these facts: (kind, day, fields)."""
    first = Fact(REF, 1, "request_received", date(2026, 3, 2), {"requested_by": "parent"})
    rest = [Fact(REF, number, kind, on, data) for number, (kind, on, data) in enumerate(facts, start=2)]
    return Case.of(REF, [first, *rest], max([TODAY, *(fact.on for fact in rest)]), frozenset())


QUEUED = ("message_queued", SENT, ASKED)
GONE = ("message_sent", SENT, {"key": ASKED["key"], "sha256": "0" * 64})
ASKING = ("advice_requested", SENT, PSYCHOLOGY)
IN = ("advice_received", TODAY, PSYCHOLOGY)


def state(case: Case, turn: int | None = None) -> State:
    return stands(case, requests_of(case)[0], turn)[0]


def test_a_request_to_the_family_has_no_link():
    assert requests_of(told(("message_queued", SENT, ASKED | {"recipient": "family", "adviser": "adv_a_parent_yp"}))) == []


def test_a_request_says_who_was_asked_when_and_by_which_day():
    (one,) = requests_of(told(QUEUED, GONE, ASKING))
    assert (one.number, one.by, one.body) == (2, "ep_service", "other")
    assert (one.sent_on, one.due_on) == (SENT, SENT + timedelta(days=42))


def test_the_agency_that_the_letter_went_to_answers_for_it():
    (one,) = requests_of(told(QUEUED, ("message_sent", SENT, dict(GONE[2], agency="eps-1"))))
    assert one.by == "eps-1"


@pytest.mark.parametrize("facts, expected", [
    pytest.param([], State.OPEN, id="open"),
    pytest.param([("advice_acknowledged", TODAY, PSYCHOLOGY)], State.OPEN, id="acknowledged"),
    pytest.param([("advice_passed_on", TODAY, PSYCHOLOGY | {"to": "another_team"})], State.OPEN, id="passed on"),
    pytest.param([IN], State.ANSWERED, id="advice received, whoever recorded it"),
    pytest.param([("advice_declined", TODAY, PSYCHOLOGY)], State.ANSWERED, id="declined"),
    pytest.param([("advice_not_known", TODAY, PSYCHOLOGY)], State.ANSWERED, id="not known"),
    pytest.param([("advice_received", TODAY, {"adviser": "adv_c_medical"})], State.OPEN, id="somebody else's advice"),
    pytest.param([IN, ("advice_found_incomplete", TODAY, PSYCHOLOGY)], State.OPEN, id="incomplete: asked again"),
    pytest.param([IN, ("fact_corrected", TODAY, {"replaces": 5, "withdrawn": True})], State.OPEN, id="taken back"),
    pytest.param([("child_died", TODAY, {})], State.ENDED, id="the case ended"),
    pytest.param([("final_plan_sent", TODAY, {})], State.ENDED, id="the assessment is over"),
])
def test_a_link_is_open_until_the_request_is_answered_for_good_or_the_case_is_over(facts, expected):
    assert state(told(QUEUED, GONE, ASKING, *facts)) is expected


def test_a_request_that_was_made_anew_replaces_the_old_one_once_it_has_gone():
    anew = ("message_queued", TODAY, ASKED | {"key": f"{ASKED['key']}/again-2"})
    assert state(told(QUEUED, GONE, ASKING, anew)) is State.OPEN
    case = told(QUEUED, GONE, ASKING, anew, ("message_sent", TODAY, {"key": anew[2]["key"], "sha256": "0" * 64}))
    assert [stands(case, one)[0] for one in requests_of(case)] == [State.REPLACED, State.OPEN]


def test_the_same_request_to_another_agency_replaces_nothing():
    other = ASKED | {"agency": "eps-2", "key": f"{REF}/advice_request/eps-2"}
    case = told(("message_queued", SENT, ASKED | {"agency": "eps-1"}), GONE, ("message_queued", TODAY, other),
                ("message_sent", TODAY, {"key": other["key"], "sha256": "0" * 64}), (*IN[:2], IN[2] | {"agency": "eps-2"}))
    assert [stands(case, one)[0] for one in requests_of(case)] == [State.OPEN, State.ANSWERED]


def test_a_revoked_link_is_dead_and_the_next_of_the_same_request_is_not():
    case = told(QUEUED, GONE, ("answer_link_revoked", TODAY, {"link": "2", "because": "x"}))
    assert (state(case, turn=0), state(case, turn=1), state(case)) == (State.REVOKED, State.OPEN, State.OPEN)


def test_a_setting_is_answered_for_itself_alone():
    case = told(("message_queued", SENT, CONSULTED), ("setting_answered", TODAY, {"setting": "elm"}))
    assert state(case) is State.OPEN
    case = told(("message_queued", SENT, CONSULTED), ("setting_answered", TODAY, {"setting": "oak", "reply": "can_meet_needs"}))
    assert state(case) is State.ANSWERED and answered(case, requests_of(case)[0])[0]["reply"] == "can_meet_needs"


@pytest.mark.parametrize("to, expected", [
    ("ep_service", 2), ("ep_service.lead", None), ("council.owner", None), ("family", None)])
def test_a_reminder_carries_the_link_of_its_request_to_the_one_who_was_asked(to, expected):
    reminder = Fact(REF, 9, "message_queued", TODAY, PSYCHOLOGY | {"message": "reminder", "recipient": to, "rung": -7})
    found = request_behind(told(QUEUED, GONE, ASKING), reminder)
    assert (found.number if found else None) == expected


def test_where_several_agencies_were_asked_a_reminder_that_names_none_carries_no_link():
    case = told(*(("message_queued", SENT, ASKED | {"agency": agency, "key": f"k/{agency}"}) for agency in ("eps-1", "eps-2")))
    reminder = {"message": "reminder", "recipient": "ep_service", "adviser": "adv_d_psychology", "rung": -7}
    assert request_behind(case, Fact(REF, 9, "message_queued", TODAY, reminder)) is None
    assert request_behind(case, Fact(REF, 9, "message_queued", TODAY, reminder | {"agency": "eps-2"})).agency == "eps-2"


# --- what an answer becomes --------------------------------------------------------------------------------------------

def becomes(name: str, given: dict, case: Case | None = None):
    case = case or told(QUEUED, GONE, ASKING, ("advice_delivered", SENT, PSYCHOLOGY))
    return facts_of(case, requests_of(case)[0], ANSWERS[name], given, TODAY)


MINE = {"how": "link", "adviser": "adv_d_psychology"}


def test_an_acknowledgement_may_say_by_when_the_answer_comes():
    assert becomes("acknowledge", {"received_on": "2026-04-02", "expected_on": "2026-05-01"}) == [
        ("advice_acknowledged", TODAY, MINE | {"received_on": "2026-04-02", "expected_on": "2026-05-01"})]


def test_an_acknowledgement_proves_the_receipt_that_nothing_else_proves():
    facts = becomes("acknowledge", {"received_on": "2026-04-02"}, told(QUEUED, GONE, ASKING))
    assert [(kind, on) for kind, on, _ in facts] == [("advice_delivered", date(2026, 4, 2)), ("advice_acknowledged", TODAY)]


@pytest.mark.parametrize("given, field", [
    ({"received_on": "2026-03-31"}, "received_on"), ({"received_on": "2026-04-09"}, "received_on"),
    ({"received_on": "tomorrow"}, "received_on"), ({"expected_on": "2026-04-07"}, "expected_on")])
def test_a_day_that_cannot_be_is_refused_at_its_field(given, field):
    with pytest.raises(NotAnswered) as no:
        becomes("acknowledge", given)
    assert list(no.value.problems) == [field]


def test_advice_needs_a_document_or_words():
    with pytest.raises(NotAnswered):
        becomes("advice", {"note": "  "})
    assert becomes("advice", {"sha256": "a" * 64})[0][2] == MINE | {"body": "other", "sha256": "a" * 64}


def test_a_body_of_section_31_declines_on_one_of_two_grounds_and_in_writing():
    case = told(("message_queued", SENT, ASKED | {"adviser": "adv_c_medical", "recipient": "rcb"}), GONE)
    for given, fields in (({}, {"ground", "reasons"}), ({"ground": "other", "reasons": "no"}, {"ground"}),
                          ({"ground": "adverse"}, {"reasons"})):
        with pytest.raises(NotAnswered) as no:
            becomes("decline", given, case)
        assert no.value.problems.keys() == fields
    (kind, _, data), = becomes("decline", {"ground": "adverse", "reasons": "Because."}, case)
    assert kind == "advice_declined" and data["body"] == "s31" and data["reasons"] == f"{GROUNDS['adverse']}\n\nBecause."


def test_whoever_is_no_such_body_may_decline_for_another_reason():
    assert becomes("decline", {"ground": "other", "reasons": "Retired."})[0][0] == "advice_declined"


def test_whoever_passes_it_on_says_to_whom_in_words_that_can_be_erased():
    with pytest.raises(NotAnswered):
        becomes("pass-on", {})
    assert becomes("pass-on", {"because": "The community team"}) == [
        ("advice_passed_on", TODAY, MINE | {"to": "another_team", "because": "The community team"})]


def test_a_setting_that_cannot_meet_the_needs_says_why():
    case = told(("message_queued", SENT, CONSULTED))
    for given, field in (({}, "reply"), ({"reply": "no_reply_expected"}, "reply"), ({"reply": "cannot_meet_needs"}, "note")):
        with pytest.raises(NotAnswered) as no:
            becomes("reply", given, case)
        assert list(no.value.problems) == [field]
    assert becomes("reply", {"reply": "can_meet_needs"}, case) == [
        ("setting_answered", TODAY, {"how": "link", "setting": "oak", "reply": "can_meet_needs"})]


def test_what_was_not_asked_cannot_be_answered():
    with pytest.raises(NotAnswered):
        becomes("reply", {"reply": "can_meet_needs"})
