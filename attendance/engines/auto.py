"""How an answer is found: propagate first, take apart what is left, and solve only that, part by part.

A `Solution` is what all questions ask. It holds decided atoms, atoms that are free of everything,
and independent blocks, each a small network with the engine that answers for it. A part without
an outcome becomes a block of its minimum repairs, and touches no other part.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import comb, prod
from types import ModuleType
from typing import Literal, cast

from attendance.engines import clingo, enumeration, tables
from attendance.engines.clashing import clashes
from attendance.engines.deadline import NO, Deadline
from attendance.engines.parts import Component, Fragment, combined, components, fragment, node_of
from attendance.engines.products import Lazy, by_size, in_turn
from attendance.engines.propagation import Propagation, propagate
from attendance.errors import EngineUnsuitable, ImpossibleScenario
from attendance.model.sayings import Inclination
from attendance.network import Network, State, Survey, holds, is_content
from attendance.network import values as node_values

SMALL = 12
"""Up to this many free atoms a truth table answers faster than a solver starts."""
CLASHES, TRIES, REPAIRS = 100, 2000, 1000
"""How many minimal clashing sets and minimum repairs are listed, and how many nodes are looked at for them."""
SOLVERS: dict[str, ModuleType] = {"enumeration": enumeration, "tables": tables, "clingo": clingo}

Order = Literal["fewest", "most"]
EITHER = (True, True)


@dataclass(frozen=True)
class Conflict:
    """A connected part without an outcome: what clashes in it, and its minimum repairs."""

    clashes: tuple[frozenset[str], ...]
    repairs: tuple[frozenset[str], ...]
    complete: bool


@dataclass
class Block:
    """Undecided atoms that hang together, and who answers for them; `set_aside` statements are repaired."""

    piece: Fragment
    engine: ModuleType
    set_aside: int = 0
    survey: Survey | None = None

    @cached_property
    def width(self) -> int:
        """How many of its atoms are attendances."""
        return self.piece.network.attendances


@dataclass
class Solution:
    """Everything that is found of a network: ask `possible`, `turnout`, `outcomes`, `count`."""

    network: Network
    engine: str
    deadline: Deadline
    values: list[bool | None]
    propagation: Propagation | None
    free: set[int] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    conflicted: list[Component] = field(default_factory=list)
    block_of: dict[int, int] = field(default_factory=dict)

    @property
    def consistent(self) -> bool:
        """Whether there is an outcome without setting anything aside."""
        return not self.conflicted

    # --- what can be ---

    @cached_property
    def atoms(self) -> list[tuple[bool, bool]]:
        """For every atom, whether it can be true, and can be false."""
        found = [EITHER if v is None else (v, not v) for v in self.values]
        for block in self.blocks:
            for atom, possible in zip(block.piece.atoms, self.surveyed(block).possible, strict=True):
                found[atom] = possible
        return found

    def surveyed(self, block: Block) -> Survey:
        """The survey of a block's atoms, made once."""
        if block.survey is None:
            network = block.piece.network
            found = block.engine.survey(
                network, range(network.atoms), set_aside=block.set_aside, deadline=self.deadline
            )
            assert found is not None, "a block has outcomes"
            block.survey = found
        return block.survey

    def possible(self, literal: int) -> tuple[bool, bool]:
        """Whether a literal can be true, and can be false, over all outcomes."""
        value = self.certain[node_of(literal)]
        if value is not None:
            return (value, not value) if literal >= 0 else (not value, value)
        if node_of(literal) < self.network.atoms:
            can, cannot = self.atoms[node_of(literal)]
            return (can, cannot) if literal >= 0 else (cannot, can)
        parts = self.alternatives(literal)
        if parts is not None:
            return parts
        block, (asked,) = self.merged(self.support(literal), [literal])
        network = block.piece.network
        found = block.engine.survey(network, [asked], set_aside=block.set_aside, deadline=self.deadline)
        assert found is not None, "merged blocks have outcomes"
        can_be: tuple[bool, bool] = found.possible[0]
        return can_be

    @cached_property
    def certain(self) -> list[bool | None]:
        """The value of every node where what is known of the atoms alone decides it."""
        known: list[bool | None] = [can if can != cannot else None for can, cannot in self.atoms]
        for gate in self.network.gates:
            of = self.network.sums[gate.sum]
            low = high = 0
            for literal, weight in zip(of.literals, of.weights, strict=True):
                value = known[node_of(literal)]
                if gate.taken is not None and node_of(literal) == gate.taken:
                    value = True
                if value is None:
                    high += weight
                elif value == (literal >= 0):
                    low, high = low + weight, high + weight
            known.append(True if low >= gate.quota else False if high < gate.quota else None)
        return known

    def alternatives(self, literal: int) -> tuple[bool, bool] | None:
        """For an `any of` or `all of` whose members lie in different blocks, from its members alone."""
        gate = self.network.gates[node_of(literal) - self.network.atoms]
        of = self.network.sums[gate.sum]
        whole = sum(of.weights)
        open_ = [q for q in of.literals if self.certain[node_of(q)] is None]
        supports = [self.support(q) for q in open_]
        if gate.taken is not None or not all(of.weights) or len(set().union(*supports)) < sum(map(len, supports)):
            return None
        if gate.quota <= min(of.weights):
            can = any(self.possible(q)[0] for q in open_)
            cannot = all(self.possible(q)[1] for q in open_)
        elif gate.quota == whole:
            can = all(self.possible(q)[0] for q in open_)
            cannot = any(self.possible(q)[1] for q in open_)
        else:
            return None
        return (can, cannot) if literal >= 0 else (cannot, can)

    def support(self, literal: int) -> frozenset[int]:
        """The blocks (and, negative, the free atoms) that a literal's value hangs on."""
        found: set[int] = set()
        stack, seen = [node_of(literal)], set[int]()
        while stack:
            node = stack.pop()
            if node in seen or self.certain[node] is not None:
                continue
            seen.add(node)
            if node >= self.network.atoms:
                gate = self.network.gates[node - self.network.atoms]
                stack += map(node_of, self.network.sums[gate.sum].literals)
            else:
                found.add(~node if node in self.free else self.block_of[node])
        return frozenset(found)

    def merged(self, support: Iterable[int], literals: Sequence[int]) -> tuple[Block, tuple[int, ...]]:
        """Several blocks and free atoms as one block, with literals over them in its numbers."""
        blocks = [self.blocks[b] for b in support if b >= 0]
        pieces = [b.piece for b in blocks] + [self.alone(~b) for b in support if b < 0]
        piece, asked = combined(pieces, self.network, self.certain, literals)
        set_aside = sum(b.set_aside for b in blocks)
        return Block(piece, chosen(piece.network, self.engine, set_aside), set_aside), asked

    def alone(self, atom: int) -> Fragment:
        """A free atom as a fragment of its own."""
        is_fact = atom >= self.network.attendances
        stances = () if is_fact else (self.network.stances[atom],)
        return Fragment(Network(stances, facts=int(is_fact), fixed=(None,)), (atom,))

    # --- how many ---

    def turnout(self, crowd: Sequence[int]) -> tuple[int, int]:
        """The fewest and the most of those attendances that attend in an outcome."""
        least = sum(self.values[x] is True for x in crowd)
        most = least + sum(x in self.free for x in crowd)
        inside: dict[int, list[int]] = {}
        for x in crowd:
            if x in self.block_of:
                inside.setdefault(self.block_of[x], []).append(x)
        for number, members in inside.items():
            block = self.blocks[number]
            place = {atom: i for i, atom in enumerate(block.piece.atoms)}
            found = block.engine.survey(
                block.piece.network,
                (),
                [[place[x] for x in members]],
                set_aside=block.set_aside,
                deadline=self.deadline,
            )
            assert found is not None, "a block has outcomes"
            least, most = least + found.turnouts[0][0], most + found.turnouts[0][1]
        return least, most

    def count(self) -> int:
        """The number of outcomes of what is to be counted; 0 where something must be set aside."""
        if self.conflicted:
            return 0
        sizes = [int(b.engine.count(b.piece.network, deadline=self.deadline)) for b in self.blocks]
        return prod(sizes, start=1 << len(self.free))

    def outcomes(self, order: Order | None = None, *, repaired: bool = False) -> Iterator[State]:
        """Every outcome, lazily; those of the minimum repairs where there is none, if `repaired`."""
        if self.conflicted and not repaired:
            return
        pieces = [(b.piece.atoms, b.width, Lazy(self.listed(b, order))) for b in self.blocks]
        for atom in sorted(self.free):
            states: list[State] = [(False,), (True,)] if order != "most" else [(True,), (False,)]
            pieces.append(((atom,), int(atom < self.network.attendances), Lazy(iter(states))))
        lazies = [lazy for _, _, lazy in pieces]
        if order is None:
            chosen_ = in_turn(lazies)
        else:
            chosen_ = by_size(lazies, [width for _, width, _ in pieces], most=order == "most")
        for states in chosen_:
            whole = [bool(v) for v in self.values]
            for (atoms, _, _), state in zip(pieces, states, strict=True):
                for atom, value in zip(atoms, state, strict=True):
                    whole[atom] = value
            yield tuple(whole)

    def listed(self, block: Block, order: Order | None) -> Iterator[State]:
        """A block's outcomes, by its engine."""
        found: Iterator[State] = block.engine.outcomes(
            block.piece.network, set_aside=block.set_aside, order=order, deadline=self.deadline
        )
        return found

    # --- conflicts ---

    def conflicts(self) -> list[Conflict]:
        """What clashes in each part without an outcome, and how it could be repaired."""
        return [self.conflict(part) for part in self.conflicted]

    def conflict(self, part: Component) -> Conflict:
        """What clashes in one part, and its minimum repairs."""
        network = fragment(self.network, part.atoms, self.network.fixed, part).network
        ids = network.removable

        def stands(kept: Sequence[str]) -> bool:
            left = network.without(set(ids) - set(kept))
            return bool(chosen(left, self.engine).solvable(left, deadline=self.deadline))

        found, all_ = clashes(ids, stands, limit=CLASHES, tries=TRIES, deadline=self.deadline)
        repairs, every = repaired(network, self.engine, self.deadline)
        return Conflict(tuple(found), tuple(repairs), all_ and every)


