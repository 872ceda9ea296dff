"""Hypothesis strategies for small random networks: deep negation, circles and contradictions are common."""

from collections.abc import Sequence

from hypothesis import strategies as st

from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum

Draw = st.DrawFn

LIGHT = (1, 1, 1, 2, 3, 0)
VAST = (1, 2, 2**30 - 1, 2**30, 2**31, 2**31 + 1, 2**32 + 3, 2**60 - 1, 3 * 2**58 + 2**29, 0)
"""Weights whose sums pass what fits in 32 and 64 bits."""


@st.composite
def networks(
    draw: Draw,
    *,
    people: int = 5,
    facts: int = 2,
    gates: int = 6,
    statements: int = 5,
    rules: int = 2,
    founded: bool | None = None,
    weights: Sequence[int] = LIGHT,
    lost: bool = True,
) -> Network:
    """Networks within those sizes; `founded` None draws either meaning.

    Statements are those of all stances together, and one may have parts in two stances, as `sends`
    has; so a network has at most 2 ** (statements + rules) sets to be set aside.
    """
    attendances = draw(st.integers(1, people))
    atoms = attendances + draw(st.integers(0, facts))
    wired = draw(_wired(attendances, atoms, gates, weights))
    nodes = atoms + len(wired[1])
    signed = st.integers(-nodes, nodes - 1)
    parts = draw(_parts(attendances, signed, statements))
    return Network(
        stances=tuple(draw(_stance(parts[x], lost)) for x in range(attendances)),
        facts=atoms - attendances,
        sums=wired[0],
        gates=wired[1],
        fixed=tuple(draw(st.sampled_from((None, None, None, None, None, False, True))) for _ in range(atoms)),
        rules=tuple((f"r{draw(st.integers(0, 1))}", draw(signed)) for _ in range(draw(_few(rules)))),
        given=tuple(draw(signed) for _ in range(draw(_few(1)))),
        founded=draw(st.booleans()) if founded is None else founded,
    )


@st.composite
def crowds(draw: Draw, *, people: int = 4, bounds: int = 6, founded: bool | None = None, lost: bool = True) -> Network:
    """Networks in which all speak of one sum of everybody, each taking themselves to be there."""
    attendances = draw(st.integers(1, people))
    literals = tuple(draw(st.sampled_from((x, x, ~x))) for x in range(attendances))
    unit = draw(st.sampled_from((1, 2, 2**31)))
    weights = tuple(unit * w for w in draw(st.sampled_from(((1,) * attendances, range(1, attendances + 1)))))
    gates: list[Gate] = []
    parts: list[list[Part]] = [[] for _ in range(attendances)]
    for number in range(draw(st.integers(0, bounds))):
        x = draw(st.integers(0, attendances - 1))
        quota = draw(st.integers(-1, sum(weights) // unit + 1)) * unit + draw(st.integers(0, 1))
        gates.append(Gate(0, quota, draw(st.sampled_from((x, x, x, None, 0)))))
        bound = attendances + number if draw(st.integers(0, 2)) else ~(attendances + number)
        lower, upper = draw(st.sampled_from(((bound, None), (None, bound), (bound, bound))))
        parts[x].append(Part(f"s{number}", lower, upper))
    return Network(
        stances=tuple(draw(_stance(of, lost)) for of in parts),
        sums=(Sum(literals, weights),),
        gates=tuple(gates),
        fixed=tuple(draw(st.sampled_from((None, None, None, None, True, False))) for _ in parts),
        founded=draw(st.booleans()) if founded is None else founded,
    )


def _few(most: int) -> st.SearchStrategy[int]:
    """None at all in most cases."""
    return st.sampled_from((*(0,) * (most + 1), *range(most + 1)))


@st.composite
def _wired(
    draw: Draw, attendances: int, atoms: int, gates: int, weights: Sequence[int]
) -> tuple[tuple[Sum, ...], tuple[Gate, ...]]:
    """Gates in topological order, a few sums shared between them."""
    sums: list[Sum] = []
    wired: list[Gate] = []
    for node in range(atoms, atoms + draw(st.integers(1, gates))):
        fresh = not sums or draw(st.integers(0, 3))
        if fresh:
            sums.append(draw(_sum(node, weights)))
        number = len(sums) - 1 if fresh else draw(st.integers(0, len(sums) - 1))
        reached = draw(st.lists(st.sampled_from((0, *sums[number].weights)), max_size=3))
        taken = draw(st.one_of(st.none(), st.integers(0, attendances - 1)))
        wired.append(Gate(number, sum(reached) + draw(st.integers(0, 1)), taken))
    return tuple(sums), tuple(wired)


@st.composite
def _sum(draw: Draw, nodes: int, weights: Sequence[int]) -> Sum:
    """A sum over literals before it, repeated and opposed ones among them."""
    literals = draw(st.lists(st.integers(-nodes, nodes - 1), max_size=4))
    return Sum(tuple(literals), tuple(draw(st.sampled_from(weights)) for _ in literals))


@st.composite
def _parts(draw: Draw, attendances: int, signed: st.SearchStrategy[int], statements: int) -> list[list[Part]]:
    """The parts of every stance, statement by statement."""
    parts: list[list[Part]] = [[] for _ in range(attendances)]
    bound = st.one_of(signed, st.none())
    for number in range(draw(st.integers(0, statements))):
        for _ in range(draw(st.sampled_from((1, 1, 1, 2)))):
            lower, upper = draw(st.one_of(st.tuples(signed, st.none()), st.tuples(bound, signed)))
            parts[draw(st.integers(0, attendances - 1))].append(Part(f"s{number}", lower, upper))
    return parts


@st.composite
def _stance(draw: Draw, parts: list[Part], lost: bool) -> Stance:
    """The inclination that the bounds would make, or in some cases any."""
    lower, upper = (any(p.lower is not None for p in parts), any(p.upper is not None for p in parts))
    heard = Inclination.OPEN
    if lower != upper:
        heard = Inclination.INCLINED if upper else Inclination.DISINCLINED
    inclination = draw(st.sampled_from((heard, heard, *Inclination)))
    return Stance(tuple(parts), inclination, lost and draw(st.sampled_from((False, False, True))))
