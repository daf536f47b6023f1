"""The exceptions that are shown to the user."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

LONGEST = 1000  # characters of a message
JOINERS = "\u200c\u200d"  # between letters of Indian scripts
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EIO}
TAKEN = {errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENAMETOOLONG}
FORBIDDEN = {errno.EACCES, errno.EPERM}


def printable(text: str) -> str:
    """Returns a text with "?" for whatever cannot be printed, such as line ends and codes of a terminal."""
    return "".join(letter if letter.isprintable() or letter in JOINERS else "?" for letter in text)


def one_line(text: str) -> str:
    """Returns a text as a line that can be printed; the middle of a very long one is left out."""
    half = (LONGEST - 5) // 2
    return printable(text if len(text) <= LONGEST else f"{text[:half]} ... {text[-half:]}")


class InputError(Exception):
    """An error in the input of the program: a file, a folder, a camera, an option.

    Its text is one line with the error, its place, and the remedy. ``isl.config.app`` prints that line and ends the
    program with exit code 2; users of the library can catch it like any exception. Whatever cannot be printed, such as
    a line end in a file's name, becomes "?", and the middle of a very long line is left out. ``steps``, lines of a
    config on how to get the data, are shown below as they are.
    """

    def __init__(self, line: str, steps: str = "") -> None:
        super().__init__(one_line(line) + steps)


class OptionError(InputError):
    """An option has an invalid value.

    Attributes:
        option: the name of the option, relative to the object that checks it: an argument of the object at first, to
            which ``build`` adds the place of the object in front.
        problem: the rest of the message, which begins with the value.
    """

    def __init__(self, option: str, problem: str) -> None:
        super().__init__(f"{option}{problem}")
        self.option, self.problem = option, problem

    def within(self, place: str) -> OptionError:
        """Returns the error with ``place`` in front of the option, unless the name begins with it already."""
        inside = not place or self.option == place or self.option.startswith(f"{place}.")
        return self if inside else OptionError(f"{place}.{self.option}", self.problem)


@contextmanager
def renaming(option: str, shown: str) -> Iterator[None]:
    """Errors inside the block name the option ``shown`` in place of ``option``."""
    try:
        yield
    except InputError as error:
        raise InputError(str(error).replace(f"{option}=", f"{shown}=")) from None


def reason_of(error: OSError | ValueError) -> str:
    """Returns the operating system's words for an error, in small letters."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def describe_disk_error(error: OSError, place: object = "") -> str:
    """Returns a line about a disk that is full, broken or protected, or a name that is taken; "" for any other error.

    ``place`` is named if the error names no file.
    """
    if error.errno not in FULL | TAKEN | FORBIDDEN:
        return ""
    remedy = "change its permissions" if error.errno in FORBIDDEN else "make room there, or write elsewhere"
    where = error.filename or place
    return f"{where}{': ' if where else ''}{reason_of(error)}; {remedy}"
