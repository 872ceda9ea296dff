"""The right to write in a journal: one writer at a time, of all processes and within each of them."""

import os
import re
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import IO

from attendance.errors import JournalBusy, JournalError, visible

SIGNED = re.compile(rb"(process \d+)?")
"""What a lock says: who holds it, or nothing, also where they let go of it just now."""
_PAUSE = 0.02
"""Seconds between two attempts."""
_FAR = 1 << 30
"""The byte that is locked on Windows: far behind what is written, which others must be able to read."""

if sys.platform == "win32":  # pragma: no cover - runs on Windows alone
    import msvcrt

    def _take(stream: IO[bytes]) -> None:
        stream.seek(_FAR)
        msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)

    def _give(stream: IO[bytes]) -> None:
        stream.seek(_FAR)
        msvcrt.locking(stream.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _take(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _give(stream: IO[bytes]) -> None:
        fcntl.flock(stream, fcntl.LOCK_UN)


class Hold:
    """Holds a lock on a file beside the journal; the system releases it when the process ends.

    The database itself is not locked so: closing any descriptor of it would drop SQLite's own locks.
    """

    def __init__(self, journal: Path, wait: float) -> None:
        self._file = journal.with_name(f"{journal.name}-lock")
        self._journal = str(journal)
        until = time.monotonic() + wait
        while (stream := self._attempt()) is None:
            if time.monotonic() >= until:
                raise JournalBusy(self._refusal(), self._journal)
            time.sleep(_PAUSE)
        self.stream = stream
        self._sign(f"process {os.getpid()}")

    def release(self) -> None:
        """Let others write."""
        self._sign("")
        _give(self.stream)
        self.stream.close()

    def forget(self) -> None:
        """Close it in a forked child without a release: the parent goes on writing."""
        self.stream.close()

    def _sign(self, holder: str) -> None:
        """Have others read who holds it; on a full disk they are told of another process."""
        with suppress(OSError):
            self.stream.truncate(0)
            self.stream.write(holder.encode())

    def _attempt(self) -> IO[bytes] | None:
        """The locked file, or None if another has it, or has just put another file in its place."""
        try:
            if os.path.islink(self._file) or (_size(self._file) and not self._is_ours()):
                message = f"{visible(self._journal)}: {visible(self._file.name)} is there, and is no lock: move it away"
                raise JournalError(message, self._journal)
            stream = open(self._file, "a+b", buffering=0)  # noqa: SIM115
        except OSError as error:
            raise JournalError(_cannot(self._journal, error), self._journal) from None
        try:
            _take(stream)
            if os.path.samestat(os.fstat(stream.fileno()), os.stat(self._file)):
                return stream
        except (BlockingIOError, PermissionError, FileNotFoundError):
            pass
        except OSError as error:
            stream.close()
            raise JournalError(_cannot(self._journal, error), self._journal) from None
        stream.close()
        return None

    def _is_ours(self) -> bool:
        """Whether the file says who writes, and nothing else."""
        with open(self._file, "rb") as stream:
            return SIGNED.fullmatch(stream.read(60)) is not None

    def _refusal(self) -> str:
        try:
            with open(self._file, "rb") as stream:
                holder = visible(stream.read(60).decode("utf-8", "replace"))
        except OSError:
            holder = ""
        told = f"{holder or 'another process'}{' (this one)' if holder == f'process {os.getpid()}' else ''}"
        return f"{visible(self._journal)}: {told} is writing in this journal: end it first, or wait for it"


def _size(file: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def _cannot(journal: str, error: OSError) -> str:
    where = "make its folder writable" if isinstance(error, PermissionError) else "put it where files can be locked"
    return f"{visible(journal)}: cannot be locked for writing: {error.strerror}: {where}"
