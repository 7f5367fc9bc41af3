"""`ehc receive`: a request for an assessment has arrived. Opens a case, or routes the request to where the law puts it."""

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from cli import here, show
from cli.clock import today
from cli.options import By, DryRun, EMail, Json, NoNudge, day_option, option
from cli.record import nudge

if TYPE_CHECKING:
    from models.routing import Route
    from tasks.intake import Request


class RequestedBy(StrEnum):
    """Who asked; the first three can make a request under s.36(1), the others bring the child to the council's attention."""

    parent = "parent"
    young_person = "young_person"
    setting = "setting"
    health = "health"
    social_care = "social_care"
    other = "other"


class Attends(StrEnum):
    """What kind of setting the child or young person attends."""

    school = "school"
    post16 = "post16"
    early_years = "early_years"


def receive(
    requested_by: Annotated[RequestedBy | None, option("--requested-by", help="Who asked.")] = None,
    on: Annotated[date | None, day_option(
        "--on",
        help="Day on which it reached any part of the council, not the day it was read or logged; today if left "
             "out.")] = None,
    name: Annotated[str | None, option(
        "--name", metavar="NAME", help="Name of the child or young person; kept where it can be erased.")] = None,
    born: Annotated[date | None, day_option("--born", help="Birth date of the child or young person, YYYY-MM-DD.")] = None,
    address: Annotated[str | None, option(
        "--address", metavar="TEXT", help="Where the child or young person lives; kept where it can be erased.")] = None,
    contact: Annotated[str | None, option(
        "--contact", metavar="NAME",
        help="To whom letters to the family are addressed; kept where it can be erased.")] = None,
    contact_address: Annotated[str | None, option("--contact-address", metavar="TEXT", help="Their postal address.")] = None,
    email: EMail = None,
    attends: Annotated[Attends | None, option("--attends", help="Kind of setting attended; leave out if none.")] = None,
    setting: Annotated[str | None, option(
        "--setting", metavar="REFERENCE", help="Reference of that setting, such as school-7.")] = None,
    year_group: Annotated[int | None, option(
        "--year-group", min=-2, max=15, metavar="YEAR",
        help="National curriculum year; from year 9 on, advice on preparing for adulthood is sought (reg 6(1)(g)).")] = None,
    service_family: Annotated[bool, option(
        "--service-family", help="A parent serves in the armed forces (reg 6(1)(b)(iv)).")] = False,
    hearing_impaired: Annotated[bool, option("--hearing-impaired", help="Hearing impairment (reg 6(2)).")] = False,
    vision_impaired: Annotated[bool, option("--vision-impaired", help="Visual impairment (reg 6(2)).")] = False,
    owner: Annotated[str | None, option(
        "--owner", metavar="WHO", help="Reference of the officer who holds the case, such as officer-3.")] = None,
    how: Annotated[str | None, option(
        "--how", metavar="HOW", help="By what means it came: post, email, phone, hand, meeting, portal, system.")] = None,
    note: Annotated[str | None, option(
        "--note", metavar="TEXT", help="A note, @FILE, or - for the standard input; kept where it can be erased.")] = None,
    responsible: Annotated[bool, option(
        "--responsible",
        help="No request: the council became responsible in another way (s.24). The same clocks run.")] = False,
    ref: Annotated[str | None, option(
        "--ref", metavar="REF", help="Reference for the case; the next free one if left out.")] = None,
    key: Annotated[str | None, option(
        "--key", metavar="KEY", help="The same call with the same key again changes nothing.")] = None,
    by: By = None,
    no_nudge: NoNudge = False,
    dry_run: DryRun = False,
    as_json: Json = False,
) -> None:
    """A request for an assessment has arrived: open a case, start the 6, 16 and 20 weeks, and say what follows.

    No form may be insisted on, and nothing need be complete: the weeks run from the day of receipt. A health body, social
    care or anybody else cannot make a request, but makes the council responsible (s.24), which starts the same clocks.

    The same person is known again by name and birth date: a request while a case is open is recorded there; one for
    somebody who has a plan is a request for re-assessment; one within six months of an assessment opens a case and says
    what s.36(6) means for it.
    """
    if requested_by is None and not responsible:
        show.fail("say who asked: --requested-by parent (or young_person, setting, health, social_care, other);"
                  " or --responsible where nobody asked.")
    from cli.changes import as_record, tell
    from cli.fields import read_fields
    from models.facts import KINDS
    from models.routing import kind_of_request
    from tasks.case_file import NewContact
    from tasks.database import writing
    from tasks.intake import Request, take_in

    if (contact_address or email) and not contact:
        show.fail("say to whom that address belongs: --contact NAME.")
    kind = "became_responsible" if responsible else kind_of_request(requested_by)
    told = {"requested_by": requested_by, "attends": attends, "setting": setting, "year_group": year_group,
            "service_family": service_family or None, "hearing_impaired": hearing_impaired or None,
            "vision_impaired": vision_impaired or None, "owner": owner, "how": how, "note": note}
    fields = read_fields(KINDS[kind], [f"{field}={'yes' if value is True else value}"
                                       for field, value in told.items() if value is not None])
    day, hand = today(), here.hand(by)
    request = Request(kind, on or day, fields, name, born, address, ref,
                      (NewContact("family", contact, contact_address, email),) if contact else (), key)
    if dry_run:
        from cli.message import tell as tell_what_would_go
        from tasks.preview import preview_of
        from tasks.settings import settings

        tell_what_would_go(preview_of(here.database(), settings(), day, hand,
                                      lambda session: take_in(session, request, hand, day).recorded.case.ref), as_json=as_json)
        return
    with writing(here.database(make=True)) as session:
        taken = take_in(session, request, hand, day)
    done = taken.recorded
    nudged = None if no_nudge or done.repeated else nudge(done.case.ref, done.case.stage)
    brought_by_others = kind == "became_responsible" and not responsible
    notes = [] if done.repeated else notes_on(request, taken.route, brought_by_others)
    if as_json:
        show.answer(as_record(done, nudged=nudged) | {
            "recorded_as": taken.route.fact, "routed_to": taken.route.case, "notes": notes})
        return
    for note_text in notes:
        show.say(f"{note_text}\n")
    tell(done, nudged=nudged)


