"""Which coalitions win: how many, of which sizes, with whom, and which are the minimal ones."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb

from attendance.engines import solve, tables
from attendance.engines.deadline import Deadline
from attendance.engines.planes import at_least, ones, pattern, total
from attendance.engines.tables import Table
from attendance.errors import EngineUnsuitable, ImpossibleScenario
from attendance.questions.diagrams import LOST, WON, Diagram
from attendance.questions.games import Frame


@dataclass(frozen=True)
class Counted:
    """How many coalitions of each size win, and how many of those each player is in."""

    winning: tuple[int, ...]
    with_: tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Plane:
    """A game as a truth table: bit S of `plane` says whether the players in the binary digits of S win."""

    players: int
    plane: int


# --- by listing -----------------------------------------------------------------------------------


def listed(frame: Frame, engine: str, deadline: Deadline) -> Plane:
    """The game of a frame, every set of players tried: in one table if that is small, else one by one."""
    if engine in ("auto", "tables") and frame.network.atoms <= tables.FREE:
        try:
            return _tabled(frame, deadline)
        except EngineUnsuitable:
            if engine == "tables":
                raise
    plane = 0
    for number in range(1 << len(frame.players)):
        values = {p: bool(number >> i & 1) for i, p in enumerate(frame.players)}
        try:
            found = solve(frame.network.assuming(values), engine, deadline).possible(frame.goal)
        except ImpossibleScenario:
            continue
        plane |= (found == (True, False)) << number
    return Plane(len(frame.players), plane)


def _tabled(frame: Frame, deadline: Deadline) -> Plane:
    """The same from the outcomes of all sets of players at once, and for those without one of their repairs."""
    table = Table(frame.network)
    others = [a for a in range(frame.network.atoms) if a not in set(frame.players)]
    goal, removable = table.plane(frame.goal), frame.network.removable

    def some(lanes: int) -> int:
        for atom in others:
            lanes = (lanes | lanes >> (1 << atom)) & ~table.planes[atom]
        return lanes

    won, open_ = 0, some(table.outcomes(frozenset(removable)))
    for size in range(len(removable) + 1):
        if not open_:
            break
        lanes = table.reached(size, deadline)
        won |= open_ & some(lanes) & ~some(lanes & ~goal)
        open_ &= ~some(lanes)
    plane = 0
    for lane in ones(won):
        plane |= 1 << sum((lane >> p & 1) << i for i, p in enumerate(frame.players))
    return Plane(len(frame.players), plane)


def count_listed(game: Plane) -> Counted:
    """The coalitions of a truth table counted."""
    patterns = [pattern(i, game.players) for i in range(game.players)]
    levels = [game.plane & level for level in _sizes(patterns, game.players)]
    return Counted(
        tuple(level.bit_count() for level in levels),
        tuple(tuple((level & of).bit_count() for level in levels) for of in patterns),
    )


def minimal_listed(game: Plane, deadline: Deadline) -> Iterator[tuple[int, ...]]:
    """The winning coalitions of a truth table without a smaller one in them, fewest first."""
    patterns = [pattern(i, game.players) for i in range(game.players)]
    above = game.plane  # where some subset wins
    for i, of in enumerate(patterns):
        above |= (above & ~of) << (1 << i)
    minimal = game.plane
    for i, of in enumerate(patterns):
        minimal &= ~((above & ~of) << (1 << i))
    for level in _sizes(patterns, game.players):
        for number in ones(minimal & level):
            deadline.check()
            yield tuple(i for i in range(game.players) if number >> i & 1)


def _sizes(patterns: Sequence[int], players: int) -> Iterator[int]:
    """The sets of no players, of one, of two, and so on, each as a plane."""
    full = (1 << (1 << players)) - 1
    digits = total(patterns, [1] * players)
    for size in range(players + 1):
        yield at_least(digits, size, full) ^ at_least(digits, size + 1, full)


# --- by counting ----------------------------------------------------------------------------------


def count(diagram: Diagram) -> Counted:
    """The coalitions of a diagram counted, down from the root and up from the ends.

    Numbers by size are the digits of one big integer: adding and multiplying them at once adds and
    multiplies the polynomials in the size.
    """
    players = diagram.game.players
    width = players + 1  # no number exceeds 2 ** players
    y, sizes = 1 << width, [len(kind.members) for kind in diagram.levels]
    rest = [sum(sizes[level:]) for level in range(len(sizes) + 1)]
    anything = [(1 + y) ** number for number in rest]  # the coalitions of those from a level on
    up = _up(diagram, [[comb(m, i) * y**i for i in range(m + 1)] for m in sizes], anything)
    down, won = ({diagram.root: 1}, 0) if diagram.root >= 0 else ({}, int(diagram.root == WON))
    with_: list[tuple[int, ...]] = [()] * players
    for level, (kind, nodes) in enumerate(zip(diagram.levels, diagram.nodes, strict=True)):
        m, after = len(kind.members), anything[level + 1]
        one_in = [0, *(comb(m - 1, i - 1) * y**i for i in range(1, m + 1))]
        ways = [comb(m, i) * y**i for i in range(m + 1)]
        inside = won * y * (1 + y) ** (rest[level] - 1)
        below: dict[int, int] = {}
        won *= (1 + y) ** m
        for node, number in down.items():
            diagram.deadline.check()
            inside += number * sum(
                w * _value(n, up[level + 1], after) for w, n in zip(one_in, nodes[node], strict=True)
            )
            for way, n in zip(ways, nodes[node], strict=True):
                if n == WON:
                    won += number * way
                elif n != LOST:
                    below[n] = below.get(n, 0) + number * way
        down = below
        for player in kind.members:
            with_[player] = _digits(inside, width, players)
    return Counted(_digits(won, width, players), tuple(with_))


def _up(diagram: Diagram, ways: Sequence[Sequence[int]], anything: Sequence[int]) -> list[list[int]]:
    """For each node of each level, the coalitions of those from there on that win."""
    up: list[list[int]] = [[]]
    for level in reversed(range(len(diagram.levels))):
        diagram.deadline.check()
        up.append(
            [
                sum(w * _value(n, up[-1], anything[level + 1]) for w, n in zip(ways[level], node, strict=True))
                for node in diagram.nodes[level]
            ]
        )
    return up[::-1]


def _value(node: int, values: Sequence[int], won: int) -> int:
    return values[node] if node >= 0 else won if node == WON else 0


def _digits(packed: int, width: int, players: int) -> tuple[int, ...]:
    mask = (1 << width) - 1
    return tuple(packed >> width * size & mask for size in range(players + 1))


# --- minimal coalitions of a diagram --------------------------------------------------------------

Pair = tuple[int, frozenset[int]]
"""The node of a coalition so far, and those of its proper parts."""


def minimal(diagram: Diagram) -> Iterator[tuple[int, ...]]:
    """The winning coalitions without a smaller one in them, fewest first.

    Along the levels go a coalition and its proper parts, of which none may win in the end. Where to
    be in is never bad, it is enough to leave out one player of it.
    """
    steps: list[dict[Pair, list[tuple[int, Pair]]]] = []
    pairs: dict[Pair, None] = {} if diagram.root == LOST else {(diagram.root, frozenset()): None}
    for level in range(len(diagram.levels)):
        steps.append({pair: list(_after(diagram, level, pair)) for pair in pairs})
        pairs = dict.fromkeys(pair for found in steps[-1].values() for _, pair in found)
    sizes: dict[Pair, int] = dict.fromkeys(pairs, 1)  # how many can still come in, as bits
    ways: list[dict[Pair, list[tuple[int, Pair, int]]]] = []
    for found in reversed(steps):
        ways.append({pair: [(i, n, sizes[n] << i) for i, n in after if sizes[n]] for pair, after in found.items()})
        sizes = {pair: _either(mask for _, _, mask in after) for pair, after in ways[-1].items()}
    ways.reverse()
    for start, mask in (sizes if steps else dict.fromkeys(pairs, 1)).items():
        for size in ones(mask):
            yield from _walk(diagram, ways, start, size)


def _after(diagram: Diagram, level: int, pair: Pair) -> Iterator[tuple[int, Pair]]:
    """Where a pair leads with each number of players of a level in, as long as the coalition can be minimal."""
    node, parts = pair
    diagram.deadline.check()
    for i in range(len(diagram.levels[level].members) + 1):
        own = diagram.child(level, node, i)
        if diagram.rising:
            smaller = {diagram.child(level, p, i) for p in parts}
            smaller |= {diagram.child(level, node, i - 1)} if i else set()
        else:
            smaller = {diagram.child(level, p, j) for p in parts for j in range(i + 1)}
            smaller |= {diagram.child(level, node, j) for j in range(i)}
        smaller.discard(LOST)
        if own != LOST and own not in smaller and WON not in smaller:
            yield i, (own, diagram.highest(level + 1, smaller) if diagram.rising else frozenset(smaller))


def _walk(
    diagram: Diagram, ways: Sequence[dict[Pair, list[tuple[int, Pair, int]]]], start: Pair, size: int
) -> Iterator[tuple[int, ...]]:
    """The minimal coalitions of one size; of alike players every choice."""
    stack: list[tuple[Pair, int, tuple[int, ...]]] = [(start, size, ())]
    while stack:
        pair, left, numbers = stack.pop()
        if len(numbers) == len(ways):
            taken = [(kind.members, i) for kind, i in zip(diagram.levels, numbers, strict=True) if i]
            sure = [player for members, i in taken if i == len(members) for player in members]
            for players in _choices([(members, i) for members, i in taken if i < len(members)]):
                diagram.deadline.check()
                yield tuple(sorted((*sure, *players)))
            continue
        for i, after, mask in ways[len(numbers)][pair]:
            if mask >> left & 1:
                stack.append((after, left - i, (*numbers, i)))


def _choices(groups: Sequence[tuple[Sequence[int], int]]) -> Iterator[tuple[int, ...]]:
    """Every choice of so many of each group, one by one."""
    if not groups:
        yield ()
        return
    for first in combinations(*groups[0]):
        for rest in _choices(groups[1:]):
            yield (*first, *rest)


def _either(masks: Iterable[int]) -> int:
    """The bits that are in any of the numbers."""
    found = 0
    for mask in masks:
        found |= mask
    return found
