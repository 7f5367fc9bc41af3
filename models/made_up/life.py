"""One made-up life: a request, what came of it, the plan and its reviews, each on a day. Drawn whole; what lies ahead of the day
that one looks at it is there too, so that a forecast can be held against what came."""

import math
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from models.law.advisers import required_advisers
from models.made_up import shape
from models.made_up.chance import nearest, pick, pick_age, quantile
from models.made_up.shape import Quality

SIX_WEEKS, TWENTY_WEEKS, FOUR_WEEKS, YEAR = 42, 140, 28, 365
PSYCHOLOGY = "adv_d_psychology"
FIRST_PLANS = date(2014, 9, 1)
"""Before that day there were no plans (Part 3 of the Children and Families Act 2014 came into force)."""


@dataclass(slots=True)
class Review:
    """One review: its meeting, the decision, and what followed where the plan was amended."""

    meeting: date
    decided: date
    outcome: str
    draft: date | None = None
    final: date | None = None


@dataclass(slots=True)
class Life:
    """What happens to one made-up child or young person. Days after the council's own day are still to come.

    `answered` gives the day of each adviser's advice; `source` who asked, in the return's code; `reversed_on` the day of an order
    that turned a refusal round. `setting` is mainstream, special, early_years, college or a code of the return.
    """

    number: int
    born: date
    sex: str
    ethnicity: str
    needs: tuple[str, ...]
    setting: str
    source: str = ""
    received: date | None = None
    assess: bool | None = None
    decided_on: date | None = None
    withdrawn_on: date | None = None
    reversed_on: date | None = None
    mediation: bool = False
    tribunal: bool = False
    asked_on: date | None = None
    answered: dict[str, date] = field(default_factory=dict)
    issue: bool | None = None
    issue_on: date | None = None
    draft_on: date | None = None
    exception: bool = False
    plan_start: date | None = None
    budget: bool = False
    residential: str | None = None
    reviews: list[Review] = field(default_factory=list)
    transfer_due: date | None = None
    transfer_final: date | None = None
    ceased_on: date | None = None
    cease_reason: str | None = None
    dirty: bool = False

    def has_plan_on(self, day: date) -> bool:
        """Whether a plan was in force on that day."""
        return self.plan_start is not None and self.plan_start <= day and (self.ceased_on is None or self.ceased_on > day)

    def age_on(self, day: date) -> int:
        """Age in full years."""
        return day.year - self.born.year - ((day.month, day.day) < (self.born.month, self.born.day))

    @property
    def child(self) -> dict[str, object]:
        """What the law asks about the child, as the request says it."""
        age = self.age_on(self.received) if self.received else 10
        attends = "early_years" if age < 5 else "post16" if age >= 16 else "school"
        return {"attends": attends, "year_group": max(-2, min(15, age - 5))}


