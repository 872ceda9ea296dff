"""Opens the SQLite file of a journal, tells a journal from anything else, and SQLite's errors in plain words."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from attendance.errors import InputError, JournalDamaged, JournalError, shown, visible
from attendance.live.entries import APPLICATION, NOTHING, PAGE, TABLES, VERSION, Frame, read_frame
from attendance.live.log import log_is_broken

ADVICE = "save what is whole with `attendance journal export`, and begin a new journal with it"
PATIENCE = 5.0
"""Seconds that SQLite waits for another program that has the file for a moment."""
CHEAP = 4 << 20
"""Bytes up to which a journal is checked whole by SQLite when it is opened."""
LAST = 200
"""So many of the last entries are checked when it is opened."""
BROKEN_LOG = "its -wal file is not as it was written: SQLite does not read on after the break"
HELD: list[str] = []
"""The journals that this process is writing in: their files are never closed by anybody else in it."""
INHERITED: list[str] = []
"""In a forked process, the journals that its parent was writing in."""
FAILURES = (sqlite3.Error, UnicodeDecodeError)
"""What SQLite's driver raises; the second where a message quotes bytes of a damaged file."""
_DAMAGED = frozenset(
    (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR, sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_FORMAT)
)


def file_of(path: str | os.PathLike[str]) -> Path:
    """The file that the path leads to, links followed, so that one journal has one lock."""
    try:
        name = os.fspath(path)
    except TypeError:
        raise InputError(f"expected the path of a journal, not {shown(path)}") from None
    if not isinstance(name, str) or not name or "\0" in name:
        raise InputError(f"expected the path of a journal, not {shown(path)}")
    file = Path(os.path.realpath(name))
    if file.is_symlink():
        raise JournalError(f"{visible(name)}: this link leads back to itself: name the file", name)
    if file.is_dir():
        raise JournalError(f"{visible(name)}: this is a folder: name a file in it", name)
    if not file.parent.is_dir():
        raise JournalError(f"{visible(name)}: there is no folder {visible(str(file.parent))}: make it first", name)
    if file.exists() and not file.is_file():
        raise JournalError(f"{visible(name)}: a journal is a file, and this is none", name)
    return file


def only_one(file: Path) -> None:
    """Refuse a file to write in that has another name, or is new beside files that SQLite would take for its own."""
    if file.exists():
        if file.stat().st_nlink > 1:
            message = "it has another name too (a hard link), under which it could be written at the same time"
            raise JournalError(f"{visible(str(file))}: {message}: remove one of them", str(file))
        return
    for suffix in ("-journal", "-shm"):
        if Path(f"{file}{suffix}").exists():
            message = f"{visible(file.name)}{suffix} is there already, and would be overwritten: move it away"
            raise JournalError(f"{visible(str(file))}: {message}", str(file))


def write_to(file: Path) -> sqlite3.Connection:
    """The database, to be read and written, as it is: nothing in it is changed yet."""
    _refuse_inherited(file)
    if file.exists() and not os.access(file, os.W_OK):  # or SQLite would open it to be read
        raise JournalError(f"{visible(str(file))}: it cannot be written: check its permissions", str(file))
    database = sqlite3.connect(file, timeout=PATIENCE, isolation_level=None, check_same_thread=False)
    return _settled(database)


def read_from(path: str | os.PathLike[str]) -> sqlite3.Connection:
    """The database, to be read only, beside whoever writes in it. Raises JournalError."""
    file = file_of(path)
    if not file.exists():
        raise JournalError(f"{visible(str(file))}: there is no such journal", str(file))
    _refuse_inherited(file)
    name = f"{file.as_uri()}?mode=ro"
    try:
        database = sqlite3.connect(name, timeout=PATIENCE, isolation_level=None, uri=True)
    except sqlite3.Error as error:
        raise JournalError(f"{visible(str(file))}: {plainly(error)}", str(file)) from None
    try:
        database.execute("SELECT 1 FROM sqlite_master").fetchone()
    except FAILURES:  # whoever looks into it tells what is wrong, if it is the file
        if not os.access(file.parent, os.W_OK):
            database.close()
            database = _apart(file, name)
    return _settled(database)


