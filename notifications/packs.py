"""What the law demands that each notice says, item by item, and the check that a letter says it.

A phrase is how an item is recognised in our wording, wherever a council rewords the rest. `shows` names what must be
written out after the phrase: a contact of the council, or a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a notice must say: where the law demands it, and the phrase by which it is recognised."""

    id: str
    citation: str
    phrase: str
    shows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """A notice pack: what must be there, and what must not."""

    id: str
    items: tuple[Item, ...]
    forbids: tuple[Item, ...] = ()


REASONS = (
    Item("REASONS", "s.36(5)(a), s.36(9)(c)", "Enclosure: our reasons", ("reasons_text",)),
)
VIEWS = (
    Item("VIEWS_CONSIDERING", "s.36(7)(a)", "We are considering whether to carry out"),
    Item("VIEWS_EXPRESS", "s.36(7)(b)(i)", "You have the right to give us your views, in speech or in writing"),
    Item("VIEWS_EVIDENCE", "s.36(7)(b)(ii)", "You have the right to send us evidence"),
)
R32 = (
    Item("R32_A", "reg 32(a)", "You have the right to ask for mediation"),
    Item("R32_B", "reg 32(b)", "You need a mediation certificate before you can appeal"),
    Item("R32_C", "reg 32(c)", "The mediation adviser to contact", ("mediation_adviser",)),
    Item("R32_D", "reg 32(d)", "When to ask for mediation", ("appeal_by",)),
    Item("R32_E_I", "reg 32(e)(i)", "If you want mediation, you must tell us"),
    Item("R32_E_II", "reg 32(e)(ii)", "what you disagree with"),
    Item("R32_E_III", "reg 32(e)(iii)", "the health care that you want the plan to include"),
    Item("R32_F", "reg 32(f)", "Whom to contact here about mediation", ("phone", "email", "post")),
)
APPEAL = (
    Item("APPEAL_RIGHT", "reg 5(3)(a), 10(3)(a), 14(2)(a)", "You have the right to appeal", ("tribunal",)),
    Item("APPEAL_TIME", "reg 5(3)(b), 10(3)(b), 14(2)(b)", "Time limits for an appeal", ("appeal_by",)),
    *R32,
    Item("APPEAL_DRS", "reg 5(3)(d)(i), 10(3)(d)(i), 14(2)(d)(i)", "Help to settle a disagreement",
         ("disagreement_resolution",)),
    Item("APPEAL_ADVICE", "reg 5(3)(d)(ii), 10(3)(d)(ii), 14(2)(d)(ii)", "Free information and advice", ("sendiass",)),
)
RECOMMENDATIONS = Item("RECOMMENDATIONS", "reg 10(3)(e), 14(2)(e); SI 2017/1306",
                       "The Tribunal can make recommendations about health and social care")
DRAFT = (
    Item("DRAFT_ENCLOSED", "s.38(2)(a)", "The draft plan comes with this letter"),
    Item("DRAFT_NO_SETTING", "s.38(5)", "The draft names no school, college or other place, and no type of place"),
    Item("DRAFT_REPRESENTATIONS", "s.38(2)(b)(i), reg 13(1)(a)(i)", "You have the right to comment on the draft"),
    Item("DRAFT_SETTING", "s.38(2)(b)(ii), s.38(3), reg 13(1)(a)(i)",
         "You have the right to ask for a particular school, college or other place"),
    Item("DRAFT_CLOSING", "s.38(4), reg 13(1)(a)", "The closing date is", ("representations_by",)),
    Item("DRAFT_MEETING", "reg 13(1)(a)(ii)", "You have the right to a meeting with one of our officers"),
    Item("DRAFT_SCHOOLS", "reg 13(1)(b)", "Where to find out about schools and colleges", ("local_offer",)),
)
AMEND = (
    Item("AMEND_PLAN", "reg 22(2)(a)", "A copy of the plan as it is now comes with this letter"),
    Item("AMEND_NOTICE", "reg 22(2)(a)", "The notice with this letter sets out each change that we propose"),
    Item("AMEND_EVIDENCE", "reg 22(2)(a)", "Copies of the evidence for these changes come with this letter"),
    Item("AMEND_REPRESENTATIONS", "reg 22(2)(c)", "You have the right to comment on the changes"),
    Item("AMEND_SETTING", "reg 22(2)(b), s.38(2)(b)(ii)",
         "You have the right to ask for a particular school, college or other place"),
    Item("AMEND_CLOSING", "reg 22(2)(c)", "The closing date is", ("representations_by",)),
    Item("AMEND_MEETING", "reg 22(2)(c)", "You have the right to a meeting with one of our officers"),
    Item("AMEND_SCHOOLS", "reg 22(2)(d)", "Where to find out about schools and colleges", ("local_offer",)),
)
NO_APPEAL_YET = (
    Item("APPEAL_RIGHT", "a proposal to amend is no decision of s.51(2)", "You have the right to appeal"),
    Item("APPEAL_TIME", "a proposal to amend is no decision of s.51(2)", "Time limits for an appeal"),
)

PACKS: Mapping[str, Pack] = MappingProxyType({pack.id: pack for pack in (
    Pack("N_REASONS", REASONS),
    Pack("N_VIEWS", VIEWS),
    Pack("N_R32", R32),
    Pack("N_APPEAL_A", APPEAL, forbids=(RECOMMENDATIONS,)),
    Pack("N_APPEAL_B", (*APPEAL, RECOMMENDATIONS)),
    Pack("N_DRAFT", DRAFT),
    Pack("N_AMEND", AMEND, forbids=NO_APPEAL_YET),
)})


def faults(pack: str, body: str, shown: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with a letter that must carry this pack, a sentence each; empty if nothing is.

    `shown` holds the values of `Item.shows` as they are written in the letter. An item counts only where its value
    stands after its phrase.

    >>> faults("N_VIEWS", "We are considering whether to carry out an assessment.", {})[0]
    'VIEWS_EXPRESS (s.36(7)(b)(i)) is not there: "You have the right to give us your views, in speech or in writing"'
    """
    text = " ".join(body.split())
    found = []
    for item in PACKS[pack].items:
        at = text.find(item.phrase)
        if at < 0:
            found.append(f'{item.id} ({item.citation}) is not there: "{item.phrase}"')
            continue
        found += [f"{item.id} ({item.citation}) does not show {name}" for name in item.shows
                  if " ".join(shown[name].split()) not in text[at:]]
    found += [f"{item.id} must not be there ({item.citation})" for item in PACKS[pack].forbids if item.phrase in text]
    return tuple(found)
