"""Who joins whom, by plain steps; what is wanted taken apart; and the smallest sets that make it join, by trying all."""

from collections.abc import Iterable, Iterator
from itertools import combinations, product
from random import Random

import pytest

from attendance.engines import hitting
from attendance.engines.deadline import NO
from attendance.engines.hitting import Hitting
from attendance.engines.joining import Counter, Joining, Quest, is_monotone, joining, quests, strong_parts
from attendance.errors import ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, holds, values
from tests.test_many_networks import watched

INCLINED, DISINCLINED, OPEN = Inclination.INCLINED, Inclination.DISINCLINED, Inclination.OPEN
CHUNKS, EACH = 10, 12

every_chunk = pytest.mark.parametrize("number", range(CHUNKS))


def rising(seed: int, people: int = 5) -> Network:
    """A network of people who only ever pull each other along, with crowds that they count themselves in."""
    random = Random(seed)
    people, facts = random.randint(1, people), random.randint(0, 1)
    atoms = people + facts
    sums: list[Sum] = []
    gates: list[Gate] = []
    for node in range(atoms, atoms + random.randint(1, 6)):
        if not sums or random.random() < 0.6:
            literals = random.choices(range(node), k=random.randint(0, 4))
            sums.append(Sum(tuple(literals), tuple(random.choice((1, 1, 2, 3, 0)) for _ in literals)))
        of = random.randrange(len(sums)) if random.random() < 0.4 else len(sums) - 1
        taken = random.choice((None, random.randrange(people)))
        gates.append(Gate(of, random.randint(0, sum(sums[of].weights) + 1), taken))
    nodes = atoms + len(gates)
    stances = []
    for _ in range(people):
        heard = random.choice((INCLINED, INCLINED, DISINCLINED, OPEN))
        bounds = [random.randrange(nodes) for _ in range(random.choice((0, 1, 1, 2)))]
        upper = heard is INCLINED or (heard is OPEN and random.random() < 0.5)
        stances.append(Stance(tuple(Part("s", None, q) if upper else Part("s", q, None) for q in bounds), heard))
    return Network(tuple(stances), facts, tuple(sums), tuple(gates), (None,) * atoms)


def chunk(number: int) -> list[Network]:
    return [rising(seed) for seed in range(number * EACH, (number + 1) * EACH)]


def comes(network: Network, x: int, of: list[bool]) -> bool:
    """Whether somebody is drawn in."""
    stance = network.stances[x]
    whole = stance.inclination is INCLINED and all(holds(q, of) for q in stance.uppers)
    return whole or any(holds(q, of) for q in stance.lowers)


def stays(network: Network, x: int, of: list[bool]) -> bool:
    """Whether somebody is kept away."""
    stance = network.stances[x]
    whole = stance.inclination is DISINCLINED and not any(holds(q, of) for q in stance.lowers)
    return whole or not all(holds(q, of) for q in stance.uppers)


def closure(network: Network, atoms: Iterable[int], leaving: bool) -> list[bool]:
    """Of each node whether it has joined, or left: step by step, once those atoms have."""
    moved, asked = set[int](), stays if leaving else comes
    more = set(atoms)
    while more:
        moved |= more
        of = values(network, tuple((a in moved) is not leaving for a in range(network.atoms)))
        more = {x for x in range(network.attendances) if x not in moved and asked(network, x, of)}
    of = values(network, tuple((a in moved) is not leaving for a in range(network.atoms)))
    return [value is not leaving for value in of]


def started(network: Network, leaving: bool) -> list[int]:
    """Who moves by themselves."""
    of = values(network, (leaving,) * network.atoms)
    asked = stays if leaving else comes
    return [x for x in range(network.attendances) if asked(network, x, of)]


