"""The rows of section 1 of the law page, written out from the page itself and not from the rulebook: what the tests compare.

`LAW` has a line for each id, and for each branch where one id has several limits: the limit, its force, words of the
citation, the exceptions, the notice pack, the right of appeal. An id without a line of its own has no figure, is hard law
and carries nothing.
"""

from dataclasses import dataclass
from pathlib import Path

IDS = tuple(line for line in (Path(__file__).parent / "ids.txt").read_text().splitlines() if line and line[0] != "#")

DECISION = ("X_SCHOOL", "X_EARLY", "X_PERSONAL", "X_ABSENT4")                       # 1.13: regs 5(1), 10(1), 13(2), 27(2)
HEALTH = ("X8_EXC", "X8_ABSENT4", "X8_MISSED")                                      # reg 8(1)
ORDER = ("X_PERSONAL", "X_ABSENT2", "X_SCHOOL", "X_EARLY", "X_ABSENT4")             # regs 44(2)(b), (c), 45(3), (6)
PARENT = ("X_SCHOOL", "X_PERSONAL", "X_ABSENT4")                                    # DP regs 5, 10, 13
DP_ORDER = ("X_PERSONAL", "X_ABSENT2", "X_SCHOOL")                                  # DP regs 29(4), (5), 30(4), (5)
ISSUED, AMENDED = "s.51(2)(c), s.51(3)(a)", "s.51(2)(c), s.51(3)(b)"


@dataclass(frozen=True)
class Line:
    """One line of the law page: "W 6", "hard", what the citation must say, and what goes with it."""

    limit: str | None
    cites: str
    kind: str = "hard"
    exceptions: tuple[str, ...] = ()
    pack: str | None = None
    appeal: str | None = None


