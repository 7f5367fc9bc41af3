"""What requests under the Freedom of Information Act ask most often about assessments and plans, and the figures that answer it."""

from collections.abc import Iterable
from dataclasses import dataclass

from models.figures.tally import Figure


@dataclass(frozen=True, slots=True)
class Question:
    """One question as people ask it. `figures` are answered in this order; `apart` adds every figure of a measure or part (the id)
    told apart by a topic."""

    asks: str
    figures: tuple[str, ...]
    apart: tuple[tuple[str, str], ...] = ()


QUESTIONS: tuple[Question, ...] = (
    Question("How many requests for an assessment did the council receive, and from whom?", ("requests",), (("requests", "source"),)),
    Question("How many requests were agreed, refused, withdrawn or are undecided?",
             ("requests.assess", "requests.refused", "requests.withdrawn", "requests.undecided"), (("requests.refused", "source"),)),
    Question("How many decisions whether to assess were made within six weeks?",
             ("decisions", "decisions.six_weeks", "decisions.over_six_weeks")),
    Question("How many assessments ended without a plan, and how many of these families were told within sixteen weeks?",
             ("assessments", "assessments.issued", "assessments.not_issued", "not_issued.sixteen_weeks", "not_issued.over_sixteen_weeks")),
    Question("How many plans were issued within twenty weeks, and how long did they take?",
             ("plans_ex", "plans_ex.within_20", "plans_ex.to_a_year", "plans_ex.over_a_year", "plans_ex.mean", "plans_ex.median", "plans",
              "plans.within_20", "plans.exceptions")),
    Question("How many children and young people are waiting, and for how long?",
             ("open", "open.considering", "open.assessing", "open.issuing", "open.past_six_weeks", "open.past_20_weeks",
              "open.past_a_year")),
    Question("How many new plans were issued, and for which main need?", ("new_plans",), (("new_plans", "need"),)),
    Question("How many plans does the council maintain, where, and for which main need?", ("stock",),
             (("stock", "setting"), ("stock", "need"))),
    Question("How many plans ended, and why?", (
        "ceased", "ceased.maximum_age", "ceased.needs_met", "ceased.higher_education", "ceased.paid_work", "ceased.moved",
        "ceased.no_longer_engaging", "ceased.left_england", "ceased.died", "ceased.other")),
    Question("How many annual reviews were completed, and how many decisions were told within four weeks?",
             ("reviews_expected", "reviews_expected.completed", "reviews_expected.before", "reviews_expected.none", "reviews",
              "reviews.four_weeks", "reviews.over_four_weeks", "reviews.amend", "reviews.maintain", "reviews.cease")),
    Question("How many phase transfers were finished in time?", ("transfers_due", "transfers_due.in_time", "transfers_due.late",
                                                               "transfers_due.outstanding")),
    Question("How many mediations and appeals were there?",
             ("requests.mediation", "requests.appeal", "assessments.mediation", "assessments.appeal", "other_matters.mediation",
              "other_matters.appeal")),
    Question("How often did advice come within six weeks, from educational psychologists and others?",
             ("advice", "advice.six_weeks", "advice.over_six_weeks", "advice.outstanding", "advice.mean"),
             (("advice.six_weeks", "adviser"), ("advice.mean", "adviser"))),
)


def answers(figures: Iterable[Figure]) -> list[tuple[Question, list[Figure]]]:
    """Each question with the figures that answer it. They are those for the public: hand in what `public.for_public` gave."""
    figures = list(figures)
    by_id = {figure.id: figure for figure in figures}
    found = []
    for question in QUESTIONS:
        told = [by_id[id] for id in question.figures if id in by_id]
        for id, topic in question.apart:
            told += [figure for figure in figures if figure.topic == topic and figure.id.partition("/")[0] == id]
        found.append((question, told))
    return found
