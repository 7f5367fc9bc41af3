"""Detained persons: ss.70 to 75, SI 2015/62 ("DP reg"). Part 3 of the Act is otherwise disapplied while a child or young
person of 18 or under is detained in relevant youth accommodation (s.70).

An assessment under s.71 is told by `detained` on the fact that starts its clocks; the decisions and documents that follow
are the same kinds of fact as in an ordinary assessment.
"""

from datetime import date

from models.law.advice import NO_ANSWER_OWED
from models.law.dates import Limit
from models.law.duty import Duty, When
from models.law.orders import GOES_ON, NO_PLAN, PLAN_SENT
from models.law.parties import (ADVISER, APPROPRIATE_PERSON, DPHSC, HOME_AUTHORITY, HOME_RCB, MEDIATION_ADVISER, NAMED_SETTING,
                                NEW_COUNCIL, PERSON_IN_CHARGE, RCB, S31_BODY, SETTING, SOCIAL_CARE, YOT)
from models.law.request import AS_SOON_AS_PRACTICABLE, CASE_ENDS, DAY_ZERO, DETERMINED

DP_FROM = date(2015, 4, 1)
TEXT = "SI 2015/62"
CLOSURE_PERSON_PARENT = ("X_SCHOOL", "X_PERSONAL", "X_ABSENT4")
ORDER_CODES = ("X_PERSONAL", "X_ABSENT2", "X_SCHOOL")
OVER = ("released", *CASE_ENDS)
WHOLE_PLAN = (APPROPRIATE_PERSON, PERSON_IN_CHARGE, YOT, NAMED_SETTING, HOME_RCB, DPHSC)


def _dp(**fields: object) -> Duty:
    return Duty(**({"regime": "detained", "valid_from": DP_FROM, "text": TEXT, "owed_by": HOME_AUTHORITY} | fields))


def _branches(id: str, per: str, starts: str, citation: str, relieved: tuple[str, ...], basis: str, rows: tuple, **more: object
              ) -> tuple[Duty, ...]:
    """The limits that one provision sets for several cases, as one id."""
    return tuple(_dp(
        id=id, branch=branch, per=per, words=words, owed_to=(APPROPRIATE_PERSON,), starts_on=(f"{starts}={which}",),
        limit=Limit("W", weeks), met_by=met_by, ends_with=(*ends, "child_died"), clean_end=ends,
        citation=citation.format(paragraph), exceptions=ORDER_CODES if branch in relieved else (),
        exception_basis=basis if branch in relieved else "", **more)
        for branch, which, words, weeks, met_by, ends, paragraph in rows)


def _unfinished(id: str, words: str, starts: str, citation: str) -> tuple[Duty, ...]:
    rows = (
        ("decide_whether_to_assess", "decide whether to assess", 6, DETERMINED, (), "(c)"),
        ("refuse_to_issue", "where no plan is made: tell the decision", 16, ("refused_to_issue",),
         ("decided_to_issue", "final_plan_sent", "refused_to_assess"), "(b)"),
        ("finalise", "finalise the plan", 20, ("final_plan_sent",), ("refused_to_issue", "refused_to_assess"), "(a)"))
    return tuple(Duty(
        id=id, branch=branch, owed_by="local_authority" if id.endswith("release") else HOME_AUTHORITY,
        owed_to=(APPROPRIATE_PERSON,), words=f"{words}: {what}, counted from the original day; what was done counts",
        starts_on=DAY_ZERO, limit=Limit("W", weeks), met_by=met, ends_with=(*ends, *CASE_ENDS), clean_end=ends,
        citation=f"{citation}{paragraph}", residual=AS_SOON_AS_PRACTICABLE, regime=starts, valid_from=DP_FROM, text=TEXT)
        for branch, what, weeks, met, ends, paragraph in rows)


