"""When we remind, and whom: our policy, kept apart from the law, which it may tighten and never loosen.

A rung is a day counted from the due day: -7 is a week before, +1 the day after. After the first rung past the due day
there is one every week, without end. Each rung fires once; after an outage only the last one that is due fires, and it
says which ones it stands for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models.case import ADVISER_ROLES

REMINDERS = ("reminder", "overdue", "excused_reminder")
"""The messages of the ladder. Those of one day to one recipient go together."""

OVERDUE = 1          # the first rung after the due day
WEEK = 7             # and then one every so many days, without end

OWNER, LEAD, MANAGER = "council.owner", "council.lead", "council.manager"
ADVISER, ADVISER_LEAD, SETTING = "adviser", "adviser.lead", "setting"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs before the due day, and who is told at each, at the first rung after it, and every week from then on."""

    before: Mapping[int, tuple[str, ...]]
    overdue: tuple[str, ...]
    weekly: tuple[str, ...]
    rungs: tuple[int, ...] = ()          # the ones before the due day, in order; filled in from `before`

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", MappingProxyType(dict(self.before)))
        object.__setattr__(self, "rungs", tuple(sorted(self.before)))

    def told(self, rung: int) -> tuple[str, ...]:
        """Who is told at this rung, before names of advisers are filled in. Raises ValueError if it has no such rung."""
        if rung < OVERDUE:
            if rung not in self.before:
                raise ValueError(f"{rung} is no rung of this ladder; before the due day it has {self.rungs}.")
            return self.before[rung]
        return self.overdue if rung == OVERDUE else self.weekly


ADVICE = Ladder({-14: (ADVISER,), -7: (ADVISER,), -2: (ADVISER, ADVISER_LEAD)},
                overdue=(ADVISER, ADVISER_LEAD), weekly=(ADVISER, ADVISER_LEAD, MANAGER))
OWN_DECISION = Ladder({-14: (OWNER,), -7: (OWNER,), -2: (OWNER, LEAD)},
                      overdue=(OWNER, LEAD), weekly=(OWNER, LEAD, MANAGER))
CONSULTATION = Ladder({-7: (SETTING,), -2: (SETTING,)}, overdue=(SETTING, OWNER), weekly=(SETTING, OWNER))

# A parent or young person has no lead above them, and is nobody's subordinate: after the due day the case's owner
# rings up, and no letter follows every week.
FAMILY_ADVICE = Ladder({-14: ("family",), -7: ("family",), -2: ("family", OWNER)},
                       overdue=("family", OWNER), weekly=(OWNER,))

# The shorter the limit, the fewer the rungs before it; a rung before the duty began is passed over in any case.
WEEKS_LIMIT = Ladder({-7: (OWNER,), -2: (OWNER, LEAD)}, overdue=(OWNER, LEAD), weekly=(OWNER, LEAD, MANAGER))
DAYS_LIMIT = Ladder({-2: (OWNER,)}, overdue=(OWNER, LEAD), weekly=(OWNER, LEAD, MANAGER))

# A plan is reviewed when the family has the decision, four weeks after a meeting to which it was invited two weeks before.
REVIEW = Ladder({-42: (OWNER,), -28: (OWNER, LEAD), -14: (OWNER, LEAD)},
                overdue=(OWNER, LEAD), weekly=(OWNER, LEAD, MANAGER))
TRANSFER = Ladder({-56: (OWNER,), -28: (OWNER, LEAD), -14: (OWNER, LEAD)},
                  overdue=(OWNER, LEAD), weekly=(OWNER, LEAD, MANAGER))
RCB = Ladder({-7: ("rcb",), -2: ("rcb",)}, overdue=("rcb", OWNER), weekly=("rcb", OWNER))

