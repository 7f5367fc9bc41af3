"""What follows from an answer is done by the next visit: who is asked next, and what goes before the owner, the lead, the manager."""

import pytest

from models.board import board
from models.stages import Stage
from tasks.advice import board_of, held, requests
from tasks.case_file import CannotBear, read
from tasks.database import reading
from tasks.rebuild import rebuild
from tasks.worklist import worklist
from tests.tasks.test_visit import REF, Told, case, office, on  # noqa: F401

MEDICAL, PSYCHOLOGY = {"adviser": "adv_c_medical"}, {"adviser": "adv_d_psychology"}


@pytest.fixture
def asked(case: Told) -> Told:  # noqa: F811
    """The advisers of the case were asked on day 30: six weeks end on day 72."""
    case.visited(0)
    case.decided(30, "decided_to_assess")
    return case


def one(case: Told, adviser: str, days: int, number: int = 1, party: str | None = None):  # noqa: F811
    with reading(case.engine) as session:
        found = [r for r in requests(session, on(days), [REF]) if r.adviser == adviser and r.number == number and party in (None, r.party)]
    assert len(found) == 1
    return found[0]


def letters(case: Told, about: str):  # noqa: F811
    return [(row.to_role, row.to_agency) for row in case.messages() if row.key.split("/")[-1].startswith(about)]


def as_rebuilt(case: Told) -> bool:  # noqa: F811
    with reading(case.engine) as session:
        return rebuild(session, check=True).is_right


def test_whom_it_was_passed_on_to_is_asked_once_with_a_clock_of_its_own(asked):
    asked.happens(35, "advice_passed_on", **MEDICAL, to="trust-b", how="phone")
    for days in (36, 36, 37):
        asked.visited(days)
    assert [(row.to_role, row.to_agency) for row in asked.messages(message="advice_request", to_agency="trust-b")] == [("rcb", "trust-b")]
    found = one(asked, "adv_c_medical", 37, number=2)
    assert (found.agency, found.due_on, found.holder) == ("trust-b", on(36 + 42), "trust-b")
    assert one(asked, "adv_c_medical", 37).outcome == "passed on"
    assert as_rebuilt(asked)


def test_a_decision_is_carried_out_where_nobody_was_asked_yet(asked):
    with reading(asked.engine) as session:
        before = {r.adviser: r.asked_on for r in requests(session, on(30), [REF])}
    assert before["adv_d_psychology"] == on(30)
    asked.happens(31, "fact_corrected", replaces=number_of(asked, "advice_requested", "adv_d_psychology"), withdrawn=True, because="It never went.")
    asked.happens(31, "fact_corrected", replaces=number_of(asked, "advice_delivered", "adv_d_psychology"), withdrawn=True, because="It never went.")
    assert one(asked, "adv_d_psychology", 31).state == "not asked"
    asked.happens(31, "advice_gap_decided", **PSYCHOLOGY, outcome="ask_elsewhere", to="ep-2", decided_by="officer-7", reasons="None is free.")
    assert one(asked, "adv_d_psychology", 31).next_step == "ask ep-2: the next visit sends the request"
    asked.visited(31)
    assert [row.status for row in asked.messages(message="advice_request", to_agency="ep-2")] == ["sent"]
    found = one(asked, "adv_d_psychology", 32)
    assert (found.agency, found.asked_on, found.holder) == ("ep-2", on(31), "ep-2")
    assert as_rebuilt(asked)


def number_of(case: Told, kind: str, adviser: str) -> int:  # noqa: F811
    with reading(case.engine) as session:
        return next(fact.number for fact in read(session, REF) if fact.kind == kind and fact["adviser"] == adviser)