@every_chunk
@pytest.mark.parametrize("leaving", [False, True])
def test_who_joins_or_leaves_is_found_step_by_step(number: int, leaving: bool) -> None:
    random = Random(number)
    for network in chunk(number):
        steps = joining(network, leaving=leaving)
        begun, first = steps.beginning(), started(network, leaving)
        before = closure(network, first, leaving)
        assert before == [bool(mark) for mark in begun.marks]
        for _ in range(3):
            nodes = random.sample(range(network.atoms), random.randint(0, network.atoms))
            further = begun.copy()
            assert steps.join(further, nodes)
            after = closure(network, [*first, *nodes], leaving)
            assert bytes(after) == further.marks
            assert bytes(before) == begun.marks
            again = begun.copy()
            for node in nodes:
                steps.join(again, [node])
            assert again.marks == further.marks
            barred = bytearray(random.random() < 0.3 for _ in range(steps.nodes))
            drawn = [n for n, there in enumerate(after) if there and not before[n] and n not in nodes]
            tried = begun.copy()
            assert steps.join(tried, nodes, barred) is not any(barred[n] for n in drawn)


@every_chunk
def test_a_network_in_which_all_pull_each_other_along_is_known(number: int) -> None:
    random = Random(number)
    for network in chunk(number):
        assert is_monotone(network)
        last = network.atoms + len(network.gates) - 1
        assert is_monotone(network, last)
        assert is_monotone(network, ~last)
        assert not is_monotone(network.observing([0]))
        assert not is_monotone(network.assuming({network.atoms - 1: True}))
        assert not is_monotone(network.varied(rules=(("r", 0),)))
        x = random.randrange(network.attendances)
        for wrong in (
            Stance((Part("s", 0, None),), INCLINED),
            Stance((Part("s", None, 0),), DISINCLINED),
            Stance((Part("s", 0, 0),), OPEN),
            Stance((Part("s", None, ~0),), INCLINED),
            Stance((Part("s", ~last, None),), OPEN),
        ):
            stances = tuple(wrong if y == x else s for y, s in enumerate(network.stances))
            assert not is_monotone(network.varied(stances=stances))


def test_what_is_negated_far_inside_pulls_nobody_along() -> None:
    sums = (Sum((0, ~1), (1, 1)), Sum((3, 0), (1, 1)), Sum((0, 1), (1, 1)))
    gates = (Gate(0, 1), Gate(1, 2), Gate(2, 1))
    network = Network((Stance(), Stance(), Stance()), 0, sums, gates, (None,) * 3)
    assert is_monotone(network)
    assert [False, False, True] == [is_monotone(network, goal) for goal in (3, ~4, 5)]
    asks = Network((Stance((Part("s", None, 4),), INCLINED), Stance(), Stance()), 0, sums, gates, (None,) * 3)
    assert not is_monotone(asks)


def test_what_many_read_is_looked_at_once() -> None:
    levels = 200
    sums = tuple(Sum((n, max(n - 1, 0)), (1, 1)) for n in range(levels))
    network = Network((Stance(),), 0, sums, tuple(Gate(n, 1) for n in range(levels)), (None,))
    assert is_monotone(network, levels)


# --- the smallest sets ------------------------------------------------------------------------------


def smallest(steps: Joining, wanted: Iterable[int], candidates: Iterable[int]) -> list[tuple[int, ...]]:
    """Every minimal set of candidates whose joining makes all wanted join, by trying all; fewest first."""
    candidates, found = sorted(candidates), list[tuple[int, ...]]()
    for size in range(len(candidates) + 1):
        for tried in combinations(candidates, size):
            if not any(set(one) <= set(tried) for one in found):
                reached = steps.beginning()
                steps.join(reached, tried)
                if all(reached.marks[node] for node in wanted):
                    found.append(tried)
    return found


def sought(network: Network, random: Random) -> tuple[Joining, list[int], list[int]]:
    """Steps, what is wanted of them, and who may be asked."""
    steps = joining(network, leaving=random.random() < 0.4)
    wanted = random.sample(range(network.attendances), random.randint(1, network.attendances))
    return steps, wanted, random.sample(range(network.attendances), random.randint(0, network.attendances))


@every_chunk
def test_an_answer_to_the_whole_is_one_to_each_part(number: int) -> None:
    random = Random(number)
    for network in chunk(number):
        steps, wanted, candidates = sought(network, random)
        parts = quests(steps, wanted, candidates)
        answers = [smallest(part.steps, part.wanted, part.candidates) for part in parts]
        together = {tuple(sorted(sum(of, ()))) for of in product(*answers)}
        assert set(smallest(steps, wanted, candidates)) == together
        assert all(list(part.wanted) == sorted(part.wanted) for part in parts)
        assert all(part.wanted and set(part.candidates) <= set(candidates) for part in parts)


