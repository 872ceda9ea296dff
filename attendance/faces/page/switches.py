"""What the script of a page is told: networks to be answered anew, the names of their atoms, answers known."""

import json
import shlex
from collections.abc import Iterator
from typing import Any

from attendance.faces.page.marks import CAUSES
from attendance.faces.page.network import exported
from attendance.faces.page.told import Base, Told
from attendance.model.positions import said
from attendance.questions.resolve import Cause

LARGEST = 2_000_000
"""So many characters of networks are put into a page; what is beyond is asked of the command line."""
BUDGET = 20_000_000
"""So many steps are tried in a page before it says that a what-if is too hard for it."""
ESCAPED = str.maketrans({c: f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"})
"""What could end a script, or begin markup, as JSON writes it too."""


def told_to_script(told: Told) -> str:
    """The same as JSON that can stand in a page."""
    text = json.dumps(_data(told), ensure_ascii=False, separators=(",", ":"))
    return text.translate(ESCAPED)


def _data(told: Told) -> dict[str, Any]:
    return {
        "atoms": [*_atoms(told)],
        "people": len(told.compiled.attendances),
        "gatherings": [g.name or g.id for g in told.case.gatherings],
        "boxes": _boxes(told),
        "bases": [*_bases(told)],
        "start": told.start,
        "budget": BUDGET,
        "causes": CAUSES,
    }


def _atoms(told: Told) -> Iterator[dict[str, Any]]:
    """Each atom by name, as links and the command line name it; a person's gathering by number."""
    places = {g.id: i for i, g in enumerate(told.case.gatherings)}
    asked = told.base.asked
    for x, about in enumerate(told.compiled.attendances):
        yield _atom(told.speech.name(about), asked.key(x)) | {"at": places[about.gathering]}
    for x, fact in enumerate(told.compiled.facts, len(told.compiled.attendances)):
        yield _atom(told.case.roster.facts[fact].name or fact, asked.key(x)) | {"at": -1}


def _boxes(told: Told) -> dict[str, list[int | None]]:
    """The number of each atom's box in the picture, and of each gathering's; None where there is none."""
    vertices = {(v.kind, v.name, v.at): i for i, v in enumerate(told.graph.vertices)}
    numbers = {key: told.boxed.get(i) for key, i in vertices.items()}
    people = (numbers.get(("attendance", *a)) for a in told.compiled.attendances)
    return {
        "atoms": [*people, *(numbers.get(("fact", f, None)) for f in told.compiled.facts)],
        "gatherings": [
            next((n for (kind, name, _), n in numbers.items() if (kind, name) == ("gathering", g.id)), None)
            for g in told.case.gatherings
        ],
    }


def _atom(name: str, key: str) -> dict[str, Any]:
    return {"name": name, "key": key, "yes": shlex.quote(f"{key}=yes"), "no": shlex.quote(f"{key}=no")}


def _bases(told: Told) -> Iterator[dict[str, Any]]:
    """The page's own scenario gets its network first; what is then too much goes without."""
    room, networks = LARGEST, {}
    for base in (told.base, *(b for b in told.bases if b is not told.base)):
        network = exported(base.asked.compiled)
        size = len(json.dumps(network, ensure_ascii=False, separators=(",", ":")))
        if size <= room:
            room -= size
            networks[base.id] = network
    for base in told.bases:
        yield {
            "id": base.id,
            "title": base.title,
            "command": told.command("resolve", base=base),
            "network": networks.get(base.id),
            "answer": _answer(told, base),
            "fixed": list(base.asked.compiled.network.fixed),
            "said": [*_said(told, base)],
            "fallen": told.states(base),
            "besides": _besides(told, base),
        }


def _answer(told: Told, base: Base) -> dict[str, Any]:
    """What Python answers of a scenario in which no switch is turned, as the evaluator would."""
    found = base.resolution
    if found is None and base.late:
        return {"hard": "the time limit passed", "late": True}
    if found is None:
        return {"impossible": "nothing can meet what this scenario supposes"}
    return {
        "verdicts": [str(v) for v in found.verdicts.values()],
        "causes": [_cause(base, found.causes.get(a)) for a in found.verdicts],
        "facts": list(found.facts.values()),
        "held": [str(g.held) for g in found.gatherings.values()],
        "turnout": [list(g.turnout) for g in found.gatherings.values()],
        "consistent": found.consistent,
        "conflicts": [c.to_dict() for c in found.conflicts],
    }


def _cause(base: Base, cause: Cause | None) -> dict[str, Any] | None:
    if cause is None:
        return None
    index, facts = base.asked.compiled.index, base.asked.facts
    return {"cause": str(cause), "on": [facts[n] if isinstance(n, str) else index[n] for n in cause.on]}


def _besides(told: Told, base: Base) -> dict[int, list[str]]:
    """Who is spoken of by statements that do not stand where the page begins, by their number, and which."""
    found = {}
    for about, statements in base.standing.items():
        there = {s.id for s in told.base.standing.get(about, ())}
        more = [str(s.id) for s in statements if s.id not in there]
        if more and about in told.compiled.index:
            found[told.compiled.index[about]] = more
    return found


def _said(told: Told, base: Base) -> Iterator[tuple[str, str]]:
    """The words of every statement and rule, by which the script names what clashes."""
    for statement in said(told.case, base.scenario):
        about = ", ".join(filter(None, ("" if statement.said is None else str(statement.said), statement.source)))
        yield str(statement.id), f"{statement.text}" + (f" ({about})" if about else "")
    yield from ((str(r.id), f"rule: {r.rule}") for r in told.case.rules)
