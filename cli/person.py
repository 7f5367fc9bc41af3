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
    by: By = None,
    as_json: Json = False,
) -> None:
    """Whom a case is about and whom the council writes to; with options, say or change it.

    All of it is kept where it can be erased, and none of it is part of the trail. The address that came with the request
    is used at once; one that is added later, when a second person has verified it. That you looked is noted.
    """
    from models.facts import BadFact, check_age
    from tasks.case_file import NewContact, add_contact, as_it_stands, read, verify_contact
    from tasks.database import reading, writing
    from tasks.people import contacts_of, is_erased, name_person, person_of

    if (contact_address or email) and not contact:
        show.fail(f"{ref}: say to whom that address belongs: --contact NAME.")
    if name or born or address or contact:
        with writing(here.database()) as session:
            facts = read(session, ref)
            if born is not None:
                received = as_it_stands(ref, facts, today()).day_zero
                try:
                    check_age(born, received or today())
                except BadFact as error:
                    show.fail(f"{ref}: {error}")
            if name or born or address:
                name_person(session, ref, name=name, born=born, address=address)
            if contact:
                add_contact(session, ref, NewContact("family", contact, contact_address, email), today(), here.hand(by).by)
    if verify:
        with writing(here.database()) as session:
            verify_contact(session, ref, "family", here.hand(by), today())
    here.looked("ehc person", by, ref)
    with reading(here.database()) as session:
        found, contacts, gone = person_of(session, ref), contacts_of(session, ref), is_erased(session, ref)
        told = {"case": ref, "person": found and found.ref, "name": found and found.name, "born": found and found.birth_date,
                "address": found and found.address, "contacts": [
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
    if told["contacts"]:
        show.table(("role", "name", "address", "since", "until", "verified"), [
            (one["role"], one["name"], one["address"] or "-", one["since"], one["until"] or "-",
             one["verified_on"] or ("no" if one["has_channel"] else "-")) for one in told["contacts"]])