def notes_on(request: "Request", routed: "Route", brought_by_others: bool) -> list[str]:
    """What whoever takes a request in should know about it, in sentences."""
    notes = [routed.words] if routed.words else []
    if brought_by_others:
        notes.append("Only a parent, a young person or a setting can make a request (s.36(1)). Brought to its attention by"
                     " somebody else, the council becomes responsible (s.24), and the same 6, 16 and 20 weeks run.")
    notes += _whose_right(request)
    missing = [what for what, value in (("name", request.name), ("birth date", request.born)) if value is None]
    if missing and routed.case is None:
        notes.append(f"The {' and the '.join(missing)} of the person {'are' if len(missing) > 1 else 'is'} not known yet: the"
                     " weeks run all the same, but it could not be seen whether the person has a case or a plan already."
                     " Say it with `ehc person REF` as soon as it is known.")
    if request.ref and routed.case not in (None, request.ref):
        notes.append(f"The reference {request.ref} is not used.")
    return notes


def _whose_right(request: "Request") -> list[str]:
    """A note where the person who asked is not the one who has the right at that age (s.36(1), s.83(2))."""
    from models.age import compulsory_school_age_ends

    if request.born is None or request.kind != "request_received":
        return []
    until = compulsory_school_age_ends(request.born)
    if request.fields.get("requested_by") == "parent" and request.on > until:
        return [f"The person has been over compulsory school age since {show.day(until)}, so the right to ask is the young"
                " person's own unless capacity is lacking (s.36(1), s.83(2)). Write to the young person, and ask whether the"
                " request is theirs; the weeks run meanwhile."]
    if request.fields.get("requested_by") == "young_person" and request.on <= until:
        return [f"The person is of compulsory school age until {show.day(until)}, so the right to ask is the parent's (s.36(1),"
                " s.83(2)). The weeks run meanwhile: the council knows of the child (s.24)."]
    return []
