"""A time stamp is accepted if it is on this very hash, signed for this purpose by somebody whom a trusted authority vouches for;
whatever else is changed in it, it says nothing else."""

from base64 import b64decode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.der import BadDer, Node, integer, node, number, oid, read
from models.time_stamp import BadStamp, check, request
from tests.harness.tsa import ENDS, Authority, certificate

DIGEST, NONCE = sha256(b"a checkpoint").digest(), 2**63 + 5


def answered(authority: Authority) -> bytes:
    return authority.answer(request(DIGEST, NONCE))


@pytest.fixture(scope="module", params=["rsa", "ecdsa"])
def authority(request) -> Authority:
    return Authority(request.param)


def test_what_a_time_stamp_says(authority):
    found = check(answered(authority), DIGEST, [authority.root], NONCE)
    assert (found.at, found.by, found.nonce) == (authority.now, "CN=Made-up time stamps", NONCE)


OF_OPENSSL = (Path(__file__).parent / "openssl_stamp.txt").read_text()


def test_one_that_another_program_made():
    """By `openssl ts -reply` on the SHA-256 of "hello", with its root; whoever has OpenSSL can check it the other way round."""
    pem, _, reply = OF_OPENSSL.partition("-----END CERTIFICATE-----\n")
    root = x509.load_pem_x509_certificate((pem + "-----END CERTIFICATE-----\n").encode())
    found = check(b64decode(reply), sha256(b"hello").digest(), [root], NONCE)
    assert found.by == "CN=Made-up time stamps,O=Made-up" and found.at == datetime(2026, 11, 28, 20, 1, 25, tzinfo=UTC)
    with pytest.raises(BadStamp, match="something else"):
        check(b64decode(reply), DIGEST, [root])


@pytest.mark.parametrize("wrong, says", [
    ({"status": 2}, "refused by the authority"), ({"nonce": 4}, "answer to another request"),
    ({"digest": sha256(b"another").digest()}, "on something else"), ({"names": False}, "does not name its own certificate"),
    ({"usage": (ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH)}, "does not serve for this"),
    ({"usage": (ExtendedKeyUsageOID.CODE_SIGNING,)}, "does not serve for this"), ({"usage": ()}, "does not serve for this"),
    ({"critical": False}, "does not serve for this"), ({"now": ENDS.replace(year=2121)}, "does not serve for this"),
])
def test_what_is_not_accepted(wrong, says):
    authority = Authority("ecdsa", **wrong)
    with pytest.raises(BadStamp, match=says):
        check(answered(authority), DIGEST, [authority.root], NONCE)


def test_an_authority_that_is_not_trusted(authority):
    reply, stranger = answered(authority), Authority("rsa" if authority.kind == "ecdsa" else "ecdsa")
    with pytest.raises(BadStamp, match="not issued by an authority that is trusted"):
        check(reply, DIGEST, [stranger.root], NONCE)
    with pytest.raises(BadStamp, match="no authority is trusted"):
        check(reply, DIGEST, [], NONCE)


def test_a_certificate_put_in_the_place_of_another(authority):
    """The same key, name and number, vouched for again: the hash that was signed along shows that it is not the one."""
    other = Authority(authority.kind)
    reply = answered(authority)
    other.certificate = certificate("Made-up time stamps", authority.key, other.root, other.root_key, critical=False,
                                    serial=authority.certificate.serial_number)
    old, new = (one.certificate.public_bytes(Encoding.DER) for one in (authority, other))
    told = read(reply)
    assert old in reply and told.tag == 0x30
    with pytest.raises(BadStamp, match="does not name its own certificate"):
        check(replaced(told, old, new), DIGEST, [authority.root, other.root], NONCE)


def replaced(whole: Node, old: bytes, new: bytes) -> bytes:
    """The same value with one in it put in the place of another, every length as it then is."""
    if whole.raw == old:
        return new
    if not whole.tag & 0x20 or old not in whole.raw:
        return whole.raw
    return node(whole.tag, *(replaced(part, old, new) for part in whole.parts()))


@pytest.fixture(scope="module")
def one() -> tuple[Authority, bytes]:
    made = Authority("ecdsa")
    return made, answered(made)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_byte_can_be_changed_to_another_statement(one, data):
    authority, reply = one
    place, bits = data.draw(st.integers(0, len(reply) - 1)), data.draw(st.integers(1, 255))
    broken = reply[:place] + bytes([reply[place] ^ bits]) + reply[place + 1:]
    said = check(reply, DIGEST, [authority.root], NONCE)
    try:
        assert check(broken, DIGEST, [authority.root], NONCE) == said     # a part that nobody signs and that says nothing
    except BadStamp:
        pass


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=60))
def test_rubbish_is_a_bad_stamp_and_nothing_worse(rubbish):
    with pytest.raises(BadStamp):
        check(rubbish, DIGEST, [Authority("ecdsa").root])


def test_what_follows_the_end_is_not_accepted(authority):
    with pytest.raises(BadStamp):
        check(answered(authority) + b"\0", DIGEST, [authority.root], NONCE)


# --- DER -----------------------------------------------------------------------------------------------------------

@given(st.integers(0, 2**80), st.binary(max_size=300))
def test_what_is_written_is_read(value, body):
    assert number(read(integer(value)), "x") == value
    assert read(node(4, body)).body == body and read(node(0x30, node(4, body), integer(value))).parts()[1].raw == integer(value)


def test_object_identifiers_as_the_standard_has_them():
    assert oid("1.2.840.113549").hex() == "06062a864886f70d" and oid("2.16.840.1.101.3.4.2.1").hex() == "0609608648016503040201"


@pytest.mark.parametrize("wrong", ["", "04", "0405", "048101ff", "04820001ff", "0480ff0000", "1f0100", "020200ff00", "04ff"])
def test_only_the_one_right_way_is_read(wrong):
    with pytest.raises(BadDer):
        read(bytes.fromhex(wrong))


@pytest.mark.parametrize("wrong", ["0200", "0202007f", "0202ff80", "040101"])
def test_a_number_in_another_way_is_none(wrong):
    with pytest.raises(BadDer):
        number(read(bytes.fromhex(wrong)), "it")
