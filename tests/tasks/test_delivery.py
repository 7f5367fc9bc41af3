"""A message that came back: what it takes back, whom it goes to next, and that somebody is told the same day."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from pydantic import SecretStr
from sqlmodel import select

from models.delivery import PROVED, undelivered_in
from models.facts import KINDS
from models.hand import Hand
from models.law.plan import SECTIONS
from models.stages import Stage
from models.tables.cases import MessageRow
from models.tables.people import Contact
from notifications.channels import Channels, NotSent
from notifications.messages import MESSAGES
from tasks.case_file import NewContact, NewFact, add_contact, open_case, record, verify_contact
from tasks.database import reading, writing
from tasks.delivery import Told, note
from tasks.outbox import NotToBeSent, send_again
from tasks.rebuild import rebuild
from tasks.office import Office
from tasks.trail import verify
from tasks.visit import look, visit
from tasks.worklist import undelivered
from tests.tasks.builders import council

RECEIVED = date(2026, 3, 2)
REF = "EHC-2026-0001"
EVERY = ["adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care"]


def on(days: int) -> date:
    return RECEIVED + timedelta(days=days)


def hand(days: int, hour: int = 9, by: str = "officer-7") -> Hand:
    return Hand(datetime.combine(on(days), time(hour), UTC), by)


class House:
    def __init__(self, engine, folder):
        self.engine, self.folder = engine, folder
        self.office = Office(Channels({}, folder / "outbox"), council())
        with writing(engine) as session:
            open_case(session, REF, None, NewFact("request_received", RECEIVED, {
                "requested_by": "parent", "attends": "school", "setting": "school-1", "owner": "officer-7"}), hand(0), RECEIVED,
                contacts=[NewContact("family", "Parent Other", apprise_url=self.url("home"))])

    def url(self, name: str) -> str:
        return f"eml://{self.folder}/{name}"

    def happens(self, days: int, kind: str, **data) -> None:
        with writing(self.engine) as session:
            record(session, REF, kind, on(days), data, hand(days), on(days))

    def visited(self, days: int, hour: int = 9):
        return visit(self.engine, self.office, REF, on(days), hand(days, hour)).case

    def comes_back(self, days: int, key: str, why: str = "5.1.1", final: bool = True):
        noted = note(self.engine, self.office.channels, [Told(f"{REF}/{key}", "bounced", why, final)], hand(days, 11), on(days))
        self.is_sound()
        return noted

    def is_sound(self) -> None:
        with reading(self.engine) as session:
            assert verify(session).findings == ()
            assert rebuild(session, check=True).differences == ()

    def case(self, days: int):
        return look(self.engine, REF, on(days))

    def rows(self, message: str) -> list[MessageRow]:
        with reading(self.engine) as session:
            return [row for row in session.exec(select(MessageRow).order_by(MessageRow.fact_number)) if row.message == message]

    def lost(self, days: int, owner: str | None = None):
        with reading(self.engine) as session:
            return [(one.message, one.to, one.since, one.why) for one in undelivered(session, on(days), owner)]

    def moved_in(self, days: int) -> None:
        """The family gives another address, and a second person makes sure of it."""
        with writing(self.engine) as session:
            add_contact(session, REF, NewContact("family", "Parent Other", apprise_url=self.url("new-home")), on(days), "officer-7")
        with writing(self.engine) as session:
            verify_contact(session, REF, "family", hand(days, 10, "officer-8"), on(days))

    def refuses(self, days: int) -> str:
        self.visited(0)
        self.happens(days, "refused_to_assess", decided_by="officer-9", reason_codes=["other"], notice="to_follow")
        self.visited(days)
        return self.rows("refusal_to_assess")[0].key.removeprefix(f"{REF}/")


@pytest.fixture
def house(engine, tmp_path):
    return House(engine, tmp_path)


# --- a notice that never arrived -----------------------------------------------------------------------------------

def test_a_notice_that_came_back_has_not_reached_the_family_and_the_duty_is_owed_again_by_the_same_day(house):
    key = house.refuses(40)
    met = house.case(40).duty("decide_whether_to_assess")
    assert (met.state, met.met_on) == ("met", on(40))
    house.comes_back(41, key)
    owed = house.case(41).duty("decide_whether_to_assess")
    assert (owed.state, owed.met_on, owed.due_on) == ("open", None, met.due_on)
    assert house.case(43).duty("decide_whether_to_assess").state == "overdue"
    assert house.case(41).has("message_sent", key=f"{REF}/{key}"), "that it was dispatched stays on record"


def test_the_notice_counts_from_the_day_on_which_it_went_again(house):
    key = house.refuses(40)
    house.comes_back(41, key)
    house.moved_in(44)
    with writing(house.engine) as session:
        assert send_again(session, REF, hand(45), on(45)) == [f"{REF}/{key}/again-2"]
    owed = house.visited(45).duty("decide_whether_to_assess")
    assert (owed.met_on, owed.state, owed.days_late) == (on(45), "met_late", 3)
    window = house.case(45).duty("lodge_appeal")
    assert window.started_by.on == on(40) or window.due_on >= on(45 + 59)
    assert not house.lost(45)


def test_the_owner_is_told_the_same_day_and_it_is_on_the_work_list_until_somebody_has_had_it(house):
    key = house.refuses(40)
    assert not house.lost(40)
    house.comes_back(41, key)
    assert house.lost(41) == [("refusal_to_assess", "family", on(41), "5.1.1")]
    assert house.lost(40) == [] and house.lost(41, "officer-1") == [] and len(house.lost(41, "officer-7")) == 1
    house.visited(41, 12)
    told, = house.rows("send_failed")
    assert (told.to_role, told.status, told.queued_at.date()) == ("council.owner", "sent", on(41))
    letter = next((house.folder / "outbox/council.owner").glob("*send-failed*.eml")).read_text()
    assert "came back" in letter and "There is nobody else to send it to." in " ".join(letter.split())


def test_the_next_day_nobody_is_told_again(house):
    key = house.refuses(40)
    house.comes_back(41, key)
    house.visited(41, 12)
    house.visited(42)
    assert len(house.rows("send_failed")) == 1


def test_it_goes_on_by_itself_to_another_address_of_the_same_person(house):
    house.moved_in(1)
    key = house.refuses(40)
    noted = house.comes_back(41, key)
    assert noted.sent_on == [f"{REF}/{key}/again-2"]
    assert house.lost(41) == [], "it waits to be sent once more"
    owed = house.visited(41, 12).duty("decide_whether_to_assess")
    assert (owed.state, owed.met_on) == ("met", on(41))
    first, again = house.rows("refusal_to_assess")
    assert first.contact != again.contact and again.status == "sent"
    assert "sent on to another contact" in " ".join(
        next((house.folder / "outbox/council.owner").glob("*send-failed*.eml")).read_text().split())


def test_when_every_address_has_sent_it_back_a_person_must_see_to_it(house):
    house.moved_in(1)
    key = house.refuses(40)
    house.comes_back(41, key)
    house.visited(41, 12)
    noted = house.comes_back(42, f"{key}/again-2")
    assert noted.sent_on == [] and house.lost(42) == [("refusal_to_assess", "family", on(42), "5.1.1")]
    assert house.case(42).duty("decide_whether_to_assess").met_on is None


def test_a_full_mailbox_is_tried_once_more_and_no_oftener(house):
    key = house.refuses(40)
    assert house.comes_back(41, key, "4.2.2", final=False).sent_on == [f"{REF}/{key}/again-2"]
    house.visited(41, 12)
    assert house.comes_back(42, f"{key}/again-2", "4.2.2", final=False).sent_on == []


def test_an_answer_of_the_family_shows_that_it_arrived_whatever_the_channel_says(house):
    key = house.refuses(40)
    house.happens(41, "appeal_lodged")
    house.comes_back(42, key)
    assert house.case(42).duty("decide_whether_to_assess").met_on == on(40)


def test_a_notice_that_came_back_after_a_death_goes_nowhere(house):
    key = house.refuses(40)
    house.moved_in(40)
    house.happens(41, "child_died")
    assert house.comes_back(41, key).sent_on == []


# --- requests and plans --------------------------------------------------------------------------------------------

def asked(house):
    house.visited(0)
    house.happens(30, "decided_to_assess", decided_by="officer-9", reason_codes=["other"], notice="to_follow")
    house.visited(30)
    return next(row for row in house.rows("advice_request") if row.to_role == "rcb").key.removeprefix(f"{REF}/")


def test_a_request_for_advice_that_came_back_starts_no_clock(house):
    key = asked(house)
    assert house.case(30).duty("coop_respond_advice", adviser="adv_c_medical").due_on == on(72)
    house.comes_back(31, key)
    assert house.case(31).duty("coop_respond_advice", adviser="adv_c_medical") is None
    assert house.case(31).duty("seek_advice", adviser="adv_c_medical").is_live
    assert house.case(31).duty("coop_respond_advice", adviser="adv_b_education") is None
    assert house.case(31).duty("seek_advice", adviser="adv_d_psychology").met_on == on(30), "the others were asked"


def test_an_agency_that_answered_had_it(house):
    key = asked(house)
    house.happens(31, "advice_acknowledged", adviser="adv_c_medical", agency="icb-1")
    house.comes_back(32, key)
    assert house.case(32).duty("coop_respond_advice", adviser="adv_c_medical").due_on == on(72)


def to_final_plan(house):
    asked(house)
    for adviser in EVERY:
        house.happens(70, "advice_received", adviser=adviser)
    house.happens(90, "decided_to_issue", decided_by="officer-9", reason_codes=["other"], notice="to_follow")
    house.visited(90)
    house.happens(95, "draft_plan_prepared", document="draft-1", approved_by="officer-9", names_setting=False,
                  sections=[section for section in SECTIONS if section != "I"])
    house.visited(95)
    house.happens(96, "setting_requested", setting="school-2")
    house.visited(96)
    house.happens(100, "setting_answered", setting="school-2", reply="can_meet_needs")
    house.happens(108, "section_g_agreed")
    house.happens(112, "final_plan_prepared", document="plan-1", approved_by="officer-9", setting="school-2", sections=list(SECTIONS))
    return house.visited(112)


def test_a_final_plan_counts_as_sent_only_while_each_of_those_who_must_have_it_has_had_it(house):
    assert to_final_plan(house).stage is Stage.S55_FINALISED
    house.moved_in(112)
    [family] = [row.key.removeprefix(f"{REF}/") for row in house.rows("final_plan")]
    assert house.comes_back(113, family).sent_on
    assert house.case(113).duty("finalise_plan").met_on is None
    plan = house.visited(114)
    assert plan.duty("finalise_plan").met_on == on(114) and plan.stage is Stage.S55_FINALISED
    house.is_sound()
    rcb = next(row for row in house.rows("final_plan_partners") if row.to_role == "rcb").key.removeprefix(f"{REF}/")
    house.comes_back(115, rcb)
    assert house.case(115).duty("finalise_plan").met_on is None
    with writing(house.engine) as session:
        send_again(session, REF, hand(116), on(116))
    assert house.visited(116).duty("finalise_plan").met_on == on(116)


# --- what is told twice, or of what nobody sent --------------------------------------------------------------------

def test_the_same_told_twice_changes_nothing(house):
    key = house.refuses(40)
    house.comes_back(41, key)
    before = house.case(50).facts
    again = house.comes_back(42, key)
    assert (again.bounced, again.refs) == (0, set()) and house.case(50).facts == before


@pytest.mark.parametrize(("told", "kept"), [
    (["delivered"], "delivered"), (["opened", "delivered"], "opened"), (["delivered", "opened"], "opened"),
    (["delivered", "bounced"], "bounced"), (["bounced", "delivered", "opened"], "bounced")])
def test_the_gravest_that_a_channel_tells_stands(house, told, kept):
    key = house.refuses(40)
    for outcome in told:
        note(house.engine, house.office.channels, [Told(f"{REF}/{key}", outcome, "5.1.1")], hand(41), on(41))
    house.is_sound()
    assert house.rows("refusal_to_assess")[0].outcome == kept


@pytest.mark.parametrize("key", ["nothing/of/ours", f"{REF}/refusal_to_assess/family/9", ""])
def test_what_was_never_sent_is_left_alone(house, key):
    house.refuses(40)
    before = house.case(50).facts
    noted = note(house.engine, house.office.channels, [Told(key, "bounced", "5.1.1")], hand(41), on(41))
    assert (noted.bounced, noted.problems) == (0, []) and house.case(50).facts == before


def test_what_is_still_in_the_outbox_cannot_have_come_back(house):
    house.office = Office(Channels({"default": SecretStr("json://127.0.0.1:9/x?cto=1")}, house.folder), council())
    house.visited(0)
    key = house.rows("considering_partners")[0].key
    assert house.rows("considering_partners")[0].status == "queued"
    assert note(house.engine, house.office.channels, [Told(key, "bounced", "5.1.1")], hand(1), on(1)).bounced == 0


def test_what_the_owner_was_to_have_and_came_back_goes_to_whoever_leads(house):
    house.happens(5, "request_withdrawn")
    house.visited(5)
    key = house.rows("decision_needed")[0].key.removeprefix(f"{REF}/")
    house.comes_back(6, key)
    house.visited(6, 12)
    assert [row.to_role for row in house.rows("send_failed")] == ["council.lead"]
    house.comes_back(7, house.rows("send_failed")[0].key.removeprefix(f"{REF}/"))
    house.visited(7, 12)
    assert len(house.rows("send_failed")) == 1, "about that message nobody is written to again: it is on the work list"
    assert ("send_failed", "council.lead", on(7), "5.1.1") in house.lost(7)


def test_a_digest_that_came_back_came_back_for_each_reminder_in_it(house):
    house.visited(0)
    key = house.rows("considering_partners")[0].key
    with writing(house.engine) as session:
        for row in session.exec(select(MessageRow).where(MessageRow.message == "considering_partners")):
            row.digest = "digest/2026-03-02/0123"
            session.add(row)
    noted = note(house.engine, house.office.channels, [Told("digest/2026-03-02/0123", "bounced", "5.1.1")], hand(1), on(1))
    assert noted.bounced == 3 and key in {fact["key"] for fact in house.case(1).all("message_bounced")}


def test_nothing_is_sent_again_that_has_arrived_since(house):
    house.moved_in(1)
    key = house.refuses(40)
    house.comes_back(41, key)
    house.visited(41, 12)
    with writing(house.engine) as session, pytest.raises(NotToBeSent):
        send_again(session, REF, hand(42), on(42))
    assert undelivered_in(house.case(42)) == []


def test_whatever_a_message_can_prove_can_be_taken_back():
    assert {kind for message in MESSAGES.values() if (kind := message.proves)} <= PROVED.keys() <= KINDS.keys()
    assert {kind for shows in PROVED.values() for kind in shows} <= KINDS.keys()


# --- a message that first waits and then fails for good -------------------------------------------------------------

class RefusesTheFamily(Channels):
    """Takes everything but what goes to the family, and that never."""

    def send(self, to_role, to_agency, letter, key, ref, *rest, **more):
        if to_role == "family":
            raise NotSent(ref, "the address of 'family' was refused for good.", retry=False, why="refused")
        return super().send(to_role, to_agency, letter, key, ref, *rest, **more)


def test_a_letter_that_was_kept_back_first_and_is_then_refused_is_recorded_as_failed_and_the_owner_is_told(house):
    house.visited(0)
    with writing(house.engine) as session:
        session.exec(select(Contact)).one().until = on(1)
        add_contact(session, REF, NewContact("family", "Parent Other", apprise_url=house.url("new-home")), on(1), "officer-7")
    house.happens(40, "refused_to_assess", decided_by="officer-9", reason_codes=["other"], notice="to_follow")
    kept_back = house.visited(40)
    assert [fact["final"] for fact in kept_back.all("message_failed")] == [False]
    with writing(house.engine) as session:
        verify_contact(session, REF, "family", hand(41, 8, "officer-8"), on(41))
    house.office = Office(RefusesTheFamily({}, house.folder / "outbox"), council())
    failed = house.visited(41, 12)
    letter, = house.rows("refusal_to_assess")
    assert letter.status == "failed" and failed.has("message_failed", key=letter.key, why="refused", final=True)
    assert any(row.to_role == "council.owner" and row.status == "sent" for row in house.rows("send_failed"))
    house.is_sound()