def _apart(file: Path, name: str) -> sqlite3.Connection:
    """The database, where SQLite can put nothing beside it: only if nothing is in its log."""
    if _size(file, "-wal"):
        message = f"{visible(str(file))}: cannot be read where nothing can be written beside it"
        raise JournalError(f"{message}: copy it and its -wal file into a folder of yours", str(file))
    return sqlite3.connect(f"{name}&immutable=1", isolation_level=None, uri=True)


def _refuse_inherited(file: Path) -> None:
    """SQLite in a forked process would take its parent's locks for its own. Raises JournalError."""
    if str(file) in INHERITED:
        message = f"{visible(str(file))}: a forked process cannot use the journal that its parent has open"
        raise JournalError(f"{message}: start a process of its own for that", str(file))


def private() -> sqlite3.Connection:
    """A temporary database of nobody else's, on the disk, gone when it is closed."""
    return _settled(sqlite3.connect("", isolation_level=None, check_same_thread=False))


def _settled(database: sqlite3.Connection) -> sqlite3.Connection:
    # bytes that are no UTF-8 are for us to find, not for the driver to fail on
    database.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    for setting in ("trusted_schema = OFF", "cell_size_check = ON", "mmap_size = 0"):
        database.execute(f"PRAGMA {setting}")
    return database


