"""Why a date is what it is: the starting fact, the rule, its source, the arithmetic, the exceptions, and how it stands."""

from tests.law.told import arisen, claim, happened, owed, request

ASSESSING = [request(), happened("decided_to_assess", "2026-04-07")]


def test_a_limit_of_the_council():
    assert owed([request()], "2026-04-20", "decide_whether_to_assess").why == (
        "The council must decide whether to secure an assessment, and tell the family.",
        "It was started by request_received on Mon 2 Mar 2026 (fact 1).",
        "Rule: within 6 weeks of that day (s.36(8), reg 5(1)).",
        "Within 6 weeks of Mon 2 Mar 2026: that day not counted, + 42 days = Mon 13 Apr 2026.",
        "On the DfE's count, where the day of receipt is day 1, the last day is Sun 12 Apr 2026.",
        "Exceptions that could relieve this limit (reg 5(4)): X_SCHOOL, X_EARLY, X_PERSONAL, X_ABSENT4; none is claimed.",
        "Overdue by 1 week.",
    )


def test_a_limit_that_nothing_relieves_says_so():
    why = owed([request()], "2026-04-13", "notify_no_plan_need_determination").why
    assert why[-2:] == ("No exception relieves this limit.", "Still to be done.")


def test_a_limit_that_is_relieved():
    facts = [request(), claim("decide_whether_to_assess", "X_PERSONAL", "2026-04-10"), happened("decided_to_assess", "2026-04-21")]
    assert owed(facts, "2026-04-21", "decide_whether_to_assess").why[-3:] == (
        "Exception X_PERSONAL accepted (reg 5(4)): claimed with an explanation, which a person must be able to defend.",
        "The limit need not be met; the date stays on display, and the duty goes on: as soon as practicable.",
        "Done on Tue 21 Apr 2026, 1 week 1 day after the last day.",
    )


def test_the_answer_of_a_body_that_is_not_known_to_have_the_request():
    facts = [*ASSESSING, happened("advice_requested", "2026-04-08", adviser="adv_c_medical")]
    assert owed(facts, "2026-04-08", "coop_respond_advice").why == (
        "The body that was asked (s.31) (adv_c_medical) must answer the council's request for advice; decline only if it is incompatible"
        " with the body's duties or would adversely affect its functions, with written reasons (s.31(3)).",
        "It runs from the day the body received the request (s.31(1), (2), (4), reg 8(1)); no such day is on record yet, so there is no"
        " date. Record advice_delivered.",
        "Rule: within 6 weeks of that day (s.31(1), (2), (4), reg 8(1)).",
        "Still to be done.",
    )


def test_guidance_calls_itself_guidance():
    facts = [*ASSESSING, happened("advice_requested", "2026-04-08", adviser="adv_d_psychology")]
    why = owed(facts, "2026-04-08", "advice_six_weeks_others").why
    assert why[0].startswith("The adviser (adv_d_psychology) must answer")
    assert "Rule: within 6 weeks of that day (Code 9.40-9.41). This is guide: guidance only, not a statutory limit." in why


def test_a_step_without_a_figure():
    assert owed(ASSESSING, "2026-04-07", "assessment_conduct").why == (
        "The council must consult the child and parent or young person, consider what they say and all the advice, let them take part,"
        " and keep disruption small.",
        "It was started by decided_to_assess on Tue 7 Apr 2026 (fact 2).",
        "Rule: during the assessment (reg 7(a)-(e)).",
        "Still to be done.",
    )


def test_a_step_worked_out_from_limits():
    why = owed([*ASSESSING, happened("decided_to_issue", "2026-06-01")], "2026-06-01", "send_draft_plan").why
    assert why[2].endswith("(s.38(2), reg 13(1)). This is derived: worked out from statutory limits, not one itself.")


def test_the_familys_fifteen_days():
    facts = [*ASSESSING, happened("draft_plan_served", "2026-06-08")]
    assert owed(facts, "2026-06-22", "draft_representation_window").why[2:] == (
        "Rule: at least 15 days beginning with that day (reg 13(1)(a), s.38(4)).",
        "At least 15 days beginning with Mon 8 Jun 2026: that day is day 1, + 14 calendar days = Mon 22 Jun 2026.",
        "The next step may be taken from the day after Mon 22 Jun 2026.",
        "The period is running.",
    )
    assert owed(facts, "2026-06-23", "draft_representation_window").why[-1] == "The period has run its course."


