"""GOV.UK Notify as a channel: e-mail, text message or letter through the council's own service, each under one key.

How Notify behaves is documented at https://docs.notifications.service.gov.uk/rest-api.html; how to set it up, in
docs/govuk-notify.md.
"""

import hmac
import json
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote
from uuid import UUID

from apprise import NotifyBase, NotifyFormat
from apprise.manager_plugins import NotificationManager
from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field, SecretStr, ValidationError

if TYPE_CHECKING:
    from notifications_python_client.notifications import NotificationsAPIClient

SCHEME = "govuknotify"
LIVE = "https://api.notifications.service.gov.uk"

_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ID = re.compile(_ID, re.I)
API_KEY = re.compile(rf"(?:.*-)?({_ID}-{_ID})", re.I)         # as Notify shows it: name, service, secret
BASE = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?|http://(127\.0\.0\.1|localhost)(:\d{1,5})?")
E_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}")
PHONE = re.compile(r"\+?\d{8,15}")
LINE = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,200}")

LONGEST = {"email": 1_000_000, "sms": 918, "letter": 20_000}
"""Characters that Notify takes: 2,000,000 bytes, 918 characters, and ten printed pages, which this stays below."""

NEEDS = {"email": ("subject", "body"), "sms": ("body",), "letter": ("subject", "body")}
"""The placeholders without which a template leaves out a part of the letter. A text has its subject in its body."""

MAY_PASS = {401, 403, 429}
"""Refusals that are nothing against the message: a key that was changed, a clock that is wrong, a limit."""

NO_ANSWER = {408, 425}
"""What stands among the refusals and is none."""

WHAT_TO_DO = {
    400: "refused the message. Check the recipient in {kept}, and that the service is live and may send this kind of"
         " message, then send it again.",
    401: "did not accept the API key. Put the right one into {kept}, and set this machine's clock.",
    403: "did not accept the API key. Put the right one into {kept}, and set this machine's clock.",
    404: "does not know the template. Put the id of one of your templates into {kept}, then send it again.",
    429: "has had more from this service than it takes in a minute or a day. It is tried again.",
}


class NotTaken(Exception):
    """What Notify did not do, and what to do about it; `{kept}` stands for where the address is kept.

    `retry` is whether a later try may succeed, `unknown` whether Notify may have done it all the same. Holds neither
    the key nor the recipient nor anything that Notify said, which may repeat them.
    """

    def __init__(self, words: str, retry: bool, unknown: bool = False) -> None:
        super().__init__(words)
        self.words, self.retry, self.unknown = words, retry, unknown


class BadReceipt(ValueError):
    """What came is no receipt as Notify documents it: a web endpoint answers 400. Shows nothing of what came."""


class WrongToken(ValueError):
    """A callback that does not come from Notify: a web endpoint answers 401. Shows nothing of what came."""


