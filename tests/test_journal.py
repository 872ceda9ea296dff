"""The journal: what was acknowledged is there, whatever is killed, cut or damaged; and nothing else ever is."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import tracemalloc
import warnings
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.errors import AttendanceError, InputError, JournalBusy, JournalDamaged, JournalError
from attendance.faces import cli
from attendance.faces.commands.journal import journal as command
from attendance.live import journal as room
from attendance.live.entries import MARK
from attendance.live.journal import Entry, Journal, Unwritten, read, salvage, verify
from attendance.live.recorded import plain, recorded, statement
from attendance.live.scanning import scanned
from attendance.model.statements import Statement
from attendance.model.words import forbidden
from tests.cases import Asked, asked
from tests.test_seeds import SEEDS
from tests.trees import examples, names, sayings

THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
WRITER = Path(__file__).with_name("journal_writer.py")
unix = pytest.mark.skipif(os.name == "nt", reason="forks and kills")
if os.name != "nt":
    from tests.journal_writer import CASE as SPOKEN
    from tests.journal_writer import statement as spoken
    from tests.journal_writer import wanted


@pytest.fixture
def memory() -> Iterator[Path]:
    """A folder in which writing costs nothing, for journals that are cut and damaged, not killed."""
    shared = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(dir=shared if shared.is_dir() else None))
    yield folder
    shutil.rmtree(folder)


def say(journal: Journal, name: str, topic: str | None = None, ends: tuple[str, ...] = ()) -> Entry:
    return journal.append("say", {"id": name, "who": "ann", "says": "attends"}, name=name, topic=topic, ends=ends)


def written(folder: Path, size: int, *, closed: bool = True) -> tuple[Path, list[Entry]]:
    """A journal with so many entries; one that is not closed is as a killed writer leaves it."""
    file = folder / "sound"
    with Journal(file) as journal:
        entries = journal.append_all([wanted(number) for number in range(1, size + 1)])
        if not closed:
            shutil.copy(file, folder / "killed")
            shutil.copy(f"{file}-wal", folder / "killed-wal")
            file = folder / "killed"
    return file, entries


# --- what it is for -------------------------------------------------------------------------------------


@pytest.mark.parametrize("temporary", [False, True])
def test_what_is_written_is_read(tmp_path, temporary):
    with Journal(None if temporary else tmp_path / "j") as journal:
        assert 0 == len(journal)
        assert [] == list(journal.entries())
        first = journal.append("case", {"case": {"title": "Istanbul", "participants": {"ann": {}}}})
        assert Entry(1, "case", {"case": {"title": "Istanbul", "participants": {"ann": {}}}}) == first
        one = say(journal, "ann.1", "ann")
        two = say(journal, "ann.2", "ann", ends=("ann.1", "ann.1"))
        other = say(journal, "Зеленский \ud800\0", "bob")
        tick = journal.append("tick", {"now": "2025-05-14T10:00:00+03:00"})
        everything = [first, one, two, other, tick]
        assert everything == list(journal.entries())
        assert [other, tick] == list(journal.entries(after=3))
        assert [] == list(journal.entries(after=5)) == list(journal.entries(after=500))
        assert one == journal.said("ann.1")
        assert other == journal.said("Зеленский \ud800\0")
        assert journal.said("ann") is None
        assert [one, two] == journal.about("ann")
        assert ["ann.2"] == journal.enders("ann.1")
        assert not journal.is_withdrawn("ann.2")
        gone = journal.append("withdraw", {"id": "ann.2"}, name="ann.2")
        assert journal.is_withdrawn("ann.2")
        assert [one] == journal.about("ann")
        assert [] == journal.enders("ann.1")
        assert two == journal.said("ann.2")
        assert 6 == len(journal)
    if temporary:
        return
    assert [*everything, gone] == list(read(tmp_path / "j"))
    with Journal(tmp_path / "j") as journal:
        assert [*everything, gone] == list(journal.entries())
    assert ([*everything, gone], ()) == salvage(tmp_path / "j")
    assert room.Verification(True, 6, 6, ()) == verify(tmp_path / "j")


@pytest.mark.parametrize("temporary", [False, True])
def test_a_name_is_said_once(tmp_path, temporary):
    with Journal(None if temporary else tmp_path / "j") as journal:
        say(journal, "ann.1")
        with pytest.raises(JournalError, match=r"there is a statement 'ann\.1' already"):
            say(journal, "ann.1")
        with pytest.raises(JournalError, match=r"'ann\.2' already"):
            journal.append_all([Unwritten("say", {}, "ann.2"), Unwritten("say", {}, "ann.2")])
        assert 1 == len(journal)
        journal.append("withdraw", {"id": "ann.1"}, name="ann.1")
        journal.append("withdraw", {"id": "ann.1"}, name="ann.1")
        with pytest.raises(JournalError, match="already"):
            say(journal, "ann.1")
        assert [1, 2, 3] == [e.number for e in journal.entries()]


@pytest.mark.parametrize(
    "body",
    [{"a": {1, 2}}, {"a": float("nan")}, {1: "a"}, {"a": [{None: 1}]}, {"a": 10**5000}, [1], None],
    ids=range(7),
)
def test_what_is_no_json_is_refused(body):
    with Journal(None) as journal:
        with pytest.raises(InputError, match="is no entry of a journal"):
            journal.append("say", body)
        with pytest.raises(InputError, match="is no entry of a journal"):
            journal.append("say", {}, name=1)
        nested: dict[str, object] = {}
        for _ in range(100_000):
            nested = {"a": nested}
        with pytest.raises(InputError, match="is no entry"):
            journal.append("say", nested)
        while nested:  # so that it is not taken apart by recursion
            nested = nested.pop("a")
        assert 0 == len(journal)


def test_a_closed_journal_is_used_no_more(tmp_path):
    journal = Journal(tmp_path / "j")
    say(journal, "a")
    open_still = journal.entries()
    journal.close()
    journal.close()
    for use in (lambda: len(journal), lambda: say(journal, "b"), lambda: journal.said("a"), lambda: next(open_still)):
        with pytest.raises(JournalError, match="closed: open it again"):
            use()


def test_entries_are_only_added(tmp_path):
    with Journal(tmp_path / "j") as journal:
        say(journal, "a", "t", ("b",))
    with closing(sqlite3.connect(tmp_path / "j")) as database:
        for table in ("entry", "found", "ending", "meta"):
            column = database.execute(f"SELECT * FROM {table}").description[0][0]
            for change in (f"UPDATE {table} SET {column} = 7", f"DELETE FROM {table}"):
                with pytest.raises(sqlite3.IntegrityError, match="only added to"):
                    database.execute(change)
        for number in (1, 3, -1):
            with pytest.raises(sqlite3.IntegrityError, match="one after another"):
                database.execute("INSERT OR REPLACE INTO entry VALUES (?, '')", (number,))


# --- one writer, many threads, readers, forks -----------------------------------------------------------


def test_a_second_writer_is_refused(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "j")
    with Journal(tmp_path / "j") as journal:
        for path in (tmp_path / "j", tmp_path / "link", str(tmp_path / "." / "j")):
            with pytest.raises(JournalBusy, match=rf"process {os.getpid()} \(this one\) is writing in this journal"):
                Journal(path)
        say(journal, "a")
    with Journal(tmp_path / "link") as journal:
        assert 1 == len(journal)


def test_a_second_writer_may_wait(tmp_path):
    first, found, waits = Journal(tmp_path / "j"), [], threading.Event()

    def second() -> None:
        waits.set()
        with Journal(tmp_path / "j", wait=600) as journal:
            found.append(len(journal))

    thread = threading.Thread(target=second)
    thread.start()
    waits.wait()
    say(first, "a")
    assert [] == found
    first.close()
    thread.join()
    assert [1] == found


@unix
def test_a_writer_who_lets_go_between_two_looks_at_the_lock(tmp_path, monkeypatch):
    Journal(tmp_path / "j").close()
    monkeypatch.setattr("attendance.live.holding._size", lambda file: 9)  # it was signed, and is empty now
    with Journal(tmp_path / "j") as journal:
        say(journal, "a")


@unix
def test_a_writer_in_another_process_is_named(tmp_path):
    with writers() as start:
        pid, lines = start(tmp_path / "j")
        assert "1" == next(lines)
        with pytest.raises(JournalBusy, match=f"process {pid} is writing"):
            Journal(tmp_path / "j")
        os.kill(pid, signal.SIGKILL)
        assert "dead" == list(lines)[-1]
        Journal(tmp_path / "j").close()


@unix
def test_a_reader_beside_a_writer(tmp_path):
    with writers() as start:
        pid, lines = start(tmp_path / "j")
        for _ in range(20):
            acknowledged = int(next(lines))
            found = list(read(tmp_path / "j"))
            assert acknowledged <= len(found)
            assert [wanted(e.number).body for e in found] == [e.body for e in found]
            verified = verify(tmp_path / "j")
            assert verified.ok, verified
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        assert "dead" in list(lines)


def test_a_reader_keeps_to_its_moment(tmp_path):
    with Journal(tmp_path / "j") as journal:
        say(journal, "a")
        for entries in (journal.entries, lambda: read(tmp_path / "j")):
            before = len(journal)
            for number, entry in enumerate(entries(), 1):
                assert number == entry.number
                say(journal, f"s{len(journal)}")
            assert before == number


@unix
def test_a_fork_uses_no_journal_of_its_parent(tmp_path):
    journal, temporary = Journal(tmp_path / "j"), Journal(None)
    say(journal, "a")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        child = os.fork()
    if not child:
        wrong = 0
        for use in (
            lambda: say(journal, "b"),
            lambda: len(journal),
            lambda: len(temporary),
            lambda: list(read(tmp_path / "j")),
            lambda: Journal(tmp_path / "j"),
        ):
            try:
                use()
                wrong += 1
            except JournalError:
                pass
        journal.close()
        os._exit(wrong)
    assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    say(journal, "c")
    with pytest.raises(JournalBusy):
        Journal(tmp_path / "j")
    journal.close()
    temporary.close()
    with Journal(tmp_path / "j") as journal:
        assert ["a", "c"] == [e.body["id"] for e in journal.entries()]


@pytest.mark.parametrize("temporary", [False, True])
def test_threads(memory, temporary):
    threads, each = 8, 200
    with Journal(None if temporary else memory / "j") as journal:
        numbers: list[list[int]] = [[] for _ in range(threads)]

        def write(thread: int) -> None:
            for i in range(each):
                numbers[thread].append(say(journal, f"{thread}.{i}", str(thread)).number)
                if i % 20 == 0:
                    assert i < len(list(journal.entries()))

        started = [threading.Thread(target=write, args=(i,)) for i in range(threads)]
        for thread in started:
            thread.start()
        for thread in started:
            thread.join()
        assert all(sorted(found) == found for found in numbers)
        assert list(range(1, threads * each + 1)) == sorted(number for found in numbers for number in found)
        for i in range(threads):
            assert [f"{i}.{n}" for n in range(each)] == [e.body["id"] for e in journal.about(str(i))]
    if not temporary:
        assert verify(memory / "j").ok


def test_many_entries_are_streamed(memory):
    size = 20_000
    with Journal(memory / "j") as journal:
        for first in range(0, size, 1_000):
            journal.append_all([Unwritten("say", {"id": f"s{i}"}, f"s{i}") for i in range(first, first + 1_000)])
        tracemalloc.start()
        for entries in (lambda: journal.entries(), lambda: read(memory / "j")):
            tracemalloc.reset_peak()
            before = tracemalloc.get_traced_memory()[0]
            assert size == sum(1 for _ in entries())
            assert 4_000_000 > tracemalloc.get_traced_memory()[1] - before
        tracemalloc.stop()
        assert room.Verification(True, size, size, ()) == verify(memory / "j")


def test_a_long_log_is_worked_in(memory, monkeypatch):
    monkeypatch.setattr(room, "LOG", 100_000)
    with Journal(memory / "j") as journal:
        for number in range(1, 200):
            say(journal, f"s{number}")
            assert 200_000 > os.path.getsize(memory / "j-wal")
            assert number == len(journal)
        assert verify(memory / "j").ok
        with closing(sqlite3.connect(memory / "j")) as reader:  # who reads keeps the log from being emptied
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM entry").fetchone()
            for number in range(200, 300):
                say(journal, f"s{number}")
        for number in range(300, 310):
            say(journal, f"s{number}")
        assert 200_000 > os.path.getsize(memory / "j-wal")
    assert verify(memory / "j").ok


# --- killed ---------------------------------------------------------------------------------------------


class writers:  # noqa: N801
    """Starts writers, one after the other; each gives its process and the lines it prints."""

    def __enter__(self):
        root = str(Path(__file__).parent.parent)
        environment = {**os.environ, "PYTHONPATH": root}
        self.server = subprocess.Popen(
            [sys.executable, WRITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        return self.start

    def start(self, path: Path | str) -> tuple[int, Iterator[str]]:
        assert self.server.stdin
        self.server.stdin.write(f"{path}\n")
        self.server.stdin.flush()
        lines = self.lines()
        return int(next(lines).removeprefix("pid ")), lines

    def lines(self) -> Iterator[str]:
        assert self.server.stdout
        for line in self.server.stdout:
            yield line.rstrip("\n")
            if line == "dead\n":
                return

    def __exit__(self, *_: object) -> None:
        assert self.server.stdin
        assert self.server.stdout
        self.server.stdin.close()
        self.server.stdout.close()
        self.server.wait()


@unix
def test_what_was_acknowledged_survives_a_kill(tmp_path):
    kills, random, acknowledged_in_all, began = 1_000 if THOROUGH else 60, Random(7), 0, time.monotonic()
    unacknowledged = 0
    with writers() as start:
        file = tmp_path / "0"
        for kill in range(kills):
            if random.randrange(3) == 0:  # a new one, so that kills find it being made too
                file = tmp_path / str(kill)
            pid, lines = start(file)
            acknowledged = [next(lines) for _ in range(random.choice((0, 0, 1, 2, 5, 20)))]
            time.sleep(random.random() ** 3 / 50)
            os.kill(pid, signal.SIGKILL)
            acknowledged += [line for line in lines if line != "dead"]
            verified = verify(file) if file.exists() else None
            assert verified is None or verified.ok, verified
            with Journal(file) as journal:
                found = list(journal.entries())
            assert [e.number for e in found] == list(range(1, len(found) + 1))
            assert [wanted(e.number).body for e in found] == [e.body for e in found]
            last = int(acknowledged[-1]) if acknowledged else 0
            assert last <= len(found)
            unacknowledged += bool(acknowledged) and last < len(found)
            acknowledged_in_all += len(acknowledged)
            assert verify(file).ok
    print(  # noqa: T201  # seen with -s
        f"{kills} kills in {time.monotonic() - began:.1f} s, {acknowledged_in_all} entries acknowledged, none lost; "
        f"{unacknowledged} times one more was there"
    )
    assert 0 < acknowledged_in_all


@unix
def test_what_a_desk_acknowledged_survives_a_kill(tmp_path):
    random, acknowledged_in_all = Random(11), 0
    with writers() as start:
        for kill in range(1_000 if THOROUGH else 60):
            file = tmp_path / str(kill // 5)
            pid, lines = start(f"desk {file}")
            acknowledged = [next(lines) for _ in range(random.choice((0, 1, 2, 5, 20)))]
            time.sleep(random.random() ** 3 / 50)
            os.kill(pid, signal.SIGKILL)
            acknowledged += [line for line in lines if line != "dead"]
            with at.Desk(SPOKEN, file) as desk:
                case = desk.case
                assert at.resolve(case) == desk.resolution
                assert dict(desk.resolution.verdicts) == dict(desk.verdicts)
            assert [spoken(n) for n in range(len(case.statements))] == [(s.text, s.said) for s in case.statements]
            assert int(acknowledged[-1] if acknowledged else 0) <= len(case.statements)
            acknowledged_in_all += len(acknowledged)
    assert 0 < acknowledged_in_all


# --- cut ------------------------------------------------------------------------------------------------

LOG_HEAD, PAGE_IN_LOG = 32, 24 + 4096


def logged(folder: Path, size: int) -> tuple[bytes, bytes, list[int], list[Entry]]:
    """A database and its log as a killed writer leaves them, how long the log was after each entry, the entries."""
    with Journal(folder / "whole") as journal:
        lengths = [os.path.getsize(folder / "whole-wal")]
        for number in range(1, size + 1):
            journal.append_all([wanted(number)])
            lengths.append(os.path.getsize(folder / "whole-wal"))
        entries = list(journal.entries())
        return (folder / "whole").read_bytes(), (folder / "whole-wal").read_bytes(), lengths, entries


def cuts(length: int) -> list[int]:
    if THOROUGH:
        return list(range(length + 1))
    edges = [LOG_HEAD + i * PAGE_IN_LOG for i in range((length - LOG_HEAD) // PAGE_IN_LOG + 1)]
    random = Random(5)
    near = {cut + by for cut in [0, *edges] for by in (-1, 0, 1)} | {random.randrange(length) for _ in range(300)}
    return sorted(cut for cut in near if 0 <= cut <= length)


def test_a_log_cut_anywhere_leaves_what_was_written_before(memory):
    # Read in a process of its own: closing the files here would drop the locks of the journal that has them open.
    database, log, lengths, entries = logged(memory, 3 if THOROUGH else 9)
    for cut in cuts(len(log)):
        file = memory / "cut"
        file.write_bytes(database)
        (memory / "cut-wal").write_bytes(log[:cut])
        with Journal(file) as journal:
            found = list(journal.entries())
            assert entries[: len(found)] == found
            assert sum(length <= cut for length in lengths[1:]) == len(found), cut
            if cut % 16 == 0:
                journal.append_all([wanted(len(found) + 1)])
        for suffix in ("", "-lock"):
            os.remove(f"{file}{suffix}")


@pytest.mark.parametrize(
    "garbage", [None, b"", b"x" * 10, b"\xff" * 32768, bytes(32768)], ids=lambda g: str(g and g[:2])
)
def test_the_shared_memory_may_be_gone_or_garbage(memory, garbage):
    file, entries = written(memory, 50, closed=False)
    if garbage is not None:
        Path(f"{file}-shm").write_bytes(garbage)
    assert entries == list(read(file))
    if garbage is not None:
        Path(f"{file}-shm").write_bytes(garbage)
    with Journal(file) as journal:
        assert entries == list(journal.entries())


def test_a_log_that_was_changed_is_no_log_that_was_cut(memory):
    database, log, lengths, entries = logged(memory, 9)
    file, random = memory / "cut", Random(11)
    for _ in range(30):
        number = random.randrange(len(entries))  # something is changed in what was written of this one
        at = random.randrange(lengths[number], lengths[number + 1])
        changed = bytearray(log)
        changed[at] ^= 1 << random.randrange(8)
        file.write_bytes(database)
        (memory / "cut-wal").write_bytes(changed)
        verified = verify(file)
        saved, problems = salvage(file)
        assert all(entries[e.number - 1] == e for e in saved)
        if number < len(entries) - 2:
            assert not verified.ok
            assert "its -wal file is not as it was written" in problems[0]
            assert len(entries) - 1 <= len(saved)
            with pytest.raises(JournalDamaged, match="its -wal file is not as it was written"):
                Journal(file)
            assert changed == (memory / "cut-wal").read_bytes()
        else:  # as after a loss of power, when the last was on its way to the disk
            assert entries[:number] == saved[:number]


# --- damaged --------------------------------------------------------------------------------------------


def every_way(file: Path, entries: list[Entry]) -> tuple[room.Verification | None, list[Entry]]:
    """Whatever is done with a damaged journal: no error but ours, no entry that was not written."""
    verified, saved = None, []
    with suppress(JournalError):
        verified = verify(file)
    with suppress(JournalError):
        saved, problems = salvage(file)
        assert all(entries[e.number - 1] == e for e in saved)
        assert problems or saved == entries[: len(saved)]
    assert verified is None or len(saved) == verified.whole or verified.ok
    found = []
    with suppress(JournalError):
        for entry in read(file):
            found.append(entry)
    assert entries[: len(found)] == found
    found, told, whole = [], "", None
    try:
        with Journal(file) as journal:
            for entry in journal.entries():
                found.append(entry)
            for name in ("s1", "s7"):
                assert journal.said(name) in (None, entries[int(name[1:]) - 1])
            assert all(e in entries for e in journal.about("ann"))
    except JournalError as error:
        told, whole = str(error), getattr(error, "whole", None)
    assert whole in (None, len(saved))
    assert whole is None or "attendance journal export" in told
    assert entries[: len(found)] == found
    return verified, saved


def hurt_somewhere(data: bytearray, random: Random) -> None:
    """Flip bits, most often in the head; at times lose or swap pieces as well, or the end."""
    size, pages = len(data), len(data) // 4096
    low = random.choice((100, 4096, size))  # the head is more interesting than its size
    for _ in range(random.choice((1, 1, 2, 8, 40))):
        data[random.randrange(min(low, size))] ^= 1 << random.randrange(8)
    match random.randrange(12):
        case 0 | 1:
            at = random.randrange(size // 512) * 512
            data[at : at + 512] = random.choice((bytes(512), random.randbytes(512)))
        case 2:
            one, two = (slice(page * 4096, page * 4096 + 4096) for page in random.choices(range(pages), k=2))
            data[one], data[two] = data[two], data[one]
        case 3:
            del data[random.randrange(size) :]


@pytest.mark.parametrize("closed", [True, False])
def test_flipped_bytes_never_make_an_entry(memory, closed):
    file, entries = written(memory, 60, closed=closed)
    parts = {
        suffix: Path(f"{file}{suffix}").read_bytes() for suffix in ("", "-wal") if Path(f"{file}{suffix}").exists()
    }
    hurt, random, found = memory / "hurt", Random(3), 0
    for _ in range(5_000 if THOROUGH else 150):
        for suffix, data in parts.items():
            flipped = bytearray(data)
            if suffix == list(parts)[-1] or random.randrange(2):
                hurt_somewhere(flipped, random)
            Path(f"{hurt}{suffix}").write_bytes(flipped)
        verified, saved = every_way(hurt, entries)
        if verified is not None and verified.ok and closed:
            assert entries == saved
        found += verified is None or not verified.ok
        for part in memory.glob("hurt*"):
            part.unlink()
    assert 0 < found


def test_all_that_is_not_touched_is_saved(memory):
    with Journal(memory / "sound") as journal:
        entries = journal.append_all([Unwritten("say", {"id": f"s{i}", "note": "x" * (i % 50)}) for i in range(300)])
    data = (memory / "sound").read_bytes()
    places = {int(found["number"]): (at, at + size) for found, at, size in frames_in(data)}
    random, hurt = Random(9), memory / "hurt"
    for _ in range(40):
        flipped = bytearray(data)
        start = random.randrange(len(data) // 4096) * 4096
        end = start + random.choice((1, 100, 4096))
        flipped[start:end] = bytes(end - start) if random.randrange(2) else random.randbytes(end - start)
        hurt.write_bytes(flipped)
        untouched = {n for n, (low, high) in places.items() if high <= start or end <= low}
        saved, problems = salvage(hurt)
        assert untouched <= {e.number for e in saved}
        assert all(entries[e.number - 1] == e for e in saved)
        missing = [n for n in range(1, 301) if n not in {e.number for e in saved}]
        assert problems or not missing
        if missing and missing[-1] < 300:
            assert any(str(missing[0]) in problem for problem in problems)


def frames_in(data: bytes) -> Iterator[tuple[dict[str, object], int, int]]:
    for mark in MARK.finditer(data):
        text = data[mark.end() : mark.end() + int(mark[2])]
        yield json.loads(text), mark.start(), mark.end() - mark.start() + len(text)


@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("head", [16, 100, 4096])
def test_without_its_head_all_entries_are_found_in_the_bytes(memory, closed, head):
    file, entries = written(memory, 60, closed=closed)
    data = bytearray(file.read_bytes())
    data[:head] = b"\xff" * min(head, len(data))
    file.write_bytes(data)
    if not closed:  # or else SQLite has the head from there
        log = bytearray(Path(f"{file}-wal").read_bytes())
        log[:32] = bytes(32)
        Path(f"{file}-wal").write_bytes(log)
    saved, problems = salvage(file)
    assert entries == saved
    assert problems
    verified = verify(file)
    assert (False, 60, 60) == (verified.ok, verified.entries, verified.whole)
    with pytest.raises(
        JournalDamaged, match="60 entries are whole: save what is whole with `attendance journal export`"
    ):
        Journal(file)
    with pytest.raises(JournalDamaged) as told:
        list(read(file))
    assert (60, str(file)) == (told.value.whole, told.value.path)


def changed(file: Path, *changes: str) -> None:
    """Change a journal as somebody would who knows SQLite."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for change in changes:
            database.execute(change)
        for _, sql in triggers:
            database.execute(sql)


