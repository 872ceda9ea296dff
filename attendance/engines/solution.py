"""What has been found of a network: decided atoms, free ones, and blocks still to be asked about.

A `Block` is a small network with the engine that answers for it; blocks are independent of each
other. A part without an outcome is a block of its minimum repairs.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from math import comb, prod
from types import ModuleType
from typing import Literal

from attendance.engines import clingo, tables
from attendance.engines.clashing import clashes
from attendance.engines.deadline import Deadline
from attendance.engines.evaluation import evaluate
from attendance.engines.parts import Component, Fragment, combined, fragment
from attendance.engines.products import Lazy, by_size, in_turn
from attendance.engines.propagation import Propagation
from attendance.errors import EngineUnsuitable
from attendance.network import Network, Stance, State, Survey, node_of

SMALL, WIDE = 12, 500
"""Up to so many choices, for so many atoms and gates, a truth table answers faster than a solver starts."""
CLASHES, TRIES, REPAIRS = 100, 2000, 1000
"""How many minimal clashing sets and minimum repairs are listed, and how many nodes are looked at for them."""
REMEMBERED = 1000
"""How many blocks are kept."""
SOLVERS = ("enumeration", "tables", "clingo", "sat", "durable")
"""Engines that answer for a block; each is loaded when it is asked for by name."""

_SAT = "attendance.engines.sat"

Order = Literal["fewest", "most"]
Possible = tuple[bool, bool]
"""Whether something can be true, and whether it can be false."""
EITHER: Possible = (True, True)
POSSIBLE: dict[bool | None, Possible] = {True: (True, False), False: (False, True), None: EITHER}
"""By what is known of something; one object each."""


@dataclass(frozen=True)
class Conflict:
    """A connected part without an outcome: what clashes in it, and its minimum repairs."""

    clashes: tuple[frozenset[str], ...]
    repairs: tuple[frozenset[str], ...]
    complete: bool


@dataclass
class Block:
    """Undecided atoms that hang together, and who answers for them; `set_aside` statements are repaired.

    `none` and `all`: it is known that none of the atoms can be true together, and that all can;
    `balanced`, that nothing needed to be searched for at all.
    """

    piece: Fragment
    engine: ModuleType
    set_aside: int = 0
    none: bool = False
    all: bool = False
    balanced: bool = False
    solvable: bool | None = None
    possible: tuple[Possible, ...] | None = None

    @cached_property
    def width(self) -> int:
        """How many of its atoms are attendances."""
        return self.piece.network.attendances


@dataclass
class Memory:
    """Blocks that were found, by what they are of: for networks asked about one after another."""

    blocks: dict[object, Block] = field(default_factory=dict)

    def block(self, piece: Fragment, make: Callable[[], Block], *, torn: bool = False) -> Block:
        """The block of a fragment: the one that is known, or a new one."""
        of = piece.network
        key = (torn, piece.atoms, of.stances, of.sums, of.gates, of.rules, of.given)
        found = self.blocks.get(key)
        if found is None:
            if len(self.blocks) >= REMEMBERED:
                self.blocks.clear()
            found = self.blocks[key] = make()
        return found


@dataclass
class Solution:
    """Everything that is found of a network: ask `possible`, `turnout`, `outcomes`, `count`."""

    network: Network
    engine: str
    deadline: Deadline
    values: list[bool | None]
    propagation: Propagation | None
    memory: Memory
    free: set[int] = field(default_factory=set)
    blocks: list[Block] = field(default_factory=list)
    torn: list[Component] = field(default_factory=list)
    block_of: dict[int, int] = field(default_factory=dict)
    settled: set[int] = field(default_factory=set)
    pending: Callable[[], None] | None = None

    def known(self) -> dict[int, Possible]:
        """What is certain of atoms so far: all that a search that ran out of time leaves behind."""
        found = {a: (v is True, v is False) for a in self.settled if (v := self.values[a]) is not None}
        found.update(dict.fromkeys(self.free, EITHER))
        for block in self.blocks:
            if block.possible is not None:
                found.update(zip(block.piece.atoms, block.possible, strict=True))
        return found

    @property
    def consistent(self) -> bool:
        """Whether there is an outcome without setting anything aside."""
        return self.pending is None and not self.torn

    @property
    def conflicted(self) -> list[Component]:
        """The connected parts without an outcome; looked for now, where it is only known that there are some."""
        if self.pending is not None:
            self.pending()
            self.pending = None  # only now: if the time was too short, there is no outcome all the same
        return self.torn

    # --- what can be ---

    @cached_property
    def atoms(self) -> list[Possible]:
        """For every atom, whether it can be true, and can be false."""
        found = [POSSIBLE[v] for v in self.values]
        for block in self.blocks:
            if block.possible is None:
                block.possible = self.known_of(block)
            for atom, can_be in zip(block.piece.atoms, block.possible, strict=True):
                found[atom] = can_be
        return found

    def known_of(self, block: Block) -> tuple[Possible, ...]:
        """For every atom of a block, whether it can be true, and can be false."""
        network = block.piece.network
        if block.none and block.all:
            return (EITHER,) * network.atoms
        if block.set_aside:
            return self.ask(block, range(network.atoms)).possible
        found = possible(network, self.engine, self.deadline)
        assert found is not None, "a block has outcomes"
        return found

    def ask(self, block: Block, literals: Sequence[int], crowds: Sequence[Sequence[int]] = ()) -> Survey:
        """What a block's engine says of literals and crowds in the block's numbers."""
        network, aside = block.piece.network, block.set_aside
        found = block.engine.survey(network, literals, crowds, set_aside=aside, deadline=self.deadline)
        assert isinstance(found, Survey), "a block has outcomes"
        return found

    def possible(self, literal: int) -> Possible:
        """Whether a literal can be true, and can be false, over all outcomes."""
        return self.possible_all([literal])[0]

    def possible_all(self, literals: Sequence[int]) -> list[Possible]:
        """The same of many literals, each block asked about all of its own at once."""
        found: dict[int, Possible] = {}
        asked: dict[frozenset[int], list[int]] = {}
        for literal in dict.fromkeys(literals):
            known = self.plain(literal)
            if known is not None:
                found[literal] = known
            else:
                asked.setdefault(self.support(literal), []).append(literal)
        for support, group in asked.items():
            block, theirs = self.merged(support, group)
            found.update(zip(group, self.ask(block, theirs).possible, strict=True))
        return [found[literal] for literal in literals]

    def plain(self, literal: int) -> Possible | None:
        """What can be of a literal, where it shows without an engine."""
        node = node_of(literal)
        run = self.propagation
        value = run.values[node] if run is not None and self.consistent else None
        if value is None:
            value = self.certain[node]
        if value is not None:
            can, cannot = value, not value
        elif node < self.network.atoms:
            can, cannot = self.atoms[node]
        elif (seen := self.seen(node)) == EITHER:
            can, cannot = seen
        else:
            return self.alternatives(literal)
        return (can, cannot) if literal >= 0 else (cannot, can)

    def seen(self, node: int) -> Possible:
        """What a node is in two outcomes that are known: as few blocks as can be, and as many."""
        found = {nodes[node] for nodes in self.extremes}
        return True in found, False in found

    @cached_property
    def extremes(self) -> tuple[list[bool | None], list[bool | None]]:
        """The nodes with every block that may be empty empty, and with every one that may be full full."""
        few: list[bool | None] = [can if can != cannot else None for can, cannot in self.atoms]
        many = few.copy()
        for atom in self.free:
            few[atom], many[atom] = False, True
        for block in self.blocks:
            for atom in block.piece.atoms:
                few[atom] = False if block.none else few[atom]
                many[atom] = True if block.all else many[atom]
        return evaluate(self.network, few), evaluate(self.network, many)

    @cached_property
    def certain(self) -> list[bool | None]:
        """The value of every node where what is known of the atoms alone decides it."""
        return evaluate(self.network, [can if can != cannot else None for can, cannot in self.atoms])

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
        stances = () if is_fact else (Stance(),)  # what was said of it asks for nothing that is open
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
            fewest, many = 0, len(members)
            if not (block.none and block.all):
                place = {atom: i for i, atom in enumerate(block.piece.atoms)}
                fewest, many = self.ask(block, (), [[place[x] for x in members]]).turnouts[0]
            least, most = least + fewest, most + many
        return least, most

    def count(self) -> int:
        """The number of outcomes of what is to be counted; 0 where something must be set aside."""
        if not self.consistent:
            return 0
        sizes = [int(b.engine.count(b.piece.network, deadline=self.deadline)) for b in self.blocks]
        return prod(sizes, start=1 << len(self.free))

    def outcomes(self, order: Order | None = None, *, repaired: bool = False) -> Iterator[State]:
        """Every outcome, lazily; those of the minimum repairs where there is none, if `repaired`."""
        if not (self.consistent or repaired):
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
        ordered = sorted(self.conflicted, key=lambda part: part.atoms or [self.network.atoms])
        return [self.conflict(part) for part in ordered]

    def conflict(self, part: Component) -> Conflict:
        """What clashes in one part, and its minimum repairs."""
        network = fragment(self.network, part.atoms, self.network.fixed, part).network
        ids = network.removable

        def stands(kept: Sequence[str]) -> bool:
            left = network.without(set(ids) - set(kept))
            return solvable(left, self.engine, self.deadline)

        found, all_ = clashes(ids, stands, limit=CLASHES, tries=TRIES, deadline=self.deadline)
        repairs, every = repaired(network, self.engine, self.deadline)
        return Conflict(tuple(found), tuple(repairs), all_ and every)


def repaired(network: Network, engine: str, deadline: Deadline) -> tuple[list[frozenset[str]], bool]:
    """All minimum repairs of a network up to the limit, and whether these are all.

    Which statements a smallest repair takes is not known beforehand: where a table would have to
    try too many sets of them, `auto` asks the solver.
    """
    module = chosen(network, engine)
    try:
        return _repairs(module, network, deadline)
    except EngineUnsuitable:
        if engine in SOLVERS or module is clingo:
            raise
        return _repairs(clingo, network, deadline)


def _repairs(module: ModuleType, network: Network, deadline: Deadline) -> tuple[list[frozenset[str]], bool]:
    found: tuple[list[frozenset[str]], bool] = module.repairs(network, limit=REPAIRS, deadline=deadline)
    return found


def chosen(network: Network, engine: str, set_aside: int = 0) -> ModuleType:
    """The engine that answers for a network: the one asked for, else a table where that is small."""
    if engine in SOLVERS:
        return import_module(f"attendance.engines.{engine}")
    return tables if _is_small(network, set_aside) else clingo


def _is_small(network: Network, set_aside: int) -> bool:
    """Whether a table of the network answers faster than a solver starts."""
    if sum(v is None for v in network.fixed) <= SMALL:
        return not set_aside or comb(len(network.removable), set_aside) <= tables.TRIES
    if set_aside or len(network.fixed) + len(network.gates) > WIDE:
        return False
    of = tables.few_choices(network)
    return of is not None and len(of.choices) <= SMALL


def solvable(network: Network, engine: str, deadline: Deadline) -> bool:
    """Whether there is an outcome."""
    module = chosen(network, engine)
    if engine == "auto" and module is clingo and by_clauses(network):
        with suppress(EngineUnsuitable):
            return bool(import_module(_SAT).solvable(network, deadline=deadline))
    return bool(module.solvable(network, deadline=deadline))


def possible(network: Network, engine: str, deadline: Deadline) -> tuple[Possible, ...] | None:
    """For every atom whether it can be true, and can be false; None where there is no outcome."""
    module = chosen(network, engine)
    if engine == "auto" and module is clingo and by_clauses(network):
        with suppress(EngineUnsuitable):
            known: tuple[Possible, ...] | None = import_module(_SAT).possible(network, deadline)
            return known
    found: Survey | None = module.survey(network, range(network.atoms), deadline=deadline)
    return None if found is None else found.possible


def by_clauses(network: Network) -> bool:
    """Whether python-sat can be asked: several times faster than clingo at what can be, but not at what is founded."""
    return not network.founded and _has_sat()


@cache
def _has_sat() -> bool:
    return find_spec("pysat") is not None
