"""Worlds weighed on a frontier: small networks of every kind, always the same, by the definition in every world; and its limits."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random

import pytest

from attendance.engines import elimination, frontier
from attendance.engines.deadline import NO
from attendance.engines.frontier import Weight, turned, weigh
from attendance.engines.stepping import TooWide
from attendance.engines.sweeping import Part as Piece
from attendance.engines.sweeping import Varied
from attendance.engines.weights import Odds
from attendance.errors import ResolutionTimeout
from attendance.model.sayings import Inclination
from attendance.network import Gate, Network, Part, Stance, Sum, likelihood
from tests.test_many_networks import watched

INCLINED, DISINCLINED, OPEN = Inclination.INCLINED, Inclination.DISINCLINED, Inclination.OPEN
ODDS = ((1, 1), (1, 2), (0, 1), (9, 1), (1, 0), (7, 13))
KINDS = ("any", "causes", "rising", "led")
"""Of any kind; nobody hangs on themselves; all pull each other along; and nothing of that is left open."""
CHUNKS, EACH = 20, 8

every_chunk = pytest.mark.parametrize("number", range(CHUNKS))


def world(seed: int) -> tuple[Network, dict[int, Odds]]:
    """A network of up to four people, and odds for some of its facts."""
    random = Random(seed)
    kind = KINDS[seed % 4]
    people, facts = random.randint(1, 4), random.randint(1, 4)
    atoms = people + facts
    fixed = [random.choice((None,) * 7 + (False, True)) for _ in range(atoms)]
    odds = {a: random.choice(ODDS) for a in range(people, atoms) if fixed[a] is None and random.random() < 0.75}
    if kind == "led":
        fixed = [False if a >= people and a not in odds else v for a, v in enumerate(fixed)]
    stances, sums, gates, nodes = [], [], [], dict[int, int]()

    def literal(x: int) -> int:
        """A node that the kind allows in a bound of x: what causes it comes before it, what rises is not negated."""
        past = x if kind == "causes" else people
        sources = [*range(past), *range(people, atoms), *(n for n, most in nodes.items() if most <= past)]
        node = random.choice(sources)
        free = kind in ("any", "causes") or node in odds
        return ~node if free and random.random() < 0.4 else node

    for _ in range(random.randint(1, 6)):
        x = random.randint(0, people)
        literals = [literal(x) for _ in range(random.randint(1, 4))]
        weights = [random.choice((1, 1, 1, 2, 3, 0)) for _ in literals]
        sums.append(Sum(tuple(literals), tuple(weights)))
        taken = random.choice((None, random.randrange(people)))
        gates.append(Gate(len(sums) - 1, random.randint(0, sum(weights) + 1), taken))
        nodes[atoms + len(gates) - 1] = people if kind == "causes" and taken is not None else x
    if kind in ("rising", "led"):
        nodes = dict.fromkeys(nodes, 0)
    for x in range(people):
        lowers = [literal(x) for _ in range(random.choice((0, 1, 1, 2)))]
        uppers = [literal(x) for _ in range(random.choice((0, 1, 2)))]
        heard = random.choice((INCLINED, DISINCLINED) if kind == "led" else (INCLINED, DISINCLINED, OPEN))
        if kind != "any":
            lowers, uppers = (lowers, []) if heard is DISINCLINED else ([], uppers) if heard is INCLINED else ([], [])
            if kind == "rising" and heard is OPEN:
                lowers, uppers = random.choice((([literal(x)], []), ([], [literal(x)]), ([], [])))
        parts = [*(Part(f"l{x}", q, None) for q in lowers), *(Part(f"u{x}", None, q) for q in uppers)]
        stances.append(Stance(tuple(parts), heard))
    rules = [(f"r{i}", literal(0)) for i in range(random.choice((0, 0, 1, 2, 3)) if kind == "any" else 0)]
    given = (literal(0),) if kind == "any" and random.random() < 0.2 else ()
    founded = random.random() < 0.4 if kind != "any" else False
    made = Network(tuple(stances), facts, tuple(sums), tuple(gates), tuple(fixed), tuple(rules), given, founded)
    return made, odds


def worlds(number: int) -> list[tuple[Network, dict[int, Odds]]]:
    return [world(seed) for seed in range(number * EACH, (number + 1) * EACH)]


def pieces(network: Network, odds: Mapping[int, Odds]) -> tuple[Piece, ...]:
    return Varied(network, tuple(odds), mend=False).parts


def inside(parts: Sequence[Piece]) -> list[int]:
    """Who may be asked about."""
    return sorted(part.atoms[a] for part in parts for a in part.inner if a < part.network.attendances)


def defined(network: Network, odds: Mapping[int, Odds], targets: Sequence[int]) -> Weight:
    """The probabilities, world by world."""
    chances = {a: Fraction(yes, no + yes) for a, (no, yes) in odds.items()}
    found = {x: likelihood(network, chances, x) for x in targets}
    sound = likelihood(network, chances, 0)[0]
    certain = {x: certain for x, (_, certain, _) in found.items()}
    return Weight(sound, certain, {x: sound - possible for x, (_, _, possible) in found.items()})


def fits(network: Network, odds: Mapping[int, Odds]) -> bool:
    """Whether it can be gone through: what is founded only where all pull each other along, or causes come first."""
    try:
        weigh(pieces(network, odds), odds, [], NO)
    except TooWide:
        assert network.founded
        return False
    return True


def fitting(number: int) -> Iterator[tuple[Network, dict[int, Odds], tuple[Piece, ...]]]:
    """Those of a chunk that can be gone through, with their parts."""
    for network, odds in worlds(number):
        if fits(network, odds):
            yield network, odds, pieces(network, odds)


def test_nearly_all_can_be_gone_through() -> None:
    assert sum(fits(*of) for number in range(CHUNKS) for of in worlds(number)) > CHUNKS * EACH * 0.9


@every_chunk
@pytest.mark.parametrize("wide", [1, 6])
def test_all_are_weighed_at_once(number: int, wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    for network, odds, parts in fitting(number):
        assert defined(network, odds, inside(parts)) == weigh(parts, odds, inside(parts), NO)


@every_chunk
@pytest.mark.parametrize("wide", [1, 6])
def test_one_is_weighed_alone(number: int, wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    for network, odds, parts in fitting(number):
        for targets in [[], *([x] for x in inside(parts))]:
            assert defined(network, odds, targets) == weigh(parts, odds, targets, NO)


@every_chunk
def test_what_cannot_be_told_of_all_in_one_pass_is_weighed_one_by_one(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise TooWide

    monkeypatch.setattr(frontier._Run, "everybody", never)
    for network, odds, parts in fitting(number):
        assert defined(network, odds, inside(parts)) == weigh(parts, odds, inside(parts), NO)


@every_chunk
@pytest.mark.parametrize("wide", [1, 6])
def test_what_a_random_atom_changes(number: int, wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elimination, "WIDE", wide)
    for network, odds, parts in fitting(number):
        for targets in ([], inside(parts)[:1], inside(parts)[-1:]):
            found, whole = turned(parts, odds, targets, NO), defined(network, odds, targets)
            assert list(found) == sorted(found)
            for atom in odds:
                pair = [defined(network, {**odds, atom: sure}, targets) for sure in ((0, 1), (1, 0))]
                assert pair == [*found.get(atom, (whole, whole))]


def test_what_is_random_changes_something_or_is_left_out() -> None:
    """The first comes if it rains; nothing hangs on the snow."""
    network = Network((Stance((Part("a", None, 1),), INCLINED),), 2, (), (), (None,) * 3)
    odds = {1: (1, 2), 2: (1, 1)}
    parts = pieces(network, odds)
    assert Weight(Fraction(1), {0: Fraction(2, 3)}, {0: Fraction(1, 3)}) == weigh(parts, odds, [0], NO)
    one, none = (
        Weight(Fraction(1), {0: Fraction(1)}, {0: Fraction(0)}),
        Weight(Fraction(1), {0: 0 * Fraction(1)}, {0: Fraction(1)}),
    )
    assert {1: (one, none)} == turned(parts, odds, [0], NO)


@pytest.mark.parametrize("wide", [1, 6])
def test_what_was_counted_of_those_who_are_done_with_is_undone(wide: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of the two must come, and the second must not."""
    monkeypatch.setattr(elimination, "WIDE", wide)
    rules = (("any", 2), ("not", ~1))
    network = Network((Stance(), Stance()), 0, (Sum((0, 1), (1, 1)),), (Gate(0, 1),), (None,) * 2, rules)
    one, none = Fraction(1), Fraction(0)
    assert Weight(one, {0: one, 1: none}, {0: none, 1: one}) == weigh(pieces(network, {}), {}, [0, 1], NO)


