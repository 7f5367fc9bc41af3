"""A visit converges: it says what the record calls for, once, however often, late or interrupted it is."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import select

from models.hand import Hand
from models.law.plan import SECTIONS
from models.stages import Stage
from models.tables.cases import MessageRow
from notifications.channels import Channels, NotSent
from tasks import outbox, sending
from tasks.case_file import CannotBear, NewContact, NewFact, NewPerson, open_case, record
from tasks.database import reading, writing
from tasks.outbox import NotToBeSent, send_again
from tasks.office import Office
from tasks.sending import send_waiting
from tasks.rebuild import rebuild
from tasks.standing import outbox as standing_of
from tasks.trail import verify
from tasks.visit import due_now, look, say, visit

from .builders import council

RECEIVED = date(2026, 3, 2)
REF = "EHC-2026-0001"
EVERY = ["adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care"]


def on(days: int) -> date:
    return RECEIVED + timedelta(days=days)


def hand(day: date, hour: int = 9) -> Hand:
    return Hand(datetime.combine(day, time(hour), UTC), "officer-7")


@pytest.fixture
def office(tmp_path):
    return Office(Channels({}, tmp_path / "outbox"), council())


@pytest.fixture
def case(engine, office):
    """A request that has arrived and been considered."""
    with writing(engine) as session:
        open_case(session, REF, NewPerson("Ann Other", date(2015, 1, 7)), NewFact("request_received", RECEIVED, {
            "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-7"}), hand(RECEIVED), RECEIVED,
            contacts=[NewContact("family", "Parent Other")])
    return Told(engine, office)


class Told:
    """A case that a test tells things to."""

    def __init__(self, engine, office):
        self.engine, self.office = engine, office

    def happens(self, days: int, kind: str, **data):
        with writing(self.engine) as session:
            return record(session, REF, kind, on(days), data, hand(on(days)), on(days))

    def visited(self, days: int):
        return visit(self.engine, self.office, REF, on(days), hand(on(days)))

    def decided(self, days: int, kind: str, **data):
        self.happens(days, kind, decided_by="officer-9", reason_codes=["other"], notice="to_follow", **data)
        return self.visited(days)

    def to_draft(self):
        self.visited(0)
        self.decided(30, "decided_to_assess")
        self.all_advice(70)
        self.decided(90, "decided_to_issue")

    def all_advice(self, days: int):
        for adviser in EVERY:
            self.happens(days, "advice_received", adviser=adviser)

    def messages(self, **fields):
        with reading(self.engine) as session:
            rows = session.exec(select(MessageRow).order_by(MessageRow.fact_number)).all()
        return [row for row in rows if all(getattr(row, name) == value for name, value in fields.items())]

    def names(self):
        return sorted((row.message, row.to_role) for row in self.messages())


def test_a_request_is_acknowledged_and_everybody_of_regulation_4_2_is_told(case):
    left = case.visited(0)
    assert case.names() == [
        ("considering_assessment", "family"), ("considering_partners", "rcb"), ("considering_partners", "setting"),
        ("considering_partners", "social_care"), ("request_acknowledged", "family")]
    assert left.sent.sent == 5 and left.case.stage is Stage.S10_CONSIDERING
    assert left.case.duty("notify_considering_partners", party="rcb").met_on == RECEIVED


def test_a_second_visit_says_nothing_twice(case):
    case.visited(0)
    before = case.messages()
    again = case.visited(1)
    assert again.written == [] and case.messages() == before


def test_a_decision_counts_from_the_day_its_notice_went(case):
    case.visited(0)
    case.happens(40, "decided_to_assess", decided_by="officer-9", reason_codes=["other"], notice="to_follow")
    assert look(case.engine, REF, on(41)).duty("decide_whether_to_assess").met_on is None
    case.visited(44)
    owed = look(case.engine, REF, on(44)).duty("decide_whether_to_assess")
    assert (owed.met_on, owed.state, owed.days_late) == (on(44), "met_late", 2)


def test_every_adviser_is_asked_with_a_clock_of_their_own(case):
    case.visited(0)
    left = case.decided(30, "decided_to_assess")
    asked = {row.to_role: row for row in case.messages(message="advice_request")}
    assert set(asked) == {"family", "setting", "rcb", "ep_service", "social_care"}
    assert asked["setting"].to_agency == "school-1"
    assert left.case.duty("coop_respond_advice", adviser="adv_c_medical").due_on == on(30 + 42)
    assert left.case.duty("advice_six_weeks_others", adviser="adv_d_psychology").duty.kind == "guide"
    assert left.case.duty("send_evidence_with_advice_request", adviser="adv_c_medical").met_on == on(30)


def test_advice_that_is_agreed_to_suffice_is_not_asked_for_again(case):
    case.visited(0)
    case.happens(29, "decided_to_assess", decided_by="officer-9", reason_codes=["other"], notice="to_follow")
    case.happens(29, "existing_advice_sufficed", adviser="adv_d_psychology", **{
        f"{who}_satisfied_on": on(29).isoformat() for who in ("adviser", "council", "family")})
    case.visited(30)
    assert "ep_service" not in {row.to_role for row in case.messages(message="advice_request")}


def test_nobody_decides_on_a_plan_before_every_adviser_is_in_or_given_up_for_a_reason(case):
    case.visited(0)
    case.decided(30, "decided_to_assess")
    for adviser in EVERY[:-1]:
        case.happens(70, "advice_received", adviser=adviser)
    with pytest.raises(CannotBear, match="adv_e_social_care.*The clock runs on"):
        case.decided(90, "decided_to_issue")
    case.happens(91, "advice_not_obtainable", adviser="adv_e_social_care", decided_by="officer-9",
                 reasons="The service has closed and no other can be commissioned in time.")
    assert case.decided(92, "decided_to_issue").case.stage is Stage.S40_DRAFTING


def test_a_decision_that_was_told_already_is_recorded_as_it_happened(case):
    case.visited(0)
    case.decided(30, "decided_to_assess")
    case.happens(60, "decided_to_issue", decided_by="officer-9", reason_codes=["plan_necessary"],
                 notified_on=on(60).isoformat())
    case.visited(60)
    assert not case.messages(message="assessment_outcome_yes")


@pytest.mark.parametrize("kind, message, pack, stage", [
    ("refused_to_assess", "refusal_to_assess", "N_APPEAL_A", Stage.S15_REFUSED_TO_ASSESS),
    ("refused_to_issue", "refusal_to_issue", "N_APPEAL_B", Stage.S35_REFUSED_TO_ISSUE),
])
def test_a_refusal_carries_its_notice_pack(case, tmp_path, kind, message, pack, stage):
    case.visited(0)
    if kind == "refused_to_issue":
        case.decided(30, "decided_to_assess")
        case.all_advice(70)
    left = case.decided(110, kind, reasons="The school can meet these needs.")
    assert left.case.stage is stage
    assert left.case.last("message_queued", message=message)["pack"] == pack
    letter, = (tmp_path / "outbox" / "family").glob(f"*-{message.replace('_', '-')}-family-*.eml")
    text = " ".join(letter.read_text().split())
    assert "You have the right to appeal" in text and "The school can meet these needs." in text
    assert ("The Tribunal can make recommendations about health and social care" in text) == (pack == "N_APPEAL_B")
    assert "Ann" not in text and "Other" not in text


def test_a_refusal_stands_once_the_appeal_period_is_over(case):
    case.visited(0)
    last = case.decided(38, "refused_to_assess").case.duty("lodge_appeal").due_on
    days = (last - RECEIVED).days
    assert case.visited(days).case.stage is Stage.S15_REFUSED_TO_ASSESS
    assert case.visited(days + 1).case.stage is Stage.T_REFUSED_ASSESS
    assert [row.to_role for row in case.messages(message="decision_needed")] == ["council.owner"]


def test_a_plan_runs_from_the_request_to_its_sending_to_all_three(case):
    case.to_draft()
    case.happens(95, "draft_plan_prepared", document="draft-1", approved_by="officer-9", names_setting=False,
                 sections=[section for section in SECTIONS if section != "I"])
    assert case.visited(95).case.stage is Stage.S45_DRAFT_ISSUED
    case.happens(99, "setting_requested", setting="school-2")
    case.visited(99)
    assert [row.to_agency for row in case.messages(message="setting_consultation")] == ["school-2"]
    case.happens(108, "section_g_agreed")
    case.happens(109, "final_plan_prepared", document="plan-1", approved_by="officer-9", setting="school-2",
                 sections=list(SECTIONS))
    assert not case.visited(109).case.has("final_plan_sent"), "the family's 15 days run until day 109"
    case.happens(110, "setting_answered", setting="school-2", reply="can_meet_needs")
    done = case.visited(110).case
    assert done.stage is Stage.S55_FINALISED
    assert done.last("final_plan_sent")["sent_to"] == ["family", "rcb", "setting"]
    assert done.duty("finalise_plan").state == "met"


def test_after_a_death_nothing_more_goes_out(case):
    case.visited(0)
    case.happens(30, "decided_to_assess", decided_by="officer-9", reason_codes=["other"], notice="to_follow")
    say(case.engine, [REF], on(30), hand(on(30)))
    case.happens(31, "child_died")
    sent_before = len(case.messages(status="sent"))
    left = case.visited(31)
    assert left.sent.sent == 0 and len(case.messages(status="sent")) == sent_before
    assert not case.messages(status="queued")


def test_a_withdrawal_stops_no_clock_until_it_is_decided(case):
    case.visited(0)
    case.happens(20, "request_withdrawn")
    left = case.visited(20).case
    assert left.duty("finalise_plan").is_live and left.stage is Stage.S10_CONSIDERING
    assert case.messages(message="decision_needed")
    case.happens(25, "withdrawal_accepted", decided_by="officer-9", reason_codes=["needs_met"])
    assert case.visited(25).case.stage is Stage.T_WITHDRAWN
    assert case.messages(message="withdrawal_confirmed")


def test_a_family_that_withdrew_hears_in_writing_that_the_case_goes_on_and_why(case, tmp_path):
    case.visited(0)
    case.happens(20, "request_withdrawn")
    case.visited(20)
    assert not case.messages(message="request_goes_on")
    case.happens(25, "request_continued", decided_by="officer-9", reasons="The school is worried about the child.",
                 reason_codes=["may_have_sen"])
    case.visited(25)
    case.visited(26)
    assert len(case.messages(message="request_goes_on", status="sent")) == 1
    letter, = (tmp_path / "outbox" / "family").glob("*request-goes-on*")
    assert "The school is worried about the child." in letter.read_text()


def test_the_family_is_told_on_the_day_a_limit_can_no_longer_be_met(case):
    case.visited(0)
    case.visited(42)
    assert not case.messages(message="lateness_to_family")
    case.visited(43)
    assert len(case.messages(message="lateness_to_family")) == 1


class Refusing(Channels):
    """Channels of which one recipient's does not work: not at all, or not now."""

    refused, retry = ("rcb",), False

    def send(self, to_role, *rest, **more):
        if to_role in self.refused:
            raise NotSent(REF, f"the address of {to_role} does not work.", retry=self.retry,
                          why="no_answer" if self.retry else "no_address")
        return super().send(to_role, *rest, **more)


