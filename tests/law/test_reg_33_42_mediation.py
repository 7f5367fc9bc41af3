"""Regs 33 to 42: mediation, its certificates, what was agreed in it."""

from datetime import date

import pytest

from tests.law.told import A_DAY, UNMET, around, dues, happened, owed, standing_of, states

REFUSED = happened("refused_to_issue", "2026-06-22")


def wanted(health, on="2026-09-01"):
    return happened("mediation_wanted", on, health=health)


TOLD = happened("rcb_told_of_mediation", "2026-09-04")
HELD = happened("mediation_held", "2026-09-24")


@pytest.mark.parametrize(("facts", "last", "id", "answer"), [
    ([happened("mediation_not_wanted", "2026-08-27")], date(2026, 9, 2), "certificate_no_mediation", "mediation_certificate_issued"),
    ([wanted("also")], date(2026, 9, 4), "notify_rcb_of_mediation", "rcb_told_of_mediation"),
    ([wanted("only")], date(2026, 9, 4), "notify_rcb_of_mediation", "rcb_told_of_mediation"),
    ([wanted("only"), TOLD], date(2026, 10, 4), "arrange_mediation_health_only", "mediation_arranged"),
    ([wanted("also")], date(2026, 10, 1), "arrange_mediation_mixed", "mediation_arranged"),
    ([wanted("none")], date(2026, 10, 1), "arrange_mediation_no_health", "mediation_arranged"),
    ([wanted("none"), HELD], date(2026, 9, 29), "certificate_after_mediation", "mediation_certificate_issued"),
    ([wanted("none"), happened("adviser_told_mediation_failed", "2026-10-01")], date(2026, 10, 6), "certificate_deemed",
     "mediation_certificate_issued"),
])
def test_the_day_before_the_day_and_the_day_after(facts, last, id, answer):
    assert around(facts, last, id) == UNMET
    for days, state, late in ((0, "met", 0), (1, "met_late", 1)):
        on = last + days * A_DAY
        data = {"meeting_on": "2026-10-20"} if answer == "mediation_arranged" else {}
        assert standing_of(owed([*facts, happened(answer, on, **data)], "2026-10-30", id)) == (state, late)


@pytest.mark.parametrize(("health", "arises"), [
    ("only", {"notify_rcb_of_mediation"}), ("also", {"notify_rcb_of_mediation", "arrange_mediation_mixed"}),
    ("none", {"arrange_mediation_no_health"})])
def test_who_arranges_depends_on_what_it_is_about(health, arises):
    every = {"notify_rcb_of_mediation", "arrange_mediation_health_only", "arrange_mediation_mixed", "arrange_mediation_no_health"}
    assert {id for id in every if dues([wanted(health)], "2026-09-01", id)} == arises


def test_mediation_about_health_alone_runs_from_the_day_on_which_the_body_was_told():
    assert dues([wanted("only"), TOLD], "2026-09-04", "arrange_mediation_health_only") == {"2026-09-01": date(2026, 10, 4)}
    assert dues([wanted("also"), TOLD], "2026-09-04", "arrange_mediation_health_only") == {}


def test_the_date_is_told_five_working_days_before_unless_the_family_agrees_to_less():
    facts = [wanted("none"), happened("mediation_arranged", "2026-09-10", meeting_on="2026-09-24")]
    assert around(facts, "2026-09-17", "mediation_date_notice") == UNMET
    agreed = [*facts, happened("shorter_notice_agreed", "2026-09-21")]
    assert standing_of(owed(agreed, "2026-09-22", "mediation_date_notice")) == ("lapsed", 0)


def test_what_cannot_be_arranged_is_told_to_the_adviser_but_not_where_it_is_about_health_alone():
    impossible = happened("mediation_cannot_be_arranged", "2026-09-20")
    for health, arises in (("none", True), ("also", True), ("only", False)):
        assert bool(dues([wanted(health), impossible], "2026-09-20", "unable_to_arrange")) is arises
    one = owed([wanted("none"), impossible], "2026-12-01", "unable_to_arrange")
    assert (one.state, one.due_on) == ("open", None)


