"""Decision diagrams of games: winning coalitions counted by size without listing them.

A level of a diagram is a kind of players who weigh alike everywhere, and an edge how many of them
are in. What is left of the game hangs on the sums so far, and sums between which nothing that
follows can tell are one node (whole intervals of them: Behle 2007, "On threshold BDDs and the
optimal variable ordering problem"; for the power of players: Bolus 2011, "Power indices of simple
games and vector-weighted majority games by means of binary decision diagrams").
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from attendance.engines.deadline import Deadline
from attendance.gates import TRUE
from attendance.network import node_of
from attendance.questions.games import Game

LOST, WON = -2, -1
"""In the place of a node: whatever follows, the game is lost, or won."""
BARS, NODES = 10_000, 500_000
"""The most bars on one scale, and the most nodes of all levels."""


class TooWide(Exception):
    """A diagram would have too many nodes."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A gate: it is open if the scale, with `weights` of the gates before it that are open, reaches the quota.

    Of an inner gate, `inner` has the number, `signs` whether it counts when it is open, or when not.
    """

    scale: int
    quota: int
    inner: tuple[int, ...]
    signs: tuple[bool, ...]
    weights: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """Variables that are alike: what each adds to every scale."""

    members: tuple[int, ...]
    steps: tuple[int, ...]


class Scale:
    """One weighted sum: intervals of it, level by level, that no bar can ever tell apart.

    A node is a number: up to the number of bars it says how many of them are certainly reached,
    beyond that it is an inner node with a child for each number of players of its kind.
    """

    def __init__(self, kinds: Sequence[tuple[int, int]], bars: Sequence[int]) -> None:
        self.kinds, self.bars = kinds, bars  # how many there are of each kind and what each adds; sorted quotas
        self.least, self.most = [0], [0]  # what the kinds from a level on add, at least and at most
        for count, step in reversed(kinds):
            self.least.append(self.least[-1] + min(0, count * step))
            self.most.append(self.most[-1] + max(0, count * step))
        self.least.reverse()
        self.most.reverse()
        self.starts: list[list[int]] = [[] for _ in kinds]
        self.found: list[list[int]] = [[] for _ in kinds]
        self.children: list[tuple[int, ...]] = [()] * (len(bars) + 1)
        self.reach: list[tuple[int, int]] = [(c, c) for c in range(len(bars) + 1)]
        self.spans: list[tuple[int, int]] = [(0, 0)] * (len(bars) + 1)
        self.beyond = self.most[0] - self.least[0] + sum(map(abs, bars)) + 1

    def node(self, level: int, total: int) -> int | None:
        """The node of a sum at a level, if it is there."""
        low = bisect_right(self.bars, total + self.least[level])
        if low == len(self.bars) or total + self.most[level] < self.bars[low]:
            return low
        at = bisect_right(self.starts[level], total) - 1
        if at < 0:
            return None
        node = self.found[level][at]
        return node if total <= self.spans[node][1] else None

    def span(self, level: int, node: int) -> tuple[int, int]:
        """The sums at a level that are that node."""
        if node > len(self.bars):
            return self.spans[node]
        low = -self.beyond if node == 0 else self.bars[node - 1] - self.least[level]
        high = self.beyond if node == len(self.bars) else self.bars[node] - self.most[level] - 1
        return low, high

    def build(self, deadline: Deadline) -> int:
        """The node of nothing, with all nodes below it."""
        stack = [(0, 0)]
        while stack:
            level, total = stack[-1]
            if self.node(level, total) is not None:
                stack.pop()
                continue
            count, step = self.kinds[level]
            after = [self.node(level + 1, total + i * step) for i in range(count + 1)]
            missing = [(level + 1, total + i * step) for i, node in enumerate(after) if node is None]
            if missing:
                stack += missing
                continue
            deadline.check()
            self.add(level, step, [node for node in after if node is not None])
        node = self.node(0, 0)
        assert node is not None, "just made"
        return node

    def add(self, level: int, step: int, after: list[int]) -> None:
        """A node with those children: its sums are those that lead to all of them."""
        spans = [self.span(level + 1, node) for node in after]
        low = max(start - i * step for i, (start, _) in enumerate(spans))
        high = min(end - i * step for i, (_, end) in enumerate(spans))
        at = bisect_right(self.starts[level], low)
        self.starts[level].insert(at, low)
        self.found[level].insert(at, len(self.children))
        self.children.append(tuple(after))
        self.reach.append((min(self.reach[n][0] for n in after), max(self.reach[n][1] for n in after)))
        self.spans.append((low, high))
        if len(self.children) > NODES:
            raise TooWide

    def child(self, node: int, number: int) -> int:
        """The node after so many players of its level's kind are in."""
        return node if node <= len(self.bars) else self.children[node][number]


