"""What a case declares: one name for one thing, ids once, groups without circles."""

from collections.abc import Iterator, Mapping, Sequence

from attendance.errors import Guesses, Problem, round_trip
from attendance.model.draft import Draft, Path, zone
from attendance.model.participants import AT, attendances_called
from attendance.model.statements import Statement, number_statements
from attendance.model.words import fold

WHO = ("participant", "group")
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
    kinds = {name: kind for name, (kind, _) in first.items()}
    longer = [name for name, kind in kinds.items() if kind == "gathering" and AT in f" {name}"]
    for name, (_, path) in first.items():
        message = next(_likenesses(name, kinds, longer), None)
        if message:
            yield Problem(message, path, word=name, about_key=len(path) == 2, hint="call it something else")


def _likenesses(name: str, kinds: Mapping[str, str], longer: Sequence[str]) -> Iterator[str]:
    """How a name reads like an attendance, or makes two of them read alike by what the longer gatherings are called."""
    for who, where in attendances_called(name):
        if kinds.get(who) == "participant" and kinds.get(where) == "gathering":
            yield f"the {kinds[name]} {name!r} is called like the attendance of {who!r} at {where!r}"
    for who, start in attendances_called(name + AT) if kinds[name] in WHO else ():
        for where in longer if start and kinds.get(who) in WHO else ():
            here = where.removeprefix(start)
            if here != where and kinds.get(here) == "gathering":
                yield f"{name!r} at {here!r} is called like {who!r} at {where!r}"


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
