"""What sweeps are made of: steps over a frontier, scenarios looked at together, and what is counted of them."""

import pickle
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import count, product
from typing import Any

import pytest

from attendance import network as definition
from attendance.engines import elimination, stepping, sweeping
from attendance.engines.deadline import NO, Deadline
from attendance.engines.elimination import End, Program, ordered
from attendance.engines.frontier import _dropped, _entered, _met
from attendance.engines.planes import ones
from attendance.engines.stepping import Step, TooWide, steps
from attendance.engines.sweeping import Swept, Varied, sweep
from attendance.network import DISINCLINED, INCLINED, Gate, Network, Part, Stance, Sum
from tests.test_many_networks import made

GROUPS = [range(at, at + 25) for at in range(0, 200, 25)]
every_group = pytest.mark.parametrize("seeds", GROUPS, ids=lambda seeds: str(seeds[0]))


def light(seed: int, **parts: Any) -> Network:
    """One of many small networks, whose weights are small too; rules have an id each, as those of a case."""
    network = made(seed)
    sums = tuple(Sum(of.literals, tuple(4 if w > 9 else w for w in of.weights)) for of in network.sums)
    gates = tuple(gate._replace(quota=gate.quota % (1 << 33) + 4 * (gate.quota >> 33)) for gate in network.gates)
    rules = tuple((f"r{i}", q) for i, (_, q) in enumerate(network.rules))
    return replace(network, **{"sums": sums, "gates": gates, "rules": rules, **parts})


def free_of(network: Network, most: int) -> tuple[int, ...]:
    """Some of what is not known, the last first."""
    return tuple(sorted([a for a, v in enumerate(network.fixed) if v is None][::-1][:most]))


# --- steps over a frontier ------------------------------------------------------------------------


def gone_through(plan: Iterable[Step], falls: dict[int, bool]) -> int:
    """The plane after all steps, from the lane of nothing."""
    plane = 1
    for step in plan:
        combination = sum(falls[atom] << at for at, atom in enumerate(step.random))
        plane = _dropped(step, _met(step, _entered(step, plane), *step.masks[combination]))
    return plane


@pytest.mark.parametrize("wide", [0, 2, 6])
@every_group
def test_what_is_left_of_the_frontier_are_the_outcomes(
    monkeypatch: pytest.MonkeyPatch, seeds: Sequence[int], wide: int
) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    for seed in seeds[::2]:
        network = light(seed, founded=False)
        random = free_of(network, 3)
        leaves_the_outcomes(network, random)


@pytest.mark.parametrize("wide", [0, 6])
def test_so_they_are_where_many_are_counted_who_count_themselves_as_there(
    monkeypatch: pytest.MonkeyPatch, wide: int
) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    everybody = Sum(tuple(range(9)), (2, 1, 1, 1, 3, 1, 1, 1, 1))
    gates = tuple(Gate(0, quota, taken) for quota, taken in [(5, 0), (7, 4), (6, 1), (6, None)])
    stances = [Stance()] * 9
    stances[0] = Stance((Part("a", upper=9),), INCLINED)
    stances[4] = Stance((Part("b", lower=10),), DISINCLINED)
    stances[1] = Stance((Part("c", upper=~11), Part("d", lower=~12)), INCLINED)
    network = Network(tuple(stances), sums=(everybody,), gates=gates, fixed=(None,) * 8 + (True,))
    leaves_the_outcomes(network, (5, 6))


def leaves_the_outcomes(network: Network, random: tuple[int, ...]) -> None:
    """Whatever is kept on the frontier to the end: of those things, what they are in the outcomes."""
    whole = network.freeing(random)
    program = Program(Varied(network, random, mend=False).parts, frozenset(random), End.OUTCOME)
    atoms = frozenset(a for part in program.parts for a in part.atoms)
    seen = atoms.intersection(*[frozenset[int]().union(*(demand.scope for demand in program.demands))])
    for kept in (atoms, atoms.difference(random), frozenset(sorted(atoms)[:1])):
        order = ordered(program, causes_first=False, kept=kept)
        assert order is not None
        plan = [*steps(program, order, kept)]
        place = {a: where for a, where in plan[-1].place.items() if a in kept} if plan else {}
        assert seen & kept == place.keys()
        for values in product((False, True), repeat=len(random)):
            falls = dict(zip(random, values, strict=True))
            fixed = whole.assuming(falls)
            of = {tuple(state[a] for a in place) for state in definition.outcomes(fixed)}
            left = gone_through(plan, falls)
            assert of == {tuple(bool(lane >> where & 1) for where in place.values()) for lane in ones(left)}


