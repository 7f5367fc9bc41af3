"""Other timed or gating rules: ss.23, 49, 61, regs 47 and 48, SI 2014/1652."""

from datetime import date

from models.law.counting import Counting
from models.law.dates import Limit, long
from models.law.duty import Duty, When
from models.law.parties import COUNCIL, FAMILY, HEALTH_BODY, HIGHER_EDUCATION, SETTING
from models.law.record import as_day
from models.law.reviews import PLAN_ENDS

PAYMENTS = "SI 2014/1652"


def ten_open_days(counting: Counting) -> tuple[date | None, str]:
    """The tenth day after the notice on which the setting is open, where the record tells it: no calendar of ours does."""
    tenth = counting.field("tenth_open_day_on")
    if tenth is None:
        return None, "10 days on which the setting is open, after the notice; the setting's calendar tells the day"
    return as_day(tenth), f"the tenth day on which the setting is open, as it told = {long(as_day(tenth))}"


DUTIES = (
    Duty(
        id="s23_health_notification", type="step", owed_by=HEALTH_BODY, owed_to=(FAMILY, COUNCIL),
        words="on forming the view that a child under compulsory school age has or probably has special educational needs or a"
              " disability: tell the parent, offer a discussion, then tell the council",
        starts_on=("health_view_formed",), limit=None, met_by=("health_notification_received",), ends_with=("child_died",),
        citation="s.23"),
    Duty(
        id="special_school_stay", type="window", owed_by=COUNCIL, owed_to=(FAMILY,), per="placement",
        words="let a child who was admitted to a special setting for the assessment stay until the plan is finalised, or for 10"
              " days on which the setting is open after the notice that no plan will be made",
        starts_on=("refused_to_issue",), limit=None, timing="10 days on which the setting is open", counts=ten_open_days,
        ends_with=("assessment_place_ended", "final_plan_sent", "child_died"), citation="reg 48"),
    Duty(
        id="he_disclosure", owed_by=COUNCIL, owed_to=(HIGHER_EDUCATION,), per="disclosure",
        words="disclose the plan to the assessor for disabled students' allowance or the principal in higher education, where the"
              " young person asks", starts_on=("higher_education_disclosure_asked",), limit=Limit("WD", 15),
        met_by=("higher_education_disclosure_made",), ends_with=("child_died",), citation="reg 47"),
    Duty(
        id="pb_request_window", type="rule", owed_by=FAMILY, owed_to=(COUNCIL,),
        words="the family may ask for a personal budget while the draft is prepared or the plan is reviewed or re-assessed",
        starts_on=(), limit=None, timing="a window, no deadline", citation="s.49(1), SI 2014/1652 reg 4", text=PAYMENTS),
    Duty(
        id="pb_refusal", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="direct_payment",
        words="where direct payments are refused: give the decision in writing, with reasons and the right to a review; review it"
              " where asked, and give the outcome in writing with reasons; no appeal lies to the Tribunal",
        starts_on=("direct_payment_requested",), limit=None, met_by=("direct_payment_refused", "direct_payment_agreed"),
        ends_with=("direct_payment_began", *PLAN_ENDS), citation="SI 2014/1652 reg 7", text=PAYMENTS),
    Duty(
        id="pb_consents", type="step", owed_by=COUNCIL, owed_to=(FAMILY, SETTING), per="direct_payment",
        words="before paying: written notice to and agreement of the recipient, and written consent of the setting where the"
              " provision is used on its premises",
        starts_on=("direct_payment_agreed", "direct_payment_began"), limit=None, timing="before paying",
        met_by=("direct_payment_consents_had",), ends_with=PLAN_ENDS, citation="SI 2014/1652 regs 8, 9", text=PAYMENTS),
    Duty(
        id="dp_review_3m", owed_by=COUNCIL, owed_to=(FAMILY,), per="direct_payment",
        words="review the direct payments at least once within the first three months, and in each review or re-assessment",
        starts_on=("direct_payment_began",), limit=Limit("M", 3), met_by=("direct_payment_reviewed",), ends_with=PLAN_ENDS,
        citation="SI 2014/1652 reg 11(2)", text=PAYMENTS),
    Duty(
        id="pb_young_person_transition", type="step", owed_by=COUNCIL, owed_to=(FAMILY,),
        words="where payments are made to a parent and the child becomes a young person: take reasonable steps to learn whether"
              " the young person consents, and stop where consent is refused",
        starts_on=("became_young_person",), limit=None, met_by=("young_person_consent_ascertained",), ends_with=PLAN_ENDS,
        when=When("direct payments are made", lambda fact: fact["direct_payments"] is True),
        citation="SI 2014/1652 reg 15", text=PAYMENTS),
    Duty(
        id="eotas_consult", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="provision_elsewhere",
        words="before arranging provision otherwise than at a setting: be satisfied that a setting is inappropriate, and consult"
              " the family", starts_on=("provision_elsewhere_considered",), limit=None, timing="before arranging it",
        met_by=("family_consulted_on_provision_elsewhere",), ends_with=PLAN_ENDS, citation="s.61"),
)