def solve(network: Network, engine: str = "auto", deadline: Deadline = NO) -> Solution:
    """What is to be found of a network, by the engine of that name.

    `auto` propagates, and solves only what is left; `propagation` refuses what is left; any other
    engine answers for every connected part alone. Raises EngineUnsuitable, ResolutionTimeout, and
    ImpossibleScenario where no repair admits an outcome.
    """
    run = propagate(network) if engine in ("auto", "propagation") else None
    values = list(run.values[: network.atoms]) if run else list(network.fixed)
    solution = Solution(network, engine, deadline, values, run)
    sound = _Sound(network, run) if run else None
    if sound is not None and None not in values and sound.everywhere():
        return solution
    for part in components(network):
        _solve_part(solution, part, sound)
    for number, block in enumerate(solution.blocks):
        solution.block_of.update(dict.fromkeys(block.piece.atoms, number))
    return solution


def _solve_part(solution: Solution, part: Component, sound: "_Sound | None") -> None:
    """Decide a part, or add its free atom, its blocks or its repaired block to the solution."""
    undecided = [a for a in part.atoms if solution.values[a] is None]
    if not undecided and sound is not None:
        if not sound.holds(part):
            _repair(solution, part)
        return
    if _is_free(solution.network, part):
        solution.free.update(part.atoms)
        return
    if solution.engine == "propagation":
        raise EngineUnsuitable("propagation", f"it leaves {len(undecided)} attendances and facts undecided")
    piece = fragment(solution.network, undecided, solution.values, part)
    inner = components(piece.network) if sound is not None else [Component(list(range(piece.network.atoms)))]
    if len(inner) == 1 and len(inner[0].atoms) == piece.network.atoms:
        pieces = [piece]
    else:
        pieces = [_within(piece, component) for component in inner]
    blocks = [Block(p, chosen(p.network, solution.engine)) for p in pieces]
    if all(b.engine.solvable(b.piece.network, deadline=solution.deadline) for b in blocks):
        solution.blocks += (b for b in blocks if b.piece.atoms)
    else:
        _repair(solution, part)