@pytest.mark.parametrize(("days", "state"), [(-1, "open"), (0, "open"), (1, "lapsed")])
def test_the_family_has_two_months_to_contact_the_adviser_and_they_do_not_roll(days, state):
    assert owed([REFUSED], "2026-06-22", "contact_mediation_adviser").due_on == date(2026, 8, 22)                # a Saturday in August
    assert owed([REFUSED], date(2026, 8, 22) + days * A_DAY, "contact_mediation_adviser").state == state


def test_the_familys_own_step_has_no_figure():
    facts = [REFUSED, happened("mediation_adviser_contacted", "2026-07-01", wants_mediation=True)]
    assert (owed(facts, "2027-01-01", "tell_la_mediation_wanted").state, owed(facts, "2027-01-01", "tell_la_mediation_wanted").due_on) == (
        "open", None)
    assert dues([REFUSED, happened("mediation_adviser_contacted", "2026-07-01", wants_mediation=False)], "2026-07-01",
                "tell_la_mediation_wanted") == {}


# --- what was agreed ---------------------------------------------------------------------------------------------

def agreed(order, **data):
    return happened("mediation_agreed", "2026-09-24", order=order, **data)


@pytest.mark.parametrize(("order", "last", "rows"), [
    ("assess", "2026-12-31", {"ord_assess_notify": "2026-10-08", "ord_assess_no_plan": "2026-12-03", "ord_assess_final": "2026-12-31"}),
    ("make_plan", "2026-12-10", {"ord_make_draft": "2026-10-29", "ord_make_final": "2026-12-10"}),
    ("remit", "2026-10-08", {"ord_remit": "2026-10-08"}), ("amend_provision", "2026-10-29", {"ord_amend_sep": "2026-10-29"}),
    ("amend_setting", "2026-10-08", {"ord_amend_setting": "2026-10-08"}),
    ("continue_amend", "2026-10-29", {"ord_continue_amend": "2026-10-29"})])
def test_what_could_have_been_appealed_has_the_limits_of_an_order(order, last, rows):
    facts = [wanted("none"), HELD, agreed(order)]
    assert around(facts, last, "mediation_agreement_appealable") == UNMET
    for id, day in rows.items():
        assert around(facts, day, id) == UNMET
    assert dues(facts, "2026-09-24", "mediation_agreement_other") == {}


@pytest.mark.parametrize("order", ["continue", "dismiss_cease"])
def test_what_is_only_to_go_on_has_no_day(order):
    one = owed([agreed(order)], "2026-12-01", "mediation_agreement_appealable")
    assert (one.due_on, one.state) == (None, "open")
    assert one.why


def test_anything_else_within_two_weeks():
    assert around([agreed("other")], "2026-10-08", "mediation_agreement_other") == UNMET
    assert owed([agreed("other"), happened("agreement_done", "2026-10-08")], "2026-10-08", "mediation_agreement_other").state == "met"


def test_the_commissioning_body_tells_a_council_that_was_no_party_within_a_week():
    facts = [agreed("other", council_is_party=False)]
    assert around(facts, "2026-10-01", "rcb_tell_la_of_agreement") == UNMET
    assert dues([agreed("other", council_is_party=True)], "2026-09-24", "rcb_tell_la_of_agreement") == {}


@pytest.mark.parametrize(("order", "ids"), [("other", ("mediation_agreement_other",)),
                                            ("make_plan", ("mediation_agreement_appealable", "ord_make_final"))])
def test_the_parties_may_agree_otherwise_in_writing_but_not_for_what_the_body_tells(order, ids):
    facts = [agreed(order, agreed_by="2027-01-29", council_is_party=False)]
    for id in ids:
        assert around(facts, "2027-01-29", id) == UNMET
        assert "reg 42(5)" in " ".join(owed(facts, "2026-09-24", id).why)
    assert owed(facts, "2026-09-24", "rcb_tell_la_of_agreement").due_on == date(2026, 10, 1)


def test_two_mediations_have_clocks_of_their_own():
    facts = [wanted("none"), HELD, happened("mediation_certificate_issued", "2026-09-28"), wanted("none", "2027-02-01")]
    assert states(facts, "2027-02-01", "arrange_mediation_no_health") == {"2026-09-01": "met", "2027-02-01": "open"}
    assert dues(facts, "2027-02-01", "arrange_mediation_no_health")["2027-02-01"] == date(2027, 3, 3)
