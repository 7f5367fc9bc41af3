"""Who is who in the law: the words for those who owe, and are owed, a duty."""

COUNCIL = "local_authority"
FAMILY = "parent_or_young_person"
RCB = "responsible_commissioning_body"
SOCIAL_CARE = "social_care_officers"
SETTING = "setting"
NAMED_SETTING = "named_setting"
OTHER_COUNCIL = "maintaining_authority"
ADVISER = "adviser"
S31_BODY = "s31_body"
TRIBUNAL = "tribunal"

WORDS = {
    COUNCIL: "the council",
    FAMILY: "the parent or young person",
    RCB: "the responsible commissioning body",
    SOCIAL_CARE: "the council's social care officers",
    SETTING: "the school, college or early years provider",
    NAMED_SETTING: "the setting named in the plan",
    OTHER_COUNCIL: "the authority that maintains the setting",
    ADVISER: "the adviser",
    S31_BODY: "the body that was asked (s.31)",
    TRIBUNAL: "the Tribunal",
}

# Reg 4(2): whom the council tells that it is considering an assessment, and (reg 5(2), 10(2)) what it decided.
PARTNERS = {
    "rcb": "reg 4(2)(a)",
    "social_care": "reg 4(2)(b)",
    "setting": "reg 4(2)(c)(i) or (d)",
    "early_years": "reg 4(2)(c)(ii)",
}


def partners(attends: str | None) -> tuple[str, ...]:
    """The partners whom reg 4(2) requires for a child or young person who attends `attends`.

    `attends` is "school", "post16", "early_years" or None (not at any setting). The commissioning body and the
    social care officers are always told.

    >>> partners("early_years")
    ('rcb', 'social_care', 'early_years')
    """
    place = {"school": ("setting",), "post16": ("setting",), "early_years": ("early_years",)}.get(attends or "", ())
    return ("rcb", "social_care", *place)