class Draw:
    """Draws one life after the other for a council of that quality. What is late is so mostly because a psychologist's advice is:
    the waits for it swell and shrink over the months, as they do where too few are there (judgement; no national split is published)."""

    def __init__(self, quality: Quality, until: date, chance: Random) -> None:
        self.quality, self.until, self.chance = quality, until, chance
        self._swell = self._weeks()

    def _weeks(self) -> dict[int, float]:
        now, found = 0.0, {}
        for week in range(-60, 260):
            now = 0.93 * now + self.chance.gauss(0, 0.055)
            found[week] = math.exp(now)
        return found

    def _swollen(self, day: date) -> float:
        return self._swell[max(-60, min(259, 200 - (self.until - day).days // 7))]

    # --- one who asks -----------------------------------------------------------------------------------------------

    def asked(self, number: int, received: date) -> Life:
        """A life that begins with a request on that day."""
        chance, quality = self.chance, self.quality
        age = pick_age(chance, shape.AGES_AT_REQUEST)
        born = _before(received, age, chance)
        life = self._somebody(number, born, age, shape.MALE_REQUESTS)
        life.received, life.source = received, pick(chance, {code: share for code, (share, _) in shape.SOURCES.items()})
        life.dirty = chance.random() < shape.DIRT
        if chance.random() < shape.WITHDRAWN_REQUEST:
            life.withdrawn_on = received + timedelta(days=chance.randint(5, 40))
            return life
        life.decided_on = received + timedelta(days=self._until_decided())
        refused = min(0.95, quality.refused * shape.SOURCES[life.source][1] / shape.REFUSED_IN_ENGLAND * (0.7 if age < 7 else 1.1))
        life.assess = chance.random() >= refused
        begins = life.decided_on
        if not life.assess:
            self._disputed(life)
            if life.reversed_on is None:
                return life
            begins = life.reversed_on + timedelta(days=14)
        self._assessed(life, begins)
        return life

    def _disputed(self, life: Life) -> None:
        chance = self.chance
        life.mediation = chance.random() < shape.MEDIATED
        life.tribunal = chance.random() < (shape.BOTH / shape.MEDIATED if life.mediation else
                                           (shape.APPEALED - shape.BOTH) / (1 - shape.MEDIATED))
        if life.tribunal and chance.random() < 0.5:
            life.reversed_on = life.decided_on + timedelta(days=chance.randint(150, 330))

    def _until_decided(self) -> int:
        if self.chance.random() < self.quality.in_6_weeks:
            return round(self.chance.triangular(12, SIX_WEEKS, 39))
        return SIX_WEEKS + 1 + round(self.chance.expovariate(1 / 20))

    def _assessed(self, life: Life, begins: date) -> None:
        chance, quality = self.chance, self.quality
        life.asked_on = begins + timedelta(days=chance.randint(0, 5))
        if chance.random() < shape.WITHDRAWN_ASSESSMENT:
            life.withdrawn_on = life.asked_on + timedelta(days=chance.randint(10, 60))
            return
        lags = round(chance.triangular(2, 20, 6)), round(chance.triangular(2, 16, 6)), round(chance.triangular(16, 30, 18))
        whole = TWENTY_WEEKS * math.exp(quality.spread * (chance.gauss(0, 1) - quantile(quality.in_20_weeks))) * self._swollen(begins)
        spent = (life.asked_on - life.received).days if life.reversed_on is None else 45
        waits = max(14, round(whole) - spent - sum(lags))
        for need in required_advisers(life.child):
            days = waits if need.adviser == PSYCHOLOGY else min(round(chance.lognormvariate(math.log(30), 0.3)), max(42, waits))
            life.answered[need.adviser] = life.asked_on + timedelta(days=days)
        life.issue_on = max(life.answered.values()) + timedelta(days=lags[0])
        life.issue = chance.random() >= quality.not_issued
        if not life.issue:
            return
        life.draft_on = life.issue_on + timedelta(days=lags[1])
        life.plan_start = life.draft_on + timedelta(days=lags[2])
        late = (life.plan_start - life.received).days > TWENTY_WEEKS
        life.exception = chance.random() < quality.with_exception * (1.5 if late else 0.5)
        self._maintained(life, life.plan_start)

    # --- one who holds a plan ---------------------------------------------------------------------------------------

    def held(self, number: int, before: date) -> Life:
        """A life with a plan that was made before that day."""
        chance = self.chance
        while (born := _before(self._school_year(), age := pick_age(chance, shape.AGES_WITH_PLAN), chance)) \
                > before - timedelta(days=2 * YEAR):
            pass                                                   # too young to have held a plan by then: those have asked since
        life = self._somebody(number, born, age, shape.MALE_PLANS)
        oldest = max((before - born).days - 3 * YEAR, 60)
        held = min(round((chance.choices(range(len(shape.YEARS_HELD)), shape.YEARS_HELD)[0] + chance.random()) * YEAR), oldest)
        life.plan_start = max(before - timedelta(days=max(1, held)), FIRST_PLANS + timedelta(days=chance.randrange(YEAR)))
        self._maintained(life, max(life.plan_start, self.until - timedelta(days=3 * YEAR)))
        return life

    def _maintained(self, life: Life, since: date) -> None:
        chance = self.chance
        life.budget = chance.random() < shape.PERSONAL_BUDGET
        life.residential = chance.choice("AAB") if chance.random() < shape.RESIDENTIAL else None
        a_year = 0.27 if life.age_on(self.until) >= 16 else 0.03
        ends = since + timedelta(days=round(chance.expovariate(a_year / YEAR)))
        if life.age_on(ends) >= 25:
            ends, life.cease_reason = date(life.born.year + 26, 7, 31), "1"
        life.ceased_on = ends
        life.cease_reason = life.cease_reason or (pick(chance, shape.CEASE_REASONS) if life.age_on(ends) >= 16 else
                                                  pick(chance, {"5": 80, "2": 15, "7": 4, "8": 1}))
        self._reviewed(life, since)
        self._transferred(life)

    def _reviewed(self, life: Life, since: date) -> None:
        chance, last = self.chance, since
        horizon = min(self.until + timedelta(days=2 * YEAR), life.ceased_on)
        while (due := last + timedelta(days=YEAR)) < horizon:
            dice = chance.random()
            if dice < shape.REVIEWED_IN_THE_YEAR:
                decided = due - timedelta(days=chance.randint(1, 45))
            elif dice < shape.REVIEWED_IN_THE_YEAR + shape.REVIEWED_BEFORE:
                decided = due + timedelta(days=1 + round(chance.expovariate(1 / 90)))
            else:
                last = due + timedelta(days=chance.randint(0, 90))       # forgotten this year
                continue
            after = chance.randint(10, FOUR_WEEKS) if chance.random() < self.quality.reviewed_in_4_weeks \
                else FOUR_WEEKS + 1 + round(chance.expovariate(1 / 40))
            meeting = max(decided - timedelta(days=after), last + timedelta(days=1))
            review = Review(meeting, meeting + timedelta(days=after), pick(chance, shape.REVIEW_OUTCOMES))
            if review.outcome == "A":
                review.draft = review.decided
                review.final = review.decided + timedelta(days=chance.randint(20, 56) if chance.random() < 0.6 else chance.randint(57, 200))
            life.reviews.append(review)
            last = review.decided

    def _transferred(self, life: Life) -> None:
        began = self._school_year()
        age = life.age_on(began)
        if age not in (10, 15) or not life.plan_start < date(began.year, 10, 1):
            return
        life.transfer_due = date(began.year + 1, 2, 15) if age == 10 else date(began.year + 1, 3, 31)
        late = self.chance.random() > 0.75
        days = 1 + round(self.chance.expovariate(1 / 40)) if late else -self.chance.randint(2, 60)
        life.transfer_final = life.transfer_due + timedelta(days=days)

    # --- who it is --------------------------------------------------------------------------------------------------

    def _school_year(self) -> date:
        """The first day of the school year in which the council is looked at."""
        return date(self.until.year - (self.until.month < 9), 9, 1)

    def _somebody(self, number: int, born: date, age: int, male: float) -> Life:
        chance = self.chance
        need = pick(chance, nearest(shape.NEEDS, age))
        need = pick(chance, shape.RARER) if need == "OTH" else need
        second = pick(chance, nearest(shape.NEEDS, age)) if chance.random() < 0.35 else need
        setting = pick(chance, nearest(shape.SETTINGS, age))
        if setting == "elsewhere":
            setting = pick(chance, shape.ELSEWHERE)
            setting = "EHE" if setting in ("NEET", "NIEO") and age < 16 else setting
        return Life(number, born, "M" if chance.random() < male else "F", pick(chance, shape.ETHNICITIES),
                    (need,) if second == need else (need, second), setting)


def _before(day: date, age: int, chance: Random) -> date:
    """A birthday of somebody of that age on that day."""
    return date(day.year - age, day.month, min(day.day, 28)) - timedelta(days=chance.randrange(365))