# Not here: decide_not_to_amend, which is the other way to meet final_amended_plan or amend_without_review and never falls due
# before them; and what others owe to one another, such as the old commissioning body to the new one.
LADDERS: Mapping[str, Ladder] = MappingProxyType({id: ladder for ladder, ids in (
    (ADVICE, ("coop_respond_advice", "advice_six_weeks_others", "dp_coop")),
    (CONSULTATION, ("setting_consult_response",)),
    (OWN_DECISION, (
        "decide_whether_to_assess", "refuse_to_issue", "finalise_plan", "review_decision", "final_amended_plan",
        "amend_without_review", "finalise_after_reassessment", "new_la_inform", "la_response_to_appeal", "dp_review_3m",
        "ord_assess_no_plan", "ord_assess_final", "ord_make_final", "unop_assess_no_plan", "unop_assess_final",
        "unop_refuse_issue_final", "dp_decide_assess", "dp_refuse_issue", "dp_finalise", "dp_unfinished_on_release",
        "dp_unfinished_on_detention", "dp_orders", "dp_unopposed")),
    (WEEKS_LIMIT, (
        "reassessment_decision", "review_report", "transfer_plan_on_move", "arrange_mediation_mixed", "arrange_mediation_no_health",
        "dp_arrange_mediation", "mediation_agreement_other", "rec_social_response", "he_disclosure",
        "ord_assess_notify", "ord_make_draft", "ord_remit", "ord_amend_sep", "ord_amend_setting", "ord_continue_amend",
        "unop_assess_notify", "unop_contents", "unop_setting", "unop_setting_and_contents", "unop_refuse_issue_draft", "unop_cease")),
    (DAYS_LIMIT, (
        "invite_to_review", "circulate_review_advice", "amendment_notice", "notify_rcb_of_mediation", "mediation_date_notice",
        "dp_mediation_notice", "rec_health_copy_sos", "rec_social_copy_sos", "dp_release_disclose_new_la",
        "dp_new_la_disclose_rcb", "dp_send_kept_plan", "dp_send_on_move")),
    (REVIEW, ("first_review", "next_review", "new_la_review", "review_after_reassessment")),
    (TRANSFER, ("phase_transfer_secondary_to_post16", "phase_transfer_other", "post16_to_post16")),
    (RCB, ("arrange_mediation_health_only", "rec_health_response")),
) for id in ids})


def ladder_for(duty_id: str) -> Ladder | None:
    """The ladder of a duty, or None if nobody is reminded of it."""
    return LADDERS.get(duty_id)


def next_rung(duty_id: str, last: int | None, given: int | None = None) -> int | None:
    """The rung after `last`, the last one that fired (None: none yet). None if the duty has no ladder.

    `given` is the number of days from the start of the duty to its due day, where it is known: a rung that falls on
    the day the duty began, or before, is nobody's failure and is passed over. It is negative where a limit that counts
    backwards, such as from the day of a meeting, had passed before the duty began: then it is overdue at once.

    >>> next_rung("finalise_plan", None), next_rung("finalise_plan", -2), next_rung("finalise_plan", 1)
    (-14, 1, 8)
    """
    ladder = LADDERS.get(duty_id)
    if ladder is None:
        return None
    return _after(ladder, last, given)


def _after(ladder: Ladder, last: int | None, given: int | None) -> int:
    if last is None or last < OVERDUE:
        for rung in ladder.rungs:
            if (last is None or rung > last) and (given is None or rung > -given):
                return rung
        return OVERDUE
    return last + WEEK - (last - OVERDUE) % WEEK


def recipients(duty_id: str, rung: int, adviser: str | None = None, party: str | None = None) -> tuple[str, ...]:
    """The roles that are told at this rung, each once. Empty if the duty has no ladder.

    `adviser` says whose advice it is (reg 6(1)); `party` is the setting concerned, which is always reached under the
    role "setting".

    >>> recipients("coop_respond_advice", -2, adviser="adv_c_medical")
    ('rcb', 'rcb.lead')
    """
    ladder = LADDERS.get(duty_id)
    if ladder is None:
        return ()
    role = ADVISER_ROLES.get(adviser or "", party or "other")
    if role == "family" and ladder is ADVICE:
        ladder = FAMILY_ADVICE
    names = {ADVISER: role, ADVISER_LEAD: f"{role}.lead"}
    return tuple(names.get(told, told) for told in ladder.told(rung))


def message_for(duty_id: str, rung: int, excused: bool) -> str:
    """The message of a rung: a limit that an exception relieves is never called overdue; the duty goes on all the same.

    >>> message_for("finalise_plan", -2, excused=False), message_for("finalise_plan", 1, excused=True)
    ('reminder', 'excused_reminder')
    """
    if excused:
        return "excused_reminder"
    return "reminder" if rung < OVERDUE else "overdue"
