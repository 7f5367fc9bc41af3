"""Letters: every one is written, says what its pack demands, and lets nothing in that it does not need."""

import re
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.advice import ADVISER_ROLES
from models.law.exceptions import CODES
from notifications.ladder import LADDERS
from notifications.letter import REASONS_GO_HERE, WORDING, Council, Letter, WordingError, day, write
from notifications.messages import ENCLOSURES, FIELDS, MESSAGES
from notifications.packs import PACKS, RECOMMENDATIONS, Item
from tests.notifications.samples import COUNCIL, REASONS, REF, SAMPLES, every_letter, sample

LETTERS = [pytest.param(name, data, id=what) for what, name, data in every_letter()]
WITH_PACK = [name for name, message in MESSAGES.items() if message.pack]
TWO_MONTHS_ON = {"refusal_to_assess": "Tuesday 9 June 2026", "refusal_to_issue": "Saturday 15 August 2026",
                 "final_plan": "Thursday 17 September 2026"}


@pytest.mark.parametrize("name, data", LETTERS)
def test_every_letter_is_whole_and_names_the_case_only(name: str, data: dict) -> None:
    letter = write(name, data, COUNCIL)
    assert REF in letter.subject and "\n" not in letter.subject and len(letter.subject) <= 120
    assert f"Our reference: {REF}" in letter.body
    assert day(data["sent_on"]) in letter.body
    for heading in ("What has happened", "By when", "Why"):
        assert heading in letter.body.splitlines(), heading
    assert "What to do" in letter.body.splitlines() or "What you can do" in letter.body.splitlines()
    assert not re.search(r"[{}]|None|Undefined|[\ue000]|  |\n\n\n| \.|\.\.", letter.body + letter.subject)
    assert letter.sha256 == sha256(f"{letter.subject}\n\n{letter.body}".encode()).hexdigest()


def test_every_message_has_a_sample_and_a_file() -> None:
    assert SAMPLES.keys() == MESSAGES.keys()
    assert {file.stem for file in WORDING.glob("*.txt")} == {*MESSAGES, "digest"}


def test_the_catalogue_uses_only_what_it_defines() -> None:
    for message in MESSAGES.values():
        assert set(message.needs) | set(message.may) <= FIELDS.keys()
        assert not set(message.needs) & set(message.may)
        assert set(message.enclosures) <= ENCLOSURES.keys()
        assert message.pack is None or message.pack in PACKS
        assert message.audience in ("family", "agency", "council")
    assert set(FIELDS) == {name for message in MESSAGES.values() for name in (*message.needs, *message.may)}


@pytest.mark.parametrize("name", MESSAGES)
def test_the_samples_give_exactly_what_is_needed(name: str) -> None:
    message = MESSAGES[name]
    assert set(message.needs) <= set(SAMPLES[name]) <= set(message.needs) | set(message.may)


@pytest.mark.parametrize("name, field", [(name, field) for name, message in MESSAGES.items() for field in message.needs])
def test_a_missing_field_is_named_with_case_and_message(name: str, field: str) -> None:
    given = {key: value for key, value in SAMPLES[name].items() if key != field}
    with pytest.raises(WordingError) as error:
        write(name, given, COUNCIL)
    assert repr(field) in str(error.value) and repr(name) in str(error.value)
    assert (REF if field != "case" else "no case given") in str(error.value)


@pytest.mark.parametrize("field, value", [
    ("due_on", datetime(2026, 5, 25, 9, 0)), ("due_on", "soon"), ("due_on", 5), ("late_days", "two"), ("late_days", -1),
    ("late_days", True), ("to_role", "Mrs Jane Smith"), ("duty", "a\nb"), ("adviser", "the grandmother, Ann"),
    ("missed", "abc"), ("missed", ["Ann Smith"]), ("citation", "reg 8\r\nBcc: x@y.example"), ("citation", "x" * 201),
    ("case", "Ann Smith"), ("case", "A1\nSubject: x"),
])
def test_a_field_that_cannot_be_used_is_refused_without_showing_it(field: str, value: object) -> None:
    with pytest.raises(WordingError) as error:
        write("reminder", sample("reminder", **{field: value}), COUNCIL)
    assert repr(field) in str(error.value)
    if field != "case":
        assert "Smith" not in str(error.value) and "Bcc" not in str(error.value)


def test_days_may_come_as_kept_in_json() -> None:
    assert write("considering_partners", sample("considering_partners", decide_by="2026-04-13"), COUNCIL) == write(
        "considering_partners", SAMPLES["considering_partners"], COUNCIL)


