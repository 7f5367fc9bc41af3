"""The rules of modules 3 and 4: the assessment, the plan, and the settings that it names."""

from collections.abc import Iterator
from datetime import date

from models.sen2.finding import Level
from models.sen2.record import Assessment, Placement, Plan, Setting
from models.sen2.rule import IN_WORDS, NOT_IN_EDUCATION, Book, Here, Hit, absent, age, code_at, in_their_sets

BOOK = Book()
ERROR, QUERY = Level.ERROR, Level.QUERY
MOST_SETTINGS = 2
WHICH = "ehc record {case} plan_setting_recorded --on {day} rank=1 urn=... sen_unit=false resourced_provision=false"

UNEXPECTED = {"18": "further education college", "25": "offshore school", "26": "service children's education", "27": "miscellaneous",
              "29": "higher education institution", "30": "Welsh establishment", "37": "British school overseas"}
"""Types of establishment (their code in the register of schools) that are not expected with a URN: a college is named by its
UKPRN."""

BOOK.rule("A01", ERROR, "assessment", "outcome mediation tribunal other_mediation other_tribunal exception", "S",
          "The outcome or one of the flags of the assessment is no code of its set.", "Use a code of the return's code sets.")(
    in_their_sets("assessment", "outcome", "mediation", "tribunal", "other_mediation", "other_tribunal", "exception"))


@BOOK.rule("A02", ERROR, "assessment", "outcome", "M", "The outcome of the assessment is missing.",
           "Every assessment has one: Y, N, A, W or H.")
def _no_outcome(here: Here, assessment: Assessment) -> Iterator[Hit]:
    yield from map(Hit, absent(assessment, "outcome"))


@BOOK.rule("A03", QUERY, "assessment", "mediation tribunal", "M",
           "Whether there was mediation or an appeal about the decision to issue is not said.",
           "Say 0 or 1 for both with the outcomes Y and N.",
           {"mediation": "ehc record {case} return_items_recorded assessment_mediation=false",
            "tribunal": "ehc record {case} return_items_recorded assessment_tribunal=false"})
def _flags(here: Here, assessment: Assessment) -> Iterator[Hit]:
    if assessment.outcome in ("Y", "N"):
        yield from map(Hit, absent(assessment, "mediation", "tribunal"))


@BOOK.rule("A10", ERROR, "assessment", "outcome_date", "G",
           "The day on which the plan was issued, or the family told that there is none, is missing.",
           "It is asked for with N, and with Y once there is a plan.", "ehc correct {case} NUMBER notified_on=DAY --because ...")
def _outcome_date(here: Here, assessment: Assessment) -> Iterator[Hit]:
    if assessment.outcome == "N" or (assessment.outcome == "Y" and assessment.plan is not None):
        yield from map(Hit, absent(assessment, "outcome_date"))


@BOOK.rule("A11", ERROR, "assessment", "outcome_date", "O",
           "The assessment ended before the request or its decision, or in the future.",
           "Put the day right.", "ehc correct {case} NUMBER on=DAY --because ...")
def _days(here: Here, assessment: Assessment) -> Iterator[Hit]:
    day = assessment.outcome_date
    before = [other for other in (here.request.received, here.request.outcome_date) if other] if here.request else []
    if day and (day > here.world.last or any(day < other for other in before)):
        yield Hit("outcome_date")


@BOOK.rule("A12", ERROR, "assessment", "exception", "O", "Whether an exception to the 20 weeks applied is not said.",
           "Say 0 or 1 with every plan that was issued.",
           "ehc record {case} return_items_recorded exception_applied=false")
def _exception(here: Here, assessment: Assessment) -> Iterator[Hit]:
    if assessment.outcome == "Y" and assessment.outcome_date is not None:
        yield from map(Hit, absent(assessment, "exception"))


@BOOK.rule("A13", ERROR, "assessment", "outcome", "G", "There is a plan, though the assessment is not decided or was withdrawn.",
           "Put the outcome right, or leave the plan out.")