State = tuple[tuple[int | None, ...], tuple[int | None, ...]]
"""The node of each scale that still matters, and for each bar that does, what open gates add already."""


class Diagram:
    """A game as levels of nodes, each with a child for each number of players of the level's kind."""

    def __init__(self, game: Game, deadline: Deadline) -> None:
        self.game, self.deadline = game, deadline
        self.bars, vectors = bars(game)
        self.levels = kinds(game, vectors)
        self.playing = sum(kind.members[0] < game.players for kind in self.levels)
        self.quotas = [self.marks(scale) for scale in range(len(vectors))]
        self.scales = [
            Scale([(len(k.members), k.steps[s]) for k in self.levels], self.quotas[s]) for s in range(len(vectors))
        ]
        start: State = (tuple(s.build(deadline) for s in self.scales), (0,) * len(self.bars))
        self.nodes: list[list[tuple[int, ...]]] = []
        self.states: list[list[State]] = []
        self.root = self.fill(start)
        self.close()

    def marks(self, scale: int) -> list[int]:
        """Every total of a scale at which a bar may open, by the gates that it counts."""
        found: set[int] = set()
        for bar in self.bars:
            if bar.scale == scale:
                sums = {0}
                for weight in bar.weights:
                    sums |= {s + weight for s in sums}
                    if len(sums) > BARS:
                        raise TooWide
                found |= {bar.quota - s for s in sums}
        return sorted(found)

    def fill(self, start: State) -> int:
        """Make every level from the first on; the place of the start in it."""
        place: dict[State, int] = {}
        root, size = self.enter(start, place), 0
        for kind in self.levels:
            states, self.states, place = list(place), [*self.states, list(place)], {}
            known: dict[State, int] = {}
            level: list[tuple[int, ...]] = []
            for scales, credits_ in states:
                self.deadline.check()
                after = []
                for i in range(len(kind.members) + 1):
                    raw = tuple(None if n is None else s.child(n, i) for s, n in zip(self.scales, scales, strict=True))
                    state = raw, credits_
                    if state not in known:
                        known[state] = self.enter(state, place)
                    after.append(known[state])
                level.append(tuple(after))
            self.nodes.append(level)
            size += len(level)
            if size > NODES:
                raise TooWide
        return root

    def enter(self, state: State, place: dict[State, int]) -> int:
        """The number of a state on its level: what it says of the game alone is kept of it."""
        plain = self.plain(state)
        return plain if isinstance(plain, int) else place.setdefault(plain, len(place))

    def plain(self, state: State) -> State | int:
        """What matters in a state, or that the game is lost or won."""
        scales, before = state
        open_: list[bool | None] = []
        now: list[int | None] = []
        for bar, credit in zip(self.bars, before, strict=True):
            node = scales[bar.scale]
            if credit is None or node is None:
                open_.append(None)
                now.append(None)
                continue
            unsure = 0
            for gate, sign, weight in zip(bar.inner, bar.signs, bar.weights, strict=True):
                if before[gate] is not None:  # it was undecided so far
                    credit += weight if open_[gate] is sign else 0
                    unsure += weight if open_[gate] is None else 0
            low, high = self.scales[bar.scale].reach[node]
            quotas = self.quotas[bar.scale]
            if low and quotas[low - 1] >= bar.quota - credit:
                open_.append(True)
            elif high == 0 or quotas[high - 1] < bar.quota - credit - unsure:
                open_.append(False)
            else:
                open_.append(None)
            now.append(credit)
        if open_[-1] is not None:
            return WON if open_[-1] else LOST
        live = self.live(open_, now)
        kept = {self.bars[b].scale for b in live}
        return (
            tuple(n if s in kept else None for s, n in enumerate(scales)),
            tuple(c if b in live else None for b, c in enumerate(now)),
        )

    def live(self, open_: Sequence[bool | None], credit: Sequence[int | None]) -> set[int]:
        """The undecided bars that the last one hangs on."""
        found = {len(self.bars) - 1}
        stack = [len(self.bars) - 1]
        while stack:
            for gate in self.bars[stack.pop()].inner:
                if open_[gate] is None and credit[gate] is not None and gate not in found:
                    found.add(gate)
                    stack.append(gate)
        return found

    def close(self) -> None:
        """Where only those are left who are free to choose, the game is won if it is, whatever they do."""
        after: list[int] = []
        for level in reversed(range(self.playing, len(self.levels))):
            after = [WON if all(_end(n, after) == WON for n in node) else LOST for node in self.nodes[level]]
        if self.playing < len(self.levels):
            if self.playing:
                self.nodes[self.playing - 1] = [
                    tuple(_end(n, after) for n in node) for node in self.nodes[self.playing - 1]
                ]
            else:
                self.root = _end(self.root, after)
        del self.nodes[self.playing :], self.levels[self.playing :], self.states[self.playing :]

    # --- for the minimal coalitions ---

    def child(self, level: int, node: int, number: int) -> int:
        """The node of the next level after so many players of this one are in."""
        return node if node < 0 else self.nodes[level][node][number]

    @cached_property
    def rising(self) -> bool:
        """Whether it is plain that to be in is never bad: nothing counts against anybody."""
        return all(all(bar.signs) for bar in self.bars) and all(min(k.steps, default=0) >= 0 for k in self.levels)

    def highest(self, level: int, nodes: set[int]) -> frozenset[int]:
        """The nodes without those that, in a rising game, win only where another of them does."""
        ranks = {node: self.rank(level, node) for node in sorted(nodes)}
        return frozenset(n for n in ranks if not any(_under(ranks[n], ranks[o]) for o in ranks if o != n))

    def rank(self, level: int, node: int) -> tuple[int | None, ...]:
        """How far a node has come on each scale and bar that matters to it."""
        scales, credit = self.states[level][node]
        spans = (None if n is None else s.span(level, n)[0] for s, n in zip(self.scales, scales, strict=True))
        return (*spans, *credit)