def lowest(taken: Iterable[range], size: int) -> range:
    """The first so many digits in a row that nothing has."""
    used = {digit for digits in taken for digit in digits}
    return next(digits for start in count() if used.isdisjoint(digits := range(start, start + size)))


@pytest.mark.parametrize("wide", [1, 6])
@every_group
def test_a_step_has_room_for_what_is_on_the_frontier_and_no_more(
    monkeypatch: pytest.MonkeyPatch, seeds: Sequence[int], wide: int
) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    for seed in seeds[1::2]:
        network = light(seed, founded=False)
        random = frozenset(free_of(network, 2))
        program = Program(Varied(network, tuple(sorted(random)), mend=False).parts, random, End.OUTCOME)
        order = ordered(program, causes_first=False)
        assert order is not None
        taken: dict[int, range] = {}
        widest = 0
        uses = Counter(thing for demand in order for thing in demand.scope)
        for step, demand in zip(steps(program, order), order, strict=True):
            assert {atom for atom in step.random if uses[atom] == 1} == set(step.random).difference(step.place)
            for thing in step.new:
                size = program.size.get(thing, 1)
                taken[thing] = lowest(taken.values(), size)
            assert {thing: digits.start for thing, digits in taken.items()} == step.place
            assert max((digits.stop for digits in taken.values()), default=0) == step.width
            full = (1 << (1 << step.width)) - 1
            assert all(0 <= moved & ~kept == 0 <= kept <= full for kept, moved in step.masks)
            assert all(0 <= lanes <= full for _, lanes in (*step.spread, *step.drop))
            if demand.counter is None:
                assert (0, {0}) == (step.shift, {moved for _, moved in step.masks})
            assert 2 ** len(step.random) == len(step.masks)
            widest = max(widest, step.width + sum(atom not in step.place for atom in step.random))
            for thing in step.gone:
                del taken[thing]
        with monkeypatch.context() as narrow:
            narrow.setattr(stepping, "DIGITS", widest)
            assert len(order) == len([*steps(program, order)])
            narrow.setattr(stepping, "DIGITS", widest - 1)
            with pytest.raises(TooWide) if order else nullcontext():
                list(steps(program, order))


# --- scenarios looked at together -----------------------------------------------------------------


def all_of(over: Sequence[int]) -> dict[int, int]:
    """The planes of all combinations, the first atom running fastest."""
    return {a: sum(1 << lane for lane in range(1 << len(over)) if lane >> at & 1) for at, a in enumerate(over)}


def scenario_of(network: Network, over: Sequence[int], lane: int) -> Network:
    return network.assuming({a: bool(lane >> at & 1) for at, a in enumerate(over)})


def swept(network: Network, over: Sequence[int], engine: str = "auto", *, mend: bool = True) -> Swept:
    return sweep(Varied(network, tuple(over), engine, mend).parts, all_of(over), 1 << len(over), NO)


