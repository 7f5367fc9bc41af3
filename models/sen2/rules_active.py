"""The rules of module 5: how a plan stands, where the person is placed, the needs, the last review, the phase transfer."""

from collections.abc import Iterator
from datetime import timedelta

from models.sen2 import codes
from models.sen2.finding import Level
from models.sen2.record import Active, Placement, Record, Request
from models.sen2.rule import Book, Here, Hit, absent, age, code_at, in_their_sets

BOOK = Book()
ERROR, QUERY = Level.ERROR, Level.QUERY
MOST_NEEDS = 2
NEET_AGES = range(16, 26)
TRANSFER_DAYS = ((2, 15), (3, 31))
"""15 February into and between schools, 31 March from a secondary school: month and day (regulation 18)."""

PLACE = ("ehc record {case} placement_recorded --on {day} rank=1 urn=... entered_on=DAY sen_unit=false"
         " resourced_provision=false")


@BOOK.rule("L01", ERROR, "active", "needs", "S", "There are more than two types of need, or one of their codes is not of its set.",
           "Give the primary and at most one secondary type of need, with ranks 1 and 2.",
           "ehc record {case} needs_recorded --on {day} primary=ASD secondary=SLCN")
def _needs_form(here: Here, active: Active) -> Iterator[Hit]:
    if len(active.needs) > MOST_NEEDS:
        yield Hit("needs")
    for need in active.needs:
        for hit in in_their_sets("need", "type", "rank")(here, need):
            yield Hit(hit.name, record=need)


BOOK.rule("L02", ERROR, "active", "review_outcome", "S", "The outcome of the review is no code of its set.", "It is M, C or A.",
          since=2024)(
    in_their_sets("active", "review_outcome"))


@BOOK.rule("L03", ERROR, "active", "transferred_from", "S", "TransferLA is no number of a council.",
           "Give the other council's number, or XXX where it is not known.", "ehc record {case} return_items_recorded transferred_from=202")
def _transferred_from(here: Here, active: Active) -> Iterator[Hit]:
    if "transferred_from" in active.bad or not (active.transferred_from is None
    or active.transferred_from in codes.OTHER_COUNCIL.words):
        yield Hit("transferred_from")


@BOOK.rule("L04", ERROR, "active", "residential work_based attendance", "S",
           "Residential, work-based or attendance is no code of its set.",
           "Use a code of the return's code sets.", PLACE)
def _other_codes(here: Here, active: Active) -> Iterator[Hit]:
    yield from in_their_sets("active", "residential", "work_based")(here, active)
    for placement in active.placements:
        for hit in in_their_sets("placement", "residential", "work_based", "attendance")(here, placement):
            yield Hit(hit.name, record=placement)


@BOOK.rule("L10", ERROR, "request", "placements", "Q", "The plan is in force on the survey day, and no placement is.",
           "Record where the person is placed, or that there is no placement (NEET, NIEC, NIEO).", PLACE)
def _no_placement(here: Here, request: Request) -> Iterator[Hit]:
    active = here.active
    if here.plan_is_open and (active is None or (active.placements and not any(
            one.is_open_on(here.world.survey) for one in active.placements))):
        yield Hit("placements", record=active or here.plan)


@BOOK.rule("L11", ERROR, "active", "placements", "G",
           "There is no placement, or not exactly one of those on the survey day is the main one.",
           "Give every placement; exactly one of those on the survey day has rank 1.", PLACE)
def _main_placement(here: Here, active: Active) -> Iterator[Hit]:
    if not active.placements:
        yield Hit("placements")
        return
    current = [one for one in active.placements if one.is_open_on(here.world.survey)] if here.plan_is_open else []
    if current and sum(one.rank == "1" for one in current) != 1 and not any("rank" in one.bad for one in current):
        yield Hit("placements")


@BOOK.rule("L12", ERROR, "placement", "entered left", "O", "The first day at the placement is missing, or the last is before it.",
           "Give the days of the placement.", PLACE)
def _placement_days(here: Here, placement: Placement) -> Iterator[Hit]:
    if placement.urn or placement.ukprn:
        yield from map(Hit, absent(placement, "entered"))
    if placement.entered and placement.left and placement.left < placement.entered:
        yield Hit("left")


@BOOK.rule("L13", ERROR, "active", "needs", "G", "The types of need do not have exactly one of rank 1, or one stands twice.",
           "Give the primary type of need with rank 1, and at most one other with rank 2.",
           "ehc record {case} needs_recorded --on {day} primary=ASD secondary=SLCN")
