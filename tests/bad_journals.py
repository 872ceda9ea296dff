"""Makes journals that were tampered with by somebody who knows how they are written: every check in them is right."""

import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

from attendance.live.entries import NOTHING, PAGE
from attendance.live.opening import create

CASE = {"case": {"participants": {"a": {}, "b": {}}}}


def entry(number: int, kind: str, body: object, before: str = NOTHING, **changed: object) -> str:
    """The JSON of an entry."""
    told = {"number": number, "before": before, "kind": kind, "body": body, "name": None, "topic": None, "ends": []}
    return json.dumps({**told, **changed}, separators=(",", ":"))


def tampered(file: Path, *entries: "tuple[str, object] | str") -> None:
    """Writes a journal of these entries, each a kind and a body, or the JSON of one with `BEFORE` for the check before it."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        database.execute(f"PRAGMA page_size = {PAGE}")
        create(database)
        before = NOTHING
        for number, told in enumerate(entries, 1):
            text = told if isinstance(told, str) else entry(number, *told, before=before, name=name_in(told[1]))
            before = add(database, number, text.replace("BEFORE", before))


def add(database: sqlite3.Connection, number: int, text: str) -> str:
    """Adds the frame of an entry, and gives its check."""
    check = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    database.execute("INSERT INTO entry VALUES (?, ?)", (number, f"attendance-entry 1 {check} {len(text)} {text}"))
    try:
        told: Any = json.loads(text)
    except (ValueError, RecursionError):
        told = None
    kind, name = (told.get("kind"), told.get("name")) if isinstance(told, Mapping) else ("say", None)
    database.execute(
        "INSERT INTO found VALUES (?, ?, ?, NULL)", (number, str(kind), None if name is None else json.dumps(name))
    )
    return check


def name_in(body: object) -> object:
    """By what name an entry is found again."""
    return body.get("id") if isinstance(body, Mapping) else None


def changed(file: Path, *statements: str) -> None:
    """Changes the database behind the back of its triggers, which are there again at the end."""
    with closing(sqlite3.connect(file, isolation_level=None)) as database:
        triggers = database.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)
        for _, sql in triggers:
            with suppress(sqlite3.OperationalError):  # of what is no table any more
                database.execute(sql)
