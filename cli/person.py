"""`ehc person`: whom a case is about. The one command that shows a name."""

from datetime import date
from typing import Annotated

from cli import here, show
from cli.clock import today
from cli.options import By, CaseRef, EMail, Json, day_option, option


def person(
    ref: CaseRef,
    name: Annotated[str | None, option("--name", metavar="NAME", help="Name of the child or young person.")] = None,
    born: Annotated[date | None, day_option("--born", help="Birth date, YYYY-MM-DD.")] = None,
    address: Annotated[str | None, option(
        "--address", metavar="TEXT", help="Where the child or young person lives.")] = None,
    contact: Annotated[str | None, option(
        "--contact", metavar="NAME", help="To whom letters to the family are addressed from now on.")] = None,
    contact_address: Annotated[str | None, option("--contact-address", metavar="TEXT", help="Their postal address.")] = None,
    email: EMail = None,
    verify: Annotated[bool, option(
        "--verify", help="Say that you made sure, on a number known before, that the new address is theirs. Somebody else"
                         " than who added it does.")] = False,
    surname: Annotated[str | None, option("--surname", metavar="NAME", help="Surname, as the return to the DfE asks it.")] = None,
    forename: Annotated[str | None, option("--forename", metavar="NAME", help="Forename, as the return asks it.")] = None,
    sex: Annotated[str | None, option("--sex", metavar="M|F", help="Sex, as the return asks it.")] = None,
    ethnicity: Annotated[str | None, option("--ethnicity", metavar="CODE", help="Ethnicity: WBRI, ..., REFU refused, NOBT not yet"
                                                                               " obtained.")] = None,
    postcode: Annotated[str | None, option("--postcode", metavar="CODE", help="Postcode of the home.")] = None,
    upn: Annotated[str | None, option("--upn", metavar="UPN", help="Unique pupil number.")] = None,
    uln: Annotated[str | None, option("--uln", metavar="ULN", help="Unique learner number.")] = None,
    upn_unknown: Annotated[str | None, option(
        "--upn-unknown", metavar="CODE", help="Why there is neither number: UN1 under 6, UN2 never at a state school, ... `none` takes"
                                              " it, or any other of these, out again.")] = None,
    by: By = None,
    as_json: Json = False,
) -> None:
    """Whom a case is about and whom the council writes to; with options, say or change it.

    All of it is kept where it can be erased, and none of it is part of the trail. The address that came with the request
    is used at once; one that is added later, when a second person has verified it. That you looked is noted.
    """
    from models.age import check_age
    from models.facts import BadFact
    from tasks.case_file import NewContact, add_contact, as_it_stands, read, verify_contact
    from tasks.database import reading, writing
    from tasks.people import PARTICULARS, contacts_of, is_erased, name_person, particulars_of, person_of, record_particulars

    told_anew = _particulars(ref, surname=surname, forename=forename, sex=sex, ethnicity=ethnicity, postcode=postcode, upn=upn, uln=uln,
                             upn_unknown=upn_unknown)
    if (contact_address or email) and not contact:
        show.fail(f"{ref}: say to whom that address belongs: --contact NAME.")
    if name or born or address or contact or told_anew:
        with writing(here.database()) as session:
            facts = read(session, ref)
            if born is not None:
                received = as_it_stands(ref, facts, today()).day_zero
                try:
                    check_age(born, received or today())
                except BadFact as error:
                    show.fail(f"{ref}: {error}")
            if name or address or (born and not told_anew):
                name_person(session, ref, name=name, born=born, address=address)
            if told_anew:
                record_particulars(session, ref, told_anew)
                if born:                                 # after them: they may be what names the person
                    name_person(session, ref, name=None, born=born, address=None)
            if contact:
                add_contact(session, ref, NewContact("family", contact, contact_address, email), today(), here.hand(by).by)
    if verify:
        with writing(here.database()) as session:
            verify_contact(session, ref, "family", here.hand(by), today())
    here.looked("ehc person", by, ref)
    with reading(here.database()) as session:
        found, contacts, asked = person_of(session, ref), contacts_of(session, ref), particulars_of(session, ref)
        gone, particulars = is_erased(session, ref), {one: getattr(asked, one) for one in PARTICULARS} if asked else {}
        told = {"case": ref, "person": found and found.ref, "name": found and found.name, "born": found and found.birth_date,
                "address": found and found.address, "particulars": particulars or None, "contacts": [
                    {"role": one.role, "name": one.name, "address": one.address, "since": one.since, "until": one.until,
                     "has_channel": bool(one.apprise_url), "verified_on": one.verified_on} for one in contacts]}
    if as_json:
        show.answer(told)
        return
    if gone:
        show.say(f"{ref}: the personal data of this case were erased.")
    elif found is None:
        show.say(f"{ref}: nobody is named yet. Say who it is with `ehc person {ref} --name NAME --born DATE`.")
    else:
        show.say(f"{ref}: {told['name']}, born {show.day(told['born'])}" + (f", {told['address']}" if told["address"] else ""))
    if any(particulars.values()):
        show.say("For the return to the DfE: " + ", ".join(f"{_WORDS[one]} {value}" for one, value in particulars.items() if value))
    if told["contacts"]:
        show.table(("role", "name", "address", "since", "until", "verified"), [
            (one["role"], one["name"], one["address"] or "-", one["since"], one["until"] or "-",
             one["verified_on"] or ("no" if one["has_channel"] else "-")) for one in told["contacts"]])


_WORDS = {"surname": "surname", "forename": "forename", "sex": "sex", "ethnicity": "ethnicity", "postcode": "postcode", "upn": "UPN",
          "uln": "ULN", "upn_unknown": "no number because"}


def _particulars(ref: str, **told: str | None) -> dict[str, str | None]:
    """What the return asks, read and checked; only what was said."""
    from models.sen2.particulars import BadParticular, read_particular, remark_on

    found: dict[str, str | None] = {}
    for name, text in told.items():
        if text is None:
            continue
        try:
            found[name] = read_particular(name, text)
        except BadParticular as error:
            show.fail(f"{ref}: --{name.replace('_', '-')}: {error}")
        remark = remark_on(name, found[name])
        if remark:
            show.warn(f"ehc: {ref}: it is recorded, but {remark}")
    return found