@pytest.mark.parametrize(
    ("change", "told", "whole"),
    [
        ("UPDATE entry SET frame = replace(frame, 'attends', 'decline') WHERE number = 5", "entry 5: it is not as", 29),
        ("DELETE FROM entry WHERE number = 5", "entry 5: it is missing", 29),
        ("DELETE FROM entry WHERE number IN (5, 6)", "entries 5 to 6: they are missing", 28),
        ("DELETE FROM entry WHERE number = 30", "entry 30: it is missing", 29),
        ("UPDATE entry SET number = 31 WHERE number = 5", "entry 31: it is not as it was written", 30),
        ("UPDATE entry SET frame = (SELECT frame FROM entry WHERE number = 6) WHERE number = 5", "entry 5: it is", 29),
        ("UPDATE found SET name = '\"s99\"' WHERE number = 5", "entry 5: the tables by which", 30),
        ("DELETE FROM ending WHERE number = 5", "entry 5: the tables by which", 30),
        ("INSERT INTO ending VALUES ('\"s5\"', 5)", "the table of what entries end", 30),
        ("UPDATE entry SET frame = x'ff00' WHERE number = 5", "entry 5: it is not as", 29),
    ],
)
def test_a_change_is_found(memory, change, told, whole):
    file, entries = written(memory, 30)
    changed(file, change)
    verified = verify(file)
    assert (False, whole) == (verified.ok, verified.whole), verified
    assert any(told in problem for problem in verified.problems), verified.problems
    every_way(file, entries)


