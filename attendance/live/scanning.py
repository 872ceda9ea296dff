"""Finds the entries of a journal in the bytes of its files, where SQLite finds them no more."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from attendance.errors import JournalError, visible
from attendance.live.entries import MARK, PAGE, Frame, unframed
from attendance.live.log import FRAME_HEAD, pages
from attendance.live.opening import HELD

_MOST_HERE = PAGE - 35
"""Bytes of a row that a leaf of a table holds; of a longer one it holds the beginning. SQLite's file format."""
_LEAST_HERE = (PAGE - 12) * 32 // 255 - 23
_kept_open: list[int] = []


def scanned(file: Path) -> Iterator[Frame]:
    """Every entry in the bytes of the database and of its log that proves itself, each once."""
    files = _Pages(_bytes(file), _bytes(file.with_name(f"{file.name}-wal")))
    seen: set[bytes] = set()
    for data in (files.data, files.log):
        for mark in MARK.finditer(data):
            if mark[1] in seen:
                continue
            end = mark.end() + int(mark[2])
            frame = unframed(mark[1].decode(), data[mark.end() : end])
            if frame is None:
                frame = files.spilled(data, mark.start(), mark.end(), end)
            if frame is not None:
                seen.add(mark[1])
                yield frame


@dataclass(frozen=True)
class _Pages:
    """The database and its log, page by page."""

    data: bytes
    log: bytes

    def spilled(self, data: bytes, start: int, text: int, end: int) -> Frame | None:
        """The entry that begins there and goes on in pages of its own, newest in the log."""
        head = _row_head(end - start)
        row = head + end - start
        if row <= _MOST_HERE or row > len(self.data) + len(self.log):
            return None
        fits = _LEAST_HERE + (row - _LEAST_HERE) % (PAGE - 4)
        here = (fits if fits <= _MOST_HERE else _LEAST_HERE) - head
        check = data[text - 65 - len(str(end - text)) - 1 :][:64]
        for logged in (True, False):
            found = bytearray(data[start : start + here])
            page = int.from_bytes(data[start + here : start + here + 4])
            while len(found) < end - start and page and (image := self.page(page, logged)):
                found += image[4 : 4 + end - start - len(found)]
                page = int.from_bytes(image[:4])
            frame = unframed(check.decode("ascii", "replace"), bytes(found[text - start :]))
            if frame is not None:
                return frame
        return None

    def page(self, number: int, logged: bool) -> bytes:
        """A page as the log has it, if it does and is asked, or else as the database has it."""
        if logged:
            for start in [start for start, page in pages(self.log) if page == number][-1:]:
                return self.log[start + FRAME_HEAD : start + FRAME_HEAD + PAGE]
        return self.data[(number - 1) * PAGE : number * PAGE]


def _row_head(size: int) -> int:
    """Bytes before the text of so many bytes in a row of a number, which takes none, and a text."""
    kind, took = 2 * size + 13, 1
    while kind > 0x7F:
        kind, took = kind >> 7, took + 1
    return 2 + took


def _bytes(file: Path) -> bytes:
    try:
        descriptor = os.open(file, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise JournalError(f"{visible(str(file))}: cannot be read: {error.strerror}", str(file)) from None
    with open(descriptor, "rb", closefd=False) as stream:
        data = stream.read()
    if str(file) in HELD:  # closing it would drop the locks that SQLite has on it in this process
        _kept_open.append(descriptor)
    else:
        os.close(descriptor)
    return data