def test_there_is_no_letter_without_a_name_in_the_catalogue() -> None:
    with pytest.raises(WordingError, match="no message 'reminders'"):
        write("reminders", SAMPLES["reminder"], COUNCIL)


# --- the packs of law --------------------------------------------------------------------------------------------

def test_a_refusal_to_assess_says_nothing_of_recommendations_and_the_others_do() -> None:
    assert RECOMMENDATIONS.phrase not in write("refusal_to_assess", SAMPLES["refusal_to_assess"], COUNCIL).body
    for name in ("refusal_to_issue", "final_plan", "plan_decision", "amended_plan"):
        assert "First-tier Tribunal Recommendations Power) Regulations 2017" in write(name, SAMPLES[name], COUNCIL).body


def test_only_an_appealable_decision_tells_the_family_to_appeal() -> None:
    telling = {name for name, data in SAMPLES.items() if "right to appeal" in write(name, data, COUNCIL).body}
    assert telling == {name for name, message in MESSAGES.items() if (message.pack or "").startswith("N_APPEAL")}
    assert telling == {"refusal_to_assess", "refusal_to_issue", "final_plan", "plan_decision", "amended_plan"}


def test_proposed_amendments_carry_no_right_of_appeal(tmp_path: Path) -> None:
    """Error 10: the right comes with the amended plan or the decision not to amend, never with the proposal."""
    body = write("proposed_amendments", SAMPLES["proposed_amendments"], COUNCIL).body
    assert "appeal" not in body.lower() and "tribunal" not in body.lower()
    reworded = Path(copytree(WORDING, tmp_path / "wording"))
    with (reworded / "proposed_amendments.txt").open("a") as file:
        file.write("\nYou have the right to appeal against these changes.\n")
    with pytest.raises(WordingError, match="APPEAL_RIGHT must not be there"):
        write("proposed_amendments", SAMPLES["proposed_amendments"], COUNCIL, reworded)


def test_the_family_has_at_least_15_days_for_amendments() -> None:
    short = sample("proposed_amendments", representations_by=date(2027, 5, 19))
    with pytest.raises(WordingError, match="less than 15 days"):
        write("proposed_amendments", short, COUNCIL)

@pytest.mark.parametrize("name", TWO_MONTHS_ON)
def test_the_time_to_appeal_is_two_calendar_months_from_the_letter(name: str) -> None:
    assert f"must have your appeal by {TWO_MONTHS_ON[name]}" in write(name, SAMPLES[name], COUNCIL).body


def test_the_time_to_appeal_follows_the_calendar_into_a_short_month() -> None:
    letter = write("refusal_to_issue", sample("refusal_to_issue", sent_on=date(2027, 12, 31)), COUNCIL)
    assert "Tuesday 29 February 2028" in letter.body


def _demanded() -> list[tuple[str, Item]]:
    demanded = []
    for name, message in MESSAGES.items():
        items = PACKS[message.pack].items if message.pack else ()
        if "reasons_text" in message.needs and message.pack != "N_REASONS":
            items += PACKS["N_REASONS"].items
        demanded += [(name, item) for item in items]
    return demanded


@pytest.mark.parametrize("name, item", [pytest.param(n, i, id=f"{n}-{i.id}") for n, i in _demanded()])
def test_a_letter_without_one_item_of_its_pack_does_not_leave(name: str, item: Item, tmp_path: Path) -> None:
    reworded = Path(copytree(WORDING, tmp_path / "wording"))
    changed = 0
    for file in reworded.rglob("*.txt"):
        text = file.read_text()
        if item.phrase in text:
            file.write_text(text.replace(item.phrase, "[cut]"))
            changed += 1
    assert changed
    with pytest.raises(WordingError, match=re.escape(f"{item.id} ({item.citation}) is not there")):
        write(name, SAMPLES[name], COUNCIL, reworded)


@pytest.mark.parametrize("name, item, shown", [
    pytest.param(n, i, s, id=f"{n}-{i.id}-{s}") for n, i in _demanded() for s in i.shows if s != "reasons_text"])
def test_a_letter_without_a_contact_or_date_of_its_pack_does_not_leave(name: str, item: Item, shown: str,
                                                                       tmp_path: Path) -> None:
    reworded = Path(copytree(WORDING, tmp_path / "wording"))
    for file in reworded.rglob("*.txt"):
        file.write_text(re.sub(rf"\{{\{{ (council\.)?{shown}(\|day)? \}}\}}", "[cut]", file.read_text()))
    with pytest.raises(WordingError, match=re.escape(f"{item.id} ({item.citation}) does not show {shown}")):
        write(name, SAMPLES[name], COUNCIL, reworded)


