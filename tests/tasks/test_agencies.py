"""The register of agencies on both databases: taken in whole or not at all, and asked whom a letter reaches."""

import logging
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from models.agencies.reach import NotReached
from models.agencies.register import CLOSED_FOR, CONTACT_ROLES, KINDS
from models.agencies.told import BadRegister, Told, amended
from notifications.channels import Channels
from notifications.letter import Letter
from tasks import agencies, database
from tasks.agencies import NoSuchAgency, Recipient, load, reach, register
from tasks.database import reading, writing
from tests.tasks.builders import REF, TODAY, hand

NAME, CHANNEL = "Zebedee Quillfeather", "mailtos://zeb:marmalade@smtp.example?to=zeb@icb.example"
ICB = Told("organisations", {"agency": "icb-1", "kind": "icb", "name": "Made-up ICB"}, "line 2")
DCO = Told("contacts", {"agency": "icb-1", "contact": "dco-1", "role": "dco", "name": NAME, "channel": CHANNEL,
                        "from": date(2026, 1, 5)}, "line 3")
DMO = Told("contacts", {"agency": "icb-1", "contact": "dmo-1", "role": "cover", "name": "Lee Fir", "channel": "lee@icb.example",
                        "from": date(2026, 1, 5), "verified_on": date(2026, 1, 6), "verified_by": "officer-3"}, "line 4")
AWAY = Told("covers", {"agency": "icb-1", "contact": "dco-1", "cover": "dmo-1", "from": TODAY,
                       "until": TODAY + timedelta(days=3)}, "line 5")
SHUT = Told("closures", {"agency": "icb-1", "from": TODAY, "until": TODAY}, "line 6")
ALL = [ICB, DCO, DMO, AWAY, SHUT]


def loaded(engine, rows=ALL):
    with writing(engine) as session:
        return load(session, rows, TODAY)


def verified(engine, on=TODAY):
    with writing(engine) as session:
        agencies.verify(session, "icb-1", "dco-1", on, "officer-7", TODAY)


def kept(engine):
    with reading(engine) as session:
        return register(session)


def reached(engine, who="rcb", on=TODAY) -> Recipient | NotReached:
    with reading(engine) as session:
        return reach(session, who, on)


# --- taking in -----------------------------------------------------------------------------------------------------------

def test_what_was_taken_in_is_there_and_the_same_again_changes_nothing(engine):
    first = loaded(engine)
    assert (len(first.added), first.changed, first.same) == (5, (), 0)
    assert first.to_verify == (("contacts", "icb-1", "dco-1"),)
    assert kept(engine) == amended({}, ALL, TODAY)
    again = loaded(engine)
    assert (again.added, again.changed, again.same, again.to_verify) == ((), (), 5, ())


def test_rows_are_taken_in_whatever_their_order(engine):
    loaded(engine, ALL[::-1])
    assert kept(engine) == amended({}, ALL, TODAY)


def test_one_wrong_row_keeps_all_others_out(engine):
    with pytest.raises(BadRegister, match="line 7: why: cannot be 'x'"):
        loaded(engine, [*ALL, Told("closures", {"agency": "icb-1", "from": date(2026, 2, 2), "until": date(2026, 2, 3), "why": "x"},
                                   "line 7")])
    assert kept(engine) == {}


def test_what_contradicts_what_is_on_record_is_refused_and_nothing_is_kept(engine):
    loaded(engine)
    before = kept(engine)
    ring = Told("covers", {"agency": "icb-1", "contact": "dmo-1", "cover": "dco-1", "from": TODAY, "until": TODAY}, "line 2")
    with pytest.raises(BadRegister, match="stand in for each other"):
        loaded(engine, [ring, Told("organisations", {"agency": "icb-1", "name": "Another"})])
    assert kept(engine) == before


