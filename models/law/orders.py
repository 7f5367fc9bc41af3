"""Complying with the Tribunal: orders (reg 44), appeals that are not opposed (reg 45), recommendations (SI 2017/1306).

The limits run from the day on which the order was made, or the Tribunal was told. They apply to what was agreed in
mediation as well, where it could have been appealed (reg 42(2)).
"""

from datetime import date

from models.law.counting import Counting
from models.law.dates import Limit, long
from models.law.duty import Duty, When
from models.law.parties import COUNCIL, FAMILY, NAMED_SETTING, RCB, SECRETARY_OF_STATE
from models.law.record import as_day
from models.law.request import AS_SOON_AS_PRACTICABLE

ORDER_EXCEPTIONS = ("X_PERSONAL", "X_ABSENT2", "X_SCHOOL", "X_EARLY", "X_ABSENT4")
RECEIVED_PLAN = (FAMILY, NAMED_SETTING, RCB)
ENDS = ("child_died", "plan_transferred", "withdrawal_accepted", "moved_away")
NEW_REG_45, OLD_REG_45 = date(2015, 3, 23), date(2015, 3, 22)
RECOMMENDATIONS = date(2018, 4, 3)
PLAN_SENT = ("final_plan_sent", "final_amended_plan_sent")
ASSESSMENT_BEGUN = ("decided_to_assess", "reassessment_decided=reassess")
NO_PLAN = ("refused_to_issue", "decided_no_change")
GOES_ON = ("decided_to_issue", *PLAN_SENT)


def from_the_order_or_as_agreed(limit: Limit):
    """The limit from the order; where the parties to a mediation agreed in writing to another day, that day (reg 42(5))."""
    def count(counting: Counting) -> tuple[date, str]:
        if (agreed := counting.field("agreed_by")) is not None:
            return as_day(agreed), f"the parties agreed in writing to {long(as_day(agreed))} (reg 42(5))"
        return limit.last_day(counting.start), limit.working(counting.start)
    return count


def _order(id: str, order: str, words: str, paragraph: str, limit: Limit | None, met_by: tuple[str, ...], **more: object) -> Duty:
    """A row of reg 44. An agreement in mediation of the same kind is complied with as if it were the order (reg 42(2))."""
    fields = dict(
        id=id, owed_by=COUNCIL, owed_to=(FAMILY,), words=words, per="order", also_per=("agreement",),
        starts_on=(f"tribunal_order_made={order}", f"mediation_agreed={order}"), limit=limit,
        counts=from_the_order_or_as_agreed(limit) if limit else None, met_by=met_by, ends_with=ENDS,
        citation=f"reg 44{paragraph}")
    return Duty(**(fields | more))


def _relieved(basis: str) -> dict[str, object]:
    return {"exceptions": ORDER_EXCEPTIONS, "exception_basis": basis}


def _unopposed(id: str, about: str, words: str, paragraph: str, limit: Limit | None, met_by: tuple[str, ...], **more: object) -> Duty:
    fields = dict(
        id=id, owed_by=COUNCIL, owed_to=(FAMILY,), words=words, per="concession", starts_on=(f"appeal_unopposed={about}",),
        limit=limit, met_by=met_by, ends_with=ENDS, citation=f"reg 45{paragraph}", valid_from=NEW_REG_45, text="SI 2015/359")
    return Duty(**(fields | more))


def _old(row: Duty, **more: object) -> Duty:
    """A row of reg 45 as it was made."""
    fields = {name: getattr(row, name) for name in row.__dataclass_fields__}
    return Duty(**(fields | {"valid_from": date(2014, 9, 1), "valid_to": OLD_REG_45, "text": "SI 2014/1530 as made"} | more))


_SECTION_3 = "reg 44(3): personal circumstances, an absence of two weeks, and what reg 13(3) refers to"
_SECTION_7 = "reg 45(7): personal circumstances, an absence of two weeks, and what reg 13(3) refers to"

_AMENDED = {"owed_to": RECEIVED_PLAN, "notice_pack": "N_APPEAL_B", "appeal": "s.51(2)(c), s.51(3)(b)"}

