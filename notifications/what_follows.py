"""What must be said next in a case, to whom, and from which day: one function a stage of the assessment.

Pure: from a case to the messages that its record calls for. A message is known by its key, so saying the list twice
says nothing twice, and what a flow would send can be read before it runs. Reminders are not here: `ladder` has them.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from models.advice import ADVISER_ROLES
from models.case import Case
from models.final_plan import final_plan_gaps
from models.law.owed import Owed
from models.law.record import Fact
from models.message_key import AGAIN, NO_LONGER_WANTED, first_key
from models.silence import is_silenced
from models.stages import Stage
from notifications import handover, plan_life
from notifications.advice import advice_decisions, asked_next
from notifications.ladder import is_above_the_owner
from notifications.late import lateness
from notifications.say import FAMILY, LEAD, OWNER, Part, Say

DAY = timedelta(days=1)


def what_follows(case: Case) -> list[Say]:
    """Every message that the record calls for and that is not written yet, soonest first."""
    return sorted(calls_for(case, parts_of(case)), key=lambda say: (say.from_day, say.message, say.to, say.about))


def calls_for(case: Case, parts: Iterable[Part]) -> Iterator[Say]:
    """What these parts have to say that is not written yet.

    Nothing about a case that is only looked at, or whose personal data were erased; and where one is taken on from a return, what
    was to be said before that day was another system's to say: only the owner still hears of it.
    """
    if case.is_looked_at or case.is_erased:
        return
    said, taken_on = case.queued, case.last("taken_on")
    for part in parts:
        for say in part(case):
            if say.key(case.ref) not in said and (taken_on is None or say.to == OWNER or say.from_day >= taken_on.on):
                yield say


def next_day(case: Case) -> date | None:
    """The first day on which something is to be said that time alone brings about or that nobody has said yet."""
    return min((say.from_day for say in what_follows(case)), default=None)


def parts_of(case: Case) -> tuple[Part, ...]:
    """What speaks in this case: the main stage, and every process that is under way beside it, each once."""
    stages = (case.stage, *(one.stage for one in case.under_way))
    spoken = [part for stage in stages for part in PARTS[stage]]
    return tuple(dict.fromkeys([*spoken, *(_PLAN if case.has_plan else ())]))


# --- the stages --------------------------------------------------------------------------------------------------

def considering(case: Case) -> Iterator[Say]:
    """The request has come: the family is told that it came and may give views (s.36(7)), the partners of reg 4(2) are told."""
    first = case.last("request_received", "became_responsible")
    if first is None:
        return                                            # the request was recorded by mistake, and taken back
    yield Say("request_acknowledged", FAMILY, str(first.number), first.on)
    for owed in _live(case, "notify_considering_assessment"):
        yield Say("considering_assessment", FAMILY, str(first.number), first.on, duty=owed.duty.id, pack="N_VIEWS")
    for owed in _live(case, "notify_considering_partners"):
        yield Say("considering_partners", owed.party, str(first.number), first.on, agency=_agency(case, owed.party),
                  duty=owed.duty.id)


def assessment_decided(case: Case) -> Iterator[Say]:
    """Whether to assess is decided: the family has its notice, the partners are told (reg 5(1), (2))."""
    decision = case.last("decided_to_assess", "refused_to_assess")
    refused = decision.kind == "refused_to_assess"
    if _to_follow(case, decision):
        yield Say("refusal_to_assess" if refused else "decision_to_assess", FAMILY, str(decision.number), decision.on,
                  duty="decide_whether_to_assess", pack="N_APPEAL_A" if refused else None)
    for owed in _live(case, "notify_partners_of_assess_decision"):
        yield Say("partners_assess_decision", owed.party, str(decision.number), decision.on,
                  agency=_agency(case, owed.party), duty=owed.duty.id)


def gathering(case: Case) -> Iterator[Say]:
    """Every adviser whom reg 6(1) requires is asked; a person looks at what is not proved, at risk, or complete."""
    decision = case.last("decided_to_assess")
    for owed in _live(case, "seek_advice"):
        role = ADVISER_ROLES[owed.adviser]
        for agency in _agencies(case, owed.adviser, role):
            about = ":".join(filter(None, (owed.adviser, owed.occasion)))
            yield Say("advice_request", role, about, owed.started_by.on if owed.occasion else decision.on, agency=agency,
                      duty="seek_advice", adviser=owed.adviser, occasion=owed.which)
    yield from asked_next(case)
    yield from advice_decisions(case)


def deciding(case: Case) -> Iterator[Say]:
    """All advice is in: an officer decides whether a plan is necessary."""
    yield Say("decision_needed", OWNER, "decide_to_issue", case.stage_since, duty="refuse_to_issue")


def drafting(case: Case) -> Iterator[Say]:
    """A plan is necessary: the family is told so, and the approved draft is served (s.36(9), s.38(2))."""
    decision = case.last("decided_to_issue")
    if _to_follow(case, decision):
        yield Say("assessment_outcome_yes", FAMILY, str(decision.number), decision.on, duty="notify_assessment_outcome",
                  pack="N_REASONS")
    prepared = case.last("draft_plan_prepared")
    if prepared and not _served(case, prepared):
        yield Say("draft_plan", FAMILY, str(prepared.number), prepared.on, duty="send_draft_plan", pack="N_DRAFT")


def consulting(case: Case) -> Iterator[Say]:
    """The draft is out: each setting requested or considered is consulted; when the 15 days are over a person goes on."""
    served = case.last("draft_plan_served")
    if served is None:
        return
    for owed in _live(case, "consult_requested_setting", "consult_proposed_setting"):
        if owed.party:
            yield Say("setting_consultation", "setting", owed.party, max(served.on, owed.starts_on), agency=owed.party,
                      duty=owed.duty.id, setting=owed.party)
    window = case.duty("draft_representation_window")
    if window and window.due_on and not case.has("final_plan_prepared"):
        yield Say("decision_needed", OWNER, f"draft_window_over:{served.number}", window.due_on + DAY,
                  duty="finalise_plan")


def finalising(case: Case) -> Iterator[Say]:
    """The approved final plan goes to the family, the setting named and the commissioning body, once nothing is missing."""
    plan = case.last("final_plan_prepared")
    if plan is None or case.has("final_plan_sent"):
        return
    if final_plan_gaps(case):
        yield Say("decision_needed", OWNER, f"final_plan_gaps:{plan.number}", plan.on, duty="finalise_plan")
        window = case.duty("draft_representation_window")
        if window and window.due_on and case.on <= window.due_on:
            yield Say("decision_needed", OWNER, f"final_plan_may_go:{plan.number}", window.due_on + DAY, duty="finalise_plan")
        return
    yield Say("final_plan", FAMILY, str(plan.number), plan.on, duty="finalise_plan", pack="N_APPEAL_B")
    yield Say("final_plan_partners", "rcb", str(plan.number), plan.on, duty="finalise_plan")
    if plan["setting"]:
        yield Say("final_plan_partners", "setting", str(plan.number), plan.on, agency=plan["setting"], duty="finalise_plan",
                  setting=plan["setting"])


def issue_refused(case: Case) -> Iterator[Say]:
    """No plan will be made: the family has its notice, the commissioning body and the setting are told (reg 10)."""
    decision = case.last("refused_to_issue")
    if _to_follow(case, decision):
        yield Say("refusal_to_issue", FAMILY, str(decision.number), decision.on, duty="refuse_to_issue", pack="N_APPEAL_B")
    told = {fact["recipient"] for fact in case.all("partner_told_of_refusal_to_issue") if fact.on >= decision.on}
    place = {"school": "setting", "post16": "setting", "early_years": "early_years"}.get(case.child.get("attends"))
    for role in ("rcb", *((place,) if place else ())):
        if role not in told:
            yield Say("refusal_to_issue_partners", role, str(decision.number), decision.on, agency=_agency(case, role),
                      duty="refuse_to_issue")


def appeal_period(case: Case) -> Iterator[Say]:
    """A refusal stands once the family's time to appeal is over: a person closes the case."""
    window = case.window_to_appeal(case.last("refused_to_assess", "refused_to_issue"))
    if window and window.due_on and window.met_on is None and not case.under_way:
        yield Say("decision_needed", OWNER, f"appeal_period_over:{window.started_by.number}", window.due_on + DAY,
                  duty="lodge_appeal")