def test_an_entry_rewritten_with_its_own_check_breaks_the_chain(memory):
    file, _ = written(memory, 9)
    with Journal(memory / "other") as journal:
        for number in range(1, 10):
            journal.append("say", {"id": f"t{number}"}, name=f"s{number}")
    changed(
        file,
        f"ATTACH '{memory / 'other'}' AS other",
        "UPDATE entry SET frame = (SELECT frame FROM other.entry o WHERE o.number = entry.number) WHERE number = 5",
    )
    assert any("entry 5: it does not follow" in problem for problem in verify(file).problems)
    with pytest.raises(JournalDamaged, match="entry 5"):
        list(read(file))
    with pytest.raises(JournalDamaged, match="entry 5"):
        Journal(file)


def test_a_text_cannot_pass_for_an_entry(memory):
    with Journal(memory / "one") as one:
        say(one, "a")
    forged = (memory / "one").read_bytes()
    forged = next(forged[at : at + size] for _, at, size in frames_in(forged)).decode()
    with Journal(memory / "two") as two:
        body = {"id": forged, "note": forged, forged: [forged]}
        entry = two.append("say", body, name=forged, topic=forged, ends=(forged,))
        assert entry == two.said(forged)
    data = bytearray((memory / "two").read_bytes())
    data[:100] = bytes(100)
    (memory / "two").write_bytes(data)
    assert [entry] == [frame.entry for frame in scanned(memory / "two")]
    assert [entry] == salvage(memory / "two")[0]


