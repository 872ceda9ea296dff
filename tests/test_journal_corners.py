"""Journals where something seldom is in the way: locks, permissions, other programs. Each is told in plain words."""

import errno
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from attendance.errors import JournalBusy, JournalDamaged, JournalError
from attendance.live import holding, opening, scanning
from attendance.live.journal import Journal, read, salvage, verify
from tests.test_journal import changed, refused, say, unix, written

NOBODY = 65534


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of somebody who may not do everything: whoever tests as root is nobody until the test is over."""
    path = Path(tempfile.mkdtemp())
    root = os.name != "nt" and os.geteuid() == 0
    if root:
        os.chown(path, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, 0)  # the real one too: os.access asks for that
    try:
        yield path
    finally:
        if root:
            os.setresuid(0, 0, 0)
        path.chmod(0o700)
        shutil.rmtree(path)


# --- what may not be read or written ----------------------------------------------------------------------


@unix
def test_what_may_not_be_written_is_told_and_read_all_the_same(folder: Path) -> None:
    file, entries = written(folder, 3)
    file.chmod(0o400)
    with pytest.raises(JournalError, match="it cannot be written: check its permissions"):
        Journal(file)
    for suffix in ("-wal", "-shm"):
        Path(f"{file}{suffix}").unlink(missing_ok=True)
    folder.chmod(0o500)
    with pytest.raises(JournalError, match="cannot be locked for writing: Permission denied: make its folder writable"):
        Journal(folder / "new")
    assert entries == list(read(file))
    assert verify(file).ok


@unix
def test_a_log_that_cannot_be_read_without_writing_is_told(folder: Path) -> None:
    file, _ = written(folder, 3, closed=False)
    folder.chmod(0o500)
    for look in (lambda: list(read(file)), lambda: verify(file), lambda: salvage(file)):
        with pytest.raises(JournalError, match="copy it and its -wal file into a folder of yours"):
            look()


@unix
def test_what_may_not_be_read_is_told(folder: Path) -> None:
    file, _ = written(folder, 3)
    file.chmod(0)
    for look in (lambda: list(read(file)), lambda: verify(file)):
        with pytest.raises(JournalError, match="it cannot be opened: check the permissions"):
            look()


@unix
def test_a_log_that_may_not_be_read_is_told(folder: Path) -> None:
    file, _ = written(folder, 3, closed=False)
    Path(f"{file}-wal").chmod(0)
    for look in (verify, salvage):
        with pytest.raises(JournalError, match="killed-wal: cannot be read: Permission denied"):
            look(file)


@unix
def test_a_link_that_leads_back_to_itself_is_told(tmp_path: Path) -> None:
    (tmp_path / "j").symlink_to(tmp_path / "j")
    refused(tmp_path / "j", "this link leads back to itself: name the file")


def test_a_path_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As where a process has too many files open already."""
    file, _ = written(tmp_path, 3)

    def refuse(*_: Any, **__: Any) -> None:
        error = sqlite3.OperationalError("unable to open database file")
        error.sqlite_errorcode = sqlite3.SQLITE_CANTOPEN
        raise error

    monkeypatch.setattr(sqlite3, "connect", refuse)
    refused(file, "it cannot be opened: check the permissions of the file and its folder")


# --- locks ------------------------------------------------------------------------------------------------


def test_a_folder_in_the_place_of_a_lock_is_told(tmp_path: Path) -> None:
    (tmp_path / "j-lock").mkdir()
    with pytest.raises(JournalError, match="j: cannot be locked for writing: "):
        Journal(tmp_path / "j")
    assert not (tmp_path / "j").exists()


def test_a_disk_without_locks_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Any) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(holding, "_take", refuse)
    with pytest.raises(JournalError, match="locked for writing: No locks available: put it where files can be locked"):
        Journal(tmp_path / "j")


