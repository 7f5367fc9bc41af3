"""Every message can be seen before anything is switched on, and showing sends nothing."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import SecretStr

from notifications.channels import NotSent
from notifications.letter import Council, WordingError
from notifications.messages import MESSAGES
from notifications.showing import ShowingChannels, made_up_letter
from tests.notifications.samples import COUNCIL

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_of_the_catalogue_is_shown_in_a_made_up_case(name: str) -> None:
    letter = made_up_letter(name, COUNCIL)
    assert "EHC-2026-0000" in letter.subject and letter.wording and letter.wording.startswith(f"{name}/")


def test_what_the_settings_leave_blank_is_named_where_it_would_stand() -> None:
    assert "(EHC_COUNCIL__PHONE is blank)" in made_up_letter("request_acknowledged", Council()).body


def test_a_message_that_does_not_exist_is_answered_with_those_that_do() -> None:
    with pytest.raises(WordingError, match="request_acknowledged"):
        made_up_letter("nothing", COUNCIL)


def test_channels_that_show_take_a_letter_and_leave_no_file(tmp_path: Path) -> None:
    channels, letter = ShowingChannels({}, tmp_path / "outbox"), made_up_letter("reminder", COUNCIL)
    outcome = channels.send("rcb", None, letter, "k/1", "EHC-2026-0000", at=AT)
    assert outcome.channel == "eml" and channels.shown[0].letter == letter
    assert not (tmp_path / "outbox").exists()


def test_an_address_that_no_channel_can_serve_is_told_without_sending(tmp_path: Path) -> None:
    with pytest.raises(NotSent, match="no mail server"):
        ShowingChannels({}, tmp_path).send("family", None, made_up_letter("new_contact", COUNCIL), "k/1", "EHC-2026-0000",
                                           SecretStr("jo@example.org"), at=AT)