# --- what is no journal ---------------------------------------------------------------------------------


def refused(path: Path, match: str) -> None:
    before = path.read_bytes() if path.is_file() else None
    for use in (Journal, lambda p: list(read(p)), verify, salvage):
        with pytest.raises(JournalError, match=match) as told:
            use(path)
        assert not isinstance(told.value, JournalDamaged)
    assert before == (path.read_bytes() if path.is_file() else None)


def test_what_is_no_journal_is_refused(tmp_path):
    (tmp_path / "text").write_text("participants: {ann: {}}\n" * 1_000)
    refused(tmp_path / "text", "no journal")
    (tmp_path / "short").write_text("x")
    refused(tmp_path / "short", "no journal")
    with closing(sqlite3.connect(tmp_path / "other")) as database:
        database.execute("CREATE TABLE t (x)")
        database.commit()
    refused(tmp_path / "other", "a database, but no journal: name another file")
    refused(tmp_path, "this is a folder")
    refused(tmp_path / "none" / "j", "there is no folder .*none: make it first")
    for use in (lambda p: list(read(p)), verify, salvage):
        with pytest.raises(JournalError, match="there is no such journal"):
            use(tmp_path / "missing")
    assert not (tmp_path / "missing").exists()
    for strange in (7, b"j", "", "a\0b"):
        with pytest.raises(InputError, match="expected the path of a journal"):
            Journal(strange)
    if os.name != "nt":
        os.mkfifo(tmp_path / "pipe")
        refused(tmp_path / "pipe", "a journal is a file, and this is none")


