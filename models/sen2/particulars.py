"""What the return asks about a person, as it is typed at a door: tolerant of how it is written, strict about what it can be."""

import re
from collections.abc import Callable, Mapping

from models.sen2 import codes
from models.sen2.codes import CodeSet
from models.sen2.rule import ULN_FORM, UPN_FORM, uln_is_right, upn_letter

NONE = "none"
"""Typed for what is to be taken out again."""

POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}")


class BadParticular(ValueError):
    """What was typed cannot be what is asked; the message says what can. It never repeats what was typed."""


def read_particular(name: str, text: str) -> str | None:
    """The value to keep; None for "none". Raises BadParticular."""
    text = " ".join(text.split())
    if not text:
        raise BadParticular(f"{name} is blank; `{NONE}` takes it out.")
    return None if text.lower() == NONE else _READ[name](text)


def remark_on(name: str, value: str | None) -> str | None:
    """What is doubtful about a value that has its form: one character of a number was mistyped."""
    if name == "upn" and value and value[0] != upn_letter(value):
        return "the check letter of the UPN is wrong, so one of its characters was mistyped: compare it with the school's."
    if name == "uln" and value and not uln_is_right(value):
        return "the check digit of the ULN is wrong, so one of its digits was mistyped: compare it with the college's."
    return None


def _coded(of: CodeSet, such_as: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.upper() not in of.words:
            shown = " or ".join(of.words) if len(of.words) < 12 else f"a code such as {such_as}"
            raise BadParticular(f"that is no code of the return for {of.name}. It is {shown}.")
        return text.upper()
    return read


def _formed(form: re.Pattern[str], words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        plain = text.upper().replace(" ", "")
        if not form.fullmatch(plain):
            raise BadParticular(words)
        return plain
    return read


def _postcode(text: str) -> str:
    plain = text.upper().replace(" ", "")
    if not POSTCODE.fullmatch(plain):
        raise BadParticular("that is no postcode. One looks like SW1A 1AA.")
    return f"{plain[:-3]} {plain[-3:]}"


def _name(text: str) -> str:
    return text


_READ: Mapping[str, Callable[[str], str]] = {
    "surname": _name, "forename": _name, "sex": _coded(codes.SEX, "F"), "ethnicity": _coded(codes.ETHNICITY, "WBRI or NOBT"),
    "postcode": _postcode, "upn_unknown": _coded(codes.UPN_UNKNOWN, "UN1"),
    "upn": _formed(UPN_FORM, "that is no UPN: it is a letter other than I, O and S, eleven digits, and a digit or letter."),
    "uln": _formed(ULN_FORM, "that is no ULN: it has ten digits.")}
