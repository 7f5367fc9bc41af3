"""Every kind of fact, and the check at the door."""

from datetime import date

import pytest

from models.age import age_on, check_age, compulsory_school_age_ends
from models.fact_check import check, check_ref
from models.facts import BY_HAND, FIRST_DAY, KINDS, LAST_DAY, BadFact, kind_of
from models.law.rulebook import RULEBOOK

DAY = date(2026, 3, 2)
EVERY_KIND = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)

# Something to say for each field that a kind may require.
SAID = {
    "requested_by": "parent", "owner": "officer-1", "recipient": "rcb", "decided_by": "officer-1", "reason_codes": ["may_have_sen"],
    "decision": "decided_to_assess", "agency": "trust-a", "reasonable": True, "adviser": "adv_c_medical", "reasons": "because",
    "adviser_satisfied_on": DAY, "council_satisfied_on": DAY, "family_satisfied_on": DAY, "document": "doc-1", "sections": ["A"],
    "names_setting": False, "approved_by": "officer-2", "setting": "oak", "duty": "finalise_plan", "code": "X_PERSONAL",
    "because": "as explained", "to": "kent", "replaces": 1, "withdrawn": True, "key": "k", "message": "reminder",
    "sha256": "0" * 64, "why": "bounced", "type_only": True, "corrected": {"on": "2026-03-01"},
    "made_on": DAY, "meeting_on": DAY, "transfer": "other", "transfer_on": DAY, "cease_reason": "needs_met", "order": "assess",
    "about": "contents", "service": "health", "moves_on": DAY, "side": "old_authority", "decides": "parent",
    "primary": "ASD", "setting_code": "EHE", "rank": 1, "work_based": "S", "transferred_from": "202", "source": "sen2_xml",
    "ground": "complaint", "years": 75, "rule": "plan 31", "certificate": 1,
    "decided": "continue", "sought": ["outcomes"], "checked_by": "officer-2", "link": "7", "silenced_to": DAY,
    "outcome": {"review_decision_sent": "continue", "reassessment_decided": "reassess", "advice_gap_decided": "escalate"},
}


def whole(kind):
    """Everything that a door asks for."""
    names = (*KINDS[kind].required, *(group[-1] for group in KINDS[kind].one_of))
    return {name: SAID[name][kind] if name == "outcome" else SAID[name] for name in names}


def at_door(kind, on=DAY, today=None, **data):
    return check(kind, on, data, at_door=True, today=today)


# --- the kinds ----------------------------------------------------------------------------------------------------

# The facts of the public contract, with the fields that another reader must know.
CONTRACT = {
    "request_received": (), "became_responsible": (), "decided_to_assess": (), "refused_to_assess": (),
    "advice_requested": ("adviser", "body"), "advice_delivered": ("adviser", "body"), "advice_received": ("adviser", "body"),
    "decided_to_issue": (), "refused_to_issue": (), "draft_plan_served": (), "representations_received": (),
    "setting_consulted": ("setting",), "setting_answered": ("setting",), "final_plan_sent": ("sent_to",), "review_meeting_held": (),
    "review_report_sent": (), "review_decision_sent": ("outcome",), "amendment_notice_sent": (), "final_amended_plan_sent": (),
    "reassessment_requested": (), "reassessment_decided": ("outcome",), "tribunal_order_made": ("order",),
    "appeal_unopposed": ("about",), "mediation_wanted": (), "mediation_agreed": ("order",), "plan_transferred": (),
    "phase_transfer_identified": ("transfer", "year"),
    "exception_claimed": ("duty", "code", "because", "advice_requested_on", "closed_from", "reopens_on", "absent_from", "absent_to"),
    "fact_corrected": ("replaces",),
}


def test_the_facts_of_the_contract_are_there_with_their_fields():
    for kind, fields in CONTRACT.items():
        assert set(fields) <= set(KINDS[kind].fields.model_fields), kind


def test_every_fact_that_the_law_waits_for_can_be_recorded():
    awaited = {kind for row in RULEBOOK for kind in (*row.starts_on, *row.met_by, *row.ends_with, row.awaits) if kind}
    assert {token.partition("=")[0] for token in awaited} <= set(KINDS)


@EVERY_KIND
def test_a_kind_says_what_it_tells_and_what_each_field_means(kind):
    assert kind.describe() == f"{kind.name}: {kind.tells}"
    assert all(field.description for field in kind.fields.model_fields.values())
    assert set(kind.required) <= set(kind.fields.model_fields)
    assert {name for group in kind.one_of for name in group} <= set(kind.fields.model_fields)


@EVERY_KIND
def test_no_kind_has_a_field_for_a_name_a_birth_date_or_an_address(kind):
    assert not set(kind.fields.model_fields) & {"name", "child", "birth_date", "address", "email", "phone", "nhs_number", "upn"}


@EVERY_KIND
def test_free_text_is_named_so_that_it_can_be_erased(kind):
    assert set(kind.free_text) == set(kind.fields.model_fields) & {"reasons", "because", "note"}
    assert "note" in kind.free_text