def test_a_log_without_its_journal_is_kept(tmp_path):
    file, _ = written(tmp_path, 3, closed=False)
    file.unlink()
    log = Path(f"{file}-wal").read_bytes()
    with pytest.raises(JournalError, match="the journal is gone, but its -wal file is there"):
        Journal(file)
    assert log == Path(f"{file}-wal").read_bytes()


def test_a_newer_version_is_refused(tmp_path):
    file, _ = written(tmp_path, 3)
    changed(file, "PRAGMA user_version = 2", "UPDATE meta SET value = '2' WHERE key = 'version'")
    refused(file, "this journal is of format 2, and this library writes format 1: use a newer version")


def test_an_empty_file_is_new(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    assert [] == list(read(tmp_path / "empty"))
    assert room.Verification(True, 0, 0, ()) == verify(tmp_path / "empty")
    with closing(sqlite3.connect(tmp_path / "begun")) as database:  # as far as a writer came that was killed
        database.execute("PRAGMA journal_mode = WAL")
    shutil.copy(tmp_path / "begun", tmp_path / "hardly")
    head = b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(12) + (0).to_bytes(4) + (512).to_bytes(4) + (4096).to_bytes(4)
    (tmp_path / "hardly-journal").write_bytes(head.ljust(512, b"\0"))
    assert room.Verification(True, 0, 0, ()) == verify(tmp_path / "hardly")
    assert [] == list(read(tmp_path / "hardly"))
    for name in ("empty", "begun", "hardly"):
        with Journal(tmp_path / name) as journal:
            say(journal, "a")
        assert verify(tmp_path / name).ok


@pytest.mark.parametrize("name", ["a?b#c%41 d", "Журнал", "file:x", ":memory:", "x" * 200])
def test_any_name_of_a_file_will_do(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    with Journal(name) as journal:
        say(journal, "a")
        assert 1 == len(list(read(name)))
    assert verify(name).ok
    assert (tmp_path / name).exists()


# --- disks that fail ------------------------------------------------------------------------------------


def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path):
    with Journal(tmp_path / "j") as journal:
        say(journal, "a")
        pages = journal._database.execute("PRAGMA page_count").fetchone()[0]
        journal._database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(JournalError, match="the disk is full: make room"):
            journal.append_all([wanted(2), Unwritten("say", {"note": "x" * 100_000})])
        assert 1 == len(journal)
        journal._database.execute("PRAGMA max_page_count = 100000")
        journal.append_all([wanted(2)])
        assert verify(tmp_path / "j").ok
        assert 2 == len(journal)


@unix
def test_a_disk_that_fails_is_told_and_used_again(tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)}
    done = subprocess.run(
        [sys.executable, WRITER, tmp_path / "j"], capture_output=True, text=True, check=True, env=environment
    )
    failed, again = done.stdout.splitlines()
    number, message = failed.split(" ", 1)
    assert int(number) + 1 == int(again)
    assert "disk" in message
    assert verify(tmp_path / "j").ok
    assert [wanted(n).body for n in range(1, int(again) + 1)] == [e.body for e in read(tmp_path / "j")]


