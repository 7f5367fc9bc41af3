"""Every kind of fact that a case can hold, what each must say, and the check at the door.

A fact carries references and codes. What is free text is named in `FactKind.free_text`: it is kept where it can be
erased, and the fact holds its salted hash. Names of children and families are never fields of a fact.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from models.law.advisers import ADVISERS
from models.law.dates import long
from models.law.exceptions import CODES

CASE_REF = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$"
REFERENCE = r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}$"
KEY = r"^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,249}$"
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)


class BadFact(ValueError):
    """What was said is no fact that can be recorded: it says which case, what is wrong and what to do."""


Adviser = Literal[tuple(ADVISERS)]
Reference = Annotated[str, Field(pattern=REFERENCE)]
Key = Annotated[str, Field(pattern=KEY)]
Text = str


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


_FIELDS: dict[str, tuple[Any, str]] = {
    "adviser": (Adviser, "which advice of reg 6(1), such as adv_c_medical"),
    "body": (Literal["s31", "other"], "s31 if a body within s.31(1) was asked, else other"),
    "agency": (Reference, "reference of the agency concerned"),
    "setting": (Reference, "reference of the school, college or early years provider"),
    "recipient": (Reference, "role of the recipient, such as rcb, social_care, setting"),
    "decided_by": (Reference, "reference of the officer who decided"),
    "approved_by": (Reference, "reference of the officer who approved"),
    "reasons": (Text, "the reasons, in words; kept where they can be erased"),
    "because": (Text, "the explanation, in words; kept where it can be erased"),
    "note": (Text, "a note, in words; kept where it can be erased"),
    "reason_codes": (list[Literal[
        "may_have_sen", "plan_may_be_necessary", "no_sen", "provision_without_plan_suffices", "needs_met",
        "plan_necessary", "plan_not_necessary", "assessed_within_6_months", "more_time_not_needed", "other"]],
        "the lines of the statutory test on which the decision rests"),
    "evidence": (list[Reference], "references of the evidence considered"),
    "document": (Reference, "reference of the document"),
    "sha256": (Annotated[str, Field(pattern="^[0-9a-f]{64}$")], "SHA-256 of the document or message"),
    "notified_on": (date, "day on which the family was told, where the council told it by other means"),
    "notice": (Literal["to_follow"], "the engine sends the notice; the decision counts from the day it goes"),
    "how": (Literal["post", "email", "phone", "hand", "meeting", "portal", "system"], "by what means"),
    "key": (Key, "key of the message or of the call that recorded this"),
    "requested_by": (Literal["parent", "young_person", "setting", "health", "social_care", "other"], "who asked"),
    "attends": (Literal["school", "post16", "early_years"], "what kind of setting the child or young person attends"),
    "service_family": (bool, "a parent serves in the armed forces (reg 6(1)(b)(iv))"),
    "hearing_impaired": (bool, "hearing impairment (reg 6(2))"),
    "vision_impaired": (bool, "vision impairment (reg 6(2))"),
    "educator_is_sensory_qualified": (bool, "the educational adviser is qualified for that impairment (reg 6(2))"),
    "experienced_teacher_available": (bool, "a person of reg 6(1)(b)(ii) can be had"),
    "year_group": (Annotated[int, Field(ge=-2, le=15)], "national curriculum year; 9 and beyond bring reg 6(1)(g)"),
    "owner": (Reference, "reference of the officer who holds the case"),
    "reasonable": (bool, "whether the council found the family's request for this adviser reasonable"),
    "adviser_satisfied_on": (date, "day the adviser was satisfied that earlier advice suffices"),
    "council_satisfied_on": (date, "day the council was satisfied that earlier advice suffices"),
    "family_satisfied_on": (date, "day the parent or young person was satisfied that earlier advice suffices"),
    "decision": (Reference, "kind of the decision told"),
    "sections": (list[Literal["A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K"]],
                 "the sections that the document holds (reg 12)"),
    "names_setting": (bool, "whether the draft names a setting or type, which s.38(5) forbids"),
    "type_only": (bool, "section I names a type of setting and no particular one"),
    "sent_to": (list[Reference], "roles to whom the plan went"),
    "reply": (Literal["can_meet_needs", "cannot_meet_needs", "no_reply_expected"], "what the setting answered"),
    "to": (Reference, "where to: another council's reference, or outside_england"),
    "duty": (Reference, "id of the duty whose limit is concerned"),
    "code": (Literal[tuple(CODES)], "code of the exception (regs 5(4), 8(2), 10(4))"),
    "advice_requested_on": (date, "day the setting was asked for advice"),
    "closed_from": (date, "first day on which the setting was closed"),
    "reopens_on": (date, "day the setting re-opens to pupils"),
    "absent_from": (date, "first day away from the area"),
    "absent_to": (date, "last day away from the area"),
    "appointment_on": (date, "day of the appointment that was not kept"),
    "affected_from": (date, "first day of the circumstances"),
    "affected_to": (date, "last day of the circumstances"),
    "replaces": (int, "number of the fact that this corrects"),
    "withdrawn": (bool, "the fact should not stand at all"),
    "corrected": (dict[str, Any], "the fact as it should have been"),
    "message": (Reference, "name of the message"),
    "about": (Key, "what the message is about"),
    "pack": (Reference, "notice pack of the message"),
    "rung": (int, "days from the due day at which the reminder stands; negative is before"),
    "due_on": (date, "last day of the duty of which the message reminds"),
    "missed": (list[int], "earlier rungs that were not sent because the watch did not run"),
    "late_days": (int, "days by which the message went later than its rung, because the watch did not run"),
    "channel": (Reference, "kind of channel that took the message"),
    "why": (Reference, "code of the failure"),
    "final": (bool, "no further attempt will be made"),
    "for_case": (Reference, "reference of the earlier case of the same person"),
    "assessed_within_6_months": (bool, "the person was assessed within the six months before (s.36(6)(b))"),
    "outcome": (Literal["continue", "amend", "cease", "reassess", "refuse"], "what was decided"),
    "order": (Literal["dismiss_cease", "assess", "make_plan", "remit", "amend_provision", "amend_setting", "continue",
                      "continue_amend", "other"], "what was ordered or agreed"),
    "appeal_about": (Literal["assess", "issue", "contents", "setting", "setting_and_contents", "cease"],
                     "what the appeal was about"),
    "transfer": (Literal["secondary_to_post16", "post16_to_post16", "other"], "kind of phase transfer"),
    "year": (Annotated[int, Field(ge=2014, le=2100)], "calendar year of the transfer"),
    "transfer_on": (date, "day of the transfer"),
}
_FREE_TEXT = ("reasons", "because", "note")
_CHILD = ("attends", "service_family", "hearing_impaired", "vision_impaired", "educator_is_sensory_qualified",
          "experienced_teacher_available", "year_group", "setting")
_DECISION = ("decided_by", "reasons", "reason_codes", "evidence", "notified_on", "notice")
_CLOSURE = ("advice_requested_on", "closed_from", "reopens_on", "absent_from", "absent_to", "appointment_on",
            "affected_from", "affected_to")
_REASONED = (("reasons", "reason_codes"),)


def _kind(name: str, tells: str, fields: tuple[str, ...] = (), required: tuple[str, ...] = (),
          one_of: tuple[tuple[str, ...], ...] = (), by_hand: bool = True, **renamed: str) -> FactKind:
    shown = {field: _field(*_FIELDS[field]) for field in (*fields, *(() if "note" in fields else ("note",)), "how", "key")}
    shown |= {field: _field(*_FIELDS[source]) for field, source in renamed.items()}
    model = create_model(name, __config__=ConfigDict(extra="forbid", frozen=True, strict=False), **shown)
    return FactKind(name, tells, model, required, tuple(f for f in shown if f in _FREE_TEXT), one_of, by_hand)


KINDS: dict[str, FactKind] = {kind.name: kind for kind in (
    _kind("request_received", "a request for an assessment reached the council (s.36(1))",
          ("requested_by", "owner", "for_case", "assessed_within_6_months", *_CHILD), ("requested_by",)),
    _kind("became_responsible", "the council became responsible for the child or young person (s.24)",
          ("requested_by", "owner", "for_case", "assessed_within_6_months", *_CHILD)),
    _kind("circumstances_recorded", "something about the child or young person that the law asks about became known", _CHILD),
    _kind("owner_named", "an officer took over the case", ("owner",), ("owner",)),
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
    _kind("advice_received", "advice reached the council", ("adviser", "body", "agency", "document"), ("adviser",)),
    _kind("advice_declined", "a body declined to give advice, with written reasons (s.31(3))",
          ("adviser", "body", "agency", "reasons"), ("adviser", "reasons")),
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
    _kind("draft_plan_served", "the draft plan was served on the family (s.38(2), reg 13(1))", ("document", "sha256")),
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
          ("document", "sha256", "sent_to", "setting", "type_only")),
    _kind("admitted", "the named setting admitted the child or young person (s.43(2))", ("setting",)),
    _kind("exception_claimed", "the council relies on an exception for one limit (regs 5(4), 8(2), 10(4), 13(3))",
          ("duty", "code", "because", "adviser", "agency", "approved_by", *_CLOSURE),
          ("duty", "code", "because", "approved_by")),
    _kind("request_withdrawn", "the family withdrew its request; no clock stops until the council has decided"),
    _kind("withdrawal_accepted", "the council decided that nothing more need be done after a withdrawal (s.36(3))",
          ("decided_by", "reasons", "reason_codes"), ("decided_by",), _REASONED),
    _kind("request_continued", "the council decided to go on in spite of a withdrawal (s.24, s.36(3))",
          ("decided_by", "reasons", "reason_codes"), ("decided_by",), _REASONED),
    _kind("further_request_received", "another request arrived while this one is open", ("requested_by",)),
    _kind("moved_away", "the child or young person moved out of the area before a plan was made", ("to",), ("to",)),
    _kind("child_died", "the child or young person died"),
    _kind("mediation_adviser_contacted", "the family told a mediation adviser that it wishes to appeal (reg 33)"),
    _kind("mediation_certificate_issued", "a mediation adviser issued a certificate (regs 34, 39)"),
    _kind("appeal_lodged", "the Tribunal received an appeal"),
    _kind("fact_corrected", "a fact was wrong; this says what it should have been",
          ("replaces", "withdrawn", "corrected", "because"), ("replaces",), (("withdrawn", "corrected"),)),
    _kind("message_queued", "a message was written to the outbox",
          ("message", "recipient", "agency", "about", "pack", "duty", "adviser", "setting", "due_on", "rung", "missed",
           "late_days"),
          ("key", "message"), by_hand=False),
    _kind("message_sent", "a message was sent", ("sha256", "channel"), ("key", "sha256"), by_hand=False),
    _kind("message_failed", "a message could not be sent", ("why", "final"), ("key", "why"), by_hand=False),
    # The life of the plan after it was made: on record, not worked out further here.
    _kind("review_meeting_held", "a review meeting was held"),
    _kind("review_report_sent", "the report of a review was sent"),
    _kind("review_decision_sent", "the decision after a review was sent", ("outcome", "decided_by", "reasons")),
    _kind("amendment_notice_sent", "proposed amendments were sent (reg 22(2))", ("document",)),
    _kind("final_amended_plan_sent", "the amended plan was sent (reg 22(3))", ("document", "sent_to")),
    _kind("reassessment_requested", "a re-assessment was requested (s.44(2))", ("requested_by",)),
    _kind("reassessment_decided", "whether to re-assess was decided (reg 25)", ("outcome", "decided_by", "reasons")),
    _kind("tribunal_order_made", "the Tribunal made an order (reg 44)", ("order",)),
    _kind("appeal_unopposed", "the council told the Tribunal that it does not oppose an appeal (reg 45)",
          about="appeal_about"),
    _kind("mediation_wanted", "the family told the council that it wants mediation (s.52)"),
    _kind("mediation_agreed", "mediation ended in agreement (reg 42)", ("order",)),
    _kind("phase_transfer_identified", "a phase transfer was identified (reg 18)", ("transfer", "year"),
          **{"on_day": "transfer_on"}),
    _kind("plan_transferred", "the plan was transferred on a move (reg 15)", ("to",)),
)}

NOT_WORKED_OUT = tuple(KINDS)[tuple(KINDS).index("review_meeting_held"):]
"""The facts of the plan's later life: they are kept, and no duty is worked out from them."""

