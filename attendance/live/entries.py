"""The entries of a journal, and the frames in which they are stored: each proves itself and the one before it.

A frame is one text: `attendance-entry 1 CHECK LENGTH JSON`. The JSON is the entry with its number, names and
topic, and with the check of the entry before it; CHECK is the SHA-256 of the JSON.
Keys stay in their order, which has a meaning in a case file.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from attendance.errors import InputError, shown

APPLICATION = 0x41747464
"""How SQLite tells that a file is a journal."""
VERSION = 1
PAGE = 4096
"""Bytes of a page; written into the format, so that entries are found where SQLite finds nothing any more."""
NOTHING = "0" * 64
"""The check before the first entry."""
MARK = re.compile(rb"attendance-entry 1 ([0-9a-f]{64}) ([0-9]{1,10}) ")
TABLES = {
    "meta": "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    "entry": "CREATE TABLE entry (number INTEGER PRIMARY KEY, frame TEXT NOT NULL)",
    "found": "CREATE TABLE found (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, name TEXT, topic TEXT)",
    "ending": "CREATE TABLE ending (name TEXT, number INTEGER, PRIMARY KEY (name, number)) WITHOUT ROWID",
    "said": "CREATE UNIQUE INDEX said ON found (name) WHERE kind = 'say' AND name IS NOT NULL",
    "withdrawn": "CREATE INDEX withdrawn ON found (name) WHERE kind = 'withdraw'",
    "topic": "CREATE INDEX topic ON found (topic) WHERE topic IS NOT NULL",
    "entry_in_turn": "CREATE TRIGGER entry_in_turn BEFORE INSERT ON entry"
    " WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM entry)"
    " BEGIN SELECT RAISE(ABORT, 'entries are numbered one after another'); END",
    **{
        f"{table}_no_{change}": f"CREATE TRIGGER {table}_no_{change} BEFORE {change.upper()} ON {table}"
        " BEGIN SELECT RAISE(ABORT, 'a journal is only added to'); END"
        for table in ("meta", "entry", "found", "ending")
        for change in ("update", "delete")
    },
}
"""Every table, index and trigger; names and topics are kept as JSON texts, so that none can pass for a frame."""


@dataclass(frozen=True)
class Entry:
    """One entry of a journal: its number, from 1, of what kind it is, and what it says."""

    number: int
    kind: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Unwritten:
    """What is to be an entry: its kind and body, and by what name, topic and ends it is found again."""

    kind: str
    body: Mapping[str, Any]
    name: str | None = None
    topic: str | None = None
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Frame:
    """An entry as it is stored, with the check of the entry before it and its own."""

    entry: Entry
    name: str | None
    topic: str | None
    ends: tuple[str, ...]
    before: str
    check: str

    @property
    def number(self) -> int:
        """The entry's number."""
        return self.entry.number


def framed(number: int, before: str, wanted: Unwritten) -> tuple[Frame, str]:
    """The frame of what is to be the entry of that number, and its text. Raises InputError."""
    try:
        told = {"number": number, "before": before, "kind": wanted.kind, "body": dict(wanted.body)}
        told |= {"name": wanted.name, "topic": wanted.topic, "ends": [*wanted.ends]}
        text = json.dumps(told, separators=(",", ":"), allow_nan=False)
        check = sha256(text.encode()).hexdigest()
        frame = unframed(check, text.encode())
    except (TypeError, ValueError, RecursionError) as error:
        raise InputError(f"{shown(wanted)} is no entry of a journal: its body must be JSON ({error})") from None
    if frame is None or not _keyed_by_text(told["body"]):
        raise InputError(f"{shown(wanted)} is no entry of a journal: kind, name, topic, ends and all keys must be text")
    return frame, f"attendance-entry 1 {check} {len(text)} {text}"


def read_frame(stored: bytes) -> Frame | None:
    """The frame that is stored, or None if it does not prove itself."""
    mark = MARK.match(stored)
    if mark is None or len(stored) != mark.end() + int(mark[2]):
        return None
    return unframed(mark[1].decode(), stored[mark.end() :])


def unframed(check: str, text: bytes) -> Frame | None:
    """The frame that the JSON makes, or None if its check is another or it is no entry."""
    if sha256(text).hexdigest() != check:
        return None
    try:
        told = json.loads(text)
        if json.dumps(told, separators=(",", ":"), allow_nan=False).encode() != text:
            return None  # a key twice, or a number that JSON has not: nobody writes that here
        entry = Entry(told["number"], told["kind"], told["body"])
        frame = Frame(entry, told["name"], told["topic"], tuple(told["ends"]), told["before"], check)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    texts = [frame.entry.kind, frame.before, *frame.ends, *(t for t in (frame.name, frame.topic) if t is not None)]
    sound = all(isinstance(text, str) for text in texts) and isinstance(entry.body, dict)
    return frame if sound and isinstance(entry.number, int) and entry.number > 0 and entry.kind else None


def _keyed_by_text(value: object) -> bool:
    match value:
        case dict():
            return all(isinstance(key, str) and _keyed_by_text(inner) for key, inner in value.items())
        case list() | tuple():
            return all(map(_keyed_by_text, value))
        case _:
            return True


def key(text: str | None) -> str | None:
    """A name or topic as the tables have it."""
    return None if text is None else json.dumps(text)
