"""Bytes of a file to text: what is missing, too large, or no text at all is told with its place."""

import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from attendance.errors import CaseError, Problem, visible
from attendance.formats.document import MOST_BYTES
from attendance.formats.files import refuse_endless

_DATABASE = b"SQLite format 3\0"
_FOLDED = re.compile(rb"([\xc2-\xf4][\x80-\xbf]{0,2})(\r?\n[ \t])([\x80-\xbf]{1,3})")


def file_text(file: Path, *, folded: bool = False) -> str:
    """The text of a file, `folded` as that of a calendar.

    Raises CaseError where it is missing, no file at all, too large, or no UTF-8.
    """
    try:
        refuse_endless(file)
        with file.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise CaseError([Problem(f"cannot read {visible(str(file))}: {error.strerror}")]) from None
    return decoded(data, str(file), folded=folded)


def decoded(data: bytes, file: str, *, folded: bool = False) -> str:
    """Bytes of a case file as text; calendars are `folded`, perhaps within a character.

    Raises CaseError with the place of what is no UTF-8, or too long.
    """
    if len(data) > MOST_BYTES:
        raise CaseError([Problem(f"{visible(file)}: a case file has at most {MOST_BYTES:,} bytes: split it")])
    if data.startswith(_DATABASE):
        hint = "a journal becomes a case file with `attendance journal export`"
        raise CaseError([Problem("this is a database, and no text", hint=hint, file=file, line=1, column=1)])
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or data[:4].count(0) in (2, 3):  # or UTF-32
        raise CaseError([Problem("this is UTF-16 or UTF-32: save the file as UTF-8", file=file, line=1, column=1)])
    if folded:
        data = _FOLDED.sub(_unfolded, data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        line, column = before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1
        message = f"the byte 0x{data[error.start]:02X} is no UTF-8: save the file as UTF-8"
        raise CaseError([Problem(message, file=file, line=line, column=column)]) from None


def _unfolded(found: re.Match[bytes]) -> bytes:
    """The character in one piece, and the fold after it; what makes no character stays as it is."""
    character = found[1] + found[3]
    try:
        return character + found[2] if len(character.decode("utf-8")) == 1 else found[0]
    except UnicodeDecodeError:
        return found[0]