def test_a_failing_address_stops_nobody_else_and_is_put_before_the_owner(case, tmp_path):
    case.office = Office(Refusing({}, tmp_path / "outbox"), council())
    left = case.visited(0)
    assert left.sent.failed == 1
    assert {row.to_role for row in case.messages(status="sent")} == {"family", "setting", "social_care", "council.owner"}
    assert case.messages(message="send_failed")
    assert left.case.duty("notify_considering_partners", party="rcb").met_on is None


@pytest.fixture
def out_of_order(case, tmp_path):
    """Make the channels of some recipients fail, for good or for now; called with none, all work again."""
    def fail(*roles, retry=True):
        channels = Refusing({}, tmp_path / "outbox")
        channels.refused, channels.retry = roles, retry
        case.office = Office(channels, council())

    return fail


def again(case, days: int, key: str | None = None):
    with writing(case.engine) as session:
        return send_again(session, REF, hand(on(days)), on(days), key)


def to_a_final_plan(case):
    case.to_draft()
    case.happens(95, "draft_plan_prepared", **A_DRAFT)
    case.visited(95)
    case.happens(99, "setting_requested", setting="school-2")
    case.visited(99)
    case.happens(108, "section_g_agreed")
    case.happens(111, "setting_answered", setting="school-2", reply="can_meet_needs")
    case.happens(112, "final_plan_prepared", **A_FINAL_PLAN)