def withdrawal(case: Case) -> Iterator[Say]:
    """The family withdrew: no clock stops until an officer has decided (s.36(3)). That the case goes on, it has in writing."""
    for wish in case.all("request_withdrawn"):
        if not any(answer.on >= wish.on for answer in case.all("withdrawal_accepted", "request_continued")):
            yield Say("decision_needed", OWNER, f"withdrawal:{wish.number}", wish.on)
    continued = case.last("request_continued")
    if continued is not None and not any(wish.on > continued.on for wish in case.all("request_withdrawn")):
        yield Say("request_goes_on", FAMILY, str(continued.number), continued.on, pack="N_REASONS")


def failed_messages(case: Case) -> Iterator[Say]:
    """A message that will never arrive, or that may not go to anybody as things stand, is put before the case's owner the same
    day; and one that came back, even where it has gone to another contact since: the address is wrong. What could not reach
    the owner is put before whoever leads."""
    gone = {first_key(key) for key in case.gone}
    stuck = [fact for fact in case.all("message_failed") if (fact["final"] or fact["why"] in HELD)
             and fact["why"] != NO_LONGER_WANTED and first_key(fact["key"]) not in gone]
    for fact in [*stuck, *case.all("message_bounced")]:
        if "/send_failed/" not in fact["key"]:
            to = LEAD if f"/{OWNER}/" in fact["key"] else OWNER
            yield Say("send_failed", to, about_key(case.ref, fact["key"]), fact.on)


