"""Documents that came from outside: files under the hash of what is in them, listed by case, never run or shown in place.

A fact names a document by its hash alone. File and name can be erased, and the record stays as it was sealed.
"""

import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from models.documents import CHUNK, NotTaken, kind_in, safe_name
from models.hand import Hand
from models.tables.cases import CaseFile
from models.tables.people import DocumentRow
from tasks.database import writing
from tasks.settings import Settings


class NoSuchDocument(LookupError):
    """The case has no such document, or it has been erased; the text says how to find those that there are."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that has been checked, in a file that is gone again unless the document is kept."""

    sha256: str
    kind: str
    size: int
    name: str = field(repr=False)
    file: Path = field(repr=False)


class Store:
    """The folder of the documents: one folder a case, each document named by the SHA-256 of what is in it.

    Only its owner may read it, and nothing in it can be run. `most` is the largest size in bytes.
    """

    def __init__(self, folder: Path, most: int) -> None:
        self._folder, self.most = folder, most

    @contextmanager
    def draft(self, source: BinaryIO, name: str) -> Iterator[Draft]:
        """A document that came in, checked. `name` is how its sender calls it. Raises NotTaken."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self._folder, prefix=".in-") as file:
            digest, size = sha256(), 0
            source.seek(0)
            while chunk := source.read(CHUNK):
                size += len(chunk)
                if size > self.most:
                    raise NotTaken(f"The file is larger than {self.most // 1_000_000} megabytes. Save it smaller, or ask us how"
                                   " to send it.")
                digest.update(chunk)
                file.write(chunk)
            kind = kind_in(file.file, name, size)
            file.flush()
            os.fsync(file.fileno())
            yield Draft(digest.hexdigest(), kind, size, safe_name(name, kind), Path(file.name))

    def place(self, ref: str, sha256: str) -> Path:
        """Where the file of a case's document is."""
        return self._folder / quote(ref, safe="") / sha256

    def keep(self, session: Session, ref: str, draft: Draft, hand: Hand) -> None:
        """List a document in a case and keep its file, in the transaction of the fact that names it, which holds the case.

        The same document once more changes nothing.
        """
        place = self.place(ref, draft.sha256)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        if session.get(DocumentRow, (ref, draft.sha256)) is None:
            session.add(DocumentRow(case_ref=ref, sha256=draft.sha256, kind=draft.kind, size=draft.size, name=draft.name,
                                    received_at=hand.at, received_by=hand.by))
            session.flush()
        with suppress(FileExistsError):
            os.link(draft.file, place)

    def read(self, row: DocumentRow) -> bytes:
        """What is in a document, checked against its hash. Raises NoSuchDocument where the file is gone or is not the same."""
        try:
            body = self.place(row.case_ref, row.sha256).read_bytes()
        except OSError as error:
            raise NoSuchDocument(f"{row.case_ref}: the file of the document {row.sha256} cannot be read: {error.strerror}."
                                 " Check EHC_DOCUMENTS_DIR, or take the file from a backup.") from None
        if sha256(body).hexdigest() != row.sha256:
            raise NoSuchDocument(f"{row.case_ref}: the file of the document {row.sha256} is not what was received: its hash is"
                                 " another. Take the file from a backup.")
        return body

    def erase(self, engine: Engine, ref: str, sha256: str) -> str:
        """Erase a document of a case, file and name; the fact that names its hash stays. Its hash. Raises NoSuchDocument."""
        with writing(engine) as session:
            session.exec(select(CaseFile).where(col(CaseFile.ref) == ref).with_for_update())      # nobody keeps it meanwhile
            row = find(session, ref, sha256)
            gone = row.sha256
            session.delete(row)
            session.flush()
            self.place(ref, gone).unlink(missing_ok=True)
        return gone


def store_of(settings: Settings) -> Store:
    """The store as the settings describe it."""
    return Store(settings.documents_dir, settings.document_megabytes * 1_000_000)


def documents_of(session: Session, ref: str) -> Sequence[DocumentRow]:
    """The documents of a case that have not been erased, in the order in which they came."""
    return session.exec(select(DocumentRow).where(col(DocumentRow.case_ref) == ref).order_by(
        col(DocumentRow.received_at), col(DocumentRow.sha256))).all()


def find(session: Session, ref: str, sha256: str) -> DocumentRow:
    """One document of a case, by its hash or the beginning of it, from 8 characters. Raises NoSuchDocument."""
    found = [row for row in documents_of(session, ref) if len(sha256) >= 8 and row.sha256.startswith(sha256.lower())]
    if len(found) != 1:
        raise NoSuchDocument(f"{ref}: there is no document {sha256}, or it has been erased. `ehc document list {ref}` lists"
                             " those that there are; give at least 8 characters of the hash.")
    return found[0]