def _within(piece: Fragment, component: Component) -> Fragment:
    """A component of a fragment as a fragment of the whole."""
    inner = fragment(piece.network, component.atoms, piece.network.fixed, component)
    return Fragment(inner.network, tuple(piece.atoms[a] for a in inner.atoms))


def _repair(solution: Solution, part: Component) -> None:
    """Make a part without an outcome a block of its minimum repairs."""
    piece = fragment(solution.network, part.atoms, solution.network.fixed, part)
    repairs, _ = repaired(piece.network, solution.engine, solution.deadline)
    if not repairs:
        raise ImpossibleScenario("what is assumed and given cannot be met, whatever is set aside")
    for atom in part.atoms:
        solution.values[atom] = None
    size = len(repairs[0])
    solution.conflicted.append(part)
    if piece.atoms:
        solution.blocks.append(Block(piece, chosen(piece.network, solution.engine, size), size))


def repaired(network: Network, engine: str, deadline: Deadline) -> tuple[list[frozenset[str]], bool]:
    """All minimum repairs of a network up to the limit, and whether these are all."""
    if engine in ("auto", "propagation") and sum(v is None for v in network.fixed) <= SMALL:
        try:
            return tables.repairs(network, limit=REPAIRS, deadline=deadline)
        except EngineUnsuitable:
            pass
    found: tuple[list[frozenset[str]], bool] = chosen(network, engine, 1).repairs(
        network, limit=REPAIRS, deadline=deadline
    )
    return found