class Receipt(BaseModel):
    """What Notify says of one message. The recipient, whom Notify names too, is left out.

    `key` is our message key, `status` Notify's own word, `at` when Notify last changed it (UTC).
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    id: UUID
    key: str | None = Field(validation_alias="reference", pattern=r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]{1,1000}$")
    channel: Literal["email", "sms", "letter"] = Field(validation_alias=AliasChoices("notification_type", "type"))
    status: str = Field(pattern=r"^[a-z][a-z-]{0,39}$")
    at: AwareDatetime | None = Field(default=None, validation_alias="completed_at")

    @property
    def state(self) -> Literal["waiting", "delivered", "posted", "unproven", "failed"]:
        """What the status comes to. `waiting` may still change, and so may a status that Notify brings in later.

        `posted` is a letter that was printed and dispatched: nobody has seen it arrive. `unproven` is a text to another
        country, of which Notify learns no more.
        """
        return STATES.get(self.status, "waiting")

    @property
    def again(self) -> bool:
        """Whether it failed for a reason that may have passed: to send it again, under a new key, is worth while."""
        return self.status in ("temporary-failure", "technical-failure")


STATES: Mapping[str, Any] = {
    "delivered": "delivered", "received": "posted", "sent": "unproven",
    "permanent-failure": "failed", "temporary-failure": "failed", "technical-failure": "failed",
    "cancelled": "failed", "virus-scan-failed": "failed", "validation-failed": "failed",
}
"""Every status that is an end; the others are created, sending, pending, accepted and pending-virus-check."""


def receipt_of(callback: bytes, authorization: str | None, token: SecretStr) -> Receipt:
    """The receipt that Notify posts to a web endpoint as a callback.

    `callback` is the body of the request, `authorization` its header of that name, `token` the bearer token that the
    council gave to Notify. The same receipt may come up to six times: Notify repeats what was not answered.

    Raises WrongToken, before the body is looked at, and BadReceipt. A blank token lets nobody in.
    """
    secret = token.get_secret_value()
    expected = f"Bearer {secret}".encode("utf-8", "surrogatepass")
    given = (authorization or "").encode("utf-8", "surrogatepass")
    if not hmac.compare_digest(given, expected) or not secret.strip():
        raise WrongToken("The callback does not carry the bearer token that was agreed with GOV.UK Notify. If it"
                         " should, give Notify the token again (API integration, Callbacks).")
    try:
        said = json.loads(callback)
    except (ValueError, RecursionError):
        said = None
    return _read(said)


def _read(said: object) -> Receipt:
    try:
        return Receipt.model_validate(said)
    except ValidationError as error:
        wrong = ", ".join(sorted({str(*one["loc"][:1]) or "all of it" for one in error.errors()}))
    # Outside the handler: the error holds what came.
    raise BadReceipt(f"This is no delivery receipt as GOV.UK Notify documents it; wrong or missing: {wrong}.")


@dataclass(frozen=True, slots=True)
class Account:
    """A service at GOV.UK Notify: its API key, where Notify answers, and how long to wait for it, in seconds."""

    key: SecretStr
    base: str = LIVE
    wait: tuple[float, float] = (10.0, 30.0)

    def ask(self, question: "Callable[[NotificationsAPIClient], Any]") -> Any:
        """What Notify answers. Raises NotTaken."""
        from notifications_python_client.errors import APIError            # here, as most calls of ours send nothing
        from notifications_python_client.notifications import NotificationsAPIClient

        client = NotificationsAPIClient(self.key.get_secret_value(), base_url=self.base, timeout=self.wait)
        try:
            return question(client)
        except APIError as error:
            code = None if error.response is None else error.response.status_code
        finally:
            client.request_session.close()
        raise _not_taken(code)             # outside the handler: the client's error holds the token and what was sent

    def receipt(self, key: str) -> Receipt | None:
        """What became of the message with this key; None where Notify has none, or has forgotten it (after 7 days).

        Raises NotTaken.
        """
        answer = self.ask(lambda client: client.get_all_notifications(reference=key))
        try:
            found = [_read(one) for one in answer["notifications"] if one["reference"] == key]
        except (BadReceipt, LookupError, TypeError):
            found = None
        if found is None:
            raise _not_taken(None)
        return found[0] if found else None       # the newest: a key is sent once, unless two senders met


def account_of(url: str) -> Account | None:
    """The account in an Apprise URL; None where it is another kind of channel, or holds no key."""
    results = GovUkNotify.parse_url(url) if url.lower().startswith(f"{SCHEME}://") else None
    if not results or not results["api_key"] or not BASE.fullmatch(results["base"]):
        return None
    return Account(results["api_key"], results["base"])


def _not_taken(code: int | None) -> NotTaken:
    """`code` is the HTTP status of the answer; None where none came."""
    if code is not None and 400 <= code < 500 and code not in NO_ANSWER:
        words = WHAT_TO_DO.get(code, WHAT_TO_DO[400])
        return NotTaken(f"GOV.UK Notify {words} (Error {code}.)", retry=code in MAY_PASS)
    said = "" if code is None or code < 400 else f" (error {code})"
    return NotTaken(f"GOV.UK Notify did not answer as it should{said}. If that goes on, see"
                    " https://status.notifications.service.gov.uk.", retry=True, unknown=True)


class GovUkNotify(NotifyBase):
    """The Apprise plugin for `govuknotify://API_KEY@email/TEMPLATE?to=ann@home.example`; `sms` and `letter` likewise.

    `to` is one e-mail address, one telephone number, or the lines of one postal address with `|` between them. `base`
    points to a stand-in for Notify. The template gets ((subject)), ((body)) and ((reference)).

    `reference` is the key of the message, in the URL or set before sending. What Notify has under that key already is
    not sent again. After a send that answered False, `fault` says why.
    """

    service_name = "GOV.UK Notify"
    service_url = "https://www.notifications.service.gov.uk"
    setup_url = "https://docs.notifications.service.gov.uk/rest-api.html"
    protocol = SCHEME
    category = "custom"
    notify_format = NotifyFormat.TEXT
    socket_connect_timeout = 10.0
    socket_read_timeout = 30.0
    templates = ("{schema}://{api_key}@{channel}/{template}",)
    template_tokens: Mapping[str, Any] = {
        **NotifyBase.template_tokens,
        "api_key": {"name": "API key", "type": "string", "private": True, "required": True},
        "channel": {"name": "Channel", "type": "choice:string", "values": tuple(LONGEST), "required": True},
        "template": {"name": "Template id", "type": "string", "required": True},
    }
    template_args: Mapping[str, Any] = {
        **NotifyBase.template_args,
        "to": {"name": "Recipient", "type": "string"},
        "base": {"name": "Where Notify answers", "type": "string", "default": LIVE},
        "reference": {"name": "Key of the message", "type": "string"},
    }

    def __init__(self, api_key: SecretStr | None = None, channel: str = "", template: str = "", to: str = "",
                 base: str = LIVE, reference: str = "", options: frozenset[str] = frozenset(), **kwargs: Any) -> None:
        super().__init__(**kwargs)
        recipient = _recipient(channel, to)
        wrong = [what for what, right in (
            ("API key", api_key), ("channel (email, sms or letter)", channel in LONGEST),
            ("template id", ID.fullmatch(template)), ("to", recipient), ("base", BASE.fullmatch(base)),
            ("options (unknown ones)", options <= self.template_args.keys())) if not right]
        if wrong:
            raise TypeError(f"In a {SCHEME}:// address this is wrong or missing: {', '.join(wrong)}.")
        self.account = Account(api_key, base, self.request_timeout)
        self.channel, self.template, self.reference = channel, template.lower(), reference
        self.recipient = SecretStr(recipient)
        self.body_maxlen = LONGEST[channel]
        self.title_maxlen = 0 if channel == "sms" else NotifyBase.title_maxlen
        self.fault: NotTaken | None = None

    @property
    def kind(self) -> str:
        """What carries the message, as the record names it: govuknotify-email, -sms or -letter."""
        return f"{SCHEME}-{self.channel}"

    def url(self, privacy: bool = False, *args: Any, **kwargs: Any) -> str:
        """The address again; with `privacy`, without key and recipient."""
        key, to = ("****", "****") if privacy else (
            quote(self.account.key.get_secret_value(), safe=""), self.recipient.get_secret_value())
        more = {"to": to} | ({"base": self.account.base} if self.account.base != LIVE else {})
        more |= {"reference": self.reference} if self.reference else {}
        return (f"{SCHEME}://{key}@{self.channel}/{self.template}?"
                + self.urlencode(more | self.url_parameters(*args, privacy=privacy, **kwargs)))

    @staticmethod
    def parse_url(url: str) -> dict[str, Any] | None:
        """The parts of an address, for `__init__`. The key is taken as Notify shows it, or as SERVICE_ID:SECRET."""
        results: dict[str, Any] | None = NotifyBase.parse_url(url, verify_host=False)
        if results:
            given = "-".join(filter(None, (results.pop("user", None), results.pop("password", None))))
            key = API_KEY.fullmatch(NotifyBase.unquote(given))
            results |= {"api_key": SecretStr(key[1]) if key else None, "channel": (results["host"] or "").lower(),
                        "template": NotifyBase.unquote(results["fullpath"] or "").strip("/"),
                        "to": results["qsd"].get("to", ""), "base": results["qsd"].get("base", "").rstrip("/") or LIVE,
                        "reference": results["qsd"].get("reference", ""), "options": frozenset(results["qsd"])}
        return results

    def send(self, body: str, title: str = "", **kwargs: Any) -> bool:
        """Hand the message to Notify, once for its key. True if Notify has it, from now or from an earlier try."""
        self.fault = None
        if not LINE.fullmatch(self.reference):
            self.fault = NotTaken("The message has no key under which GOV.UK Notify could know it again. Send through"
                                  " Channels, or put &reference= into the address.", retry=False)
        else:
            try:
                self._hand_over(body, title)
            except NotTaken as fault:
                self.fault = fault
        if self.fault:
            self.logger.warning("%s", self.fault)
        return self.fault is None

    def _hand_over(self, body: str, title: str) -> None:
        # Notify does not refuse a key that it has had. So it is asked first: the answer to an earlier try may have been
        # lost, or its sender killed before it wrote the answer down.
        if self.account.receipt(self.reference):
            return
        self._check_template()
        text = body.replace("\r\n", "\n")
        fields = {"subject": title, "body": text, "reference": self.reference}
        to = self.recipient.get_secret_value()
        try:
            match self.channel:
                case "email":
                    self.account.ask(lambda client: client.send_email_notification(
                        to, self.template, fields, self.reference))
                case "sms":
                    self.account.ask(lambda client: client.send_sms_notification(
                        to, self.template, fields, self.reference))
                case "letter":
                    lines = {f"address_line_{number}": line for number, line in enumerate(to.split("|"), 1)}
                    self.account.ask(lambda client: client.send_letter_notification(
                        self.template, fields | lines, self.reference))
        except NotTaken as fault:
            # If this was the last try, a message that went would be sent again under another key.
            if not fault.unknown or self.account.receipt(self.reference) is None:
                raise

    def _check_template(self) -> None:
        """Refuse a template that would send less than the letter: what arrives without it would count as the letter."""
        found = self.account.ask(lambda client: client.get_template(self.template))
        try:
            kind, text = found["type"], f"{found['subject'] or ''} {found['body']}"
        except (LookupError, TypeError):
            raise _not_taken(None) from None
        if kind != self.channel:
            raise NotTaken("The template in {kept} is for another channel at GOV.UK Notify. Put the id of one for"
                           f" {self.channel} there, then send it again.", retry=False)
        missing = [name for name in NEEDS[self.channel] if not re.search(rf"\(\(\s*{name}\s*\)\)", text, re.I)]
        if missing:
            raise NotTaken("The template in {kept} would leave out a part of the letter. Write "
                           + " and ".join(f"(({name}))" for name in missing)
                           + " into it at GOV.UK Notify, then send it again.", retry=False)


def _recipient(channel: str, to: str) -> str | None:
    """One recipient as Notify takes it; None where it is none, or more than one."""
    to = to.strip()
    match channel:
        case "email":
            return to if E_MAIL.fullmatch(to) else None
        case "sms":
            number = re.sub(r"[ ().-]", "", to)
            return number if PHONE.fullmatch(number) else None
        case "letter":
            lines = [line.strip() for line in to.split("|")]
            return "|".join(lines) if 3 <= len(lines) <= 7 and all(map(LINE.fullmatch, lines)) else None
    return None


def make_known() -> None:
    """Make `govuknotify://` a scheme that Apprise knows. Safe to repeat."""
    plugins = NotificationManager()
    if SCHEME not in plugins:
        plugins.add(GovUkNotify)


# The client logs what Notify said, which may repeat what was sent to it. Our logs hold references only.
_log = logging.getLogger("notifications_python_client")
_log.propagate = False
_log.addHandler(logging.NullHandler())
