"""Moves and changes of the responsible body: regs 15 and 16. No exception relieves any of these limits."""

from datetime import date

from models.law.counting import Counting
from models.law.dates import Limit, long, step_working_days
from models.law.duty import Duty, When
from models.law.parties import COUNCIL, FAMILY, NEW_COUNCIL, NEW_RCB, OLD_COUNCIL, OLD_RCB
from models.law.record import Fact, as_day

AHEAD = 15                               # working days of notice from which the day of the move itself is the limit
DEATH = ("child_died",)
CAME = When("the plan came from another authority", lambda fact: fact["side"] != "old_authority")
GOES = When("the plan goes to another authority", lambda fact: fact["side"] != "new_authority")


def by_the_move(counting: Counting) -> tuple[date, str]:
    """The day of the move where it was known at least 15 working days before; otherwise 15 working days beginning with
    the day of becoming aware (reg 15(2), (7))."""
    limit = Limit("WDB", AHEAD)
    moves = counting.field("moves_on")
    if moves is not None:
        moves = as_day(moves)
        if step_working_days(moves, -AHEAD, counting.bank_holidays) >= counting.start:
            return moves, (f"known on {long(counting.start)}, at least {AHEAD} working days before the move: the day of the"
                           f" move = {long(moves)}")
    return limit.last_day(counting.start, counting.bank_holidays), limit.working(counting.start, counting.bank_holidays)


def later_of_review_and_transfer(counting: Counting) -> tuple[date, str]:
    """The later of 12 months beginning with the making or last review, and 3 months beginning with the transfer (reg 15(5))."""
    three, twelve = Limit("MB", 3), Limit("MB", 12)
    by_transfer = three.last_day(counting.start)
    words = three.working(counting.start)
    before = [as_day(day) for name in ("made_on", "last_reviewed_on") if (day := counting.field(name))]
    if not before:
        return by_transfer, words
    by_review = twelve.last_day(max(before))
    return max(by_transfer, by_review), f"{words}; {twelve.working(max(before))}; the later of the two"


DUTIES = (
    Duty(
        id="transfer_plan_on_move", owed_by=OLD_COUNCIL, owed_to=(NEW_COUNCIL,), per="move", when=GOES,
        words="transfer the plan to the authority of the new address on the day of the move; where that was known less than"
              " 15 working days before, within 15 working days of becoming aware",
        starts_on=("move_known",), limit=Limit("WDB", AHEAD), counts=by_the_move, met_by=("plan_transferred",),
        ends_with=("move_called_off", *DEATH), citation="reg 15(2)"),
    Duty(
        id="new_la_inform", owed_by=NEW_COUNCIL, owed_to=(FAMILY,), per="move", when=CAME,
        words="tell the family that the plan was transferred, whether an assessment is proposed, and when the plan will be"
              " reviewed",
        starts_on=("plan_transferred",), limit=Limit("W", 6), met_by=("family_told_of_transfer",), ends_with=DEATH,
        citation="reg 15(4)"),
    Duty(
        id="new_la_review", owed_by=NEW_COUNCIL, owed_to=(FAMILY,), per="move", when=CAME,
        words="review the plan before the later of 12 months from its making or last review and 3 months from the transfer",
        starts_on=("plan_transferred",), limit=Limit("MB", 3), counts=later_of_review_and_transfer,
        met_by=("review_decision_sent",), ends_with=("plan_ceased", *DEATH), citation="reg 15(5)"),
    Duty(
        id="new_la_interim_place", type="step", owed_by=NEW_COUNCIL, owed_to=(FAMILY,), per="move",
        when=When("it is not practicable to attend the setting that the plan names",
                  lambda fact: CAME.test(fact) and bool(fact["place_impracticable"])),
        words="arrange another appropriate setting until the plan is amended",
        starts_on=("plan_transferred",), limit=None, met_by=("interim_place_arranged",), ends_with=("plan_ceased", *DEATH),
        citation="reg 15(6)"),
    Duty(
        id="reuse_transferred_advice", type="prohibition", owed_by=NEW_COUNCIL, owed_to=(FAMILY,),
        words="do not ask again for advice that the old authority had, where the adviser, the old authority and the family are"
              " satisfied that it suffices",
        starts_on=(), limit=None, timing="if the new authority assesses", citation="reg 15(3)(b)"),
    Duty(
        id="old_rcb_notify_new_rcb_move", owed_by=OLD_RCB, owed_to=(NEW_RCB,), per="move",
        when=When("the commissioning body changes with the move",
                  lambda fact: GOES.test(fact) and fact["same_rcb"] is not True),
        words="tell the new commissioning body of the move, on the day of it or within 15 working days of becoming aware",
        starts_on=("move_known",), limit=Limit("WDB", AHEAD), counts=by_the_move, met_by=("new_rcb_told_of_move",),
        ends_with=("move_called_off", *DEATH), citation="reg 15(7)"),
    Duty(
        id="new_rcb_request_after_move", owed_by=NEW_RCB, owed_to=(NEW_COUNCIL,), per="move",
        words="where it is not practicable to arrange the health care of section G: ask the new authority to assess or to"
              " review, which it must then do",
        starts_on=("new_rcb_aware_of_move",), limit=Limit("WDB", AHEAD), met_by=("new_rcb_asked_after_move",),
        when=When("it is not practicable to arrange section G", lambda fact: fact["practicable"] is not True),
        ends_with=("plan_ceased", *DEATH), citation="reg 15(8)"),
    Duty(
        id="old_rcb_notify_change", owed_by=OLD_RCB, owed_to=(NEW_RCB,), per="rcb_change",
        words="tell the new commissioning body that it has become responsible, such as after a change of GP",
        starts_on=("rcb_change_known",), limit=Limit("WDB", AHEAD), met_by=("new_rcb_told_of_change",),
        ends_with=("plan_ceased", *DEATH), citation="reg 16(2)"),
    Duty(
        id="new_rcb_request_change", owed_by=NEW_RCB, owed_to=(COUNCIL,), per="rcb_change",
        words="where it is not practicable to arrange the health care of section G: ask the council to assess or to review,"
              " which it must then do",
        starts_on=("new_rcb_aware_of_change",), limit=Limit("WDB", AHEAD), met_by=("new_rcb_asked_after_change",),
        when=When("it is not practicable to arrange section G", lambda fact: fact["practicable"] is not True),
        ends_with=("plan_ceased", *DEATH), citation="reg 16(3)"),
    Duty(
        id="move_mid_assessment", type="rule", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="a move before there is a plan: the old case ends, and the new authority decides afresh from the day on which it"
              " receives a request or becomes responsible, taking account of what the old one decided",
        starts_on=(), limit=None, timing="none: reg 15 needs a maintained plan", citation="Code 9.160-9.161", kind="guide"),
)


def is_gone(fact: Fact) -> bool:
    """Whether a transfer took the plan away from this council."""
    return fact.kind == "plan_transferred" and fact["side"] != "new_authority"