def test_a_refusal_to_assess_with_the_recommendations_does_not_leave(tmp_path: Path) -> None:
    reworded = Path(copytree(WORDING, tmp_path / "wording"))
    (reworded / "parts/pack_a.txt").write_text((reworded / "parts/pack_b.txt").read_text())
    with pytest.raises(WordingError, match="RECOMMENDATIONS must not be there"):
        write("refusal_to_assess", SAMPLES["refusal_to_assess"], COUNCIL, reworded)


def test_the_reasons_of_an_officer_cannot_stand_in_for_the_law(tmp_path: Path) -> None:
    reworded = Path(copytree(WORDING, tmp_path / "wording"))
    (reworded / "parts/settle.txt").write_text("")
    every_phrase = "\n".join(item.phrase + " " + " ".join(dict(COUNCIL).values()) for item in PACKS["N_APPEAL_B"].items)
    with pytest.raises(WordingError, match="APPEAL_DRS"):
        write("refusal_to_issue", sample("refusal_to_issue", reasons_text=every_phrase), COUNCIL, reworded)


@pytest.mark.parametrize("sent_on, closing, leaves", [
    pytest.param(date(2026, 6, 18), date(2026, 7, 1), False, id="14 days, the day of the draft counted, is too short"),
    pytest.param(date(2026, 6, 18), date(2026, 7, 2), True, id="15 days is the least"),
    pytest.param(date(2026, 6, 18), date(2026, 7, 3), True, id="more is allowed"),
])
def test_the_family_has_at_least_15_days_for_a_draft(sent_on: date, closing: date, leaves: bool) -> None:
    data = sample("draft_plan", sent_on=sent_on, representations_by=closing)
    if leaves:
        assert f"The closing date is {day(closing)}" in write("draft_plan", data, COUNCIL).body
    else:
        with pytest.raises(WordingError, match="less than 15 days"):
            write("draft_plan", data, COUNCIL)


@pytest.mark.parametrize("field", Council.model_fields)
def test_a_blank_detail_of_the_council_stops_the_letters_that_need_it(field: str) -> None:
    blank = Council(**(dict(COUNCIL) | {field: "   "}))
    stopped = set()
    for name, data in SAMPLES.items():
        needs_it = getattr(COUNCIL, field) in write(name, data, COUNCIL).body
        try:
            write(name, data, blank)
        except WordingError as error:
            assert repr(field) in str(error) and REF in str(error)
            stopped.add(name)
            assert needs_it
        else:
            assert not needs_it
    assert stopped


# --- what may be in a letter, and what not -------------------------------------------------------------------------

names = st.text(st.characters(categories=("L", "N", "P", "Zs")), min_size=1).filter(lambda text: not text.isspace())


@given(data=st.dictionaries(names.filter(lambda key: key not in FIELDS), names), name=st.sampled_from(sorted(MESSAGES)))
def test_what_a_message_does_not_need_never_gets_into_it(data: dict[str, str], name: str) -> None:
    assert write(name, data | SAMPLES[name], COUNCIL) == write(name, SAMPLES[name], COUNCIL)


@given(text=names, name=st.sampled_from(sorted(MESSAGES)))
def test_nor_does_what_another_message_needs(text: str, name: str) -> None:
    mine = {*MESSAGES[name].needs, *MESSAGES[name].may}
    others = {field: text for field in FIELDS if field not in mine}
    assert write(name, others | SAMPLES[name], COUNCIL) == write(name, SAMPLES[name], COUNCIL)


@given(text=st.builds(lambda first, last: f"{first} {last}", names, names), field=st.sampled_from(
    sorted(field for field, what in FIELDS.items() if what.kind in ("code", "codes", "ref"))))
def test_free_text_cannot_pass_as_a_code(text: str, field: str) -> None:
    for name, message in MESSAGES.items():
        if field in (*message.needs, *message.may):
            with pytest.raises(WordingError):
                write(name, SAMPLES[name] | {field: [text] if FIELDS[field].kind == "codes" else text}, COUNCIL)