def test_each_table_can_be_changed(engine):
    loaded(engine)
    changes = loaded(engine, [
        Told("organisations", {"agency": "icb-1", "weekdays": (0, 2)}), Told("contacts", {"agency": "icb-1", "contact": "dmo-1",
                                                                                        "role": "dmo"}),
        Told("covers", AWAY.values | {"until": TODAY}), Told("closures", SHUT.values | {"why": "training"})])
    assert len(changes.changed) == 4
    found = kept(engine)
    assert found["organisations", "icb-1"].weekdays == (0, 2) and found["contacts", "icb-1", "dmo-1"].role == "dmo"
    assert found["covers", "icb-1", "dco-1", TODAY.isoformat()].until == TODAY
    assert found["closures", "icb-1", TODAY.isoformat()].why == "training"


def test_a_new_channel_is_tried_on_and_never_shown(engine):
    for channel, words in (("nobody", "is neither an e-mail address"), ("mailto://u:p@x.example?to=a@x.example,b@x.example",
                                                                          "names 2 recipients"),
                           ("nosuch://host/marmalade", "is neither")):
        with pytest.raises(BadRegister, match=words) as error:
            loaded(engine, [ICB, Told("contacts", DCO.values | {"channel": channel}, "line 3")])
        assert str(error.value).startswith("line 3: channel: ") and channel not in str(error.value)


@pytest.mark.parametrize("channel", ["jo@icb.example", "mailto://u:p@smtp.example?to=jo@icb.example", "json://localhost/hook",
                                     "eml:///tmp/letters"])
def test_what_apprise_understands_is_taken(channel):
    assert agencies.unusable(channel) is None


def test_nothing_of_a_contact_is_logged_or_shown(engine, caplog):
    caplog.set_level(logging.DEBUG)
    loaded(engine)
    verified(engine)
    with reading(engine) as session:
        shown = repr([*session.exec(sa.select(agencies.AgencyContactRow)).scalars(), *register(session).values(),
                      reach(session, "icb-1", date(2026, 4, 30)), reach(session, "icb-1", TODAY)])
    with pytest.raises(DBAPIError) as error, writing(engine) as session:
        session.exec(sa.insert(agencies.AgencyContactRow), params=[
            {"agency_ref": "none", "ref": "x", "role": "lead", "name": NAME, "channel": CHANNEL, "since": TODAY}])
    for said in (caplog.text, shown, str(error.value)):
        assert "Quillfeather" not in said and "marmalade" not in said and "zeb@" not in said


@pytest.mark.parametrize("statement", [
    "UPDATE agency_contact SET until = '2020-01-01' WHERE ref = 'dco-1'",
    "UPDATE agency_contact SET verified_by = NULL WHERE ref = 'dmo-1'",
    "UPDATE agency_contact SET channel = NULL WHERE ref = 'dmo-1'",
    "UPDATE agency_cover SET cover_ref = 'dco-1'",
    "UPDATE agency_cover SET cover_ref = 'nobody'",
    "UPDATE agency_cover SET until = '2020-01-01'",
    "UPDATE agency_closure SET until = '2020-01-01'",
    "DELETE FROM agency_contact WHERE ref = 'dmo-1'",
    "DELETE FROM agency",
])
def test_the_database_itself_refuses_what_cannot_be(engine, statement):
    loaded(engine)
    with pytest.raises(DBAPIError, match="(?i)check|foreign"), engine.begin() as connection:
        connection.exec_driver_sql(statement)


# --- whom a letter reaches -------------------------------------------------------------------------------------------------

def test_before_the_first_disclosure_somebody_must_have_verified_the_contact(engine):
    loaded(engine, [ICB, DCO])
    found = reached(engine)
    assert isinstance(found, NotReached) and found.code == "not_verified"
    assert "`ehc agency verify icb-1 dco-1`" in str(found)
    verified(engine)
    assert reached(engine).contact == "dco-1"
    assert reached(engine, on=TODAY - timedelta(days=1)).code == "not_verified"


