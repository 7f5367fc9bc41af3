"""The rules of 2020: SI 2020/471, in force from 1 May to 25 September 2020, both included; s.42 until 31 July 2020.

A reason relating to coronavirus relieved a limit that fell due while the rules were in force; there is no saving for one
that fell due later. The limits of 15 days for families, the dates of reg 18 and the notice of review meetings and of
mediation were not relaxed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta

from models.law.duty import Duty

BEGAN, ENDED, PROVISION_ENDED = date(2020, 5, 1), date(2020, 9, 25), date(2020, 7, 31)
TEXT = "as modified by SI 2020/471"
DAY = timedelta(days=1)

REASONS = {
    "notify_no_plan_need_determination": "reg 4(3)", "decide_whether_to_assess": "reg 5(4)(e)", "coop_respond_advice": "reg 8(2)(d)",
    "refuse_to_issue": "reg 10(4)(e)", "finalise_plan": "reg 13(3), which imports reg 10(4)(e)", "final_amended_plan": "reg 22(6)",
    "decide_not_to_amend": "reg 22(6)", "amend_without_review": "regs 22(6), 28", "finalise_after_reassessment": "reg 27(3)(e)",
    "unop_assess_no_plan": "reg 45(8)", "unop_assess_final": "reg 45(8)",
    **dict.fromkeys(("ord_assess_notify", "ord_assess_no_plan", "ord_assess_final", "ord_make_draft", "ord_make_final"),
                    "reg 44(3)(c), which imports reg 13(3)"),
    **dict.fromkeys(("unop_assess_notify", "unop_refuse_issue_draft", "unop_refuse_issue_final"),
                    "reg 45(7)(c), which imports reg 13(3)"),
}
"""Where the rules of 2020 added a reason to the exceptions of a limit."""

GLOSSED = {
    "transfer_plan_on_move": "15(2)", "new_la_inform": "15(4)", "new_la_review": "15(5)", "old_rcb_notify_new_rcb_move": "15(7)",
    "new_rcb_request_after_move": "15(8)", "old_rcb_notify_change": "16(2)", "new_rcb_request_change": "16(3)",
    "review_report": "20(9), 21(7), (8)", "review_decision": "20(10), 21(9)", "reassessment_decision": "25(1)",
    "review_after_reassessment": "27(4)", "contact_mediation_adviser": "33", "certificate_no_mediation": "34(1)",
    "notify_rcb_of_mediation": "35(2)", "arrange_mediation_health_only": "35(3)", "arrange_mediation_mixed": "35(4)",
    "arrange_mediation_no_health": "36(2)", "certificate_after_mediation": "39(1)", "certificate_deemed": "39(3)",
    "mediation_agreement_other": "42(3)", "rcb_tell_la_of_agreement": "42(4)", "ord_remit": "44(2)(d)", "ord_amend_sep": "44(2)(e)",
    "ord_amend_setting": "44(2)(f)", "ord_continue_amend": "44(2)(h)", "unop_contents": "45(4)", "unop_setting": "45(5)",
    "unop_setting_and_contents": "45(5)", "unop_cease": "45(6A)", "he_disclosure": "47",
}
"""The timed requirements that reg 2A read, where not reasonably practicable, as "as soon as reasonably practicable"."""

PARALLEL = {
    "dp_review_3m": "SI 2014/1652 reg 11(2)(a)", "rec_health_response": "SI 2017/1306 reg 6", "rec_health_copy_sos": "SI 2017/1306 reg 6",
    "rec_social_response": "SI 2017/1306 reg 7", "rec_social_copy_sos": "SI 2017/1306 reg 7",
    **{id: f"DP reg {paragraph}" for id, paragraph in {
        "dp_determination_no": "4(3)", "dp_decide_assess": "5(4)(d)", "dp_coop": "8(2)(e)", "dp_refuse_issue": "10(4)(d)",
        "dp_finalise": "13(3), which imports DP reg 10(4)(d)", "dp_unfinished_on_release": "2A, for DP reg 15(1)",
        "dp_unfinished_on_detention": "2A, for DP reg 15(4)", "dp_release_disclose_new_la": "2A, for DP reg 16(2)",
        "dp_new_la_disclose_rcb": "2A, for DP reg 16(3)", "dp_rcb_request": "2A, for DP reg 16(4)",
        "dp_send_kept_plan": "2A, for DP reg 17(1)", "dp_send_on_move": "2A, for DP reg 17(2)",
        "dp_mediation_contact": "2A, for DP reg 19", "dp_certificates": "2A, for DP regs 20(1), 24(1), (3)",
        "dp_arrange_mediation": "2A, for DP reg 21", "dp_orders": "2A, for DP reg 29(2), (6); 29(6A); 29(7)(c)",
        "dp_unopposed": "2A, for DP reg 30(3), (6); 30(7)(c)"}.items()},
}
"""Limits of the other instruments that SI 2020/471 relaxed alike."""

REVIEWS = ("first_review", "next_review")
ASAP = "as soon as reasonably practicable"


def as_modified(rows: Iterable[Duty]) -> Iterator[Duty]:
    """The rows with the versions of 2020 between those before and after."""
    for row in rows:
        modified, until = _modified(row)
        if modified is None or not row.in_force(BEGAN) or (row.valid_to is not None and row.valid_to < until):
            yield row
            continue
        yield replace(row, valid_to=BEGAN - DAY)
        yield replace(modified, valid_from=BEGAN, valid_to=until, text=TEXT)
        yield replace(row, valid_from=until + DAY)


def _modified(row: Duty) -> tuple[Duty | None, date]:
    if row.id == "secure_provision":
        return replace(row, words=row.words.replace("secure", "use reasonable endeavours to secure", 1),
                       citation="s.42(2), (3), as modified by notice under the Coronavirus Act 2020"), PROVISION_ENDED
    if row.id in REASONS:
        return _relaxed(row, REASONS[row.id], row.residual or ASAP), ENDED
    if row.id in GLOSSED:
        return _relaxed(row, f"reg 2A, for reg {GLOSSED[row.id]}", ASAP), ENDED
    if row.id in PARALLEL:
        return _relaxed(row, f"SI 2020/471, for {PARALLEL[row.id]}", ASAP), ENDED
    if row.id in REVIEWS:
        return _relaxed(row, "reg 18A", ASAP), ENDED
    return None, ENDED


def _relaxed(row: Duty, basis: str, residual: str) -> Duty:
    told = f"{row.exception_basis}; coronavirus: {basis}" if row.exceptions else f"{basis} (coronavirus)"
    return replace(row, exceptions=(*row.exceptions, "X_CV"), exception_basis=told, residual=residual)
