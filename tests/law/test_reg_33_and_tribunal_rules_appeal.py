"""Reg 33, Tribunal rules 12 and 20: the family's two months to contact a mediation adviser and to appeal."""

from datetime import date

import pytest

from models.law.appeal import last_day_to_appeal
from models.law.dates import CannotCount
from tests.law.told import A_DAY, CLOSED, UNMET, arisen, around, dues, happened, owed, request, standing_of, states

ADVISER, APPEAL = "contact_mediation_adviser", "lodge_appeal"
REFUSED = [request(), happened("refused_to_assess", "2026-04-09")]
LAST = date(2026, 6, 9)


@pytest.mark.parametrize(("sent", "last"), [
    pytest.param(date(2026, 4, 9), date(2026, 6, 9), id="the corresponding date"),
    pytest.param(date(2027, 12, 31), date(2028, 2, 29), id="the last of February in a leap year"),
    pytest.param(date(2026, 12, 31), date(2027, 3, 1), id="Sunday 28 February rolls on to Monday"),
    pytest.param(date(2026, 10, 27), date(2027, 1, 4), id="over Christmas to the first working day after 1 January"),
    pytest.param(date(2026, 10, 24), date(2026, 12, 24), id="24 December is a day like any other"),
    pytest.param(date(2026, 10, 25), date(2027, 1, 4), id="25 December is not"),
    pytest.param(date(2026, 11, 1), date(2027, 1, 4), id="nor is 1 January"),
    pytest.param(date(2026, 6, 10), date(2026, 9, 1), id="August and its bank holiday are passed over"),
    pytest.param(date(2026, 5, 31), date(2026, 7, 31), id="31 July is not August"),
    pytest.param(date(2026, 6, 1), date(2026, 9, 1), id="1 August is"),
    pytest.param(date(2026, 7, 1), date(2026, 9, 1), id="1 September is not"),
    pytest.param(date(2026, 2, 3), date(2026, 4, 7), id="Good Friday rolls on over Easter Monday"),
])
def test_two_months_from_sending_rolled_forward_as_the_tribunal_does(sent, last):
    assert last_day_to_appeal(sent, None, CLOSED)[0] == last


@pytest.mark.parametrize("day", [date(2026, 10, 25), date(2026, 11, 1)])
def test_25_december_and_1_january_are_passed_over_whatever_the_bank_holidays(day):
    assert last_day_to_appeal(day, None, frozenset())[0] == date(2027, 1, 4)


@pytest.mark.parametrize("duty", [ADVISER, APPEAL])
def test_a_plan_sent_to_the_family_once_more_is_a_notice_of_its_own(duty):
    facts = [request(), *(happened("final_plan_sent", on, sent_to=["family", "setting", "rcb"]) for on in ("2026-03-20", "2026-04-09"))]
    assert dues(facts, "2026-04-08", duty) == {"2026-03-20": date(2026, 5, 20)}
    assert dues(facts, "2026-04-09", duty) == {"2026-03-20": date(2026, 5, 20), "2026-04-09": LAST}


@pytest.mark.parametrize(("certificate", "last"), [
    pytest.param(date(2026, 5, 8), date(2026, 6, 9), id="a month that ends before the two months changes nothing"),
    pytest.param(date(2026, 5, 9), date(2026, 6, 9), id="nor does one that ends with them"),
    pytest.param(date(2026, 5, 11), date(2026, 6, 11), id="the later of the two counts"),
    pytest.param(date(2027, 1, 25), date(2027, 2, 25), id="one month from the certificate"),
])
def test_or_one_month_from_the_mediation_certificate(certificate, last):
    assert last_day_to_appeal(date(2026, 4, 9), certificate, CLOSED)[0] == last


def test_the_time_to_appeal_does_not_run_off_the_calendar_without_saying_so():
    for day in (date(9999, 11, 30), date(9999, 10, 31)):
        with pytest.raises(CannotCount, match="runs off the calendar"):
            last_day_to_appeal(day, None, CLOSED)


@pytest.mark.parametrize(("days", "state"), [(-1, "open"), (0, "open"), (1, "lapsed")])
@pytest.mark.parametrize("duty", [ADVISER, APPEAL])
def test_the_window(duty, days, state):
    one = owed(REFUSED, LAST + days * A_DAY, duty)
    assert (one.due_on, standing_of(one)) == (LAST, (state, 0))


@pytest.mark.parametrize(("duty", "used"), [(ADVISER, "mediation_adviser_contacted"), (APPEAL, "appeal_lodged")])
@pytest.mark.parametrize(("days", "state", "late"), [(-1, "met", 0), (0, "met", 0), (1, "met_late", 1)])
def test_using_it(duty, used, days, state, late):
    assert standing_of(owed([*REFUSED, happened(used, LAST + days * A_DAY)], "2026-12-01", duty)) == (state, late)


@pytest.mark.parametrize("decision", ["refused_to_assess", "refused_to_issue", "final_plan_sent"])
def test_each_appealable_decision_opens_it(decision):
    assert owed([request(), happened(decision, "2026-04-09")], "2026-04-09", APPEAL).due_on == LAST


@pytest.mark.parametrize("decision", ["decided_to_assess", "decided_to_issue", "draft_plan_served"])
def test_no_other_does(decision):
    assert arisen([request(), happened(decision, "2026-04-09")], "2026-04-09", APPEAL) == []