# --- limits -----------------------------------------------------------------------------------------


def circle(people: int) -> tuple[Network, dict[int, Odds]]:
    """Each comes only if the next one does or does not, and a fact; rules tie the first and the last."""
    facts = people
    sums = [Sum(((x + 1) % people if x % 2 else ~((x + 1) % people), people + x), (1, 1)) for x in range(people)]
    gates = [Gate(x, 1 + x % 2) for x in range(people)]
    stances = [Stance((Part(f"s{x}", None, 2 * people + x),), INCLINED if x % 3 else OPEN) for x in range(people)]
    network = Network(tuple(stances), facts, tuple(sums), tuple(gates), (None,) * (2 * people))
    return network, {people + x: (1 + x, 2) for x in range(facts)}


@pytest.mark.parametrize("targets", [[0], [0, 1, 2, 3, 4]])
def test_with_any_effort_the_answer_is_right_or_there_is_none(targets: list[int]) -> None:
    network, odds = circle(5)
    expected, parts = defined(network, odds, targets), pieces(network, odds)
    enough = []
    for states in range(-1, 240):
        try:
            assert expected == weigh(parts, odds, targets, NO, states)
            enough.append(states)
        except TooWide:
            pass
    assert enough == list(range(enough[0], 240))
    assert enough[0] > 1