LAW: dict[str, Line] = {
    # 1.1
    "request_received": Line(None, "s.36(1)"),
    "became_responsible": Line(None, "s.24"),
    "consult_on_request": Line(None, "reg 3, s.36(4)"),
    "notify_no_plan_need_determination": Line("W 6", "reg 4(1)", pack="N_APPEAL_A", appeal="s.51(2)(a)"),
    "notify_considering_assessment": Line(None, "s.36(7)", pack="N_VIEWS"),
    "notify_considering_partners": Line(None, "reg 4(2)(a)-(d)"),
    "decide_whether_to_assess": Line("W 6", "s.36(8), reg 5(1)", exceptions=DECISION, pack="N_APPEAL_A", appeal="s.51(2)(a)"),
    "notify_partners_of_assess_decision": Line(None, "reg 5(2)"),
    # 1.2
    "seek_advice": Line(None, "reg 6(1)"),
    "adv_a_parent_yp": Line(None, "reg 6(1)(a)"),
    "adv_b_education": Line(None, "reg 6(1)(b)(i)-(iii)"),
    "adv_b_mod": Line(None, "reg 6(1)(b)(iv)"),
    "adv_b_sensory": Line(None, "reg 6(2)"),
    "adv_c_medical": Line(None, "reg 6(1)(c)"),
    "adv_d_psychology": Line(None, "reg 6(1)(d)"),
    "adv_e_social_care": Line(None, "reg 6(1)(e)"),
    "adv_f_other": Line(None, "reg 6(1)(f)"),
    "adv_g_pfa": Line(None, "reg 6(1)(g)"),
    "adv_h_requested": Line(None, "reg 6(1)(h)"),
    "send_evidence_with_advice_request": Line(None, "reg 6(3)"),
    "no_repeat_advice": Line(None, "reg 6(4)"),
    "coop_respond_advice": Line("W 6", "s.31(1), (2), (4), reg 8(1)", exceptions=HEALTH),
    "advice_six_weeks_others": Line("W 6", "Code 9.40-9.41", kind="guide"),
    "assessment_conduct": Line(None, "reg 7(a)-(e)"),
    "support_to_participate": Line(None, "reg 9, s.19, s.32"),
    # 1.3
    "notify_assessment_outcome": Line(None, "s.36(9)", pack="N_REASONS"),
    "refuse_to_issue": Line("W 16", "s.36(9), reg 10(1)-(3)", exceptions=DECISION, pack="N_APPEAL_B", appeal="s.51(2)(b)"),
    "prepare_plan": Line(None, "s.37(1), regs 11, 12"),
    "consult_on_draft_content": Line(None, "s.38(1)"),
    "send_draft_plan": Line(None, "s.38(2), reg 13(1)", kind="derived", pack="N_DRAFT"),
    "draft_representation_window": Line("DMIN 15", "reg 13(1)(a), s.38(4)", pack="N_DRAFT"),
    "hold_draft_meeting": Line(None, "reg 13(1)(a)(ii)"),
    "consult_requested_setting": Line(None, "s.39(2)"),
    "consult_proposed_setting": Line(None, "s.39(6), s.40(3)"),
    "setting_consult_response": Line("D 15", "Code 9.83", kind="guide"),
    "name_requested_setting": Line(None, "s.39(3)-(5)"),
    "finalise_plan": Line("W 20", "s.39(8), s.40(5), reg 13(2), 14", exceptions=DECISION, pack="N_APPEAL_B", appeal=ISSUED),
    "admit": Line(None, "s.43(2)"),
    "secure_provision": Line(None, "s.42(2), (3)"),
    # 1.5
    "transfer_plan_on_move": Line("WDB 15", "reg 15(2)"),
    "new_la_inform": Line("W 6", "reg 15(4)"),
    "new_la_review": Line("MB 3", "reg 15(5)"),                        # of this and 12 months from the last review the later
    "new_la_interim_place": Line(None, "reg 15(6)"),
    "reuse_transferred_advice": Line(None, "reg 15(3)(b)"),
    "old_rcb_notify_new_rcb_move": Line("WDB 15", "reg 15(7)"),
    "new_rcb_request_after_move": Line("WDB 15", "reg 15(8)"),
    "old_rcb_notify_change": Line("WDB 15", "reg 16(2)"),
    "new_rcb_request_change": Line("WDB 15", "reg 16(3)"),
    "move_mid_assessment": Line(None, "Code 9.160-9.161", kind="guide"),
    # 1.6
    "first_review": Line("MB 12", "s.44(1)(a)"),
    "next_review": Line("MB 12", "s.44(1)(b)"),
    "review_after_reassessment": Line("M 12", "reg 27(4)"),
    "review_on_release": Line(None, "s.48(2)"),
    "phase_transfer_secondary_to_post16": Line("BEFORE 0", "reg 18(1)(a)"),
    "phase_transfer_other": Line("BEFORE 0", "reg 18(1)(b)"),
    "post16_to_post16": Line("MBEF 5", "reg 18(2)"),
    "review_not_in_education_u18": Line(None, "reg 29(2)"),
    "under5_extra_reviews": Line(None, "Code 9.178", kind="guide"),
    "conduct_review": Line(None, "reg 19"),
    "require_school_to_hold_meeting": Line(None, "reg 20(1), (12)"),
    "invite_to_review": Line("NOTW 2", "regs 20(2), (3), 21(2), (3)"),
    "circulate_review_advice": Line("NOTW 2", "regs 20(4), 21(4)"),
    "review_meeting": Line(None, "regs 20(1), (5), (6), 21(5), (6)"),
    "review_report": Line("W 2", "regs 20(7)-(9), 21(7), (8)"),
    "review_decision": Line("W 4", "regs 20(10), 21(9)", pack="N_APPEAL_B", appeal="s.51(2)(e), s.51(2)(f)"),
    "amendment_notice": Line("W 4", "[2022] EWHC 493 (Admin)", pack="N_AMEND"),
    "amend_representation_window": Line("DMIN 15", "reg 22(2)(c)", pack="N_AMEND"),
    "final_amended_plan": Line("W 8", "reg 22(3)", pack="N_APPEAL_B", appeal=AMENDED),       # and at most 12 from the meeting
    "decide_not_to_amend": Line("W 8", "reg 22(4)", pack="N_APPEAL_B", appeal="s.51(2)(e)"),
    "amend_without_review": Line("W 8", "reg 28", pack="N_APPEAL_B", appeal="s.51(2)(c), s.51(2)(e), s.51(3)(b)"),
    # 1.7
    "reassessment_decision": Line("D 15", "reg 25(1)", pack="N_APPEAL_B", appeal="s.51(2)(d)"),
    "reassessment_conduct": Line(None, "reg 26"),
    "finalise_after_reassessment": Line("W 14", "reg 27(2)", exceptions=DECISION, pack="N_APPEAL_B", appeal=ISSUED),
    "no_change_after_reassessment": Line(None, "s.51(2)(e)", pack="N_APPEAL_B", appeal="s.51(2)(e)"),
    # 1.8
    "propose_cease": Line(None, "reg 31(1)"),
    "cease_decision_notice": Line(None, "reg 31(2), (3)", pack="N_APPEAL_B", appeal="s.51(2)(f)"),
    "cease_hold": Line("M 2", "s.45(4)"),                              # the time to appeal, and the appeal itself
    "cease_immediately_after_dismissal": Line(None, "reg 44(2)(a)"),
    # 1.9
    "contact_mediation_adviser": Line("M 2", "reg 33"),
    "certificate_no_mediation": Line("WD 3", "reg 34(1)"),
    "tell_la_mediation_wanted": Line(None, "s.52(3), (4)"),
    "notify_rcb_of_mediation": Line("WD 3", "reg 35(2)"),
    "arrange_mediation_health_only": Line("D 30", "reg 35(3)"),
    "arrange_mediation_mixed": Line("D 30", "reg 35(4)"),
    "arrange_mediation_no_health": Line("D 30", "reg 36(2)"),
    "mediation_date_notice": Line("NOTWD 5", "reg 37(2)"),
    "unable_to_arrange": Line(None, "reg 39(2)"),
    "certificate_deemed": Line("WD 3", "reg 39(3)"),
    "certificate_after_mediation": Line("WD 3", "reg 39(1)"),
    "mediation_agreement_appealable": Line(None, "reg 42(2)"),         # the limits of reg 44
    "mediation_agreement_other": Line("W 2", "reg 42(3)"),
    "rcb_tell_la_of_agreement": Line("W 1", "reg 42(4)"),
    "lodge_appeal": Line("M 2", "r.20(1)(c)"),                         # or one month from the certificate, if that is later
    "la_response_to_appeal": Line("WD 30", "r.21"),
    # 1.10
    "ord_dismiss_cease": Line(None, "reg 44(2)(a)"),
    "ord_assess_notify": Line("W 2", "reg 44(2)(b)", exceptions=ORDER),
    "ord_assess_no_plan": Line("W 10", "reg 44(2)(b)(i)", exceptions=ORDER, pack="N_APPEAL_B", appeal="s.51(2)(b)"),
    "ord_assess_final": Line("W 14", "reg 44(2)(b)(ii)", exceptions=ORDER, pack="N_APPEAL_B", appeal=ISSUED),
    "ord_make_draft": Line("W 5", "reg 44(2)(c)(i)", exceptions=ORDER, pack="N_DRAFT"),
    "ord_make_final": Line("W 11", "reg 44(2)(c)(ii)", exceptions=ORDER, pack="N_APPEAL_B", appeal=ISSUED),
    "ord_remit": Line("W 2", "reg 44(2)(d)", pack="N_APPEAL_B", appeal="s.51(2)(b)"),
    "ord_amend_sep": Line("W 5", "reg 44(2)(e)", pack="N_APPEAL_B", appeal=AMENDED),
    "ord_amend_setting": Line("W 2", "reg 44(2)(f)", pack="N_APPEAL_B", appeal=AMENDED),
    "ord_continue": Line(None, "reg 44(2)(g)"),
    "ord_continue_amend": Line("W 5", "reg 44(2)(h)", pack="N_APPEAL_B", appeal=AMENDED),
    "unop_assess_notify": Line("W 2", "reg 45(3)", exceptions=ORDER),
    "unop_assess_no_plan": Line("W 10", "reg 45(3A)(a)", pack="N_APPEAL_B", appeal="s.51(2)(b)"),
    "unop_assess_final": Line("W 14", "reg 45(3A)(b)", pack="N_APPEAL_B", appeal=ISSUED),
    "unop_contents": Line("W 5", "reg 45(4)", pack="N_APPEAL_B", appeal=AMENDED),
    "unop_setting": Line("W 2", "reg 45(5)(a)", pack="N_APPEAL_B", appeal=AMENDED),
    "unop_setting_and_contents": Line("W 5", "reg 45(5)(b)", pack="N_APPEAL_B", appeal=AMENDED),
    "unop_refuse_issue_draft": Line("W 5", "reg 45(6)(a)", exceptions=ORDER, pack="N_DRAFT"),
    "unop_refuse_issue_final": Line("W 11", "reg 45(6)(b)", exceptions=ORDER, pack="N_APPEAL_B", appeal=ISSUED),
    "unop_cease": Line("W 5", "reg 45(6A)", pack="N_APPEAL_B", appeal=AMENDED),
    "rec_health_response": Line("WB 5", "SI 2017/1306 reg 6(3), (4)"),
    "rec_social_response": Line("WB 5", "SI 2017/1306 reg 7(1), (2)"),
    "rec_health_copy_sos": Line("WB 1", "SI 2017/1306 reg 6(6)"),
    "rec_social_copy_sos": Line("WB 1", "SI 2017/1306 reg 7(4)"),
    # 1.11: the recommendations do not reach appeals under s.73, so pack A
    "dp_consult": Line(None, "DP reg 3"),
    "dp_determination_no": Line("W 6", "DP reg 4(1)", pack="N_APPEAL_A", appeal="s.73(2)(a)"),
    "dp_notify_partners": Line(None, "DP reg 4(2)"),
    "dp_decide_assess": Line("W 6", "DP reg 5", exceptions=PARENT, pack="N_APPEAL_A", appeal="s.73(2)(a)"),
    "dp_advice": Line(None, "DP reg 6"),
    "dp_coop": Line("W 6", "DP reg 8", exceptions=HEALTH),
    "dp_refuse_issue": Line("W 16", "DP reg 10", exceptions=PARENT, pack="N_APPEAL_A", appeal="s.73(2)(b)"),
    "dp_draft_window": Line("DMIN 15", "DP reg 13(1)", pack="N_DRAFT"),
    "dp_finalise": Line("W 20", "DP reg 13(2), (3)", exceptions=PARENT, pack="N_APPEAL_A", appeal="s.73(2)(c)"),
    "dp_unfinished_on_release decide_whether_to_assess": Line("W 6", "DP reg 15(1)"),
    "dp_unfinished_on_release refuse_to_issue": Line("W 16", "DP reg 15(1)"),
    "dp_unfinished_on_release finalise": Line("W 20", "DP reg 15(1)"),
    "dp_unfinished_on_detention decide_whether_to_assess": Line("W 6", "DP reg 15(4)"),
    "dp_unfinished_on_detention refuse_to_issue": Line("W 16", "DP reg 15(4)"),
    "dp_unfinished_on_detention finalise": Line("W 20", "DP reg 15(4)"),
    "dp_release_disclose_new_la": Line("WD 5", "DP reg 16(2)"),
    "dp_new_la_disclose_rcb": Line("WD 5", "DP reg 16(3)"),
    "dp_rcb_request": Line("WD 15", "DP reg 16(4)"),
    "dp_send_kept_plan": Line("WD 5", "DP reg 17(1)"),
    "dp_send_on_move": Line("WD 5", "DP reg 17(2)"),
    "dp_mediation_contact": Line("M 2", "DP reg 19"),
    "dp_certificates no_mediation": Line("WD 3", "DP reg 20(1)"),
    "dp_certificates after_mediation": Line("WD 3", "DP reg 24(1)"),
    "dp_certificates deemed": Line("WD 3", "DP reg 24(3)"),
    "dp_arrange_mediation": Line("D 30", "DP reg 21"),
    "dp_mediation_notice": Line("NOTWD 5", "DP reg 22(2)"),
    "dp_orders assess_notify": Line("W 2", "DP reg 29(2)"),
    "dp_orders assess_no_plan": Line("W 10", "DP reg 29(3)(a)"),
    "dp_orders assess_final": Line("W 14", "DP reg 29(3)(b)"),
    "dp_orders make_draft": Line("W 5", "DP reg 29(4)(a)", exceptions=DP_ORDER),
    "dp_orders make_final": Line("W 11", "DP reg 29(4)(b)", exceptions=DP_ORDER),
    "dp_orders remit": Line("W 2", "DP reg 29(5)", exceptions=DP_ORDER),
    "dp_orders setting": Line("W 2", "DP reg 29(6)"),
    "dp_unopposed assess_notify": Line("W 2", "DP reg 30(3)"),
    "dp_unopposed assess_no_plan": Line("W 10", "DP reg 30(4)(a)", exceptions=DP_ORDER),
    "dp_unopposed assess_final": Line("W 14", "DP reg 30(4)(b)", exceptions=DP_ORDER),
    "dp_unopposed issue_draft": Line("W 5", "DP reg 30(5)(a)", exceptions=DP_ORDER),
    "dp_unopposed issue_final": Line("W 11", "DP reg 30(5)(b)", exceptions=DP_ORDER),
    "dp_unopposed setting": Line("W 2", "DP reg 30(6)"),
    # 1.12
    "s23_health_notification": Line(None, "s.23"),
    "special_school_stay": Line(None, "reg 48"),                       # 10 days on which the setting is open
    "he_disclosure": Line("WD 15", "reg 47"),
    "pb_request_window": Line(None, "s.49(1), SI 2014/1652 reg 4"),
    "pb_refusal": Line(None, "SI 2014/1652 reg 7"),
    "pb_consents": Line(None, "SI 2014/1652 regs 8, 9"),
    "dp_review_3m": Line("M 3", "SI 2014/1652 reg 11(2)"),
    "pb_young_person_transition": Line(None, "SI 2014/1652 reg 15"),
    "eotas_consult": Line(None, "s.61"),
}

UNTIMED = (
    "notify_considering_assessment", "notify_considering_partners", "send_draft_plan", "consult_on_draft_content", "propose_cease",
    "cease_decision_notice", "no_change_after_reassessment", "new_la_interim_place", "notify_assessment_outcome")
"""1.14: steps for which no limit may be invented."""
