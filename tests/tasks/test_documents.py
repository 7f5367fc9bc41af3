"""What is taken in from outside: told by what is in it, kept by its hash, never by its name; and erased without a trace."""

import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

import pytest

from models.documents import MOST_PARTS, NotTaken, kind_in, safe_name
from models.hand import Hand
from tasks.database import reading, writing
from tasks.documents import NoSuchDocument, Store, documents_of, find
from tests.tasks.builders import REF, opened

HAND = Hand(datetime(2026, 5, 1, 9, tzinfo=UTC), "ep_service")
PDF = b"%PDF-1.7\nadvice\n%%EOF"


def packed(*parts: tuple[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", method) as file:
        for name, body in parts:
            file.writestr(name, body)
    return made.getvalue()


TYPES = ("[Content_Types].xml", b"<Types/>")
WORD = packed(TYPES, ("word/document.xml", b"<w/>"))
MIMETYPE = ("mimetype", b"application/vnd.oasis.opendocument.text")
ODT = packed(MIMETYPE, ("content.xml", b"<o/>"))
BOMB = packed(TYPES, ("word/document.xml", b"\0" * 60_000_000), method=zipfile.ZIP_DEFLATED)


def kind(body: bytes, name: str) -> str:
    return kind_in(BytesIO(body), name, len(body))


@pytest.mark.parametrize("body, name, expected", [
    (PDF, "a.pdf", "pdf"), (PDF, "A.PDF", "pdf"), (WORD, "a.docx", "docx"), (ODT, "a.odt", "odt"), 
    (b"{\\rtf1 x}", "a.rtf", "rtf"),
    (b"\xff\xd8\xff\xe0x\xff\xd9", "a.jpeg", "jpeg"), (b"\x89PNG\r\n\x1a\nxIEND", "a.png", "png"),
    ("Überblick\r\n\tzwei\n".encode(), "a.txt", "txt"), (b"\xef\xbb\xbfa", "a.txt", "txt"),
    (b"x" * 70_000 + "é".encode(), "a.txt", "txt")])
def test_documents_are_known_by_what_is_in_them(body, name, expected):
    assert kind(body, name) == expected


@pytest.mark.parametrize("body, name, words", [
    pytest.param(b"", "a.pdf", "empty", id="nothing"),
    pytest.param(b"MZ\x90\x00", "report.pdf", "none of the kinds", id="a program that calls itself PDF"),
    pytest.param(b"\x7fELF\x01", "a.txt", "none of the kinds", id="another program"),
    pytest.param(PDF, "report.exe", "does not end with .pdf", id="a PDF that calls itself a program"),
    pytest.param(PDF, "report.pdf.html", "does not end with .pdf", id="two endings"),
    pytest.param(PDF, "report", "does not end with .pdf", id="no ending"),
    pytest.param(b"<html><script>x</script>", "a.html", "does not end with .txt", id="a page"),
    pytest.param(b"GIF89a\x00", "a.gif", "none of the kinds", id="another picture"),
    pytest.param(packed(("a.txt", b"a")), "a.docx", "none of the kinds", id="any zip"),
    pytest.param(packed(("a.txt", b"a"), MIMETYPE), "a.odt", "none of the kinds",
                 id="an odt that begins with something else"),
    pytest.param(packed(TYPES, ("word/document.xml", b""), ("word/vbaProject.bin", b"x")), "a.docx", "macros", id="macros"),
    pytest.param(BOMB, "a.docx", "far more", id="a bomb"),
    pytest.param(packed(*((f"{n}", b"") for n in range(MOST_PARTS + 1))), "a.docx", "far more", id="a bomb of many parts"),
    pytest.param(WORD[:-30], "a.docx", "damaged", id="cut off"),
    pytest.param(b"PK\x03\x04" + b"x" * 100, "a.docx", "damaged", id="a zip in name only"),
    pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.docx", "password", id="protected, or of an old program"),
    pytest.param(b"%PDF-1.4 hello", "a.pdf", "not whole", id="a PDF that broke off"),
    pytest.param(PDF + b"x" * 70_000, "a.pdf", "not whole", id="a PDF with something else behind it"),
    pytest.param(b"\x89PNG\r\n\x1a\nx", "a.png", "not whole", id="half a picture"),
    pytest.param(b"\xff\xd8\xff\xe0x", "a.jpg", "not whole", id="half a photograph"),
    pytest.param(b"caf\xe9", "a.txt", "none of the kinds", id="text in an old encoding"),
])
def test_what_is_hostile_damaged_or_no_document_is_not_taken(body, name, words):
    with pytest.raises(NotTaken, match=words) as no:
        kind(body, name)
    assert name not in str(no.value)


@pytest.mark.parametrize("name, expected", [
    ("../../etc/passwd.pdf", "passwd.pdf"), ("..\\..\\boot.pdf", "boot.pdf"), ("C:\\x\\a b.pdf", "a b.pdf"),
    (".pdf", "document.pdf"),
    ("...pdf", "document.pdf"), ("a\r\nSet-Cookie: x.pdf", "a__Set-Cookie_ x.pdf"), ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
    ("-rf.pdf", "rf.pdf"), ("a" * 500 + ".pdf", "a" * 120 + ".pdf"), ("Zoë.PDF", "Zoë.pdf"), ("$(x)`y`.pdf", "(x)_y.pdf")])
def test_a_name_can_be_handed_to_any_system(name, expected):
    assert safe_name(name, "pdf") == expected


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "documents", 1_000_000)


def kept(engine, store, ref=REF, body=PDF, name="report.pdf") -> str:
    with store.draft(BytesIO(body), name) as draft, writing(engine) as session:
        store.keep(session, ref, draft, HAND)
    return sha256(body).hexdigest()


def test_a_document_is_kept_by_its_hash_where_nothing_runs_it(engine, store, tmp_path):
    opened(engine)
    hash = kept(engine, store)
    assert kept(engine, store, name="again.pdf") == hash
    place = store.place(REF, hash)
    assert place == tmp_path / "documents" / REF / hash
    assert place.stat().st_mode & 0o177 == 0 and (tmp_path / "documents").stat().st_mode & 0o077 == 0
    with reading(engine) as session:
        (row,) = documents_of(session, REF)
        assert (row.sha256, row.kind, row.size) == (hash, "pdf", len(PDF))
        assert (row.name, row.received_by) == ("report.pdf", "ep_service")
        assert store.read(find(session, REF, hash[:8])) == PDF and "report" not in repr(row)


def test_what_is_not_kept_leaves_nothing(store, tmp_path):
    with store.draft(BytesIO(PDF), "a.pdf"):
        pass
    for body, name in ((b"x" * 1_000_001, "a.txt"), (b"MZ\0", "a.pdf")):
        with pytest.raises(NotTaken), store.draft(BytesIO(body), name):
            pass
    assert list((tmp_path / "documents").iterdir()) == []


def test_a_reference_with_a_stroke_stays_in_the_folder(store, tmp_path):
    assert store.place("A/../../B", "0" * 64).parent.parent == tmp_path / "documents"


def test_an_erased_document_is_gone_from_its_case_and_from_no_other(engine, store):
    opened(engine)
    opened(engine, "EHC-2026-0002")
    hash = kept(engine, store)
    kept(engine, store, "EHC-2026-0002")
    assert store.erase(engine, REF, hash[:8]) == hash
    assert not store.place(REF, hash).exists() and store.place("EHC-2026-0002", hash).exists()
    with reading(engine) as session:
        assert not documents_of(session, REF) and documents_of(session, "EHC-2026-0002")
    with pytest.raises(NoSuchDocument, match="erased"):
        store.erase(engine, REF, hash)


@pytest.mark.parametrize("spoil, words", [
    (lambda place: place.unlink(), "cannot be read"), (lambda place: place.write_bytes(b"x"), "its hash")])
def test_a_file_that_is_gone_or_was_altered_is_not_handed_out(engine, store, spoil, words):
    opened(engine)
    hash = kept(engine, store)
    spoil(store.place(REF, hash))
    with reading(engine) as session, pytest.raises(NoSuchDocument, match=words):
        store.read(find(session, REF, hash))