BY_HAND = tuple(kind.name for kind in KINDS.values() if kind.by_hand)
"""The kinds that a person records; the others are the engine's own."""


def kind_of(name: str) -> FactKind:
    """The kind with this name. Raises BadFact, with the nearest names, where there is none."""
    if name not in KINDS:
        near = get_close_matches(name, KINDS, n=3)
        raise BadFact(f"There is no fact {name!r}." + (f" Did you mean {', '.join(near)}?" if near else "")
                      + " `ehc record -h` lists them all.")
    return KINDS[name]


def check(kind: str, on: date, data: Mapping[str, Any], *, at_door: bool, today: date | None = None) -> dict[str, Any]:
    """The fields of a fact as they are recorded: checked, plain (days as ISO text), without empty ones.

    At a door (`at_door`) everything that the kind requires must be there, unknown fields are errors, and a day after
    `today` is refused. Away from doors (a chronology) unknown fields are left out and nothing is required.

    Raises BadFact.
    """
    found = kind_of(kind)
    if today is not None and on > today:
        raise BadFact(f"{kind}: {long(on)} is in the future (today is {long(today)}). A fact is recorded once it has"
                      " happened.")
    _check_day(kind, "", on)
    known = found.fields.model_fields
    given = {name: value for name, value in data.items() if value is not None and value != ""}
    unknown = sorted(set(given) - set(known))
    if unknown and at_door:
        raise BadFact(f"{kind} has no field {', '.join(unknown)}. Its fields are {', '.join(known)}.")
    loose = {} if at_door else {name: str(given.pop(name)) for name in list(given)
                                if name in known and known[name].annotation in (Reference | None, Key | None, Text | None)}
    try:
        model = found.fields.model_validate({name: value for name, value in given.items() if name in known})
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise BadFact(f"{kind}: {problems}.") from None
    for name, value in model:
        if isinstance(value, date):
            _check_day(kind, f"{name} ", value)
    plain = {name: value for name, value in model.model_dump(mode="json").items() if value is not None} | loose
    if at_door:
        missing = [name for name in found.required if plain.get(name) in (None, [])]
        missing += [" or ".join(group) for group in found.one_of if not any(plain.get(name) for name in group)]
        if missing:
            raise BadFact(f"{kind} must say {', '.join(missing)}.")
        for name in found.free_text:
            if isinstance(plain.get(name), str) and not plain[name].strip():
                raise BadFact(f"{kind}: {name} is blank.")
    return plain


