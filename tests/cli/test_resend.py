"""`ehc resend`: what failed for good goes again, to the one who has not had it."""

from pathlib import Path

REF = "EHC-2026-0001"
COUNCIL = {f"EHC_COUNCIL__{name}": "01632 960001" for name in (
    "NAME", "PHONE", "EMAIL", "POST", "MEDIATION_ADVISER", "SENDIASS", "DISAGREEMENT_RESOLUTION", "TRIBUNAL", "LOCAL_OFFER")}


def test_what_failed_goes_again_once_the_address_is_mended(ehc):
    ehc("receive", "--no-nudge", "--requested-by", "parent", "--name", "Sam Ash", "--born", "2017-05-04", "--attends", "school",
        "--setting", "school-7")
    broken = ehc("watch", "--without-prefect", env=COUNCIL | {"EHC_CHANNELS": '{"rcb": "nothing://"}'})
    assert broken.code == 1 and "rcb" in broken.err
    nothing_else = ehc("resend", REF, f"{REF}/request_acknowledged/family/1", "--no-nudge")
    assert nothing_else.code == 1 and "no message failed for good or came back under this key" in nothing_else.err
    answer = ehc("resend", REF, "--no-nudge", "--json")
    assert answer.code == 0 and answer.json["to_be_sent"] == [f"{REF}/considering_partners/rcb/1/again-2"]
    assert ehc("resend", REF, "--no-nudge").code == 1, "it waits already"
    assert ehc("watch", "--without-prefect", env=COUNCIL).code == 0
    assert len(list(Path("var/outbox/rcb").iterdir())) == 1 and len(list(Path("var/outbox/family").iterdir())) == 2
    assert ehc("trail", "verify").code == 0 and ehc("rebuild", "--check").code == 0


def test_a_case_that_is_not_there_is_named(ehc):
    ehc("receive", "--no-nudge", "--requested-by", "parent", "--name", "Sam Ash", "--born", "2017-05-04")
    answer = ehc("resend", "EHC-2026-0999", "--no-nudge")
    assert answer.code == 2 and "EHC-2026-0999" in answer.err
