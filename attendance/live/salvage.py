"""Reads a journal beside its writer, checks all of it, and saves what is whole of a damaged one."""

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from attendance.errors import JournalError, visible
from attendance.live.entries import NOTHING, Entry, Frame, key, read_frame
from attendance.live.log import log_is_broken
from attendance.live.opening import (
    BROKEN_LOG,
    FAILURES,
    Doubt,
    as_bytes,
    chained,
    check_end,
    damage,
    file_of,
    found_journal,
    frames,
    ill,
    only_begun,
    plainly,
    read_from,
)
from attendance.live.scanning import scanned

BATCH = 500
"""Entries that are read at once."""
MOST = 100
"""Up to this many findings of SQLite are told."""
_ROWS = """SELECT number, frame, kind, name, topic FROM entry LEFT JOIN found USING (number)
 WHERE number > ? ORDER BY number LIMIT ?"""


@dataclass(frozen=True)
class Verification:
    """What was found in a journal: whether it is sound, how many entries there are, how many of them are whole.

    `problems` says of each entry, or of the file, what is wrong.
    """

    ok: bool
    entries: int
    whole: int
    problems: tuple[str, ...]


def verify(path: str | os.PathLike[str]) -> Verification:
    """Read all of a journal and check it, also while somebody is writing in it.

    Raises JournalError where there is no journal, or one that cannot be read at all.
    """
    look = _Look(file_of(path))
    whole = sum(1 for _ in look.frames(thorough=True))
    if not look.problems:
        return Verification(True, whole, whole, ())
    kept, problems = _saved(look, list(_Look(look.file).frames()))
    entries = max(look.sure, look.rows, kept[-1].number if kept else 0)
    return Verification(False, entries, len(kept), problems)


def read(path: str | os.PathLike[str]) -> Iterator[Entry]:
    """The entries of a journal that there are now, in order, beside whoever writes in it.

    Raises JournalError, and JournalDamaged at the first entry that is not as it was written.
    """
    file = file_of(path)
    if only_begun(file):
        return iter(())
    with _told(file), closing(read_from(file)) as database:
        database.execute("BEGIN")  # one moment, whatever is written meanwhile
        last = 0
        if found_journal(database, str(file)):
            check_end(database, 1)
            last = database.execute("SELECT coalesce(max(number), 0) FROM entry").fetchone()[0]
    return _streamed(file, last)


def _streamed(file: Path, last: int) -> Iterator[Entry]:
    with closing(read_from(file)) as database:
        after, check = 0, NOTHING
        while after < last:
            with _told(file):
                found = frames(database, "WHERE number > ? AND number <= ? ORDER BY number LIMIT ?", after, last, BATCH)
                check = chained(check, after, found)
                if not found:
                    raise Doubt(f"entry {after + 1} is missing")
            after = found[-1].number
            yield from (frame.entry for frame in found)


def salvage(path: str | os.PathLike[str]) -> tuple[list[Entry], tuple[str, ...]]:
    """All entries that are whole, and what is wrong with the journal: nothing, if it is sound.

    Where SQLite does not find an entry, it is looked for in the bytes of the file and of its -wal file; a long
    one whose pages are damaged is lost. Raises JournalError where there is no journal.
    """
    look = _Look(file_of(path))
    known = list(look.frames(thorough=True))
    if not look.problems:
        return [frame.entry for frame in known], ()
    return _saved(look, known)


