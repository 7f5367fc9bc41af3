"""From a letter to its recipient, through whatever channel the recipient has; a folder of files where there is none."""

import hmac
import logging
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote

from apprise import Apprise, AppriseAsset, NotifyBase, NotifyFormat, OverflowMode
from pydantic import SecretStr

from notifications import eml, govuk_notify
from notifications.eml import EmlFolder, Slip
from notifications.govuk_notify import GovUkNotify
from notifications.letter import Letter
from notifications.trust import Trust

DEFAULT = "default"
MAIL = "mail"
LEAD = ".lead"
KEY, PROOF = "X-EHC-Key", "X-EHC-Proof"
"""The headers by which an e-mail of ours is known again when it comes back."""

ROLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,79}")        # the name of a folder, too
AGENCY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
E_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+=^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
REPLY_CODE = re.compile(r"\((\d{3}), b|refused: (\d{3})|[Ee]rror[=: ]+(\d{3})")
WORTH_ANOTHER_TRY = {408, 425, 429}
GOING_AWAY = 421                                                # what a mail server says that shuts the connection (RFC 5321)


PATIENCE = 3
"""How often running a server may give no answer before the other letters through it are left for the next round."""


class NotSent(Exception):
    """A letter that did not go: which case, what to do next, and whether another try may help. Never holds an address.

    `why` is a code: no_address, refused, no_answer, not_tried, too_long or bad_letter. `silent` is whether nothing at all came
    back, so that it may be the server that is down.
    """

    def __init__(self, case_ref: str, message: str, retry: bool, why: str, silent: bool = False) -> None:
        super().__init__(f"{case_ref}: {message}")
        self.case_ref, self.message, self.retry, self.why, self.silent = case_ref, message, retry, why, silent


@dataclass(frozen=True, slots=True)
class Outcome:
    """A letter that went: the kind of channel that took it (such as mailto or eml), and the hash of what was sent."""

    channel: str
    sha256: str


@dataclass(frozen=True, slots=True)
class _Address:
    url: str = field(repr=False)
    kept: str                    # where it stands, to say so in an error without saying what it is
    plain: str | None = field(default=None, repr=False)     # the e-mail address, where that is all that is known