@pytest.mark.parametrize(
    ("engine", "least", "effort", "sparse"),
    [
        ("auto", 64, 40 << 16, 8),
        ("auto", 1, 0, 8),
        ("auto", 2, 0, 10**9),
        ("auto", 64, 40 << 16, 0),
        ("tables", 0, 0, 0),
    ],
    ids=["as it is", "given up", "given up at once", "put together", "alone"],
)
@every_group
def test_without_mending_a_scenario_is_torn_or_as_its_outcomes_are(
    monkeypatch: pytest.MonkeyPatch, seeds: Sequence[int], engine: str, least: int, effort: int, sparse: int
) -> None:
    for name, value in (("LEAST", least), ("EFFORT", effort), ("SPARSE", sparse)):
        monkeypatch.setattr(sweeping, name, value)
    for seed in seeds[::4]:
        network = light(seed)
        over = free_of(network, 4)
        found = swept(network, over, engine, mend=False)
        assert not found.impossible
        for lane in range(1 << len(over)):
            scenario = scenario_of(network, over, lane)
            of = definition.survey(scenario, range(network.atoms))
            assert bool(found.torn >> lane & 1) is (of is None)
            if of is not None:
                seen = verdicts(found, lane)
                assert {a: of.possible[a] for a in seen} == seen
                assert {a for a, v in enumerate(scenario.fixed) if v is None} == seen.keys()


def verdicts(found: Swept, lane: int) -> dict[int, tuple[bool, bool]]:
    """Of each atom, whether it can be true, and false."""
    there = {a: plane >> lane & 1 for a, plane in found.there.items()}
    return {a: (bool(t or found.open.get(a, 0) >> lane & 1), not t) for a, t in there.items()}


@pytest.mark.parametrize("engine", ["auto", "tables"])
@every_group
def test_a_scenario_that_nothing_can_meet_is_impossible_and_no_more(seeds: Sequence[int], engine: str) -> None:
    for seed in seeds[::4]:
        network = light(seed)
        network = replace(network, given=(*network.given, 0, ~(network.atoms - 1), network.atoms))
        over = free_of(network, 4)
        found = swept(network, over, engine)
        for lane in range(1 << len(over)):
            scenario = scenario_of(network, over, lane)
            repairs = definition.repairs(scenario)
            torn, impossible = bool(found.torn >> lane & 1), bool(found.impossible >> lane & 1)
            assert (repairs != [] and repairs != [frozenset()], repairs == []) == (torn, impossible)
            if impossible:
                assert {(False, True)} >= set(verdicts(found, lane).values())


def test_each_part_may_make_its_own_scenarios_impossible() -> None:
    """One where the first fact does not hold, one where the second does not; and one, that hangs on neither, in all."""
    people = (Stance((Part("a", upper=~3),), INCLINED), Stance((Part("b", lower=4),), DISINCLINED), Stance())
    network = Network(people, facts=2, fixed=(None,) * 5, given=(3, 4))
    found = swept(network, [3, 4])
    assert (0b0111, 0) == (found.impossible, found.torn)
    assert ({0: 0, 1: 8, 2: 0}, {2: 8}) == (found.there, {a: plane for a, plane in found.open.items() if plane})
    never = swept(replace(network, given=(2, ~2)), [3, 4])
    assert (0b1111, 0, {0: 0, 1: 0, 2: 0}) == (never.impossible, never.torn, never.there)


ONE_OF_TWO = Stance((Part("a", lower=~1),), DISINCLINED), Stance((Part("b", lower=~0),), DISINCLINED)


def torn_by(facts: int, quota: int, *others: Stance) -> Network:
    """Two of whom one comes, unless so many facts hold: then they have no outcome."""
    people = 2 + len(others)
    gate = people + facts
    first = Stance((Part("a", lower=~1), Part("c", upper=~gate)), DISINCLINED)
    second = Stance((Part("b", lower=~0), Part("d", upper=~gate)), DISINCLINED)
    of = Sum(tuple(range(people, gate)), (1,) * facts)
    return Network((first, second, *others), facts=facts, sums=(of,), gates=(Gate(0, quota),), fixed=(None,) * gate)


@pytest.mark.parametrize("tries", [1, 2, 3, 64])
def test_scenarios_that_are_torn_stay_so_when_the_rest_is_given_up(monkeypatch: pytest.MonkeyPatch, tries: int) -> None:
    """Whoever hears of either of two comes, wherever one of the two does; that propagation alone does not see."""
    monkeypatch.setattr(sweeping, "LEAST", tries)
    monkeypatch.setattr(sweeping, "EFFORT", 0)
    network = torn_by(4, 3, Stance((Part("e", lower=0), Part("f", lower=1)), DISINCLINED))
    found = swept(network, [3, 4, 5, 6], mend=False)
    torn = sum(1 << lane for lane in range(16) if lane.bit_count() >= 3)
    assert (torn, 0) == (found.torn, found.impossible)
    assert [0, 0, 0xFFFF ^ torn] == [found.there[x] & ~torn for x in range(3)]
    assert [0xFFFF ^ torn] * 2 == [found.open[x] & ~torn for x in range(2)]


