"""The register of agencies: which bodies the law binds, whom a letter reaches, when anybody is there, what is refused."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from models.advice import ADVISER_ROLES
from models.agencies.reach import NotReached, is_open, next_open_day, whom
from models.agencies.register import CONTACT_ROLES, KINDS, ROLES, WRITTEN_TO, Agency, AgencyContact, Closure, Cover, Entry, entries
from models.agencies.told import BadRegister, Told, amended
from models.agencies.written import TABLES, read_weekdays, write_weekdays
from models.law.advisers import S31_BODIES
from models.law.parties import PARTNERS

DAY = date(2026, 6, 10)                          # a Wednesday in term
ICB = Agency("icb-1", "icb", "Made-up ICB", ("rcb",))


def on(days: int) -> date:
    return DAY + timedelta(days=days)


def contact(ref: str, role: str = "contact", since: int = -100, until: int | None = None, verified: int | None = -50,
            channel: str | None = "somebody@icb.example") -> AgencyContact:
    return AgencyContact("icb-1", ref, role, f"Name of {ref}", on(since), None if channel is None else SecretStr(channel),
                         None if until is None else on(until), None if verified is None else on(verified),
                         None if verified is None else "officer-3")


def cover(away: str, by: str, since: int = -1, until: int = 1) -> Cover:
    return Cover("icb-1", away, by, on(since), on(until))


def entry(*parts: AgencyContact | Cover | Closure, agency: Agency = ICB) -> Entry:
    return Entry(agency, *(tuple(part for part in parts if isinstance(part, kind)) for kind in (AgencyContact, Cover, Closure)))


# --- the law -----------------------------------------------------------------------------------------------------------

def test_each_body_of_section_31_has_one_kind_and_no_other_kind_claims_to_be_one():
    assert sorted(kind.s31 for kind in KINDS.values() if kind.s31) == sorted(S31_BODIES)


@pytest.mark.parametrize("kind", ["school", "college", "early_years", "ep_service", "social_care", "sensory_team", "virtual_school",
                                  "mod", "health_provider"])
def test_schools_and_the_councils_own_services_are_no_such_bodies(kind):
    agency = Agency("a-1", kind, "Made-up")
    assert not agency.is_s31_body and agency.body == "other"


def test_a_commissioning_body_and_another_council_are():
    assert ICB.is_s31_body and ICB.body == "s31" and Agency("c-1", "other_council", "Made-up").is_s31_body


def test_every_role_that_is_asked_or_told_can_be_played_by_some_kind():
    played = {role for kind in KINDS.values() for role in (*kind.usual, *kind.may)}
    assert played == ROLES.keys()
    assert (set(ADVISER_ROLES.values()) | PARTNERS.keys()) - {"family"} <= played


def test_the_roles_of_an_agency_say_which_advice_it_gives():
    assert ICB.advice == ("adv_c_medical",)
    assert Agency("s-1", "school", "Made-up", ("setting", "pfa")).advice == ("adv_b_education", "adv_g_pfa")


def test_every_contact_is_written_to_or_stands_in_only():
    assert set(WRITTEN_TO) | {"cover"} == CONTACT_ROLES.keys()


# --- whom a letter reaches ---------------------------------------------------------------------------------------------

def reached(*parts: AgencyContact | Cover, day: date = DAY, lead: bool = False) -> str:
    """The contact who is reached, or the code of why nobody is."""
    found = whom(entry(*parts), day, lead=lead)
    return found.code if isinstance(found, NotReached) else found.contact.contact


@pytest.mark.parametrize("parts, expected", [
    ([], "no_contact"),
    ([contact("a", "lead"), contact("b", "dmo"), contact("c", "dco"), contact("d")], "d"),
    ([contact("a", "lead"), contact("b", "dmo"), contact("c", "dco")], "c"),
    ([contact("a", "lead")], "a"),
    ([contact("a", "cover")], "no_contact"),
    ([contact("a", since=-9), contact("b", since=-8)], "b"),
    ([contact("b"), contact("a")], "a"),
    ([contact("a", verified=None)], "not_verified"),
    ([contact("a", channel=None, verified=None)], "no_channel"),
    ([contact("a", verified=None), contact("b", "dco")], "b"),
    ([contact("a", since=-8, verified=None), contact("b", since=-9)], "b"),
], ids=str)
def test_who_is_written_to(parts, expected):
    assert reached(*parts) == expected


@pytest.mark.parametrize("days, expected", [(-101, "no_contact"), (-100, "a"), (5, "a"), (6, "no_contact")])
def test_a_contact_is_in_office_from_the_first_day_to_the_last(days, expected):
    assert reached(contact("a", until=5, verified=-100), day=on(days)) == expected


@pytest.mark.parametrize("days, expected", [(-51, "not_verified"), (-50, "a")])
def test_nobody_is_written_to_before_the_day_of_verification(days, expected):
    assert reached(contact("a"), day=on(days)) == expected


@pytest.mark.parametrize("days, expected", [(-2, "a"), (-1, "b"), (1, "b"), (2, "a")])
def test_who_stands_in_does_so_from_the_first_day_to_the_last(days, expected):
    assert reached(contact("a"), contact("b", "cover"), cover("a", "b"), day=on(days)) == expected


def test_whoever_stands_in_says_for_whom():
    found = whom(entry(contact("a"), contact("b", "cover"), cover("a", "b")), DAY)
    assert found.stands_in_for == "a"
    assert whom(entry(contact("a")), DAY).stands_in_for is None


@pytest.mark.parametrize("parts, expected", [
    ([contact("b", "cover"), contact("c", "cover"), cover("a", "b"), cover("b", "c")], "c"),
    ([contact("b", "cover", verified=None), cover("a", "b")], "not_verified"),
    ([contact("b", "cover", until=-1), cover("a", "b")], "no_contact"),
    ([contact("b", "cover", verified=None), contact("c", "lead"), cover("a", "b")], "c"),
], ids=str)
def test_who_is_away_is_never_written_to(parts, expected):
    assert reached(contact("a"), *parts) == expected


def test_what_is_for_the_lead_reaches_the_lead_or_who_stands_in_and_nobody_else():
    lead, other = contact("a", "lead"), contact("b")
    assert reached(lead, other, lead=True) == "a"
    assert reached(lead, other, cover("a", "b"), lead=True) == "b"
    assert reached(other, lead=True) == "no_contact"


def test_after_the_last_day_of_the_organisation_nobody_is_reached():
    ended = entry(contact("a"), agency=replace(ICB, until=DAY))
    assert not isinstance(whom(ended, DAY), NotReached)
    assert whom(ended, on(1)).code == "ended"


def test_why_nobody_is_reached_is_said_in_words_without_name_or_address():
    for parts in ([contact("a", verified=None)], [contact("a", channel=None, verified=None)], []):
        words = str(whom(entry(*parts), DAY))
        assert words.startswith("icb-1: ") and "`ehc agency" in words and "Name of" not in words and "@" not in words


def test_neither_name_nor_channel_shows_in_a_repr():
    shown = repr(entry(contact("a"))) + repr(Told("contacts", {"name": "Name of a", "channel": "somebody@icb.example"}))
    assert "Name of" not in shown and "somebody" not in shown


# --- whether anybody is there ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("day, works, expected", [
    (date(2026, 6, 12), (0, 1, 2, 3, 4), date(2026, 6, 12)),        # a Friday
    (date(2026, 6, 13), (0, 1, 2, 3, 4), date(2026, 6, 15)),
    (date(2026, 6, 12), (0, 2), date(2026, 6, 15)),
    (date(2026, 12, 25), (0, 1, 2, 3, 4), date(2026, 12, 29)),      # the 28th is in place of Boxing Day
    (date(2026, 6, 13), (5,), date(2026, 6, 13)),
])
def test_weekdays_and_bank_holidays(day, works, expected):
    found = entry(agency=replace(ICB, weekdays=works))
    assert next_open_day(found, day) == expected
    assert is_open(found, day) == (day == expected)


@pytest.mark.parametrize("days, expected", [(-1, -1), (0, 12), (7, 12), (11, 12), (12, 12)])
def test_closures_may_touch_and_overlap(days, expected):
    shut = entry(Closure("icb-1", on(0), on(5)), Closure("icb-1", on(4), on(8)), Closure("icb-1", on(9), on(11)))
    assert next_open_day(shut, on(days)) == on(expected)


def test_an_organisation_that_ends_does_not_open_again():
    shut = entry(Closure("icb-1", DAY, on(7)), agency=replace(ICB, until=on(7)))
    assert next_open_day(shut, DAY) is None and not is_open(shut, on(8))
    assert next_open_day(entry(Closure("icb-1", DAY, date(2100, 12, 31))), DAY) is None


def test_closures_keep_no_letter_back():
    assert not isinstance(whom(entry(contact("a"), Closure("icb-1", on(-9), on(9))), DAY), NotReached)


@given(st.sets(st.integers(0, 6), min_size=1), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=4), st.integers(0, 60))
def test_the_next_open_day_is_the_first_that_is_open(works, shut, days):
    found = entry(*(Closure("icb-1", on(first), on(first + more)) for first, more in shut),
                  agency=replace(ICB, weekdays=tuple(sorted(works))))
    answer = next_open_day(found, on(days))
    assert is_open(found, answer)
    assert not any(is_open(found, on(n)) for n in range(days, (answer - DAY).days))


# --- what is told ------------------------------------------------------------------------------------------------------

GOOD = {
    "organisations": {"agency": "icb-1", "kind": "icb", "name": "Made-up ICB"},
    "contacts": {"agency": "icb-1", "contact": "a", "role": "dco", "name": "Jo Oak", "channel": "jo@icb.example", "from": on(-9)},
    "second": {"agency": "icb-1", "contact": "b", "role": "cover", "name": "Al Fir", "from": on(-9)},
    "covers": {"agency": "icb-1", "contact": "a", "cover": "b", "from": on(-1), "until": on(1)},
    "closures": {"agency": "icb-1", "from": on(-1), "until": on(1)},
}


def told(**changes: dict) -> list[Told]:
    """The good rows, with some cells said otherwise."""
    return [Told("contacts" if name == "second" else name, row | changes.get(name, {}), f"{name}.csv, line 2")
            for name, row in GOOD.items()]


def problems(register, rows) -> list[str]:
    with pytest.raises(BadRegister) as error:
        amended(register, rows, DAY, lambda channel: "will not do." if "bad" in channel else None)
    return [str(one) for one in error.value.problems]


def test_good_rows_make_a_register():
    found = amended({}, told(), DAY)
    [one] = entries(found)
    assert (one.agency.roles, one.agency.weekdays) == (("rcb",), (0, 1, 2, 3, 4))
    assert [c.contact for c in one.contacts] == ["a", "b"] and len(one.covers) == len(one.closures) == 1
    assert all(set(row) <= TABLES["contacts" if name == "second" else name].keys() for name, row in GOOD.items())


def test_the_same_rows_again_change_nothing():
    found = amended({}, told(), DAY)
    assert amended(found, told(), DAY) == found


def test_what_is_not_told_stays_and_none_takes_away():
    found = amended({}, told(organisations={"until": on(9)}, contacts={"verified_on": DAY, "verified_by": "officer-3"}), DAY)
    found = amended(found, [Told("organisations", {"agency": "icb-1", "name": "Another"})], DAY)
    assert found["organisations", "icb-1"] == Agency("icb-1", "icb", "Another", ("rcb",), until=on(9))
    found = amended(found, [Told("organisations", {"agency": "icb-1", "until": None, "roles": None}),
                            Told("contacts", {"agency": "icb-1", "contact": "a", "channel": None})], DAY)
    assert found["organisations", "icb-1"] == Agency("icb-1", "icb", "Another", ())
    assert (found["contacts", "icb-1", "a"].channel, found["contacts", "icb-1", "a"].verified_on) == (None, None)


@pytest.mark.parametrize("table, cells, column, words", [
    ("organisations", {"agency": "rcb"}, "agency", "would be taken for a role"),
    ("organisations", {"agency": "icb-1.lead"}, "agency", "would be taken for a role"),
    ("organisations", {"agency": "Jo Oak"}, "agency", "is no reference"),
    ("organisations", {"agency": None}, "agency", "is blank"),
    ("organisations", {"kind": "hospital"}, "kind", "Choose from school, college"),
    ("organisations", {"name": " "}, "name", "is blank"),
    ("organisations", {"name": None}, "name", "cannot be taken away"),
    ("organisations", {"name": "=1+1"}, "name", "as a formula does"),
    ("organisations", {"name": "Two\nlines"}, "name", "line break"),
    ("organisations", {"name": "x" * 201}, "name", "more than 200"),
    ("organisations", {"roles": ("teacher",)}, "roles", "is no role"),
    ("organisations", {"roles": ("setting",)}, "roles", "an integrated care board cannot play setting"),
    ("organisations", {"roles": ("rcb", "rcb")}, "roles", "twice"),
    ("organisations", {"weekdays": ()}, "weekdays", "at least one day"),
    ("organisations", {"s31_body": False}, "s31_body", "an integrated care board is a body within s.31(1)"),
    ("organisations", {"until": date(1999, 1, 1)}, "until", "Check the year"),
    ("contacts", {"agency": "icb-2"}, "agency", "there is no organisation icb-2"),
    ("contacts", {"contact": "Jo Oak"}, "contact", "is no reference"),
    ("contacts", {"role": "boss"}, "role", "Choose from contact, dco"),
    ("contacts", {"role": "senco"}, "role", "there is no senco at an integrated care board"),
    ("contacts", {"name": "a\0b"}, "name", "cannot be kept"),
    ("contacts", {"name": "half \ud83d"}, "name", "cannot be kept"),
    ("contacts", {"channel": "a blank@icb.example"}, "channel", "has a blank"),
    ("contacts", {"channel": "bad@icb.example"}, "channel", "will not do"),
    ("contacts", {"until": on(-10)}, "until", "is before"),
    ("contacts", {"verified_on": DAY}, "verified_on", "belong together"),
    ("contacts", {"verified_on": on(1), "verified_by": "officer-3"}, "verified_on", "has not come yet"),
    ("contacts", {"verified_on": DAY, "verified_by": "Jo Oak"}, "verified_by", "is no reference"),
    ("contacts", {"verified_on": DAY, "verified_by": "officer-3", "channel": None}, "verified_on", "no channel"),
    ("covers", {"cover": "a"}, "cover", "is the contact who is away"),
    ("covers", {"cover": "c"}, "cover", "icb-1 has no contact c"),
    ("covers", {"contact": "c"}, "contact", "icb-1 has no contact c"),
    ("covers", {"until": on(-2)}, "until", "is before"),
    ("closures", {"until": on(-2)}, "until", "is before"),
    ("closures", {"why": "sunshine"}, "why", "Choose from holiday"),
    ("closures", {"agency": "icb-2"}, "agency", "there is no organisation icb-2"),
], ids=lambda value: str(value)[:40].encode("ascii", "replace").decode())
def test_what_is_refused_is_named_with_its_place_and_column(table, cells, column, words):
    found = problems({}, told(**{table: cells}))
    mine = [one for one in found if one.startswith(f"{table}.csv, line 2: {column}: ")]
    assert mine and words in mine[0]
    assert not any(secret in " ".join(found) for secret in ("Jo Oak", "Al Fir", "@icb.example"))


def test_a_school_is_no_body_of_section_31_whatever_the_file_says():
    rows = [Told("organisations", {"agency": "school-7", "kind": "school", "name": "Ash", "s31_body": True}, "here")]
    assert problems({}, rows) == ["here: s31_body: says yes, and a school is none of the bodies of s.31(1). Leave it blank, or"
                                  " correct the kind (a trust is nhs_trust, another council's service other_council)."]


def test_everything_that_is_wrong_is_told_at_once():
    found = problems({}, told(organisations={"kind": "x"}, contacts={"role": "x", "name": ""}, closures={"why": "x"}))
    assert [one.split(": ")[:2] for one in found] == [
        ["organisations.csv, line 2", "kind"], ["contacts.csv, line 2", "name"], ["contacts.csv, line 2", "role"],
        ["closures.csv, line 2", "why"]]


def test_the_same_row_twice_is_refused():
    assert "is told in organisations.csv, line 2 already" in problems({}, [*told(), told()[0]])[0]


def test_references_that_differ_in_capitals_alone_are_refused():
    rows = [*told(), Told("organisations", GOOD["organisations"] | {"agency": "ICB-1"}, "line 3")]
    assert "differs from icb-1 in capitals alone" in problems({}, rows)[0]


def test_two_cannot_stand_in_for_one_at_once():
    extra = Told("contacts", GOOD["second"] | {"contact": "c"})
    for since, until, fits in ((-3, -2, True), (-3, -1, False), (0, 0, False), (1, 4, False), (2, 4, True)):
        rows = [*told(), extra, Told("covers", GOOD["covers"] | {"cover": "c", "from": on(since), "until": on(until)}, "line 3")]
        if fits:
            amended({}, rows, DAY)
        else:
            assert "stands in for a on" in problems({}, rows)[0]


def test_those_who_stand_in_for_each_other_cannot_all_be_away():
    ring = Told("covers", {"agency": "icb-1", "contact": "b", "cover": "a", "from": on(1), "until": on(3)}, "line 3")
    assert "line 3: cover: on Thu 11 Jun 2026 those who stand in" in problems({}, [*told(), ring])[0]
    amended({}, [*told(), replace(ring, values=ring.values | {"from": on(2)})], DAY)


def test_a_kind_cannot_change_under_the_contacts_that_it_does_not_have():
    found = amended({}, told(), DAY)
    words = problems(found, [Told("organisations", {"agency": "icb-1", "kind": "mod", "roles": ("mod",)}, "here")])
    assert words == ["on record, contacts icb-1 a: role: there is no dco at the Ministry of Defence, but at these kinds: icb,"
                     " nhs_england, nhs_trust, health_board, health_provider."]


def test_a_register_that_contradicts_itself_takes_nothing_in():
    found = amended({}, told(), DAY)
    found["organisations", "icb-1"] = replace(found["organisations", "icb-1"], roles=("setting",))
    assert problems(found, [Told("closures", GOOD["closures"])])[0].startswith("on record, organisations icb-1: roles: ")


# --- verification belongs to the channel -------------------------------------------------------------------------------

def verified() -> dict:
    return amended({}, told(contacts={"verified_on": on(-5), "verified_by": "officer-3"}), DAY)


def verification(register, **cells) -> tuple:
    found = amended(register, [Told("contacts", {"agency": "icb-1", "contact": "a"} | cells)], DAY)["contacts", "icb-1", "a"]
    return found.verified_on, found.verified_by


def test_another_name_keeps_the_verification_and_another_channel_loses_it():
    assert verification(verified(), name="Jo Oak-Ash", channel="jo@icb.example") == (on(-5), "officer-3")
    assert verification(verified(), channel="ann@icb.example") == (None, None)
    assert verification(verified(), channel="ann@icb.example", verified_on=DAY, verified_by="officer-3") == (DAY, "officer-3")
    assert verification(verified(), verified_on=None, verified_by=None) == (None, None)


def test_another_channel_with_the_old_verification_is_refused():
    words = problems(verified(), [Told("contacts", {
        "agency": "icb-1", "contact": "a", "channel": "ann@icb.example", "verified_on": on(-5), "verified_by": "officer-3"})])
    assert words[0].startswith("verified_on: the channel has changed since it was verified on Fri 5 Jun 2026.")


def test_a_channel_that_stays_is_not_tried_again():
    def unusable(channel):
        raise AssertionError

    amended(verified(), told(), DAY, unusable)


# --- as people write it ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("text, days", [
    ("Mon-Fri", (0, 1, 2, 3, 4)), ("mon - wed; Saturday", (0, 1, 2, 5)), ("Thurs", (3,)), ("sun,mon", (0, 6))])
def test_days_of_the_week(text, days):
    assert read_weekdays(text) == days


@pytest.mark.parametrize("text", ["weekdays", "Fri-Mon", "m", "", "Mon-"])
def test_what_is_no_day_of_the_week(text):
    with pytest.raises(ValueError, match="is no day of the week"):
        read_weekdays(text)


@given(st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple))
def test_days_of_the_week_are_read_as_they_are_written(days):
    assert read_weekdays(write_weekdays(days)) == days
