"""A stand-in for GOV.UK Notify on this machine: its documented API over real HTTP, and what can go wrong with it.

Checks the token of every request, knows templates, keeps what it was given, and repeats the recipient in its errors,
as a real service might. Source: https://docs.notifications.service.gov.uk/rest-api.html
"""

import hmac
import json
import re
import threading
import time
from base64 import urlsafe_b64decode
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

SERVICE = "26785a09-ab16-4eb0-8407-a37497a57506"
SECRET = "3d844edf-8d35-48ac-975b-e847b4f122b0"
API_KEY = f"send_team-{SERVICE}-{SECRET}"

EMAIL = "11111111-2ff2-4a88-8f6e-b855c550268c"
SMS = "22222222-2ff2-4a88-8f6e-b855c550268c"
LETTER = "33333333-2ff2-4a88-8f6e-b855c550268c"
WITHOUT_BODY = "44444444-2ff2-4a88-8f6e-b855c550268c"
WANTS_MORE = "55555555-2ff2-4a88-8f6e-b855c550268c"
UNKNOWN = "99999999-2ff2-4a88-8f6e-b855c550268c"

TEMPLATES = {
    EMAIL: ("email", "((subject))", "((body))\n\nOur key: ((reference))"),
    SMS: ("sms", None, "(( Body ))"),
    LETTER: ("letter", "((subject))", "((body))"),
    WITHOUT_BODY: ("email", "((subject))", "There is news for you. Please ring us."),
    WANTS_MORE: ("email", "((subject))", "Dear ((name)),\n((body))"),
}

POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", re.I)
CREATED = "2026-04-09T08:30:00.000000Z"
COMPLETED = "2026-04-09T08:31:00.000000Z"


class Refused(Exception):
    """An error as Notify answers it."""

    def __init__(self, code: int, error: str, message: str) -> None:
        super().__init__(message)
        self.code, self.answer = code, {"status_code": code, "errors": [{"error": error, "message": message}]}