class Noted:
    """Notes what is solved alone, and how many lanes are searched through, in how many steps at most."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, search: bool = True) -> None:
        self.alone: list[tuple[str, bool]] = []
        self.widths: list[int] = []
        self.tries: list[Any] = []
        solved, searched, noted = sweeping.solve, sweeping.Search, self

        def solve(network: Network, engine: str = "", deadline: Any = None, *, mend: bool = True, **more: Any) -> Any:
            assert deadline is not None
            noted.alone.append((engine, mend))
            return solved(network, engine, deadline, mend=mend, **more)

        class Search(searched):  # type: ignore[misc, valid-type]
            def go(self, deadline: Deadline, tries: Any) -> None:
                noted.widths.append(self.full.bit_length())
                noted.tries.append(tries)
                super().go(deadline, tries if search else 0)

        monkeypatch.setattr(sweeping, "solve", solve)
        monkeypatch.setattr(sweeping, "Search", Search)


@pytest.mark.parametrize("mend", [True, False])
@pytest.mark.parametrize("engine", ["tables", "enumeration"])
def test_an_engine_asked_for_by_name_answers_for_each_scenario_once(
    monkeypatch: pytest.MonkeyPatch, engine: str, mend: bool
) -> None:
    noted = Noted(monkeypatch)
    varied = Varied(torn_by(4, 3), (2, 3, 4, 5), engine, mend)
    planes, deadline = all_of(varied.atoms), Deadline.after(600)
    found = sweep(varied.parts, planes, 16, deadline)
    assert [(engine, mend)] * 16 == noted.alone
    assert [] == noted.widths
    assert sum(1 << lane for lane in range(16) if lane.bit_count() >= 3) == found.torn
    assert found == sweep(varied.parts, planes, 16, deadline)
    assert 16 == len(noted.alone)


@pytest.mark.parametrize(("kept", "again"), [(16, 0), (15, 16)])
def test_scenarios_that_were_solved_are_kept_until_they_are_too_many(
    monkeypatch: pytest.MonkeyPatch, kept: int, again: int
) -> None:
    monkeypatch.setattr(sweeping, "REMEMBERED", kept)
    noted = Noted(monkeypatch)
    varied = Varied(torn_by(4, 3), (2, 3, 4, 5), "tables")
    for _ in range(2):
        sweep(varied.parts, all_of(varied.atoms), 16, NO)
    assert 16 + again == len(noted.alone)


def test_where_propagation_is_exact_nothing_is_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = Noted(monkeypatch)
    circle = Stance((Part("a", upper=1), Part("c", upper=2)), INCLINED), Stance((Part("b", upper=0),), INCLINED)
    found = swept(Network(circle, facts=1, fixed=(None,) * 3), [2])
    assert ({0: 0, 1: 0}, {0: 2, 1: 2}) == (found.there, found.open)
    assert ([], []) == (noted.alone, noted.widths)


def unsure_where(facts: int, lanes: Sequence[int]) -> Network:
    """Two of whom one comes, where just those facts hold that a lane has; else neither."""
    gates = [Gate(n, facts) for n in range(len(lanes))]
    sums = [Sum(tuple(2 + f if lane >> f & 1 else ~(2 + f) for f in range(facts)), (1,) * facts) for lane in lanes]
    some = 2 + facts + len(lanes)
    sums.append(Sum(tuple(2 + facts + n for n in range(len(lanes))), (1,) * len(lanes)))
    sums += [Sum((some, ~1), (1, 1)), Sum((some, ~0), (1, 1))]
    gates += [Gate(len(lanes), 1), Gate(len(lanes) + 1, 2), Gate(len(lanes) + 2, 2)]
    people = tuple(Stance((Part(f"s{x}", lower=some + 1 + x),), DISINCLINED) for x in range(2))
    return Network(people, facts=facts, sums=tuple(sums), gates=tuple(gates), fixed=(None,) * (2 + facts))


@pytest.mark.parametrize(("unsure", "width"), [(2, 2), (3, 16)], ids=["few", "many"])
def test_few_lanes_are_put_together_before_they_are_searched_through(
    monkeypatch: pytest.MonkeyPatch, unsure: int, width: int
) -> None:
    noted = Noted(monkeypatch)
    lanes = [1, 9, 14][:unsure]
    found = swept(unsure_where(4, lanes), [2, 3, 4, 5])
    open_ = sum(1 << lane for lane in lanes)
    assert ({0: 0, 1: 0}, {0: open_, 1: open_}) == (found.there, found.open)
    assert ([width], []) == (noted.widths, noted.alone)


@pytest.mark.parametrize(("unsure", "width"), [(2, 2), (3, 16)], ids=["few", "many"])
def test_a_search_that_was_given_up_is_not_begun_again(
    monkeypatch: pytest.MonkeyPatch, unsure: int, width: int
) -> None:
    noted = Noted(monkeypatch, search=False)
    lanes = [1, 9, 14][:unsure]
    found = swept(unsure_where(4, lanes), [2, 3, 4, 5])
    open_ = sum(1 << lane for lane in lanes)
    assert ({0: 0, 1: 0}, {0: open_, 1: open_}) == (found.there, found.open)
    assert ([width], unsure) == (noted.widths, len(noted.alone))


def test_a_search_may_take_as_long_as_to_solve_its_lanes_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """To solve one takes as long here as 1,000 nodes in all lanes; each step goes through 11 of them."""
    monkeypatch.setattr(sweeping, "EFFORT", 1000 * sweeping.NARROW)
    noted = Noted(monkeypatch)
    network = unsure_where(4, [1, 9, 14])
    nodes = len(network.gates) + 2 + len(network.sums) - len(network.gates)
    swept(network, [2, 3, 4, 5])
    assert [3 * 1000 // (nodes + 1)] == noted.tries
    monkeypatch.setattr(sweeping, "NARROW", 1)
    monkeypatch.setattr(sweeping, "EFFORT", 160)
    swept(network, [2, 3, 4, 5])
    assert [max(sweeping.LEAST, 30 // (nodes + 1))] == noted.tries[1:]
    monkeypatch.setattr(sweeping, "LEAST", 1)
    swept(network, [2, 3, 4, 5])
    assert [30 // (nodes + 1)] == noted.tries[2:]


def test_what_hangs_on_nothing_varied_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    widths = []
    looked = sweeping.Part.sweep

    def noted(part: sweeping.Part, given: Any, width: int, deadline: Deadline) -> Swept:
        widths.append((part.atoms, width))
        return looked(part, given, width, deadline)

    monkeypatch.setattr(sweeping.Part, "sweep", noted)
    stances = (*ONE_OF_TWO, Stance((Part("c", lower=3),), DISINCLINED))
    found = swept(Network(stances, facts=1, fixed=(None,) * 4), [3])
    assert [((0, 1), 1), ((2, 3), 2)] == widths
    assert ({0: 0, 1: 0, 2: 2}, {0: 3, 1: 3}) == (found.there, found.open)


def test_what_is_varied_can_be_sent_and_its_origin_stays_here() -> None:
    network = torn_by(4, 3).assuming({2: True})
    assert network.origin is not None
    varied = Varied(network, (3, 4, 5), "tables", mend=False)
    sent = pickle.loads(pickle.dumps(varied))
    assert sent.network.origin is None
    assert ((3, 4, 5), "tables", False) == (sent.atoms, sent.engine, sent.mend)
    given = all_of(varied.atoms)
    assert sweep(varied.parts, given, 8, NO) == sweep(sent.parts, given, 8, NO)