def _plan_too_many(here: Here, assessment: Assessment) -> Iterator[Hit]:
    if assessment.outcome in ("A", "W") and (assessment.plan is not None or here.active is not None):
        yield Hit("outcome")


@BOOK.rule("A14", QUERY, "assessment", "outcome mediation tribunal", "G",
           "A plan follows a refusal, and neither mediation nor an appeal is said to have"
           " brought it.", "Record the mediation or the appeal, or say in a note why the council decided anew.",
           "ehc record {case} mediation_held --on DAY")
def _reversed(here: Here, assessment: Assessment) -> Iterator[Hit]:
    if assessment.outcome == "N" and assessment.plan is not None and not (assessment.mediation or assessment.tribunal):
        yield Hit("outcome")


@BOOK.rule("A15", ERROR, "assessment", "outcome", "G", "The plan came from another council, so the outcome is H.", "Give H.")
def _transferred(here: Here, assessment: Assessment) -> Iterator[Hit]:
    if here.active is not None and here.active.transferred_from and assessment.outcome not in ("H", None):
        yield Hit("outcome")


@BOOK.rule("A16", QUERY, "assessment", "outcome", "G",
           "The plan began in the collection year, its decision is said to be earlier, and no other council"
           " is named from which it came.", "Name the other council, or give the outcome of this year.",
           "ehc record {case} plan_transferred side=new_authority to=202 --on DAY")
def _decided_before(here: Here, assessment: Assessment) -> Iterator[Hit]:
    if (assessment.outcome == "H" and assessment.plan is not None and here.world.is_in_year(assessment.plan.start)
            and (here.active is None or here.active.transferred_from is None)):
        yield Hit("outcome")


@BOOK.rule("A17", QUERY, "assessment", "outcome outcome_date", "G", "The plan was issued before the collection year.",
           "The outcome is then H.")
def _issued_before(here: Here, assessment: Assessment) -> Iterator[Hit]:
    if assessment.outcome == "Y" and assessment.outcome_date and assessment.outcome_date < here.world.opens:
        yield Hit("outcome_date")


# --- the plan ----------------------------------------------------------------------------------------------------

BOOK.rule("N01", ERROR, "plan", "residential work_based personal_budget organised direct_payments cease_reason", "S",
          "One of the codes of the plan is not of its set.", "Use a code of the return's code sets.")(
    in_their_sets("plan", "residential", "work_based", "personal_budget", "organised", "direct_payments", "cease_reason"))


@BOOK.rule("N02", ERROR, "plan", "settings", "S", "The plan names more than two settings.", "Name the main one and one more.")
def _too_many_settings(here: Here, plan: Plan) -> Iterator[Hit]:
    if len(plan.settings) > MOST_SETTINGS:
        yield Hit("settings")


@BOOK.rule("N03", QUERY, "plan", "personal_budget", "M", "Whether a personal budget was taken up is not said.", "Say 0 or 1.",
           "ehc record {case} plan_terms_recorded --on {day} personal_budget=false")
def _budget(here: Here, plan: Plan) -> Iterator[Hit]:
    yield from map(Hit, absent(plan, "personal_budget"))


@BOOK.rule("N10", ERROR, "plan", "start", "O", "The day of the plan is missing, or in the future.", "Give the day of the plan.",
           "ehc record {case} final_plan_sent --on DAY")
def _start(here: Here, plan: Plan) -> Iterator[Hit]:
    yield from map(Hit, absent(plan, "start"))
    if plan.start and plan.start > here.world.last:
        yield Hit("start")


@BOOK.rule("N11", QUERY, "plan", "start", "O", "The day of the plan is not that on which it was issued.", "Put one of the two right.")
def _two_days(here: Here, plan: Plan) -> Iterator[Hit]:
    issued = here.assessment.outcome_date if here.assessment and here.assessment.outcome == "Y" else None
    if issued and plan.start and plan.start != issued:
        yield Hit("start", f"It was issued on {issued.isoformat()}.")