A_DRAFT = {"document": "draft-1", "approved_by": "officer-9", "names_setting": False,
           "sections": [section for section in SECTIONS if section != "I"]}
A_FINAL_PLAN = {"document": "plan-1", "approved_by": "officer-9", "setting": "school-2", "sections": list(SECTIONS)}


def test_a_final_plan_that_failed_for_one_of_three_is_sent_once_its_letter_goes_again(case, out_of_order):
    to_a_final_plan(case)
    out_of_order("rcb", retry=False)
    left = case.visited(112)
    assert left.sent.failed == 1 and not left.case.has("final_plan_sent")
    out_of_order()
    assert not case.visited(113).case.has("final_plan_sent"), "nothing goes again by itself"
    with reading(case.engine) as session:
        assert standing_of(session, hand(on(113)).at).failed_in == (REF,)
    key, = again(case, 114)
    assert key.endswith("/again-2")
    done = case.visited(114).case
    assert done.stage is Stage.S55_FINALISED and done.last("final_plan_sent").on == on(114)
    assert [row.to_role for row in case.messages(message="final_plan", status="sent")] == ["family"], "nobody has it twice"
    with reading(case.engine) as session:
        assert standing_of(session, hand(on(114)).at).failed_in == ()
        assert verify(session).is_sound
    with writing(case.engine) as session:
        assert not rebuild(session, check=True).differences


