"""The assessment: advice and co-operation. Regs 6 to 9, s.31, Code 9.40-9.41."""

from models.law.advisers import ADVISERS, body_asked
from models.law.asked import TURNS
from models.law.dates import Limit
from models.law.duty import Duty, When
from models.law.parties import ADVISER, COUNCIL, FAMILY, S31_BODY
from models.law.request import AS_SOON_AS_PRACTICABLE, CASE_ENDS

NO_ANSWER_OWED = ("advice_declined", "advice_not_known", *TURNS, "existing_advice_sufficed")
"""After these a body owes no answer: it declined, it does not know the child or young person, another body was asked in its place,
or earlier advice stands in. The council may ask the same body again: it then has a clock of its own, and the earlier one stays on
record."""

ASSESSMENT_ENDS = ("refused_to_assess", "refused_to_issue", "final_plan_sent", "final_amended_plan_sent", "decided_no_change", *CASE_ENDS)

# The Code's six weeks speak of schools, colleges and the council's own services, not of these.
NO_FIGURE = ("adv_a_parent_yp", "adv_b_mod", "adv_h_requested")

BOUND_BY_REG_8 = When("the adviser asked is a body within s.31(1)", lambda fact: body_asked(fact) == "s31")
GUIDED_BY_THE_CODE = When("the adviser asked is a school, a college or a service of the council, no body within s.31(1)",
                          lambda fact: body_asked(fact) != "s31" and fact["adviser"] not in NO_FIGURE)

DUTIES = (
    Duty(
        id="seek_advice", type="step", owed_by=COUNCIL, owed_to=(ADVISER,),
        words="seek advice from each adviser of reg 6(1) on needs, provision and intended outcomes",
        starts_on=("decided_to_assess", "reassessment_decided=reassess"), limit=None, per="adviser", per_round=True,
        met_by=("advice_requested", "existing_advice_sufficed", "advice_received"), ends_with=ASSESSMENT_ENDS,
        citation="reg 6(1), reg 26"),
    *(Duty(
        id=adviser.id, type="advice", owed_by=COUNCIL, owed_to=(ADVISER,), words=adviser.words,
        starts_on=("decided_to_assess",), limit=None, met_by=("advice_received", "existing_advice_sufficed"),
        citation=adviser.regulation) for adviser in ADVISERS.values()),
    Duty(
        id="send_evidence_with_advice_request", type="step", owed_by=COUNCIL, owed_to=(ADVISER,),
        words="enclose the parent's or young person's representations and evidence with each request for advice",
        starts_on=("advice_requested",), limit=None, timing="with the request", met_by=("evidence_sent_to_adviser",),
        per="adviser", per_round=True, when=When("the adviser is one of reg 6(1)(b) to (h)",
                                 lambda fact: fact["adviser"] != "adv_a_parent_yp"),
        ends_with=ASSESSMENT_ENDS, citation="reg 6(3)"),
    Duty(
        id="no_repeat_advice", type="prohibition", owed_by=COUNCIL, owed_to=(ADVISER, FAMILY),
        words="do not ask again for advice of reg 6(1)(b) to (h) that was given before, for any purpose, where the"
              " adviser, the council and the family are all satisfied that it suffices",
        starts_on=(), limit=None, timing="before asking", citation="reg 6(4)"),
    Duty(
        id="coop_respond_advice", owed_by=S31_BODY, owed_to=(COUNCIL,),
        words="answer the council's request for advice; decline only if it is incompatible with the body's duties or"
              " would adversely affect its functions, with written reasons (s.31(3))",
        starts_on=("advice_delivered",), awaits="advice_requested", when=BOUND_BY_REG_8, limit=Limit("W", 6),
        met_by=("advice_received",), per="adviser", per_round=True, asked_anew=True, ends_with=(*NO_ANSWER_OWED, *ASSESSMENT_ENDS),
        citation="s.31(1), (2), (4), reg 8(1)", exceptions=("X8_EXC", "X8_ABSENT4", "X8_MISSED"),
        exception_basis="reg 8(2)", residual=AS_SOON_AS_PRACTICABLE),
    Duty(
        id="advice_six_weeks_others", kind="guide", owed_by=ADVISER, owed_to=(COUNCIL,),
        words="answer the council's request for advice: schools, colleges and the council's own services",
        starts_on=("advice_requested",), when=GUIDED_BY_THE_CODE, limit=Limit("W", 6), met_by=("advice_received",),
        per="adviser", per_round=True, asked_anew=True, ends_with=(*NO_ANSWER_OWED, *ASSESSMENT_ENDS),
        citation="Code 9.40-9.41"),
    Duty(
        id="assessment_conduct", type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="consult the child and parent or young person, consider what they say and all the advice, let them take"
              " part, and keep disruption small",
        starts_on=("decided_to_assess",), limit=None, timing="during the assessment",
        met_by=("assessment_conduct_recorded",), ends_with=ASSESSMENT_ENDS, citation="reg 7(a)-(e)"),
    Duty(
        id="support_to_participate", type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="consider whether the family needs information, advice and support to take part, and provide it if so",
        starts_on=("decided_to_assess",), limit=None, timing="during the assessment", met_by=("support_considered",),
        ends_with=ASSESSMENT_ENDS, citation="reg 9, s.19, s.32"),
)
