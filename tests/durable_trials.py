"""durable-rules as an engine, tried on random networks: what it answers is what listing every state answers.

python -X faulthandler -m tests.durable_trials COUNT SEED
python -X faulthandler -m tests.durable_trials cases COUNT

It runs in a process of its own: where durable-rules errs, it may take the interpreter with it.
"""

import sys
from contextlib import suppress
from random import Random

from hypothesis import HealthCheck, given, settings

from attendance.engines import durable, enumeration
from attendance.errors import EngineUnsuitable
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, outcomes, survey
from tests.cases import Asked, asked
from tests.test_conformance import check


def network(random: Random) -> Network:
    """A network in which nearly everything pulls one way."""
    people, facts = random.randint(1, 6), random.randint(0, 2)
    atoms, gates, sums = people + facts, list[Gate](), list[Sum]()
    for number in range(random.randint(0, 5)):
        if not sums or random.random() < 0.7:
            literals = tuple(random.randrange(atoms + number) for _ in range(random.randint(0, 4)))
            if random.random() < 0.03:
                literals = tuple(~q for q in literals)
            sums.append(Sum(literals, tuple(random.choice((1, 1, 1, 2, 3, 0)) for _ in literals)))
        of = random.randrange(len(sums))
        taken = random.choice((None, random.randrange(people)))
        gates.append(Gate(of, random.randint(0, sum(sums[of].weights) + 1), taken))
    return Network(
        stances=tuple(stance(random, atoms + len(gates)) for _ in range(people)),
        facts=facts,
        sums=tuple(sums),
        gates=tuple(gates),
        fixed=(None,) * atoms,
        founded=random.random() < 0.5,
    )


def stance(random: Random, nodes: int) -> Stance:
    """Somebody who is inclined above their bounds, disinclined below them, or open."""
    bounds = [random.randrange(nodes) for _ in range(random.randint(0, 2))]
    match random.choice(list(Inclination)):
        case Inclination.INCLINED:
            return Stance(tuple(Part(f"s{q}", None, q) for q in bounds), Inclination.INCLINED)
        case Inclination.DISINCLINED:
            return Stance(tuple(Part(f"s{q}", q, None) for q in bounds), Inclination.DISINCLINED)
        case _:
            up = random.random() < 0.5
            return Stance(tuple(Part(f"s{q}", None, q) if up else Part(f"s{q}", q, None) for q in bounds))


def differs(tried: Network, random: Random) -> bool | None:
    """Whether the engine says otherwise; None if it refuses."""
    nodes = tried.atoms + len(tried.gates)
    literals = [random.randrange(-nodes, nodes) for _ in range(6)] + list(range(tried.atoms))
    crowds = [range(tried.attendances)]
    try:
        found = durable.survey(tried, literals, crowds)
    except EngineUnsuitable:
        return None
    if found != survey(tried, literals, crowds) or not durable.solvable(tried):
        return True
    try:
        return sorted(durable.outcomes(tried)) != outcomes(tried) or durable.count(tried) != enumeration.count(tried)
    except EngineUnsuitable:
        return len(outcomes(tried)) == 1


def main(count: int, seed: int) -> None:
    random, answered = Random(seed), 0
    for trial in range(count):
        tried = network(random)
        wrong = differs(tried, random)
        if wrong:
            sys.exit(f"trial {trial} of seed {seed} differs: {tried}")
        answered += wrong is not None
    sys.stdout.write(f"{answered} of {count} answered, none differs\n")
    if answered * 3 < count:
        sys.exit("too few are answered to show anything")


def whole_cases(count: int) -> None:
    """Whole cases, as the conformance suite draws them: the engine answers as the contract says, or refuses."""
    answered = []

    @settings(max_examples=count, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(asked())
    def answers(put: Asked) -> None:
        with suppress(EngineUnsuitable):
            check(put, "durable")
            answered.append(put)

    answers()
    sys.stdout.write(f"{len(answered)} of {count} cases answered\n")
    if not answered:
        sys.exit("none is answered: this shows nothing")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["cases", count]:
            whole_cases(int(count))
        case [count, seed]:
            main(int(count), int(seed))
