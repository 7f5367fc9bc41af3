"""A time stamp authority for tests: a real one over HTTP, with its own certificates, which can be told to answer badly."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from models.der import BIT_STRING, BOOLEAN, GENERALIZED_TIME, NULL, OCTETS, SEQUENCE, SET, integer, node, oid, read
from models.time_stamp import CONTENT_TYPE, MESSAGE_DIGEST, SHA256, SIGNED_DATA, SIGNING_CERTIFICATE_2, TST_INFO

BEGINS, ENDS = datetime(2020, 1, 1, tzinfo=UTC), datetime(2120, 1, 1, tzinfo=UTC)
RSA, ECDSA = oid("1.2.840.113549.1.1.1"), oid("1.2.840.10045.4.3.2")
_KEYS: dict[str, object] = {}


def _key(name: str, kind: str):
    """Keys are made once: RSA takes a while."""
    if name not in _KEYS:
        _KEYS[name] = rsa.generate_private_key(65537, 2048) if kind == "rsa" else ec.generate_private_key(ec.SECP256R1())
    return _KEYS[name]


def certificate(name: str, key, issuer=None, issuer_key=None, usage=(ExtendedKeyUsageOID.TIME_STAMPING,), critical=True,
                serial: int | None = None):
    """A certificate; without an issuer one that vouches for itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer.subject if issuer else subject).public_key(
        key.public_key()).serial_number(serial or x509.random_serial_number()).not_valid_before(BEGINS).not_valid_after(ENDS)
    made = made.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
    made = made.add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key((issuer_key or key).public_key()), False)
    made = made.add_extension(x509.BasicConstraints(issuer is None, None), True)
    made = made.add_extension(x509.KeyUsage(issuer is not None, False, False, False, False, issuer is None, issuer is None, False, False), True)
    if issuer is not None and usage:
        made = made.add_extension(x509.ExtendedKeyUsage(list(usage)), critical)
    return made.sign(issuer_key or key, hashes.SHA256())


@dataclass
class Authority:
    """The authority: `now` is its clock; the other fields make it answer badly. `asked` holds the requests."""

    kind: str = "rsa"
    now: datetime = datetime(2026, 5, 1, 15, 0, 0, 250_000, tzinfo=UTC)
    usage: tuple = (ExtendedKeyUsageOID.TIME_STAMPING,)
    critical: bool = True
    status: int = 0
    code: int = 200
    content_type: str = "application/timestamp-reply"
    body: bytes | None = None
    nonce: int | None = None
    digest: bytes | None = None
    names: bool = True
    asked: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.root_key, self.key = _key(f"{self.kind} root", self.kind), _key(self.kind, self.kind)
        self.root = certificate("Made-up root", self.root_key)
        self.certificate = certificate("Made-up time stamps", self.key, self.root, self.root_key, self.usage, self.critical)

    @property
    def pem(self) -> bytes:
        return self.root.public_bytes(serialization.Encoding.PEM)

    def answer(self, query: bytes) -> bytes:
        self.asked.append(query)
        _, imprint, nonce, wanted = read(query).parts()
        assert wanted.raw == node(BOOLEAN, b"\xff")
        if self.status:
            return node(SEQUENCE, node(SEQUENCE, integer(self.status), node(BIT_STRING, b"\x00\x80")))
        digest = self.digest or imprint.parts()[1].body
        moment = f"{self.now:%Y%m%d%H%M%S}" + (f".{self.now.microsecond:06d}".rstrip("0") if self.now.microsecond else "")
        sha = node(SEQUENCE, oid(SHA256), node(NULL))
        info = node(SEQUENCE, integer(1), oid("1.2.3.4.1"), node(SEQUENCE, sha, node(OCTETS, digest)), integer(7),
                    node(GENERALIZED_TIME, f"{moment}Z".encode()), integer(self.nonce) if self.nonce else nonce.raw)
        said = [node(SEQUENCE, oid(CONTENT_TYPE), node(SET, oid(TST_INFO))),
                node(SEQUENCE, oid(MESSAGE_DIGEST), node(SET, node(OCTETS, hashlib.sha256(info).digest())))]
        if self.names:
            named = node(SEQUENCE, node(SEQUENCE, node(SEQUENCE, node(OCTETS, self.certificate.fingerprint(hashes.SHA256())))))
            said.append(node(SEQUENCE, oid(SIGNING_CERTIFICATE_2), node(SET, named)))
        body = node(SET, *said)
        if self.kind == "rsa":
            signature, by = self.key.sign(body, padding.PKCS1v15(), hashes.SHA256()), node(SEQUENCE, RSA, node(NULL))
        else:
            signature, by = self.key.sign(body, ec.ECDSA(hashes.SHA256())), node(SEQUENCE, ECDSA)
        sid = node(SEQUENCE, self.certificate.issuer.public_bytes(), integer(self.certificate.serial_number))
        signer = node(SEQUENCE, integer(1), sid, sha, node(0xA0, *said), by, node(OCTETS, signature))
        signed = node(SEQUENCE, integer(3), node(SET, sha), node(SEQUENCE, oid(TST_INFO), node(0xA0, node(OCTETS, info))),
                      node(0xA0, self.certificate.public_bytes(serialization.Encoding.DER)), node(SET, signer))
        return node(SEQUENCE, node(SEQUENCE, integer(0)), node(SEQUENCE, oid(SIGNED_DATA), node(0xA0, signed)))

    @contextmanager
    def serving(self) -> Iterator[str]:
        """Its address, while it serves."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                assert self.headers["Content-Type"] == "application/timestamp-query"
                body = authority.answer(query) if authority.body is None else authority.body
                self.send_response(authority.code)
                self.send_header("Content-Type", authority.content_type)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/tsa"
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


def later(authority: Authority, by: timedelta) -> None:
    authority.now += by