@BOOK.rule("N12", ERROR, "plan", "cease_date cease_reason", "O",
           "How the plan ended does not hold together: day and reason go together, not before its"
           " start, not in the future.", "Give both, and the day on which the duty to keep the plan ended.",
           "ehc record {case} plan_ceased --on DAY cease_reason=needs_met")
def _ceased(here: Here, plan: Plan) -> Iterator[Hit]:
    missing = absent(plan, "cease_date", "cease_reason")
    if len(missing) == 1:
        yield Hit(missing[0])
    if plan.cease_date and (plan.cease_date > here.world.last or (plan.start and plan.cease_date < plan.start)):
        yield Hit("cease_date")


@BOOK.rule("N13", QUERY, "plan", "cease_reason cease_date", "O", "The person is young for the reason for which the plan ended.",
           "Look whether reason and day are right.")
def _young(here: Here, plan: Plan) -> Iterator[Hit]:
    youngest = {"1": 19, "3": 16, "4": 16}.get(plan.cease_reason or "")
    born = here.person.birth_date if here.person else None
    if youngest and born and plan.cease_date and age(born, plan.cease_date) < youngest:
        yield Hit("cease_reason")


@BOOK.rule("N14", QUERY, "plan", "organised direct_payments personal_budget", "O",
           "Arrangements or direct payments are given without a personal budget.",
           "Say that the budget was taken up, or leave the others out.",
           "ehc record {case} plan_terms_recorded --on {day} personal_budget=true")
def _no_budget(here: Here, plan: Plan) -> Iterator[Hit]:
    if (plan.organised or plan.direct_payments) and plan.personal_budget is not True:
        yield Hit("personal_budget")


@BOOK.rule("N15", ERROR, "plan", "settings", "G", "The plan names no setting, or not exactly one as the main one.",
           "Name one or two settings; exactly one has rank 1.", WHICH)
def _main_setting(here: Here, plan: Plan) -> Iterator[Hit]:
    if plan.settings and sum(one.rank == "1" for one in plan.settings) != 1 and not any("rank" in one.bad for one in plan.settings):
        yield Hit("settings")
    elif not plan.settings and not here.plan_is_open:
        yield Hit("settings")


@BOOK.rule("N19", ERROR, "plan", "settings", "Q", "The plan is in force on the survey day and names no setting.",
           "Name the setting or its type.", WHICH)
def _no_setting(here: Here, plan: Plan) -> Iterator[Hit]:
    if here.plan_is_open and not plan.settings:
        yield Hit("settings")


# --- the settings: those that the plan names, and those that are attended -------------------------------------------

def block_of(setting: Setting) -> str:
    """Whether it is named in the plan or attended."""
    return "placement" if isinstance(setting, Placement) else "setting"


@BOOK.rule("S01", ERROR, "setting", "urn ukprn code", "S", "The number or the type of the setting does not have its form.",
           "A URN has 1 to 6 digits, a UKPRN 8; the type is a code of its set.", WHICH)
def _form(here: Here, setting: Setting) -> Iterator[Hit]:
    for name, longest, shortest in (("urn", 6, 1), ("ukprn", 8, 8)):
        value = getattr(setting, name)
        if name in setting.bad or (value is not None and not (value.isascii() and value.isdigit()
        and shortest <= len(value) <= longest)):
            yield Hit(name)
    code, state = code_at(here, block_of(setting), setting, "code")
    if state == "unknown" and not (code in NOT_IN_EDUCATION and block_of(setting) == "setting"):
        yield Hit("code")


BOOK_OF_RANKS = ("rank", "sen_unit", "resourced")


@BOOK.rule("S02", ERROR, "setting", "rank sen_unit resourced", "S",
           "The rank or one of the indicators of the setting is no code of its set.",
           "The rank is 1 or 2, an indicator 0 or 1.", WHICH)
