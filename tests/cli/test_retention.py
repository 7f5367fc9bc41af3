"""`ehc retention` and `ehc erase`, as officers call them."""

from pathlib import Path

import pytest

REF = "EHC-2008-0001"


@pytest.fixture
def grown_up(ehc, monkeypatch):
    """A case that ended, of somebody born in 1990; a policy, and a key."""
    for name, value in {"EHC_SEAL_KEY": "keys/seal.pem", "EHC_RETENTION__PLAN": "31", "EHC_RETENTION__NO_PLAN": "25"}.items():
        monkeypatch.setenv(name, value)
    assert ehc("receive", "--requested-by", "parent", "--attends", "school", "--on", "2008-03-03", "--name", "Sam Qzarth", "--born",
               "1990-01-31", "--no-nudge").code == 0
    assert ehc("record", REF, "moved_away", "--on", "2008-03-04", "to=kent", "note=Sam left", "--no-nudge").code == 0
    assert ehc("trail", "key", "new").code == 0
    return ehc


ERASE = ("erase", REF, "--by", "o-1", "--approved-by", "o-2", "--because", "the period is over")


def test_what_is_due_is_listed_previewed_erased_and_certified(grown_up):
    ehc = grown_up
    listed = ehc("retention")
    assert listed.code == 1 and REF in listed.out and "no plan was made: 25 years from birth" in listed.out
    assert "Nothing is erased by itself" in listed.out and "Qzarth" not in listed.out
    shown = ehc("erase", REF, "--dry-run")
    assert shown.code == 0 and "1 person" in shown.out and f"text {REF}/2/note" in shown.out and "Qzarth" not in shown.out
    assert ehc("retention", "--json").json["cases"][0]["state"] == "due"
    done = ehc(*ERASE)
    assert done.code == 0 and "Certificate 1:" in done.out, done.err
    certificate = Path("var/seals/erasures/000001.txt").read_text()
    assert f"cases {REF}\nrule no_plan 25\nby o-1\napproved o-2\n" in certificate
    assert ehc("retention").code == 0 and "Nothing is due" in ehc("retention").out
    assert ehc("trail", "verify").code == 0
    again = ehc("erase", REF)
    assert again.code == 0 and "erased already" in again.out
    assert ehc("erase", REF, "--dry-run").code == 1
    assert ehc("person", REF).out == f"{REF}: the personal data of this case were erased.\n"
    assert len(list(Path("var/outbox/auditors").iterdir())) == 1


@pytest.mark.parametrize("left_out", ["--by", "--approved-by", "--because"])
def test_two_officers_and_a_reason_are_needed(grown_up, left_out):
    words = list(ERASE)
    place = words.index(left_out)
    answer = grown_up(*words[:place], *words[place + 2:])
    assert answer.code == 2 and "two officers and a reason" in answer.err
    assert grown_up("erase", REF, "--by", "o-1", "--approved-by", "o-1", "--because", "over").code == 1


def test_a_hold_is_placed_and_lifted_as_facts_and_shown_with_its_officer(grown_up):
    ehc = grown_up
    assert ehc("record", REF, "legal_hold_placed", "ground=ombudsman", "decided_by=o-9", "because=complaint 26 001", "--no-nudge").code == 0
    listed = ehc("retention")
    assert listed.code == 0 and "legal hold (ombudsman)" in listed.out and "by o-9" in listed.out
    assert ehc("erase", REF, "--dry-run").code == 1
    refused = ehc(*ERASE)
    assert refused.code == 1 and "legal hold (ombudsman)" in refused.err
    assert ehc("record", REF, "legal_hold_lifted", "ground=ombudsman", "decided_by=o-9", "because=decided", "--no-nudge").code == 0
    assert ehc(*ERASE).code == 0


def test_without_a_policy_nothing_falls_due_and_it_is_said(grown_up, monkeypatch):
    for name in ("EHC_RETENTION__PLAN", "EHC_RETENTION__NO_PLAN"):
        monkeypatch.delenv(name)
    answer = grown_up("retention")
    assert answer.code == 1 and "No policy is set" in answer.out
    assert "EHC_RETENTION__NO_PLAN" in grown_up(*ERASE).err
    assert "retention" in [one["what"] for one in grown_up("doctor", "--json").json["findings"] if one["state"] == "care"]


def test_a_missing_birth_date_is_listed_and_ends_with_1(ehc, monkeypatch):
    monkeypatch.setenv("EHC_RETENTION__PLAN", "31")
    assert ehc("receive", "--requested-by", "parent", "--attends", "school", "--on", "2008-03-03", "--no-nudge").code == 0
    answer = ehc("retention")
    assert answer.code == 1 and "nobody is named in it" in answer.out and f"ehc person {REF}" in answer.out


def test_a_policy_that_cannot_be_meant_is_refused(ehc, monkeypatch):
    monkeypatch.setenv("EHC_RETENTION__PLAN", "3")
    answer = ehc("retention")
    assert answer.code == 2 and "EHC_RETENTION__PLAN" in answer.err
