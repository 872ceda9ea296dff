"""Tells a write-ahead log that was cut off, as by a kill or a loss of power, from one that was changed."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from struct import unpack, unpack_from

from attendance.live.entries import PAGE

HEAD, FRAME_HEAD = 32, 24
"""Bytes before the first page of a log, and before each of its pages. SQLite's file format."""
_BIG_ENDIAN = 0x377F0683
_MASK = 0xFFFFFFFF


def log_is_broken(file: Path) -> bool:
    """Whether the journal's log breaks where it went on: two transactions end after what SQLite can read of it.

    One alone may have been on its way to the disk when the power went, its pages in any order; but the next is
    begun only when the one before is on the disk.
    """
    data = b""
    for _ in range(2):  # a log that somebody is writing in may be read half old, half new: then it is another soon
        before, data = data, _read(file)
        if _ends_after_break(data) < 2:
            return False
    return before == data or log_is_broken(file)


def pages(log: bytes) -> Iterator[tuple[int, int]]:
    """Where the head of each page in a log is, and the number of the page."""
    for start in range(HEAD, len(log) - FRAME_HEAD - PAGE + 1, FRAME_HEAD + PAGE):
        yield start, int.from_bytes(log[start : start + 4])


def _read(file: Path) -> bytes:
    with suppress(OSError):
        return file.with_name(f"{file.name}-wal").read_bytes()
    return b""


def _ends_after_break(log: bytes) -> int:
    """How many transactions end after the first page that does not prove itself."""
    if len(log) < HEAD + FRAME_HEAD + PAGE:
        return 0
    order = ">" if int.from_bytes(log[:4]) == _BIG_ENDIAN else "<"
    sums = _sums(log[:24], (0, 0), order)
    sound = sums == unpack_from(">II", log, 24)
    salts = log[16:24] if sound else log[HEAD + 8 : HEAD + 16]
    ends = 0
    for start, _ in pages(log):
        if sound:
            sums = _sums(log[start : start + 8], sums, order)
            sums = _sums(log[start + FRAME_HEAD : start + FRAME_HEAD + PAGE], sums, order)
            sound = sums == unpack_from(">II", log, start + 16) and log[start + 8 : start + 16] == salts
        if not sound and log[start + 8 : start + 16] == salts and any(log[start + 4 : start + 8]) and any(salts):
            ends += 1
    return ends


def _sums(data: bytes, sums: tuple[int, int], order: str) -> tuple[int, int]:
    """SQLite's running checksum of a log."""
    one, two = sums
    words = unpack(f"{order}{len(data) // 4}I", data)
    for first, second in zip(words[::2], words[1::2], strict=True):
        one = (one + first + two) & _MASK
        two = (two + second + one) & _MASK
    return one, two
