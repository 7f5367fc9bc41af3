"""Which files are taken from outside: told by what is in them, never by their name; and the name under which one is kept."""

import codecs
import re
import unicodedata
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import BinaryIO

LONGEST_NAME = 120
MOST_PARTS = 5_000
MOST_UNPACKED = 20
"""How many times its own size a document of parts may unpack to before it is taken for a bomb; small ones may always unpack to
`SMALL`."""
SMALL = 20_000_000
CHUNK = 1 << 16


class NotTaken(ValueError):
    """A file that is not taken: why, and what to send instead. Names neither the file nor what is in it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: what it is called, and the endings that its name may have, the usual one first."""

    words: str
    endings: tuple[str, ...]


KINDS: Mapping[str, Kind] = MappingProxyType({
    "pdf": Kind("PDF", (".pdf",)),
    "docx": Kind("Word", (".docx",)),
    "odt": Kind("OpenDocument text", (".odt",)),
    "rtf": Kind("rich text", (".rtf",)),
    "txt": Kind("plain text", (".txt", ".text")),
    "jpeg": Kind("JPEG picture", (".jpg", ".jpeg")),
    "png": Kind("PNG picture", (".png",)),
})

ENDS: Mapping[str, bytes] = MappingProxyType({"pdf": b"%%EOF", "png": b"IEND", "jpeg": b"\xff\xd9"})
"""What stands at the end of a whole file of each kind; scanners and mail programs may leave something behind it."""

_BEGINS = ((b"%PDF-", "pdf"), (b"{\\rtf", "rtf"), (b"\xff\xd8\xff", "jpeg"), (b"\x89PNG\r\n\x1a\n", "png"))
_SEND = f"Send one of these: {', '.join(kind.words for kind in KINDS.values())}."
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def kind_in(file: BinaryIO, name: str, size: int) -> str:
    """The kind of a document, read from the open file. `name` is how its sender calls it, `size` its bytes. Raises NotTaken."""
    if size == 0:
        raise NotTaken("The file is empty. Choose the file once more.")
    file.seek(0)
    begin = file.read(8)
    kind = next((kind for bytes, kind in _BEGINS if begin.startswith(bytes)), None)
    if kind is None and begin.startswith(b"PK"):
        kind = _of_parts(file, size)
    elif kind is None and begin.startswith(b"\xd0\xcf\x11\xe0"):
        raise NotTaken("The file is protected by a password, or made by an old program. Save it as PDF, or without a password.")
    elif kind is None and _is_text(file):
        kind = "txt"
    elif kind in ENDS and ENDS[kind] not in _last_part(file, size):
        raise NotTaken("The file is not whole: its end is missing. Save it once more, and send it again.")
    if kind is None:
        raise NotTaken(f"The file is none of the kinds that we take. {_SEND}")
    ending = re.search(r"\.[^.]*$", name.strip().lower())
    if ending is None or ending.group() not in KINDS[kind].endings:
        raise NotTaken(f"The file is {KINDS[kind].words} inside, and its name does not end with {KINDS[kind].endings[0]}."
                       " Check that it is the right file, and give it that ending.")
    return kind


def _last_part(file: BinaryIO, size: int) -> bytes:
    file.seek(max(0, size - CHUNK))
    return file.read(CHUNK)


def _of_parts(file: BinaryIO, size: int) -> str | None:
    """docx or odt, from the list of its parts; none of them is unpacked but a line that says what an odt is."""
    try:
        with zipfile.ZipFile(file) as parts:
            listed = parts.infolist()
            names = {one.filename for one in listed}
            if len(listed) > MOST_PARTS or sum(one.file_size for one in listed) > max(size * MOST_UNPACKED, SMALL):
                raise NotTaken("The file would unpack to far more than it holds. Save it as PDF, and send that.")
            if any(one.flag_bits & 1 for one in listed):
                raise NotTaken("The file is protected by a password. Send it without one; the link is safe.")
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                raise NotTaken("The file holds macros. Save it as PDF, or as a document without macros.")
            if {"[Content_Types].xml", "word/document.xml"} <= names:
                return "docx"
            if listed and listed[0].filename == "mimetype" and listed[0].file_size < 100 and \
                    parts.read(listed[0]) == b"application/vnd.oasis.opendocument.text":
                return "odt"
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, UnicodeDecodeError) as error:       # as zipfile fails on what is broken
        raise NotTaken("The file is damaged: it cannot be opened. Save it once more, and send it again.") from error
    return None


def _is_text(file: BinaryIO) -> bool:
    """Whether it is plain text, in UTF-8."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    try:
        while chunk := file.read(CHUNK):
            if _NO_TEXT.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def safe_name(name: str, kind: str) -> str:
    """The name under which a document is listed and handed out: no folder, nothing that a system or a page could obey.

    >>> safe_name("../../etc/pass<wd>.PDF", "pdf")
    'pass_wd.pdf'
    >>> safe_name("C:\\\\Reports\\\\.txt", "txt")
    'document.txt'
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join(c if c.isprintable() and c not in '<>:"|?*\'`&;$%{}' else "_" for c in last)
    stem = re.sub(r"\.[^.]*$", "", plain).strip(" ._-")[:LONGEST_NAME].strip(" .")
    return f"{stem or 'document'}{KINDS[kind].endings[0]}"