def test_whom_it_was_passed_on_to_is_not_asked_twice_though_it_is_told_twice(asked):
    asked.happens(35, "advice_passed_on", **MEDICAL, to="trust-b", how="phone")
    asked.visited(36)
    for kind, more in (("advice_passed_on", {"how": "email"}), ("advice_gap_decided", {
            "outcome": "ask_elsewhere", "decided_by": "officer-7", "reasons": "It has him."})):
        with pytest.raises(CannotBear, match="trust-b was asked for adv_c_medical on .* already"):
            asked.happens(38, kind, **MEDICAL, to="trust-b", **more)
    asked.visited(39)
    assert len(asked.messages(message="advice_request", to_agency="trust-b")) == 1


@pytest.mark.parametrize("kind, more", [
    ("advice_declined", {"reasons": "As written."}), ("advice_not_known", {}), ("advice_acknowledged", {}), ("advice_delivered", {}),
    ("advice_passed_on", {"to": "trust-c"}),
    ("advice_gap_decided", {"outcome": "ask_elsewhere", "to": "trust-c", "decided_by": "o-2", "reasons": "It sees him."})])
def test_a_slip_in_the_name_of_an_agency_is_not_taken_for_an_answer(asked, kind, more):
    asked.happens(31, "advice_requested", adviser="adv_f_other", agency="trust-b")
    with pytest.raises(CannotBear, match="trust-d was not asked for adv_f_other; trust-b was"):
        asked.happens(32, kind, adviser="adv_f_other", agency="trust-d", **more)
    assert one(asked, "adv_f_other", 32).state == "sent"


@pytest.mark.parametrize("no, more", [("advice_declined", {"reasons": "No capacity."}), ("advice_not_known", {})])
def test_advice_that_comes_after_a_no_counts_and_is_shown(asked, no, more):
    asked.happens(40, no, **MEDICAL, **more)
    asked.visited(40)
    asked.happens(50, "advice_received", **MEDICAL, how="email")
    left = asked.visited(50).case
    found = one(asked, "adv_c_medical", 60)
    assert (found.ended_on, found.after_all_on, found.needed, found.days_to_advice) == (on(40), on(50), False, 20)
    assert "adv_c_medical" not in left.advice_outstanding
    assert board_of(asked.engine, on(60)).rows["rcb"].with_advice == 1


def test_where_no_other_body_is_named_a_person_reads_to_whom_and_nobody_is_asked(asked):
    asked.happens(35, "advice_passed_on", **MEDICAL, to="another_team", how="link")
    asked.visited(35)
    assert [to for to, _ in letters(asked, "advice_passed_on")] == ["council.owner"]
    assert len(asked.messages(message="advice_request", to_role="rcb")) == 1
    assert one(asked, "adv_c_medical", 40).due_on == on(30 + 42)


def test_what_is_incomplete_is_asked_for_again_and_the_letter_says_what_is_wanting(asked, tmp_path):
    asked.happens(60, "advice_received", **PSYCHOLOGY, how="email")
    asked.happens(62, "advice_found_incomplete", **PSYCHOLOGY, sought=["outcomes"], decided_by="officer-7")
    left = asked.visited(62)
    asked.visited(63)
    assert left.case.stage is Stage.S20_ASSESSING and "adv_d_psychology" in left.case.advice_outstanding
    sent = [path.read_text() for path in (tmp_path / "outbox" / "ep_service").glob("*incomplete*")]
    assert len(sent) == 1 and "outcomes that this provision is intended to" in sent[0] and "is not complete" in sent[0]
    assert one(asked, "adv_d_psychology", 63).outcome == "incomplete"
    assert (one(asked, "adv_d_psychology", 63, number=2).due_on, one(asked, "adv_d_psychology", 63, number=2).number) == (on(62 + 42), 2)
    asked.happens(70, "advice_received", **PSYCHOLOGY)
    assert "adv_d_psychology" not in asked.visited(70).case.advice_outstanding


