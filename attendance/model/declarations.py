"""What a case declares: one name for one thing, ids once, groups without circles."""

from collections.abc import Iterator, Sequence

from attendance.errors import Guesses, Problem, round_trip
from attendance.model.draft import Draft, Path, zone
from attendance.model.statements import Statement, number_statements
from attendance.model.words import fold

AT = " at "
SHARED = "ids of statements and rules are shared; what has none is numbered, like ann.1 or rule.1"


def declaration_problems(draft: Draft) -> Iterator[Problem]:
    """What is wrong with the declarations alone."""
    if zone(draft.timezone) is None:
        yield Problem(f"unknown time zone {draft.timezone!r}", ("timezone",), hint="use a name like Europe/Istanbul")
    yield from _one_namespace(draft)
    yield from _ids(draft)
    roster, guesses = draft.roster, Guesses()
    for path, group in draft.groups:
        for member in group.members:
            kind = roster.kinds.get(member)
            if kind in ("participant", "group") or member in draft.broken:
                continue
            message, hint = f"{member!r} is a {kind}, not a participant or group", None
            if kind is None:
                message = f"unknown participant or group {member!r}"
                hint = roster.called(member, "participant", "group")
                hint = hint or guesses.near("member", member, [*roster.participants, *roster.tagged])
            yield Problem(message, (*path, "members"), hint=hint, word=member)
    if roster.circle is not None:
        first = next(p for p, g in draft.groups if g.id == roster.circle[0])
        message = f"the groups contain each other in a circle: {round_trip(roster.circle)}"
        yield Problem(message, first, about_key=True)


def _one_namespace(draft: Draft) -> Iterator[Problem]:
    """Participants, groups, gatherings and facts share their names, and near-equal ones are refused."""
    first: dict[str, tuple[str, Path]] = {}
    folded: dict[tuple[str, str], str] = {}
    for kind, path, name in _declared(draft):
        message = None
        if name in first and first[name][0] != kind:
            message = f"{name!r} is a {kind} here and a {first[name][0]} elsewhere; names are shared by all"
        elif name in first:
            message = f"the {kind} {name!r} is declared twice"
        if message:
            yield Problem(message, path, word=name, about_key=len(path) == 2)
        first.setdefault(name, (kind, path))
        near = folded.setdefault((kind, fold(name)), name)
        if near != name:
            message = f"the {kind} {name!r} differs from {near!r} only by case, space or Unicode form"
            yield Problem(message, path, word=name, about_key=len(path) == 2)
    for name, (kind, path) in first.items():
        for who, _, where in (name.partition(AT), name.rpartition(AT)) if AT in name else ():
            if first.get(who, "?")[0] == "participant" and first.get(where, "?")[0] == "gathering":
                message = f"the {kind} {name!r} is called like the attendance of {who!r} at {where!r}"
                yield Problem(message, path, word=name, about_key=len(path) == 2, hint="call it something else")
                break


def _declared(draft: Draft) -> Iterator[tuple[str, Path, str]]:
    for path, gathering in draft.gatherings:
        yield "gathering", path, gathering.id
    for path, participant in draft.participants:
        yield "participant", path, participant.id
    groups: dict[str, Path] = {}
    for path, group in draft.groups:
        if group.id in groups:
            yield "group", path, group.id  # again
        groups.setdefault(group.id, path)
    for path, participant in draft.participants:
        for key, tags in (("of", participant.of), ("tags", participant.tags)):
            for tag in tags:
                groups.setdefault(tag, (*path, key))
    for name, path in groups.items():
        yield "group", path, name
    for path, fact in draft.facts:
        yield "fact", path, fact.id


def _ids(draft: Draft) -> Iterator[Problem]:
    """Statements and rules share their ids, scenarios have their own."""
    seen: set[str] = set()
    given = [(p, s.id) for p, s in draft.statements] + [(p, r.id) for p, r in draft.rules]
    for path, name in given:
        if name in seen:
            yield Problem(f"the id {name!r} is given twice", (*path, "id"), hint=SHARED)
        seen.add(str(name))
    names: set[str] = set()
    for path, scenario in draft.scenarios:
        if scenario.id is None or scenario.id in names:
            yield Problem(
                f"the scenario {scenario.id!r} is there twice" if scenario.id else "a scenario of a case needs an id",
                path,
            )
        names.add(str(scenario.id))
        yield from added_ids(draft, path, scenario.add)


def added_ids(
    draft: Draft, path: Path, add: Sequence[Statement], before: Sequence[Statement] = ()
) -> Iterator[Problem]:
    """What is wrong with the ids of statements that a scenario adds, those that they are given too."""
    if not add:
        return
    said = [s for _, s in draft.statements]
    said += number_statements(before, before=said)
    seen = {s.id for s in said} | {r.id for _, r in draft.rules}
    for i, statement in enumerate(number_statements(add, before=said)):
        if statement.id in seen:
            message = f"the id {statement.id!r} is given twice"
            yield Problem(message, (*path, "add", i, "id"), hint=SHARED)
        seen.add(statement.id)