def test_only_the_family_is_told_reasons() -> None:
    assert {message.audience for message in MESSAGES.values() if "reasons_text" in message.needs} == {"family"}
    assert {kind for message in MESSAGES.values() for field in message.needs + message.may
            if (kind := FIELDS[field].kind) == "text" and field != "reasons_text"} == set()
    for what, name, data in every_letter():
        letter = write(name, data | {"reasons_text": REASONS}, COUNCIL)
        told = "three targets out of four" in letter.body
        assert told == ("reasons_text" in MESSAGES[name].needs), what
        assert "targets" not in letter.subject


@pytest.mark.parametrize("nothing", [None, "", " \n ", "\x00", "\ue000", "\x00\n\x1f"])
def test_a_decision_without_reasons_that_can_be_read_does_not_leave(nothing: str | None) -> None:
    with pytest.raises(WordingError, match="'reasons_text'"):
        write("refusal_to_issue", sample("refusal_to_issue", reasons_text=nothing), COUNCIL)


@given(reasons=st.text(st.characters(categories=("L", "N", "P", "Zs", "Cc", "Co")), min_size=1))
def test_reasons_are_written_out_and_nothing_in_them_is_obeyed(reasons: str) -> None:
    reasons += "."
    letter = write("refusal_to_assess", sample("refusal_to_assess", reasons_text=reasons), COUNCIL)
    plain = write("refusal_to_assess", sample("refusal_to_assess", reasons_text="x"), COUNCIL)
    assert letter.subject == plain.subject
    assert letter.body.startswith(plain.body.removesuffix("x\n"))
    assert REASONS_GO_HERE not in letter.body


def test_a_template_in_the_reasons_is_only_text() -> None:
    letter = write("refusal_to_issue", sample("refusal_to_issue", reasons_text="{{ council.phone }} {% if %}"), COUNCIL)
    assert "{{ council.phone }} {% if %}" in letter.body


def test_a_council_may_word_one_letter_anew_and_keep_the_rest(tmp_path: Path) -> None:
    (tmp_path / "withdrawal_confirmed.txt").write_text(
        "Subject: {{ case }}: closed\n\nYou withdrew on {{ withdrawn_on|day }}.\n\n{% include 'parts/foot_family.txt' %}\n")
    letter = write("withdrawal_confirmed", SAMPLES["withdrawal_confirmed"], COUNCIL, tmp_path)
    assert letter.subject == f"{REF}: closed"
    assert letter.body.startswith("You withdrew on Wednesday 18 March 2026.\n\nHow to reach us\n")
    assert write("reminder", SAMPLES["reminder"], COUNCIL, tmp_path) == write("reminder", SAMPLES["reminder"], COUNCIL)


@pytest.mark.parametrize("wording, says", [
    ("No subject\n\nText", "must begin with a line 'Subject: ...'"),
    ("Subject: {{ case }}\nText", "must begin with a line 'Subject: ...'"),
    ("Subject: closed\n\nText", "the subject does not name the case"),
    ("Subject: {{ case }}: {{ child_name }}\n\nText", "'child_name' is undefined"),
    ("Subject: {{ case }} {% if %}\n\nText", "cannot be used"),
    ("Subject: {{ case }}\n\n{{ council.chief_executive }}", "chief_executive"),
    ("Subject: {{ case }}\n\n{% include 'parts/nothing.txt' %}", "parts/nothing.txt"),
])
def test_a_wording_that_cannot_be_used_says_so(wording: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "withdrawal_confirmed.txt").write_text(wording)
    with pytest.raises(WordingError, match=re.escape(says)) as error:
        write("withdrawal_confirmed", SAMPLES["withdrawal_confirmed"], COUNCIL, tmp_path)
    assert REF in str(error.value)


# --- what each letter must get right -------------------------------------------------------------------------------

def _body(name: str, **changes: object) -> str:
    return write(name, sample(name, **changes), COUNCIL).body


def test_a_body_within_section_31_is_told_what_binds_it() -> None:
    body = _body("advice_request")
    for words in ("Within six weeks of the day on which you receive this request", "regulation 8(1)", "section 31(3)",
                  "written reasons", "Waiting lists and school holidays are not exceptions"):
        assert words in body


ADVISERS_OF_OTHERS = ("adv_b_education", "adv_b_mod", "adv_b_sensory", "adv_d_psychology", "adv_e_social_care",
                      "adv_f_other", "adv_g_pfa", "adv_h_requested", "adv_a_parent_yp")


