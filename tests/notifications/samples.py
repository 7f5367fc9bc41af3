"""One council, and for each message what it needs: an invented case whose request came on Monday 2 March 2026."""

from datetime import date
from typing import Any

from notifications.letter import Council

REF = "EHC-2026-0042"
REASONS = ("We read the school's report and what you sent us.\n\n"
           "The support in place is working: three targets out of four are met.")

COUNCIL = Council(
    name="Wharnley Council",
    phone="01632 960 123",
    email="send@wharnley.gov.example",
    post="SEND team, Town Hall, Wharnley WH1 1AA",
    mediation_adviser="Open Table Mediation, phone 01632 960 200, www.opentable.example",
    sendiass="Wharnley SENDIASS, phone 01632 960 300, www.sendiass-wharnley.example",
    disagreement_resolution="Settle Together, phone 01632 960 400, www.settletogether.example",
    tribunal="First-tier Tribunal (SEND), 1st Floor, Darlington Magistrates' Court, Parkgate, Darlington DL1 1RU",
    local_offer="www.wharnley.gov.example/local-offer",
)

DECIDE_BY, OUTCOME_BY, FINAL_BY = date(2026, 4, 13), date(2026, 6, 22), date(2026, 7, 20)

ADVICE_REMINDER: dict[str, Any] = {
    "sent_on": date(2026, 5, 18), "to_role": "ep_service", "duty": "advice_six_weeks_others", "kind": "guide",
    "citation": "Code 9.40-9.41", "due_on": date(2026, 5, 25), "adviser": "adv_d_psychology", "late_days": 0, "missed": [],
}
OWN_LIMIT: dict[str, Any] = {
    "to_role": "council.owner", "duty": "finalise_plan", "kind": "hard", "citation": "s.39(8), s.40(5), reg 13(2), 14",
    "due_on": FINAL_BY, "adviser": None, "late_days": 0, "missed": [],
}

SAMPLES: dict[str, dict[str, Any]] = {name: {"case": REF} | data for name, data in {
    "request_acknowledged": {"sent_on": date(2026, 3, 3), "trigger": "request_received", "started_on": date(2026, 3, 2),
                             "decide_by": DECIDE_BY, "final_by": FINAL_BY},
    "considering_assessment": {"sent_on": date(2026, 3, 3), "views_by": date(2026, 3, 17), "decide_by": DECIDE_BY},
    "considering_partners": {"sent_on": date(2026, 3, 3), "decide_by": DECIDE_BY},
    "decision_to_assess": {"sent_on": date(2026, 4, 9), "outcome_by": OUTCOME_BY, "final_by": FINAL_BY},
    "refusal_to_assess": {"sent_on": date(2026, 4, 9), "reasons_text": REASONS},
    "partners_assess_decision": {"sent_on": date(2026, 4, 9), "outcome": "assess"},
    "advice_request": {"sent_on": date(2026, 4, 13), "adviser": "adv_c_medical", "body": "s31",
                       "due_on": date(2026, 5, 25)},
    "assessment_outcome_yes": {"sent_on": date(2026, 6, 15), "final_by": FINAL_BY, "reasons_text": REASONS},
    "refusal_to_issue": {"sent_on": date(2026, 6, 15), "reasons_text": REASONS},
    "refusal_to_issue_partners": {"sent_on": date(2026, 6, 15)},
    "draft_plan": {"sent_on": date(2026, 6, 18), "representations_by": date(2026, 7, 2), "final_by": FINAL_BY},
    "setting_consultation": {"sent_on": date(2026, 6, 22), "answer_by": date(2026, 7, 7), "requested_by_family": True},
    "final_plan": {"sent_on": date(2026, 7, 17)},
    "final_plan_partners": {"sent_on": date(2026, 7, 17)},
    "reminder": ADVICE_REMINDER,
    "overdue": ADVICE_REMINDER | {"sent_on": date(2026, 6, 4), "adviser": "adv_c_medical", "to_role": "rcb.lead",
                                  "duty": "coop_respond_advice", "kind": "hard", "citation": "s.31(1), (2), (4), reg 8(1)",
                                  "late_days": 2, "missed": ["+1"]},
    "excused_reminder": OWN_LIMIT | {"sent_on": date(2026, 7, 21), "excused_by": "X_ABSENT4"},
    "lateness_to_family": {"sent_on": date(2026, 7, 30), "duty": "finalise_plan",
                           "citation": "s.39(8), s.40(5), reg 13(2), 14", "due_on": FINAL_BY,
                           "waiting_for": ["ep_service", "rcb"], "outstanding": ["adv_d_psychology", "adv_c_medical"],
                           "expected_on": date(2026, 8, 14), "expected_by": date(2026, 9, 4), "excused_by": None},
    "new_contact": {"sent_on": date(2026, 5, 6), "changed_on": date(2026, 5, 5), "final_by": FINAL_BY},
    "handover_brief": {"sent_on": date(2026, 5, 6), "changed_on": date(2026, 5, 5), "officer": "officer-4",
                       "brief": ["Where the case stands:", "- gathering advice."]},
    "handover_unread": {"sent_on": date(2026, 5, 8), "changed_on": date(2026, 5, 5), "officer": "officer-4"},
    "withdrawal_confirmed": {"sent_on": date(2026, 3, 20), "withdrawn_on": date(2026, 3, 18)},
    "request_goes_on": {"sent_on": date(2026, 3, 20), "withdrawn_on": date(2026, 3, 18), "reasons_text": REASONS},
    "move_confirmed": {"sent_on": date(2026, 3, 20), "moved_on": date(2026, 3, 14), "plan_transferred": False},
    "review_invitation": {"sent_on": date(2027, 3, 1), "meeting_on": date(2027, 4, 15), "advice_by": date(2027, 3, 25)},
    "review_invitation_partners": {"sent_on": date(2027, 3, 1), "to_role": "rcb", "meeting_on": date(2027, 4, 15),
                                   "advice_by": date(2027, 3, 25)},
    "review_report_request": {"sent_on": date(2027, 4, 15), "due_on": date(2027, 4, 29)},
    "plan_decision": {"sent_on": date(2027, 5, 6), "decided": "continue", "reasons_text": REASONS},
    "plan_decision_partners": {"sent_on": date(2027, 5, 6), "decided": "continue"},
    "proposed_amendments": {"sent_on": date(2027, 5, 6), "representations_by": date(2027, 5, 20), "reasons_text": REASONS},
    "amended_plan": {"sent_on": date(2027, 6, 24)},
    "amended_plan_partners": {"sent_on": date(2027, 6, 24)},
    "reassessment_agreed": {"sent_on": date(2026, 9, 14), "plan_by": date(2026, 12, 21)},
    "cease_consultation": {"sent_on": date(2027, 5, 6), "answer_by": date(2027, 5, 27), "cease_reason": "needs_met"},
    "cease_consultation_setting": {"sent_on": date(2027, 5, 6), "answer_by": date(2027, 5, 27), "cease_reason": "needs_met"},
    "mediation_rcb": {"sent_on": date(2026, 12, 21), "health": "also"},
    "rights_pass": {"sent_on": date(2027, 6, 26)},
    "decision_needed": {"sent_on": date(2026, 5, 26), "decision": "issue", "due_on": OUTCOME_BY,
                        "citation": "s.36(9), reg 10(1)-(3)", "outstanding": ["adv_d_psychology"]},
    "send_failed": {"sent_on": date(2026, 4, 10), "about_message": "refusal_to_assess", "about_role": "family",
                    "problem": "refused"},
}.items()}

