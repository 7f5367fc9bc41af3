"""Just enough of ASN.1 in DER (X.690) to write a request for a time stamp and read the answer, strictly: one way to write each thing."""

from dataclasses import dataclass

BOOLEAN, INTEGER, BIT_STRING, OCTETS, NULL, OID, SEQUENCE, SET, GENERALIZED_TIME = 1, 2, 3, 4, 5, 6, 0x30, 0x31, 0x18


class BadDer(ValueError):
    """Bytes that are no DER, or not what should be there."""


@dataclass(frozen=True, slots=True)
class Node:
    """One value: its tag, what is in it, and all its bytes."""

    tag: int
    body: bytes
    raw: bytes

    def parts(self) -> list["Node"]:
        """The values in it, one after the other."""
        found, rest = [], self.body
        while rest:
            node, rest = _first(rest)
            found.append(node)
        return found

    def need(self, tag: int, what: str) -> "Node":
        """Itself, if it has this tag. Raises BadDer."""
        if self.tag != tag:
            raise BadDer(f"{what} is not where it should be")
        return self


def read(data: bytes) -> Node:
    """The one value that these bytes are. Raises BadDer."""
    node, rest = _first(data)
    if rest:
        raise BadDer("something stands after the end")
    return node


def node(tag: int, *bodies: bytes) -> bytes:
    """The bytes of a value."""
    body = b"".join(bodies)
    if len(body) < 0x80:
        return bytes([tag, len(body)]) + body
    length = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + body


def integer(value: int) -> bytes:
    """The bytes of a whole number that is not negative."""
    return node(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """The bytes of an object identifier such as 2.16.840.1.101.3.4.2.1."""
    first, second, *others = map(int, dotted.split("."))
    body = b""
    for value in (first * 40 + second, *others):
        septets = [value & 0x7F]
        while value := value >> 7:
            septets.insert(0, value & 0x7F | 0x80)
        body += bytes(septets)
    return node(OID, body)


def number(node: Node, what: str) -> int:
    """The whole number that a value holds. Raises BadDer."""
    body = node.need(INTEGER, what).body
    if not body or len(body) > 1 and (body[0], body[1] >> 7) in ((0, 0), (0xFF, 1)):
        raise BadDer(f"{what} is not written in the one right way")
    return int.from_bytes(body, "big", signed=True)


def _first(data: bytes) -> tuple[Node, bytes]:
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        raise BadDer("it ends too early, or has a tag that is not known here")
    length, start = data[1], 2
    if length & 0x80:
        many = length & 0x7F
        told = data[2:2 + many]
        if not 1 <= many <= 4 or len(told) != many or told[0] == 0 or (length := int.from_bytes(told, "big")) < 0x80:
            raise BadDer("a length is not written in the one right way")
        start += many
    end = start + length
    if len(data) < end:
        raise BadDer("it ends too early")
    return Node(data[0], data[start:end], data[:end]), data[end:]