@dataclass
class Notify:
    """What the stand-in was given and how it is to behave.

    `notifications` are kept, oldest first; `asked` are the requests as (method, path). `mishaps` happen to the next
    requests of their method: ("POST", 429), or ("POST", "drop"), which takes the message and hangs up, ("POST",
    "hold"), which takes it and does not answer until `release` is set, or ("GET", "junk"), a page that is no JSON.
    """

    base: str = ""
    notifications: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    mishaps: deque[tuple[str, int | str]] = field(default_factory=deque)
    secret: str = SECRET
    clock_is_off_by: int = 0
    release: threading.Event = field(default_factory=threading.Event)

    def url(self, kind: str, template: str, to: str, more: str = "") -> str:
        """The Apprise address of one recipient at this stand-in."""
        return f"govuknotify://{API_KEY}@{kind}/{template}?to={to}&base={self.base}{more}"

    def posts(self) -> int:
        return sum(method == "POST" for method, _ in self.asked)

    def becomes(self, status: str, number: int = -1) -> dict[str, Any]:
        """Let a message come to this status."""
        self.notifications[number] |= {"status": status, "completed_at": COMPLETED}
        return self.notifications[number]

    def callback(self, number: int = -1, **other: Any) -> bytes:
        """What Notify posts to a web endpoint about a message."""
        one = self.notifications[number]
        to = one["email_address"] or one["phone_number"] or one["line_1"]
        return json.dumps({
            "id": one["id"], "reference": one["reference"], "to": to, "status": one["status"], "created_at": CREATED,
            "completed_at": one["completed_at"], "sent_at": CREATED, "notification_type": one["type"],
            "template_id": one["template"]["id"], "template_version": 1} | other).encode()

    def answer(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        if method == "GET" and (found := re.fullmatch(r"/v2/template/([^/]+)", path)):
            kind, subject, text = self._template(found[1])
            return 200, {"id": found[1], "type": kind, "subject": subject, "body": text, "version": 1, "name": "Letter",
                         "created_at": CREATED, "updated_at": None, "created_by": "send@wharnley.example"}
        if method == "GET" and path == "/v2/notifications":
            if query.keys() - {"reference", "status", "template_type", "older_than", "include_jobs"}:
                raise Refused(400, "ValidationError", "Additional properties are not allowed")
            wanted = query.get("reference", [None])[0]
            found = [one for one in reversed(self.notifications) if wanted in (None, one["reference"])]
            return 200, {"notifications": found[:250], "links": {"current": f"{self.base}{path}"}}
        if method == "GET" and (found := re.fullmatch(r"/v2/notifications/([^/]+)", path)):
            for one in self.notifications:
                if one["id"] == found[1]:
                    return 200, one
            raise Refused(404, "NoResultFound", "No result found")
        if method == "POST" and (found := re.fullmatch(r"/v2/notifications/(email|sms|letter)", path)):
            return 201, self._take(found[1], body)
        raise Refused(404, "NotFound", "The requested URL was not found on the server.")

    def _template(self, wanted: str) -> tuple[str, str | None, str]:
        if wanted not in TEMPLATES:
            raise Refused(404, "NoResultFound", "No result found")
        return TEMPLATES[wanted]

    def _take(self, kind: str, body: dict[str, Any]) -> dict[str, Any]:
        fields, lines = body.get("personalisation", {}), [None] * 7
        to = body.get({"email": "email_address", "sms": "phone_number"}.get(kind, ""), "")
        if body.get("template_id") not in TEMPLATES:
            raise Refused(400, "BadRequestError", "Template not found")
        of, subject, text = TEMPLATES[body["template_id"]]
        if of != kind:
            raise Refused(400, "BadRequestError", f"{of} template is not suitable for {kind} notification")
        if kind == "email" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[a-z]+", to):
            raise Refused(400, "ValidationError", f"email_address {to} is not a valid email address")
        if kind == "sms" and not re.fullmatch(r"(\+44|0)7\d{9}", to):
            raise Refused(400, "ValidationError", f"phone_number {to} Not a UK mobile number")
        if kind == "letter":
            lines = [fields.get(f"address_line_{number}") for number in range(1, 8)]
            there = [line for line in lines if line]
            if len(there) < 3:
                raise Refused(400, "ValidationError", "Address must be at least 3 lines")
            if not POSTCODE.fullmatch(there[-1]):
                raise Refused(400, "ValidationError", f"Last line of address must be a real UK postcode: {there[-1]}")
        if to.startswith("stranger@"):
            raise Refused(400, "BadRequestError", f"Can’t send to {to} when service is in trial mode")

        def filled(part: str | None) -> str | None:
            return part and re.sub(r"\(\((.*?)\)\)", lambda hole: given(hole[1].strip().lower()), part)

        def given(name: str) -> str:
            if name not in fields:
                raise Refused(400, "BadRequestError", f"Missing personalisation: {name}")
            return fields[name]

        content = {"subject": filled(subject), "body": filled(text)}
        if kind == "sms" and len(content["body"]) > 918:
            raise Refused(400, "BadRequestError", "Text messages cannot be longer than 918 characters.")
        template = {"id": body["template_id"], "version": 1, "uri": f"{self.base}/v2/template/{body['template_id']}"}
        one = {
            "id": str(uuid4()), "reference": body.get("reference"), "type": kind, "template": template,
            "status": "accepted" if kind == "letter" else "created", "created_at": CREATED, "sent_at": None,
            "completed_at": None, "scheduled_for": None, "email_address": to if kind == "email" else None,
            "phone_number": to if kind == "sms" else None, "postcode": None, **content,
            **{f"line_{number}": line for number, line in enumerate(lines[:6], 1)}}
        self.notifications.append(one)
        return {"id": one["id"], "reference": one["reference"], "content": content, "template": template,
                "uri": f"{self.base}/v2/notifications/{one['id']}", "scheduled_for": None}

    def check(self, authorization: str) -> None:
        """The token of a request: HS256 over the secret, the service as its issuer, and no older than 30 seconds."""
        try:
            scheme, token = authorization.split(" ")
            head, claims, signature = token.split(".")
            read = [json.loads(urlsafe_b64decode(part + "===")) for part in (head, claims)]
            signed = urlsafe_b64decode(signature + "===")
        except ValueError:
            raise Refused(401, "AuthError", "Unauthorized: authentication token must be provided") from None
        right = hmac.new(self.secret.encode(), f"{head}.{claims}".encode(), sha256).digest()
        if (scheme != "Bearer" or read[0]["alg"] != "HS256" or read[1]["iss"] != SERVICE
                or not hmac.compare_digest(signed, right)):
            raise Refused(403, "AuthError", "Invalid token: API key not found")
        if abs(time.time() + self.clock_is_off_by - read[1]["iat"]) > 30:
            raise Refused(403, "AuthError", "Error: Your system clock must be accurate to within 30 seconds")


class _Desk(BaseHTTPRequestHandler):
    server: "_Server"

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def _serve(self) -> None:
        notify, parts = self.server.notify, urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        notify.asked.append((self.command, parts.path))
        mishap = notify.mishaps.popleft()[1] if notify.mishaps and notify.mishaps[0][0] == self.command else None
        try:
            notify.check(self.headers.get("Authorization", ""))
            if isinstance(mishap, int):
                raise Refused(mishap, "Exception", f"It went wrong with {body.decode()}")
            code, answer = notify.answer(self.command, parts.path, parse_qs(parts.query), json.loads(body or b"null"))
        except Refused as refused:
            code, answer = refused.code, refused.answer
        if mishap == "hold":
            notify.release.wait(30)
        if mishap in ("drop", "hold"):
            self.close_connection = True
            return
        sent = b"<html>Welcome to the hotel's wireless</html>" if mishap == "junk" else json.dumps(answer).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    notify: Notify


@contextmanager
def running() -> Iterator[Notify]:
    """The stand-in, up for as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), _Desk)
    server.notify = notify = Notify(f"http://127.0.0.1:{server.server_port}")
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    serving.start()
    try:
        yield notify
    finally:
        notify.release.set()
        server.shutdown()
        server.server_close()
        serving.join()
