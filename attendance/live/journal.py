"""The journal of the live desk: entries in one file, only ever added to, each on the disk before it is told."""

import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from types import TracebackType
from typing import Any, Self, TypeVar

from attendance.errors import JournalError, visible
from attendance.live import opening
from attendance.live.entries import NOTHING, PAGE, Entry, Frame, Unwritten, framed, key
from attendance.live.holding import Hold
from attendance.live.opening import Doubt, chained, checked, file_of, frames, last_frame
from attendance.live.salvage import Verification, read, salvage, verify

__all__ = ["Entry", "Journal", "Unwritten", "Verification", "read", "salvage", "verify"]

T = TypeVar("T")
BATCH = 500
"""Entries that are read at once, where all are wanted."""
LOG = 4 << 20
"""Bytes of the write-ahead log after which it is worked into the file."""
_STANDS = "NOT EXISTS (SELECT 1 FROM found w WHERE w.kind = 'withdraw' AND w.name = found.name)"


class Journal:
    """An open journal, to be added to and read: one writer at a time, which may have several threads.

    Without a path it is a temporary one of nobody else's. `wait` is for how many seconds another writer is
    waited for. Raises JournalError, of which JournalBusy is for another writer and JournalDamaged for a
    journal that is not as it was written.
    """

    def __init__(self, path: str | os.PathLike[str] | None, *, wait: float = 0) -> None:
        self._file = None if path is None else file_of(path)
        self._turn, self._process, self._closed = threading.RLock(), os.getpid(), False
        self._name = "the temporary journal" if self._file is None else str(self._file)
        if self._file is not None:
            opening.only_one(self._file)
        self._hold = None if self._file is None else Hold(self._file, wait)
        try:
            self._database = self._opened()
        except BaseException:
            if self._hold is not None:
                self._hold.release()
            raise
        if self._file is not None:
            opening.HELD.append(self._name)
        _OPEN.add(self)

    # --- writing ---

    def append(
        self,
        kind: str,
        body: Mapping[str, Any],
        *,
        name: str | None = None,
        topic: str | None = None,
        ends: Iterable[str] = (),
    ) -> Entry:
        """Add an entry; when this returns, it is on the disk. Raises JournalError, and then nothing was added.

        `name` is that of a statement, or of the one withdrawn; `topic` is by what it is found again, and
        `ends` are the names that it ends.
        """
        return self.append_all([Unwritten(kind, body, name, topic, tuple(ends))])[0]

    def append_all(self, wanted: Iterable[Unwritten]) -> list[Entry]:
        """Add several entries, all or none of them. Raises JournalError."""
        wanted = list(wanted)

        def write(database: sqlite3.Connection) -> list[Entry]:
            self._still_there()
            database.execute("BEGIN IMMEDIATE")
            try:
                added = self._add(database, wanted)
                database.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    if database.in_transaction:
                        database.execute("ROLLBACK")
                raise
            self._still_there()
            self._tidy(database)
            return added

        return self._do(write)

    def _add(self, database: sqlite3.Connection, wanted: list[Unwritten]) -> list[Entry]:
        last, added = last_frame(database), []
        number, check = (last.number, last.check) if last else (0, NOTHING)
        for each in wanted:
            number += 1
            frame, text = framed(number, check, each)
            check = frame.check
            self._index(database, frame)
            database.execute("INSERT INTO entry VALUES (?, ?)", (number, text))
            added.append(frame.entry)
        return added

    def _index(self, database: sqlite3.Connection, frame: Frame) -> None:
        """Make the entry one that is found by its name, its topic and what it ends."""
        row = (frame.number, frame.entry.kind, key(frame.name), key(frame.topic))
        try:
            database.execute("INSERT INTO found VALUES (?, ?, ?, ?)", row)
        except sqlite3.IntegrityError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_CONSTRAINT_UNIQUE:  # but its number is taken
                raise
            message = f"{visible(self._name)}: there is a statement {frame.name!r} already: give this another id"
            raise JournalError(message, self._name) from None
        ends = [(key(name), frame.number) for name in dict.fromkeys(frame.ends)]
        database.executemany("INSERT INTO ending VALUES (?, ?)", ends)

    def _tidy(self, database: sqlite3.Connection) -> None:
        """Work a long log into the file and empty it, unless somebody is reading."""
        if self._file is None:
            return
        with suppress(*opening.FAILURES, OSError):  # the entries are safe in the log: the next one tries again
            if os.stat(f"{self._file}-wal").st_size >= LOG:
                database.execute("PRAGMA busy_timeout = 0")
                database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
                database.execute(f"PRAGMA busy_timeout = {int(opening.PATIENCE * 1000)}")

    # --- reading ---

    def __len__(self) -> int:
        last = self._do(last_frame)
        return last.number if last else 0

    def entries(self, after: int = 0) -> Iterator[Entry]:
        """The entries after that number, up to the last there is now, in order. Raises JournalDamaged."""
        return self._streamed(max(after, 0), len(self))

    def _streamed(self, after: int, last: int) -> Iterator[Entry]:
        check = self._do(lambda d: self._check_of(d, after)) if 0 < after < last else NOTHING
        while after < last:
            upto = min(after + BATCH, last)
            found, check = self._do(partial(_batch, after=after, upto=upto, check=check))
            after = upto
            yield from (frame.entry for frame in found)

    def _check_of(self, database: sqlite3.Connection, number: int) -> str:
        found = frames(database, "WHERE number = ?", number)
        if not found:
            raise Doubt(f"entry {number} is missing")
        return found[0].check

    def said(self, name: str) -> Entry | None:
        """The statement of that name, withdrawn or not."""
        where = "WHERE number IN (SELECT number FROM found WHERE kind = 'say' AND name = ?)"
        found = self._do(lambda d: frames(d, where, key(name)))
        return self._as_asked(found, found[0].name == name)[0].entry if found else None

    def is_withdrawn(self, name: str) -> bool:
        """Whether the statement of that name was taken back."""
        asked = "SELECT 1 FROM found WHERE kind = 'withdraw' AND name = ?"
        return self._do(lambda d: d.execute(asked, (key(name),)).fetchone()) is not None

    def about(self, topic: str) -> list[Entry]:
        """The statements of a topic that are not withdrawn, in order."""
        where = f"WHERE number IN (SELECT number FROM found WHERE kind = 'say' AND topic = ? AND {_STANDS})"
        found = self._do(lambda d: frames(d, f"{where} ORDER BY number", key(topic)))
        return [frame.entry for frame in self._as_asked(found, all(frame.topic == topic for frame in found))]

    def enders(self, name: str) -> list[str]:
        """The names of the statements that end that one and are not withdrawn, in order."""
        where = f"number IN (SELECT number FROM ending WHERE name = ?) AND kind = 'say' AND {_STANDS}"
        asked = f"WHERE number IN (SELECT number FROM found WHERE {where}) ORDER BY number"
        found = self._do(lambda d: frames(d, asked, key(name)))
        enders = self._as_asked(found, all(name in frame.ends for frame in found))
        return [frame.name for frame in enders if frame.name is not None]

    def _as_asked(self, found: list[Frame], alike: bool) -> list[Frame]:
        if not alike:
            raise self._damaged("the tables by which entries are found do not fit the entries")
        return found

    # --- opening and closing ---

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close it, and let others write. A closed journal is closed once more without a complaint."""
        if os.getpid() != self._process:
            return
        with self._turn:
            if not self._closed:
                self._closed = True
                self._database.close()
                if self._hold is not None:
                    opening.HELD.remove(self._name)
                    self._hold.release()

    def _opened(self) -> sqlite3.Connection:
        """The database, checked, or made where there is none. Raises JournalError."""
        database = None
        try:
            there = self._file is not None and checked(self._file)
            database = opening.private() if self._file is None else opening.write_to(self._file)
            self._prepare(database, there)
        except BaseException as error:
            if database is not None:
                database.close()
            if isinstance(error, (*opening.FAILURES, Doubt, OSError)):
                raise self._failure(error) from None
            raise
        return database

    def _prepare(self, database: sqlite3.Connection, there: bool) -> None:
        if self._file is not None:  # a file that was only begun is mended now, and looked at again
            there = there or opening.found_journal(database, self._name)
        if not there:
            database.execute(f"PRAGMA page_size = {PAGE}")
        if self._file is None:
            database.execute("PRAGMA synchronous = OFF")
        else:
            database.execute("PRAGMA journal_mode = WAL").fetchone()
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA fullfsync = ON")  # where the system's own fsync leaves things in the disk
            database.execute("PRAGMA wal_autocheckpoint = 0")  # see _tidy
        if not there:
            opening.create(database)
            self._sync_folder()
        database.execute("BEGIN IMMEDIATE")  # which fails where nothing can be written
        database.execute("ROLLBACK")
        self._places = self._seen()

    def _sync_folder(self) -> None:
        """Have the new file's name on the disk too, where the system offers that."""
        if self._file is None or os.name == "nt":
            return
        folder = os.open(self._file.parent, os.O_RDONLY)
        try:
            with suppress(OSError):
                os.fsync(folder)
        finally:
            os.close(folder)

    def _seen(self) -> list[os.stat_result]:
        """The files of the journal as they are now."""
        if self._file is None:
            return []
        return [os.stat(f"{self._file}{suffix}") for suffix in ("", "-wal", "-lock")]

    def _still_there(self) -> None:
        """What is written into a file that was taken away is on no disk. Raises JournalError."""
        try:
            same = all(map(os.path.samestat, self._places, self._seen()))
        except OSError:
            same = False
        if not same:
            message = f"{visible(self._name)}: the journal, or a file beside it, was moved or replaced: open it again"
            raise JournalError(message, self._name)

    def _do(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Do it when it is this thread's turn; every error is told as one of a journal."""
        if os.getpid() != self._process:
            message = f"{visible(self._name)}: a forked process cannot use the journal of its parent: open it there"
            raise JournalError(message, self._name)
        with self._turn:
            if self._closed:
                raise JournalError(f"{visible(self._name)}: this journal is closed: open it again", self._name)
            try:
                return work(self._database)
            except (*opening.FAILURES, Doubt, OSError) as error:
                raise self._failure(error) from None

    def _failure(self, error: Exception) -> JournalError:
        if isinstance(error, OSError):
            return JournalError(f"{visible(self._name)}: {error.strerror or error}", self._name)
        if isinstance(error, Doubt) or opening.ill(error):
            return self._damaged(str(error))
        return JournalError(f"{visible(self._name)}: {opening.plainly(error)}", self._name)

    def _damaged(self, problem: str) -> JournalError:
        whole = 0
        if self._file is not None:
            with suppress(JournalError):
                whole = len(salvage(self._file)[0])
                return opening.damage(self._name, problem, whole)
            return JournalError(f"{visible(self._name)}: this is no journal: name another file", self._name)
        return opening.damage(self._name, problem, whole)

    def _forget(self) -> None:
        """In a forked child: the parent's lock and database are the parent's."""
        _PARENTS.append(self._database)
        if self._name in opening.HELD:
            opening.HELD.remove(self._name)
            opening.INHERITED.append(self._name)
        if self._hold is not None:
            self._hold.forget()


def _batch(database: sqlite3.Connection, after: int, upto: int, check: str) -> tuple[list[Frame], str]:
    found = frames(database, "WHERE number > ? AND number <= ? ORDER BY number", after, upto)
    check = chained(check, after, found)
    if len(found) != upto - after:
        raise Doubt(f"entry {after + len(found) + 1} is missing")
    return found, check


_OPEN: weakref.WeakSet[Journal] = weakref.WeakSet()
_PARENTS: list[sqlite3.Connection] = []
"""Databases of a forked process's parent: kept open, as closing one would meddle with its files."""


def _forget_all() -> None:
    for journal in list(_OPEN):
        journal._forget()


if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows alone has none
    os.register_at_fork(after_in_child=_forget_all)