HELD = ("unknown", "several", "ended", "no_contact", "no_channel", "not_verified", "wrong_recipient", "wrong_role")
"""Why a message is kept back until a person has put something right: whom it may go to is not known, or not made sure of."""


def about_key(ref: str, key: str) -> str:
    """What a message about another one is about: its key, in which the number of the try is no try of this one."""
    return key.removeprefix(f"{ref}/").replace(AGAIN, ":again-")


def key_about(ref: str, about: str) -> str:
    """The key of the message that another one is about."""
    return f"{ref}/{about.replace(':again-', AGAIN)}"


def ended(case: Case) -> Iterator[Say]:
    """The case has ended: the family has it in writing. After a death nothing at all is sent."""
    match case.stage:
        case Stage.T_WITHDRAWN:
            decision = case.last("withdrawal_accepted")
            yield Say("withdrawal_confirmed", FAMILY, str(decision.number), decision.on)
        case Stage.T_MOVED_BEFORE_PLAN | Stage.T_MOVED_OUTSIDE_ENGLAND:
            move = case.last("moved_away")
            yield Say("move_confirmed", FAMILY, str(move.number), move.on)
        case Stage.T_TRANSFERRED:
            gone = case.last("plan_transferred")
            yield Say("move_confirmed", FAMILY, str(gone.number), gone.on)


_OPEN = (lateness, withdrawal, plan_life.rights_pass, handover.new_officer, failed_messages)
_PLAN = (plan_life.review_to_come, plan_life.phase_transfers, plan_life.rights_pass, plan_life.decisions_told,
         plan_life.amended_plan_goes, plan_life.moving, plan_life.detained, plan_life.ordered, handover.new_officer,
         failed_messages)

