"""The default channel: one readable .eml file a message, in a folder, for a newcomer to look at or a print room to use."""

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from hashlib import sha256
from pathlib import Path
from textwrap import wrap
from typing import Any
from uuid import uuid4

from apprise import NotifyBase, NotifyFormat
from apprise.manager_plugins import NotificationManager

WIDTH = 72
LONGEST_LINE = 900       # RFC 5322 allows 998 octets a line
NOWHERE = "ehc.invalid"  # a domain that can never exist (RFC 2606): the file is read, not posted
# A header in plain letters stays on one line; where it must be encoded (RFC 2047) it is folded.
READABLE: EmailPolicy = SMTP.clone(linesep="\n", cte_type="8bit", max_line_length=0)
ENCODED: EmailPolicy = READABLE.clone(max_line_length=78)


@dataclass(frozen=True, slots=True)
class Slip:
    """What an envelope says beside the letter: to whom, under which key, and when. `at` has a time zone."""

    role: str
    agency: str | None
    key: str
    at: datetime
    sender: str


class EmlFolder(NotifyBase):
    """The Apprise plugin for `eml:///a/folder`. Writes `folder/ROLE/NAME.eml`, named after the key of the message.

    The same key written twice is one file. A reader never sees half a file. Files can be read by their owner only.
    """

    service_name = "Folder of .eml files"
    service_url = "https://www.rfc-editor.org/rfc/rfc5322"
    setup_url = "https://www.rfc-editor.org/rfc/rfc5322"
    protocol = "eml"
    category = "custom"
    notify_format = NotifyFormat.TEXT
    body_maxlen = 1_000_000
    templates = ("{schema}://{path}",)
    template_tokens: Mapping[str, Any] = {**NotifyBase.template_tokens, "path": {"name": "Folder", "type": "string"}}

    def __init__(self, folder: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.folder = Path(folder)
        self.slip: Slip | None = None

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        return f"eml://{self.quote(str(self.folder))}"

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        results: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=False)
        if results:
            results["folder"] = "/" + NotifyBase.unquote(url.partition("://")[2].partition("?")[0]).strip("/")
        return results

    def send(self, body: str, title: str = "", **kwargs: Any) -> bool:
        """Write the file. False, with the reason in Apprise's log, if the folder does not take it."""
        if self.slip is None:
            self.logger.warning("An eml:// channel needs to be told for whom the message is; send through Channels.")
            return False
        place = self.folder / self.slip.role / f"{file_name(self.slip.key)}.eml"
        try:
            _write_whole(place, envelope(self.slip, title, body).as_bytes())
        except OSError as error:
            self.logger.warning("The outbox folder did not take the file: %s", error.strerror)
            return False
        return True


def file_name(key: str) -> str:
    """A readable file name that differs wherever the key does.

    >>> file_name("EHC-2026-0042/reminder/rcb")
    'EHC-2026-0042-reminder-rcb-e96a0d38b7'
    """
    words = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")[:80]
    return f"{words}-{sha256(key.encode()).hexdigest()[:10]}".lstrip("-")


def envelope(slip: Slip, subject: str, body: str) -> EmailMessage:
    """The letter as an e-mail (RFC 5322). Its date and identity come from the slip alone: written twice, it is the same."""
    mail = EmailMessage(policy=READABLE if f"{subject}{slip.sender}".isascii() else ENCODED)
    mail["From"] = Address(slip.sender, "send-team", NOWHERE)
    mail["To"] = Address(" ".join(filter(None, (slip.role, slip.agency))), slip.role, NOWHERE)
    mail["Subject"] = subject
    mail["Date"] = format_datetime(slip.at)
    mail["Message-ID"] = f"<{sha256(slip.key.encode()).hexdigest()[:32]}@{NOWHERE}>"
    mail["Auto-Submitted"] = "auto-generated"
    text = flowed(body)
    long = max(len(line.encode()) for line in text.splitlines() or [""]) > LONGEST_LINE
    mail.set_content(text, cte="quoted-printable" if long else "8bit", params={"format": "flowed"})
    return mail


def flowed(body: str) -> str:
    """The body folded for the eye; a mail program joins the lines of a paragraph again (RFC 3676, format=flowed)."""
    lines: list[str] = []
    for paragraph in body.splitlines():
        parts = wrap(paragraph, WIDTH, break_long_words=False, break_on_hyphens=False) or [""]
        lines += [_stuffed(part) + (" " if number < len(parts) else "") for number, part in enumerate(parts, 1)]
    return "\n".join(lines) + "\n"


def _stuffed(line: str) -> str:
    return f" {line}" if line.startswith((" ", ">", "From ")) else line


def _write_whole(place: Path, content: bytes) -> None:
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = place.parent / f".{uuid4().hex}.part"
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(place)
    finally:
        with suppress(FileNotFoundError):
            part.unlink()


def make_known() -> None:
    """Make `eml://` a scheme that Apprise knows. Safe to repeat. Loads all of Apprise's plugins, once (a quarter second)."""
    plugins = NotificationManager()
    if EmlFolder.protocol not in plugins:
        plugins.add(EmlFolder)