def test_the_time_to_appeal():
    facts = [request(), happened("refused_to_assess", "2026-04-09")]
    for day, said in (("2026-06-09", "The period is running."), ("2026-06-10", "The period has ended.")):
        assert owed(facts, day, "lodge_appeal").why[-1] == said
    for day, said in (("2026-06-09", "Used on Tue 9 Jun 2026."), ("2026-06-10", "Used on Wed 10 Jun 2026, 1 day after the last day.")):
        assert owed([*facts, happened("appeal_lodged", day)], day, "lodge_appeal").why[-1] == said


def test_in_time_and_no_longer_owed():
    facts = [request(), happened("decided_to_assess", "2026-04-13"), happened("child_died", "2026-07-22")]
    assert owed(facts, "2026-07-22", "decide_whether_to_assess").why[-1] == "Done on Mon 13 Apr 2026, in time."
    assert owed(facts, "2026-07-22", "finalise_plan").why[-1] == (
        "No longer owed since child_died on Wed 22 Jul 2026 (fact 3), 2 days after the last day.")
    done = [*facts[:2], happened("advice_requested", "2026-04-14", adviser="adv_c_medical")]
    assert owed(done, "2026-04-14", "seek_advice", "adv_c_medical").why[-1] == "Done on Tue 14 Apr 2026."


def test_excused_and_waiting():
    facts = [request(), claim("decide_whether_to_assess", "X_PERSONAL", "2026-04-10")]
    assert owed(facts, "2026-04-20", "decide_whether_to_assess").why[-1] == "Excused, still to be done."


def test_nothing_is_owed_where_nothing_has_begun():
    assert arisen([happened("family_consulted", "2026-03-02")], "2026-03-02", "decide_whether_to_assess") == []


# --- versions, outer limits, occasions ---------------------------------------------------------------------------

def test_a_rule_that_is_law_no_more_says_from_when_to_when_it_was():
    why = owed([request("2020-05-15")], "2020-06-01", "decide_whether_to_assess").why
    assert "This is the rule as it was law from Fri 1 May 2020 to Fri 25 Sep 2020: as modified by SI 2020/471." in why
    assert "X_CV; none is claimed." in " ".join(why)


def test_a_rule_that_stands_says_nothing_of_its_versions():
    assert not [line for line in owed([request()], "2026-04-20", "decide_whether_to_assess").why if "as it was law" in line]


def test_an_amended_plan_after_a_review_tells_both_limits_the_reading_and_the_review():
    facts = [happened("review_meeting_held", "2026-10-01"), happened("review_decision_sent", "2026-10-29", outcome="amend"),
             happened("amendment_notice_sent", "2026-11-26", document="d")]
    assert owed(facts, "2026-11-26", "final_amended_plan").why == (
        "The council must send the amended final plan to the family, the setting named and the commissioning body.",
        "It was started by amendment_notice_sent on Thu 26 Nov 2026 (fact 3).",
        "It belongs to a review of the plan of Thu 1 Oct 2026.",
        "Rule: within 8 weeks of that day (reg 22(3), R (L, M and P) v Devon CC [2022] EWHC 493 (Admin)).",
        "Read as in R (L, M and P) v Devon CC [2022] EWHC 493 (Admin), since Tue 8 Mar 2022.",
        "Within 8 weeks of Thu 26 Nov 2026: that day not counted, + 56 days = Thu 21 Jan 2027; within 12 weeks of Thu 1 Oct 2026: that day"
        " not counted, + 84 days = Thu 24 Dec 2026, the outer limit from the review meeting; the earlier of the two.",
        "No exception relieves this limit.",
        "Still to be done.",
    )


def test_a_clock_that_has_no_day_yet_says_why():
    facts = [happened("cease_notice_sent", "2026-04-09", cease_reason="needs_met"), happened("appeal_lodged", "2026-06-09")]
    assert "so the plan stays in force until it is finally determined (s.45(4)(b))" in " ".join(owed(facts, "2026-07-01", "cease_hold").why)


def test_two_of_a_day_are_told_apart():
    facts = [happened("review_meeting_held", "2026-10-01"), happened("review_meeting_held", "2026-10-01")]
    assert "It belongs to a review of the plan of Thu 1 Oct 2026, number 2 of that day." in owed(
        facts, "2026-10-01", "review_report", occasion="2026-10-01/2").why
