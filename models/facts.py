"""Every kind of fact that a case can hold, and what each must say.

A fact carries references and codes. What is free text is named in `FactKind.free_text`: it is kept where it can be
erased, and the fact holds its salted hash. Names of children and families are never fields of a fact.
"""

from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from models.fact_fields import FIELDS, FREE_TEXT

FROM_RETURN = "return"
"""How a fact came that was taken from a return or a list: what the return does not say is not asked of it."""

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class BadFact(ValueError):
    """What was said is no fact that can be recorded: it says which case, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class FactKind:
    """One kind of fact: what it tells, its fields, which of them a door asks for, which are free text."""

    name: str
    tells: str
    fields: type[BaseModel]
    required: tuple[str, ...]
    free_text: tuple[str, ...]
    one_of: tuple[tuple[str, ...], ...] = ()
    by_hand: bool = True                 # False: only the engine records it

    def describe(self) -> str:
        """The kind and its fields, for help texts."""
        return f"{self.name}: {self.tells}"


def _field(kind: Any, words: str) -> tuple[Any, Any]:
    return (kind | None, Field(default=None, description=words))


_CHILD = ("attends", "service_family", "hearing_impaired", "vision_impaired", "educator_is_sensory_qualified",
          "experienced_teacher_available", "year_group", "setting")
_DECISION = ("decided_by", "reasons", "reason_codes", "evidence", "notified_on", "notice", "dated", "answers", "tenth_open_day_on")
_CLOSURE = ("advice_requested_on", "closed_from", "reopens_on", "absent_from", "absent_to", "appointment_on",
            "affected_from", "affected_to")
_REASONED = (("reasons", "reason_codes"),)
_OF_ONE = ("answers",)
_ASKED_BY_THE_RETURN = ("request_mediation", "request_tribunal", "assessment_mediation", "assessment_tribunal", "other_mediation",
                        "other_tribunal", "exception_applied")


def _kind(name: str, tells: str, fields: tuple[str, ...] = (), required: tuple[str, ...] = (),
          one_of: tuple[tuple[str, ...], ...] = (), by_hand: bool = True, **renamed: str) -> FactKind:
    of = {field: field for field in (*fields, *(() if "note" in fields else ("note",)), "how", "key")} | renamed
    shown = {field: _field(*FIELDS[source]) for field, source in of.items()}
    model = create_model(name, __config__=ConfigDict(extra="forbid", frozen=True, strict=False), **shown)
    return FactKind(name, tells, model, required, tuple(f for f in shown if f in FREE_TEXT), one_of, by_hand)


KINDS: dict[str, FactKind] = {kind.name: kind for kind in (
    _kind("request_received", "a request for an assessment reached the council (s.36(1))",
          ("requested_by", "owner", "for_case", "assessed_within_6_months", "detained", *_CHILD), ("requested_by",)),
    _kind("became_responsible", "the council became responsible for the child or young person (s.24)",
          ("requested_by", "owner", "for_case", "assessed_within_6_months", "detained", *_CHILD)),
    _kind("circumstances_recorded", "something about the child or young person that the law asks about became known", _CHILD),
    _kind("owner_named", "an officer took over the case", ("owner",), ("owner",)),
    _kind("agency_named", "which organisation plays a role in this case, where the register has several that do",
          ("recipient", "agency"), ("recipient", "agency")),
    _kind("family_consulted", "the family was consulted on the request (reg 3)"),
    _kind("family_told_considering", "the family was told that an assessment is considered (s.36(7))"),
    _kind("partner_told_considering", "a partner was told that an assessment is considered (reg 4(2))",
          ("recipient", "agency"), ("recipient",)),
    _kind("views_received", "the family's views or evidence arrived", ("document",)),
    _kind("decided_to_assess", "the council decided to assess (s.36(8))", _DECISION, ("decided_by",), _REASONED),
    _kind("refused_to_assess", "the council refused to assess (s.36(5), (8); regs 4(1), 5(1))", _DECISION,
          ("decided_by",), _REASONED),
    _kind("partner_told_of_assess_decision", "a partner was told whether there is an assessment (reg 5(2))",
          ("recipient", "agency", "decision"), ("recipient",)),
    _kind("family_told_of_decision", "the notice of a decision went to the family", ("decision", "sha256"), ("decision",)),
    _kind("adviser_requested_by_family", "the family asked for advice from a person of its choice (reg 6(1)(h))",
          ("agency", "reasonable", "decided_by", "reasons"), ("agency", "reasonable")),
    _kind("adviser_thought_appropriate", "the council thinks advice from another person appropriate (reg 6(1)(f))",
          ("agency",), ("agency",)),
    _kind("advice_requested", "advice was asked for: the day the request was sent (reg 6(1))",
          ("adviser", "body", "agency"), ("adviser",)),
    _kind("evidence_sent_to_adviser", "the family's representations and evidence went to an adviser (reg 6(3))",
          ("adviser", "agency"), ("adviser",)),
    _kind("advice_delivered", "a request for advice reached the body that was asked (reg 8(1))",
          ("adviser", "body", "agency", "evidence"), ("adviser",)),
    _kind("advice_received", "advice reached the council", ("adviser", "body", "agency", "document", "sha256", "again"), ("adviser",)),
    _kind("advice_declined", "a body declined to give advice, with written reasons (s.31(3))",
          ("adviser", "body", "agency", "reasons"), ("adviser", "reasons")),
    _kind("advice_acknowledged", "a body said that it has the request for advice, and may say by when it answers",
          ("adviser", "agency", "received_on", "expected_on"), ("adviser",)),
    _kind("advice_not_known", "a body answered that the child or young person is not known to it",
          ("adviser", "agency", "document", "because"), ("adviser",)),
    _kind("advice_passed_on", "a body passed the request for advice on to another team or body",
          ("adviser", "agency", "to", "because"), ("adviser", "to")),
    _kind("advice_found_incomplete", "the council found that the advice received lacks what reg 6(1) asks for; it is asked for again",
          ("adviser", "agency", "sought", "decided_by", "because"), ("adviser", "sought", "decided_by")),
    _kind("advice_gap_decided", "the council decided how to get advice that is late or not to be had from the body"
          " asked", ("adviser", "agency", "to", "decided_by", "reasons"), ("adviser", "outcome", "decided_by", "reasons"),
          outcome="gap_decision"),
    _kind("advice_not_obtainable", "the council decided to go on without this advice",
          ("adviser", "agency", "decided_by", "reasons"), ("adviser", "decided_by", "reasons")),
    _kind("existing_advice_sufficed", "earlier advice stands in for new advice (reg 6(4))",
          ("adviser", "agency", "document", "adviser_satisfied_on", "council_satisfied_on", "family_satisfied_on"),
          ("adviser", "adviser_satisfied_on", "council_satisfied_on", "family_satisfied_on")),
    _kind("assessment_conduct_recorded", "how the family took part in the assessment was recorded (reg 7)", ("document",)),
    _kind("support_considered", "the family's need for support to take part was considered (reg 9)", ("document",)),
    _kind("decided_to_issue", "the council decided that a plan is necessary (s.37(1))", _DECISION, ("decided_by",),
          _REASONED),
    _kind("refused_to_issue", "the council decided that no plan is necessary (s.36(9), reg 10)", _DECISION,
          ("decided_by",), _REASONED),
    _kind("partner_told_of_refusal_to_issue", "a partner was told that there is no plan (reg 10(2))",
          ("recipient", "agency"), ("recipient",)),
    _kind("family_consulted_on_draft", "the family was consulted while the plan was drafted (s.38(1))"),
    _kind("draft_plan_prepared", "a draft plan was approved for sending",
          ("document", "sha256", "sections", "names_setting", "approved_by"),
          ("document", "sections", "names_setting", "approved_by")),
    _kind("draft_plan_served", "the draft plan was served on the family (s.38(2), reg 13(1))", ("document", "sha256", "answers")),
    _kind("representations_received", "the family made representations about the draft", ("document",)),
    _kind("draft_meeting_required", "the family required a meeting about the draft (reg 13(1)(a)(ii))"),
    _kind("draft_meeting_held", "the meeting about the draft was held"),
    _kind("setting_requested", "the family asked for a setting (s.38(3))", ("setting",), ("setting",)),
    _kind("setting_proposed", "the council considers a setting (s.39(6), s.40(3))", ("setting",), ("setting",)),
    _kind("setting_consulted", "a setting was consulted (s.39(2), s.40(3))", ("setting",), ("setting",)),
    _kind("setting_answered", "a setting answered the consultation", ("setting", "reply"), ("setting",)),
    _kind("setting_request_refused", "the council will not name the setting that the family requested (s.39(4))",
          ("setting", "decided_by", "reasons"), ("setting", "decided_by", "reasons")),
    _kind("section_g_agreed", "the responsible commissioning body agreed section G (reg 12(2))", ("agency", "document")),
    _kind("final_plan_prepared", "the final plan was approved for sending",
          ("document", "sha256", "sections", "setting", "type_only", "approved_by"),
          ("document", "sections", "approved_by"), (("setting", "type_only"),)),
    _kind("final_plan_sent", "the final plan was sent (s.39(8), reg 13(2))",
          ("document", "sha256", "sent_to", "setting", "type_only", "answers")),
    _kind("admitted", "the named setting admitted the child or young person (s.43(2))", ("setting",)),
    _kind("exception_claimed", "the council relies on an exception for one limit (regs 5(4), 8(2), 10(4), 13(3))",
          ("duty", "code", "because", "adviser", "agency", "occasion", "approved_by", *_CLOSURE),
          ("duty", "code", "because", "approved_by")),
    _kind("request_withdrawn", "the family withdrew its request; no clock stops until the council has decided"),
    _kind("withdrawal_accepted", "the council decided that nothing more need be done after a withdrawal (s.36(3))",
          ("decided_by", "reasons", "reason_codes"), ("decided_by",), _REASONED),
    _kind("request_continued", "the council decided to go on in spite of a withdrawal (s.24, s.36(3))",
          ("decided_by", "reasons", "reason_codes"), ("decided_by",), _REASONED),
    _kind("further_request_received", "another request arrived while this one is open", ("requested_by",)),
    _kind("moved_away", "the child or young person moved out of the area before a plan was made", ("to",), ("to",)),
    _kind("child_died", "the child or young person died"),
    # What came from a return or a list of another system, and what the return asks for beside the law.
    _kind("taken_from_return", "the case was taken in from a return or a list; nothing is sent about it until an officer takes it on",
          ("source", "sha256", "survey_year", "place", "unknown", "request_outcome", "request_mediation", "request_tribunal",
           "exported", "assessment_outcome", "assessment_mediation", "assessment_tribunal", "other_mediation", "other_tribunal",
           "exception_applied", "transferred_from", "owner", *_CHILD), ("source", "sha256"), by_hand=False,
          request_outcome="outcome_code", assessment_outcome="outcome_code", exported="council", transferred_from="council",
          request_mediation="yes_or_no", request_tribunal="yes_or_no", assessment_mediation="yes_or_no",
          assessment_tribunal="yes_or_no", other_mediation="yes_or_no", other_tribunal="yes_or_no",
          exception_applied="yes_or_no"),
    _kind("ended_in_return", "a return says that the request or the assessment had ended by its day; how and when, it does not say",
          ("to",), by_hand=False),
    _kind("taken_on", "an officer works on a case that came from a return: from now on letters go out about it", ("owner",), ("owner",)),
    _kind("needs_recorded", "the primary and the secondary type of need", ("primary", "secondary"), ("primary",),
          primary="need", secondary="need"),
    _kind("plan_setting_recorded", "a setting that section I of the plan names",
          ("urn", "ukprn", "setting_code", "rank", "sen_unit", "resourced_provision"), ("rank",),
          (("urn", "ukprn", "setting_code"),), sen_unit="yes_or_no", resourced_provision="yes_or_no"),
    _kind("placement_recorded", "a setting that the child or young person attends or attended, or that there is none",
          ("urn", "ukprn", "setting_code", "rank", "entered_on", "left_on", "sen_unit", "resourced_provision", "residential",
           "work_based"), ("rank",), (("urn", "ukprn", "setting_code"),), sen_unit="yes_or_no", resourced_provision="yes_or_no"),
    _kind("plan_terms_recorded", "personal budget, residential and work-based placement that the plan provides for",
          ("personal_budget", "organised_arrangements", "direct_payments_for", "residential", "work_based"),
          (), (("personal_budget", "residential", "work_based"),), personal_budget="yes_or_no", organised_arrangements="yes_or_no"),
    _kind("return_items_recorded", "what the national return asks and no dated fact tells, as the officer found it",
          (*_ASKED_BY_THE_RETURN, "youth_accommodation", "exported", "transferred_from"), (),
          ((*_ASKED_BY_THE_RETURN, "youth_accommodation", "exported", "transferred_from"),), exported="council", transferred_from="council",
          youth_accommodation="yes_or_no", **dict.fromkeys(_ASKED_BY_THE_RETURN, "yes_or_no")),
    _kind("fact_corrected", "a fact was wrong; this says what it should have been",
          ("replaces", "withdrawn", "corrected", "because"), ("replaces",), (("withdrawn", "corrected"),)),
    _kind("message_queued", "a message was written to the outbox",
          ("message", "recipient", "agency", "about", "pack", "duty", "adviser", "setting", "occasion", "due_on", "rung",
           "missed", "late_days", "expected_on", "target_on"),
          ("key", "message"), by_hand=False),
    _kind("message_sent", "a message was sent", ("sha256", "channel", "agency", "contact", "gateway", "wording", "digest"),
          ("key", "sha256"), by_hand=False),
    _kind("message_failed", "a message could not be sent", ("why", "final", "channel", "contact"), ("key", "why"), by_hand=False),
    _kind("message_delivered", "a message reached its recipient, as the channel tells", ("channel",), ("key",), by_hand=False),
    _kind("message_opened", "a message was opened, as the channel tells", ("channel",), ("key",), by_hand=False),
    _kind("message_bounced", "a message that had gone did not reach its recipient", ("why", "final", "channel"), ("key", "why"),
          by_hand=False),
    _kind("recipient_verified", "a second person made sure that a recipient belongs to the case and that the address is theirs",
          ("recipient", "agency", "checked_by"), ("recipient", "checked_by")),
    _kind("answer_link_revoked", "the link in a request was made useless", ("link", "because"), ("link", "because")),
    _kind("escalation_silenced", "for a recorded reason nobody above the case's owner is told of one duty for a while",
          ("duty", "adviser", "agency", "silenced_to", "decided_by", "reasons"), ("duty", "silenced_to", "decided_by", "reasons")),
    _kind("handover_acknowledged", "the officer who took the case over has read its brief", ("owner",), ("owner",)),
    # The life of the plan after it was made. `answers` names what a document or decision answers, where several wait for it.
    _kind("plan_taken_over", "a plan that was made before this case was kept here is maintained by the council",
          ("made_on", "last_reviewed_on", "document", "owner", *_CHILD), ("made_on",)),
    _kind("review_asked_for", "somebody asked for a review before the yearly one", ("requested_by",)),
    _kind("review_meeting_fixed", "the day of a review meeting was fixed", ("meeting_on", "setting", "setting_type"), ("meeting_on",)),
    _kind("review_invited", "everybody of reg 20(2) or 21(2) was invited to the review meeting", _OF_ONE),
    _kind("review_advice_asked", "advice for the review was asked for", ("recipient", "agency", *_OF_ONE)),
    _kind("review_advice_circulated", "the advice for the review went to everybody invited (reg 20(4), 21(4))", _OF_ONE),
    _kind("review_meeting_held", "a review meeting was held (reg 20(1), 21)", _OF_ONE),
    _kind("review_report_sent", "the report of a review was sent to everybody invited (reg 20(9), 21(8))", ("document", *_OF_ONE)),
    _kind("review_decision_sent", "the decision after a review was sent (reg 20(10), 21(9))",
          ("decided_by", "reasons", "names_next_setting", "dated", *_OF_ONE), ("outcome", "decided_by"),
          outcome="review_outcome"),
    _kind("amendment_notice_sent", "the plan, the proposed amendments and the evidence for them were sent (reg 22(2)(a))",
          ("document", "sha256", *_OF_ONE), ("document",)),
    _kind("amendment_representations_received", "the family made representations about the amendments", ("document", *_OF_ONE)),
    _kind("decided_not_to_amend", "the plan is not amended after all, and the family was told why (reg 22(4))",
          ("decided_by", "reasons", "reason_codes", "dated", *_OF_ONE), ("decided_by",), _REASONED),
    _kind("final_amended_plan_sent", "the amended plan was sent (reg 22(3))",
          ("document", "sha256", "sent_to", "setting", "type_only", *_OF_ONE)),
    _kind("phase_transfer_identified", "a transfer between phases of education was identified (reg 18)",
          ("transfer", "year", "transfer_on"), ("transfer",), (("year", "transfer_on"),)),
    _kind("phase_transfer_excluded", "the council decided that no phase transfer is due, for a recorded reason",
          ("decided_by", "reasons", *_OF_ONE), ("decided_by", "reasons")),
    _kind("left_education", "a young person under 18 receives no education or training (reg 29(2))"),
    _kind("back_in_education", "the young person receives education or training again"),
    _kind("reassessment_requested", "a re-assessment was requested (s.44(2), reg 23)", ("requested_by",),
          requested_by="reassessment_asker"),
    _kind("reassessment_decided", "whether to re-assess was decided and told (reg 25)",
          ("decided_by", "reasons", "reason_codes", "dated", *_OF_ONE), ("outcome", "decided_by"), outcome="reassessment_outcome"),
    _kind("decided_no_change", "after a re-assessment the plan stays as it is, and the family was told (s.51(2)(e))",
          ("decided_by", "reasons", "reason_codes", "dated", *_OF_ONE), ("decided_by",), _REASONED),
    _kind("cease_proposed", "the council considers ceasing to maintain the plan (reg 31(1))",
          ("decided_by", "cease_reason", "reasons"), ("decided_by", "cease_reason")),
    _kind("cease_consulted", "the family and the setting were consulted on ceasing (reg 31(1))", ("recipient", "document")),
    _kind("cease_notice_sent", "the decision to cease was sent (reg 31(2), (3))",
          ("decided_by", "cease_reason", "reasons", "sha256", "dated"), ("decided_by", "cease_reason")),
    _kind("cease_not_pursued", "the council goes on maintaining the plan", ("decided_by", "reasons"), ("decided_by",)),
    _kind("plan_ceased", "the plan ceased to be maintained", ("cease_reason",), ("cease_reason",)),
    _kind("mediation_adviser_contacted", "the family told a mediation adviser that it wishes to appeal (reg 33)",
          ("wants_mediation", *_OF_ONE)),
    _kind("mediation_certificate_issued", "a mediation adviser issued a certificate (regs 34, 39)", _OF_ONE),
    _kind("mediation_not_wanted", "the family told the mediation adviser that it wants no mediation (reg 34(1))", _OF_ONE),
    _kind("adviser_told_mediation_wanted", "the mediation adviser was told that mediation is wanted (DP reg 21)", _OF_ONE),
    _kind("mediation_wanted", "the family told the council that it wants mediation (s.52)", ("health", *_OF_ONE)),
    _kind("rcb_told_of_mediation", "the commissioning body was told of the mediation (reg 35(2))", ("agency", *_OF_ONE)),
    _kind("mediation_arranged", "the mediation was fixed", ("meeting_on", *_OF_ONE), ("meeting_on",)),
    _kind("mediation_date_told", "the family was told date and place of the mediation (reg 37(2))", _OF_ONE),
    _kind("shorter_notice_agreed", "the family agreed to shorter notice of the mediation (reg 37(2))", _OF_ONE),
    _kind("mediation_held", "the mediation was concluded", _OF_ONE),
    _kind("mediation_cannot_be_arranged", "it became clear that the mediation cannot be arranged in time (reg 39(2))", _OF_ONE),
    _kind("adviser_told_mediation_failed", "the mediation adviser was told that it could not be arranged (reg 39(2))", _OF_ONE),
    _kind("mediation_agreed", "mediation ended in agreement (reg 42)",
          ("order", "agreed_by", "council_is_party", "document", *_OF_ONE), ("order",)),
    _kind("agreement_done", "what was agreed in mediation was done", _OF_ONE),
    _kind("rcb_told_council_of_agreement", "the commissioning body told the council of an agreement (reg 42(4))", _OF_ONE),
    _kind("appeal_lodged", "the Tribunal received an appeal", _OF_ONE),
    _kind("appeal_registered", "the papers of an appeal were sent to the council", _OF_ONE),
    _kind("appeal_response_sent", "the council responded to an appeal", _OF_ONE),
    _kind("appeal_withdrawn", "an appeal was withdrawn", _OF_ONE),
    _kind("appeal_unopposed", "the council told the Tribunal that it does not oppose an appeal (reg 45)",
          ("amendment_agreed", *_OF_ONE), ("about",), about="appeal_about"),
    _kind("appeal_finally_determined", "an appeal is finally determined: no onward appeal is open (s.45(4)(b))", _OF_ONE),
    _kind("tribunal_order_made", "the Tribunal made an order (reg 44)", ("order", "document", *_OF_ONE), ("order",)),
    _kind("recommendation_made", "the Tribunal made a recommendation (SI 2017/1306)",
          ("service", "decision_on", "directed_by", *_OF_ONE), ("service",)),
    _kind("recommendation_answered", "a recommendation was answered in writing", ("service", "document", *_OF_ONE), ("service",)),
    _kind("recommendation_answer_copied", "the answer went to the Secretary of State", ("service", *_OF_ONE), ("service",)),
    _kind("move_known", "the council became aware of a move to another council's area (reg 15(2))",
          ("moves_on", "to", "same_rcb", "side"), ("moves_on",)),
    _kind("move_called_off", "the move does not take place"),
    _kind("plan_transferred", "the plan was transferred on a move (reg 15)",
          ("to", "side", "made_on", "last_reviewed_on", "place_impracticable", "owner", "document", *_CHILD), ("side",)),
    _kind("family_told_of_transfer", "the new authority told the family of the transfer (reg 15(4))", ("sha256",)),
    _kind("interim_place_arranged", "another setting was arranged until the plan is amended (reg 15(6))", ("setting",)),
    _kind("new_rcb_told_of_move", "the old commissioning body told the new one of the move (reg 15(7))", ("agency",)),
    _kind("new_rcb_aware_of_move", "the new commissioning body became aware of the move (reg 15(8))", ("agency", "practicable")),
    _kind("new_rcb_asked_after_move", "the new commissioning body asked for an assessment or review (reg 15(8))", ("agency",)),
    _kind("rcb_change_known", "the old commissioning body became aware that another is responsible (reg 16(2))", ("agency",)),
    _kind("new_rcb_told_of_change", "the old commissioning body told the new one (reg 16(2))", ("agency",)),
    _kind("new_rcb_aware_of_change", "the new commissioning body became aware that it is responsible (reg 16(3))",
          ("agency", "practicable")),
    _kind("new_rcb_asked_after_change", "the new commissioning body asked for an assessment or review (reg 16(3))", ("agency",)),
    _kind("rcb_request_met", "the council did what the commissioning body had asked for", ("agency",)),
    _kind("detention_began", "the child or young person was detained in relevant youth accommodation (s.70)",
          ("detained_from", "known_on", "plan_kept")),
    _kind("kept_plan_sent", "the plan went to those of DP reg 17(1)", ("sha256",)),
    _kind("moved_within_custody", "the detained person moved, or will move, to other youth accommodation (DP reg 17(2))"),
    _kind("plan_sent_to_new_accommodation", "the plan went to the person in charge there (DP reg 17(2))", ("sha256",)),
    _kind("release_known", "the council was informed of the release (DP reg 16(2))", ("to",)),
    _kind("released", "the detained person was released", ("plan_kept",)),
    _kind("plan_disclosed_to_new_authority", "the plan went to the authority into whose area the person is released (DP reg 16(2))"),
    _kind("new_authority_received_plan", "the new authority became responsible or received the plan, whichever is later (DP reg 16(3))"),
    _kind("plan_disclosed_to_rcb", "the new authority disclosed the plan to the commissioning body (DP reg 16(3))", ("agency",)),
    _kind("rcb_request_after_release", "the commissioning body asked for an assessment or review (DP reg 16(4))", ("agency",)),
    _kind("became_young_person", "the child reached the end of compulsory school age: the rights pass to the young person (s.83(2))",
          ("direct_payments",)),
    _kind("capacity_recorded", "who decides for the young person or parent was recorded (s.80, regs 63, 64)",
          ("decides", "reasons"), ("decides",)),
    _kind("young_person_consent_ascertained", "whether the young person consents to direct payments was ascertained"),
    _kind("health_view_formed", "a health body formed the view that a child probably has special educational needs (s.23)"),
    _kind("health_notification_received", "a health body told the council (s.23)", ("agency",)),
    _kind("assessment_place_began", "the child was admitted to a special setting for the assessment (s.34, reg 48)", ("setting",)),
    _kind("assessment_place_ended", "the stay in the special setting ended"),
    _kind("higher_education_disclosure_asked", "the young person asked for the plan to be disclosed for higher education (reg 47)"),
    _kind("higher_education_disclosure_made", "the plan was disclosed for higher education (reg 47)"),
    _kind("direct_payment_requested", "the family asked for direct payments (SI 2014/1652)"),
    _kind("direct_payment_refused", "direct payments were refused in writing, with reasons (SI 2014/1652 reg 7)",
          ("decided_by", "reasons")),
    _kind("direct_payment_agreed", "direct payments were agreed", ("decided_by",)),
    _kind("direct_payment_consents_had", "the consents that direct payments need are there (SI 2014/1652 regs 8, 9)"),
    _kind("direct_payment_began", "the first direct payment was made"),
    _kind("direct_payment_reviewed", "the direct payments were reviewed (SI 2014/1652 reg 11)"),
    _kind("provision_elsewhere_considered", "the council considers provision otherwise than at a setting (s.61)"),
    _kind("family_consulted_on_provision_elsewhere", "the family was consulted on provision otherwise than at a setting (s.61)"),
    _kind("provision_elsewhere_arranged", "provision otherwise than at a setting was arranged (s.61)"),
    _kind("plan_decision_prepared", "a decision about the plan was taken, and the engine sends its notice: it counts from the day"
          " that goes", ("decided", "decided_by", "reasons", "reason_codes", "cease_reason", "document", "sha256", "meant_for"),
          ("decided", "decided_by"), _REASONED),
    # How long it is all kept.
    _kind("legal_hold_placed", "nothing about the child may be erased, whatever the policy says, until this is lifted",
          ("ground", "decided_by", "because"), ("ground", "decided_by", "because")),
    _kind("legal_hold_lifted", "a legal hold ended", ("ground", "decided_by", "because"), ("ground", "decided_by", "because")),
    _kind("longer_retention_decided", "everything about the child is kept for longer than the policy says, such as for one who was"
          " looked after", ("years", "decided_by", "because"), ("years", "decided_by", "because")),
    _kind("personal_data_erased", "everything that names the child was erased; the facts stay",
          ("rule", "decided_by", "approved_by", "because", "certificate", "sha256"),
          ("rule", "decided_by", "approved_by", "because", "certificate", "sha256"), by_hand=False),
    _kind("amended_plan_prepared", "the amended plan was approved, and the engine sends it",
          ("document", "sha256", "setting", "type_only", "approved_by", "meant_for"), ("document", "approved_by"),
          (("setting", "type_only"),)),
)}

BY_HAND = tuple(kind.name for kind in KINDS.values() if kind.by_hand)
"""The kinds that a person records; the others are the engine's own."""


def kind_of(name: str) -> FactKind:
    """The kind with this name. Raises BadFact, with the nearest names, where there is none."""
    if name not in KINDS:
        near = get_close_matches(name, KINDS, n=3)
        raise BadFact(f"There is no fact {name!r}." + (f" Did you mean {', '.join(near)}?" if near else "")
                      + " `ehc record -h` lists them all.")
    return KINDS[name]
