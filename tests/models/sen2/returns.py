"""Made-up persons of a return: any values that the items can have, and histories that hold together."""

from datetime import date, timedelta

from hypothesis import strategies as st

from models.sen2 import codes
from models.sen2.codes import SURVEY_DAYS
from models.sen2.layout import LAYOUTS, Block
from models.sen2.record import CLASSES, HOLDS, Active, Assessment, Need, Person, Placement, Plan, Request, Setting

TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=20).map(
    lambda text: " ".join(text.split())).filter(bool)
DAYS = st.dates(date(2001, 1, 1), date(2027, 12, 31))
DIGITS = {"urn": (1, 6), "ukprn": (8, 8), "uln": (10, 10)}


def _value(item, year):
    """Any value that an item can have in that year."""
    if item.codes is not None and item.kind == "code":
        return st.sampled_from([code for code in item.codes.words if item.codes.holds(code, year)])
    match item.kind:
        case "date":
            return DAYS
        case "flag":
            return st.booleans()
        case "other_council":
            return st.sampled_from(list(codes.OTHER_COUNCIL.words))
        case "upn":
            return st.from_regex(r"[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True).filter(str.isascii)
        case "urn" | "ukprn" | "uln":
            least, most = DIGITS[item.kind]
            return st.text("0123456789", min_size=least, max_size=most)
    return TEXT


@st.composite
def any_record(draw, block, year):
    """A record of a block with any of its items, and any records within it."""
    record = CLASSES[block]()
    for part in LAYOUTS[year].blocks[block]:
        if isinstance(part, Block):
            most = 2 if part.most is None else part.most
            held = draw(st.lists(any_record(part.name, year), max_size=most))
            name = HOLDS[part.name]
            setattr(record, name, held if isinstance(getattr(record, name), list) else next(iter(held), None))
        else:
            setattr(record, part.name, draw(st.none() | _value(part, year)))
    return record


# --- histories that hold together ---------------------------------------------------------------------------------

FLAG = st.booleans()


@st.composite
def _where(draw, plan, year):
    which = draw(st.sampled_from(("urn", "ukprn", "code")))
    if which == "urn":
        return {"urn": draw(st.sampled_from(("100000", "100001", "9"))), "sen_unit": draw(FLAG), "resourced": draw(FLAG)}
    if which == "ukprn":
        return {"ukprn": draw(st.sampled_from(("10000001", "10000002")))}
    out_of_education = () if plan or year < 2024 else ("NIEC", "NIEO")
    code = draw(st.sampled_from(("OLA", "OPA", "EHE", "EYP", "OTH", *out_of_education)))
    return {"code": code, "other": "somewhere else" if code in ("OTH", "NIEO") else None}


@st.composite
def _plan(draw, start, ended, year):
    plan = Plan(start=start, personal_budget=draw(FLAG), residential=draw(st.sampled_from((None, "A", "B"))),
                work_based=draw(st.sampled_from((None, "A", "T", "S"))))
    if plan.personal_budget:
        plan.organised, plan.direct_payments = draw(st.none() | FLAG), draw(st.sampled_from((None, "E", "S", "H", "I")))
    plan.settings = [Setting(rank=str(rank), **draw(_where(True, year))) for rank in range(1, draw(st.integers(2, 3)))]
    if ended is not None:
        plan.cease_date, plan.cease_reason = ended, draw(st.sampled_from(("1", "2", "3", "4", "5", "6", "7", "8", "9")))
    return plan


@st.composite
def _active(draw, plan, year, transferred):
    opens, survey = date(year - 1, 1, 1), SURVEY_DAYS[year]
    last = min(plan.cease_date or survey, survey)
    active = Active(transferred_from=transferred)
    first = max(plan.start, opens)
    changed = draw(st.dates(first, last))
    places = [Placement(rank="1", entered=changed if draw(FLAG) else plan.start, **draw(_where(False, year)))]
    if places[0].entered == changed and changed > first:
        before = Placement(rank="1", entered=plan.start, left=changed - timedelta(days=1), urn="77", sen_unit=False, resourced=False)
        places.insert(0, before)
    if year >= 2024:
        for one in places:
            one.residential, one.work_based = draw(st.sampled_from((None, "A"))), draw(st.sampled_from((None, "S")))
    active.placements = places
    types = draw(st.lists(st.sampled_from(("ASD", "SLCN", "SEMH", "MLD", "HI")), min_size=1, max_size=2, unique=True))
    active.needs = [Need(type=kind, rank=str(rank)) for rank, kind in enumerate(types, 1)]
    if year >= 2024 and plan.start + timedelta(days=60) < last and draw(FLAG):
        meeting = draw(st.dates(plan.start + timedelta(days=1), last - timedelta(days=40)))
        active.review_meeting = meeting
        if draw(FLAG):
            active.last_review = draw(st.dates(meeting, last))
            active.review_outcome = draw(st.sampled_from(("M", "C")))
    if year >= 2025 and plan.cease_date is None and draw(FLAG):
        active.transfer_due = date(draw(st.sampled_from((year - 1, year))), *draw(st.sampled_from(((2, 15), (3, 31)))))
    return active


@st.composite
def history(draw, year):
    """One block of requests, in scope of that year, without a fault."""
    opens, closes, survey = date(year - 1, 1, 1), date(year - 1, 12, 31), SURVEY_DAYS[year]
    kind = draw(st.sampled_from(("open", "refused", "withdrawn", "exported", "assessing", "no plan", "given up", "issuing", "new",
    "old", "came")))
    received = draw(st.dates(opens, closes - timedelta(days=150)))
    request = Request(received=received, source=draw(st.sampled_from(("1", "2", "3", "4", "5"))) if year >= 2025 else None,
                      youth_accommodation=draw(FLAG))
    told = received + timedelta(days=draw(st.integers(0, 60)))
    if kind == "open":
        request.outcome = "A"
    elif kind == "withdrawn":
        request.outcome = "W"
    elif kind in ("old", "came"):
        start = draw(st.dates(date(year - 6, 1, 1), opens - timedelta(days=1))) if kind == "old" or draw(FLAG) else received
        ended = draw(st.none() | st.dates(max(opens, start), closes))
        request = Request(outcome="H", assessment=Assessment(outcome="H", plan=draw(_plan(start, ended, year)),
        other_mediation=draw(FLAG),
                                                             other_tribunal=draw(FLAG)))
    else:
        request.outcome, request.outcome_date, request.mediation, request.tribunal = "Y", told, draw(FLAG), draw(FLAG)
        if kind in ("refused", "reversed"):
            request.outcome, request.mediation = "N", kind == "reversed" or request.mediation
        if kind == "reversed":
            request.assessment = Assessment(outcome="A")
        elif kind == "refused":
            pass
        elif kind == "exported":
            request.exported = draw(st.sampled_from(("202", "886", "XXX")))
        else:
            request.assessment = assessment = Assessment(outcome={"assessing": "A", "given up": "W", "no plan": "N",
            "plan after all": "N"}.get(kind, "Y"))
            if kind in ("no plan", "issuing", "new", "plan after all"):
                assessment.mediation, assessment.tribunal, assessment.other_mediation, assessment.other_tribunal = (
                    draw(FLAG) for _ in range(4))
            if kind in ("no plan", "new", "plan after all"):
                assessment.outcome_date = draw(st.dates(told, min(closes, told + timedelta(days=80))))
            if kind == "plan after all":
                assessment.tribunal = True
                assessment.plan = draw(_plan(draw(st.dates(assessment.outcome_date + timedelta(days=1), closes)), None, year))
            if kind == "new":
                assessment.exception = draw(FLAG)
                ended = draw(st.none() | st.dates(assessment.outcome_date, closes))
                assessment.plan = draw(_plan(assessment.outcome_date, ended, year))
    if request.plan is not None:
        request.active = draw(_active(request.plan, year, draw(st.sampled_from(("202", "XXX"))) if kind == "came" else None))
    assert request.received is None or request.received <= survey
    return request


@st.composite
def person(draw, year):
    """A person with one or two blocks, of whom everything is known that is asked."""
    sex = draw(st.sampled_from("MF"))
    return Person(surname=draw(TEXT), forename=draw(TEXT), birth_date=draw(st.dates(date(year - 17, 1, 1), date(year - 8, 1, 1))),
                  sex=sex if year >= 2024 else None, gender={"M": "1", "F": "2"}[sex] if year < 2024 else None,
                  ethnicity=draw(st.sampled_from(list(codes.ETHNICITY.words))), upn_unknown="UN5",
                  requests=draw(st.lists(history(year), min_size=1, max_size=2)))
