"""Games of one quota over weights: winning coalitions counted by generating functions, and the minimal ones listed.

For each size, one integer whose digits say how many losing coalitions of that size have at most each
weight. Another player is a shift and an addition, size by size. Without a player they are not made
again: c(s) = d(s) + x^w d(s - 1), so that d(s) = c(s) - x^w c(s - 1) + x^2w c(s - 2) - ..., of which
a few digits are enough. (Generating functions: Mann and Shapley, 1962; the digits without a player:
Uno, 2003, "Efficient computation of power indices for weighted majority games".)
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import comb, gcd
from operator import mul

from attendance.engines.deadline import Deadline
from attendance.network import node_of
from attendance.questions.coalitions import Counted
from attendance.questions.games import Game

GREATEST = 1 << 32
"""The most bits that the integers of a count take together."""
EDGE, LOOK = 100_000, 10_000
"""About so many bits are shifted and added while a diagram makes an edge, and while a digit is looked up."""


@dataclass(frozen=True)
class Quota:
    """A coalition wins if the weight of those who count reaches the quota.

    A player with a sign counts if in the coalition, one without if not. No weight is negative.
    """

    weights: tuple[int, ...]
    signs: tuple[bool, ...]
    quota: int

    @property
    def players(self) -> int:
        """How many there are."""
        return len(self.weights)

    @property
    def digits(self) -> int:
        """How many digits an integer of the count has."""
        return min(self.quota, sum(self.weights) - self.quota + 1)

    @property
    def bits(self) -> int:
        """How many bits all integers of the count take together."""
        return self.digits * (self.players + 1) * _width(self.players)

    @property
    def fits(self) -> bool:
        """Whether counting by generating functions takes a bearable amount of room."""
        return self.bits <= GREATEST

    @property
    def quick(self) -> bool:
        """Whether that seems to be quicker than a diagram, whose nodes are the sums before a level or after it."""
        alike = Counter(zip(self.weights, self.signs, strict=True))
        ways = [alike[pair] + 1 for pair in sorted(alike, reverse=True)]
        before, after = [*accumulate(ways, mul, initial=1)], [*accumulate(ways[::-1], mul, initial=1)][::-1]
        whole = sum(self.weights)
        edges = sum(min(b, a, whole) * way for b, a, way in zip(before, after, ways, strict=False))
        work = self.bits * self.players // 2 + len(alike) * self.players**2 // 2 * LOOK
        return self.fits and work <= edges * (EDGE + 20 * self.players**2)

    def dual(self) -> "Quota":
        """The game that is won just when this one is lost."""
        return Quota(self.weights, tuple(not s for s in self.signs), sum(self.weights) - self.quota + 1)

    def capped(self) -> "Quota":
        """The same game where nobody weighs more than the quota: that is enough to win alone."""
        return Quota(tuple(min(w, self.quota) for w in self.weights), self.signs, self.quota)


def quota(game: Game) -> Quota | None:
    """A game as one quota over its players, with weights as small as is plain; None where it is no such."""
    literal = node_of(game.root) - game.players - game.free
    if not 0 <= literal < len(game.gates):
        return None
    number, least = game.gates[literal]
    of = game.sums[number]
    if any(node_of(q) >= game.players for q in of.literals):
        return None
    weights, signs = [0] * game.players, [True] * game.players
    for q, w in zip(of.literals, of.weights, strict=True):
        if weights[node_of(q)]:  # both there and not there count
            return None
        weights[node_of(q)], signs[node_of(q)] = w, q >= 0
    unit = gcd(*weights) or 1
    found = Quota(tuple(w // unit for w in weights), tuple(signs), -(-least // unit))
    if not 0 < found.quota <= sum(found.weights):
        return None
    found = found.capped().dual().capped()  # the one capped dual is enough to lose alone
    return found if game.root < 0 else found.dual()


# --- counting ---------------------------------------------------------------------------------------


def count(game: Quota, deadline: Deadline) -> Counted:
    """How many coalitions of each size win, and with whom."""
    if game.quota > game.digits:  # fewer digits are enough to count who loses the dual
        found, players = count(game.dual(), deadline), game.players
        return Counted(
            tuple(comb(players, s) - n for s, n in enumerate(found.winning)),
            tuple(
                tuple((comb(players - 1, s - 1) if s else 0) - n for s, n in enumerate(inside))
                for inside in found.with_
            ),
        )
    lost = _Lost(game, deadline)
    total = lost.totals()
    with_ = {pair: lost.inside(*pair, total) for pair in dict.fromkeys(zip(game.weights, game.signs, strict=True))}
    return Counted(
        tuple(comb(game.players, s) - n for s, n in enumerate(total)),
        tuple(
            tuple((comb(game.players - 1, s - 1) if s else 0) - n for s, n in enumerate(with_[pair]))
            for pair in zip(game.weights, game.signs, strict=True)
        ),
    )


class _Lost:
    """For each size, how many coalitions of it weigh at most 0, 1, 2, ... up to one less than the quota."""

    def __init__(self, game: Quota, deadline: Deadline) -> None:
        self.game, self.deadline = game, deadline
        self.width = _width(game.players)
        self.sizes = [number.to_bytes(-(-game.quota * self.width // 8) + 16, "little") for number in self.made()]

    def made(self) -> Iterator[int]:
        """The integers, size by size."""
        game, width = self.game, self.width
        one = ((1 << width * game.quota) - 1) // ((1 << width) - 1)  # a digit 1 for each weight
        sizes = [0] * (game.players + 1)
        sizes[game.signs.count(False)] = one  # nobody counts: those without a sign are in
        for weight, sign in sorted(zip(game.weights, game.signs, strict=True), reverse=True):
            if weight >= game.quota:
                continue
            shift, mask = width * weight, (1 << width * (game.quota - weight)) - 1
            order = range(game.players, 0, -1) if sign else range(game.players)
            for size in order:
                other = sizes[size - 1 if sign else size + 1]
                if other:
                    self.deadline.check()
                    sizes[size] += (other & mask) << shift
        while sizes:
            yield sizes.pop(0)

    def at_most(self, size: int, weight: int) -> int:
        """How many coalitions of a size weigh at most so much, which is less than the quota."""
        start, shift = divmod(weight * self.width, 8)
        digit = int.from_bytes(self.sizes[size][start : start + (self.width + 14) // 8], "little")
        return digit >> shift & ((1 << self.width) - 1)

    def totals(self) -> list[int]:
        """How many coalitions of each size lose."""
        return [self.at_most(size, self.game.quota - 1) for size in range(self.game.players + 1)]

    def inside(self, weight: int, sign: bool, total: Sequence[int]) -> list[int]:
        """How many of those a player is in who weighs so much."""
        self.deadline.check()
        found, most = [], self.game.quota - 1 - weight
        for size in range(self.game.players + 1):
            # those in which the player counts are those of the others with their weight to spare
            counts, other, left, plus = 0, size - 1 if sign else size + 1, most, 1
            while 0 <= other <= self.game.players and left >= 0:
                counts += plus * self.at_most(other, left)
                other, left, plus = other - 1 if sign else other + 1, left - weight, -plus
            found.append(counts if sign else total[size] - counts)
        return found


def _width(players: int) -> int:
    """The bits of a digit: no number of coalitions of one size has more."""
    return comb(players, players // 2).bit_length()


# --- minimal coalitions -----------------------------------------------------------------------------


def minimal(game: Quota, deadline: Deadline) -> Iterator[tuple[int, ...]]:
    """The winning coalitions without a smaller one in them, fewest first; of one size the heaviest first."""
    pairs = list(zip(game.weights, game.signs, strict=True))
    need = game.quota - sum(w for w, sign in pairs if not sign)  # they count by staying out
    if need <= 0:
        yield ()
        return
    players = sorted((i for i, (w, sign) in enumerate(pairs) if sign and w), key=lambda i: (-game.weights[i], i))
    sums = [0]
    for i in players:
        sums.append(sums[-1] + game.weights[i])
    for size in range(1, len(players) + 1):
        for found in _sized([game.weights[i] for i in players], sums, need, size, deadline):
            yield tuple(sorted(players[i] for i in found))


def _sized(
    weights: Sequence[int], sums: Sequence[int], need: int, size: int, deadline: Deadline
) -> Iterator[tuple[int, ...]]:
    """Those of one size, by places in the weights, heaviest first: with the last of them they win, and not without."""
    stack: list[tuple[int, int, tuple[int, ...]]] = [(0, need, ())]
    while stack:
        deadline.check()
        start, left, chosen = stack.pop()
        more = size - len(chosen)
        if not more:
            yield chosen
            continue
        last = len(weights) - more
        if start > last or sums[start + more] - sums[start] < left:  # the heaviest of the rest are too light
            continue
        if sums[-2] - sums[last] >= left:  # the lightest are too heavy
            continue
        stack.append((start + 1, left, chosen))
        if (weights[start] >= left) == (more == 1):
            stack.append((start + 1, left - weights[start], (*chosen, start)))
