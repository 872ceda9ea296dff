"""Three hundred small networks, always the same, made without Hypothesis and so in no time: every engine, by the definitions."""

from collections.abc import Sequence
from itertools import product
from random import Random

import pytest

from attendance import network as definition
from attendance.engines import consistent, outcome, solution, solve
from attendance.engines.deadline import NO, Deadline
from attendance.engines.propagation import propagate
from attendance.errors import EngineUnsuitable, ImpossibleScenario, ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum
from tests.test_auto import agrees, has

CHUNKS, EACH = 20, 15


def made(seed: int) -> Network:
    """Networks of up to five people: circles, clashes, shared sums, people who take themselves to be there."""
    random = Random(seed)
    people, facts, gates = random.randint(1, 5), random.randint(0, 2), random.randint(1, 7)
    atoms = people + facts
    sums, wired = _wired(random, people, atoms, gates)
    nodes = atoms + len(wired)
    parts: list[list[Part]] = [[] for _ in range(people)]
    for number in range(random.randint(0, 5)):
        for _ in range(random.choice((1, 1, 1, 2))):
            kind, x = random.randint(0, 3), random.randrange(people)
            lower, upper = (random.randrange(-nodes, nodes) for _ in range(2))
            parts[x].append(Part(f"s{number}", lower if kind != 1 else None, upper if kind not in (0, 3) else None))
    return Network(
        stances=tuple(_stance(random, p) for p in parts),
        facts=facts,
        sums=tuple(sums),
        gates=tuple(wired),
        fixed=tuple(random.choice((None, None, None, None, None, False, True)) for _ in range(atoms)),
        rules=tuple((f"r{i}", random.randrange(-nodes, nodes)) for i in range(random.choice((0, 0, 1, 2)))),
        given=tuple(random.randrange(-nodes, nodes) for _ in range(random.choice((0, 0, 0, 1)))),
        founded=random.random() < 0.4,
    )


every_eight = pytest.mark.parametrize("first", range(0, 120, 8))


def several(first: int) -> list[Network]:
    return [made(seed) for seed in range(first, first + 8)]


def _wired(random: Random, people: int, atoms: int, gates: int) -> tuple[list[Sum], list[Gate]]:
    sums: list[Sum] = []
    wired: list[Gate] = []
    for node in range(atoms, atoms + gates):
        if not sums or random.random() < 0.5:
            literals = tuple(random.choice((x, x, ~x)) for x in random.choices(range(node), k=random.randint(0, 5)))
            heavy = random.random() < 0.4
            sums.append(Sum(literals, tuple(random.choice((1, 2, 3, 5, 2**33) if heavy else (1,)) for _ in literals)))
        number = len(sums) - 1 if random.random() < 0.6 else random.randrange(len(sums))
        reached = random.sample(sums[number].weights, random.randint(0, len(sums[number].weights)))
        taken = random.choice((None, random.randrange(people)))
        wired.append(Gate(number, sum(reached) + random.choice((0, 0, 1)), taken))
    return sums, wired


def _stance(random: Random, parts: Sequence[Part]) -> Stance:
    lower, upper = (any(p.lower is not None for p in parts), any(p.upper is not None for p in parts))
    heard = Inclination.OPEN if lower == upper else Inclination.INCLINED if upper else Inclination.DISINCLINED
    return Stance(tuple(parts), random.choice((heard, heard, *Inclination)), random.random() < 0.15)


def chunk(number: int) -> list[Network]:
    return [made(seed) for seed in range(number * EACH, (number + 1) * EACH)]


every_chunk = pytest.mark.parametrize("number", range(CHUNKS))


@pytest.mark.parametrize("engine", [name for name in ("auto", "tables", "clingo", "sat", "propagation") if has(name)])
@every_chunk
def test_a_solution_is_what_the_definitions_say(engine: str, number: int) -> None:
    for network in chunk(number):
        try:
            agrees(solve(network, engine), network)
        except ImpossibleScenario:
            assert [] == definition.repairs(network)
        except EngineUnsuitable:
            assert engine in ("propagation", "sat")


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo"])
@every_chunk
def test_conflicts_are_told_per_part(engine: str, number: int) -> None:
    for network in chunk(number):
        try:
            conflicts = solve(network, engine).conflicts()
        except ImpossibleScenario:
            continue
        clashes = [] if definition.outcomes(network) else definition.clashes(network)
        assert all(conflict.complete for conflict in conflicts)
        assert set(clashes) == {clash for c in conflicts for clash in c.clashes}
        if clashes:
            wholes = {frozenset[str]().union(*ids) for ids in product(*(c.repairs for c in conflicts))}
            assert set(definition.repairs(network)) == wholes


def watched(checks: int) -> Deadline:
    """Time that is up when it is looked at once more than so often."""
    left = [checks]

    def poll() -> None:
        left[0] -= 1
        if left[0] < 0:
            raise ResolutionTimeout("up")

    return NO.watched(poll)


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo"])
@every_chunk
def test_what_is_known_when_time_is_up_is_so(engine: str, number: int) -> None:
    for network in chunk(number)[::3]:
        found = definition.outcomes(network) or definition.repaired_outcomes(network)
        expected = definition.summarise(network, found, range(network.atoms), [])
        for checks in range(8 if expected else 0):
            solution = None
            try:
                solution = solve(network, engine, watched(checks))
                assert list(expected.possible) == solution.atoms
                break
            except ResolutionTimeout as error:
                known = solution.known() if solution else error.known
                assert dict(known or {}).items() <= dict(enumerate(expected.possible)).items()


@every_chunk
def test_what_propagation_decides_is_so_in_every_outcome(number: int) -> None:
    for network in chunk(number):
        found = propagate(network).values
        for state in definition.outcomes(network):
            pairs = zip(found, definition.values(network, state), strict=True)
            assert all(known is None or known == value for known, value in pairs)


CYCLIC = [s for s in range(160) if propagate(made(s)).values[: made(s).atoms].count(None) > 1][:40]


@pytest.mark.parametrize("seed", CYCLIC)
def test_solvers_answer_as_the_definitions_do_where_no_table_is_small_enough(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(solution, "SMALL", -1)
    try:
        agrees(solve(made(seed)), made(seed))
    except ImpossibleScenario:
        assert [] == definition.repairs(made(seed))


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo", "enumeration"])
@pytest.mark.parametrize("seed", range(0, 30, 2))
def test_whether_there_is_an_outcome_and_which(seed: int, engine: str) -> None:
    network = made(seed)
    expected = definition.outcomes(network)
    assert bool(expected) == consistent(network, engine)
    for given in ([], [0], [~0, network.atoms]):
        within = [
            state for state in expected if all(definition.holds(q, definition.values(network, state)) for q in given)
        ]
        found = outcome(network, iter(given), engine, NO)
        assert found in within if within else found is None