PARTS = {
    Stage.S00_INTAKE: (considering, *_OPEN),
    Stage.S10_CONSIDERING: (considering, *_OPEN),
    Stage.S15_REFUSED_TO_ASSESS: (assessment_decided, appeal_period, handover.new_officer, failed_messages),
    Stage.S20_ASSESSING: (assessment_decided, gathering, *_OPEN),
    Stage.S30_DECIDING_PLAN: (assessment_decided, gathering, deciding, *_OPEN),
    Stage.S35_REFUSED_TO_ISSUE: (issue_refused, appeal_period, handover.new_officer, failed_messages),
    Stage.S40_DRAFTING: (drafting, *_OPEN),
    Stage.S45_DRAFT_ISSUED: (drafting, consulting, finalising, *_OPEN),
    Stage.S50_CONSULTING_SETTINGS: (drafting, consulting, finalising, *_OPEN),
    Stage.S55_FINALISED: _PLAN,
    Stage.S60_MAINTAINED: _PLAN,
    Stage.S62_REVIEW_PREP: (plan_life.review_fixed, *_PLAN),
    Stage.S64_REVIEW_MEETING: (plan_life.review_held, *_PLAN),
    Stage.S66_REVIEW_DECISION: (plan_life.review_held, *_PLAN),
    Stage.S68_AMENDING: (plan_life.amending, *_PLAN),
    Stage.S70_REASSESSMENT_REQUESTED: (plan_life.reassessment_asked_for, *_PLAN),
    Stage.S72_REASSESSING: (gathering, plan_life.reassessing, *_PLAN),
    Stage.S80_CEASE_PROPOSED: (plan_life.ceasing, *_PLAN),
    Stage.S82_CEASE_NOTIFIED: (plan_life.ceasing, *_PLAN),
    Stage.S85_TRANSFERRING: (plan_life.moving, *_PLAN),
    Stage.S90_MEDIATION: (plan_life.mediating,),
    Stage.S95_APPEAL: (plan_life.appealed,),
    Stage.S97_ORDER_COMPLIANCE: (plan_life.ordered, failed_messages),
    Stage.S98_DETAINED: (plan_life.detained, *_PLAN),
    Stage.T_REFUSED_ASSESS: (assessment_decided, appeal_period, handover.new_officer, failed_messages),
    Stage.T_REFUSED_ISSUE: (issue_refused, appeal_period, handover.new_officer, failed_messages),
    Stage.T_WITHDRAWN: (ended,), Stage.T_ENDED_IN_RETURN: (),
    Stage.T_MOVED_BEFORE_PLAN: (ended,),
    Stage.T_MOVED_OUTSIDE_ENGLAND: (ended,),
    Stage.T_CEASED: (failed_messages,),
    Stage.T_TRANSFERRED: (ended, failed_messages),
    Stage.T_DECEASED: (),
}
"""Which of these functions speak at which stage."""


def still_wanted(case: Case, queued: Fact) -> bool:
    """Whether a message that waits in the outbox should still go, as the case stands now.

    After a death nothing goes. After any other end only what tells of the end goes. A reminder goes only while what it reminds
    of is still owed, by the same day, and no later one of the same has been written meanwhile; the notice of a decision, while
    that decision stands; any other message, while the record still calls for it. Whatever is called for is wanted.
    """
    if case.stage is Stage.T_DECEASED:
        return False
    if queued["rung"] is not None:
        owed = owed_of(case, queued)
        if owed is not None and is_above_the_owner(queued["recipient"]) and is_silenced(case, owed):
            return False
        return (not _is_closed(case) and owed is not None and owed.is_live and owed.due_on is not None
                and queued["due_on"] in (None, owed.due_on.isoformat()) and not _is_overtaken(case, queued))
    if any(say.message == queued["message"] and say.key(case.ref) == first_key(queued["key"])
           for part in parts_of(case) for say in part(case)):
        return True
    if _is_closed(case):
        return False
    about = next((fact for fact in case.facts if str(fact.number) == queued["about"]), None)
    match queued["message"]:
        case "decision_to_assess" | "refusal_to_assess":
            return about is not None and about == case.last("decided_to_assess", "refused_to_assess") and _to_follow(case, about)
        case "assessment_outcome_yes" | "refusal_to_issue":
            return about is not None and about == case.last("decided_to_issue", "refused_to_issue") and _to_follow(case, about)
        case "final_plan" | "final_plan_partners":        # sent in part: those who have not had it are to have it
            return about is not None and about == case.last("final_plan_prepared") and case.has("final_plan_sent")
    return False


