"""Whose advice an assessment must gather (reg 6(1)), who binds them, and when earlier advice may stand in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.law.dates import long
from models.law.record import Fact, as_day


@dataclass(frozen=True, slots=True)
class Adviser:
    """One item of reg 6(1): the advice, who gives it, and what kind of body that usually is.

    `body` is "s31" where the usual giver is a body within s.31(1), bound by reg 8 to answer in six weeks of
    receiving the request; "other" where it is not, and only the Code's six weeks guide it.
    """

    id: str
    regulation: str
    words: str
    body: str
    may_reuse: bool = True               # reg 6(4) reaches items (b) to (h), never (a)


ADVISERS = {a.id: a for a in (
    Adviser("adv_a_parent_yp", "reg 6(1)(a)", "advice and information from the child's parent or the young person",
            "other", may_reuse=False),
    Adviser("adv_b_education", "reg 6(1)(b)(i)-(iii)", "educational advice", "other"),
    Adviser("adv_b_mod", "reg 6(1)(b)(iv)", "advice from the Secretary of State for Defence", "other"),
    Adviser("adv_b_sensory", "reg 6(2)",
            "educational advice given after consulting a person qualified in hearing or visual impairment", "other"),
    Adviser("adv_c_medical", "reg 6(1)(c)",
            "medical advice from a health care professional identified by the responsible commissioning body", "s31"),
    Adviser("adv_d_psychology", "reg 6(1)(d)", "psychological advice from an educational psychologist", "other"),
    Adviser("adv_e_social_care", "reg 6(1)(e)", "advice in relation to social care", "other"),
    Adviser("adv_f_other", "reg 6(1)(f)", "advice from another person whom the council thinks appropriate", "other"),
    Adviser("adv_g_pfa", "reg 6(1)(g)", "advice on preparing for adulthood and independent living", "other"),
    Adviser("adv_h_requested", "reg 6(1)(h)",
            "advice from a person whom the parent or young person reasonably requests", "other"),
)}

# s.31(1): those whom reg 8 binds. Schools and the council's own services are not among them.
S31_BODIES = ("another local authority", "a youth offending team", "the person in charge of relevant youth accommodation",
              "NHS England", "an integrated care board", "a Local Health Board", "an NHS trust or foundation trust")


@dataclass(frozen=True, slots=True)
class Required:
    """An adviser who must be asked in this case, and the reason in law."""

    adviser: str
    because: str


def education_adviser(child: Mapping[str, Any]) -> tuple[str, str]:
    """Who gives the educational advice, as reg 6(1)(b) orders it: (who, paragraph). Each only failing the one before.

    >>> education_adviser({"attends": "school"})[0]
    'head teacher or principal of the setting attended'
    >>> education_adviser({"attends": None, "experienced_teacher_available": False})[1]
    'reg 6(1)(b)(iii)'
    """
    if child.get("attends"):
        return "head teacher or principal of the setting attended", "reg 6(1)(b)(i)"
    if child.get("experienced_teacher_available", True):
        return ("person experienced in teaching children with special educational needs, or who knows what provision"
                " may meet them"), "reg 6(1)(b)(ii)"
    return "person responsible for the child's or young person's educational provision", "reg 6(1)(b)(iii)"


def required_advisers(child: Mapping[str, Any]) -> tuple[Required, ...]:
    """Everybody whose advice reg 6(1) requires for this child or young person.

    `child` holds what is known: `attends`, `service_family`, `hearing_impaired`, `vision_impaired`,
    `educator_is_sensory_qualified`, `year_group` (9 and beyond bring preparation for adulthood),
    `others_thought_appropriate`, and `reasonable_requests` (advisers asked for by the family whose request
    the council found reasonable). A young person, or a student at a post-16 institution, is beyond year 9.

    >>> [r.adviser for r in required_advisers({"attends": "school", "year_group": 9})][-1]
    'adv_g_pfa'
    """
    who, paragraph = education_adviser(child)
    found = [
        Required("adv_a_parent_yp", "reg 6(1)(a): always"),
        Required("adv_b_education", f"{paragraph}: {who}"),
        Required("adv_c_medical", "reg 6(1)(c): always"),
        Required("adv_d_psychology", "reg 6(1)(d): always"),
        Required("adv_e_social_care", "reg 6(1)(e): always"),
    ]
    if child.get("service_family"):
        found.append(Required("adv_b_mod", "reg 6(1)(b)(iv): a parent serves in the armed forces"))
    impaired = child.get("hearing_impaired") or child.get("vision_impaired")
    if impaired and not child.get("educator_is_sensory_qualified"):
        found.append(Required("adv_b_sensory", "reg 6(2): hearing or visual impairment, and the educational adviser is"
                                               " not so qualified"))
    if child.get("others_thought_appropriate"):
        found.append(Required("adv_f_other", "reg 6(1)(f): the council thinks another adviser appropriate"))
    if (child.get("year_group") or 0) >= 9 or child.get("attends") == "post16" or child.get("is_young_person"):
        found.append(Required("adv_g_pfa", "reg 6(1)(g): in or beyond year 9"))
    if child.get("reasonable_requests"):
        found.append(Required("adv_h_requested", "reg 6(1)(h): the family reasonably asked for it"))
    return tuple(found)


def body_asked(fact: Fact) -> str:
    """"s31" or "other": what the fact says of the body asked, else what that adviser usually is."""
    usual = ADVISERS.get(fact["adviser"])
    return fact["body"] or (usual.body if usual else "other")


def may_reuse(fact: Fact) -> str | None:
    """Why earlier advice may not stand in for new advice, or None if it must (reg 6(4)).

    All three of the adviser, the council and the parent or young person must be satisfied that the earlier
    advice suffices, each on record with its day, and none later than the day from which it is to stand in.
    """
    adviser = ADVISERS.get(fact["adviser"])
    if adviser is None:
        return f"{fact['adviser']!r} is no adviser of reg 6(1)"
    if not adviser.may_reuse:
        return f"{adviser.regulation}: the parent's or young person's own advice is always sought; reg 6(4) does not reach it"
    missing = [who for who in ("adviser", "council", "family") if not fact[f"{who}_satisfied_on"]]
    if missing:
        return (f"reg 6(4): earlier {adviser.words} suffices only if the adviser, the council and the parent or young"
                f" person are all satisfied; not on record for {', '.join(missing)}")
    later = [who for who in ("adviser", "council", "family") if as_day(fact[f"{who}_satisfied_on"]) > fact.on]
    if later:
        return (f"reg 6(4): on {long(fact.on)} not all were satisfied that earlier {adviser.words} suffices; later days are on"
                f" record for {', '.join(later)}")
    return None


def fact_about_child(facts: Sequence[Fact]) -> dict[str, Any]:
    """What the standing facts say about the child or young person, later facts over earlier ones."""
    known: dict[str, Any] = {}
    for fact in facts:
        if fact.kind in ("request_received", "became_responsible", "circumstances_recorded"):
            known |= {name: fact[name] for name in ABOUT_THE_CHILD if fact[name] is not None}
            if fact["requested_by"] == "young_person":       # over compulsory school age (s.83(2))
                known["is_young_person"] = True
        elif fact.kind == "adviser_requested_by_family" and fact["reasonable"]:
            known["reasonable_requests"] = (*known.get("reasonable_requests", ()), fact["agency"])
        elif fact.kind == "adviser_thought_appropriate":
            known["others_thought_appropriate"] = (*known.get("others_thought_appropriate", ()), fact["agency"])
    return known


ABOUT_THE_CHILD = ("attends", "service_family", "hearing_impaired", "vision_impaired", "educator_is_sensory_qualified",
                   "year_group", "experienced_teacher_available")