def wanting(facts: int, twice: bool = False) -> tuple[Network, dict[int, Odds]]:
    """A rule over many facts that are open, and one that is random; it may be said twice, so that nobody is done with."""
    half = (facts + 1) // 2
    sums = [Sum(tuple(range(half)), (1,) * half), Sum(tuple(range(half, facts)), (1,) * (facts - half))]
    gates = [Gate(0, 1), Gate(1, 1), Gate(2, 2)]
    sums.append(Sum((facts + 1, facts + 2, facts), (1, 1, 1)))
    rules = (("a", facts + 3), ("b", ~(facts + 1)))[: 1 + twice]
    return Network((), facts + 1, tuple(sums), tuple(gates), (None,) * (facts + 1), rules), {facts: (1, 1)}


@pytest.mark.parametrize(("facts", "states"), [(2, 2), (11, 2), (12, 4)])
def test_so_much_effort_is_spent_and_no_more(facts: int, states: int) -> None:
    """A step looks at each plane once for each value of what is random: so much more often, the wider it is."""
    network, odds = wanting(facts)
    parts = pieces(network, odds)
    assert Fraction(1) == weigh(parts, odds, [], NO, states).sound
    for fewer in (states - 1, 0, -1):
        with pytest.raises(TooWide):
            weigh(parts, odds, [], NO, fewer)
    assert {facts} == turned(parts, odds, [], NO, states).keys()
    with pytest.raises(TooWide):
        turned(parts, odds, [], NO, states - 1)


def test_whoever_comes_anyway_takes_one_look() -> None:
    network = Network((Stance((), INCLINED),), 0, (), (), (None,))
    assert Weight(Fraction(1), {0: Fraction(1)}, {0: Fraction(0)}) == weigh(pieces(network, {}), {}, [0], NO, 1)
    with pytest.raises(TooWide):
        weigh(pieces(network, {}), {}, [0], NO, 0)


def test_who_is_open_may_come_where_only_the_founded_counts() -> None:
    """Each may come with the other, if it rains; nothing brings them together but their own choice."""
    sums = (Sum((1, 2), (1, 1)), Sum((0, 2), (1, 1)))
    stances = tuple(Stance((Part("s", None, 3 + x),), OPEN) for x in range(2))
    network = Network(stances, 1, sums, (Gate(0, 2), Gate(1, 2)), (None,) * 3, founded=True)
    odds = {2: (2, 1)}
    expected = defined(network, odds, [0, 1])
    assert expected == weigh(pieces(network, odds), odds, [0, 1], NO)
    alone = Network((Stance((Part("s", None, 1),), OPEN),), 1, (), (), (None, None), founded=True)
    assert Weight(Fraction(1), {0: Fraction(0)}, {0: Fraction(2, 3)}) == defined(alone, {1: (2, 1)}, [0])
    three = tuple(Stance(((Part("s", None, q),) if q else ()), OPEN) for q in (0, 3, 1))
    followed = Network(three, 0, (Sum((0, 2), (1, 1)),), (Gate(0, 1),), (None,) * 3, founded=True)
    assert defined(followed, {}, [0, 1, 2]) == weigh(pieces(followed, {}), {}, [0, 1, 2], NO)
    circle_ = Network((Stance((Part("s", None, 0),), OPEN),), 1, (), (), (None, None), founded=True)
    for of, chances in ((alone, {1: (2, 1)}), (circle_, {})):
        assert defined(of, chances, [0]) == weigh(pieces(of, chances), chances, [0], NO)


def test_the_clock_is_looked_at_with_each_demand_in_turn() -> None:
    """For the least and for the greatest outcome: as demands are put in order, made steps, and gone through."""
    people = 12
    stances = tuple(Stance((Part("s", None, (x + 1) % people),), INCLINED) for x in range(people))
    network = Network(stances, 0, (), (), (None,) * people)
    polled: list[int] = []
    weigh(pieces(network, {}), {}, [0], NO.watched(lambda: polled.append(1)))
    assert 6 * people <= len(polled)


def test_what_is_founded_on_a_circle_with_negation_is_given_up() -> None:
    stances = (Stance((Part("a", None, 1),), INCLINED), Stance((Part("b", None, ~0),), INCLINED))
    network = Network(stances, 1, (), (), (None, None, None), founded=True)
    with pytest.raises(TooWide):
        weigh(pieces(network, {}), {}, [0], NO)


@pytest.mark.parametrize("seed", [1, 2, 3, 5, 7, 8])
@pytest.mark.parametrize("many", [False, True])
def test_the_clock_is_looked_at(seed: int, many: bool) -> None:
    network, odds = world(seed)
    parts = pieces(network, odds)
    targets = inside(parts) if many else inside(parts)[:1]
    for ask in (weigh, turned) if len(targets) == 1 else (weigh,):
        expected, checks = ask(parts, odds, targets, NO), 0
        while True:
            try:
                assert expected == ask(parts, odds, targets, watched(checks))
                break
            except ResolutionTimeout:
                checks += 1
        assert checks > len(targets)
