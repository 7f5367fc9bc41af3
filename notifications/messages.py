"""The catalogue: every message by name, to whom it speaks, what the law demands of it, and what its words need."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a wording may need.

    `kind` is how it is checked and written: "ref" a case reference, "date" a civil day, "days" a whole number,
    "flag" yes or no, "code" one code of ours (no spaces, so never free text), "codes" a list of them, "line" one line
    of the law table or worked out from the record, "lines" a list of such lines, "text" free text (only the
    reasons of a decision, only to the family).
    """

    kind: str
    meaning: str


FIELDS: Mapping[str, Field] = MappingProxyType({
    "case": Field("ref", "the case reference"),
    "sent_on": Field("date", "the day of the letter, which is the day it goes out"),
    "trigger": Field("code", "request_received or became_responsible: what started the case"),
    "started_on": Field("date", "Day 0: the day of that request or knowledge"),
    "views_by": Field("date", "by when the council would like the family's views (policy, not law)"),
    "decide_by": Field("date", "last day of the six weeks of reg 5(1)"),
    "outcome_by": Field("date", "last day of the sixteen weeks of reg 10(1)"),
    "final_by": Field("date", "last day of the twenty weeks of reg 13(2)"),
    "representations_by": Field("date", "closing date for the family on the draft plan, at least 15 days (reg 13(1)(a))"),
    "answer_by": Field("date", "by when a setting is asked to answer (15 days, Code 9.83)"),
    "due_on": Field("date", "the last compliant day of the duty"),
    "target_on": Field("date", "the day by which the council itself means to have it done (policy, not law)"),
    "outcome": Field("code", "assess or refuse"),
    "requested_by_family": Field("flag", "whether the family asked for this setting (s.39(2)), or the council proposes it"),
    "adviser": Field("code", "whose advice (reg 6(1)), such as adv_c_medical"),
    "body": Field("code", "s31 (bound by reg 8) or other (guided by the Code)"),
    "reasons_text": Field("text", "the reasons of the decision"),
    "answer_url": Field("line", "the link with which the agency answers without an account; a secret of the agency"),
    "to_role": Field("code", "the role that this letter goes to, such as ep_service.lead or council.owner"),
    "duty": Field("code", "id of the duty"),
    "kind": Field("code", "hard (law), guide (Code of Practice), derived or ops: never call the last three law"),
    "citation": Field("line", "where the duty is enacted, from the law table"),
    "missed": Field("codes", "earlier rungs that did not go, because the watch did not run"),
    "late_days": Field("days", "days by which this reminder goes later than its own day"),
    "excused_by": Field("code", "code of the exception"),
    "waiting_for": Field("codes", "the roles or advisers who hold the ball; empty where the council does"),
    "expected_on": Field("date", "the earliest day on which it can be done, as the case stands and the law allows"),
    "expected_by": Field("date", "the later end of that range, where all outstanding advice has a day of its own"),
    "changed_on": Field("date", "the day on which another officer took the case over"),
    "officer": Field("code", "reference of the officer who took the case over"),
    "brief": Field("lines", "the brief for that officer, a line each: references, days and codes"),
    "plan_by": Field("date", "last day of the fourteen weeks of reg 27(2)"),
    "withdrawn_on": Field("date", "the day the withdrawal reached the council"),
    "moved_on": Field("date", "the day of the move"),
    "plan_transferred": Field("flag", "whether a plan goes over to the new council (reg 15), or the case had none yet"),
    "decision": Field("code", "what a person must decide or see to: assess, issue, advice_missing, advice_declined,"
                              " receipt_unproved, final_plan, final_plan_gaps, withdrawal, appeal_period_over, or another code"),
    "decided": Field("code", "what was decided about the plan: continue, amend, cease, not_amended, reassess,"
                             " refuse_to_reassess or no_change"),
    "meeting_on": Field("date", "the day of the review meeting"),
    "advice_by": Field("date", "by when advice for a review is asked for (policy; it is circulated two weeks before the meeting)"),
    "cease_reason": Field("code", "why the plan may cease, such as needs_met"),
    "health": Field("code", "only or also: what place health care has in the mediation"),
    "outstanding": Field("codes", "advisers whose advice is not in"),
    "sought": Field("codes", "what was wanting in advice that came, such as outcomes, where it is asked for again"),
    "came_on": Field("date", "the day on which that advice came"),
    "about_message": Field("code", "name of the message that did not get through"),
    "about_role": Field("code", "the role it was for"),
    "problem": Field("code", "why, as channels.NotSent.why says it"),
})
"""Every field that `Message.needs` and `Message.may` name."""

