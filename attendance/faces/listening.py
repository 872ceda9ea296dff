"""Lines as they come: from standard input, or from a file that grows; and the clock in between."""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import BinaryIO

from attendance.errors import InputError, visible
from attendance.formats.files import refuse_endless

MOST = 400_000
"""Bytes of a line that are read at once; what is longer is cut, and refused for its length."""
POLL = 0.1
"""Seconds between two looks at a file that grows."""

Heard = tuple[int, str | None]
"""A line with its number; None when so much time has passed."""


def lines_of(follow: str | None, every: float | None) -> Iterator[Heard]:
    """Every line; after each `every` seconds, None. Of standard input until it ends, of a file for ever.

    Raises InputError where the file cannot be read.
    """
    if follow is not None:
        try:
            refuse_endless(Path(follow))
            return _followed(Path(follow), Path(follow).open("rb"), every)
        except OSError as error:
            raise InputError(f"cannot read {visible(follow)}: {error.strerror}") from None
    if sys.stdin is None:
        raise InputError("standard input is closed: name a file with --follow")
    if every is None:
        return enumerate(_lines(sys.stdin.buffer), 1)
    return _timed(sys.stdin.buffer, every)


def _lines(stream: BinaryIO) -> Iterator[str]:
    while line := stream.readline(MOST):
        while not line.endswith(b"\n") and (rest := stream.readline(MOST)):
            line = line[:MOST] + rest[-1:]
        yield _text(line)


def _timed(stream: BinaryIO, every: float) -> Iterator[Heard]:
    """Lines that a thread reads, while the clock goes on."""
    heard: Queue[str | None] = Queue(1000)

    def read() -> None:
        for line in _lines(stream):
            heard.put(line)
        heard.put(None)

    Thread(target=read, daemon=True).start()
    number, due = 0, time.monotonic() + every
    while True:
        left = due - time.monotonic()
        if left <= 0:
            due = time.monotonic() + every
            yield number, None
            continue
        try:
            line = heard.get(timeout=left)
        except Empty:
            continue
        if line is None:
            return
        number += 1
        yield number, line


def _followed(file: Path, stream: BinaryIO, every: float | None) -> Iterator[Heard]:
    """The lines of a file from its beginning, and those that are still to come; of a new file in its place too."""
    number, begun, due = 0, b"", time.monotonic() + (every or 0)
    try:
        while True:
            more = stream.readline(MOST)
            begun = begun[:MOST] + (more if len(begun) < MOST else more[-1:])
            if every is not None and time.monotonic() >= due:
                due = time.monotonic() + every
                yield number, None
            if begun.endswith(b"\n"):
                number += 1
                yield number, _text(begun)
                begun = b""
            elif _is_another(file, stream):
                stream.close()
                stream, begun = file.open("rb"), b""
            elif not more:
                time.sleep(POLL)
    finally:
        stream.close()


def _is_another(file: Path, stream: BinaryIO) -> bool:
    """Whether the file was cut, or has another in its place."""
    try:
        there, open_ = file.stat(), os.fstat(stream.fileno())
    except OSError:  # it is gone: perhaps another will come
        return False
    return not os.path.samestat(there, open_) or there.st_size < stream.tell()


def _text(line: bytes) -> str:
    """A line as text; a byte that is no UTF-8 becomes a character that every reader of text refuses."""
    return line.decode("utf-8", "surrogateescape").removeprefix("\ufeff")