def _need_ranks(here: Here, active: Active) -> Iterator[Hit]:
    needs = active.needs[:MOST_NEEDS]
    types = [need.type for need in needs if need.type]
    if needs and not any("rank" in need.bad for need in needs) and sum(need.rank == "1" for need in needs) != 1:
        yield Hit("needs")
    elif len(set(types)) < len(types):
        yield Hit("needs")


@BOOK.rule("L21", ERROR, "active", "needs", "Q", "The type of need is missing or no code of its set.", "Record it.",
           "ehc record {case} needs_recorded --on {day} primary=ASD")
def _need_missing(here: Here, active: Active) -> Iterator[Hit]:
    if not active.needs:
        yield Hit("needs")
    for need in active.needs:
        if code_at(here, "need", need, "type")[1] in ("absent", "unknown"):
            yield Hit("type", record=need)


@BOOK.rule("L14", QUERY, "active", "review_meeting", "O", "The plan is older than twelve months, and there was no review meeting.",
           "Record the meeting, or say in a note why there was none.", "ehc record {case} review_meeting_held --on DAY", since=2024)
def _no_review(here: Here, active: Active) -> Iterator[Hit]:
    plan, day_before = here.plan, here.world.survey - timedelta(days=1)
    if here.plan_is_open and plan and plan.start and age(plan.start, day_before) >= 1:
        yield from map(Hit, absent(active, "review_meeting"))


@BOOK.rule("L15", QUERY, "active", "last_review review_meeting", "G",
           "The decision after the review is before the meeting, or there is no meeting to it.",
           "LastReview is the day of the letter with the decision, not of the meeting.",
           "ehc correct {case} NUMBER on=DAY --because ...", since=2024)
def _review_days(here: Here, active: Active) -> Iterator[Hit]:
    if active.last_review is None:
        return
    if active.review_meeting is not None and active.last_review < active.review_meeting:
        yield Hit("last_review")
    yield from map(Hit, absent(active, "review_meeting"))


@BOOK.rule("L16", QUERY, "active", "review_outcome", "O", "The review was decided, and its outcome is missing.", "It is M, C or A.",
           "ehc record {case} review_decision_sent --on DAY outcome=continue", since=2024)
def _review_outcome(here: Here, active: Active) -> Iterator[Hit]:
    if active.last_review is not None:
        yield from map(Hit, absent(active, "review_outcome"))


@BOOK.rule("L17", QUERY, "active", "review_draft review_outcome", "O",
           "A draft amended plan went out, and the review is not said to have led to one.",
           "The outcome is then A.", since=2025)
def _draft(here: Here, active: Active) -> Iterator[Hit]:
    if active.review_draft is not None and active.review_outcome != "A" and "review_outcome" not in active.bad:
        yield Hit("review_draft")


@BOOK.rule("L18", QUERY, "active", "transfer_due transfer_final", "O",
           "The plan for a phase transfer has no due day, or one that the Regulations do not have.",
           "It is due by 15 February, or by 31 March from a secondary school.",
           "ehc record {case} phase_transfer_identified transfer=other year=2026", since=2025)
def _transfer(here: Here, active: Active) -> Iterator[Hit]:
    if active.transfer_final is not None:
        yield from map(Hit, absent(active, "transfer_due"))
    if active.transfer_due and (active.transfer_due.month, active.transfer_due.day) not in TRANSFER_DAYS:
        yield Hit("transfer_due")


@BOOK.rule("L19", QUERY, "placement", "code", "G", "NEET is for young people from 16 to 25.",
           "A child of school age out of education is NIEC or NIEO.",
           "ehc record {case} placement_recorded --on {day} rank=1 setting_code=NIEO note='...'", since=2024)
def _neet(here: Here, placement: Placement) -> Iterator[Hit]:
    born = here.person.birth_date if here.person else None
    if placement.code == "NEET" and born and age(born, here.world.survey) not in NEET_AGES:
        yield Hit("code")


@BOOK.rule("L20", ERROR, "active", "code type", "G", "The code came only in a later year.", "Use a code of that year's set.")
def _too_early(here: Here, active: Active) -> Iterator[Hit]:
    looked: list[tuple[str, str, Record]] = [("placement", "code", one) for one in active.placements]
    looked += [("need", "type", need) for need in active.needs]
    for block, name, record in looked:
        if code_at(here, block, record, name)[1] == "early":
            yield Hit(name, record=record)