ENCLOSURES: Mapping[str, str] = MappingProxyType({
    "identity": "a sheet that says whom this case is about",
    "family_evidence": "the views and evidence that the family gave us (regulation 6(3))",
    "reasons": "our reasons for this decision",
    "draft_plan": "the draft plan",
    "draft_plan_and_advice": "the draft plan with its appendices",
    "final_plan": "the final plan with all its appendices",
    "current_plan": "a copy of the plan as it is now",
    "amendments": "the notice of the changes that we propose",
    "amendment_evidence": "copies of the evidence for these changes",
    "amended_plan": "the amended plan with all its appendices",
})
"""What goes with a letter, in words."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: whom it speaks to, the notice pack that the law demands, and the fact that its sending proves.

    `needs` are the fields (see FIELDS) without which it cannot be written, `may` those that may be None or left out.
    Nothing else that is known of a case gets into it. `enclosures` (see ENCLOSURES) go with it. `audience` is
    "family", "agency" or "council"; a request or reminder to the family as an adviser (reg 6(1)(a)) is an "agency"
    message worded for the family. `gateway` is what lets it go to somebody other than the family and the council: the
    duty that it fulfils, or the letter of reg 17(1) under which what it holds may be disclosed.
    """

    name: str
    audience: str
    pack: str | None = None
    proves: str | None = None
    needs: tuple[str, ...] = ()
    enclosures: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    gateway: str | None = None


def _message(name: str, audience: str, *needs: str, may: tuple[str, ...] = (), pack: str | None = None,
             proves: str | None = None, enclosures: tuple[str, ...] = ()) -> Message:
    return Message(name, audience, pack, proves, ("case", "sent_on", *needs), enclosures, may, GATEWAYS.get(name))


REFERENCE_ONLY = "no disclosure: it names the case by its reference only"
GATEWAYS: Mapping[str, str] = MappingProxyType({
    "considering_partners": "reg 4(2)", "partners_assess_decision": "reg 5(2)", "refusal_to_issue_partners": "reg 10(2)",
    "advice_request": "reg 6(1) and 6(3)", "setting_consultation": "s.39(2)-(3), s.40(3), reg 17(1)(a)",
    "final_plan_partners": "reg 13(2)", "review_invitation_partners": "reg 20(2), 21(2)", "review_report_request": REFERENCE_ONLY,
    "plan_decision_partners": "reg 20(10), 21(9), 25(1), 31(2)", "amended_plan_partners": "reg 22(3), 13(2)",
    "cease_consultation_setting": "reg 31(1)", "mediation_rcb": "reg 35(2)",
    "reminder": REFERENCE_ONLY, "overdue": REFERENCE_ONLY, "excused_reminder": REFERENCE_ONLY,
})
"""What lets each message go to an agency."""


_REMINDER = ("to_role", "duty", "kind", "citation", "due_on", "late_days")
_REMINDER_MAY = ("adviser", "missed", "answer_url", "target_on")
_DECISION = "family_told_of_decision"