@unix
@pytest.mark.parametrize("part", ["", "-wal"])
@pytest.mark.parametrize("instead", [False, True])
def test_a_file_that_is_taken_away_is_not_written_in(tmp_path, part, instead):
    journal = Journal(tmp_path / "j")
    say(journal, "a")
    os.rename(tmp_path / f"j{part}", tmp_path / "away")
    if instead:
        shutil.copy(tmp_path / "away", tmp_path / f"j{part}")
    with pytest.raises(JournalError, match="was moved or replaced: open it again"):
        say(journal, "b")
    os.replace(tmp_path / "away", tmp_path / f"j{part}")
    say(journal, "b")
    journal.close()
    with Journal(tmp_path / "j") as journal:
        assert ["a", "b"] == [e.body["id"] for e in journal.entries()]


def test_a_journal_that_may_not_be_written_is_told(tmp_path, monkeypatch):
    file, entries = written(tmp_path, 3)
    with monkeypatch.context() as locked:
        locked.setattr(os, "access", lambda path, mode: mode != os.W_OK)
        with pytest.raises(JournalError, match="cannot be written: check its permissions"):
            Journal(file)
    assert entries == list(read(file))


# --- the case it makes ----------------------------------------------------------------------------------


def texts() -> st.SearchStrategy[str]:
    return st.text(max_size=20).filter(lambda text: not any(map(forbidden, text)))


def moments() -> st.SearchStrategy[date | datetime | None]:
    zones = st.integers(-1439, 1439).map(lambda minutes: timezone(timedelta(minutes=minutes)))
    return st.one_of(st.none(), st.dates(), st.datetimes(), st.datetimes(timezones=st.one_of(st.none(), zones)))