def _check_day(kind: str, field: str, day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise BadFact(f"{kind}: {field}{day.isoformat()} is too {'early' if day < FIRST_DAY else 'late'} to be a day of an"
                      " assessment. Give the day as YYYY-MM-DD.")


def check_ref(ref: str) -> str:
    """The case reference, if it can be one. Raises BadFact."""
    if not re.fullmatch(CASE_REF, ref):
        raise BadFact(f"{ref!r} cannot be a case reference: use letters, digits and . _ / -, at most 40.")
    return ref


def age_on(born: date, day: date) -> int:
    """Age in full years on `day`."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def check_age(born: date, received: date) -> None:
    """Raise BadFact unless the person is under 25 on the day of the request (s.83(2))."""
    if born > received:
        raise BadFact(f"The birth date {born.isoformat()} is after the request of {received.isoformat()}.")
    if age_on(born, received) >= 25:
        raise BadFact(f"The person is {age_on(born, received)} on {long(received)}; an assessment is for persons under 25"
                      " (s.83(2)). There is no duty to consider the request.")


def compulsory_school_age_ends(born: date) -> date:
    """The last Friday in June of the school year in which the child turns 16; from the next day a young person.

    >>> compulsory_school_age_ends(date(2010, 9, 1))
    datetime.date(2027, 6, 25)
    """
    year = born.year + 16 + ((born.month, born.day) >= (9, 1))
    day = date(year, 6, 30)
    return day - timedelta(days=(day.weekday() - 4) % 7)
