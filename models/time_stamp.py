"""A time stamp (RFC 3161) on a checkpoint: the request, and the check of the answer, with a trusted third party's certificate.

It shows that the checkpoint existed at a moment that somebody else's clock tells, so that even who holds our key cannot date one
back. `openssl ts -verify` checks the same file without us. Whether a certificate was revoked is not asked.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import verification

from models.der import (
    BOOLEAN, GENERALIZED_TIME, INTEGER, NULL, OCTETS, OID, SEQUENCE, SET, BadDer, Node, integer, node, number, oid, read)

SHA256, SIGNED_DATA, TST_INFO = "2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.7.2", "1.2.840.113549.1.9.16.1.4"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SIGNING_CERTIFICATE, SIGNING_CERTIFICATE_2 = "1.2.840.113549.1.9.16.2.12", "1.2.840.113549.1.9.16.2.47"

_HASHES: dict[bytes, hashes.HashAlgorithm] = {oid(f"2.16.840.1.101.3.4.2.{place}"): kind for place, kind in (
    (1, hashes.SHA256()), (2, hashes.SHA384()), (3, hashes.SHA512()))}
_WITH_HASH: dict[bytes, hashes.HashAlgorithm] = {oid(dotted): kind for dotted, kind in (
    ("1.2.840.113549.1.1.11", hashes.SHA256()), ("1.2.840.113549.1.1.12", hashes.SHA384()), ("1.2.840.113549.1.1.13", hashes.SHA512()),
    ("1.2.840.10045.4.3.2", hashes.SHA256()), ("1.2.840.10045.4.3.3", hashes.SHA384()), ("1.2.840.10045.4.3.4", hashes.SHA512()))}
_PLAIN_RSA = oid("1.2.840.113549.1.1.1")
_MOMENT = re.compile(r"(\d{14})(?:\.(\d{0,5}[1-9]))?Z")


class BadStamp(ValueError):
    """An answer that is no time stamp of this checkpoint by somebody who is trusted; the message says why."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a time stamp says: the moment, who said it (the subject of the certificate), and the request's number, if it had one."""

    at: datetime
    by: str
    nonce: int | None


def request(digest: bytes, nonce: int) -> bytes:
    """The request for a time stamp on something with this SHA-256, its certificate included."""
    imprint = node(SEQUENCE, node(SEQUENCE, oid(SHA256), node(NULL)), node(OCTETS, digest))
    return node(SEQUENCE, integer(1), imprint, integer(nonce), node(BOOLEAN, b"\xff"))


def check(reply: bytes, digest: bytes, trusted: Sequence[x509.Certificate], nonce: int | None = None) -> Stamp:
    """What an answer says, if it is a time stamp on this SHA-256 that a certificate issued by one of `trusted` signed for that very
    purpose; with `nonce`, only the answer to that request. Raises BadStamp."""
    try:
        return _check(reply, digest, trusted, nonce)
    except BadStamp:
        raise
    except InvalidSignature:
        raise BadStamp("its signature does not hold") from None
    except verification.VerificationError as error:
        raise BadStamp(f"its certificate was not issued by an authority that is trusted here, or does not serve for this ({error})") from None
    except BadDer as error:
        raise BadStamp(str(error)) from None
    except Exception as error:           # the reader of certificates raises errors of many kinds on what strangers send
        raise BadStamp(f"it cannot be read ({type(error).__name__})") from None


def _check(reply: bytes, digest: bytes, trusted: Sequence[x509.Certificate], nonce: int | None) -> Stamp:
    status, *token = read(reply).need(SEQUENCE, "the answer").parts()
    if number(status.need(SEQUENCE, "the status").parts()[0], "the status") not in (0, 1):
        raise BadStamp("the time stamp was refused by the authority")
    _need(len(token) == 1, "there is no time stamp in the answer")
    kind, explicit = _two(token[0].need(SEQUENCE, "the time stamp"))
    _need(kind.raw == oid(SIGNED_DATA) and explicit.tag == 0xA0, "it is not signed")
    _, _, content, *rest = _only(explicit).need(SEQUENCE, "what is signed").parts()
    signers = rest[-1].need(SET, "the signature").parts()
    certificates = [x509.load_der_x509_certificate(one.raw) for part in rest[:-1] if part.tag == 0xA0 for one in part.parts()]
    _need(len(signers) == 1, "it has not one signature")
    what, wrapped = _two(content)
    _need(what.raw == oid(TST_INFO) and wrapped.tag == 0xA0, "what is signed is no time stamp")
    info = _only(wrapped).need(OCTETS, "what is signed").body
    signer = _signed(signers[0], info, certificates)
    said = _said(info, digest, nonce, signer)
    _trusted(signer, certificates, trusted, said.at)
    return said