class Channels:
    """Sends letters, each to one recipient.

    `urls` are Apprise URLs by agency reference, by role ("setting", "ep_service.lead", "council.owner"), and under
    "default" for everybody else; without a default, letters become files in `outbox_dir`. Under "mail" stands the URL
    of the council's own mail server, such as mailtos://user:password@smtp.example, which carries letters to a plain
    e-mail address; another kind of service says with {to} where the address goes. `sender` is the name that files
    give as the sender. `secret` makes an e-mail of ours known again when it comes back.

    Made anew for each round: a server that gave no answer three times running is not asked again, so that it holds up neither
    the letters through others nor the round itself; nor are the system's authorities read again.
    """

    def __init__(self, urls: Mapping[str, SecretStr], outbox_dir: Path, sender: str = "SEND team",
                 secret: SecretStr = SecretStr("")) -> None:
        eml.make_known()
        govuk_notify.make_known()
        self._urls, self._secret, self._trust = dict(urls), secret, Trust()
        self._silent: Counter[str] = Counter()              # by server: how often running it gave no answer
        self._outbox = f"eml://{quote(str(outbox_dir.absolute()))}"
        self._sender = sender

    def send(self, to_role: str, to_agency: str | None, letter: Letter, key: str, case_ref: str,
             address: SecretStr | None = None, *, at: datetime) -> Outcome:
        """Send the letter once, and say what took it.

        `address` is the recipient's own (an Apprise URL or an e-mail address) and comes before all others; then the
        agency's, the role's, the default. `at` is the moment that a file gives as its date; mail servers give their own.
        A channel that answers late may have taken the letter: a repeat carries the same key.

        Raises NotSent.
        """
        self._check(to_role, to_agency, letter, key, case_ref)
        found = self._find(to_role, to_agency, case_ref, address)
        with _listening() as heard:
            plugin = self._plugin(found, case_ref)
            longest = plugin.body_maxlen - (len(letter.subject) + 2 if plugin.title_maxlen <= 0 else 0)
            if len(letter.body) > longest:
                raise NotSent(case_ref, f"The letter has {len(letter.body)} characters and {_shown(plugin, found)} takes"
                              f" {longest}; it must arrive whole. Give {found.kept} a channel that takes more, such as"
                              " mailto://.", retry=False, why="too_long")
            if isinstance(plugin, EmlFolder):
                plugin.slip = Slip(to_role, to_agency, key, at, self._sender)
            elif isinstance(plugin, GovUkNotify):
                plugin.reference = key
            elif hasattr(plugin, "headers") and plugin.protocol == "mailto":
                plugin.headers |= {"Auto-Submitted": "auto-generated", KEY: key, PROOF: proof_of(key, self._secret)}
            server = _server(plugin)
            if self._silent[server] >= PATIENCE:
                raise NotSent(case_ref, f"{_shown(plugin, found)} gave no answer {PATIENCE} times running, so that this letter was"
                              f" not tried; it waits. Check that the channel of {found.kept} is up.", retry=True, why="not_tried")
            went = Apprise(asset=_asset())
            went.add(plugin)
            with self._trust.lent_to(plugin):
                # True, False or None; in later versions a result that is true only if every part of it succeeded.
                taken = went.notify(title=letter.subject, body=letter.body, body_format=NotifyFormat.TEXT)
            if not taken:
                error = _not_taken(plugin, found, case_ref, heard)
                self._silent[server] = self._silent[server] + 1 if error.silent else 0
                raise error
            self._silent[server] = 0
        return Outcome(_kind_of(plugin, found), letter.sha256)

    @property
    def urls(self) -> Mapping[str, SecretStr]:
        """Every address by the name under which it is set up."""
        return self._urls

    def kind_for(self, to_role: str, to_agency: str | None, letter: Letter, key: str, case_ref: str,
                 address: SecretStr | None = None) -> str:
        """The kind of channel that would take this letter, such as mailto or eml; nothing is sent. Raises NotSent."""
        self._check(to_role, to_agency, letter, key, case_ref)
        found = self._find(to_role, to_agency, case_ref, address)
        return _kind_of(self._plugin(found, case_ref), found)

    def knows(self, name: str) -> bool:
        """Whether an address is set up for this agency, officer or role by its own name."""
        return name in self._urls

    def _check(self, to_role: str, to_agency: str | None, letter: Letter, key: str, case_ref: str) -> None:
        bad = [] if ROLE.fullmatch(to_role) else ["role"]
        bad += [] if to_agency is None or AGENCY.fullmatch(to_agency) else ["agency"]
        bad += [name for name, value in (("subject", letter.subject), ("key", key)) if CONTROL.search(value) or not value]
        if bad:
            raise NotSent(case_ref, f"The {' and the '.join(bad)} of the letter cannot be used: blank, or with line"
                          " breaks or other characters that could change what is sent. Write the letter anew.",
                          retry=False, why="bad_letter")

    def _find(self, to_role: str, to_agency: str | None, case_ref: str, address: SecretStr | None) -> _Address:
        if address is not None and address.get_secret_value().strip():
            own = address.get_secret_value().strip()
            if not E_MAIL.fullmatch(own):
                return _Address(own, "this recipient")
            server = self._urls[MAIL].get_secret_value() if MAIL in self._urls else ""
            if not server.startswith(("mailto://", "mailtos://")) and "{to}" not in server:
                raise NotSent(case_ref, "The recipient has an e-mail address, and no mail server is set up for it. Put"
                              " one in EHC_CHANNELS under 'mail', such as mailtos://user:password@smtp.example.",
                              retry=False, why="no_address")
            return _Address(server.replace("{to}", quote(own, safe="@")), "this recipient", own)
        names = [to_agency, to_role, DEFAULT]
        if to_agency and to_role.endswith(LEAD):
            names.insert(0, f"{to_agency}{LEAD}")
        for name in names:
            if name and name in self._urls:
                return _Address(self._urls[name].get_secret_value(), f"{name!r} in EHC_CHANNELS")
        return _Address(self._outbox, "the outbox folder")

    def _plugin(self, found: _Address, case_ref: str) -> NotifyBase:
        plugin = Apprise.instantiate(found.url, asset=_asset())
        if plugin is None:
            raise NotSent(case_ref, f"The address of {found.kept} cannot be used ({_scheme(found.url)}). Correct it; see"
                          " https://appriseit.com for how each kind is written.", retry=False, why="no_address")
        if plugin.protocol == "mailto":
            if found.plain:
                plugin.targets = [(False, found.plain)]
            plugin.notify_format = NotifyFormat.TEXT
        copies = len(getattr(plugin, "cc", ())) + len(getattr(plugin, "bcc", ()))
        if len(plugin) + copies != 1:
            raise NotSent(case_ref, f"The address of {found.kept} names {len(plugin) + copies} recipients. Give it one: it"
                          " must be possible to prove who was told.", retry=False, why="no_address")
        if not _understood(plugin, found):
            raise NotSent(case_ref, f"The address of {found.kept} is not understood as it is written, and the letter might"
                          " reach somebody else. Give the plain e-mail address instead.", retry=False, why="no_address")
        plugin.optional = False                         # ?optional=yes would call a failure a success
        plugin.overflow_mode = OverflowMode.UPSTREAM    # never cut a notice short, never in pieces
        return plugin


