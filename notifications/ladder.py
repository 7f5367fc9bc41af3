"""When we remind, and whom: our policy, kept apart from the law, which it may tighten and never loosen.

A rung is a day counted from the due day: -7 is a week before, 0 the day itself, +1 the day after. After the first rung past the
due day there is one every week, without end. Each rung fires once; after an outage only the last one that is due fires, and it
says which ones it stands for. A target is a day of our own before the law's; the day after it is a rung, too.

What stands here holds unless a council has a policy of its own (`policy`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from types import MappingProxyType

from models.advice import ADVISER_ROLES

REMINDERS = ("reminder", "overdue", "excused_reminder")
"""The messages of the ladder. Those of one day to one recipient go together."""

OVERDUE = 1          # the first rung after the due day
WEEK = 7             # and then one every so many days, without end

OWNER, LEAD, MANAGER = "council.owner", "council.lead", "council.manager"
ADVISER, ADVISER_LEAD, SETTING = "adviser", "adviser.lead", "setting"


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs up to the due day, and who is told at each, at the first rung after it, and every week from then on.

    `target` is by how many days our own day lies before the law's; the rung after it tells those who are told when the law's
    day has passed, but for whoever is told only later. `every` is the number of days between the rungs after the first.
    """

    before: Mapping[int, tuple[str, ...]]
    overdue: tuple[str, ...]
    weekly: tuple[str, ...]
    target: int | None = None
    every: int = WEEK
    rungs: tuple[int, ...] = ()          # the ones up to the due day, in order; filled in from `before` and `target`

    def __post_init__(self) -> None:
        object.__setattr__(self, "before", MappingProxyType(dict(self.before)))
        missed = () if self.target is None else (OVERDUE - self.target,)
        object.__setattr__(self, "rungs", tuple(sorted({*self.before, *missed})))

    def told(self, rung: int) -> tuple[str, ...]:
        """Who is told at this rung, before names of advisers are filled in. Raises ValueError if it has no such rung."""
        if rung < OVERDUE:
            if rung not in self.rungs:
                raise ValueError(f"{rung} is no rung of this ladder; before the due day it has {self.rungs}.")
            missed = self.overdue if self.target is not None and rung == OVERDUE - self.target else ()
            return tuple(dict.fromkeys((*self.before.get(rung, ()), *missed)))
        return self.overdue if rung == OVERDUE else self.weekly

    def after(self, last: int | None, given: int | None = None) -> int:
        """The rung after `last`, as `Policy.next_rung` says it."""
        if last is None or last < OVERDUE:
            for rung in self.rungs:
                if (last is None or rung > last) and (given is None or rung > -given):
                    return rung
            return OVERDUE
        return last + self.every - (last - OVERDUE) % self.every


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

KINDS: Mapping[str, Ladder] = MappingProxyType({
    "advice": ADVICE, "family_advice": FAMILY_ADVICE, "consultation": CONSULTATION, "own_decision": OWN_DECISION,
    "weeks_limit": WEEKS_LIMIT, "days_limit": DAYS_LIMIT, "review": REVIEW, "transfer": TRANSFER, "rcb": RCB})
"""The ladder of each kind of duty; advice that the family gives has its own."""

# Not here: decide_not_to_amend, which is the other way to meet final_amended_plan or amend_without_review and never falls due
# before them; and what others owe to one another, such as the old commissioning body to the new one.
KIND_OF: Mapping[str, str] = MappingProxyType({id: kind for kind, ids in (
    ("advice", ("coop_respond_advice", "advice_six_weeks_others", "dp_coop")),
    ("consultation", ("setting_consult_response",)),
    ("own_decision", (
        "decide_whether_to_assess", "refuse_to_issue", "finalise_plan", "review_decision", "final_amended_plan",
        "amend_without_review", "finalise_after_reassessment", "new_la_inform", "la_response_to_appeal", "dp_review_3m",
        "ord_assess_no_plan", "ord_assess_final", "ord_make_final", "unop_assess_no_plan", "unop_assess_final",
        "unop_refuse_issue_final", "dp_decide_assess", "dp_refuse_issue", "dp_finalise", "dp_unfinished_on_release",
        "dp_unfinished_on_detention", "dp_orders", "dp_unopposed")),
    ("weeks_limit", (
        "reassessment_decision", "review_report", "transfer_plan_on_move", "arrange_mediation_mixed", "arrange_mediation_no_health",
        "dp_arrange_mediation", "mediation_agreement_other", "rec_social_response", "he_disclosure",
        "ord_assess_notify", "ord_make_draft", "ord_remit", "ord_amend_sep", "ord_amend_setting", "ord_continue_amend",
        "unop_assess_notify", "unop_contents", "unop_setting", "unop_setting_and_contents", "unop_refuse_issue_draft", "unop_cease")),
    ("days_limit", (
        "invite_to_review", "circulate_review_advice", "amendment_notice", "notify_rcb_of_mediation", "mediation_date_notice",
        "dp_mediation_notice", "rec_health_copy_sos", "rec_social_copy_sos", "dp_release_disclose_new_la",
        "dp_new_la_disclose_rcb", "dp_send_kept_plan", "dp_send_on_move")),
    ("review", ("first_review", "next_review", "new_la_review", "review_after_reassessment")),
    ("transfer", ("phase_transfer_secondary_to_post16", "phase_transfer_other", "post16_to_post16")),
    ("rcb", ("arrange_mediation_health_only", "rec_health_response")),
) for id in ids})
"""The kind of each duty of which somebody is reminded."""

