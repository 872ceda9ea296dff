"""Who must speak first: who waits for whom, the circles in that, and the fewest who could open each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, takewhile
from typing import Any, Unpack

from attendance.engines import consistent, solve
from attendance.engines.joining import is_monotone, joining, quests, strong_parts
from attendance.formats.tables import Table, Tabular
from attendance.model.case import Case
from attendance.model.participants import Attendance
from attendance.model.sayings import WaitsFor
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.network import Network, node_of
from attendance.questions.asking import Asked, ask
from attendance.questions.refuting import Clause, Consistent, Refuter, Torn, Values
from attendance.questions.tables import WaitRow
from attendance.questions.trying import Trial, trial
from attendance.questions.ways import only_late, refined, relevant, together

OPENINGS = 100
"""How many of the smallest sets that open a deadlock are listed."""


@dataclass(frozen=True)
class Waiting:
    """Who waits for whom. Node `i` is `attendances[i]`, called `keys[i]`; the others are what stands between them."""

    attendances: tuple[Attendance, ...]
    keys: tuple[str, ...]
    reads: tuple[tuple[int, ...], ...]

    def of(self, x: int) -> list[int]:
        """For whom somebody waits, in the order of the case."""
        found: set[int] = set()
        seen: set[int] = set()
        stack = list(self.reads[x])
        while stack:
            node = stack.pop()
            if node < len(self.attendances):
                found.add(node)
            elif node not in seen:
                seen.add(node)
                stack += self.reads[node]
        return sorted(found - {x})

    def called(self, attendances: Iterable[Attendance]) -> tuple[str, ...]:
        """Their names, as `assume` takes them."""
        return tuple(self.names[a] for a in attendances)

    @cached_property
    def names(self) -> dict[Attendance, str]:
        """The name of each attendance."""
        return dict(zip(self.attendances, self.keys, strict=True))

    def edges(self, people: Sequence[int], among: frozenset[int]) -> tuple[tuple[Attendance, Attendance], ...]:
        """Who of those waits for whom of these."""
        return tuple((self.attendances[x], self.attendances[y]) for x in people for y in self.of(x) if y in among)


@dataclass(frozen=True)
class Deadlock:
    """Attendances that wait for each other, in the order of the case.

    `opened_by` are the smallest sets of them which, assumed to attend, leave none of them
    undetermined; none, where every such set would make a conflict. `complete` says whether these are all.
    """

    attendances: tuple[Attendance, ...]
    openings: tuple[tuple[Attendance, ...], ...]
    complete: bool
    waiting: Waiting
    nodes: tuple[int, ...]

    @property
    def participants(self) -> tuple[str, ...]:
        """The names of those in it."""
        return tuple(dict.fromkeys(a.participant for a in self.attendances))

    @property
    def opened_by(self) -> tuple[tuple[str, ...], ...]:
        """The smallest sets that open it, by name; with the gathering, where it is not the main one."""
        return tuple(map(self.waiting.called, self.openings))

    @cached_property
    def waits(self) -> tuple[tuple[Attendance, Attendance], ...]:
        """Who in it waits for whom in it."""
        return self.waiting.edges(self.nodes, frozenset(self.nodes))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with every pair."""
        return {
            "participants": list(self.participants),
            "attendances": list(self.waiting.called(self.attendances)),
            "opened_by": [list(names) for names in self.opened_by],
            "complete": self.complete,
            "waits": [list(self.waiting.called(pair)) for pair in self.waits],
        }

    def __str__(self) -> str:
        names = ", ".join(self.waiting.called(self.attendances))
        if not self.opened_by:
            return f"{names} wait for each other; none of them can open it without a conflict"
        if self.opened_by == ((),):
            return f"{names} wait for each other; what each of them does is certain"
        ways = ", or ".join(" and ".join(opening) for opening in self.opened_by[:8])
        more = "" if len(self.opened_by) <= 8 and self.complete else ", or others"
        return f"{names} wait for each other; opened by {ways}{more}"