def statements() -> st.SearchStrategy[Statement]:
    maybe = st.one_of(st.none(), texts())
    chance = st.one_of(
        st.none(),
        st.fractions(0, 1, max_denominator=10**20),
        st.integers(0, 10**28).map(lambda n: Fraction(n, 10**28)),
    )
    return st.builds(
        Statement,
        id=names(),
        who=names(),
        says=sayings(),
        at=st.one_of(st.none(), names()),
        by=maybe,
        said=moments(),
        source=maybe,
        url=maybe,
        note=maybe,
        also=st.booleans(),
        supersedes=st.lists(names(), max_size=3).map(tuple),
        inclination=st.sampled_from((None, "inclined", "disinclined", "open")),
        probability=chance,
    )


@given(statements())
@examples(300)
def test_a_statement_survives_its_entry(said):
    assert said == statement(json.loads(json.dumps(plain(said))))


def entries_of(case: at.Case, later: Sequence[Statement] = ()) -> list[Entry]:
    about = json.loads(at.dumps(case, format="json"), parse_float=str)
    wanted = [("case", {"case": about}), *(("say", plain(s)) for s in later)]
    with Journal(None) as journal:
        return journal.append_all([Unwritten(kind, body) for kind, body in wanted])


@given(asked())
@examples(100)
def test_a_case_survives_its_journal(found: Asked):
    case = found.case
    assert case == recorded(entries_of(case))
    later = [s.model_copy(update={"id": f"later.{i}"}) for i, s in enumerate(case.statements)]
    made = recorded(entries_of(case, later))
    assert (*case.statements, *later) == made.statements
    assert made == at.loads(at.dumps(made))


@given(asked(), st.data())
@examples(100)
def test_a_case_survives_what_is_withdrawn(found: Asked, data: st.DataObject):
    case = found.case
    gone = [s for s in case.statements if data.draw(st.booleans())]
    withdrawn = [Entry(number, "withdraw", {"id": s.id}) for number, s in enumerate(gone, 2)]
    made = recorded([*entries_of(case), *withdrawn])
    assert [s.id for s in case.statements if s not in gone] == [s.id for s in made.statements]
    assert made == at.loads(at.dumps(made))
    assert made.expect == (() if gone else case.expect)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.stem)
def test_a_seed_survives_its_journal(seed):
    case = at.load(seed)
    assert case == recorded(entries_of(case))


CASE = {"title": "Istanbul", "participants": {"ann": {}, "bob": {}}}


def test_the_case_with_what_was_not_withdrawn():
    told = [
        Entry(1, "case", {"case": {"$schema": "x", "groups": None, **CASE}}),
        Entry(2, "say", {"id": "a", "who": "ann", "says": "attends"}),
        Entry(3, "tick", {"now": "2025-05-14T10:00:00"}),
        Entry(4, "say", {"id": "b", "who": "ann", "says": "declines"}),
        Entry(6, "withdraw", {"id": "a"}),
        Entry(7, "say", {"id": "c", "who": "bob", "says": "attends only if ann"}),
    ]
    case = recorded(told)
    assert ("Istanbul", ["b", "c"]) == (case.title, [s.id for s in case.statements])
    with pytest.raises(JournalError, match=r"(?s)make no case: .*zoe"):
        recorded([*told, Entry(8, "say", {"id": "d", "who": "bob", "says": "attends only if zoe"})])
    for none, message in (
        ([*told, Entry(9, "case", {"case": CASE})], "entry 9 is a second case: entry 1 is one already"),
        ([Entry(1, "case", {"case": {"particpants": {}}})], "entry 1 makes no case: .*unknown key"),
        ([*told, Entry(9, "shout", {})], "entry 9 is of a kind that is not known here, 'shout'"),
        ([*told, Entry(9, "withdraw", {"id": "z"})], "entry 9 withdraws 'z', which nobody said"),
        ([*told, Entry(9, "withdraw", {"id": ["a"]})], r"entry 9 withdraws \['a'\], which nobody said"),
        (
            [*told, Entry(9, "say", {"id": "z", "who": "bob", "says": "attends", "supersedes": ["y"]})],
            "entry 9 ends 'y', which nobody said",
        ),
        ([], "no entry says which case"),
        (told[1:2], "no entry says which case"),
        ([Entry(1, "case", {})], "entry 1 makes no case"),
        ([Entry(1, "case", {"case": []})], "entry 1 makes no case"),
    ):
        with pytest.raises(JournalError, match=message):
            recorded(none)


# --- the command line -----------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    with Journal(tmp_path / "desk") as journal:
        journal.append("case", {"case": CASE})
        journal.append(
            "say",
            {"id": "a", "who": "ann", "says": "attends only if bob", "said": "2025-05-14", "source": "radio"},
            name="a",
        )
        journal.append("say", {"id": "b", "who": "bob", "says": "attends", "by": "ann"}, name="b")
        journal.append("withdraw", {"id": "b"}, name="b")
        journal.append("tick", {"now": "2025-05-15T10:00:00+03:00"})
    return tmp_path / "desk"


def run(monkeypatch, capfd, *arguments: object) -> tuple[int, str, str]:
    monkeypatch.setitem(cli.COMMANDS, "journal", "What is in the journal of a live desk.")
    try:
        cli.main(["journal", *map(str, arguments)])
        status = 0
    except SystemExit as end:
        status = int(end.code or 0)
    return status, *capfd.readouterr()


def test_show(desk, monkeypatch, capfd):
    status, out, told = run(monkeypatch, capfd, "show", desk)
    assert (0, "") == (status, told)
    assert [
        "1                             case: Istanbul",
        "2  2025-05-14                 ann attends only if bob  radio",
        "3                             bob attends (says ann)",
        "4                             withdrawn: b",
        "5  2025-05-15 10:00:00+03:00  the time",
    ] == out.splitlines()
    status, out, _ = run(monkeypatch, capfd, "show", desk, "--json")
    assert {"number": 4, "kind": "withdraw", "body": {"id": "b"}} == json.loads(out)[3]