def _under(a: Sequence[int | None], b: Sequence[int | None]) -> bool:
    """Whether a has come no further than b, where they can be compared."""
    return all(m == n if m is None or n is None else m <= n for m, n in zip(a, b, strict=True))


def _end(node: int, after: Sequence[int]) -> int:
    return node if node < 0 else after[node]


def bars(game: Game) -> tuple[list[Bar], list[Mapping[int, int]]]:
    """The gates that the game hangs on, the root last, and the steps of each variable on each scale.

    A variable that counts when it is false is a weight that is there, and lost when it is true.
    """
    variables = game.players + game.free
    scales: dict[tuple[tuple[int, int], ...], int] = {}
    number: dict[int, int] = {}
    found: list[Bar] = []
    for node in [*sorted(_below(game)), -1]:
        pairs, quota = _pairs(game, node)
        steps: dict[int, int] = {}
        inner: list[tuple[int, bool, int]] = []
        for literal, weight in pairs:
            if node_of(literal) >= variables:
                inner.append((number[node_of(literal)], literal >= 0, weight))
            else:
                steps[node_of(literal)] = steps.get(node_of(literal), 0) + (weight if literal >= 0 else -weight)
                quota -= 0 if literal >= 0 else weight
        key = tuple(sorted((v, step) for v, step in steps.items() if step))
        number[node] = len(found)
        columns = zip(*inner, strict=True) if inner else ((), (), ())
        found.append(Bar(scales.setdefault(key, len(scales)), quota, *map(tuple, columns)))
    return found, [dict(key) for key in scales]


def _below(game: Game) -> dict[int, None]:
    """The gates that the root hangs on, in the order in which they are come upon."""
    variables = game.players + game.free
    found: dict[int, None] = {}
    stack = [node_of(game.root)] if node_of(game.root) != TRUE else []
    while stack:
        node = stack.pop()
        if node >= variables and node not in found:
            found[node] = None
            stack += [node_of(q) for q, _ in reversed(_pairs(game, node)[0])]
    return found


def _pairs(game: Game, node: int) -> tuple[list[tuple[int, int]], int]:
    """The literals of a gate with their weights, and its quota; of -1, a gate that is the root itself."""
    if node >= 0:
        number, quota = game.gates[node - game.players - game.free]
        of = game.sums[number]
        return list(zip(of.literals, of.weights, strict=True)), quota
    match game.root:
        case literal if literal in (TRUE, ~TRUE):
            return [], 0 if literal == TRUE else 1
        case literal:
            return [(literal, 1)], 1


def kinds(game: Game, scales: Sequence[Mapping[int, int]]) -> list[Kind]:
    """The players, alike ones together, by descending share of the scales; then those who are free."""
    met: dict[int, None] = {}
    for node in (-1, *_below(game)):
        met.update(dict.fromkeys(v for q, _ in _pairs(game, node)[0] if (v := node_of(q)) < game.players + game.free))
    met.update(dict.fromkeys(range(game.players)))
    alike: dict[tuple[bool, tuple[int, ...]], list[int]] = {}
    for v in met:
        alike.setdefault((v >= game.players, tuple(s.get(v, 0) for s in scales)), []).append(v)
    wholes = [sum(map(abs, s.values())) or 1 for s in scales]

    def last(kind: tuple[bool, tuple[int, ...]]) -> tuple[bool, Fraction]:
        return kind[0], -sum((Fraction(abs(n), w) for n, w in zip(kind[1], wholes, strict=True)), Fraction(0))

    return [Kind(tuple(sorted(alike[kind])), kind[1]) for kind in sorted(alike, key=last)]
