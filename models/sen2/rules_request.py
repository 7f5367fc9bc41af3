"""The rules of module 2: the request and the decision whether to assess."""

from collections.abc import Iterator

from models.sen2 import codes
from models.sen2.finding import Level
from models.sen2.record import Person, Request
from models.sen2.rule import Book, Here, Hit, absent, in_their_sets

BOOK = Book()
ERROR, QUERY = Level.ERROR, Level.QUERY

BOOK.rule("R01", ERROR, "request", "outcome youth_accommodation mediation tribunal source", "S",
          "The outcome, the source, RYA or one of the flags of the request is no code of its set.",
          "Use a code of the return's code sets.")(
    in_their_sets("request", "outcome", "youth_accommodation", "mediation", "tribunal", "source"))


@BOOK.rule("R02", ERROR, "request", "exported", "S", "Exported is no number of a council.",
           "Give the other council's number, or XXX where it is not known.", "ehc record {case} return_items_recorded exported=202")
def _exported(here: Here, request: Request) -> Iterator[Hit]:
    if "exported" in request.bad or not (request.exported is None or request.exported in codes.OTHER_COUNCIL.words):
        yield Hit("exported")


@BOOK.rule("R03", ERROR, "request", "outcome", "M", "The outcome of the request is missing.",
           "Every request has one: Y, N, A, W or H.")
def _no_outcome(here: Here, request: Request) -> Iterator[Hit]:
    yield from map(Hit, absent(request, "outcome"))


@BOOK.rule("R10", ERROR, "request", "received youth_accommodation", "G",
           "The day of the request, or whether it was made in youth accommodation,"
           " is missing.", "Both are asked of every request that was not decided before the collection year.",
           {"received": "ehc record {case} request_received --on DAY requested_by=parent",
            "youth_accommodation": "ehc record {case} return_items_recorded youth_accommodation=false"})
def _received(here: Here, request: Request) -> Iterator[Hit]:
    if request.outcome not in ("H", None):
        yield from map(Hit, absent(request, "received", "youth_accommodation"))


@BOOK.rule("R11", ERROR, "request", "outcome_date", "G", "The day on which the family was told the decision is missing.",
           "It is asked for with the outcomes Y and N.", "ehc correct {case} NUMBER notified_on=DAY --because ...")
def _outcome_date(here: Here, request: Request) -> Iterator[Hit]:
    if request.outcome in ("Y", "N"):
        yield from map(Hit, absent(request, "outcome_date"))


@BOOK.rule("R12", QUERY, "request", "outcome_date", "G",
           "A day of the decision stands with the outcome A, W or H, where none is wanted.",
           "Leave it out, or put the outcome right.")
def _outcome_date_not_wanted(here: Here, request: Request) -> Iterator[Hit]:
    if request.outcome in ("A", "W", "H") and request.outcome_date is not None:
        yield Hit("outcome_date")


@BOOK.rule("R13", ERROR, "request", "received outcome_date", "O",
           "The days of the request cannot be: before the birth, in the future, or the"
           " decision before the request.", "Put the day right.", "ehc correct {case} NUMBER on=DAY --because ...")
def _days(here: Here, request: Request) -> Iterator[Hit]:
    born = here.person.birth_date if here.person else None
    for name in ("received", "outcome_date"):
        day = getattr(request, name)
        if day and (day > here.world.last or (born is not None and day < born)):
            yield Hit(name)
    if request.received and request.outcome_date and request.outcome_date < request.received:
        yield Hit("outcome_date", f"The request came on {request.received.isoformat()}.")


@BOOK.rule("R14", QUERY, "request", "outcome outcome_date", "G", "The decision lies outside the collection year.",
           "A decision to assess of an earlier year is H; a refusal is returned for its own year, unless it was reversed since.")
def _outside_the_year(here: Here, request: Request) -> Iterator[Hit]:
    day = request.outcome_date
    if day and ((request.outcome == "Y" and day < here.world.opens) or (request.outcome == "N" and not here.world.is_in_year(day))):
        yield Hit("outcome_date")


@BOOK.rule("R15", ERROR, "request", "mediation tribunal", "O",
           "Whether there was mediation or an appeal about the decision to assess is not said.",
           "Say 0 or 1 for both with the outcomes Y and N.",
           {"mediation": "ehc record {case} return_items_recorded request_mediation=false",
            "tribunal": "ehc record {case} return_items_recorded request_tribunal=false"})
def _flags(here: Here, request: Request) -> Iterator[Hit]:
    if request.outcome in ("Y", "N"):
        yield from map(Hit, absent(request, "mediation", "tribunal"))


@BOOK.rule("R16", ERROR, "request", "outcome exported", "O", "There is to be an assessment, and nothing is said of it.",
           "Give the assessment with its outcome (A while it is not decided), or the council to which the person moved.")
def _assessment_missing(here: Here, request: Request) -> Iterator[Hit]:
    if request.outcome == "Y" and request.exported is None and "exported" not in request.bad and request.assessment is None:
        yield Hit("outcome")


@BOOK.rule("R17", ERROR, "request", "outcome", "G", "There is an assessment, though the request is not decided or was withdrawn.",
           "Put the outcome right, or leave the assessment out.")
def _assessment_too_many(here: Here, request: Request) -> Iterator[Hit]:
    if request.outcome in ("A", "W") and request.assessment is not None:
        yield Hit("outcome")


@BOOK.rule("R18", QUERY, "request", "outcome mediation tribunal", "G",
           "An assessment follows a refusal, and neither mediation nor an appeal is said"
           " to have brought it.", "Record the mediation or the appeal, or say in a note why the council decided anew.",
           "ehc record {case} mediation_held --on DAY")
def _reversed(here: Here, request: Request) -> Iterator[Hit]:
    if request.outcome == "N" and request.assessment is not None and not (request.mediation or request.tribunal):
        yield Hit("outcome")


@BOOK.rule("R19", ERROR, "request", "source", "G", "Who made the request is missing.",
           "It is asked for from 2026, other than with the outcome H.",
           "ehc correct {case} NUMBER requested_by=parent --because ...", since=2026)
def _source(here: Here, request: Request) -> Iterator[Hit]:
    if request.outcome not in ("H", None):
        yield from map(Hit, absent(request, "source"))


@BOOK.rule("R20", QUERY, "request", "exported", "G", "Something follows after the person moved to another council.",
           "Once Exported is filled, nothing further is sent for the request.")
def _after_export(here: Here, request: Request) -> Iterator[Hit]:
    if request.exported and (request.assessment is not None or request.active is not None):
        yield Hit("exported")


@BOOK.rule("R21", QUERY, "request", "exported", "O", "The other council is this council itself.",
           "Give the number of the other council.")
def _to_itself(here: Here, request: Request) -> Iterator[Hit]:
    own = here.world.council
    if own and request.exported == own:
        yield Hit("exported")
    if own and request.active is not None and request.active.transferred_from == own:
        yield Hit("transferred_from", record=request.active)


@BOOK.rule("R23", QUERY, "person", "outcome", "Q", "More than one request of this person is open on the survey day.",
           "Close the one that is not, or join them.")
def _several_open(here: Here, person: Person) -> Iterator[Hit]:
    open_ones = [one for one in person.requests if _is_open(one)]
    yield from (Hit("outcome", record=one) for one in open_ones[1:])


def _is_open(request: Request) -> bool:
    if request.exported is not None:
        return False
    assessment = request.assessment
    if assessment is None:
        return request.outcome in ("A", "Y")
    return assessment.outcome == "A" or (assessment.outcome == "Y" and assessment.plan is None)