A_LINK = {"answer_url": "https://portal.wharnley.gov.example/answer/WyJFSEMt.abc.def"}

VARIANTS: list[tuple[str, str, dict[str, Any]]] = [
    *((f"with a link: {name}", name, A_LINK) for name in ("advice_request", "setting_consultation", "reminder")),
    ("with a link, late", "overdue", A_LINK | {"to_role": "rcb"}),
    ("with a link, excused", "excused_reminder", A_LINK | {"adviser": "adv_c_medical", "to_role": "rcb"}),
    ("nobody asked for an assessment", "request_acknowledged", {"trigger": "became_responsible"}),
    ("partners hear of a refusal", "partners_assess_decision", {"outcome": "refuse"}),
    ("the council proposes the setting", "setting_consultation", {"requested_by_family": False}),
    ("a school is asked", "advice_request", {"adviser": "adv_b_education", "body": "other"}),
    ("the Ministry of Defence is asked", "advice_request", {"adviser": "adv_b_mod", "body": "other"}),
    ("the sensory team is asked", "advice_request", {"adviser": "adv_b_sensory", "body": "other"}),
    ("a psychologist is asked", "advice_request", {"adviser": "adv_d_psychology", "body": "other"}),
    ("social care is asked", "advice_request", {"adviser": "adv_e_social_care", "body": "other"}),
    ("another adviser is asked", "advice_request", {"adviser": "adv_f_other", "body": "s31"}),
    ("preparation for adulthood", "advice_request", {"adviser": "adv_g_pfa", "body": "other"}),
    ("an adviser whom the family named", "advice_request", {"adviser": "adv_h_requested", "body": "other"}),
    ("the family is asked", "advice_request", {"adviser": "adv_a_parent_yp", "body": "other"}),
    ("the family is reminded", "reminder", {"adviser": "adv_a_parent_yp", "to_role": "family"}),
    ("the family has not answered", "overdue", {"adviser": "adv_a_parent_yp", "to_role": "family", "kind": "guide",
                                                "duty": "advice_six_weeks_others", "citation": "Code 9.40-9.41"}),
    ("the family is excused", "excused_reminder", {"adviser": "adv_a_parent_yp", "to_role": "family"}),
    ("the lead is reminded", "reminder", {"to_role": "ep_service.lead"}),
    ("due today", "reminder", {"sent_on": date(2026, 5, 25)}),
    ("the council's owner hears of advice", "overdue", {"to_role": "council.owner"}),
    ("the manager hears of advice", "overdue", {"to_role": "council.manager"}),
    ("the adviser is overdue", "overdue", {"to_role": "rcb"}),
    ("the owner is reminded", "reminder", OWN_LIMIT | {"sent_on": date(2026, 7, 6)}),
    ("the council's lead is reminded", "reminder", OWN_LIMIT | {"sent_on": date(2026, 7, 18), "to_role": "council.lead"}),
    ("the owner is overdue", "overdue", OWN_LIMIT | {"sent_on": date(2026, 7, 21)}),
    ("the manager is overdue", "overdue", OWN_LIMIT | {"sent_on": date(2026, 8, 4), "to_role": "council.manager"}),
    ("a setting is reminded", "reminder", OWN_LIMIT | {"sent_on": date(2026, 6, 30), "to_role": "setting", "kind": "guide",
                                                       "duty": "setting_consult_response", "citation": "Code 9.83",
                                                       "due_on": date(2026, 7, 7)}),
    ("a setting is overdue", "overdue", OWN_LIMIT | {"sent_on": date(2026, 7, 8), "to_role": "setting", "kind": "guide",
                                                     "duty": "setting_consult_response", "citation": "Code 9.83",
                                                     "due_on": date(2026, 7, 7)}),
    ("the owner hears of a silent setting", "overdue",
     OWN_LIMIT | {"sent_on": date(2026, 7, 8), "kind": "guide", "duty": "setting_consult_response",
                  "citation": "Code 9.83", "due_on": date(2026, 7, 7)}),
    ("a duty without words of its own", "reminder", OWN_LIMIT | {"sent_on": date(2026, 7, 6), "duty": "review_decision"}),
    ("the delay is the council's own", "lateness_to_family", {"waiting_for": [], "outstanding": [], "expected_on": None,
                                                                     "expected_by": None}),
    ("late and not before a day", "lateness_to_family", {"expected_by": None}),
    ("late and by a day", "lateness_to_family", {"expected_on": None}),
    ("a limit that can no longer be met", "lateness_to_family", {"sent_on": date(2026, 7, 6)}),
    ("a new contact after the plan", "new_contact", {"final_by": None}),
    ("late with an exception", "lateness_to_family", {"excused_by": "X_PERSONAL", "sent_on": date(2026, 7, 10)}),
    ("the decision is late", "lateness_to_family", {"duty": "decide_whether_to_assess", "waiting_for": ["school-17"]}),
    *((f"the plan: {decided}", "plan_decision", {"decided": decided})
      for decided in ("cease", "not_amended", "refuse_to_reassess", "no_change")),
    *((f"partners hear: {decided}", "plan_decision_partners", {"decided": decided}) for decided in ("amend", "cease")),
    ("a school is invited", "review_invitation_partners", {"to_role": "setting"}),
    ("ceasing without a reason that has words", "cease_consultation", {"cease_reason": "other"}),
    ("ceasing without a reason", "cease_consultation_setting", {"cease_reason": None}),
    ("mediation about health alone", "mediation_rcb", {"health": "only"}),
    *((f"the owner: {decision}", "decision_needed", {"decision": decision, "outstanding": None}) for decision in (
        "arrange_review", "orphan", "phase_transfer", "young_person", "invite_to_review", "circulate_advice", "review_report",
        "review_decision", "amendments_missing", "amended_plan", "reassess", "reassessed_plan", "consult_on_ceasing",
        "hold_over", "transfer_plan", "tell_of_transfer", "interim_place", "arrange_mediation", "tell_mediation_date",
        "tell_adviser_of_failure", "appeal_response", "order", "notice_held_back", "send_kept_plan")),
    ("moved with a plan", "move_confirmed", {"plan_transferred": True}),
    ("receipt is not proved", "decision_needed", {"decision": "receipt_unproved", "due_on": None, "outstanding": None}),
    ("a decision past its limit", "decision_needed", {"sent_on": date(2026, 7, 1)}),
    ("a decision without words of its own", "decision_needed", {"decision": "something_new", "citation": None}),
]


def sample(name: str, **changes: Any) -> dict[str, Any]:
    """What the message needs, with changes."""
    return SAMPLES[name] | changes


def every_letter() -> list[tuple[str, str, dict[str, Any]]]:
    """Every message, and every turn that its words can take: (what it is, message, data)."""
    return [(name, name, data) for name, data in SAMPLES.items()] + [
        (f"{name}: {what}", name, SAMPLES[name] | changes) for what, name, changes in VARIANTS]