def test_only_what_failed_for_good_and_is_still_called_for_is_sent_again(case, out_of_order):
    out_of_order("rcb", retry=False)
    case.visited(0)
    failed, = [row.key for row in case.messages(status="failed")]
    sent = case.messages(status="sent")[0].key
    for key, why in ((sent, "no message failed"), (f"{REF}/nothing", "there is no message")):
        with pytest.raises(NotToBeSent, match=why):
            again(case, 1, key)
    assert again(case, 1, failed) == [f"{failed}/again-2"]
    with pytest.raises(NotToBeSent, match="no message failed"):
        again(case, 1)                                    # it waits
    assert case.visited(1).sent.failed == 1
    assert len(case.messages(message="send_failed")) == 2, "the second failure is put before the owner, too"
    assert again(case, 2, failed) == [f"{failed}/again-3"]
    out_of_order("rcb", retry=False)
    case.visited(2)
    case.decided(30, "decided_to_assess")
    with pytest.raises(NotToBeSent, match="no longer called for"):
        again(case, 30, failed)


def test_what_was_dropped_at_a_withdrawal_goes_when_the_case_is_continued(case, out_of_order):
    case.visited(0)
    out_of_order("ep_service")
    case.decided(30, "decided_to_assess")
    case.happens(31, "request_withdrawn")
    case.happens(31, "withdrawal_accepted", decided_by="officer-9", reason_codes=["needs_met"])
    out_of_order()
    case.visited(31)
    assert not case.messages(message="advice_request", to_role="ep_service", status="sent")
    case.happens(33, "request_continued", decided_by="officer-9", reason_codes=["other"])
    left = case.visited(33).case
    assert left.last("advice_requested", adviser="adv_d_psychology").on == on(33)
    assert case.visited(34).written == []


@pytest.mark.parametrize("kind, more, waits", [
    ("advice_received", {"adviser": "adv_d_psychology"}, "advice_request"),
    ("existing_advice_sufficed", {"adviser": "adv_d_psychology", **{
        f"{who}_satisfied_on": on(31).isoformat() for who in ("adviser", "council", "family")}}, "advice_request"),
])
def test_nobody_is_asked_for_advice_that_came_or_suffices_while_the_request_waited(case, out_of_order, kind, more, waits):
    case.visited(0)
    out_of_order("ep_service")
    case.decided(30, "decided_to_assess")
    case.happens(31, kind, **more)
    out_of_order()
    case.visited(31)
    assert not case.messages(message=waits, to_role="ep_service", status="sent"), "reg 6(4)"
    assert not look(case.engine, REF, on(31)).has("advice_requested", adviser="adv_d_psychology")


def test_a_refusal_that_was_reversed_or_taken_back_before_its_letter_went_is_never_sent(case, out_of_order):
    case.visited(0)
    out_of_order("family")
    case.decided(30, "refused_to_assess")
    case.decided(31, "decided_to_assess")
    out_of_order()
    case.visited(32)
    assert not case.messages(message="refusal_to_assess", status="sent")
    assert case.messages(message="decision_to_assess", status="sent")


def test_a_letter_about_a_fact_that_was_taken_back_does_not_wait_for_ever(case, out_of_order):
    case.visited(0)
    out_of_order("family")
    number = case.decided(30, "refused_to_assess").case.last("refused_to_assess").number
    case.happens(31, "fact_corrected", replaces=number, withdrawn=True, because="typed into the wrong case")
    out_of_order()
    case.visited(31)
    assert [row.status for row in case.messages(message="refusal_to_assess")] == ["failed"]