def _signed(signer: Node, info: bytes, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    """The certificate whose key signed it."""
    _, sid, digest_kind, attributes, kind, signature, *_ = signer.need(SEQUENCE, "the signature").parts()
    hash = _HASHES.get(digest_kind.parts()[0].raw)
    _need(hash is not None and attributes.tag == 0xA0, "it is signed in a way that is not accepted")
    assert hash is not None
    certificate = next((one for one in certificates if _is_of(sid, one)), None)
    if certificate is None:
        raise BadStamp("the certificate of who signed it is not in it")
    told: dict[bytes, Node] = {}
    for attribute in attributes.parts():
        name, values = _two(attribute)
        _need(name.raw not in told, "it says something twice")
        told[name.raw] = _only(values.need(SET, "an attribute"))
    _need(oid(CONTENT_TYPE) in told and told[oid(CONTENT_TYPE)].raw == oid(TST_INFO), "it does not say that it signs a time stamp")
    _need(oid(MESSAGE_DIGEST) in told and told[oid(MESSAGE_DIGEST)].raw == node(OCTETS, _hashed(info, hash)),
          "what it signs was changed")
    _need(_names(told, certificate), "it does not name its own certificate")
    body = node(SET, attributes.body)
    by = kind.parts()[0].raw
    with_hash = hash if by == _PLAIN_RSA else _WITH_HASH.get(by)
    _need(with_hash is not None, "it is signed in a way that is not accepted")
    assert with_hash is not None
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature.need(OCTETS, "the signature").body, body, padding.PKCS1v15(), with_hash)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature.need(OCTETS, "the signature").body, body, ec.ECDSA(with_hash))
    else:
        raise BadStamp("it is signed with a kind of key that is not accepted")
    return certificate


def _is_of(sid: Node, certificate: x509.Certificate) -> bool:
    """Whether a signature names this certificate, by issuer and serial number, or by the identifier of its key."""
    if sid.tag == 0x80:
        try:
            return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest == sid.body
        except x509.ExtensionNotFound:
            return False
    return sid.raw == node(SEQUENCE, certificate.issuer.public_bytes(), integer(certificate.serial_number))


def _names(told: dict[bytes, Node], certificate: x509.Certificate) -> bool:
    """Whether the signed attributes name the certificate by its hash (RFC 5035), so that no other can be put in its place."""
    if (second := told.get(oid(SIGNING_CERTIFICATE_2))) is not None:
        parts = second.parts()[0].parts()[0].parts()
        hash = _HASHES.get(parts[0].parts()[0].raw) if parts[0].tag == SEQUENCE else hashes.SHA256()
        place = 1 if parts[0].tag == SEQUENCE else 0
        return hash is not None and parts[place].raw == node(OCTETS, certificate.fingerprint(hash))
    if (first := told.get(oid(SIGNING_CERTIFICATE))) is not None:
        return first.parts()[0].parts()[0].parts()[0].raw == node(OCTETS, certificate.fingerprint(hashes.SHA1()))
    return False


def _said(info: bytes, digest: bytes, nonce: int | None, signer: x509.Certificate) -> Stamp:
    version, policy, imprint, serial, moment, *more = read(info).need(SEQUENCE, "the time stamp").parts()
    _need(number(version, "the version") == 1 and policy.tag == OID and serial.tag == INTEGER, "it is another version of a time stamp")
    kind, hashed = _two(imprint)
    _need(kind.parts()[0].raw == oid(SHA256) and hashed.raw == node(OCTETS, digest), "it is on something else")
    found = _MOMENT.fullmatch(moment.need(GENERALIZED_TIME, "the moment").body.decode("ascii", "replace"))
    _need(found is not None, "its moment is not written in the one right way")
    assert found is not None
    at = datetime.strptime(found.group(1), "%Y%m%d%H%M%S").replace(tzinfo=UTC, microsecond=int((found.group(2) or "").ljust(6, "0")))
    told = next((number(one, "the number of the request") for one in more if one.tag == INTEGER), None)
    _need(nonce is None or told == nonce, "it is the answer to another request")
    return Stamp(at, signer.subject.rfc4514_string(), told)


def _trusted(signer: x509.Certificate, others: Sequence[x509.Certificate], trusted: Sequence[x509.Certificate], at: datetime) -> None:
    """Raise VerificationError unless the certificate leads to one that is trusted, at that moment, and serves for time stamps only."""
    if not trusted:
        raise BadStamp("no authority is trusted here")

    def for_time_stamps(_policy: object, _certificate: x509.Certificate, usage: x509.ExtendedKeyUsage) -> None:
        if list(usage) != [x509.oid.ExtendedKeyUsageOID.TIME_STAMPING]:
            raise ValueError("it serves for something else than time stamps")

    leaf = verification.ExtensionPolicy.permit_all().require_present(
        x509.ExtendedKeyUsage, verification.Criticality.CRITICAL, for_time_stamps)
    build: Callable[[], verification.ClientVerifier] = verification.PolicyBuilder().store(verification.Store(trusted)).time(
        at).extension_policies(ca_policy=verification.ExtensionPolicy.webpki_defaults_ca(), ee_policy=leaf).build_client_verifier
    build().verify(signer, [one for one in others if one != signer])


def _hashed(data: bytes, hash: hashes.HashAlgorithm) -> bytes:
    return hashlib.new(hash.name, data).digest()


def _two(node: Node) -> tuple[Node, Node]:
    first, second = node.need(SEQUENCE, "a pair").parts()
    return first, second


def _only(node: Node) -> Node:
    one, = node.parts()
    return one


def _need(holds: bool, what: str) -> None:
    if not holds:
        raise BadStamp(what)