def test_a_recipient_has_all_that_sending_needs(engine, tmp_path):
    loaded(engine, [ICB, Told("contacts", DCO.values | {"channel": f"eml://{tmp_path}/letters"}), SHUT])
    verified(engine)
    found = reached(engine)
    assert (found.agency, found.contact, found.role, found.name, found.stands_in_for) == ("icb-1", "dco-1", "dco", NAME, None)
    assert (found.is_open, found.next_open_on) == (False, date(2026, 5, 5))        # Friday; Monday 4 May is a bank holiday
    Channels({}, tmp_path).send("rcb", found.agency, Letter("A subject", "Words.", "0" * 64), "key-1", REF, found.channel, at=hand().at)
    assert list((tmp_path / "letters" / "rcb").iterdir())


def test_who_stands_in_is_reached_between_the_two_days(engine):
    loaded(engine)
    verified(engine, on=date(2026, 4, 1))
    days = {on: reached(engine, on=TODAY + timedelta(days=on)) for on in (-1, 0, 3, 4)}
    assert {on: (one.contact, one.stands_in_for) for on, one in days.items()} == {
        -1: ("dco-1", None), 0: ("dmo-1", "dco-1"), 3: ("dmo-1", "dco-1"), 4: ("dco-1", None)}


@pytest.mark.parametrize("who, code", [
    ("nobody", "unknown"), ("council.owner", "unknown"), ("family", "unknown"), ("ep_service", "no_organisation"),
    ("setting", "several"), ("setting.lead", "several"), ("icb-1.lead", "no_contact"), ("rcb.lead", "no_contact"),
    ("school-1", "no_contact"), ("mod", "no_organisation")])
def test_why_nobody_is_reached(engine, who, code):
    schools = [Told("organisations", {"agency": f"school-{n}", "kind": "school", "name": "Made-up"}) for n in (1, 2)]
    mod = Told("organisations", {"agency": "mod-1", "kind": "mod", "name": "Made-up", "until": TODAY - timedelta(days=1)})
    loaded(engine, [*ALL, *schools, mod])
    found = reached(engine, who)
    assert isinstance(found, NotReached) and found.code == code and str(found)


def test_a_role_is_played_by_whoever_has_not_ended(engine):
    other = {"kind": "icb", "name": "Made-up"}
    loaded(engine, [*ALL, Told("organisations", other | {"agency": "icb-0", "until": TODAY - timedelta(days=1)})])
    assert reached(engine).agency == "icb-1"
    assert reached(engine, on=TODAY - timedelta(days=1)).code == "several"
    assert reached(engine, "icb-0").code == "ended"


# --- one thing at a time ---------------------------------------------------------------------------------------------------

def test_a_contact_ends_and_is_erased(engine):
    loaded(engine)
    verified(engine)
    with writing(engine) as session:
        agencies.end_contact(session, "icb-1", "dmo-1", TODAY, TODAY)
    assert reached(engine).contact == "dmo-1"
    assert reached(engine, on=TODAY + timedelta(days=1)).code == "no_contact"
    with writing(engine) as session:
        agencies.erase_contact(session, "icb-1", "dmo-1")
    assert {key[0] for key in kept(engine)} == {"organisations", "contacts", "closures"}
    assert reached(engine).contact == "dco-1"


def test_an_organisation_ends(engine):
    loaded(engine)
    with writing(engine) as session:
        agencies.end_agency(session, "icb-1", TODAY, TODAY)
    assert reached(engine, "icb-1", TODAY + timedelta(days=1)).code == "ended"


def test_a_cover_and_a_closure_are_taken_back(engine):
    loaded(engine)
    with writing(engine) as session:
        agencies.take_back(session, ("covers", "icb-1", "dco-1", TODAY.isoformat()))
        agencies.take_back(session, ("closures", "icb-1", TODAY.isoformat()))
    assert {key[0] for key in kept(engine)} == {"organisations", "contacts"}


@pytest.mark.parametrize("call", [
    lambda s: agencies.entry(s, "icb-2"), lambda s: agencies.verify(s, "icb-1", "boss", TODAY, "officer-3", TODAY),
    lambda s: agencies.end_contact(s, "icb-1", "boss", TODAY, TODAY), lambda s: agencies.end_agency(s, "icb-2", TODAY, TODAY),
    lambda s: agencies.erase_contact(s, "icb-2", "dco-1"), lambda s: agencies.take_back(s, ("closures", "icb-1", "2026-01-01")),
    lambda s: agencies.take_back(s, ("covers", "icb-1", "dmo-1", "2026-01-01"))])