@EVERY_KIND
def test_the_whole_fact_passes_the_door_and_can_be_read_again(kind):
    plain = at_door(kind.name, **whole(kind.name))
    assert check(kind.name, DAY, plain, at_door=True) == plain
    assert check(kind.name, DAY, plain, at_door=False) == plain


@EVERY_KIND
def test_at_the_door_what_is_required_must_be_said(kind):
    for name in kind.required:
        with pytest.raises(BadFact, match=rf"{kind.name} must say .*{name}"):
            at_door(kind.name, **{field: value for field, value in whole(kind.name).items() if field != name})
    for group in kind.one_of:
        with pytest.raises(BadFact, match=" or ".join(group)):
            at_door(kind.name, **{field: value for field, value in whole(kind.name).items() if field not in group})


@EVERY_KIND
def test_in_a_chronology_nothing_is_required_and_what_is_unknown_is_left_out(kind):
    assert check(kind.name, DAY, {"colour": "red"}, at_door=False) == {}


def test_the_engine_keeps_its_own_facts_to_itself():
    assert set(KINDS) - set(BY_HAND) == {
        "message_queued", "message_sent", "message_failed", "message_delivered", "message_opened", "message_bounced",
        "taken_from_return", "ended_in_return", "personal_data_erased"}


def test_what_a_return_leaves_out_is_not_asked_of_what_was_taken_from_it():
    told = at_door("decided_to_assess", how="return", notified_on="2026-04-13")
    assert told == {"how": "return", "notified_on": "2026-04-13"}
    with pytest.raises(BadFact, match="decided_by"):
        at_door("decided_to_assess", how="post", notified_on="2026-04-13")
    with pytest.raises(BadFact, match="no field colour"):
        at_door("decided_to_assess", how="return", colour="red")


def test_a_setting_of_the_return_is_named_in_one_of_three_ways():
    with pytest.raises(BadFact, match="urn or ukprn or setting_code"):
        at_door("placement_recorded", rank=1)
    with pytest.raises(BadFact, match="urn"):
        at_door("placement_recorded", rank=1, urn="1234567")


# --- the door -----------------------------------------------------------------------------------------------------

def test_a_kind_that_there_is_none_of_is_answered_with_the_nearest():
    with pytest.raises(BadFact, match="There is no fact 'request_recieved'. Did you mean request_received"):
        kind_of("request_recieved")
    with pytest.raises(BadFact, match="`ehc record -h` lists them all"):
        at_door("xyzzy")


def test_an_unknown_field_is_an_error_at_the_door_and_the_known_ones_are_named():
    with pytest.raises(BadFact, match="family_consulted has no field colour. Its fields are note, how, key"):
        at_door("family_consulted", colour="red")


@pytest.mark.parametrize(("today", "fine"), [(date(2026, 3, 1), False), (DAY, True), (date(2026, 3, 3), True)])
def test_a_fact_is_recorded_once_it_has_happened(today, fine):
    if fine:
        assert at_door("family_consulted", today=today) == {}
    else:
        with pytest.raises(BadFact, match="Mon 2 Mar 2026 is in the future"):
            at_door("family_consulted", today=today)


@pytest.mark.parametrize("at", [True, False])
@pytest.mark.parametrize(("day", "word"), [(date.min, "early"), (date(1999, 12, 31), "early"), (FIRST_DAY, None), (LAST_DAY, None),
                                           (date(2101, 1, 1), "late"), (date.max, "late")])
def test_a_day_that_no_assessment_can_have_is_refused_at_every_door(at, day, word):
    for on, data in ((day, {}), (DAY, {"closed_from": day})):
        if word is None:
            check("exception_claimed", on, data, at_door=False)
            continue
        with pytest.raises(BadFact, match=f"is too {word} to be a day of an assessment"):
            check("exception_claimed", on, data, at_door=False)
        with pytest.raises(BadFact, match=f"is too {word} to be a day of an assessment"):
            check("exception_claimed", on, whole("exception_claimed") | data, at_door=at)


@pytest.mark.parametrize(("given", "kept"), [("2026-07-23", "2026-07-23"), (date(2026, 7, 23), "2026-07-23"), ("", None), (None, None)])
def test_days_are_kept_as_text_and_what_is_empty_is_not_kept(given, kept):
    assert check("exception_claimed", DAY, {"closed_from": given}, at_door=False) == ({"closed_from": kept} if kept else {})