def test_it_runs_from_the_day_on_which_the_notice_was_sent():
    facts = [request(), happened("refused_to_assess", "2026-04-01", notice="to_follow")]
    one = owed(facts, "2026-12-01", APPEAL)
    assert (one.starts_on, one.due_on, one.state, one.why[-1]) == (None, None, "open", "Not begun.")
    assert owed(facts, "2026-12-01", ADVISER).starts_on is None
    facts.append(happened("family_told_of_decision", "2026-04-09", decision="refused_to_assess"))
    assert owed(facts, "2026-04-09", APPEAL).due_on == owed(facts, "2026-04-09", ADVISER).due_on == LAST
    facts = [request(), happened("refused_to_assess", "2026-04-01", notified_on="2026-04-09")]
    assert owed(facts, "2026-04-09", APPEAL).due_on == LAST


def test_a_certificate_extends_the_appeal_and_not_the_contact_with_the_adviser():
    facts = [*REFUSED, happened("mediation_certificate_issued", "2026-05-20")]
    assert owed(facts, "2026-05-20", APPEAL).due_on == date(2026, 6, 22)       # 20 June 2026 is a Saturday
    assert owed(facts, "2026-05-20", ADVISER).due_on == LAST


def test_of_two_certificates_the_later_counts():
    facts = [*REFUSED, *(happened("mediation_certificate_issued", on) for on in ("2026-05-27", "2026-05-20"))]
    assert owed(facts, "2026-05-27", APPEAL).due_on == date(2026, 6, 29)       # 27 June 2026 is a Saturday


def test_a_certificate_of_an_earlier_decision_extends_nothing():
    facts = [request(), happened("mediation_certificate_issued", "2026-04-08"), happened("refused_to_assess", "2026-04-09")]
    assert owed(facts, "2026-04-09", APPEAL).due_on == LAST


def test_a_later_decision_opens_a_new_window_that_an_earlier_appeal_does_not_use_up():
    facts = [*REFUSED, happened("appeal_lodged", "2026-05-01"), happened("decided_to_assess", "2026-05-20"),
             happened("refused_to_issue", "2026-08-03")]
    one = owed(facts, "2026-08-03", APPEAL)
    assert (one.state, one.met_on, one.due_on) == ("open", None, date(2026, 10, 5))


def test_a_plan_sent_on_to_the_setting_later_gives_the_family_no_more_time():
    facts = [request(), happened("final_plan_sent", "2026-04-09", sent_to=["family"]),
             happened("final_plan_sent", "2026-04-20", sent_to=["setting", "rcb"])]
    assert owed(facts, "2026-04-20", APPEAL).due_on == LAST


def test_a_plan_that_the_family_was_not_sent_opens_nothing():
    assert arisen([request(), happened("final_plan_sent", "2026-04-20", sent_to=["setting", "rcb"])], "2026-04-20", APPEAL) == []


def test_the_arithmetic_is_said():
    words = last_day_to_appeal(date(2026, 10, 27), date(2026, 11, 20), CLOSED)[1]
    assert words == ("two months from the notice sent Tue 27 Oct 2026 = Sun 27 Dec 2026; one month from the mediation certificate of"
                     " Fri 20 Nov 2026 = Sun 20 Dec 2026; not a day that counts for the Tribunal (r.12), so in time on Mon 4 Jan 2027")


# --- several decisions, and the council's response ---------------------------------------------------------------

TWO = [happened("final_plan_sent", "2026-04-09"), happened("reassessment_decided", "2026-05-11", outcome="refuse")]


def test_each_decision_has_a_time_of_its_own_and_one_appeal_uses_up_one():
    assert dues(TWO, "2026-05-11", APPEAL) == {"2026-04-09": LAST, "2026-05-11": date(2026, 7, 13)}         # 11 July is a Saturday
    latest = [*TWO, happened("appeal_lodged", "2026-06-01")]
    assert states(latest, "2026-06-01", APPEAL) == {"2026-04-09": "open", "2026-05-11": "met"}
    named = [*TWO, happened("appeal_lodged", "2026-06-01", answers=["decision:2026-04-09"])]
    assert states(named, "2026-06-01", APPEAL)["2026-04-09"] == "met"


def test_a_certificate_lengthens_the_time_of_the_decision_that_it_names():
    facts = [*TWO, happened("mediation_certificate_issued", "2026-06-08", answers=["decision:2026-04-09"])]
    assert dues(facts, "2026-06-08", APPEAL) == {"2026-04-09": date(2026, 7, 8), "2026-05-11": date(2026, 7, 13)}


@pytest.mark.parametrize(("papers", "last"), [
    pytest.param("2026-07-20", "2026-09-29", id="August is not counted"),
    pytest.param("2026-08-10", "2026-10-12", id="papers sent in August: the first day is 1 September"),
    pytest.param("2026-11-24", "2027-01-13", id="nor is 25 December to 1 January"),
    pytest.param("2026-03-02", "2026-04-15", id="nor are Good Friday and Easter Monday"),
])
def test_the_council_has_thirty_working_days_of_the_tribunals_for_its_response(papers, last):
    facts = [happened("appeal_registered", papers)]
    assert around(facts, last, "la_response_to_appeal") == UNMET
    assert owed([*facts, happened("appeal_response_sent", last)], last, "la_response_to_appeal").state == "met"


@pytest.mark.parametrize("end", ["appeal_withdrawn", "appeal_unopposed"])
def test_a_withdrawal_or_a_concession_ends_it_unbroken(end):
    facts = [happened("appeal_registered", "2026-03-02"), happened(end, "2026-04-20", about="contents")]
    assert standing_of(owed(facts, "2026-05-01", "la_response_to_appeal")) == ("lapsed", 0)


def test_two_appeals_have_clocks_of_their_own():
    facts = [happened("appeal_registered", "2026-03-02"), happened("appeal_registered", "2026-07-20"),
             happened("appeal_response_sent", "2026-09-01")]
    assert states(facts, "2026-09-30", "la_response_to_appeal") == {"2026-03-02": "overdue", "2026-07-20": "met"}
