"""Random small networks, as engines see them: deep negation, circles and contradictions are common."""

from collections.abc import Sequence
from typing import Literal, TypedDict, Unpack

from hypothesis import strategies as st

from attendance.errors import QuestionError, shown
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum
from attendance.testing.picking import Draw, below, is_number, one_in, pick, refuse_others


class Sizes(TypedDict, total=False):
    """What generated networks may have at most, and of what kind they are."""

    people: int
    facts: int
    gates: int
    statements: int
    rules: int
    weights: Sequence[int]
    founded: bool | None
    signs: Literal["positive", "mixed"]


USUAL: Sizes = {
    "people": 4,
    "facts": 2,
    "gates": 5,
    "statements": 5,
    "rules": 1,
    "weights": (1, 2, 3, 0),
    "founded": None,
    "signs": "mixed",
}


def networks(**sizes: Unpack[Sizes]) -> st.SearchStrategy[Network]:
    """Networks within those sizes; `founded` None draws either meaning. Raises QuestionError.

    Statements are those of all stances together; one may have parts in two of them, as `sends` has. Where
    all signs are positive, no literal is negated.
    """
    for key, value in sizes.items():
        _refuse_others(key, value)
    return _networks({**USUAL, **sizes})


def _refuse_others(key: str, value: object) -> None:
    match key:
        case "weights":
            if isinstance(value, str) or not (isinstance(value, Sequence) and value and all(map(is_number, value))):
                raise QuestionError(f"'weights' are numbers from 0 up, one or more, not {shown(value)}")
        case "founded" | "signs":
            known: tuple[object, ...] = (True, False, None) if key == "founded" else ("positive", "mixed")
            if not any(value is one or (isinstance(one, str) and value == one) for one in known):
                raise QuestionError(f"{key!r} is {' or '.join(map(repr, known))}, not {shown(value)}")
        case _ if key in USUAL:
            refuse_others(key, value, least=1 if key == "people" else 0)
        case _:
            raise QuestionError(f"unknown option {key!r}: there are {', '.join(USUAL)}")


@st.composite
def _networks(draw: Draw, sizes: Sizes) -> Network:
    return _Plan(draw, sizes).network()


class _Plan:
    """A network in the drawing."""

    def __init__(self, draw: Draw, sizes: Sizes) -> None:
        self.draw, self.sizes = draw, sizes
        self.people = draw(st.integers(1, sizes["people"]))
        self.facts = draw(st.integers(0, sizes["facts"]))
        self.sums: list[Sum] = []
        self.gates: list[Gate] = []

    @property
    def nodes(self) -> int:
        return self.people + self.facts + len(self.gates)

    def network(self) -> Network:
        """Gates first, as bounds, rules and what is given name them."""
        for _ in range(self.draw(st.integers(0, self.sizes["gates"]))):
            self.gates.append(self.gate())
        stances = self.stances()
        rules = tuple((f"r{i}", self.literal()) for i in range(self.few(self.sizes["rules"])))
        founded = self.sizes["founded"]
        return Network(
            stances=stances,
            facts=self.facts,
            sums=tuple(self.sums),
            gates=tuple(self.gates),
            fixed=tuple(pick(self.draw, (None,) * 6 + (True, False)) for _ in range(self.people + self.facts)),
            rules=rules,
            given=tuple(self.literal() for _ in range(self.few(1))),
            founded=one_in(self.draw, 2) if founded is None else founded,
        )

    def few(self, most: int) -> int:
        """None at all in most cases."""
        numbers = [0] * (2 * most + 1) + list(range(1, most + 1))
        return pick(self.draw, numbers)

    def literal(self) -> int:
        """A node that is there already, the newest gates likely, or its negation."""
        nodes = [*range(self.nodes), *range(self.people + self.facts, self.nodes)]
        node: int = pick(self.draw, nodes)
        return ~node if self.sizes["signs"] == "mixed" and one_in(self.draw, 3) else node

    def gate(self) -> Gate:
        """A sum compared with a quota near what some of it weighs; a sum may be shared."""
        shared = bool(self.sums) and one_in(self.draw, 4)
        if not shared:
            literals = tuple(self.literal() for _ in range(self.draw(st.integers(1, 4))))
            self.sums.append(Sum(literals, tuple(pick(self.draw, self.sizes["weights"]) for _ in literals)))
        number = self.draw(below(len(self.sums))) if shared else len(self.sums) - 1
        weights = self.sums[number].weights
        quota: int = sum(weights[: 1 + self.draw(below(len(weights)))]) + pick(self.draw, (0, 0, 0, 1))
        return Gate(number, quota, self.draw(below(self.people)) if one_in(self.draw, 4) else None)

    def stances(self) -> tuple[Stance, ...]:
        """Everybody's stance; statements are in the stances of one or two."""
        parts: list[list[Part]] = [[] for _ in range(self.people)]
        for number in range(self.draw(st.integers(0, self.sizes["statements"]))):
            for _ in range(1 + one_in(self.draw, 6)):
                x, literal = self.draw(below(self.people)), self.literal()
                lower, upper = pick(self.draw, ((None, literal), (literal, None), (literal, self.literal())))
                parts[x].append(Part(f"s{number}", lower, upper))
        return tuple(map(self.stance, parts))

    def stance(self, parts: Sequence[Part]) -> Stance:
        """The inclination that the bounds would make, or now and then any."""
        lower, upper = (any(p.lower is not None for p in parts), any(p.upper is not None for p in parts))
        heard = Inclination.OPEN
        if lower != upper:
            heard = Inclination.INCLINED if upper else Inclination.DISINCLINED
        inclination = pick(self.draw, (heard, heard, heard, *Inclination))
        return Stance(tuple(parts), inclination, one_in(self.draw, 8))
