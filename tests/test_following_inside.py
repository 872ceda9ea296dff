"""Where all follows from what is varied: the planes of many scenarios, by the definition in each; and a sum added up once."""

from itertools import product
from random import Random

import pytest

from attendance.engines import following
from attendance.engines.cutset import cut
from attendance.engines.following import Following
from attendance.engines.planes import pattern
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, outcomes

CHUNKS, EACH = 12, 25


def led(seed: int) -> tuple[Network, list[int]]:
    """People who do what others before them lead them to, or whose values are varied."""
    random = Random(seed)
    people, facts = random.randint(1, 6), random.randint(1, 2)
    atoms = people + facts
    inputs = sorted({*random.sample(range(people), random.randint(0, people // 2)), *range(people, atoms)})
    sums: list[Sum] = []
    gates: list[Gate] = []
    past: dict[int, int] = {}

    def literal(x: int) -> int:
        nodes = [*range(x), *range(people, atoms), *(n for n, most in past.items() if most <= x)]
        node = random.choice(nodes)
        return random.choice((node, node, ~node))

    for node in range(atoms, atoms + random.randint(0, 8)):
        x = random.randint(0, people)
        if not sums or random.random() < 0.7:
            literals = [literal(x) for _ in range(random.randint(0, 4))]
            sums.append(Sum(tuple(literals), tuple(random.choice((1, 1, 1, 2, 3, 0)) for _ in literals)))
            past[node] = x
        else:
            past[node] = past[node - 1]
        taken = random.choice((None, None, random.randrange(people)))
        gates.append(Gate(len(sums) - 1, random.randint(-1, sum(sums[-1].weights) + 1), taken))
    stances = []
    for x in range(people):
        bounds = [literal(x) for _ in range(random.choice((0, 1, 1, 2, 3)))]
        if random.random() < 0.5:
            stances.append(Stance(tuple(Part("s", None, q) for q in bounds), Inclination.INCLINED))
        else:
            stances.append(Stance(tuple(Part("s", q, None) for q in bounds), Inclination.DISINCLINED))
    made = Network(tuple(stances), facts, tuple(sums), tuple(gates), (None,) * atoms)
    return made.assuming(dict.fromkeys(inputs, False)), inputs


def follows(network: Network, inputs: list[int]) -> None:
    """In every scenario the planes have the one outcome; where nothing is to be chosen."""
    of = cut(network, most=network.atoms)
    assert of is not None
    if of.choices:  # who takes somebody to be there in a large sum may hang on themselves
        return
    steps = Following(network, of)
    lanes = 1 << len(inputs)
    given = {a: pattern(i, len(inputs)) for i, a in enumerate(inputs)}
    worlds = [dict(zip(inputs, reversed(w), strict=True)) for w in product((False, True), repeat=len(inputs))]
    expected = [outcomes(network.assuming(world)) for world in worlds]
    assert all(len(found) == 1 for found in expected)
    planes = steps.run(given, (1 << lanes) - 1)
    assert [sum(found[0][a] << lane for lane, found in enumerate(expected)) for a in range(network.atoms)] == planes
    alone = [steps.run({a: int(world[a]) for a in inputs}, 1) for world in worlds]  # again, with other lanes
    assert [[int(value) for value in found[0]] for found in expected] == alone


@pytest.mark.parametrize("number", range(CHUNKS))
def test_in_every_scenario_it_is_the_one_outcome(number: int) -> None:
    for seed in range(number * EACH, (number + 1) * EACH):
        follows(*led(seed))


@pytest.mark.parametrize(
    ("gates", "literals"),
    [
        ((Gate(0, 2), Gate(0, 3, 0)), (0, 1, 2, 3)),  # one of two who read a sum takes the first to be there
        ((Gate(0, 2), Gate(0, 2, 0)), (0, ~1, 2, 3)),
        ((Gate(0, 1, 0), Gate(0, 1)), (~0,)),
        ((Gate(0, 1, 0), Gate(0, 2, 0)), (~0, 1)),
    ],
)
def test_who_is_taken_to_be_there_counts_so_for_whoever_takes_them(
    gates: tuple[Gate, ...], literals: tuple[int, ...]
) -> None:
    led_ = tuple(Stance((Part("s", 6 + n, None),), Inclination.DISINCLINED) for n in range(2))
    of = Sum(literals, (1,) * len(literals))
    follows(Network((*(Stance(),) * 4, *led_), 0, (of,), gates, (False,) * 4 + (None,) * 2), [0, 1, 2, 3])


def test_a_sum_that_many_read_is_added_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls, total = [], following.total
    monkeypatch.setattr(following, "total", lambda *of: calls.append(of) or total(*of))
    everyone = Sum((0, 1, 2, 3, 4), (1,) * 5)
    stances = (
        *(Stance() for _ in range(5)),
        *(Stance((Part("s", 7 + x, None),), Inclination.DISINCLINED) for x in range(2)),
    )
    network = Network(stances, 0, (everyone,), (Gate(0, 2), Gate(0, 3)), (False,) * 5 + (None,) * 2)
    of = cut(network, network.atoms)
    assert of is not None
    steps = Following(network, of)
    given = {a: pattern(a, 5) for a in range(5)}
    for times in (1, 2):
        found = steps.run(given, (1 << 32) - 1)
        assert [26, 16] == [plane.bit_count() for plane in found[5:]]
        assert times == len(calls)