def test_a_notice_that_is_considered_does_not_follow_the_decision(case, out_of_order):
    out_of_order("family", "rcb")
    case.visited(0)
    out_of_order()
    case.decided(30, "decided_to_assess")
    assert not [row for row in case.messages(status="sent") if row.message.startswith("considering") and row.to_role in ("family", "rcb")]


def test_of_two_drafts_of_which_the_first_still_waited_only_the_second_goes(case, out_of_order):
    case.to_draft()
    out_of_order("family")
    case.happens(95, "draft_plan_prepared", **A_DRAFT)
    case.visited(95)
    case.happens(96, "draft_plan_prepared", **A_DRAFT | {"document": "draft-2"})
    out_of_order()
    left = case.visited(96).case
    assert [served["document"] for served in left.all("draft_plan_served")] == ["draft-2"]


@pytest.mark.parametrize("first, second", [("plan-a", "plan-z"), ("plan-z", "plan-a")])
def test_of_two_versions_of_one_day_the_one_recorded_last_counts(case, first, second):
    case.to_draft()
    for document in (first, second):
        case.happens(95, "draft_plan_prepared", **A_DRAFT | {"document": document})
        left = case.visited(95).case
    assert [served["document"] for served in sorted(left.all("draft_plan_served"), key=lambda f: f.number)] == [first, second]
    case.happens(96, "setting_proposed", setting="school-2")
    case.visited(96)
    case.happens(108, "section_g_agreed")
    case.happens(111, "setting_answered", setting="school-2")
    case.happens(112, "final_plan_prepared", **A_FINAL_PLAN | {"document": first, "sections": ["A"]})
    case.visited(112)
    case.happens(112, "final_plan_prepared", **A_FINAL_PLAN | {"document": second})
    assert case.visited(112).case.last("final_plan_sent")["document"] == second


def put_before_the_owner(case, what: str):
    return sorted(row.key.removeprefix(f"{REF}/decision_needed/council.owner/") for row in case.messages(message="decision_needed")
                  if row.key.removeprefix(f"{REF}/decision_needed/council.owner/").startswith(what))


def test_advice_that_was_declined_is_put_before_the_owner_the_same_day_and_again_if_declined_again(case):
    case.visited(0)
    case.decided(30, "decided_to_assess")
    case.happens(40, "advice_declined", adviser="adv_c_medical", reasons="It would harm our functions.")
    case.visited(40)
    assert len(put_before_the_owner(case, "advice_declined")) == 1
    case.happens(42, "advice_requested", adviser="adv_c_medical")
    case.visited(42)
    case.happens(45, "advice_declined", adviser="adv_c_medical", reasons="As before.")
    case.visited(45)
    case.visited(46)
    assert len(put_before_the_owner(case, "advice_declined")) == 2


def test_advice_for_which_there_is_no_limit_is_put_before_the_owner_before_six_weeks_are_over(case):
    case.visited(0)
    case.happens(1, "circumstances_recorded", service_family=True)
    case.decided(30, "decided_to_assess")
    case.happens(31, "adviser_requested_by_family", agency="therapist-1", reasonable=True)
    case.visited(31)
    case.happens(50, "advice_received", adviser="adv_a_parent_yp")
    case.visited(66)
    assert not put_before_the_owner(case, "advice_at_risk")
    case.visited(67)
    assert "advice_at_risk:adv_b_mod" in put_before_the_owner(case, "advice_at_risk")
    case.visited(68)
    assert "advice_at_risk:adv_h_requested:therapist-1" in put_before_the_owner(case, "advice_at_risk")
    assert "advice_at_risk:adv_a_parent_yp" not in put_before_the_owner(case, "advice_at_risk")


def test_advice_of_each_of_two_agencies_and_of_a_second_asking_is_put_before_the_owner(case):
    case.visited(0)
    case.happens(1, "adviser_thought_appropriate", agency="team-1")
    case.decided(30, "decided_to_assess")
    case.visited(67)
    case.happens(68, "adviser_thought_appropriate", agency="team-2")
    case.visited(68)
    case.happens(69, "advice_received", adviser="adv_f_other", agency="team-1")
    case.happens(69, "advice_received", adviser="adv_d_psychology")
    case.happens(75, "advice_requested", adviser="adv_d_psychology")
    case.visited(75)
    case.visited(75 + 42)
    told = put_before_the_owner(case, "advice_at_risk")
    assert "advice_at_risk:adv_f_other:team-2" in told
    assert f"advice_at_risk:adv_d_psychology:{on(75).isoformat()}" in told