def delegations(count: int) -> Network:
    """The last comes if the heads of all delegations do; each head if its guest or its second does, who follows it."""
    people = 3 * count + 1
    sums = [Sum((3 * i + 2, 3 * i + 1), (1, 1)) for i in range(count)]
    sums.append(Sum(tuple(3 * i for i in reversed(range(count))), (1,) * count))
    gates = [*(Gate(i, 1) for i in range(count)), Gate(count, count)]
    stances: list[Stance] = []
    for i in range(count):
        stances += [Stance((Part("head", people + i, None),)), Stance((Part("second", 3 * i, None),)), Stance()]
    stances.append(Stance((Part("last", people + count, None),)))
    return Network(tuple(stances), 0, tuple(sums), tuple(gates), (None,) * people)


def test_what_is_wanted_falls_apart_in_the_order_of_the_case() -> None:
    steps = joining(delegations(4))
    found = quests(steps, [12], [2, 5, 8, 11])
    gate = 13 + 4
    assert [0, 3, 6, 9, 12, gate] == [part.wanted[0] for part in found]
    assert [(2,), (5,), (8,), (11,), (), ()] == [part.candidates for part in found]
    answers = [smallest(part.steps, part.wanted, part.candidates) for part in found]
    assert [[(2,)], [(5,)], [(8,)], [(11,)], [()], [()]] == answers
    whole = quests(steps, [12], [12, 2])  # who can be asked need not have all that they hang on
    assert [(2, 12)] == [part.candidates for part in whole]
    assert [] == quests(steps, [], range(12))


def test_strong_parts_are_numbered_as_they_are_closed() -> None:
    reads = {0: [1], 1: [2, 0], 2: [3], 3: [2, 4], 4: [], 5: [0, 5]}
    assert {4: 0, 2: 1, 3: 1, 0: 2, 1: 2, 5: 3} == strong_parts(reads, [0, 5, 3])
    assert [4, 3, 2, 1, 0, 5] == list(strong_parts(reads, range(6)))
    assert {4: 0} == strong_parts(reads, [4])
    assert {} == strong_parts(reads, [])


def asked(number: int) -> Iterator[tuple[Quest, list[tuple[int, ...]]]]:
    """Quests that have something to find, with all that there is."""
    random = Random(number)
    for seed in range(30):
        network = rising(1000 * (number + 1) + seed, people=8)
        steps, wanted, candidates = sought(network, random)
        yield Quest(steps, tuple(wanted), tuple(sorted(candidates))), smallest(steps, wanted, candidates)


def hypergraph(random: Random, people: int) -> tuple[Quest, list[frozenset[int]]]:
    """Of each of some teams anybody must come; there are twins, who are in the same teams."""
    twins = sorted(random.choices(range(people - random.choice((0, 2, 4))), k=people))
    chosen = [random.sample(range(people), random.randint(2, 4)) for _ in range(random.randint(3, 9))]
    teams = [frozenset(x for x in range(people) if twins[x] in {twins[y] for y in of}) for of in chosen]
    counters = [Counter(tuple((x, 1) for x in sorted(of)), ((1, people + i, None),)) for i, of in enumerate(teams)]
    all_ = Counter(tuple((people + i, 1) for i in range(len(teams))), ((len(teams), people + len(teams), None),))
    steps = Joining(people + len(teams) + 1, [*counters, all_])
    return Quest(steps, (people + len(teams),), tuple(range(people))), teams


def hitting_sets(people: int, teams: list[frozenset[int]]) -> list[tuple[int, ...]]:
    found = list[tuple[int, ...]]()
    for size in range(people + 1):
        for tried in combinations(range(people), size):
            if all(of.intersection(tried) for of in teams) and not any(set(one) <= set(tried) for one in found):
                found.append(tried)
    return found