@dataclass(frozen=True)
class Deadlocks(Sequence[Deadlock], Tabular[WaitRow]):
    """Every deadlock, and an order in which people could speak: first those who wait for nobody."""

    deadlocks: tuple[Deadlock, ...]
    order: tuple[tuple[Attendance, ...], ...]
    waiting: Waiting

    def __len__(self) -> int:
        return len(self.deadlocks)

    def __getitem__(self, index: Any) -> Any:
        return self.deadlocks[index]

    @cached_property
    def waits(self) -> tuple[tuple[Attendance, Attendance], ...]:
        """Every pair of somebody who waits and whom they wait for."""
        people = range(len(self.waiting.attendances))
        return self.waiting.edges(people, frozenset(people))

    @property
    def table(self) -> Table[WaitRow]:
        """A row for each pair of somebody who waits and whom they wait for."""
        number = {a: n for n, circle in enumerate(self.deadlocks, 1) for a in circle.attendances}
        shared = ((x, y, number.get(x) if number.get(x) == number.get(y) else None) for x, y in self.waits)
        names = self.waiting.names
        return Table(WaitRow, tuple(WaitRow(names[x], names[y], n) for x, y, n in shared))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready, with every pair."""
        return {
            "deadlocks": [d.to_dict() for d in self.deadlocks],
            "order": [list(self.waiting.called(entry)) for entry in self.order],
            "waits": [list(self.waiting.called(pair)) for pair in self.waits],
        }

    def __str__(self) -> str:
        return "\n".join(map(str, self.deadlocks)) or "nobody waits in a circle"


def deadlocks(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    engine: str = "auto",
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Deadlocks:
    """The circles of people who wait for each other, each with the fewest who could open it.

    Somebody waits for another by `waits for`, or because both are undetermined and the other stands in
    their bounds. A set that would make a new conflict opens nothing. Raises as `resolve` does.
    """
    asked = ask(case, scenario, parts, engine, time_limit)
    open_ = {a for a, (can, cannot) in enumerate(asked.solution.atoms) if can and cannot}
    waiting = _waiting(asked, open_)
    people = range(len(waiting.attendances))
    number = strong_parts([list(read) for read in waiting.reads], people)
    entries: dict[int, list[int]] = {}
    for x in people:
        entries.setdefault(number[x], []).append(x)
    order = [members for _, members in sorted(entries.items())]  # whom a part reaches has a lower number
    circles = sorted(members for members in order if len(members) > 1)
    return Deadlocks(
        tuple(_deadlock(asked, members, open_, waiting) for members in circles),
        tuple(tuple(waiting.attendances[x] for x in members) for members in order),
        waiting,
    )


def _waiting(asked: Asked, open_: set[int]) -> Waiting:
    """The graph, with a node for each gate, shared sum and group, so that a crowd costs its size once."""
    compiled, network = asked.compiled, asked.compiled.network
    people, sums = network.attendances, network.atoms + len(network.gates)
    reads: list[tuple[int, ...]] = []
    for x, stance in enumerate(network.stances):
        bounds = {node_of(q) for q in (*stance.lowers, *stance.uppers)} if x in open_ else set[int]()
        reads.append(tuple(sorted(n for n in bounds if n >= network.atoms or (n in open_ and n < people))))
    reads += [()] * network.facts
    reads += [(sums + gate.sum,) for gate in network.gates]
    for of in network.sums:
        nodes = sorted({node_of(q) for q, weight in zip(of.literals, of.weights, strict=True) if weight})
        reads.append(tuple(n for n in nodes if n >= network.atoms or (n in open_ and n < people)))
    groups: dict[tuple[str, str], int] = {}
    for statement in compiled.statements:
        if isinstance(statement.says, WaitsFor):
            here = statement.at or compiled.case.roster.main
            x = compiled.index[Attendance(statement.who, here)]
            targets = [_target(asked, t.name, t.at or here, groups, reads) for t in statement.says.targets]
            reads[x] = tuple(dict.fromkeys([*reads[x], *(t for t in targets if t is not None)]))
    return Waiting(compiled.attendances, tuple(map(asked.key, range(people))), tuple(reads))


def _target(
    asked: Asked, name: str, at: str, groups: dict[tuple[str, str], int], reads: list[tuple[int, ...]]
) -> int | None:
    """The node of whom a statement waits for: an attendance, or a group by its members who are counted there."""
    index, roster = asked.compiled.index, asked.compiled.case.roster
    if name not in roster.members:
        return index.get(Attendance(name, at))
    if (name, at) not in groups:
        groups[name, at] = len(reads)
        members = (index.get(Attendance(member, at)) for member in roster.members[name])
        reads.append(tuple(m for m in members if m is not None))
    return groups[name, at]


def _deadlock(asked: Asked, members: list[int], open_: set[int], waiting: Waiting) -> Deadlock:
    with only_late():
        found = list(islice(_smallest(asked, members, open_), OPENINGS + 1))
    named = [
        tuple(waiting.attendances[x] for x in sorted(opening)) for opening in sorted(map(sorted, found[:OPENINGS]))
    ]
    return Deadlock(
        attendances=tuple(waiting.attendances[x] for x in members),
        openings=tuple(named),
        complete=len(found) <= OPENINGS,
        waiting=waiting,
        nodes=tuple(members),
    )


def _smallest(asked: Asked, members: list[int], open_: set[int]) -> Iterator[Values]:
    """The smallest sets of members which, assumed to attend, leave none of them undetermined."""
    torn = [x for x in members if x in open_]
    atoms, network, _ = relevant(asked.compiled.network, members)
    place = {atom: i for i, atom in enumerate(atoms)}
    over = [place[x] for x in members if x in place]
    ways = _openings(asked, network, [place[x] for x in torn], over)
    first = next(ways, None)
    if first is not None:
        yield {atoms[i]: v for i, v in first.items()}
        for way in takewhile(lambda way: len(way) == len(first), ways):
            yield {atoms[i]: v for i, v in way.items()}


def _openings(asked: Asked, network: Network, torn: list[int], over: list[int]) -> Iterator[Values]:
    """Sets that open, fewest first: the smallest at least.

    In a monotone network all who are undetermined attend in the largest outcome, and so in every one
    once the smallest has them.
    """
    if asked.engine == "auto" and is_monotone(network):
        return together(quests(joining(network), torn, over), True, asked.deadline)
    table = trial(network, over, asked.engine, asked.deadline)
    if table is not None:
        return table.minimal(lambda atoms: _opens(table, over, atoms), smallest=True)
    kind = _Undecided if consistent(network, asked.engine, asked.deadline) else _UndecidedTorn
    refuter: Refuter = kind(network, 0, over, "every", asked.engine, asked.deadline)
    return refined(refuter, over, [1] * len(over), asked.deadline, (True,), smallest=True)


def _opens(table: Trial, over: Sequence[int], atoms: Sequence[int]) -> int:
    """The lanes with those atoms true, if so nobody is left who can be there and away."""
    lanes = table.outcomes(atoms)
    found = table.fine(atoms) & table.some(atoms, lanes)
    for x in over:
        there = table.table.plane(x)
        found &= ~(table.some(atoms, lanes & there) & table.some(atoms, lanes & ~there))
    for x in atoms:
        found &= table.table.plane(x)
    return found


class _Undecided(Consistent):
    """Refuses sets that leave somebody undetermined: two outcomes that differ stay, unless one is contradicted."""

    def refute(self, asked: Values) -> Clause | None:
        under = self.network.assuming(asked)
        solution = solve(under, self.engine, self.deadline, mend=False)
        if not solution.consistent:
            return self.clash(asked, ())
        open_ = [x for x in self.over if solution.atoms[x] == (True, True)]
        if not open_:
            return None
        states = [self.outcome(under, (literal,)) for literal in (open_[0], ~open_[0])]
        clause: Clause = []
        for state in states:
            assert state is not None, "it can be either"
            clause += ((a, not state[a], True) for a in self.over)
            clause += ((a, state[a], False) for a in self.needed(asked, state))
        return clause


class _UndecidedTorn(Torn):
    """The same where statements clash already."""

    def holds(self, asked: Values) -> bool:
        solution = solve(self.network.assuming(asked), self.engine, self.deadline)
        return all(solution.atoms[x] != (True, True) for x in self.over)
