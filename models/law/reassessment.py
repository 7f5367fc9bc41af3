"""Re-assessment: s.44(2), (3), regs 23 to 27."""

from models.law.dates import Limit
from models.law.duty import Duty
from models.law.parties import COUNCIL, FAMILY, NAMED_SETTING, RCB
from models.law.request import AS_SOON_AS_PRACTICABLE, DECISION_EXCEPTIONS
from models.law.reviews import PLAN_ENDS

AGREED = ("reassessment_decided=reassess",)

DUTIES = (
    Duty(
        id="reassessment_decision", owed_by=COUNCIL, owed_to=(FAMILY,), per="reassessment",
        words="tell the family whether it is necessary to re-assess; a request of the commissioning body must be granted"
              " (reg 23), others may be refused within six months of an assessment or where it is not necessary (reg 24)",
        starts_on=("reassessment_requested",), limit=Limit("D", 15), met_by=("reassessment_decided",), ends_with=PLAN_ENDS,
        citation="reg 25(1)", notice_pack="N_APPEAL_B", appeal="s.51(2)(d)"),
    Duty(
        id="reassessment_conduct", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="reassessment",
        words="gather advice and carry out the re-assessment as an assessment: regs 6 to 9 apply, and the six weeks of reg 8",
        starts_on=AGREED, limit=None, timing="during the re-assessment; reg 8 binds each body that is asked",
        met_by=("final_plan_sent", "final_amended_plan_sent", "decided_no_change"), ends_with=PLAN_ENDS, citation="reg 26"),
    Duty(
        id="finalise_after_reassessment", owed_by=COUNCIL, owed_to=(FAMILY, NAMED_SETTING, RCB), per="reassessment",
        words="send the finalised plan after the re-assessment, following a draft with its fifteen days",
        starts_on=AGREED, limit=Limit("W", 14), met_by=("final_plan_sent", "final_amended_plan_sent"),
        ends_with=("decided_no_change", *PLAN_ENDS), clean_end=("decided_no_change",), citation="reg 27(2)",
        exceptions=DECISION_EXCEPTIONS, exception_basis="reg 27(3)", residual=AS_SOON_AS_PRACTICABLE,
        notice_pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(3)(a)"),
    Duty(
        id="no_change_after_reassessment", type="step", owed_by=COUNCIL, owed_to=(FAMILY,), per="reassessment",
        words="where the plan is not to be changed after the re-assessment: tell the family so; the decision can be appealed",
        starts_on=AGREED, limit=None, timing="no statutory limit found", met_by=("decided_no_change",),
        ends_with=("final_plan_sent", "final_amended_plan_sent", *PLAN_ENDS), citation="s.51(2)(e)", notice_pack="N_APPEAL_B",
        appeal="s.51(2)(e)"),
)
