"""The answer sets of what is written are the outcomes, with whatever is set aside, and no more is written than is needed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from clingo import Control, Model

from attendance import network as definition
from attendance.engines.program import Program, write
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, holds
from tests.test_lanes_inside import crowd, follows, of_people, weighed
from tests.test_many_networks import made
from tests.test_propagation_inside import speaking

OPEN, INCLINED, DISINCLINED = Inclination.OPEN, Inclination.INCLINED, Inclination.DISINCLINED
Found = tuple[frozenset[str], tuple[bool, ...], tuple[bool, ...]]
"""What is set aside, the values of the atoms, and of what was asked."""


def answer_sets(network: Network, asked: Sequence[int], removable: Sequence[str]) -> list[Found]:
    control = Control(["--models=0", "--warn=none", "--eq=0"])
    with control.backend() as backend:
        program = write(network, backend, asked=asked, removable=removable)
    found: list[Found] = []

    def take(model: Model) -> None:
        gone = frozenset(name for name, atom in zip(removable, program.gone, strict=True) if model.is_true(atom))
        found.append((gone, tuple(map(model.is_true, program.atoms)), tuple(map(model.is_true, program.asked))))

    control.solve(on_model=take)
    return found


def expected(network: Network, asked: Sequence[int], removable: Sequence[str]) -> Iterator[Found]:
    for count in range(len(removable) + 1):
        for ids in map(frozenset, combinations(removable, count)):
            for state in definition.outcomes(network.without(ids)):
                of = definition.values(network, state)
                yield ids, state, tuple(holds(q, of) for q in asked)


def many(make: Callable[[int], Network], first: int) -> Iterator[tuple[int, Network, list[int], list[str]]]:
    """Networks of either meaning, some of their literals, and some of what may be set aside."""
    for seed in range(first, first + 25):
        random, network = Random(seed), make(seed)
        network = replace(
            network, founded=not seed % 3, fixed=tuple(None if random.random() < 0.5 else v for v in network.fixed)
        )
        nodes = network.atoms + len(network.gates)
        asked = random.sample(range(-nodes, nodes), min(nodes, 5))
        names = random.sample(network.removable, min(len(network.removable), seed % 4))
        yield seed, network, asked, names


def nested(seed: int) -> Network:
    return speaking(seed, inner=2)


@pytest.mark.parametrize("first", range(0, 150, 25))
@pytest.mark.parametrize("make", [made, weighed, speaking, nested])
def test_answer_sets_are_the_outcomes_with_whatever_is_set_aside(make: Callable[[int], Network], first: int) -> None:
    for seed, network, asked, names in many(make, first):
        found = answer_sets(network, asked, names)
        assert len(found) == len(set(found)), "each once"
        assert set(found) == set(expected(network, asked, names)), seed


def test_whoever_counts_for_and_against_is_founded_as_the_definitions_say() -> None:
    """They come by what held before they did, and not of themselves: of hundreds, those in which it matters."""
    for seed in (408, 423, 463, 689):
        network = replace(nested(seed), founded=True)
        assert set(answer_sets(network, [], [])) == set(expected(network, [], [])), seed


# --- no more than is needed ---


class Written:
    """A backend that only notes what it is told."""

    def __init__(self, network: Network, asked: Sequence[int] = (), removable: Sequence[str] = ()) -> None:
        self.atoms = 0
        self.rules: list[tuple[tuple[int, ...], tuple[int, ...], bool]] = []
        self.weighing: list[int] = []
        self.checks = 0
        self.program: Program = write(network, self, asked=asked, removable=removable, check=self.check)

    def check(self) -> None:
        self.checks += 1

    def add_atom(self) -> int:
        self.atoms += 1
        return self.atoms

    def add_rule(self, head: Sequence[int], body: Sequence[int] = (), choice: bool = False) -> None:
        self.rules.append((tuple(head), tuple(body), choice))

    def add_weight_rule(self, head: Sequence[int], lower: int, body: Sequence[tuple[int, int]]) -> None:
        self.weighing.append(lower)

    @property
    def beside(self) -> int:
        """The atoms besides those of the network, of what may be set aside, and of what is always so."""
        return self.atoms - len(self.program.atoms) - len(self.program.gone) - 1


def said(*parts: Part, by: Inclination = INCLINED) -> Stance:
    return Stance(parts, by)


def three(stance: Stance, gate: Gate, weights: tuple[int, ...] = (1, 1, 1)) -> Network:
    """Somebody with a stance, and three whom the gate, which is node 4, counts."""
    return of_people([stance, *[Stance()] * 3], [Sum((1, 2, 3), weights)], [gate])


FOLLOWING = [
    said(Part("s", upper=4)),
    said(Part("s", upper=~4)),
    said(Part("s", lower=4), by=DISINCLINED),
    said(Part("s", lower=~4), by=DISINCLINED),
]
every_following = pytest.mark.parametrize("stance", FOLLOWING)


@every_following
@pytest.mark.parametrize("weights", [(1, 1, 1), (2, 2, 2), (0, 1, 1)])
@pytest.mark.parametrize("quota", [1, 2])
def test_who_hangs_on_one_short_condition_alone_is_that_condition(
    stance: Stance, quota: int, weights: tuple[int, ...]
) -> None:
    network = three(stance, Gate(0, quota), weights)
    assert 0 == Written(network, asked=[4, ~4]).beside
    assert 1 == Written(network, removable=["s"]).beside, "who may do otherwise is not"
    assert 1 == Written(replace(network, founded=True)).beside, "who has to be founded is not"
    assert 1 == Written(replace(network, fixed=(True, None, None, None)), asked=[4]).beside, "nor who is assumed"


@pytest.mark.parametrize(
    "stance",
    [
        *(stance._replace(inclination=OPEN) for stance in FOLLOWING),
        said(Part("s", lower=4), by=INCLINED),
        said(Part("s", upper=4), by=DISINCLINED),
        said(Part("s", 4, 4), by=INCLINED),
        said(Part("s", 4, 4), by=DISINCLINED),
        said(Part("s", upper=4), Part("t", upper=1)),
        said(Part("s", upper=1), Part("t", upper=4)),
        said(Part("s", upper=1, lower=4)),
        said(Part("s", lower=4), Part("t", lower=1), by=DISINCLINED),
    ],
)
def test_who_hangs_on_more_or_may_choose_is_no_condition(stance: Stance) -> None:
    assert 1 == Written(three(stance, Gate(0, 2))).beside


@every_following
def test_a_condition_that_takes_somebody_to_be_there_or_is_long_has_an_atom_of_its_own(stance: Stance) -> None:
    assert 1 == Written(three(stance, Gate(0, 2, 1), (1, 1, 2))).beside
    assert 1 == Written(three(stance, Gate(0, 2), (1, 1, 2))).beside
    parts = tuple(Part(part.statement, *(q and (q + 5 if q > 0 else q - 5) for q in part[1:])) for part in stance.parts)
    of = Sum(tuple(range(1, 9)), (1,) * 8)
    long = of_people([stance._replace(parts=parts), *[Stance()] * 8], [of], [Gate(0, 4)])
    assert (1, [4]) == ((written := Written(long)).beside, written.weighing)


def test_two_who_hang_on_one_condition_are_one() -> None:
    network = of_people([follows(5), follows(~5), *[Stance()] * 3], [Sum((2, 3, 4), (1, 1, 1))], [Gate(0, 2)])
    assert 0 == Written(network).beside


def test_conditions_that_say_the_same_are_written_once() -> None:
    of = Sum((0, 1, 2), (1, 1, 1))
    network = of_people([Stance()] * 3, [of, of], [Gate(0, 2), Gate(0, 2), Gate(1, 2), Gate(0, 3)])
    assert 3 == Written(network, asked=[3, ~4, 5, 6]).beside
    assert 1 == Written(network, asked=[3, ~4]).beside
    assert 0 == Written(network).beside, "what nobody asks is not written"
    founded = replace(network, founded=True)
    assert 1 == Written(founded, asked=[3, 4]).beside
    assert 2 == Written(founded, asked=[3, ~4, ~3]).beside, "once for each sign"


@pytest.mark.parametrize("founded", [False, True])
@pytest.mark.parametrize(("asked", "signs"), [([4], 2), ([~4], 2), ([4, ~4], 4)])
def test_what_a_condition_hangs_on_is_written_with_the_signs_it_is_read_with(
    asked: list[int], signs: int, founded: bool
) -> None:
    """Gate 4 reads gate 3 as it is, or both read what it is not."""
    for inner in (3, ~3):
        sums = [Sum((0, 1, 2), (1, 2, 2)), Sum((inner, 0, 1), (1, 2, 2))]
        network = replace(of_people([Stance()] * 3, sums, [Gate(0, 3), Gate(1, 3)]), founded=founded)
        assert (signs if founded else 2) == Written(network, asked=asked).beside


@pytest.mark.parametrize(("quotas", "unit", "weighing"), [(25, 1, 25), (26, 1, 0), (26, 2, 0), (26, 0, 26)])
def test_a_sum_of_many_quotas_is_sorted_once(quotas: int, unit: int, weighing: int) -> None:
    """Of 31 equal weights from the 26th quota on; of others never."""
    weights = (unit,) * 31 if unit else (1,) * 30 + (2,)
    asked = range(31, 31 + quotas)
    network = of_people(
        [Stance()] * 31, [Sum(tuple(range(31)), weights)], [Gate(0, (unit or 1) * (q + 2)) for q in range(quotas)]
    )
    written = Written(network, asked)
    assert weighing == len(written.weighing)
    assert quotas == len(set(written.program.asked))


@pytest.mark.parametrize(("people", "founded", "beside"), [(5, False, 2), (5, True, 2), (1, False, 0)])
def test_all_who_take_themselves_to_be_there_read_one_sum(people: int, founded: bool, beside: int) -> None:
    """Each comes only if three of all do: told by whether three, or two, of all come as it is."""
    gates = [Gate(0, 3, x) for x in range(people)]
    network = of_people([follows(people + x) for x in range(people)], [Sum(tuple(range(people)), (1,) * people)], gates)
    assert beside == Written(replace(network, founded=founded)).beside


def test_a_condition_of_nobody_else_is_written_without_whom_it_takes_to_be_there() -> None:
    """What is left is that one of the two others comes."""
    network = of_people([follows(3), Stance(), Stance()], [Sum((0, 1, 2), (1, 1, 1))], [Gate(0, 2, 0)])
    assert 1 == Written(network).beside == Written(replace(network, founded=True)).beside


def test_a_short_count_that_need_not_be_founded_is_written_in_clauses() -> None:
    network = three(Stance(), Gate(0, 2))
    assert [] == Written(network, asked=[4]).weighing
    assert [2] == Written(replace(network, founded=True), asked=[4]).weighing


class Noted(tuple[int, ...]):
    """Literals that note how often they are gone through."""

    times = 0

    def __iter__(self) -> Iterator[int]:
        Noted.times += 1
        return super().__iter__()


@pytest.mark.parametrize("founded", [False, True])
def test_a_sum_is_gone_through_once_however_many_read_it(founded: bool) -> None:
    """Once for what it reads, and once for its weights, with each sign."""
    of = Sum(Noted(range(20)), (1,) * 20)
    gates = [Gate(0, quota, taken) for quota in range(1, 20) for taken in (None, 0)]
    network = replace(of_people([Stance()] * 20, [of], gates), founded=founded)
    asked = range(20, 20 + len(gates))
    Noted.times = 0
    Written(network, [*asked, *(~node for node in asked)])
    assert Noted.times == (4 if founded else 2)


def test_the_time_is_looked_at_while_it_is_written() -> None:
    """For everybody, and for every gate."""
    network = crowd([2] * 50)
    assert Written(network).checks >= 50 + 50
    assert Written(Network(facts=1, sums=(Sum((0,), (1,)),), gates=(Gate(0, 1),) * 90, fixed=(None,))).checks >= 90


def test_what_is_known_is_no_choice_and_what_cannot_be_is_never_so() -> None:
    network = Network((Stance(),) * 2, 2, (Sum((0, 1), (1, 1)),), (Gate(0, 0), Gate(0, 3)), (True, False, True, None))
    written = Written(network, asked=[4, 5, ~4, ~5])
    always = 1
    assert (always, -always, -always, always) == written.program.asked
    first, _, third, fourth = written.program.atoms
    assert [
        ((always,), (), False),
        ((first,), (), False),
        ((third,), (), False),
        ((fourth,), (), True),
    ] == written.rules
