"""A truth table summed up: the shortest condition that is true just where the table is.

Of few variables the shortest of all sums of prime implicants (Quine, 1952; McCluskey, 1956), of the table
or of its opposite; of many an irredundant one (Minato, 1992; Morreale, 1970). A count, `at least 2 of
(a, b, c)`, where that says it in fewer names.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from attendance.engines.planes import at_least, ones, pattern, total
from attendance.model.conditions import And, Condition, Constant, Name, Not, Or, at_most, exactly
from attendance.model.conditions import at_least as at_least_of

FEWEST, FEW = 3, 7
"""Counts are of so many names at least. Of so many variables at most the shortest choice of primes is sought."""
TRIES = 20_000
"""How many choices are tried before the best so far is taken."""

Cube = tuple[int, int]
"""The variables that are to be true, and those that are to be false, as binary digits."""


@dataclass(frozen=True, slots=True)
class Table:
    """Where a condition is to be true, and where it may be: a lane for every state of so many variables."""

    must: int
    may: int
    variables: int

    @property
    def full(self) -> int:
        """All lanes."""
        return (1 << (1 << self.variables)) - 1

    @property
    def opposite(self) -> "Table":
        """Where it is to be false."""
        return Table(self.full ^ self.may, self.full ^ self.must, self.variables)

    def halves(self, variable: int) -> tuple["Table", "Table"]:
        """The tables in which a variable is false, and true; with one variable less."""
        return (
            Table(
                _half(self.must, variable, self.variables, 0),
                _half(self.may, variable, self.variables, 0),
                self.variables - 1,
            ),
            Table(
                _half(self.must, variable, self.variables, 1),
                _half(self.may, variable, self.variables, 1),
                self.variables - 1,
            ),
        )


def rule(table: Table, names: Sequence[Name]) -> Condition:
    """The shortest condition of the names that is true as the table asks.

    The first name is the lowest digit of a lane, and told last.
    """
    table, names = _needed(table, names)
    if not table.must:
        return Constant(False)
    if table.may == table.full:
        return Constant(True)
    counted = _count(table, names)
    if counted is not None:
        return counted  # each name once: nothing is shorter, for each is needed
    sums = [_sum(cubes(table), names), _product(cubes(table.opposite), names)]
    return min(sums, key=lambda pair: pair[0])[1]


def _half(plane: int, variable: int, variables: int, value: int) -> int:
    """The lanes in which a variable has a value, moved together."""
    run = 1 << variable
    if variable == variables - 1:
        return plane >> run * value & (1 << run) - 1
    kept = plane >> run * value & pattern(variable, variables) >> run
    width = run  # of the pieces that are kept; the gaps between them are as wide
    while width < 1 << variables - 1:
        kept = (kept | kept >> width) & _blocks(2 * width, 1 << variables)
        width *= 2
    return kept


def _blocks(run: int, lanes: int) -> int:
    """Every other piece of so many lanes, from the first on."""
    plane = (1 << run) - 1
    width = 2 * run
    while width < lanes:
        plane |= plane << width
        width *= 2
    return plane


def _needed(table: Table, names: Sequence[Name]) -> tuple[Table, list[Name]]:
    """The table without the variables that nothing hangs on, and the names that are left."""
    kept = list(names)
    for variable in reversed(range(len(names))):
        low, high = table.halves(variable)
        must, may = low.must | high.must, low.may & high.may
        if must & may == must:
            table = Table(must, may, low.variables)
            del kept[variable]
    return table, kept


# --- sums of cubes --------------------------------------------------------------------------------


def cubes(table: Table) -> list[Cube]:
    """Cubes that together are true where the table asks: the shortest choice where the variables are few."""
    return _shortest(table) if table.variables <= FEW else _irredundant(table)


def _shortest(table: Table) -> list[Cube]:
    """Prime implicants of the fewest names, found by trying the one choice after the other."""
    patterns = [pattern(v, table.variables) for v in range(table.variables)]
    primes = sorted(_primes(table, patterns), key=_rank)
    planes = [_plane(cube, patterns, table.full) & table.must for cube in primes]
    best: tuple[int, int, list[int]] | None = None
    tries = TRIES
    stack: list[tuple[int, list[int], int]] = [(table.must, [], 0)]
    while stack and tries:
        left, chosen, length = stack.pop()
        tries -= 1
        if not left:
            if best is None or (length, len(chosen)) < best[:2]:
                best = (length, len(chosen), chosen)
            continue
        lane = min(ones(left), key=lambda at: sum(plane >> at & 1 for plane in planes))
        options = [n for n, plane in enumerate(planes) if plane >> lane & 1]
        for n in reversed(options):  # the shortest is taken from the stack first
            more = length + _length(primes[n])
            if best is None or more < best[0]:
                stack.append((left ^ left & planes[n], [*chosen, n], more))
    assert best is not None, "the first way down always ends"
    return [primes[n] for n in sorted(best[2])]


def _primes(table: Table, patterns: Sequence[int]) -> Iterator[Cube]:
    """The cubes that may be true and of which no name can be left out."""
    for signs in product((0, 1, 2), repeat=table.variables):
        cube = sum(1 << v for v, s in enumerate(signs) if s == 1), sum(1 << v for v, s in enumerate(signs) if s == 2)
        if _may(cube, table, patterns) and not any(_may(less, table, patterns) for less in _shorter(cube)):
            yield cube


def _may(cube: Cube, table: Table, patterns: Sequence[int]) -> bool:
    plane = _plane(cube, patterns, table.full)
    return plane & table.may == plane


def _shorter(cube: Cube) -> Iterator[Cube]:
    true, false = cube
    yield from ((true ^ 1 << v, false) for v in ones(true))
    yield from ((true, false ^ 1 << v) for v in ones(false))


def _plane(cube: Cube, patterns: Sequence[int], full: int) -> int:
    true, false = cube
    plane = full
    for v in ones(true):
        plane &= patterns[v]
    for v in ones(false):
        plane ^= plane & patterns[v]
    return plane


def _length(cube: Cube) -> int:
    return cube[0].bit_count() + cube[1].bit_count()


def _rank(cube: Cube) -> tuple[int, int, int]:
    """Short cubes first, then by the names, the highest digit first."""
    return _length(cube), -(cube[0] | cube[1]), -cube[0]


def _irredundant(table: Table) -> list[Cube]:
    """Cubes none of which can be left out, nor any name of one."""
    known: dict[tuple[int, int, int], tuple[list[Cube], int]] = {}

    def find(must: int, may: int, variables: int) -> tuple[list[Cube], int]:
        if not must:
            return [], 0
        full = (1 << (1 << variables)) - 1
        if may == full:
            return [(0, 0)], full
        key = must, may, variables
        if key not in known:
            known[key] = split(must, may, variables - 1)
        return known[key]

    def split(must: int, may: int, v: int) -> tuple[list[Cube], int]:
        run = 1 << v  # the variable as a digit, and how many lanes each half has
        half = (1 << run) - 1
        must0, must1, may0, may1 = must & half, must >> run, may & half, may >> run
        low, low_plane = find(must0 ^ must0 & may1, may0, v)
        high, high_plane = find(must1 ^ must1 & may0, may1, v)
        rest = must0 ^ must0 & low_plane | must1 ^ must1 & high_plane
        both, both_plane = find(rest, may0 & may1, v)
        made = [*((t, f | run) for t, f in low), *((t | run, f) for t, f in high), *both]
        return made, low_plane | both_plane | (high_plane | both_plane) << run

    return sorted(find(table.must, table.may, table.variables)[0], key=_rank)


# --- conditions -----------------------------------------------------------------------------------

Priced = tuple[tuple[int, int], Condition]
"""How many names a condition has, and how many parts; and the condition."""


def _sum(found: Sequence[Cube], names: Sequence[Name]) -> Priced:
    """Any of the cubes."""
    parts = [_all([*_literals(cube, names, negated=False)], And) for cube in found]
    return (sum(map(_length, found)), len(found)), _all(parts, Or)


def _product(found: Sequence[Cube], names: Sequence[Name]) -> Priced:
    """None of the cubes: of each, something is otherwise."""
    parts = [_all([*_literals(cube, names, negated=True)], Or) for cube in found]
    return (sum(map(_length, found)), len(found)), _all(parts, And)


def _literals(cube: Cube, names: Sequence[Name], negated: bool) -> Iterator[Condition]:
    for v, name in reversed([*enumerate(names)]):
        if (cube[0] | cube[1]) >> v & 1:
            yield name if bool(cube[0] >> v & 1) is not negated else Not(name)


def _all(parts: Sequence[Condition], kind: Callable[[tuple[Condition, ...]], Condition]) -> Condition:
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _count(table: Table, names: Sequence[Name]) -> Condition | None:
    """The table as a count of its names, those that pull against it negated, if it is one.

    Counts of one at least, and of all, are not meant: `or` and `and` say those.
    """
    size = table.variables
    if size < FEWEST:
        return None
    positive = [low.must & high.may == low.must for low, high in map(table.halves, range(size))]
    planes = [pattern(v, size) for v in range(size)]
    signed = [plane if sign else table.full ^ plane for plane, sign in zip(planes, positive, strict=True)]
    literals = [name if sign else Not(name) for name, sign in zip(names, positive, strict=True)]
    for relation, members, digits, fewest in (
        ("at least", literals, total(signed, [1] * size), 2),
        ("exactly", names, total(planes, [1] * size), 1),
    ):
        levels = [at_least(digits, k, table.full) for k in range(size + 2)]
        for k in range(fewest, size):
            plane = levels[k] if relation == "at least" else levels[k] ^ levels[k + 1]
            if table.must & plane == table.must and plane & table.may == plane:
                return _tally(relation, k, members)
    return None


def _tally(relation: str, quota: int, members: Sequence[Condition]) -> Condition:
    """A count; at most so many of the names themselves, where at least so many are not to be."""
    if relation == "exactly":
        return exactly(quota, *reversed(members))
    if all(isinstance(member, Not) for member in members):
        inner = [member.of for member in members if isinstance(member, Not)]
        return at_most(len(members) - quota, *reversed(inner))
    return at_least_of(quota, *reversed(members))
