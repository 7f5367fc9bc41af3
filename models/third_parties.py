"""Signs that a text speaks of somebody else than the person whom it is about. A sign helps whoever reads the text; that there is
none clears nothing."""

import re
from collections.abc import Iterable, Iterator, Mapping

RELATIONS = ("mother", "mum", "mummy", "father", "dad", "daddy", "parent", "sister", "brother", "sibling", "twin", "grandmother", "grandma",
             "nan", "grandfather", "grandad", "grandparent", "aunt", "uncle", "cousin", "stepmother", "stepfather", "step-mother",
             "step-father", "partner", "husband", "wife", "boyfriend", "girlfriend", "carer", "guardian", "neighbour", "friend", "pupil",
             "classmate", "peer", "another child", "other child", "other children", "social worker", "foster carer")
"""Words for people around a child."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<![\w])(?:\+44|0)[\d ()-]{8,14}\d(?!\w)")
_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Revd?)\.?\s+[A-Z]\w*")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b")


def signs(text: str, others: Mapping[str, str], own: Iterable[str] = ()) -> list[str]:
    """What in a text points at other people. `others` are names by who they are, `own` the names of the person it is about:
    a part of a name that is also theirs points at nobody else.

    >>> signs("Ring Jo on 01632 960123, or Dr Reed. Sam's brother knows.", {"contact, family": "Jo Ash"}, ["Sam Ash"])
    ['the name of contact, family', 'a telephone number', 'a title and a name', 'speaks of: brother']
    """
    return list(_signs(text, others, {part for name in own for part in _parts(name, 2)}))


def _signs(text: str, others: Mapping[str, str], own: set[str]) -> Iterator[str]:
    words = set(_parts(text, 1))
    folded = " ".join(re.findall(r"\w+", text.casefold()))
    for who, name in others.items():
        whole = " ".join(re.findall(r"\w+", name.casefold()))
        if (whole and re.search(rf"\b{re.escape(whole)}\b", folded)) or any(
                part in words for part in _parts(name, 2) if part not in own):
            yield f"the name of {who}"
    for pattern, what in ((_EMAIL, "an e-mail address"), (_PHONE, "a telephone number"), (_POSTCODE, "a postcode"),
                          (_TITLE, "a title and a name")):
        if pattern.search(text):
            yield what
    named = [word for word in RELATIONS if re.search(rf"\b{re.escape(word)}s?\b", text, re.I)]
    if named:
        yield f"speaks of: {', '.join(named)}"


def _parts(text: str, shortest: int) -> list[str]:
    return [part for part in re.findall(r"\w+", text.casefold()) if len(part) >= shortest]
