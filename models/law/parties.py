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
OLD_COUNCIL, NEW_COUNCIL = "old_authority", "new_authority"
OLD_RCB, NEW_RCB = "old_commissioning_body", "new_commissioning_body"
ARRANGER = "review_arranger"
INVITED = "those_invited_to_the_review"
REPORTER = "head_teacher_or_council"
MEDIATION_ADVISER = "mediation_adviser"
MEDIATION_ARRANGER = "mediation_arranger"
SECRETARY_OF_STATE = "secretary_of_state"
HEALTH_BODY = "health_body"
HEALTH_PROFESSIONAL = "health_professional"
HIGHER_EDUCATION = "higher_education_assessor"
HOME_AUTHORITY = "home_authority"
APPROPRIATE_PERSON = "appropriate_person"
PERSON_IN_CHARGE = "person_in_charge"
YOT = "youth_offending_team"
HOME_RCB = "home_commissioning_body"
DPHSC = "health_services_commissioner"

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
    OLD_COUNCIL: "the old authority",
    NEW_COUNCIL: "the new authority",
    OLD_RCB: "the old commissioning body",
    NEW_RCB: "the new commissioning body",
    ARRANGER: "whoever arranges the review meeting",
    INVITED: "everybody invited to the review meeting",
    REPORTER: "the head teacher or principal, or the council",
    MEDIATION_ADVISER: "the mediation adviser",
    MEDIATION_ARRANGER: "the body that arranges the mediation",
    SECRETARY_OF_STATE: "the Secretary of State",
    HEALTH_PROFESSIONAL: "the health care professional whom the commissioning body named",
    HEALTH_BODY: "the integrated care board, NHS trust or foundation trust",
    HIGHER_EDUCATION: "the assessor or principal in higher education",
    HOME_AUTHORITY: "the home authority",
    APPROPRIATE_PERSON: "the parent, or the detained young person",
    PERSON_IN_CHARGE: "the person in charge of the youth accommodation",
    YOT: "the youth offending team",
    HOME_RCB: "the home commissioning body",
    DPHSC: "the detained person's health services commissioner",
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
