"""`attendance journal`: what is in a journal, as it was said, as a case file, and whether it is whole."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import click

from attendance.errors import CaseError, JournalDamaged, JournalError, visible
from attendance.faces.screen import ONE_LINE, Grid, Heading, Piece, answer, deliver
from attendance.faces.words import day
from attendance.formats.casefile import dump, dumps
from attendance.live.entries import Entry
from attendance.live.recorded import recorded, statement
from attendance.live.salvage import Verification, read, salvage
from attendance.live.salvage import verify as verified

JOURNAL = click.argument("file", metavar="J", type=str)
LONGEST = 300
"""Characters of a text that are shown in a line; JSON has all."""


@click.group()
def journal() -> None:
    """What is in the journal of a live desk, and whether it is whole.

    Example: attendance journal show talks.journal
    """


@journal.command()
@JOURNAL
@click.option("--json", "as_json", is_flag=True, help="Print the entries as JSON.")
def show(file: str, as_json: bool) -> None:
    """The entries of the journal J, one a line. Of a damaged journal, those that are whole; exit status 1.

    Example: attendance journal show talks.journal
    """
    entries, problems = opened(file)
    found = [{"number": e.number, "kind": e.kind, "body": e.body} for e in entries] if as_json else None
    answer(as_json, found, lambda: entries_view(entries))
    end(file, problems)


@journal.command()
@JOURNAL
@click.option("-o", "--output", metavar="FILE", help="Write it there, in the format of the suffix.")
@click.option("--format", type=click.Choice(["yaml", "json", "toml"]), help="The format to print; YAML unless given.")
def export(file: str, output: str | None, format: str | None) -> None:
    """The case that the journal J makes, as a case file. Of a damaged journal, what is whole; exit status 1.

    Example: attendance journal export talks.journal -o case.yaml
    """
    if output is not None and format is not None:
        raise click.UsageError("-o says the format by its suffix: leave --format out")
    entries, problems = opened(file)
    tell(file, problems)
    try:
        case = recorded(mended(file, entries) if problems else entries)
    except JournalError as error:
        raise JournalError(f"{visible(file)}: {error}", file) from None
    if output is not None:
        dump(case, output)
    else:
        text = dumps(case, format=format or "yaml")  # type: ignore[arg-type]
        deliver(text)
    if problems:
        sys.exit(1)


@journal.command()
@JOURNAL
def verify(file: str) -> None:
    """Whether the journal J is as it was written; also while somebody is writing in it. Exit status 1 if not.

    Example: attendance journal verify talks.journal
    """
    found = verified(file)
    answer(False, None, lambda: verification_view(file, found))
    if not found.ok:
        sys.exit(1)


def opened(file: str) -> tuple[Sequence[Entry], tuple[str, ...]]:
    """The entries of a journal that are whole, and what is wrong with it."""
    try:
        return list(read(file)), ()
    except JournalDamaged:
        return salvage(file)


def mended(file: str, entries: Sequence[Entry]) -> Iterator[Entry]:
    """The entries without what they say of statements that are lost; each is told of."""
    known = {str(entry.body.get("id")) for entry in entries if entry.kind == "say"}
    cases = [entry for entry in entries if entry.kind == "case"][:1]
    known |= {str(s.id) for s in recorded(cases).statements} if cases else set()
    for entry in entries:
        name, ended = str(entry.body.get("id")), entry.body.get("supersedes")
        lost = [n for n in ended if str(n) not in known] if entry.kind == "say" and isinstance(ended, list) else []
        if isinstance(ended, list) and lost:
            tell(file, [f"statement {name}: it ends {other}, which is lost" for other in lost])
            kept = [n for n in ended if str(n) in known]
            entry = Entry(entry.number, entry.kind, {**entry.body, "supersedes": kept})
        if entry.kind == "withdraw" and name not in known:
            tell(file, [f"entry {entry.number}: it withdraws {name}, which is lost"])
            continue
        yield entry


def tell(file: str, problems: Iterable[str]) -> None:
    """Tell what is wrong on standard error."""
    for problem in problems:
        click.echo(f"attendance: {seen(file)}: {seen(problem)}", err=True)


def end(file: str, problems: tuple[str, ...]) -> None:
    """Tell what is wrong, and end with exit status 1 if anything is."""
    tell(file, problems)
    if problems:
        sys.exit(1)


def seen(text: str) -> str:
    """A text in one line, with nothing in it that a terminal would obey."""
    return visible(text.translate(ONE_LINE))


def entries_view(entries: Sequence[Entry]) -> Iterator[Piece]:
    """The entries, one a line."""
    if not entries:
        yield "Nothing was written yet."
        return
    rows = (tuple(map(seen, (str(entry.number), *words(entry)))) for entry in entries)
    yield Grid(("",) * 4, tuple(rows), long=2)


def words(entry: Entry) -> tuple[str, str, str]:
    """When it was, what it says, and its source, as far as there is such a thing."""
    match entry.kind:
        case "say":
            return _said(entry.body)
        case "withdraw":
            return "", f"withdrawn: {entry.body.get('id', '')}", ""
        case "tick":
            return str(entry.body.get("now", "")).replace("T", " "), "the time", ""
        case "case":
            case = entry.body.get("case")
            title = case.get("title", "") if isinstance(case, dict) else ""
            return "", f"case: {title or 'without a title'}"[:LONGEST], ""
        case kind:
            return "", f"{kind}: {json.dumps(entry.body)}"[:LONGEST], ""


def _said(body: Any) -> tuple[str, str, str]:
    try:
        said = statement(body)
    except CaseError:  # a journal knows entries, not meanings: show what is there
        return "", json.dumps(body)[:LONGEST], ""
    return day(said), said.text + (f" (says {said.by})" if said.by else ""), said.source or ""


def verification_view(file: str, found: Verification) -> Iterator[Piece]:
    """What was found, and what to do if it is not sound."""
    name, entries = seen(file), "1 entry" if found.entries == 1 else f"{found.entries} entries"
    if found.ok:
        yield f"{name}: sound, {entries}"
        return
    yield Heading(f"{name}: damaged: {found.whole} of {found.entries} entries are whole")
    yield from (f"  {seen(problem)}" for problem in found.problems)
    if found.whole:
        yield f"Save what is whole with: attendance journal export {name} -o case.yaml"
    else:
        yield "Nothing of it can be saved: go back to a copy of it, or begin a new journal"