def found_journal(database: sqlite3.Connection, file: str) -> bool:
    """Whether there is a journal in it; False if there is nothing yet. Raises JournalError for anything else."""
    application, version = (_setting(database, name) for name in ("application_id", "user_version"))
    tables = dict(database.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    pages = _setting(database, "page_count")
    if not pages and os.path.getsize(file):
        raise JournalError(f"{visible(file)}: this is no journal: name another file", file)
    empty = pages == 0 or (pages == 1 and _setting(database, "page_size") == PAGE)
    if empty and not tables and not application and not version:
        return False
    # where the head says that there is no log, what is in it would be passed over
    logged = database.execute("PRAGMA journal_mode").fetchone()[0] == "wal" or not _size(Path(file), "-wal")
    if tables == TABLES and application == APPLICATION and version == VERSION and logged:
        return True
    if application == APPLICATION and version > VERSION and _meant(database) == version:
        message = f"{visible(file)}: this journal is of format {version}, and this library writes format {VERSION}"
        raise JournalError(f"{message}: use a newer version of attendance", file)
    if application != APPLICATION and not {"entry", "found", "meta"} <= tables.keys():
        raise JournalError(f"{visible(file)}: this is a database, but no journal: name another file", file)
    raise Doubt("the head or the tables of the file are not as they were written")


class Doubt(Exception):  # caught within this floor, where it is known how many entries are whole
    """Something is not as it was written."""


def _setting(database: sqlite3.Connection, name: str) -> int:
    return int(database.execute(f"PRAGMA {name}").fetchone()[0])


def _meant(database: sqlite3.Connection) -> int | None:
    """The version that the table of facts about the file has, which a flipped bit in the head does not change."""
    try:
        return int(database.execute("SELECT value FROM meta WHERE key = 'version'").fetchone()[0])
    except (sqlite3.Error, TypeError, ValueError):
        return None


def checked(file: Path) -> bool:
    """Whether there is a journal that seems whole; False for nothing yet. Raises JournalError, Doubt.

    It is read only: SQLite drops what it does not understand of a log when it closes what it could write in.
    """
    if not _size(file):
        if _size(file, "-wal"):
            message = f"{visible(str(file))}: the journal is gone, but its -wal file is there, with entries in it"
            raise JournalError(f"{message}: bring the journal back, or move that file away", str(file))
        return False
    if only_begun(file):
        return False
    if log_is_broken(file):
        raise Doubt(BROKEN_LOG)
    with closing(read_from(file)) as database:
        database.execute("BEGIN")
        if not found_journal(database, str(file)):
            return False
        problem = database.execute("PRAGMA quick_check(1)").fetchone()[0] if file.stat().st_size <= CHEAP else "ok"
        if problem != "ok":
            raise Doubt(str(problem))
        check_end(database, LAST)
        return True


def only_begun(file: Path) -> bool:
    """Whether whoever made the file was killed before its first page was done; only a writer may undo that."""
    return bool(_size(file, "-journal")) and _size(file) <= PAGE and not _size(file, "-wal")


def _size(file: Path, suffix: str = "") -> int:
    """Bytes of a file, or of one beside it; 0 where there is none."""
    try:
        return os.path.getsize(f"{file}{suffix}")
    except OSError:
        return 0


def create(database: sqlite3.Connection) -> None:
    """Make it a journal, at once or not at all."""
    database.execute("BEGIN IMMEDIATE")
    for statement in TABLES.values():
        database.execute(statement)
    facts = {"version": VERSION, "page": PAGE}
    database.executemany("INSERT INTO meta VALUES (?, ?)", [(k, str(v)) for k, v in facts.items()])
    database.execute(f"PRAGMA application_id = {APPLICATION}")
    database.execute(f"PRAGMA user_version = {VERSION}")
    database.execute("COMMIT")


def last_frame(database: sqlite3.Connection) -> Frame | None:
    """The last entry; None if there is none yet. Raises Doubt."""
    return next(iter(frames(database, "ORDER BY number DESC LIMIT 1")), None)


def frames(database: sqlite3.Connection, where: str, *values: object) -> list[Frame]:
    """The entries that are asked for, each proved. Raises Doubt."""
    found = []
    for number, stored in database.execute(f"SELECT number, frame FROM entry {where}", values).fetchall():
        frame = read_frame(as_bytes(stored))
        if frame is None or frame.number != number:
            raise Doubt(f"entry {number} is not as it was written")
        found.append(frame)
    return found


def as_bytes(stored: object) -> bytes:
    """What is stored as a text, as it stands in the file."""
    return stored.encode("utf-8", "surrogateescape") if isinstance(stored, str) else b""


def chained(before: str, number: int, found: list[Frame]) -> str:
    """The check of the last of the entries, which follow each other and that one. Raises Doubt."""
    for frame in found:
        number += 1
        if frame.number != number:
            raise Doubt(f"entry {number} is missing")
        if frame.before != before:
            raise Doubt(f"entry {number} does not follow the entry before it")
        before = frame.check
    return before


def check_end(database: sqlite3.Connection, many: int) -> None:
    """Whether the last entries are as they were written. Raises Doubt."""
    found = frames(database, "ORDER BY number DESC LIMIT ?", many)[::-1]
    if found:
        first = found[0]
        before = NOTHING if first.number == 1 else first.before
        chained(before, first.number - 1 if len(found) == many else 0, found)
    last = found[-1].number if found else 0
    if database.execute("SELECT coalesce(max(number), 0) FROM found").fetchone()[0] != last:
        raise Doubt(f"the tables disagree on how many entries there are: {last} of them can be read")


def ill(error: Exception) -> bool:
    """Whether SQLite says that the file is damaged, rather than that something went wrong around it."""
    return isinstance(error, UnicodeDecodeError) or (isinstance(error, sqlite3.Error) and _code(error) in _DAMAGED)


def _code(error: Exception) -> int:
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def plainly(error: Exception) -> str:
    """What SQLite complains of, and what to do about it."""
    advice = {
        sqlite3.SQLITE_FULL: "the disk is full: make room",
        sqlite3.SQLITE_READONLY: "it cannot be written: check the permissions of the file and its folder",
        sqlite3.SQLITE_CANTOPEN: "it cannot be opened: check the permissions of the file and its folder",
        sqlite3.SQLITE_PERM: "it cannot be opened: check the permissions of the file and its folder",
        sqlite3.SQLITE_BUSY: "another program has it: close that first",
        sqlite3.SQLITE_IOERR: f"the disk failed ({error}): check it, then open the journal again",
    }
    return advice.get(_code(error), f"SQLite cannot do it: {error}")


def damage(path: str, problem: str, whole: int) -> JournalDamaged:
    """The error of a damaged journal: what is wrong, how many entries are whole, and what to do."""
    message = f"{visible(path)}: this journal is damaged: {visible(problem)}; {whole} entries are whole: {ADVICE}"
    return JournalDamaged(message, path, whole)