@pytest.mark.parametrize(("kind", "data", "match"), [
    ("exception_claimed", {"closed_from": "soon"}, "closed_from: .*date"),
    ("exception_claimed", {"closed_from": "2026-02-29"}, "closed_from"),
    ("exception_claimed", {"code": "X_STAFF"}, "code: .*X_SCHOOL"),
    ("advice_requested", {"adviser": "adv_x"}, "adviser: .*adv_a_parent_yp"),
    ("advice_requested", {"body": "school"}, "body: .*s31"),
    ("request_received", {"year_group": 16}, "year_group: .*15"),
    ("request_received", {"year_group": -3}, "year_group: .*-2"),
    ("request_received", {"requested_by": "neighbour"}, "requested_by"),
    ("request_received", {"attends": "home"}, "attends"),
    ("final_plan_prepared", {"sections": ["A", "Z"]}, "sections"),
    ("fact_corrected", {"replaces": "first"}, "replaces"),
    ("message_sent", {"sha256": "abc"}, "sha256"),
])
@pytest.mark.parametrize("at", [True, False])
def test_what_a_field_cannot_hold_is_refused_and_the_field_named(kind, data, match, at):
    with pytest.raises(BadFact, match=match):
        check(kind, DAY, whole(kind) | data, at_door=at)


def test_the_error_does_not_repeat_what_was_typed():
    with pytest.raises(BadFact) as refused:
        at_door("family_told_of_decision", decision="Ann Other, 1 High Street")
    assert "Ann" not in str(refused.value)


def test_a_reference_is_a_reference_at_the_door_and_any_text_in_a_chronology():
    with pytest.raises(BadFact, match="decision"):
        at_door("family_told_of_decision", decision="it was decided")
    assert check("family_told_of_decision", DAY, {"decision": "it was decided"}, at_door=False) == {"decision": "it was decided"}


@pytest.mark.parametrize("blank", [" ", "\n\t"])
def test_blank_reasons_are_no_reasons(blank):
    with pytest.raises(BadFact, match="reasons is blank"):
        at_door("decided_to_assess", decided_by="officer-1", reasons=blank, reason_codes=["may_have_sen"])


def test_an_empty_list_says_nothing():
    with pytest.raises(BadFact, match="reasons or reason_codes"):
        at_door("decided_to_assess", decided_by="officer-1", reason_codes=[])


@pytest.mark.parametrize("name", ["service_family", "reasonable", "names_setting"])
def test_no_is_an_answer(name):
    kind = {"service_family": "request_received", "reasonable": "adviser_requested_by_family",
            "names_setting": "draft_plan_prepared"}[name]
    assert at_door(kind, **(whole(kind) | {name: False}))[name] is False


# --- references and ages ------------------------------------------------------------------------------------------

@pytest.mark.parametrize("ref", ["A1", "EHC-2026-0042", "2026/042", "a" * 40])
def test_a_reference_of_letters_digits_and_a_few_signs(ref):
    assert check_ref(ref) == ref


@pytest.mark.parametrize("ref", ["", " A1", "A1 ", "-A1", "a" * 41, "Ann Other", "é1", "A1\n", "../A1", "A1;"])
def test_anything_else_is_none(ref):
    with pytest.raises(BadFact, match="cannot be a case reference"):
        check_ref(ref)


@pytest.mark.parametrize(("day", "age"), [(date(2026, 3, 1), 24), (DAY, 25), (date(2026, 3, 3), 25)])
def test_age_in_full_years(day, age):
    assert age_on(date(2001, 3, 2), day) == age


@pytest.mark.parametrize(("day", "age"), [(date(2026, 2, 28), 1), (date(2026, 3, 1), 2), (date(2028, 2, 28), 3), (date(2028, 2, 29), 4)])
def test_age_of_one_born_on_a_leap_day(day, age):
    assert age_on(date(2024, 2, 29), day) == age


def test_an_assessment_is_for_persons_under_25():
    check_age(date(2001, 3, 3), DAY)
    with pytest.raises(BadFact, match=r"The person is 25 on Mon 2 Mar 2026; an assessment is for persons under 25 \(s.83\(2\)\)"):
        check_age(date(2001, 3, 2), DAY)
    with pytest.raises(BadFact, match="after the request"):
        check_age(date(2026, 3, 3), DAY)


@pytest.mark.parametrize(("born", "ends"), [
    pytest.param(date(2010, 8, 31), date(2026, 6, 26), id="the youngest of the school year"),
    pytest.param(date(2010, 9, 1), date(2027, 6, 25), id="the oldest of the next"),
    pytest.param(date(2012, 2, 29), date(2028, 6, 30), id="30 June can itself be the last Friday"),
    pytest.param(date(2010, 1, 1), date(2026, 6, 26), id="in the middle of the year"),
])
def test_compulsory_school_age_ends_on_the_last_friday_in_june(born, ends):
    assert compulsory_school_age_ends(born) == ends
    assert ends.strftime("%A %B") == "Friday June"


@pytest.mark.parametrize("kind, data, said", [
    ("plan_terms_recorded", {"personal_budget": False}, True), ("return_items_recorded", {"exception_applied": False}, True),
    ("final_plan_prepared", {"document": "doc-1", "sections": ["A"], "approved_by": "officer-2", "type_only": False}, False),
    ("fact_corrected", {"replaces": 1, "withdrawn": False}, False)])
def test_no_is_something_said_where_it_is_an_answer(kind, data, said):
    if said:
        assert at_door(kind, **data) == data
    else:
        with pytest.raises(BadFact, match="must say"):
            at_door(kind, **data)