_UNOP_ASSESS = _unopposed("unop_assess_notify", "assess", "tell the family that the assessment or re-assessment will be made",
                          "(3)", Limit("W", 2), ASSESSMENT_BEGUN, **_relieved(_SECTION_7))
_UNOP_CONTENTS = _unopposed("unop_contents", "contents", "issue the amended plan", "(4)", Limit("W", 5), PLAN_SENT,
                            **_AMENDED)
_UNOP_SETTING = _unopposed("unop_setting", "setting", "issue the plan with the setting or type that the appeal was about",
                           "(5)(a)", Limit("W", 2), PLAN_SENT, **_AMENDED)

ORDERS = (
    _order("ord_dismiss_cease", "dismiss_cease", "cease to maintain the plan, as the Tribunal dismissed the appeal against it",
           "(2)(a)", None, ("plan_ceased",), timing="immediately", type="step"),
    _order("ord_assess_notify", "assess", "tell the family that the assessment or re-assessment will be made", "(2)(b)",
           Limit("W", 2), ASSESSMENT_BEGUN, **_relieved(_SECTION_3)),
    _order("ord_assess_no_plan", "assess", "where the assessment shows that no plan is necessary: tell the family, with reasons",
           "(2)(b)(i)", Limit("W", 10), NO_PLAN, ends_with=(*GOES_ON, *ENDS), clean_end=GOES_ON,
           residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_B", appeal="s.51(2)(b)", **_relieved(_SECTION_3)),
    _order("ord_assess_final", "assess", "where the assessment shows that a plan is necessary: send the final plan",
           "(2)(b)(ii)", Limit("W", 14), PLAN_SENT, owed_to=RECEIVED_PLAN, ends_with=(*NO_PLAN, *ENDS), clean_end=NO_PLAN,
           residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(a)", **_relieved(_SECTION_3)),
    _order("ord_make_draft", "make_plan", "issue a draft plan", "(2)(c)(i)", Limit("W", 5), ("draft_plan_served",),
           notice_pack="N_DRAFT", **_relieved(_SECTION_3)),
    _order("ord_make_final", "make_plan", "send the final plan", "(2)(c)(ii)", Limit("W", 11), ("final_plan_sent",),
           owed_to=RECEIVED_PLAN, notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(a)", **_relieved(_SECTION_3)),
    _order("ord_remit", "remit", "reconsider, and either send a draft under reg 13 or give notice of a refusal", "(2)(d)",
           Limit("W", 2), ("draft_plan_served", "refused_to_issue"), notice_pack="N_APPEAL_B", appeal="s.51(2)(b)"),
    _order("ord_amend_sep", "amend_provision", "amend the special educational provision in the plan", "(2)(e)", Limit("W", 5),
           PLAN_SENT, owed_to=RECEIVED_PLAN, notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(b)"),
    _order("ord_amend_setting", "amend_setting", "change the setting or type of setting in the plan", "(2)(f)", Limit("W", 2),
           PLAN_SENT, owed_to=RECEIVED_PLAN, notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(b)"),
    _order("ord_continue", "continue", "go on maintaining the plan as it is", "(2)(g)", None, (), type="step",
           timing="continue", ends_with=("plan_ceased", *ENDS)),
    _order("ord_continue_amend", "continue_amend", "go on maintaining the plan, and amend it", "(2)(h)", Limit("W", 5),
           PLAN_SENT, owed_to=RECEIVED_PLAN, notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(b)"),
)

UNOPPOSED = (
    _old(_UNOP_ASSESS, limit=Limit("W", 4)), _UNOP_ASSESS,
    _unopposed("unop_assess_no_plan", "assess", "where the assessment shows that no plan is necessary: tell the family, with"
               " reasons", "(3A)(a)", Limit("W", 10), NO_PLAN, ends_with=(*GOES_ON, *ENDS), clean_end=GOES_ON,
               residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_B", appeal="s.51(2)(b)"),
    _unopposed("unop_assess_final", "assess", "where the assessment shows that a plan is necessary: send the final plan",
               "(3A)(b)", Limit("W", 14), PLAN_SENT, owed_to=RECEIVED_PLAN, ends_with=(*NO_PLAN, *ENDS), clean_end=NO_PLAN,
               residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(a)"),
    _old(_UNOP_CONTENTS, limit=Limit("W", 4), **_relieved("reg 45(7) as made, which named paragraph (4)")), _UNOP_CONTENTS,
    _old(_UNOP_SETTING, citation="reg 45(5)"), _UNOP_SETTING,
    _unopposed("unop_setting_and_contents", "setting_and_contents", "issue the amended plan, setting and contents", "(5)(b)",
               Limit("W", 5), PLAN_SENT, **_AMENDED),
    _unopposed("unop_refuse_issue_draft", "issue", "issue a draft plan", "(6)(a)", Limit("W", 5), ("draft_plan_served",),
               notice_pack="N_DRAFT", **_relieved(_SECTION_7)),
    _unopposed("unop_refuse_issue_final", "issue", "send the final plan", "(6)(b)", Limit("W", 11), ("final_plan_sent",),
               owed_to=RECEIVED_PLAN, notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(a)", **_relieved(_SECTION_7)),
    _unopposed("unop_cease", "cease", "go on maintaining the plan, and amend it where that is agreed", "(6A)", Limit("W", 5),
               PLAN_SENT, **_AMENDED,
               when=When("it is not agreed that nothing is to be amended", lambda fact: fact["amendment_agreed"] is not False)),
)

AFTER_3_APRIL_2018 = When("the decision or plan appealed was made on or after 3 April 2018",
                          lambda fact: fact["decision_on"] is None or as_day(fact["decision_on"]) >= RECOMMENDATIONS)


def as_directed(limit: Limit):
    """The limit beginning with the day, unless the Tribunal directed another day (SI 2017/1306 regs 6(4), 7(2))."""
    def count(counting: Counting) -> tuple[date, str]:
        if (directed := counting.field("directed_by")) is not None:
            return as_day(directed), f"the Tribunal directed {long(as_day(directed))}"
        return limit.last_day(counting.start), limit.working(counting.start)
    return count


def _recommendation(id: str, service: str, owed_by: str, owed_to: tuple[str, ...], words: str, paragraph: str) -> Duty:
    limit = Limit("WB", 5)
    return Duty(
        id=id, owed_by=owed_by, owed_to=owed_to, words=words, per="recommendation", when=AFTER_3_APRIL_2018,
        starts_on=(f"recommendation_made={service}",), limit=limit, counts=as_directed(limit), met_by=("recommendation_answered",),
        ends_with=("child_died",), citation=f"SI 2017/1306 reg {paragraph}", valid_from=RECOMMENDATIONS, text="SI 2017/1306",
        selector="start_date")


def _copy(id: str, service: str, words: str, paragraph: str) -> Duty:
    return Duty(
        id=id, owed_by=COUNCIL, owed_to=(SECRETARY_OF_STATE,), words=words, per="recommendation",
        starts_on=("recommendation_answered",), limit=Limit("WB", 1), met_by=("recommendation_answer_copied",),
        ends_with=("child_died",), only_with=(f"recommendation_made={service}",), citation=f"SI 2017/1306 reg {paragraph}",
        valid_from=RECOMMENDATIONS, text="SI 2017/1306", selector="start_date")


RECOMMENDED = (
    _recommendation("rec_health_response", "health", RCB, (FAMILY, COUNCIL),
                    "answer the recommendation about health care in writing: the steps decided, and reasons for not following any"
                    " part of it", "6(3), (4)"),
    _recommendation("rec_social_response", "social_care", COUNCIL, (FAMILY,),
                    "answer the recommendation about social care in writing: the steps decided, and reasons for not following any"
                    " part of it", "7(1), (2)"),
    _copy("rec_health_copy_sos", "health", "send the Secretary of State a copy of the commissioning body's answer", "6(6)"),
    _copy("rec_social_copy_sos", "social_care", "send the Secretary of State a copy of the council's answer", "7(4)"),
)

DUTIES = (*ORDERS, *UNOPPOSED, *RECOMMENDED)