DUTIES = (
    _dp(id="dp_consult", type="step", owed_to=(APPROPRIATE_PERSON, PERSON_IN_CHARGE),
        words="consult the appropriate person and the person in charge before determining whether a plan may be necessary on"
              " release", starts_on=DAY_ZERO, limit=None, timing="as soon as practicable, before determining",
        met_by=("family_consulted",), ends_with=(*DETERMINED, *OVER), citation="DP reg 3"),
    _dp(id="dp_determination_no", owed_to=(APPROPRIATE_PERSON, PERSON_IN_CHARGE),
        words="tell the appropriate person and the person in charge of a determination that no plan may be necessary on release",
        starts_on=DAY_ZERO, limit=Limit("W", 6), met_by=("refused_to_assess",), ends_with=("decided_to_assess", *OVER),
        clean_end=("decided_to_assess",), citation="DP reg 4(1)", exception_basis="DP reg 4 has no paragraph of exceptions",
        residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_A", appeal="s.73(2)(a)"),
    _dp(id="dp_notify_partners", type="step", owed_to=(HOME_RCB, DPHSC, SOCIAL_CARE, YOT, SETTING),
        words="tell the home commissioning body, the health services commissioner, social care, the youth offending team, and the"
              " head teacher or principal that an assessment is considered",
        starts_on=DAY_ZERO, limit=None, met_by=("partner_told_considering",), per="recipient",
        ends_with=(*DETERMINED, *OVER), citation="DP reg 4(2)"),
    _dp(id="dp_decide_assess", owed_to=(APPROPRIATE_PERSON, PERSON_IN_CHARGE),
        words="decide whether to secure an assessment, and tell the appropriate person, the person in charge and those of"
              " DP reg 4(2)", starts_on=DAY_ZERO, limit=Limit("W", 6), reporting_limit=Limit("WB", 6), met_by=DETERMINED,
        ends_with=OVER, citation="DP reg 5", exceptions=CLOSURE_PERSON_PARENT, exception_basis="DP reg 5(4)",
        residual=AS_SOON_AS_PRACTICABLE, notice_pack="N_APPEAL_A", appeal="s.73(2)(a)"),
    _dp(id="dp_advice", type="step", owed_to=(ADVISER,),
        words="seek advice as reg 6 asks, and from the person in charge and the youth offending team; educational advice from"
              " the setting before detention", starts_on=("decided_to_assess",), limit=None,
        met_by=("advice_requested", "existing_advice_sufficed", "advice_received"), per="adviser", per_round=True,
        ends_with=("refused_to_assess", "refused_to_issue", "final_plan_sent", *OVER), citation="DP reg 6"),
    _dp(id="dp_coop", owed_by=S31_BODY, owed_to=(HOME_AUTHORITY,),
        words="answer the home authority's request for advice", starts_on=("advice_delivered",), awaits="advice_requested",
        limit=Limit("W", 6), met_by=("advice_received",), per="adviser", per_round=True, asked_anew=True,
        ends_with=(*NO_ANSWER_OWED, "refused_to_assess", "refused_to_issue", "final_plan_sent", *CASE_ENDS),
        citation="s.31, DP reg 8", exceptions=("X8_EXC", "X8_ABSENT4", "X8_MISSED"),
        exception_basis="DP reg 8(2)", residual=AS_SOON_AS_PRACTICABLE),
    _dp(id="dp_refuse_issue", owed_to=(APPROPRIATE_PERSON, HOME_RCB, DPHSC, YOT, SETTING),
        words="tell the appropriate person (the person in charge under s.71(10)), the home commissioning body, the health"
              " services commissioner, the youth offending team and the setting that no plan will be made",
        starts_on=DAY_ZERO, limit=Limit("W", 16), reporting_limit=Limit("WB", 16), met_by=("refused_to_issue",),
        ends_with=("decided_to_issue", "final_plan_sent", "refused_to_assess", *OVER),
        clean_end=("decided_to_issue", "final_plan_sent", "refused_to_assess"), citation="DP reg 10",
        exceptions=CLOSURE_PERSON_PARENT, exception_basis="DP reg 10(4)", residual=AS_SOON_AS_PRACTICABLE,
        notice_pack="N_APPEAL_A", appeal="s.73(2)(b)"),
    _dp(id="dp_draft_window", type="window", owed_to=(APPROPRIATE_PERSON,),
        words="let the appropriate person make representations about the draft; a floor, no deadline for the authority",
        starts_on=("draft_plan_served",), latest_start=True, limit=Limit("DMIN", 15),
        ends_with=("final_plan_sent", "refused_to_issue", *CASE_ENDS), citation="DP reg 13(1)", notice_pack="N_DRAFT"),
    _dp(id="dp_finalise", owed_to=WHOLE_PLAN,
        words="send the final plan to the appropriate person, the person in charge, the youth offending team, the setting named,"
              " the home commissioning body and the health services commissioner",
        starts_on=DAY_ZERO, limit=Limit("W", 20), reporting_limit=Limit("WB", 20), met_by=("final_plan_sent",),
        ends_with=("refused_to_assess", "refused_to_issue", *OVER), clean_end=("refused_to_assess", "refused_to_issue"),
        citation="DP reg 13(2), (3)", exceptions=CLOSURE_PERSON_PARENT,
        exception_basis="DP reg 13(3), which imports DP reg 10(4)(a)-(c)", residual=AS_SOON_AS_PRACTICABLE,
        notice_pack="N_APPEAL_A", appeal="s.73(2)(c)"),
    *_unfinished("dp_unfinished_on_release", "complete as an ordinary assessment what was begun in detention; not where another"
                 " authority takes over", "released", "DP reg 15(1)"),
    *_unfinished("dp_unfinished_on_detention", "complete as a detained person's assessment what was begun before detention",
                 "detained_since", "DP reg 15(4)"),
    _dp(id="dp_release_disclose_new_la", owed_to=(NEW_COUNCIL,), per="detention", regime="any",
        words="disclose the plan to the authority into whose area the person is released",
        starts_on=("release_known",), limit=Limit("WD", 5), met_by=("plan_disclosed_to_new_authority",),
        when=When("another authority becomes responsible", lambda fact: fact["to"] is not None),
        ends_with=("child_died",), citation="DP reg 16(2)"),
    _dp(id="dp_new_la_disclose_rcb", owed_by=NEW_COUNCIL, owed_to=(RCB,), per="detention", regime="any",
        words="disclose the plan to the commissioning body, within 5 working days of becoming responsible or of receiving the"
              " plan, whichever is later",
        starts_on=("new_authority_received_plan",), latest_start=True, limit=Limit("WD", 5), met_by=("plan_disclosed_to_rcb",),
        ends_with=("child_died",), citation="DP reg 16(3)"),
    _dp(id="dp_rcb_request", owed_by=RCB, owed_to=(NEW_COUNCIL,), per="detention", regime="any",
        words="where it is not practicable to arrange the health care of the plan: ask the new authority to assess or review",
        starts_on=("plan_disclosed_to_rcb",), limit=Limit("WD", 15), met_by=("rcb_request_after_release",),
        ends_with=("child_died",), citation="DP reg 16(4)"),
    _dp(id="dp_send_kept_plan", owed_to=(PERSON_IN_CHARGE, YOT, DPHSC), per="detention", regime="any",
        words="send the plan that is kept to the person in charge, the youth offending team and the health services commissioner",
        starts_on=("detention_began",), starts_at="known_on", limit=Limit("WD", 5), met_by=("kept_plan_sent",),
        when=When("a plan is kept", lambda fact: fact["plan_kept"] is not False),
        ends_with=("released", "child_died"), citation="DP reg 17(1)"),
    _dp(id="dp_send_on_move", owed_to=(PERSON_IN_CHARGE,), per="detention", regime="any",
        words="send the plan to the person in charge of the new accommodation", starts_on=("moved_within_custody",),
        latest_start=True, limit=Limit("WD", 5), met_by=("plan_sent_to_new_accommodation",),
        ends_with=("released", "child_died"), citation="DP reg 17(2)"),
    _dp(id="dp_mediation_contact", type="window", owed_by=APPROPRIATE_PERSON, owed_to=(MEDIATION_ADVISER,), per="decision",
        words="tell a mediation adviser of the wish to appeal, and whether mediation is wanted",
        starts_on=("refused_to_assess", "refused_to_issue", "final_plan_sent"), limit=Limit("M", 2),
        met_by=("mediation_adviser_contacted",), ends_with=CASE_ENDS, citation="DP reg 19"),
    *(_dp(id="dp_certificates", branch=branch, owed_by=MEDIATION_ADVISER, owed_to=(APPROPRIATE_PERSON,), per="mediation",
          words=words, starts_on=(starts,), limit=Limit("WD", 3), met_by=("mediation_certificate_issued",),
          ends_with=("child_died",), citation=f"DP reg {paragraph}")
      for branch, words, starts, paragraph in (
          ("no_mediation", "issue a certificate where mediation is not wanted", "mediation_not_wanted", "20(1)"),
          ("after_mediation", "issue a certificate after the conclusion of the mediation", "mediation_held", "24(1)"),
          ("deemed", "issue a certificate where mediation could not be arranged in time", "adviser_told_mediation_failed", "24(3)"))),
    _dp(id="dp_arrange_mediation", owed_to=(APPROPRIATE_PERSON,), per="mediation",
        words="arrange mediation within 30 days of the day on which the mediation adviser, not the authority, was told",
        starts_on=("adviser_told_mediation_wanted",), limit=Limit("D", 30), met_by=("mediation_arranged", "mediation_held"),
        ends_with=("mediation_agreed", "mediation_certificate_issued", "adviser_told_mediation_failed", "child_died"),
        citation="DP reg 21"),
    _dp(id="dp_mediation_notice", owed_to=(APPROPRIATE_PERSON,), per="mediation",
        words="tell the appropriate person date and place at least 5 working days before the mediation, unless less is agreed",
        starts_on=("mediation_arranged",), starts_at="meeting_on", latest_start=True, limit=Limit("NOTWD", 5),
        when=When("the day of the mediation is known", lambda fact: fact["meeting_on"] is not None),
        met_by=("mediation_date_told",), ends_with=("shorter_notice_agreed", "mediation_held", "child_died"),
        clean_end=("shorter_notice_agreed",), citation="DP reg 22(2)"),
    *_branches(
        "dp_orders", "order", "tribunal_order_made", "DP reg 29{}", ("make_draft", "make_final", "remit"), "DP reg 29(7)", (
            ("assess_notify", "assess", "tell the appropriate person that the assessment will be made", 2, ("decided_to_assess",),
             (), "(2)"),
            ("assess_no_plan", "assess", "where no plan is necessary: tell the decision, with reasons", 10, NO_PLAN, GOES_ON, "(3)(a)"),
            ("assess_final", "assess", "where a plan is necessary: send the final plan", 14, PLAN_SENT, NO_PLAN, "(3)(b)"),
            ("make_draft", "make_plan", "issue a draft plan", 5, ("draft_plan_served",), (), "(4)(a)"),
            ("make_final", "make_plan", "send the final plan", 11, ("final_plan_sent",), (), "(4)(b)"),
            ("remit", "remit", "reconsider, and either send a draft or give notice of a refusal", 2,
             ("draft_plan_served", "refused_to_issue"), (), "(5)"),
            ("setting", "amend_setting", "issue the plan with the setting or type ordered", 2, PLAN_SENT, (), "(6)"))),
    *_branches(
        "dp_unopposed", "concession", "appeal_unopposed", "DP reg 30{}",
        ("assess_no_plan", "assess_final", "issue_draft", "issue_final"), "DP reg 30(7)", (
            ("assess_notify", "assess", "tell the appropriate person that the assessment will be made", 2, ("decided_to_assess",),
             (), "(3)"),
            ("assess_no_plan", "assess", "where no plan is necessary: tell the decision, with reasons", 10, NO_PLAN, GOES_ON, "(4)(a)"),
            ("assess_final", "assess", "where a plan is necessary: send the final plan", 14, PLAN_SENT, NO_PLAN, "(4)(b)"),
            ("issue_draft", "issue", "issue a draft plan", 5, ("draft_plan_served",), (), "(5)(a)"),
            ("issue_final", "issue", "send the final plan", 11, ("final_plan_sent",), (), "(5)(b)"),
            ("setting", "setting", "issue the amended plan", 2, PLAN_SENT, (), "(6)"))),
)
