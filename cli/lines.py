"""Reading a file that came from somewhere else, line by line: what is no text is an error of its line."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from cli.show import WrongCall

BOM = b"\xef\xbb\xbf"


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """The file, or the standard input for `-`, as bytes. Raises WrongCall if it cannot be read."""
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with open(name, "rb") as file:
            yield file
    except FileNotFoundError:
        raise WrongCall(f"{name}: there is no such file. Check its name, or give - to read the standard input.") from None
    except IsADirectoryError:
        raise WrongCall(f"{name} is a folder. Give the file.") from None
    except PermissionError:
        raise WrongCall(f"{name} may not be read by this user. Ask for the right to read it.") from None


def lines_of(name: str) -> Iterator[tuple[int, str | ValueError]]:
    """Each line with its number from 1, without its line end; a line that is no UTF-8 text as the error it is.

    A byte order mark at the start and a carriage return at the end of a line carry no meaning and are left out:
    spreadsheets and Windows write them.
    """
    with opened(name) as file:
        for number, raw in enumerate(file, start=1):
            if number == 1:
                raw = raw.removeprefix(BOM)
            try:
                yield number, raw.rstrip(b"\r\n").decode("utf-8")
            except UnicodeDecodeError as error:
                yield number, ValueError(f"byte {error.start + 1} is no UTF-8 text. Save the file as UTF-8.")