@unix
def test_a_lock_that_is_replaced_while_it_is_taken_is_no_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever holds what was there before holds nothing: the new one is taken instead."""
    take, taken = holding._take, []

    def late(stream: Any) -> None:
        take(stream)
        if not taken:
            (tmp_path / "j-lock").unlink()
            (tmp_path / "j-lock").touch()
        taken.append(stream)

    monkeypatch.setattr(holding, "_take", late)
    with Journal(tmp_path / "j", wait=600) as journal:
        assert [True, False] == [stream.closed for stream in taken]
        say(journal, "a")
        with pytest.raises(JournalBusy):
            Journal(tmp_path / "j")


@unix
def test_a_lock_that_is_gone_when_its_holder_is_looked_up_names_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Any) -> None:
        (tmp_path / "j-lock").unlink()
        raise BlockingIOError

    monkeypatch.setattr(holding, "_take", refuse)
    with pytest.raises(JournalBusy, match="j: another process is writing in this journal: end it first, or wait"):
        Journal(tmp_path / "j")


# --- other programs ---------------------------------------------------------------------------------------


def test_a_program_that_has_the_file_for_itself_is_told_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0)
    file, entries = written(tmp_path, 3)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        for use in (Journal, lambda path: list(read(path)), verify, salvage):
            with pytest.raises(JournalError, match="another program has it: close that first"):
                use(file)
    assert entries == list(read(file))


def test_a_program_that_writes_is_told_of_and_the_lock_is_given_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "PATIENCE", 0)
    file, entries = written(tmp_path, 3)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="another program has it: close that first"):
            Journal(file)
    with Journal(file) as journal:
        assert entries == list(journal.entries())


def test_a_folder_that_may_be_written_and_not_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Any, *_: Any) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as shut:
        shut.setattr(os, "open", refuse)
        with pytest.raises(JournalError, match=r"j: Permission denied$"):
            Journal(tmp_path / "j")
    Journal(tmp_path / "j").close()


def test_a_disk_without_room_for_a_temporary_journal_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    private = opening.private

    def full() -> sqlite3.Connection:
        database = private()
        database.execute("PRAGMA max_page_count = 1")
        return database

    monkeypatch.setattr(opening, "private", full)
    with pytest.raises(JournalError, match=r"^the temporary journal: the disk is full: make room$"):
        Journal(None)


@pytest.mark.parametrize(
    ("change", "ask", "told"),
    [
        ("DELETE FROM entry WHERE number = 2", lambda j: list(j.entries(2)), "entry 2 is missing"),
        ("DELETE FROM entry WHERE number = 2", lambda j: list(j.entries()), "entry 2 is missing"),
        ("UPDATE found SET name = '\"x\"' WHERE number = 2", lambda j: j.said("x"), "the tables by which entries are"),
        ("UPDATE found SET topic = '\"x\"' WHERE number = 2", lambda j: j.about("x"), "the tables by which entries"),
        ("INSERT INTO ending VALUES ('\"x\"', 2)", lambda j: j.enders("x"), "the tables by which entries are found"),
    ],
)
def test_what_others_change_in_an_open_journal_is_noticed(
    tmp_path: Path, change: str, ask: Callable[[Journal], object], told: str
) -> None:
    file, _ = written(tmp_path, 4)
    with Journal(file) as journal:
        changed(file, change)
        with pytest.raises(JournalDamaged, match=f"this journal is damaged: {told}"):
            ask(journal)


def test_an_entry_that_others_take_away_while_all_are_read_is_noticed(tmp_path: Path) -> None:
    file, _ = written(tmp_path, 4)
    with Journal(file) as journal:
        found = journal.entries()
        changed(file, "DELETE FROM entry WHERE number = 4")
        with pytest.raises(JournalDamaged, match="damaged: entry 4 is missing; 4 entries are whole"):
            list(found)


def test_a_number_that_others_have_taken_is_told_and_nothing_is_added(tmp_path: Path) -> None:
    file, entries = written(tmp_path, 3)
    with Journal(file) as journal:
        changed(file, "INSERT INTO found VALUES (4, 'say', NULL, NULL)")
        with pytest.raises(JournalError, match="SQLite cannot do it: UNIQUE constraint failed"):
            say(journal, "a")
        assert entries == list(journal.entries())


def test_a_damaged_temporary_journal_is_told() -> None:
    with Journal(None) as journal:
        say(journal, "a")
        journal._database.execute("DROP TRIGGER entry_no_update")
        journal._database.execute("UPDATE entry SET frame = 'x'")
        with pytest.raises(JournalDamaged, match=r"^the temporary journal: this journal is damaged: entry 1 is not as"):
            journal.said("a")


def test_a_reader_notices_that_its_journal_was_replaced(tmp_path: Path) -> None:
    file, _ = written(tmp_path, 3)
    Journal(tmp_path / "new").close()
    found = read(file)
    os.replace(tmp_path / "new", file)
    with pytest.raises(JournalDamaged, match="entry 1 is missing; 0 entries are whole"):
        list(found)


@pytest.mark.parametrize("version", ["", "two"])
def test_a_version_that_is_none_is_damage(tmp_path: Path, version: str) -> None:
    file, entries = written(tmp_path, 3)
    changed(file, "PRAGMA user_version = 2", f"UPDATE meta SET value = '{version}' WHERE key = 'version'")
    for use in (Journal, lambda path: list(read(path))):
        with pytest.raises(JournalDamaged, match="the head or the tables of the file are not as they were written"):
            use(file)
    assert entries == salvage(file)[0]


def test_looked_through_by_its_own_writer_a_journal_stays_open_to_it_alone(tmp_path: Path) -> None:
    """A file that is closed would take the locks with it that SQLite has on it."""
    file, entries = written(tmp_path, 3)
    before = len(scanning._kept_open)
    with Journal(file) as journal:
        changed(file, "UPDATE found SET topic = '\"x\"' WHERE number = 2")
        assert not verify(file).ok
        assert before < len(scanning._kept_open)
        entries.append(say(journal, "a"))
    assert entries == salvage(file)[0]