def chosen(network: Network, engine: str, set_aside: int = 0) -> ModuleType:
    """The engine that answers for a network: the one asked for, else a table where it is small."""
    if engine in SOLVERS:
        return SOLVERS[engine]
    few = sum(v is None for v in network.fixed) <= SMALL and (
        not set_aside or comb(len(network.removable), set_aside) <= tables.TRIES
    )
    return tables if few else clingo


def _is_free(network: Network, part: Component) -> bool:
    """Whether a part is one atom that nothing binds."""
    if len(part.atoms) != 1 or part.rules or part.given:
        return False
    atom = part.atoms[0]
    if atom >= network.attendances:
        return True
    stance = network.stances[atom]
    return not (stance.lowers or stance.uppers) and stance.inclination is Inclination.OPEN


class _Sound:
    """Checks decided parts: whether their one possible state is an outcome."""

    def __init__(self, network: Network, run: Propagation) -> None:
        self.network, self.of = network, run.values
        if None in run.values:  # gates that nothing asked for, or that hang on the undecided
            state = [bool(v) for v in run.values[: network.atoms]]
            self.of = node_values(network, tuple(state))

    def holds(self, part: Component) -> bool:
        """Whether every bound, rule and given of a decided part is kept."""
        people = [x for x in part.atoms if x < self.network.attendances]
        return self.keeps(people, [q for _, q in part.rules], part.given)

    def everywhere(self) -> bool:
        """Whether every bound, rule and given is kept, where all is decided."""
        network = self.network
        people = [x for x, value in enumerate(network.fixed[: network.attendances]) if value is None]
        return self.keeps(people, [q for _, q in network.rules], network.given)

    def keeps(self, people: Iterable[int], rules: Iterable[int], given: Iterable[int]) -> bool:
        network, of = self.network, cast("Sequence[bool]", self.of)
        return (
            all(is_content(network, x, of) for x in people)
            and all(holds(q, of) for q in rules)
            and all(holds(q, of) for q in given)
        )