MESSAGES: Mapping[str, Message] = MappingProxyType({message.name: message for message in (
    _message("request_acknowledged", "family", "trigger", "started_on", "decide_by", "final_by"),
    _message("considering_assessment", "family", "views_by", "decide_by",
             pack="N_VIEWS", proves="family_told_considering"),
    _message("considering_partners", "agency", "decide_by", proves="partner_told_considering", enclosures=("identity",)),
    _message("decision_to_assess", "family", "outcome_by", "final_by", proves=_DECISION),
    _message("refusal_to_assess", "family", "reasons_text",
             pack="N_APPEAL_A", proves=_DECISION, enclosures=("reasons",)),
    _message("partners_assess_decision", "agency", "outcome", proves="partner_told_of_assess_decision"),
    _message("advice_request", "agency", "adviser", "body", "due_on", may=("answer_url", "sought", "came_on"), proves="advice_requested",
             enclosures=("identity", "family_evidence")),
    _message("assessment_outcome_yes", "family", "final_by", "reasons_text",
             pack="N_REASONS", proves=_DECISION, enclosures=("reasons",)),
    _message("refusal_to_issue", "family", "reasons_text",
             pack="N_APPEAL_B", proves=_DECISION, enclosures=("reasons",)),
    _message("refusal_to_issue_partners", "agency", proves="partner_told_of_refusal_to_issue"),
    _message("draft_plan", "family", "representations_by", "final_by",
             pack="N_DRAFT", proves="draft_plan_served", enclosures=("draft_plan",)),
    _message("setting_consultation", "agency", "answer_by", "requested_by_family", may=("answer_url",),
             proves="setting_consulted", enclosures=("identity", "draft_plan_and_advice")),
    _message("final_plan", "family", pack="N_APPEAL_B", proves="final_plan_sent", enclosures=("final_plan",)),
    _message("final_plan_partners", "agency", enclosures=("identity", "final_plan")),
    _message("reminder", "agency", *_REMINDER, may=_REMINDER_MAY),
    _message("overdue", "agency", *_REMINDER, may=_REMINDER_MAY),
    _message("excused_reminder", "agency", *_REMINDER, "excused_by", may=_REMINDER_MAY),
    _message("lateness_to_family", "family", "duty", "citation", "due_on",
             may=("waiting_for", "outstanding", "expected_on", "expected_by", "excused_by")),
    _message("new_contact", "family", "changed_on", may=("final_by",)),
    _message("withdrawal_confirmed", "family", "withdrawn_on"),
    _message("request_goes_on", "family", "withdrawn_on", "reasons_text", pack="N_REASONS", enclosures=("reasons",)),
    _message("move_confirmed", "family", "moved_on", "plan_transferred"),
    _message("review_invitation", "family", "meeting_on", "advice_by", proves="review_invited"),
    _message("review_invitation_partners", "agency", "to_role", "meeting_on", "advice_by", proves="review_invited",
             enclosures=("identity",)),
    _message("review_report_request", "agency", "due_on"),
    _message("plan_decision", "family", "decided", "reasons_text", pack="N_APPEAL_B", enclosures=("reasons",)),
    _message("plan_decision_partners", "agency", "decided", enclosures=("identity",)),
    _message("proposed_amendments", "family", "representations_by", "reasons_text", pack="N_AMEND",
             proves="amendment_notice_sent", enclosures=("current_plan", "amendments", "amendment_evidence")),
    _message("amended_plan", "family", pack="N_APPEAL_B", proves="final_amended_plan_sent", enclosures=("amended_plan",)),
    _message("amended_plan_partners", "agency", proves="final_amended_plan_sent", enclosures=("identity", "amended_plan")),
    _message("reassessment_agreed", "family", "plan_by", proves="reassessment_decided"),
    _message("cease_consultation", "family", "answer_by", may=("cease_reason",), proves="cease_consulted"),
    _message("cease_consultation_setting", "agency", "answer_by", may=("cease_reason",), proves="cease_consulted",
             enclosures=("identity",)),
    _message("mediation_rcb", "agency", "health", proves="rcb_told_of_mediation", enclosures=("identity",)),
    _message("rights_pass", "family"),
    _message("decision_needed", "council", "decision", may=("due_on", "citation", "outstanding")),
    _message("handover_brief", "council", "officer", "changed_on", "brief"),
    _message("handover_unread", "council", "officer", "changed_on"),
    _message("send_failed", "council", "about_message", "about_role", "problem"),
)})