LADDERS: Mapping[str, Ladder] = MappingProxyType({id: KINDS[kind] for id, kind in KIND_OF.items()})
"""The ladder of each of them, as it stands here."""


@dataclass(frozen=True, eq=False)
class Policy:
    """One policy of reminders: the ladder of each kind of duty, of some duties alone, and when nobody is to be disturbed.

    `closed` are the days, first and last counted, on which the council itself is closed beside weekends and bank holidays.
    With `working_days` a reminder that falls on a day on which its recipient is closed goes on the last open day before.
    Between the two times of `quiet` none goes. `longest_silence` is for how many days an escalation may be silenced at once.
    """

    kinds: Mapping[str, Ladder] = field(default_factory=lambda: KINDS)
    duties: Mapping[str, Ladder] = field(default_factory=dict)
    working_days: bool = True
    quiet: tuple[time, time] | None = (time(20), time(7))
    closed: tuple[tuple[date, date], ...] = ()
    longest_silence: int = 28

    def ladder_for(self, duty_id: str, adviser: str | None = None) -> Ladder | None:
        """The ladder of a duty, or None if nobody is reminded of it. What the family is asked for has its own."""
        kind = KIND_OF.get(duty_id)
        if kind is None:
            return None
        if kind == "advice" and ADVISER_ROLES.get(adviser or "") == "family":
            return self.kinds["family_advice"]
        return self.duties.get(duty_id) or self.kinds[kind]

    def next_rung(self, duty_id: str, last: int | None, given: int | None = None, adviser: str | None = None) -> int | None:
        """The rung after `last`, the last one that fired (None: none yet). None if the duty has no ladder.

        `given` is the number of days from the start of the duty to its due day, where it is known: a rung that falls on
        the day the duty began, or before, is nobody's failure and is passed over. It is negative where a limit that counts
        backwards, such as from the day of a meeting, had passed before the duty began: then it is overdue at once.
        """
        ladder = self.ladder_for(duty_id, adviser)
        return None if ladder is None else ladder.after(last, given)

    def recipients(self, duty_id: str, rung: int, adviser: str | None = None, party: str | None = None, silenced: bool = False
                   ) -> tuple[str, ...]:
        """The roles that are told at this rung, each once. Empty if the duty has no ladder.

        `adviser` says whose advice it is (reg 6(1)); `party` is the setting concerned, which is always reached under the
        role "setting". `silenced`: nobody above the case's owner. Raises ValueError if the ladder has no such rung.
        """
        ladder = self.ladder_for(duty_id, adviser)
        if ladder is None:
            return ()
        role = ADVISER_ROLES.get(adviser or "", party or "other")
        names = {ADVISER: role, ADVISER_LEAD: f"{role}.lead"}
        told = tuple(names.get(one, one) for one in ladder.told(rung))
        return (tuple(one for one in told if not is_above_the_owner(one)) or (OWNER,)) if silenced else told

    def target(self, duty_id: str, adviser: str | None = None) -> int | None:
        """By how many days our own day for a duty lies before the law's; None if we have set none."""
        ladder = self.ladder_for(duty_id, adviser)
        return None if ladder is None else ladder.target


DEFAULT = Policy()
"""The policy of a council that has none of its own."""


def is_above_the_owner(role: str) -> bool:
    """Whether a role is one of the council's people whom an escalation goes to."""
    return role.startswith("council.") and role != OWNER


def ladder_for(duty_id: str) -> Ladder | None:
    """The ladder of a duty by the default policy, or None if nobody is reminded of it."""
    return DEFAULT.ladder_for(duty_id)


def next_rung(duty_id: str, last: int | None, given: int | None = None) -> int | None:
    """The rung after `last` by the default policy.

    >>> next_rung("finalise_plan", None), next_rung("finalise_plan", -2), next_rung("finalise_plan", 1)
    (-14, 1, 8)
    """
    return DEFAULT.next_rung(duty_id, last, given)


def recipients(duty_id: str, rung: int, adviser: str | None = None, party: str | None = None) -> tuple[str, ...]:
    """The roles that are told at this rung by the default policy.

    >>> recipients("coop_respond_advice", -2, adviser="adv_c_medical")
    ('rcb', 'rcb.lead')
    """
    return DEFAULT.recipients(duty_id, rung, adviser, party)


def message_for(duty_id: str, rung: int, excused: bool) -> str:
    """The message of a rung: a limit that an exception relieves is never called overdue; the duty goes on all the same.

    >>> message_for("finalise_plan", -2, excused=False), message_for("finalise_plan", 1, excused=True)
    ('reminder', 'excused_reminder')
    """
    if excused:
        return "excused_reminder"
    return "reminder" if rung < OVERDUE else "overdue"