def test_export(desk, tmp_path, monkeypatch, capfd):
    status, out, told = run(monkeypatch, capfd, "export", desk)
    assert (0, "") == (status, told)
    case = at.loads(out)
    assert ["a"] == [s.id for s in case.statements]
    for format in ("yaml", "json", "toml"):
        assert case == at.loads(run(monkeypatch, capfd, "export", desk, "--format", format)[1], format=format)
        assert (0, "", "") == run(monkeypatch, capfd, "export", desk, "-o", tmp_path / f"case.{format}")
        assert case == at.load(tmp_path / f"case.{format}")
    status, _, told = run(monkeypatch, capfd, "export", desk, "-o", tmp_path / "case.json", "--format", "yaml")
    assert 2 == status
    assert "leave --format out" in told


def test_verify(desk, monkeypatch, capfd):
    assert (0, f"{desk}: sound, 5 entries\n", "") == run(monkeypatch, capfd, "verify", desk)
    changed(desk, "DELETE FROM entry WHERE number = 3")
    status, out, _ = run(monkeypatch, capfd, "verify", desk)
    assert 1 == status
    assert "damaged: " in out
    assert "entry 3: it is missing" in out
    status, out, told = run(monkeypatch, capfd, "verify", desk.parent / "missing")
    assert (2, "") == (status, out)
    assert "there is no such journal" in told


def test_a_damaged_journal_gives_what_is_whole(desk, monkeypatch, capfd):
    changed(desk, "UPDATE entry SET frame = replace(frame, 'ann', 'eve') WHERE number = 3")
    data = bytearray(desk.read_bytes())
    data[:16] = bytes(16)
    desk.write_bytes(data)
    status, out, told = run(monkeypatch, capfd, "show", desk)
    assert 1 == status
    assert 4 <= len(out.splitlines())
    assert "cannot read it" in told
    status, out, told = run(monkeypatch, capfd, "export", desk)
    assert 1 == status
    assert ["a"] == [s.id for s in at.loads(out).statements]
    assert "cannot read it" in told


def test_statements_that_end_a_lost_one_are_exported(tmp_path, monkeypatch, capfd):
    with Journal(tmp_path / "j") as journal:
        journal.append("case", {"case": CASE})
        journal.append("say", {"id": "a", "who": "ann", "says": "attends"}, name="a")
        journal.append("say", {"id": "b", "who": "ann", "says": "declines", "supersedes": ["a"]}, name="b")
    changed(tmp_path / "j", "UPDATE entry SET frame = '' WHERE number = 2", "VACUUM")
    status, out, told = run(monkeypatch, capfd, "export", tmp_path / "j")
    assert 1 == status
    assert ["b"] == [s.id for s in at.loads(out).statements]
    assert "statement b: it ends a, which is lost" in told


def test_a_name_forges_no_line(tmp_path, monkeypatch, capfd):
    with Journal(tmp_path / "j") as journal:
        journal.append("say", {"id": "x", "who": "a\n\x1b[2Jb", "says": "\u202e"}, name="x")
        journal.append("withdraw", {"id": "a\n99  forged\x1b[0m\r"}, name="x")
        journal.append("tick", {"now": "\x9b2J\n"})
        journal.append("a\nkind", {"x": "\x1b"})
        journal.append("case", {"case": {"title": "a\nb\x07"}})
    status, out, _ = run(monkeypatch, capfd, "show", tmp_path / "j")
    assert 0 == status
    assert 5 == len(out.splitlines())
    assert not {"\x1b", "\x07", "\x9b", "\r", "\u202e"} & set(out)


@pytest.mark.parametrize("name", [(), ("show",), ("export",), ("verify",)])
def test_help_has_an_example(name):
    done = CliRunner().invoke(command, [*name, "--help"])
    assert 0 == done.exit_code
    assert "Example: attendance journal" in done.output


def test_errors_are_ours():
    assert issubclass(JournalError, AttendanceError)
    assert issubclass(JournalBusy, JournalError)
    assert issubclass(JournalDamaged, JournalError)


# --- beside others ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["-lock", "-journal", "-shm"])
def test_a_file_that_is_another_thing_is_left_as_it_is(tmp_path, suffix):
    other = tmp_path / f"notes{suffix}"
    other.write_text("my notes")
    with pytest.raises(JournalError, match="move it away"):
        Journal(tmp_path / "notes")
    assert "my notes" == other.read_text()
    assert [other] == list(tmp_path.iterdir())


def test_a_journal_of_another_name_is_no_lock(tmp_path):
    with Journal(tmp_path / "a-lock") as journal:
        journal.append("note", {"n": 1})
    with pytest.raises(JournalError, match="is no lock: move it away"):
        Journal(tmp_path / "a")
    assert 1 == len(list(read(tmp_path / "a-lock")))


@unix
def test_a_lock_that_leads_elsewhere_is_refused(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "j-lock").symlink_to(tmp_path / "mine")
    with pytest.raises(JournalError, match="is no lock"):
        Journal(tmp_path / "j")
    assert "mine" == (tmp_path / "mine").read_text()


@unix
def test_a_journal_with_two_names_is_not_written(tmp_path):
    with Journal(tmp_path / "a") as journal:
        journal.append("note", {"n": 1})
    os.link(tmp_path / "a", tmp_path / "b")
    for name in ("a", "b"):
        with pytest.raises(JournalError, match="hard link"):
            Journal(tmp_path / name)
    assert 1 == len(list(read(tmp_path / "b")))


@unix
def test_a_lock_that_is_taken_away_is_missed(tmp_path):
    with Journal(tmp_path / "j") as first:
        first.append("note", {"n": 1})
        (tmp_path / "j-lock").unlink()
        with pytest.raises(JournalError, match="moved or replaced"):
            first.append("note", {"n": 2})