LIMITS = [{}, {"FIRST": 1}, {"TRIES": 0}, {"TRIES": 6}, {"DEEP": 0}, {"DEEP": 1, "FIRST": 2}]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("number", range(4))
def test_the_smallest_sets_are_found_fewest_first(
    limits: dict[str, int], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(hitting, name, value)
    for quest, expected in asked(number):
        found = list(Hitting(quest, NO).minimal_sets())
        assert expected == sorted(found, key=lambda one: (len(one), one))
        assert [len(one) for one in expected] == [len(one) for one in found]


@pytest.mark.parametrize("limits", LIMITS, ids=str)
@pytest.mark.parametrize("number", range(3))
def test_anybody_of_each_team_is_found_fewest_first(
    limits: dict[str, int], number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(hitting, name, value)
    random = Random(number)
    for _ in range(8):
        quest, teams = hypergraph(random, 9)
        expected, found = hitting_sets(9, teams), list(Hitting(quest, NO).minimal_sets())
        assert expected == sorted(found, key=lambda one: (len(one), one))
        assert [len(one) for one in expected] == [len(one) for one in found]
        assert found == list(Hitting(quest, NO).minimal_sets())


def test_who_joins_by_themselves_or_is_wanted_is_like_nobody() -> None:
    crowd = tuple((x, 1) for x in range(7))
    steps = Joining(
        9, [Counter(crowd, ((2, 7, None), (3, 0, None), (4, 8, 1))), Counter(((6, 2),), ((9, 7, None),))], [2]
    )
    found = Hitting(Quest(steps, (3, 8), (0, 1, 2, 3, 4, 5, 6)), NO)
    assert [1, 2, 4, 8, 16 + 32, 16 + 32, 64] == found.alike


def needing(people: int, quota: int) -> Quest:
    """So many of those must come for one more to."""
    everyone = Sum(tuple(range(people)), (1,) * people)
    stances = (*(Stance() for _ in range(people)), Stance((Part("s", people + 1, None),), DISINCLINED))
    network = Network(stances, 0, (everyone,), (Gate(0, quota),), (None,) * (people + 1))
    return Quest(joining(network), (people,), tuple(range(people)))


def test_the_same_is_found_in_the_same_order_each_time() -> None:
    quest = needing(7, 3)
    first = list(Hitting(quest, NO).minimal_sets())
    assert sorted(first) == list(combinations(range(7), 3))
    assert first == list(Hitting(quest, NO).minimal_sets())


@pytest.mark.parametrize(
    ("limits", "solved"),
    [
        ({}, False),
        ({"TRIES": 3}, True),
        ({"DEEP": 2}, True),
        ({"DEEP": 3}, True),
        ({"DEEP": 4}, False),
        ({"TRIES": 63}, True),
        ({"TRIES": 64}, False),
    ],
    ids=str,
)
def test_a_solver_goes_on_where_the_search_is_given_up(
    limits: dict[str, int], solved: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(hitting, name, value)
    calls, chosen = [], Hitting.chosen
    monkeypatch.setattr(Hitting, "chosen", lambda self, known: calls.append(known) or chosen(self, known))
    assert 35 == len(list(Hitting(needing(7, 3), NO).minimal_sets()))
    assert solved is bool(calls)


@pytest.mark.parametrize("limits", LIMITS, ids=str)
def test_the_clock_is_looked_at_while_the_smallest_sets_are_sought(
    limits: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in limits.items():
        monkeypatch.setattr(hitting, name, value)
    quest, checks = needing(5, 3), 0
    while True:
        try:
            assert 10 == len(list(Hitting(quest, watched(checks)).minimal_sets()))
            break
        except ResolutionTimeout:
            checks += 1
    assert checks > 5


@pytest.mark.parametrize(("people", "quota"), [(12, 1), (12, 12), (10, 5), (40, 2), (40, 1)])
def test_those_who_count_alike_are_told_apart_only_where_it_matters(people: int, quota: int) -> None:
    """Each is in a set, though one stands for all who are alike where there is nothing to find."""
    hitting_ = Hitting(needing(people, quota), NO)
    assert [(1 << people) - 1] * people == hitting_.alike
    found = list(hitting_.minimal_sets())
    assert sorted(found) == list(combinations(range(people), quota))
