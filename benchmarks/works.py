"""The pieces of work that the library and its peers are put to: networks drawn from seeds, the same for everybody."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, Literal

from opening import case_of, circle
from resolve import crowd

from attendance.compiler import Compiled, compile_case
from attendance.formats.casefile import load
from attendance.gates import FALSE, TRUE, Gates, weighed
from attendance.model.case import Case
from attendance.model.sayings import Inclination
from attendance.model.scenario import Scenario
from attendance.network import Gate, Network, Part, Stance, Sum

Question = Literal["verdicts", "sweep", "opening"]

SEED = 0
"""The seed by which the scenarios of a sweep are drawn."""


@dataclass(frozen=True)
class Sweep:
    """Scenarios to go through: every combination of values of the varied names; the frozen ones are absent.

    If a number is `drawn`, it is so many scenarios drawn at random instead, as `at.sweep` draws them.
    """

    case: Case
    varied: tuple[str, ...]
    frozen: tuple[str, ...] = ()
    scenario: str | None = None
    drawn: int | None = None

    @property
    def size(self) -> int:
        """How many scenarios there are."""
        return self.drawn or 1 << len(self.varied)

    def sample(self, size: int) -> "Sweep":
        """Only so many of them: fewer are drawn, or only the first few varied, and the others of them absent."""
        if self.drawn:
            return replace(self, drawn=size)
        varied = size.bit_length() - 1
        return replace(self, varied=self.varied[:varied], frozen=self.frozen + self.varied[varied:])

    def scenarios(self) -> Iterator[tuple[bool, ...]]:
        """The values of the varied, scenario by scenario."""
        if self.drawn is None:
            yield from product((False, True), repeat=len(self.varied))
            return
        draw = Random(SEED)
        columns = [draw.getrandbits(self.drawn) for _ in self.varied]
        for row in range(self.drawn):
            yield tuple(bool(column >> row & 1) for column in columns)

    def compiled(self) -> tuple[Network, tuple[int, ...], tuple[int, ...]]:
        """The network in which the varied have said nothing, their atoms, and those of all others who may come."""
        parts = Scenario(assume=dict.fromkeys(self.frozen, False))
        found = compile_case(self.case, self.case.scenario(self.scenario, parts))
        index = {name_of(found, atom): atom for atom in range(found.network.attendances)}
        varied = tuple(index[name] for name in self.varied)
        network = found.network
        silent = network.varied(stances=tuple(Stance() if x in varied else s for x, s in enumerate(network.stances)))
        others = tuple(x for x in range(network.attendances) if x not in varied and network.fixed[x] is None)
        return silent, varied, others

    def asked(self) -> list[str]:
        """The names of all others who may come, in the order of their atoms."""
        found = compile_case(self.case, self.case.scenario(self.scenario))
        names = (name_of(found, atom) for atom in range(found.network.attendances))
        return [name for name in names if name not in self.varied and name not in self.frozen]


def name_of(found: Compiled, atom: int) -> str:
    """An attendance as `assume` and `over` take it."""
    attendance = found.attendances[atom]
    return attendance.participant if attendance.gathering == found.case.roster.main else str(attendance)


@dataclass(frozen=True)
class Work:
    """A piece of work: what it is called, what is asked, how it is made anew, and what it is in a sentence.

    Peers that go through a sweep one scenario after the other do only a `sample` of so many of them.
    """

    name: str
    question: Question
    make: Callable[[], Any]
    means: str
    quick: bool = False
    sample: int = 1


# --- statements, straight to gates ---

LINKS: dict[str, tuple[bool, bool, Inclination]] = {
    # what is said: whether C bounds from below, whether it is negated, and what the conversational reading adds
    "attends if": (True, False, Inclination.DISINCLINED),
    "attends unless": (True, True, Inclination.DISINCLINED),
    "attends only if": (False, False, Inclination.INCLINED),
    "declines if": (False, True, Inclination.INCLINED),
    "might attend only if": (False, False, Inclination.OPEN),
}


def stance(who: int, link: str, condition: int) -> Stance:
    """The position of somebody who has said one thing, in the conversational reading."""
    lower, negated, inclination = LINKS[link]
    bound = ~condition if negated else condition
    part = Part(f"s{who}", lower=bound) if lower else Part(f"s{who}", upper=bound)
    return Stance((part,), inclination)


def content(link: str, condition: bool, attends: bool) -> bool:
    """Whether who has said that, and comes or not, is content when the condition is so."""
    _, negated, inclination = LINKS[link]
    wanted = condition != negated
    return (wanted or not attends) if inclination is Inclination.OPEN else attends == wanted


@dataclass(frozen=True)
class Mix:
    """What random people say: the weights of links, how many literals a condition has, how many are negated."""

    links: tuple[tuple[str, int], ...]
    sizes: tuple[tuple[int, int], ...]
    negated: float
    plain: float = 0.0


SPARSE = Mix(
    (("attends if", 3), ("attends unless", 2), ("attends only if", 3), ("declines if", 2), ("might attend only if", 1)),
    ((1, 3), (2, 4), (3, 2)),
    negated=0.25,
    plain=0.15,
)
TANGLED = (
    ("attends if", 4), ("attends unless", 3), ("attends only if", 4), ("declines if", 3), ("might attend only if", 2),
)  # fmt: skip
THREES = Mix(TANGLED, ((3, 1),), negated=0.5)
FIVES = Mix(TANGLED, ((5, 1),), negated=0.5)


def mixed(people: int, mix: Mix, seed: int, planted: bool) -> Network:
    """Random people, each with one random statement about random others.

    Planted: a hidden state is drawn first, and what is said is drawn again until everybody is content in it,
    so that there is an outcome, which nobody is told.
    """
    draw = Random(seed)
    hidden = [draw.random() < 0.5 for _ in range(people)]
    gates = Gates(people)
    stances = []
    for who in range(people):
        while True:
            if draw.random() < mix.plain:
                link, literals, quota = draw.choice(("attends if", "attends only if")), [], 0
                value = draw.random() < 0.5
                condition = TRUE if value else FALSE
            else:
                link = draw.choices([name for name, _ in mix.links], [weight for _, weight in mix.links])[0]
                size = draw.choices([size for size, _ in mix.sizes], [weight for _, weight in mix.sizes])[0]
                others = [x for x in draw.sample(range(people), size + 1) if x != who][:size]
                literals = [~x if draw.random() < mix.negated else x for x in others]
                quota = draw.randint(1, size)
                value = sum(hidden[q] if q >= 0 else not hidden[~q] for q in literals) >= quota
                condition = None
            if not planted or content(link, value, hidden[who]):
                break
        if condition is None:
            condition = gates.at_least(quota, weighed((q, 1) for q in literals))
        stances.append(stance(who, link, gates.literal(condition)))
    return Network(tuple(stances), 0, tuple(gates.sums), tuple(gates.gates), (None,) * people)


def thresholds(people: int, seed: int) -> Network:
    """Everybody attends if at least k of the others do: one sum that all share."""
    draw = Random(seed)
    bars = [max(0, min(people - 1, int(draw.gauss(0.25, 0.15) * people))) for _ in range(people)]
    gates = tuple(Gate(0, bar + 1, x) for x, bar in enumerate(bars))
    everybody = Sum(tuple(range(people)), (1,) * people)
    stances = tuple(stance(x, "attends if", people + x) for x in range(people))
    return Network(stances, 0, (everybody,), gates, (None,) * people)


def chain(people: int) -> Network:
    """Each attends only if the one before does; the first attends."""
    first = Stance((Part("s0", lower=people),), Inclination.DISINCLINED)
    stances = (first, *(stance(x, "attends only if", x - 1) for x in range(1, people)))
    return Network(stances, 0, (Sum((), ()),), (Gate(0, 0),), (None,) * people)


def varied_case(people: int, varied: int, seed: int) -> Case:
    """People of whom some are varied; the others speak of these and of those before them, so that nothing clashes."""
    draw = Random(seed)
    names = [f"p{i}" for i in range(people + varied)]
    statements = []
    for i in range(varied, people + varied):
        a, b, c = draw.sample(names[:i], 3)
        says = draw.choice(
            (
                f"attends only if {a} or {b}",
                f"attends if {a} and {b} or {c}",
                f"attends unless {a} and {b}",
                f"declines if {a} and not {b}",
                f"attends if at least 2 of ({a}, {b}, {c})",
            )
        )
        statements.append({"who": f"p{i}", "says": says})
    return Case(participants=names, statements=statements)


def sweep_of(people: int, varied: int) -> Sweep:
    """So many people are varied, and so many others speak of them."""
    return Sweep(varied_case(people, varied, seed=people), tuple(f"p{i}" for i in range(varied)))


def istanbul() -> Sweep:
    """The mutual loop of the Istanbul talks, whoever else comes: a circle of three stays undetermined."""
    case = load(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
    others = ("medinsky", "rubio", "zelensky at ankara", "erdogan at ankara")
    return Sweep(case, others, scenario="mutual-loop", drawn=1_000_000)


def compiled(case: Case) -> Network:
    """A case as its network, with no scenario."""
    return compile_case(case, Scenario()).network


WORKS = (
    Work(
        "10 people, mixed signs",
        "verdicts",
        partial(mixed, 10, SPARSE, 3, True),
        "ten random people, each with one statement, some of them negative",
        quick=True,
    ),
    Work(
        "1,000 people, positive",
        "verdicts",
        lambda: compiled(crowd(1_000)),
        "positive conditions between random people, some of whom are sure to come",
        quick=True,
    ),
    Work(
        "1,000 people, mixed, with outcomes",
        "verdicts",
        partial(mixed, 1_000, SPARSE, 1, True),
        "random statements with `not` and `unless`, drawn so that a hidden state is an outcome",
        quick=True,
    ),
    Work("5,000 people, mixed, with outcomes", "verdicts", partial(mixed, 5_000, SPARSE, 2, True), "the same, larger"),
    Work(
        "1,000 people, mixed, no outcome",
        "verdicts",
        partial(mixed, 1_000, SPARSE, 3, False),
        "the same with nothing hidden: somewhere it clashes, so that there are no verdicts",
        quick=True,
    ),
    Work("5,000 people, mixed, no outcome", "verdicts", partial(mixed, 5_000, SPARSE, 12, False), "the same, larger"),
    Work(
        "6,000 people, hard mixed",
        "verdicts",
        partial(mixed, 6_000, THREES, 1, True),
        "conditions on three others, half of them negated; nobody says anything plain, so propagation decides nothing",
    ),
    Work("2,000 people, harder", "verdicts", partial(mixed, 2_000, FIVES, 1, True), "the same with conditions on five"),
    Work(
        "1,000 thresholds",
        "verdicts",
        partial(thresholds, 1_000, 1),
        "everybody attends if at least k of the others do: one sum that all share",
        quick=True,
    ),
    Work(
        "100,000 thresholds",
        "verdicts",
        partial(thresholds, 100_000, 1),
        "the same, larger",
    ),
    Work(
        "chain of 100,000",
        "verdicts",
        partial(chain, 100_000),
        "each attends only if the one before does, and the first attends",
    ),
    Work(
        "sweep of 2^20 over 10 people",
        "sweep",
        partial(sweep_of, 10, 20),
        "ten people's verdicts in every combination of twenty others' coming",
        quick=True,
        sample=1 << 12,
    ),
    Work(
        "sweep of 2^20 over 100 people",
        "sweep",
        partial(sweep_of, 100, 20),
        "the same of a hundred people",
        sample=1 << 10,
    ),
    Work(
        "sweep of 2^30 over 100 people",
        "sweep",
        partial(sweep_of, 70, 30),
        "a hundred people, of whom thirty are varied",
        sample=1 << 10,
    ),
    Work(
        "sweep of 10^6, three-valued",
        "sweep",
        istanbul,
        "the mutual loop of the Istanbul talks in a million scenarios of four others' coming, drawn",
        quick=True,
        sample=1 << 10,
    ),
    Work(
        "opening a circle of 60",
        "opening",
        lambda: case_of(circle(60, 1)),
        "the fewest who must be sure to come so that everybody does, proved; two rules each",
        quick=True,
    ),
    Work("opening a circle of 120", "opening", lambda: case_of(circle(120, 1)), "the same, larger"),
)
