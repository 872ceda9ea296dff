"""What is fuzzed: one function for each reader, which takes any bytes and raises only where the library is wrong.

A reader may refuse with an error of the library's own, and with nothing else. What it takes must come back
from what it is written as.
"""

import atexit
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from zlib import crc32

from attendance.errors import AttendanceError, JournalError
from attendance.formats.casefile import dumps, loads
from attendance.formats.decoding import decoded
from attendance.formats.ics.reading import read_calendars
from attendance.live.entries import NOTHING, Entry, Unwritten, framed, read_frame
from attendance.live.journal import Journal
from attendance.live.recorded import recorded
from attendance.live.salvage import read, salvage, verify
from attendance.model.case import Case
from attendance.model.language import parse_condition, parse_saying, parse_statement

_FOLDER = mkdtemp(dir="/dev/shm" if Path("/dev/shm").is_dir() else None)
atexit.register(rmtree, _FOLDER)
_FILE = Path(_FOLDER) / "fuzzed.journal"
SUFFIXES = ("", "-wal")


def language(data: bytes) -> None:
    """A text as a condition, as what somebody says, and as a whole statement."""
    text = data.decode(errors="replace")
    for parse in (parse_condition, parse_saying):
        with suppress(AttendanceError):
            _again(parse, parse(text))
    with suppress(AttendanceError):
        _again(parse_saying, parse_statement(text).saying)


def _again(parse: Callable[[str], object], found: object) -> None:
    """What was read is read so again from what it is written as."""
    try:
        same = parse(str(found)) == found
    except AttendanceError as error:
        raise AssertionError(f"{found!r} is written {str(found)!r}, which is not read: {error}") from error
    assert same, f"{found!r} is written {str(found)!r}, which is read otherwise"


def yaml(data: bytes) -> None:
    """The bytes of a case file."""
    with suppress(AttendanceError):
        _back(loads(decoded(data, "fuzzed.yaml")))


def calendar(data: bytes) -> None:
    """The bytes of a calendar."""
    with suppress(AttendanceError):
        _back(read_calendars([("fuzzed.ics", decoded(data, "fuzzed.ics"))]).case)


def _back(case: Case) -> None:
    """The case comes back from its own file."""
    written = dumps(case)
    try:
        same = loads(written) == case
    except AttendanceError as error:
        raise AssertionError(f"its own file is refused: {error}\n{written}") from error
    assert same, f"another case comes back from its own file\n{written}"


def journal(data: bytes) -> None:
    """A journal of entries that say what the bytes say; and, which is slow, one input in sixteen as damage to one of ours.

    The sum of its bytes says which: if some byte said so, nearly all inputs would soon be damage.
    """
    _forged(data)
    kind = crc32(data) % 32
    if kind < 2:
        _damaged(_sound()[kind], data)


def _forged(data: bytes) -> None:
    """Entries that prove themselves and that nobody would write: in each line a kind and what it says, as JSON."""
    entries, check = list[Entry](), NOTHING
    for line in data.split(b"\n"):
        kind, _, body = line.decode(errors="replace").partition(" ")
        try:
            frame, text = framed(len(entries) + 1, check, Unwritten(kind, json.loads(body)))
        except (ValueError, TypeError, RecursionError):  # no JSON, or nothing that is an entry
            continue
        assert read_frame(text.encode()) == frame, "a frame that was made can be read"
        entries.append(frame.entry)
        check = frame.check
    _made(entries)


def _damaged(files: tuple[bytes, bytes], data: bytes) -> None:
    """A journal and its log, where every four bytes say a place and what stands there now."""
    changed = bytearray(b"".join(files))
    for group in range(0, len(data) - 3, 4):
        changed[int.from_bytes(data[group : group + 3]) % len(changed)] = data[group + 3]
    cut = len(data) % 4 * 1000
    for suffix, content in zip(SUFFIXES, (changed[: len(files[0])], changed[len(files[0]) :]), strict=True):
        Path(f"{_FILE}{suffix}").write_bytes(content[: max(0, len(content) - cut)])
    try:
        found = verify(_FILE)
        kept, problems = salvage(_FILE)
    except JournalError:
        return
    assert found.ok == (not problems), "what is sound has no problems"
    assert found.whole == len(kept), "as many are whole as can be saved"
    try:
        kept = list(read(_FILE))
    except JournalError:
        assert not found.ok, "what is sound can be read"
    _made(kept)


def _made(entries: Sequence[Entry]) -> None:
    """The case that they make, if they make one."""
    with suppress(AttendanceError):
        recorded(entries)


@cache
def _sound() -> tuple[tuple[bytes, bytes], tuple[bytes, bytes]]:
    """A small journal, closed; and the same while it is written in, with its last entries in its log."""
    case = {"participants": [{"id": "ann"}, {"id": "bob"}], "statements": [{"who": "ann", "says": "attends if bob"}]}
    with Journal(_FILE) as book:
        book.append("case", {"case": case})
        book.append("say", {"id": "b", "who": "bob", "says": "attends"}, name="b", topic="bob")
    closed = _FILE.read_bytes()
    with Journal(_FILE) as book:
        book.append("tick", {"now": "2025-05-13"})
        book.append("withdraw", {"id": "b"}, name="b")
        return (closed, b""), (_FILE.read_bytes(), Path(f"{_FILE}-wal").read_bytes())


READERS: Mapping[str, Callable[[bytes], None]] = {f.__name__: f for f in (language, yaml, calendar, journal)}