def test_what_is_not_there_is_said_with_what_to_do(engine, call):
    loaded(engine)
    with pytest.raises(NoSuchAgency, match="`ehc agency (list|show icb-[12])` names them"), writing(engine) as session:
        call(session)


def test_two_loads_at_once_do_not_contradict_each_other(postgresql_url):
    """Each would be right alone: the second waits, and is checked against what the first has kept."""
    engine = database.engine(postgresql_url)
    loaded(engine, [ICB])
    with writing(engine) as first:
        load(first, [Told("closures", SHUT.values)], TODAY)
        with engine.connect() as other:
            free = other.execute(sa.select(sa.func.pg_try_advisory_xact_lock(agencies._ONE_AT_A_TIME))).scalar_one()
    assert not free


# --- what always holds -----------------------------------------------------------------------------------------------------

REFS = st.sampled_from(["a-1", "b-2", "C/3", "d.4", "e:5"])
DAYS = st.dates(date(2026, 1, 1), date(2026, 12, 31))
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1, max_size=20)
CHANNELS = st.none() | st.sampled_from(["jo@x.example", "al+send@x.example", "mailto://u:p,q\"r@x.example?to=jo@x.example"])


@st.composite
def rows(draw) -> list[Told]:
    """Rows of all tables, most of which fit together."""
    found = []
    for agency in draw(st.lists(REFS, unique=True, max_size=3)):
        kind = draw(st.sampled_from(sorted(KINDS)))
        roles = draw(st.none() | st.lists(st.sampled_from([*KINDS[kind].usual, *KINDS[kind].may] or ["pfa"]), unique=True))
        found.append(Told("organisations", {
            "agency": agency, "kind": kind, "name": draw(NAMES), "until": draw(st.none() | DAYS),
            "weekdays": tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1))))} | ({} if roles is None else {"roles": roles})))
        refs = draw(st.lists(REFS, unique=True, max_size=3))
        for ref in refs:
            role = draw(st.sampled_from(sorted(role for role, one in CONTACT_ROLES.items() if not one.kinds or kind in one.kinds)))
            first, channel = draw(DAYS), draw(CHANNELS)
            checked = {"verified_on": draw(DAYS), "verified_by": "officer-3"} if channel and draw(st.booleans()) else {}
            found.append(Told("contacts", {
                "agency": agency, "contact": ref, "role": role, "name": draw(NAMES), "channel": channel, "from": first,
                "until": draw(st.none() | st.dates(first, date(2027, 1, 1)))} | checked))
        if len(refs) > 1:
            first = draw(DAYS)
            found.append(Told("covers", {"agency": agency, "contact": refs[0], "cover": refs[1], "from": first,
                                         "until": draw(st.dates(first, date(2027, 1, 1)))}))
        for first in draw(st.lists(DAYS, unique=True, max_size=2)):
            found.append(Told("closures", {"agency": agency, "from": first, "until": draw(st.dates(first, date(2027, 1, 1))),
                                           "why": draw(st.sampled_from(CLOSED_FOR))}))
    return found


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=rows())
def test_what_is_kept_is_what_the_rows_say_and_the_rows_again_change_nothing(engine, told):
    day = date(2027, 1, 1)
    with engine.begin() as connection:
        for table in ("agency_closure", "agency_cover", "agency_contact", "agency"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    try:
        wanted = amended({}, told, day)
    except BadRegister:
        with pytest.raises(BadRegister), writing(engine) as session:
            load(session, told, day)
        assert kept(engine) == {}
        return
    with writing(engine) as session:
        assert len(load(session, told, day).added) == len(told)
    assert kept(engine) == wanted
    with writing(engine) as session:
        again = load(session, told, day)
    assert (again.added, again.changed, again.same) == ((), (), len(told))