def _is_overtaken(case: Case, queued: Fact) -> bool:
    """Whether a reminder waited, for holidays or for an address, until the next of the same to the same recipient: one is enough."""
    return any(later["rung"] is not None and later["rung"] > queued["rung"] and all(later[name] == queued[name] for name in _ONE_LADDER)
               for later in case.all("message_queued", recipient=queued["recipient"], duty=queued["duty"]))


_ONE_LADDER = ("adviser", "agency", "setting", "occasion", "due_on")
"""Beside recipient and duty, what the reminders of one ladder have in common."""


def _is_closed(case: Case) -> bool:
    """Whether the case ended otherwise than by a refusal, of which there is still something to tell."""
    return case.stage.is_terminal and case.stage not in (Stage.T_REFUSED_ASSESS, Stage.T_REFUSED_ISSUE)


def owed_of(case: Case, queued: Fact) -> Owed | None:
    """The duty that a message is about, of this adviser, agency or setting where the message says so."""
    party = queued["setting"] or (queued["agency"] if queued["adviser"] else None)
    return next((owed for owed in (*case.terms, *case.targets) if owed.duty.id == queued["duty"] and owed.adviser == queued["adviser"]
                 and (party is None or owed.party in (None, party)) and queued["occasion"] in (None, owed.which)), None)


def agency_of(case: Case, queued: Fact) -> str | None:
    """Which agency a message is for: the one it names, else the one that was asked for what it reminds of, else the one that
    was named for the role in this case.

    None for the council's own people, who are told about an agency.
    """
    if (queued["recipient"] or "").startswith("council."):
        return None
    if queued["agency"]:
        return queued["agency"]
    if queued["setting"]:
        return queued["setting"]
    asked = case.last("advice_requested", adviser=queued["adviser"]) if queued["adviser"] else None
    named = case.last("agency_named", recipient=(queued["recipient"] or "").removesuffix(".lead"))
    return (asked["agency"] if asked else None) or (named["agency"] if named else None)


def agency_reminded(case: Case, owed: Owed) -> str | None:
    """Which agency is reminded of a duty, where the facts name it: the setting consulted, or who was asked for advice."""
    if owed.adviser is None:
        return owed.party
    asked = case.last("advice_requested", adviser=owed.adviser)
    return owed.party or (asked["agency"] if asked else None) or _agency(case, ADVISER_ROLES[owed.adviser])


# --- reading the case --------------------------------------------------------------------------------------------

def _live(case: Case, *ids: str) -> list[Owed]:
    return [owed for owed in case.terms if owed.duty.id in ids and owed.is_live]


def _to_follow(case: Case, decision: Fact) -> bool:
    return decision["notice"] == "to_follow" and not decision["notified_on"] and not any(
        told.on >= decision.on for told in case.all("family_told_of_decision", decision=decision.kind))


def _served(case: Case, prepared: Fact) -> bool:
    return any(served["document"] in (None, prepared["document"]) and served.on >= prepared.on
               for served in case.all("draft_plan_served"))


def _agency(case: Case, role: str) -> str | None:
    return case.setting if role in ("setting", "early_years") else None


def _agencies(case: Case, adviser: str, role: str) -> list[str | None]:
    if adviser == "adv_f_other":
        return _not_asked(case, adviser, [fact["agency"] for fact in case.all("adviser_thought_appropriate")])
    if adviser == "adv_h_requested":
        return _not_asked(case, adviser, [fact["agency"] for fact in case.all("adviser_requested_by_family", reasonable=True)])
    return [_agency(case, role)]


def _not_asked(case: Case, adviser: str, agencies: list[str | None]) -> list[str | None]:
    """Each agency once, without those that were asked by hand."""
    asked = {one.agency for one in case.advice_requests if one.adviser == adviser and one.is_last and one.asked_on is not None
             and one.round_on == case.advice_requests[-1].round_on}
    return [agency for agency in dict.fromkeys(agencies) if agency not in asked]