def proof_of(key: str, secret: SecretStr) -> str:
    """What shows that an e-mail with this key was ours, when it comes back: nobody can work it out who has not the secret, the
    first of several with commas. It is of no use for anything else."""
    first = secret.get_secret_value().partition(",")[0].strip()
    return hmac.new(first.encode(), f"mail {key}".encode(), "sha256").hexdigest()[:40]


def _understood(plugin: NotifyBase, found: _Address) -> bool:
    """Whether the recipient is the one that was written: Apprise reads o'neill@x.example as neill@x.example."""
    if plugin.protocol != "mailto":
        return found.plain is None or found.plain in unquote(plugin.url())
    if not plugin.targets:
        return False
    read: str = plugin.targets[0][1]
    return read in (found.plain, plugin.from_addr[1]) or bool(
        re.search(rf"[/=,:;<\s]{re.escape(read)}(?![\w.-])", unquote(found.url)))


def _asset() -> AppriseAsset:
    return AppriseAsset(app_id="EHC", app_desc="EHC needs assessments", async_mode=False)


def _kind_of(plugin: NotifyBase, found: _Address) -> str:
    return plugin.kind if isinstance(plugin, GovUkNotify) else _scheme(found.url)


def _server(plugin: NotifyBase) -> str:
    """Which server takes what goes through a plugin, so far as it tells."""
    if isinstance(plugin, GovUkNotify):
        return plugin.account.base
    host = getattr(plugin, "smtp_host", None) or getattr(plugin, "host", None) or ""
    return f"{plugin.protocol or plugin.secure_protocol}://{host}:{getattr(plugin, 'port', None) or ''}"


def _scheme(url: str) -> str:
    scheme = url.partition("://")[0].lower()
    return scheme if re.fullmatch(r"[a-z][a-z0-9+.-]{0,19}", scheme) and "://" in url else "not a URL"


def _shown(plugin: NotifyBase, found: _Address) -> str:
    """The channel as an error may show it: scheme and host, without user, password, token or recipient."""
    if found.kept == "this recipient":
        return f"{_scheme(found.url)}://"
    host = plugin.url(privacy=True).partition("://")[2].partition("?")[0].partition("/")[0].rpartition("@")[2]
    return f"{_scheme(found.url)}://{host}"


def _not_taken(plugin: NotifyBase, found: _Address, case_ref: str, heard: list[str]) -> NotSent:
    codes = {int(code) for line in heard for groups in REPLY_CODE.findall(line) for code in groups if code}
    if isinstance(plugin, GovUkNotify) and (fault := plugin.fault):
        return NotSent(case_ref, fault.words.replace("{kept}", f"the address of {found.kept}"), fault.retry,
                       "no_answer" if fault.retry else "refused", silent=fault.unknown and not codes)
    channel = _shown(plugin, found)
    # A mail server's 4xx passes, its 5xx does not; on the web it is the other way round.
    mail = channel.startswith("mailto")
    final = {code for code in codes if (500 <= code < 600 if mail else 400 <= code < 500 and code not in WORTH_ANOTHER_TRY)}
    if final:
        return NotSent(case_ref, f"{channel} refused the letter for good (code {min(final)}). Check the address of {found.kept},"
                       " then send it again.", retry=False, why="refused")
    said = f" (code {min(codes)})" if codes else ""
    return NotSent(case_ref, f"{channel} did not take the letter{said}. It is tried again; if that goes on, check that the"
                   f" channel of {found.kept} is up.", retry=True, why="no_answer", silent=not codes - {GOING_AWAY})


_heard: ContextVar[list[str] | None] = ContextVar("heard", default=None)


class _Ear(logging.Handler):
    """Keeps what Apprise says while one letter is sent: notify() answers yes or no, its log says why."""

    def emit(self, record: logging.LogRecord) -> None:
        lines = _heard.get()
        if lines is not None:
            lines.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    lines: list[str] = []
    token = _heard.set(lines)
    try:
        yield lines
    finally:
        _heard.reset(token)


def _not_ours(_record: logging.LogRecord) -> bool:
    return _heard.get() is None


# Apprise writes addresses into its log, and below it urllib3 the paths of web hooks, which are secrets. Our logs hold
# references only: what Apprise says ends here, and what urllib3 says while a letter is sent is dropped.
_log = logging.getLogger("apprise")
_log.propagate = False
_log.setLevel(logging.DEBUG)
_log.addHandler(_Ear())
logging.getLogger("urllib3.connectionpool").addFilter(_not_ours)
