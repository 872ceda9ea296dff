"""How a crowd gathers round by round, everybody minding what they see, until it settles or goes in a circle."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from heapq import heapify, heappop, heappush
from typing import Any, Unpack, assert_never

from attendance.errors import QuestionError, shown
from attendance.formats.tables import Table, Tabular
from attendance.model.case import Case
from attendance.model.outcome import Frozen, Key, Outcome
from attendance.model.participants import Attendance
from attendance.model.sayings import Inclination
from attendance.model.scenario import Scenario, ScenarioParts
from attendance.network import Network, node_of
from attendance.questions.asking import Asked, ask
from attendance.questions.tables import MoveRow

MOST = 200_000
"""The most rounds that are gone through."""


@dataclass(frozen=True, slots=True)
class Round:
    """One round: who joined and who left, all at once, and how many attend the main gathering after it."""

    number: int
    joined: tuple[Attendance, ...]
    left: tuple[Attendance, ...]
    attending: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "number": self.number,
            "joined": [str(a) for a in self.joined],
            "left": [str(a) for a in self.left],
            "attending": self.attending,
        }


@dataclass(frozen=True)
class Cascade(Tabular[MoveRow]):
    """The rounds in which anybody moved, from a state to one in which nobody does, or round a circle.

    `recurs` is the number of the round to whose state the last one leads back (0 is the start);
    None where it settled. A cascade is gone through round by round.
    """

    case: str
    scenario: str
    start: Outcome
    rounds: tuple[Round, ...]
    recurs: int | None = None

    def __iter__(self) -> Iterator[Round]:
        return iter(self.rounds)

    def __len__(self) -> int:
        return len(self.rounds)

    def __bool__(self) -> bool:
        return True

    @cached_property
    def settled(self) -> Outcome | None:
        """The state in which nobody moves any more; None in a circle."""
        return None if self.recurs is not None else self._states(len(self.rounds))[0]

    @cached_property
    def cycle(self) -> tuple[Outcome, ...]:
        """The states of the circle in order, the first of which follows on the last; none where it settled."""
        return () if self.recurs is None else tuple(self._states(self.recurs)[:-1])

    @property
    def attending(self) -> frozenset[str] | None:
        """Who attends the main gathering in the end; None in a circle."""
        return None if self.settled is None else self.settled.attending

    def _states(self, first: int) -> list[Outcome]:
        """The states after each round from that one on; 0 is the start."""
        state = dict(self.start.attendances)
        found = []
        for number in range(len(self.rounds) + 1):
            if number:
                state.update(dict.fromkeys(self.rounds[number - 1].joined, True))
                state.update(dict.fromkeys(self.rounds[number - 1].left, False))
            if number >= first:
                found.append(Outcome(Frozen(state), self.start.facts, self.start.main))
        return found

    @property
    def table(self) -> Table[MoveRow]:
        """A row for each that joined or left in a round."""
        moves = (
            (r.number, a, joined, r.attending)
            for r in self.rounds
            for people, joined in ((r.joined, True), (r.left, False))
            for a in people
        )
        rows = (MoveRow(n, a.gathering, a.participant, joined, there) for n, a, joined, there in moves)
        return Table(MoveRow, tuple(rows))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {
            "case": self.case,
            "scenario": self.scenario,
            "start": self.start.to_dict(),
            "rounds": [r.to_dict() for r in self.rounds],
            "settled": None if self.settled is None else self.settled.to_dict(),
            "cycle": [state.to_dict() for state in self.cycle],
        }

    def __str__(self) -> str:
        lines = [f"start: {self.start}", *(f"{r.number}. {self._told(r)}" for r in self.rounds)]
        if self.settled is not None:
            lines.append(f"settled: {self.settled}")
        else:
            lines += ["it never settles, but goes in a circle:", *(f"- {state}" for state in self.cycle)]
        return "\n".join(lines)

    def _told(self, round_: Round) -> str:
        """What happens in a round, in words."""
        moved = [
            f"{', '.join(a.participant if a.gathering == self.start.main else str(a) for a in people)} {verb}"
            for people, verb in ((round_.joined, "joined"), (round_.left, "left"))
            if people
        ]
        return f"{'; '.join(moved)} ({round_.attending} there)"


def cascade(
    case: Case,
    *,
    scenario: str | Scenario | None = None,
    start: Iterable[Key] = (),
    time_limit: float | None = None,
    **parts: Unpack[ScenarioParts],
) -> Cascade:
    """The synchronous rounds from a starting state: nobody attends but who is assumed to, and who `start` names.

    In a round all at once who is inclined attends if their upper bound holds, who is disinclined if
    the lower one does; who is open comes if the lower one does, and stays while the upper one does.
    Unknown facts are false unless the start names them; rules and observations are not applied.
    Raises CaseError, UnknownName, QuestionError, ResolutionTimeout.
    """
    asked = ask(case, scenario, parts, time_limit=time_limit)
    network = asked.compiled.network
    first = _start(asked, start)
    crowd = _Crowd(network, first)
    main = frozenset(asked.compiled.crowds[case.roster.main])
    rounds: list[Round] = []
    seen = {crowd.key: 0}
    recurs = None
    while recurs is None and (movers := crowd.movers()):
        asked.deadline.check()
        if len(rounds) == MOST:
            raise QuestionError(f"they still move after {MOST} rounds\n    give another start, or assume somebody")
        crowd.move(movers)
        rounds.append(_round(asked, len(rounds) + 1, movers, crowd, main))
        recurs = seen.setdefault(crowd.key, len(rounds))
        recurs = None if recurs == len(rounds) else recurs
    compiled = asked.compiled
    return Cascade(compiled.case.title, compiled.scenario.id or "", asked.outcome(tuple(first)), tuple(rounds), recurs)


def _start(asked: Asked, start: Iterable[Key]) -> list[bool]:
    """The starting state: what is fixed at its value, what is named true, all else false."""
    if isinstance(start, str | Attendance):
        start = (start,)
    if not isinstance(start, Iterable):
        raise QuestionError(f"expected the names of who is there at the start, not {shown(start)}")
    fixed = asked.compiled.network.fixed
    state = [value is True for value in fixed]
    for atom in asked.atoms(start):
        if fixed[atom] is False:
            name = asked.compiled.name(atom)
            state_ = "absent" if isinstance(name, Attendance) else "false"
            raise QuestionError(f"{name} is assumed or known to be {state_}: it cannot be otherwise at the start")
        state[atom] = True
    return state


def _round(asked: Asked, number: int, movers: Sequence[int], crowd: "_Crowd", main: frozenset[int]) -> Round:
    names = asked.compiled.attendances
    return Round(
        number,
        tuple(names[x] for x in movers if crowd.values[x]),
        tuple(names[x] for x in movers if not crowd.values[x]),
        len(crowd.there & main),
    )


class _Crowd:
    """A network in one state, and who wants to move; a move costs what hangs on those who move.

    Every sum is kept as a total. Changes run through the gates in their order, each looked at once.
    """

    def __init__(self, network: Network, state: Sequence[bool]) -> None:
        self.network = network
        self.values = [*state, *(False for _ in network.gates)]
        self.there = {x for x in range(network.attendances) if state[x]}
        self.key = sum(1 << x for x in self.there)
        self.sums: list[list[tuple[int, int]]] = [[] for _ in self.values]  # by node: the sums that read it
        self.totals = [0] * len(network.sums)
        self.gates: list[list[int]] = [[] for _ in network.sums]  # by sum: the gates that compare it
        self.taking: dict[int, list[int]] = {}  # by attendance: the gates that take it as true
        self.shift: dict[tuple[int, int], int] = {}  # by sum and attendance: what taking it as true adds
        self.people: list[list[int]] = [[] for _ in self.values]  # by node: whose bounds it is
        self._wire()
        self.wanting: set[int] = set()
        self._settle(set(range(network.atoms, len(self.values))))
        self._look(x for x in range(network.attendances))

    def _wire(self) -> None:
        network = self.network
        for node, gate in enumerate(network.gates, network.atoms):
            self.gates[gate.sum].append(node)
            if gate.taken is not None:
                self.taking.setdefault(gate.taken, []).append(node)
                self.shift[gate.sum, gate.taken] = 0
        for number, of in enumerate(network.sums):
            for literal, weight in zip(of.literals, of.weights, strict=True):
                node, signed = (literal, weight) if literal >= 0 else (~literal, -weight)
                self.sums[node].append((number, signed))
                self.totals[number] += weight * (self.values[node] == (literal >= 0))
                if (number, node) in self.shift:
                    self.shift[number, node] += signed
        for x, stance in enumerate(network.stances):
            for literal in (*stance.lowers, *stance.uppers):
                self.people[node_of(literal)].append(x)

    def movers(self) -> list[int]:
        """Who wants to move, in order."""
        return sorted(self.wanting)

    def move(self, movers: Sequence[int]) -> None:
        """All of them join or leave at once."""
        changed: set[int] = set()
        for x in movers:
            changed.update(self._flip(x))
            self.key ^= 1 << x
            self.there ^= {x}
        dirty = {gate for number in changed for gate in self.gates[number]}
        dirty.update(gate for x in movers for gate in self.taking.get(x, ()))
        touched = {x for node in movers for x in self.people[node]}
        self._look({*movers, *touched, *self._settle(dirty)})

    def _flip(self, node: int) -> Iterator[int]:
        """Turn a node over; on come the sums that change with it."""
        self.values[node] = value = not self.values[node]
        for number, weight in self.sums[node]:
            self.totals[number] += weight if value else -weight
            yield number

    def _settle(self, dirty: set[int]) -> set[int]:
        """Bring those gates up to date, and all that turn with them; back come those whose bounds turned."""
        queue, queued = list(dirty), set(dirty)
        heapify(queue)
        touched: set[int] = set()
        while queue:
            node = heappop(queue)
            gate = self.network.gates[node - self.network.atoms]
            total = self.totals[gate.sum]
            if gate.taken is not None and not self.values[gate.taken]:
                total += self.shift[gate.sum, gate.taken]
            if (total >= gate.quota) == self.values[node]:
                continue
            touched.update(self.people[node])
            for further in {g for number in self._flip(node) for g in self.gates[number]} - queued:
                queued.add(further)
                heappush(queue, further)
        return touched

    def _look(self, people: Iterable[int]) -> None:
        """See whether those people want to move."""
        for x in people:
            if self.network.fixed[x] is None and self._wanted(x) != self.values[x]:
                self.wanting.add(x)
            else:
                self.wanting.discard(x)

    def _wanted(self, x: int) -> bool:
        """Whether somebody attends in the next round."""
        stance = self.network.stances[x]
        match stance.inclination:
            case Inclination.INCLINED:
                return self._upper(x)
            case Inclination.DISINCLINED:
                return self._lower(x)
            case Inclination.OPEN:
                return self._lower(x) or (self.values[x] and self._upper(x))
            case _:
                assert_never(stance.inclination)

    def _lower(self, x: int) -> bool:
        return any(self._holds(literal) for literal in self.network.stances[x].lowers)

    def _upper(self, x: int) -> bool:
        return all(self._holds(literal) for literal in self.network.stances[x].uppers)

    def _holds(self, literal: int) -> bool:
        return self.values[literal] if literal >= 0 else not self.values[~literal]
