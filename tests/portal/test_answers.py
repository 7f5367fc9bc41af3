"""An agency answers through the link in its letter: what it sees, what is recorded, and what is not."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from models.links import requests_of
from tasks.case_file import NewFact, as_it_stands, open_case, read, record
from tasks.database import reading, writing
from tasks.visit import visit
from tasks.watch import watch
from tests.portal.conftest import ASKED, CHILD, DAYS, REF, House, seal, send
from tests.tasks.builders import council

PDF = ("report.pdf", b"%PDF-1.7\nadvice\n%%EOF", "application/pdf")


def test_the_letter_carries_the_link_and_nothing_else_does(house: House):
    letters = {path.parent.name: path.read_text() for path in (house.folder / "outbox").rglob("*advice*.eml")}
    token = house.path().removeprefix("/answer/")
    assert token in letters["ep_service"].replace("=\n", "")
    assert "Answer here, without an account" not in letters["family"]
    assert token not in repr(house.facts())


def test_reminders_that_go_together_carry_each_its_own_link(house: House):
    other = "EHC-2026-0002"
    with writing(house.engine) as session:
        open_case(session, other, None, NewFact("request_received", ASKED, {"requested_by": "parent", "attends": "school"}),
                  house.hand(), house.today)
        record(session, other, "decided_to_assess", ASKED, {"decided_by": "o", "reason_codes": ["other"],
                                                            "notified_on": ASKED.isoformat()}, house.hand(), house.today)
    house.today = ASKED
    visit(house.engine, house.sending(), other, ASKED, house.hand())
    house.today = ASKED + timedelta(days=35)
    watch(house.engine, house.sending(), house.today, house.hand(), house.clock)
    (letter,) = [text for path in (house.folder / "outbox/ep_service").glob("*.eml")
                 if "reminders" in (text := path.read_text().replace("=\n", ""))]
    for ref in (REF, other):
        with reading(house.engine) as session:
            case = as_it_stands(ref, read(session, ref), house.today)
        request = next(one for one in requests_of(case) if one.role == "ep_service")
        assert house.links.url(request, house.today) in letter


def test_whoever_opens_the_link_sees_the_reference_and_the_question_and_no_name(house: House):
    page = house.portal().get(house.path())
    assert page.status_code == 200
    for words in (REF, "psychological advice", "Wednesday 13 May 2026", "Send your advice", "Decline, with reasons",
                  "not known to you", "passed this on"):
        assert words in page.text
    assert CHILD not in page.text and "Ash" not in page.text


def test_to_look_changes_nothing_however_often_a_mail_scanner_does_it(house: House):
    before, browser = house.facts(), house.portal()
    page = house.path()
    for path in (page, *(f"{page}/{name}" for name in ("acknowledge", "advice", "decline", "not-known", "pass-on"))):
        assert browser.get(path).status_code == 200
        assert browser.head(path).status_code == 200
        assert browser.get(path + "?received_on=2026-04-02&ground=adverse&reasons=x").status_code == 200
    assert house.facts() == before and house.nudged == []


def test_receipt_is_confirmed_and_the_request_stays_open(house: House):
    browser = house.portal()
    answer = send(browser, house.path() + "/acknowledge", received_on="2026-04-02", expected_on="2026-05-01")
    assert answer.status_code == 303
    (fact,) = house.facts("advice_acknowledged")
    assert (fact["how"], fact.by) == ("link", "ep_service")
    assert (fact["received_on"], fact["expected_on"]) == ("2026-04-02", "2026-05-01")
    done = browser.get(f"{house.path()}?done=acknowledge").text
    assert "Recorded" in done and "You expect to answer by Friday 1 May 2026" in done and "The request is still open" in done
    assert house.nudged == [REF]


@pytest.mark.parametrize("field, told, words", [
    ("expected_on", "9999-12-31", "more than a year away"), ("expected_on", "2026-04-07", "is over"),
    ("received_on", "2026-W15-1", "year-month-day"), ("received_on", "08/04/2026", "year-month-day"),
    ("received_on", "2026-04-09", "has not come yet"), ("received_on", "2026-03-31", "was sent on")])
def test_a_day_that_cannot_be_is_refused_at_its_field(house: House, field, told, words):
    before = house.facts()
    answer = send(house.portal(), house.path() + "/acknowledge", **{field: told})
    assert answer.status_code == 422 and words in answer.text and f'href="#{field}"' in answer.text
    assert house.facts() == before


def test_advice_is_taken_in_with_its_document_and_closes_the_link(house: House):
    browser = house.portal()
    assert send(browser, house.path() + "/advice", PDF, note="Two pages").status_code == 303
    (fact,), (document,) = house.facts("advice_received"), house.documents()
    assert (fact["adviser"], fact["how"], fact["sha256"]) == ("adv_d_psychology", "link", document.sha256)
    assert (document.kind, document.name, house.store.read(document)) == ("pdf", "report.pdf", PDF[1])
    assert "Two pages" not in repr(fact) and "adv_d_psychology" not in house.case().advice_outstanding
    shown = browser.get(house.path()).text
    assert "This request has been answered" in shown and document.sha256 in shown and "How do you want to answer" not in shown
    assert browser.get(house.path() + "/decline").status_code == 303


def test_a_body_of_section_31_declines_in_writing(house: House):
    browser, path = house.portal(), house.path("rcb") + "/decline"
    assert "for another reason" not in browser.get(path).text
    refused = send(browser, path, ground="adverse")
    assert refused.status_code == 422 and 'href="#reasons"' in refused.text and "section 31(3)" in refused.text
    assert house.facts("advice_declined") == []
    assert send(browser, path, ground="adverse", reasons="Qzarth cannot be seen").status_code == 303
    (fact,) = house.facts("advice_declined")
    assert fact["body"] == "s31" and set(fact["reasons"]) == {"text", "sha256"} and "Qzarth" not in repr(fact)
    assert "declined to give this advice" in browser.get(house.path("rcb")).text


def test_the_child_is_not_known_to_the_service(house: House):
    assert send(house.portal(), house.path() + "/not-known").status_code == 303
    assert house.facts("advice_not_known")[0]["adviser"] == "adv_d_psychology"


def test_a_request_that_was_passed_on_stays_open_and_can_still_be_answered(house: House):
    browser = house.portal()
    assert send(browser, house.path() + "/pass-on").status_code == 422
    assert send(browser, house.path() + "/pass-on", because="The early years team").status_code == 303
    assert house.facts("advice_passed_on")[0]["to"] == "another_team"
    assert send(browser, house.path() + "/advice", PDF).status_code == 303


def test_a_form_that_is_sent_twice_is_recorded_once(house: House):
    browser, path = house.portal(), house.path() + "/pass-on"
    fields = {"seal": seal(browser.get(path).text), "because": "The early years team"}
    assert [browser.post(path, data=fields).status_code for _ in range(3)] == [303, 303, 303]
    assert len(house.facts("advice_passed_on")) == 1


def test_of_answers_at_once_one_counts(house: House):
    browser, path = house.portal(), house.path()
    forms = {name: {"seal": seal(browser.get(f"{path}/{name}").text), "ground": "other", "reasons": "r", "note": "n"}
             for name in ("advice", "decline", "not-known")}
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda name: house.portal().post(f"{path}/{name}", data=forms[name]).status_code, [*forms] * 2))
    assert set(answers) == {303}
    assert len(house.facts("advice_received", "advice_declined", "advice_not_known")) == 1


def test_whoever_answers_after_the_last_word_is_told_that_it_was_not_recorded(house: House):
    browser, path = house.portal(), house.path()
    early, late = ({"seal": seal(browser.get(f"{path}/not-known").text), "because": words} for words in ("checked", "other"))
    first = browser.post(f"{path}/not-known", data=early)
    again, other = browser.post(f"{path}/not-known", data=early), browser.post(f"{path}/not-known", data=late)
    assert first.headers["location"] == again.headers["location"] != other.headers["location"]
    assert "<h1 id=\"recorded\">Recorded" in browser.get(f"{path}?done=not-known").text
    page = browser.get(str(other.url.join(other.headers["location"]))).text
    assert "not recorded" in page and "This request has been answered" in page and "Recorded</h1>" not in page


def test_a_setting_answers_the_consultation(house: House):
    for adviser in ("adv_a_parent_yp", "adv_b_education", "adv_c_medical", "adv_d_psychology", "adv_e_social_care"):
        house.happens("advice_received", adviser=adviser)
    house.happens("decided_to_issue", decided_by="officer-9", reason_codes=["plan_necessary"], notified_on="2026-04-08")
    house.happens("draft_plan_served")
    house.happens("setting_requested", setting="school-2")
    house.visited()
    browser, path = house.portal(), house.path("school-2", house.today)
    assert "your answer on naming you in a plan" in browser.get(path).text
    assert send(browser, path + "/reply", reply="cannot_meet_needs").status_code == 422
    assert send(browser, path + "/reply", reply="cannot_meet_needs", note="The site has stairs").status_code == 303
    (fact,) = house.facts("setting_answered")
    assert (fact["setting"], fact["reply"], fact.by) == ("school-2", "cannot_meet_needs", "school-2")
    assert browser.get(path + "/advice").status_code == 404


# --- links that do not work ------------------------------------------------------------------------------------------

def says_nothing_of_the_case(answer) -> bool:
    return not any(words in answer.text for words in (REF, "psycholog", "ep_service", "officer"))


@pytest.mark.parametrize("days, status", [(DAYS - 1, 200), (DAYS, 200), (DAYS + 1, 410)],
                         ids=["the day before", "the last day", "the day after"])
def test_a_link_works_until_its_last_day(house: House, days, status):
    house.today = ASKED + timedelta(days=days)
    answer = house.portal().get(house.path())
    assert answer.status_code == status
    assert status == 200 or ("has expired" in answer.text and says_nothing_of_the_case(answer))


def test_a_reminder_carries_a_link_that_works_from_its_own_day(house: House):
    house.today = ASKED + timedelta(days=DAYS + 1)
    assert house.portal().get(house.path(on=house.today)).status_code == 200


def test_a_revoked_link_is_dead_and_its_form_too(house: House):
    browser, path = house.portal(), house.path()
    form = seal(browser.get(path + "/not-known").text)
    house.happens("answer_link_revoked", link=str(house.request("ep_service").number), because="sent to the wrong desk")
    dead = browser.get(path)
    assert dead.status_code == 410 and "has been withdrawn" in dead.text and says_nothing_of_the_case(dead)
    assert browser.post(path + "/not-known", data={"seal": form}).status_code == 410 and not house.facts("advice_not_known")
    assert browser.get(house.path()).status_code == 200, "the link that was made since works"


def test_after_the_end_of_the_case_a_link_is_dead(house: House):
    path = house.path()
    house.happens("child_died")
    dead = house.portal().get(path)
    assert dead.status_code == 410 and says_nothing_of_the_case(dead)


@pytest.mark.parametrize("spoil", [
    lambda token: token[:-1] + ("A" if token[-1] != "A" else "B"), lambda token: "x" + token, lambda token: token.split(".")[0],
    lambda token: "..", lambda token: "%00", lambda token: "A" * 5000, lambda token: token.replace(".", "%2F", 1)])
def test_an_altered_link_opens_nothing_and_tells_nothing(house: House, spoil):
    answer = house.portal().get("/answer/" + spoil(house.path().removeprefix("/answer/")))
    assert answer.status_code == 404 and says_nothing_of_the_case(answer)


def test_a_link_answers_for_its_own_agency_alone(house: House):
    send(house.portal(), house.path("rcb") + "/not-known")
    assert [fact["adviser"] for fact in house.facts("advice_not_known")] == ["adv_c_medical"]
    assert "How do you want to answer" in house.portal().get(house.path()).text


# --- what stands around the pages ------------------------------------------------------------------------------------

def test_a_form_of_another_link_or_of_nobody_records_nothing(house: House):
    browser, path = house.portal(), house.path() + "/not-known"
    others = seal(browser.get(house.path("rcb") + "/not-known").text)
    for fields in ({}, {"seal": others}, {"seal": "0" * 16 + ".x"}, {"seal": "é"}):
        assert browser.post(path, data=fields).status_code == 403
    mine = {"seal": seal(browser.get(path).text)}
    assert browser.post(path, data=mine, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert house.facts("advice_not_known") == []
    assert browser.post(path, data=mine, headers={"sec-fetch-site": "same-origin"}).status_code == 303


def test_every_answer_keeps_the_secret_of_the_link_to_itself(house: House, caplog):
    caplog.set_level(logging.DEBUG)
    browser = house.portal()
    for path in (house.path(), house.path() + "/advice", "/answer/x", "/nothing", "/style.css", "/health"):
        headers = browser.get(path).headers
        assert headers["referrer-policy"] == "no-referrer" and headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
    ours = [one for one in caplog.records if one.name == "ehc.portal"]
    assert len(ours) == 6 and house.path().removeprefix("/answer/") not in " ".join(one.getMessage() for one in ours)


def test_a_client_that_asks_too_often_waits(house: House):
    browser = house.portal(patience=3)
    assert [browser.get("/health").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert 0 < int(browser.get("/health").headers["retry-after"]) <= 61


def test_words_of_an_agency_are_shown_as_words(house: House):
    answer = send(house.portal(), house.path() + "/decline", reasons="<script>alert(1)</script>\"'")
    assert answer.status_code == 422 and "<script>" not in answer.text and "&lt;script&gt;" in answer.text


def test_what_cannot_be_recorded_is_said_in_plain_words_and_leaves_everything_as_it_was(house: House):
    answer = send(house.portal(), house.path() + "/decline", ground="other", reasons="a\0b")
    assert answer.status_code == 409 and "Nothing was recorded" in answer.text and "fact_corrected" not in answer.text
    assert house.facts("advice_declined") == [] and house.nudged == []


def test_pages_name_the_council(house: House):
    page = house.portal().get(house.path()).text
    assert council().email in page and council().phone in page


# --- uploads ---------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("file, words", [
    pytest.param(("report.pdf", b"MZ\x90\x00", "application/pdf"), "none of the kinds", id="a program"),
    pytest.param(("report.pdf", b"", "application/pdf"), "empty", id="nothing"),
    pytest.param(("report.pdf", b"%PDF-" + b"x" * 1_200_000, "application/pdf"), "larger than", id="too large a file"),
    pytest.param(("a.docx", b"PK\x03\x04x", "application/zip"), "damaged", id="damaged"),
])
def test_a_file_that_is_not_taken_is_refused_at_its_field_and_leaves_nothing(house: House, file, words):
    answer = send(house.portal(), house.path() + "/advice", file)
    assert answer.status_code == 422 and words in answer.text and 'href="#file"' in answer.text
    assert not house.facts("advice_received") and not house.documents()
    assert not [path for path in (house.folder / "documents").rglob("*") if path.is_file()]


def test_more_than_may_be_sent_is_cut_off_while_it_comes(house: House):
    browser, path = house.portal(), house.path() + "/advice"
    fields = {"seal": seal(browser.get(path).text)}
    answer = browser.post(path, data=fields, files={"file": ("a.pdf", b"%PDF-" + b"x" * 3_000_000)})
    assert answer.status_code == 413 and "too large" in answer.text and answer.headers["referrer-policy"] == "no-referrer"
    assert not house.facts("advice_received")


def test_what_is_no_form_is_refused(house: House):
    path = house.path() + "/advice"
    broken = house.portal().post(path, content=b"--x\r\nbroken", headers={"content-type": "multipart/form-data; boundary=y"})
    assert broken.status_code in (400, 403)
    assert house.portal().put(path).status_code == 405 and house.portal().post(house.path()).status_code == 405


def test_a_name_that_leads_elsewhere_leads_nowhere(house: House):
    send(house.portal(), house.path() + "/advice", ("../../../../tmp/evil.pdf", PDF[1], "application/pdf"))
    assert [one.name for one in house.documents()] == ["evil.pdf"]
    assert {path.name for path in (house.folder / "documents" / REF).iterdir()} == {house.documents()[0].sha256}