def test_a_gap_goes_before_the_owner_in_time_and_up_if_nobody_decides(asked):
    asked.visited(66)
    assert letters(asked, "advice_at_risk:adv_d") == []
    asked.visited(67)
    assert [to for to, _ in letters(asked, "advice_at_risk:adv_d")] == ["council.owner"]
    with reading(asked.engine) as session:
        todo = [(item.owed.adviser, item.owed.due_on) for item in worklist(session, on(67)) if item.owed.duty.id == "decide_on_advice_gap"]
    assert ("adv_d_psychology", on(71)) in todo
    asked.visited(71)
    assert letters(asked, "advice_gap_undecided:adv_d") == []
    asked.visited(72)
    assert sorted(to for to, _ in letters(asked, "advice_gap_undecided:adv_d")) == ["council.lead", "council.owner"]
    asked.visited(79)
    assert sorted(to for to, _ in letters(asked, "advice_gap_undecided:adv_d")) == ["council.lead", "council.manager", "council.owner"]
    assert as_rebuilt(asked)


@pytest.mark.parametrize("outcome", ["ask_elsewhere", "use_existing", "escalate"])
def test_a_decision_ends_the_asking_upwards_and_is_followed_by_what_it_says(asked, outcome):
    told = {"decided_by": "officer-7", "reasons": "None is free.", "outcome": outcome} | ({"to": "ep-2"} if outcome == "ask_elsewhere" else {})
    asked.happens(70, "advice_gap_decided", **PSYCHOLOGY, **told)
    asked.visited(70)
    asked.visited(79)
    assert letters(asked, "advice_gap_undecided:adv_d") == []
    assert [to for to, _ in letters(asked, "advice_escalated")] == (["council.manager"] if outcome == "escalate" else [])
    assert [row.to_agency for row in asked.messages(message="advice_request", to_agency="ep-2")] == (["ep-2"] if "to" in told else [])
    late = sorted(to for to, _ in letters(asked, "gap_decision_not_carried_out"))
    assert late == ([] if outcome == "ask_elsewhere" else ["council.lead", "council.owner"])


@pytest.mark.parametrize("kind", ["advice_not_known", "advice_declined"])
def test_without_advice_the_owner_decides_and_no_letter_of_the_council_says_otherwise(asked, kind):
    asked.happens(40, kind, **MEDICAL, how="post", **({"reasons": "As written."} if kind == "advice_declined" else {}))
    left = asked.visited(40)
    assert [to for to, _ in letters(asked, kind)] == ["council.owner"]
    assert "adv_c_medical" in left.case.advice_outstanding and left.case.duty("finalise_plan").due_on == on(140)
    asked.happens(45, "advice_gap_decided", **MEDICAL, outcome="ask_elsewhere", to="trust-b", decided_by="officer-7", reasons="It sees him.")
    asked.visited(45)
    assert one(asked, "adv_c_medical", 45, number=2).who == "trust-b"


def test_lists_read_only_what_they_need_and_say_the_same_as_the_case(asked):
    asked.happens(60, "advice_received", **PSYCHOLOGY)
    left = asked.visited(75).case
    with reading(asked.engine) as session:
        assert tuple(requests(session, on(75))) == left.advice_requests
        shown = held(session, on(75))
    assert shown[0].request.adviser == "adv_c_medical", "late against the law comes first"
    assert {row.owner for row in shown} == {"officer-7"}
    assert held_by_others(asked) == []
    assert board_of(asked.engine, on(75)) == board(left.advice_requests, on(75))


def held_by_others(case: Told):  # noqa: F811
    with reading(case.engine) as session:
        return held(session, on(75), owner="officer-1")


def test_a_correction_of_any_fact_is_read(asked):
    number = asked.happens(60, "advice_received", **PSYCHOLOGY).number
    asked.happens(61, "fact_corrected", replaces=number, corrected={"adviser": "adv_e_social_care"}, because="misread")
    assert one(asked, "adv_d_psychology", 61).is_open and one(asked, "adv_e_social_care", 61).outcome == "given"
