"""What can stand on the command line next: the names of the case in the FILE already typed, and case files.

Whatever is wrong with a file, completion is quiet: it offers nothing.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from unicodedata import category

from click import Context, Parameter
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from attendance.model.case import Case

Completer = Callable[[Context, Parameter, str], list[CompletionItem]]
LARGEST = 1_000_000
"""A file of more bytes is not read for a completion: it would take too long."""
ENDINGS = (".yaml", ".yml", ".json", ".toml", ".ics")


def completer(find: "Callable[[Case], Iterable[str]]") -> Completer:
    """Completes to what is found in the case whose file is typed already."""

    def complete(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
        return offered(_found(ctx, find), incomplete)

    return complete


def offered(names: Iterable[str], incomplete: str, kind: str = "plain") -> list[CompletionItem]:
    """Those names that go on from what is typed; none that a terminal could not show, or that looks like an option."""
    known = (n for n in dict.fromkeys(names) if n.startswith(incomplete) and not n.startswith("-"))
    return [CompletionItem(name, type=kind) for name in known if not any(category(c) == "Cc" for c in name)]


def _found(ctx: Context, find: "Callable[[Case], Iterable[str]]") -> list[str]:
    """What is found in the case; nothing where it cannot be read."""
    file = ctx.params.get("file")
    with suppress(Exception):
        if file and file != "-" and os.path.isfile(file) and os.path.getsize(file) <= LARGEST:
            from attendance.formats.casefile import load

            return [str(name) for name in find(load(file))]
    return []


# --- what a case has ------------------------------------------------------------------------------


def people(case: "Case") -> Iterator[str]:
    """Participants, and where they are counted besides the main gathering: `zelensky at ankara`."""
    from attendance.model.words import quote

    yield from (p.id for p in case.participants)
    for gathering, counted in case.counted.items():
        if gathering != case.roster.main:
            yield from (f"{quote(name)} at {quote(gathering)}" for name in counted)


def assumable(case: "Case") -> Iterator[str]:
    """Who can be assumed to come, and what to hold."""
    yield from people(case)
    yield from (fact.id for fact in case.facts)


def namable(case: "Case") -> Iterator[str]:
    """What a list of names can have: groups too."""
    yield from assumable(case)
    yield from case.roster.members


def ids(case: "Case") -> Iterator[str]:
    """What can be withdrawn: statements and rules."""
    yield from (str(s.id) for s in case.statements)
    yield from (str(r.id) for r in case.rules)


def sources(case: "Case") -> Iterator[str]:
    """Whom one can believe or not."""
    yield from (s.source for s in case.statements if s.source)


def named_in_conditions(case: "Case") -> Iterator[str]:
    """Names as conditions have them, in quotes where they must be."""
    from attendance.model.words import quote

    names = (*(p.id for p in case.participants), *(f.id for f in case.facts), *case.roster.members)
    yield from map(quote, (*names, *case.roster.gatherings))


PEOPLE = completer(people)
NAMES = completer(namable)
SCENARIOS = completer(lambda case: (str(s.id) for s in case.scenarios))
IDS = completer(ids)
SOURCES = completer(sources)
WEIGHTS = completer(lambda case: (name for p in case.participants for name, _ in p.weights))


# --- more than a name -----------------------------------------------------------------------------


def assumptions(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """A name, and then =yes or =no."""
    name, equals, _ = incomplete.rpartition("=")
    if equals:
        return offered((f"{name}={value}" for value in ("yes", "no")), incomplete)
    return valued(ctx, param, incomplete)


def valued(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """A name with an equals sign; the number after it is the user's."""
    return offered((f"{name}=" for name in _found(ctx, assumable)), incomplete, "nospace")


def conditions(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """The last word of a condition, if it is a name."""
    begun = (re.match(r"(?:.*[\s(])?", incomplete, re.S) or [""])[0]
    return offered((begun + name for name in _found(ctx, named_in_conditions)), incomplete)


def speakers(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """The first word of a statement: whom it is about."""
    return [] if " " in incomplete else PEOPLE(ctx, param, incomplete)


def engine_names(ctx: Context, param: Parameter, incomplete: str) -> list[CompletionItem]:
    """The engines there are."""
    from attendance.engines import ENGINES

    return offered((row.name for row in ENGINES), incomplete)


def case_files(ctx: Context | None, param: Parameter | None, incomplete: str) -> list[CompletionItem]:
    """Case files, and folders to look into."""
    folder, name = os.path.split(incomplete)
    begun = incomplete[: len(incomplete) - len(name)]
    files: list[str] = []
    folders: list[str] = []
    with suppress(OSError), os.scandir(os.path.expanduser(folder or ".")) as entries:
        for entry in entries:
            if entry.name.startswith(".") and not name.startswith("."):
                continue
            with suppress(OSError):
                if entry.is_dir():
                    folders.append(f"{begun}{entry.name}/")
                elif entry.name.lower().endswith(ENDINGS):
                    files.append(begun + entry.name)
    shown = [*offered(sorted(files), incomplete, "path"), *offered(sorted(folders), incomplete, "folder")]
    return shown