@pytest.mark.parametrize("adviser", ADVISERS_OF_OTHERS)
def test_six_weeks_are_never_called_law_to_those_whom_reg_8_does_not_bind(adviser: str) -> None:
    body = _body("advice_request", adviser=adviser, body="other")
    assert "regulation 8" not in body and "section 31" not in body
    assert not re.search(r"statutory|must answer|required to answer|limit is law", body)
    if adviser != "adv_a_parent_yp":
        assert "It is guidance to you" in body


@pytest.mark.parametrize("adviser", [a for a in ADVISERS_OF_OTHERS if a != "adv_a_parent_yp"] + ["adv_c_medical"])
def test_every_adviser_is_asked_for_needs_provision_and_outcomes_and_told_who_will_see_it(adviser: str) -> None:
    body = _body("advice_request", adviser=adviser)
    for words in ("1. the needs", "2. the provision", "3. the outcomes", "section K",
                  "seen by the family, by the school, college or other setting named in the plan and by the responsible"
                  " commissioning body", "the views and evidence that the family gave us (regulation 6(3))",
                  "regulation 6(4)"):
        assert words in body


def test_a_reminder_of_guidance_says_that_it_is_guidance_and_one_of_law_that_it_is_law() -> None:
    assert "The date is guidance" in _body("reminder") and "The date is law" not in _body("reminder")
    assert "The date is law" in _body("overdue") and "guidance" not in _body("overdue")


@pytest.mark.parametrize("days, words", [(0, "due today"), (1, "due in 1 day"), (7, "due in 1 week"),
                                         (9, "due in 1 week 2 days"), (14, "due in 2 weeks")])
def test_a_reminder_says_how_long_there_is(days: int, words: str) -> None:
    due = date(2026, 5, 25)
    assert words in write("reminder", sample("reminder", sent_on=due - timedelta(days=days)), COUNCIL).subject


@pytest.mark.parametrize("days, words", [(1, "1 day late"), (7, "1 week late"), (90, "12 weeks 6 days late")])
def test_lateness_is_told_in_weeks_and_days(days: int, words: str) -> None:
    due = date(2026, 5, 25)
    assert words in write("overdue", sample("overdue", sent_on=due + timedelta(days=days)), COUNCIL).subject
    family = write("lateness_to_family", sample("lateness_to_family", due_on=due, sent_on=due + timedelta(days=days)),
                   COUNCIL)
    assert words in family.subject and words in family.body


def test_a_reminder_that_goes_late_says_so_and_which_others_it_stands_for() -> None:
    assert "our system did not run" not in _body("reminder")
    body = _body("reminder", late_days=3, missed=["-14", "-7"])
    assert "goes out 3 days after its own day, because our system did not run" in body
    assert "stands for 2 earlier reminders that did not go" in body


def test_an_excused_limit_is_never_called_late() -> None:
    assert "late" not in _body("excused_reminder").replace("plate", "")
    letter = write("lateness_to_family", sample("lateness_to_family", excused_by="X_ABSENT4"), COUNCIL)
    assert "we need longer" in letter.subject
    assert "away from the area for four weeks or more" in letter.body and "We must still do it" in letter.body


def test_the_family_is_told_whom_the_council_waits_for_and_that_it_is_no_excuse() -> None:
    body = _body("lateness_to_family", waiting_for=["ep_service", "adv_c_medical", "school-17"])
    assert "We are waiting for the educational psychologist, the health service and another service." in body
    assert "That does not excuse us" in body
    assert "The delay is ours" in _body("lateness_to_family", waiting_for=["family"])


def test_an_exception_of_the_law_is_put_in_words() -> None:
    for code in CODES.keys() - {"X_CV"}:
        assert code not in _body("excused_reminder", excused_by=code)


def test_every_adviser_and_every_duty_with_a_ladder_has_words() -> None:
    for adviser in ADVISER_ROLES:
        assert adviser.replace("_", " ") not in _body("reminder", adviser=adviser, to_role="council.owner")
        assert adviser.replace("_", " ") not in _body("decision_needed", outstanding=[adviser])
    for duty in LADDERS:
        adviser = "adv_c_medical" if duty in ("coop_respond_advice", "advice_six_weeks_others", "dp_coop") else None
        assert 'the step "' not in _body("overdue", duty=duty, adviser=adviser, to_role="council.manager")


def test_a_letter_is_the_same_when_it_is_written_twice() -> None:
    once, twice = (write("final_plan", SAMPLES["final_plan"], COUNCIL) for _ in range(2))
    assert once == twice and isinstance(once, Letter)