def _ranks(here: Here, setting: Setting) -> Iterator[Hit]:
    yield from in_their_sets(block_of(setting), *BOOK_OF_RANKS)(here, setting)


@BOOK.rule("N16", ERROR, "setting", "urn ukprn code", "G",
           "The setting is named by none, or by more than one, of URN, UKPRN and type.",
           "Give exactly one of the three.", WHICH)
def _one_of_three(here: Here, setting: Setting) -> Iterator[Hit]:
    if len(absent(setting, "urn", "ukprn", "code")) != 2:
        yield Hit("urn")


@BOOK.rule("N17", ERROR, "setting", "other code", "G", "What the other setting is, is not said.",
           "Say it in words with OTH and NIEO.",
           "ehc record {case} plan_setting_recorded --on {day} rank=1 setting_code=OTH note='...'")
def _in_words(here: Here, setting: Setting) -> Iterator[Hit]:
    if setting.code in IN_WORDS:
        yield from map(Hit, absent(setting, "other"))


@BOOK.rule("N18", ERROR, "setting", "code", "G", "A plan names a setting: not being in education is no setting.",
           "Name what section I names; who is out of education is told of under the placements.", WHICH)
def _no_setting_at_all(here: Here, setting: Setting) -> Iterator[Hit]:
    if block_of(setting) == "setting" and (setting.code or setting.bad.get("code")) in NOT_IN_EDUCATION:
        yield Hit("code")


def _begins(here: Here, setting: Setting) -> date | None:
    if isinstance(setting, Placement):
        return setting.entered
    return here.plan.start if here.plan else None


@BOOK.rule("S10", QUERY, "setting", "urn", "Q", "The register of schools has no such URN, or the school had closed by then.",
           "Look the school up; a school that became an academy has a new URN.", WHICH, needs_register=True)
def _not_in_register(here: Here, setting: Setting) -> Iterator[Hit]:
    if setting.urn is None or here.world.register is None:
        return
    school = here.world.register.get(setting.urn.lstrip("0"))
    begins = _begins(here, setting)
    if school is None:
        yield Hit("urn")
    elif school.closed and begins and school.closed < begins:
        yield Hit("urn", f"It closed on {school.closed.isoformat()}.")


@BOOK.rule("S11", QUERY, "setting", "urn", "Q", "A school of this type is not expected here.", "A college is named by its UKPRN.",
           "ehc record {case} plan_setting_recorded --on {day} rank=1 ukprn=...", needs_register=True)
def _unexpected(here: Here, setting: Setting) -> Iterator[Hit]:
    school = here.world.register.get(setting.urn.lstrip("0")) if setting.urn and here.world.register is not None else None
    if school and school.type in UNEXPECTED:
        yield Hit("urn", f"It is a {UNEXPECTED[school.type]}.")


@BOOK.rule("S12", QUERY, "setting", "sen_unit resourced", "Q",
           "The register of schools shows no SEN unit, or no resourced provision, at this school.",
           "Look whether the place is in the unit, or ask the school to put the register right.", WHICH,
           needs_register=True)
def _no_unit(here: Here, setting: Setting) -> Iterator[Hit]:
    school = here.world.register.get(setting.urn.lstrip("0")) if setting.urn and here.world.register is not None else None
    for name in ("sen_unit", "resourced"):
        if school and getattr(setting, name) and getattr(school, name) is False:
            yield Hit(name)


@BOOK.rule("S13", ERROR, "setting", "sen_unit resourced", "Q",
           "Whether the place is in a SEN unit or resourced provision is not said.",
           "Say 0 or 1 for both with every URN.",
           WHICH)
def _indicators(here: Here, setting: Setting) -> Iterator[Hit]:
    if setting.urn and len(absent(setting, "sen_unit", "resourced")) == 2:
        yield Hit("sen_unit")