def test_the_family_is_told_anew_when_an_exception_is_relied_on_late_or_the_limit_is_another_day(case):
    case.visited(0)
    case.visited(43)
    case.happens(44, "exception_claimed", duty="decide_whether_to_assess", code="X_PERSONAL", approved_by="officer-9",
                 because="A bereavement in the family kept it from telling us anything.", affected_from=on(20).isoformat(),
                 affected_to=on(40).isoformat())
    case.visited(44)
    assert len(case.messages(message="lateness_to_family")) == 2
    case.visited(45)
    assert len(case.messages(message="lateness_to_family")) == 2


def test_a_limit_that_was_thought_to_be_past_is_told_when_it_really_is(case):
    case.visited(43)                                      # recorded late, with too early a day
    number = look(case.engine, REF, on(43)).last("request_received").number
    case.happens(43, "fact_corrected", replaces=number, corrected={"on": on(10).isoformat()}, because="misread")
    case.visited(43)
    assert len(case.messages(message="lateness_to_family")) == 1
    case.visited(53)
    case.visited(54)
    assert len(case.messages(message="lateness_to_family")) == 2


class Killed(RuntimeError):
    """The process was killed."""


@pytest.mark.parametrize("where", ["_lease", "_outcome"])
def test_a_visit_that_was_killed_is_finished_by_the_next(case, monkeypatch, where):
    real, calls = getattr(sending._Sender, where), []

    def killed_at_the_third(*args, **kwargs):
        calls.append(args)
        if len(calls) == 3:
            raise Killed
        return real(*args, **kwargs)

    monkeypatch.setattr(sending._Sender, where, killed_at_the_third)
    with pytest.raises(Killed):
        case.visited(0)
    monkeypatch.undo()
    visit(case.engine, case.office, REF, on(0), hand(on(0), hour=12))
    assert len(case.messages(status="sent")) == 5
    assert len({row.key for row in case.messages()}) == 5
    facts = look(case.engine, REF, on(0)).all("message_sent")
    assert len({fact["key"] for fact in facts}) == len(facts) == 5


def test_what_a_visit_leaves_can_be_rebuilt_and_verified(case):
    case.to_draft()
    with writing(case.engine) as session:
        assert not rebuild(session, check=True).differences
    with reading(case.engine) as session:
        assert verify(session).is_sound


def test_a_message_in_flight_is_not_sent_by_a_second_sender(case):
    say(case.engine, [REF], on(0), hand(on(0)))
    with writing(case.engine) as session:
        session.exec(sa.update(MessageRow.__table__).values(next_attempt_at=hand(on(0), hour=10).at))
    assert send_waiting(case.engine, case.office, hand(on(0), hour=9), on(0)).sent == 0
    assert send_waiting(case.engine, case.office, hand(on(0), hour=11), on(0)).sent == 5


def test_in_a_long_round_each_lease_begins_when_its_message_is_taken_up(case):
    say(case.engine, [REF], on(0), hand(on(0)))
    moments = iter(hand(on(0), hour).at for hour in range(10, 20))
    assert send_waiting(case.engine, case.office, hand(on(0)), on(0), clock=lambda: next(moments)).sent == 5
    sent = sorted(fact.recorded_at.hour for fact in look(case.engine, REF, on(0)).all("message_sent"))
    assert sent == [10, 11, 12, 13, 14]


def test_a_sender_that_outlived_its_lease_writes_no_second_outcome(case):
    say(case.engine, [REF], on(0), hand(on(0)))
    slow, quick = hand(on(0), hour=10), hand(on(0), hour=11)
    key = outbox.waiting(case.engine, slow.at)[0][0]
    sender = sending._Sender(case.engine, case.office, slow, on(1), None)
    assert sender._lease([key], slow.at)
    assert send_waiting(case.engine, case.office, quick, on(0)).sent == 5
    sender._outcome([sending._Done(REF, key, [
        NewFact("message_sent", on(1), {"sha256": "0" * 64, "channel": "eml"}, key)])], slow, "sent")
    assert len(look(case.engine, REF, on(1)).all("message_sent", key=key)) == 1


def test_nothing_is_left_to_say_after_a_visit(case):
    case.to_draft()
    assert due_now(look(case.engine, REF, on(90))) == []