@dataclass
class _Look:
    """One look at a journal by way of SQLite, and what it finds wrong; entries wrong are left out."""

    file: Path
    problems: list[str] = field(default_factory=list)
    last: int = 0  # the last row
    sure: int = 0  # the last one whose entry has that number
    rows: int = 0  # how many there are, or should be
    strange: bool = False  # SQLite does not take it for a database at all

    def frames(self, thorough: bool = False) -> Iterator[Frame]:
        """The entries that prove themselves, in order, all of one moment."""
        if only_begun(self.file):
            return
        with closing(read_from(self.file)) as database:
            if log_is_broken(self.file):
                self.problems.append(BROKEN_LOG)
            try:
                database.execute("BEGIN")  # one moment, whatever is written meanwhile
                if found_journal(database, str(self.file)):
                    yield from self._walk(database)
                    if thorough:
                        self._integrity(database)
            except Doubt as doubt:
                self.problems.append(str(doubt))
            except FAILURES as error:
                self._failed(error)

    def _failed(self, error: Exception) -> None:
        """What SQLite cannot read is a finding; what it cannot open for another reason is not."""
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOMEM):
            raise JournalError(f"{visible(str(self.file))}: {plainly(error)}", str(self.file)) from None
        self.strange = code == sqlite3.SQLITE_NOTADB
        self.problems.append(f"SQLite cannot read it ({error})" + (f" after entry {self.last}" if self.last else ""))

    def _walk(self, database: sqlite3.Connection) -> Iterator[Frame]:
        check, ended = NOTHING, 0
        while rows := database.execute(_ROWS, (self.last, BATCH)).fetchall():
            for number, stored, *found in rows:
                if number <= self.last:  # or it would go round for ever
                    raise Doubt(f"after entry {self.last}, the rows of the file are out of order")
                self.problems += _missing(self.last + 1, number - 1)
                self.rows += 1
                self.last, frame = number, read_frame(as_bytes(stored))
                if frame is None or frame.number != number:
                    self.problems.append(f"entry {number}: it is not as it was written")
                    check = ""
                    continue
                if check and frame.before != check:
                    self.problems.append(f"entry {number}: it does not follow the entry before it, as that stands")
                self.sure = number
                check, ended = frame.check, ended + len(set(frame.ends))
                if not _indexed(database, frame, found):
                    self.problems.append(f"entry {number}: the tables by which it is found do not fit it")
                yield frame
        self._ends(database, ended)

    def _ends(self, database: sqlite3.Connection, ended: int) -> None:
        """What the tables say beyond the entries that there are."""
        known, many = database.execute("SELECT coalesce(max(number), 0), count(*) FROM found").fetchone()
        self.rows = max(self.rows, many)
        self.problems += _missing(self.last + 1, known)
        if not self.problems and database.execute("SELECT count(*) FROM ending").fetchone()[0] != ended:
            self.problems.append("the table of what entries end does not fit the entries")

    def _integrity(self, database: sqlite3.Connection) -> None:
        found = [str(row[0]) for row in database.execute(f"PRAGMA integrity_check({MOST})")]
        self.problems += [f"SQLite: {line}" for line in found if line != "ok"]


def _indexed(database: sqlite3.Connection, frame: Frame, found: list[object]) -> bool:
    """Whether the tables have the entry as its frame has it."""
    asked = "SELECT 1 FROM ending WHERE name = ? AND number = ?"
    return found == [frame.entry.kind, key(frame.name), key(frame.topic)] and all(
        database.execute(asked, (key(name), frame.number)).fetchone() for name in frame.ends
    )


def _missing(first: int, last: int) -> list[str]:
    if first > last:
        return []
    return [f"entry {first}: it is missing" if first == last else f"entries {first} to {last}: they are missing"]


# --- what is whole of a damaged one -----------------------------------------------------------------


def _saved(look: _Look, known: list[Frame]) -> tuple[list[Entry], tuple[str, ...]]:
    """The entries that SQLite found with those in the bytes of the files, and all that is wrong."""
    found: dict[int, list[Frame]] = {frame.number: [frame] for frame in known}
    for frame in scanned(look.file):
        candidates = found.setdefault(frame.number, [])
        if frame not in candidates:
            candidates.append(frame)
    if not found and look.strange:
        raise JournalError(f"{visible(str(look.file))}: this is no journal: name another file", str(look.file))
    kept = _linked(found)
    problems = [*look.problems, *_lost(kept)]
    by_bytes = len(kept) - len({frame.number for frame in known})
    if by_bytes > 0:
        problems.append(f"{by_bytes} entries were found in the bytes of the file alone")
    return [frame.entry for frame in kept], tuple(dict.fromkeys(problems))


def _linked(found: dict[int, list[Frame]]) -> list[Frame]:
    """One entry of each number: the one that follows the one before, or that the next one follows."""
    kept: list[Frame] = []
    for number in sorted(found):
        before = kept[-1].check if kept and kept[-1].number == number - 1 else NOTHING if number == 1 else None
        after = {frame.before for frame in found.get(number + 1, ())}
        kept.append(min(found[number], key=lambda f: (f.before != before, f.check not in after)))
    return kept


def _lost(kept: Iterable[Frame]) -> Iterator[str]:
    """What is lost: numbers without an entry, up to the last that is whole."""
    number = 0
    for frame in kept:
        for line in _missing(number + 1, frame.number - 1):
            yield f"{line}, and lost"
        number = frame.number


class _told:  # noqa: N801  # a way to say `with`
    """Tells what goes wrong inside as an error of the journal."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and (isinstance(error, Doubt) or ill(error)):
            raise damage(str(self.file), str(error), len(salvage(self.file)[0])) from None
        if isinstance(error, sqlite3.Error):
            raise JournalError(f"{visible(str(self.file))}: {plainly(error)}", str(self.file)) from None
