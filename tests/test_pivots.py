"""On whom a goal turns: by plain listing of every set of players, and by what is known of famous games.

Set ATTENDANCE_EXAMPLES to try another number of random networks, games and cases than 360 in all.
"""

import json
import os
import pickle
from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from math import comb, factorial
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import compile_case
from attendance.engines.deadline import NO
from attendance.gates import Gates, weighed
from attendance.model.sayings import Inclination
from attendance.network import Network, Part, Stance, holds, repaired_outcomes, values
from attendance.questions import coalitions, quotas
from attendance.questions.coalitions import Counted, Plane
from attendance.questions.diagrams import Diagram
from attendance.questions.games import Game, frame, game, obstacle
from attendance.questions.pivots import Pivot, pivots
from tests import cases
from tests.networks import networks
from tests.sizes import shares

SEEDS = Path(__file__).parent.parent / "seeds"
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 360)
ENGINES = ("auto", "tables", "enumeration", "clingo")

Wins = dict[frozenset[int], bool]
"""For every set of players, by number, whether it wins."""
examples = shares(EXAMPLES)


# --- the definition, by listing ---------------------------------------------------------------------


def subsets(players: int) -> Iterator[frozenset[int]]:
    for size in range(players + 1):
        yield from map(frozenset, combinations(range(players), size))


def wins(network: Network, players: Sequence[int], goal: int) -> Wins:
    """v(S) = 1 if the goal holds in every outcome with S assumed true and the rest of the players false."""
    found = {}
    for some in subsets(len(players)):
        outcomes = repaired_outcomes(network.assuming({p: i in some for i, p in enumerate(players)}))
        found[some] = bool(outcomes) and all(holds(goal, values(network, state)) for state in outcomes)
    return found


def power(v: Wins, players: int) -> list[Pivot]:
    """Swings, indices, veto and dictator, word by word."""
    found = []
    sums = []
    for i in range(players):
        swings, shapley = 0, Fraction(0)
        for some in v:
            if i not in some:
                swing = v[some | {i}] - v[some]
                swings += swing
                shapley += Fraction(
                    swing * factorial(len(some)) * factorial(players - len(some) - 1), factorial(players)
                )
        sums.append((swings, shapley))
    whole = sum(abs(swings) for swings, _ in sums)
    for i, (swings, shapley) in enumerate(sums):
        found.append(
            Pivot(
                swings=swings,
                banzhaf=Fraction(swings, 2 ** (players - 1)),
                shapley=shapley,
                share=Fraction(swings, whole) if whole else Fraction(0),
                veto=any(v.values()) and not any(won for some, won in v.items() if i not in some),
                dictator=all(won == (i in some) for some, won in v.items()),
            )
        )
    return found


def minimal(v: Wins) -> set[tuple[int, ...]]:
    winning = [some for some, won in v.items() if won]
    return {tuple(sorted(some)) for some in winning if not any(other < some for other in winning)}


def counted(v: Wins, players: int) -> Counted:
    sizes = range(players + 1)
    return Counted(
        tuple(sum(won for some, won in v.items() if len(some) == size) for size in sizes),
        tuple(
            tuple(sum(won for some, won in v.items() if len(some) == size and i in some) for size in sizes)
            for i in range(players)
        ),
    )


def check_minimal(listed: list[tuple[int, ...]], v: Wins) -> None:
    assert minimal(v) == set(listed)
    assert len(listed) == len(set(listed))
    assert sorted(map(len, listed)) == list(map(len, listed))


def check_diagram(game: Game, v: Wins) -> None:
    diagram = Diagram(game, NO)
    assert counted(v, game.players) == coalitions.count(diagram)
    check_minimal(list(coalitions.minimal(Diagram(game, NO))), v)


def check_plane(plane: Plane, v: Wins) -> None:
    assert {sum(1 << i for i in some) for some, won in v.items() if won} == set(ones(plane.plane))
    assert counted(v, plane.players) == coalitions.count_listed(plane)
    check_minimal(list(coalitions.minimal_listed(plane, NO)), v)


def ones(plane: int) -> Iterator[int]:
    return (i for i in range(plane.bit_length()) if plane >> i & 1)


# --- random games -----------------------------------------------------------------------------------


@st.composite
def games(draw: st.DrawFn) -> Game:
    """Gates over a few players and free variables, of mixed signs or of one."""
    players, free = draw(st.integers(0, 6)), draw(st.sampled_from((0, 0, 0, 1, 2)))
    weights = draw(st.sampled_from(((1,), (1, 2, 3), (1, 1, 5, 70_000, 99_999, 123_456), (0, 1, 2**64))))
    rising = draw(st.booleans())
    gates = Gates(players + free)
    literals = list(range(players + free))
    for _ in range(draw(st.integers(1, 4)) if literals else 0):
        picked = draw(st.lists(st.sampled_from(literals), min_size=1, max_size=8))
        signed = [q if rising or draw(st.booleans()) else ~q for q in picked]
        of = weighed([(q, draw(st.sampled_from(weights))) for q in signed])
        quota = draw(st.integers(0, 4)) * of.whole // 4 + draw(st.integers(0, 1))
        literals.append(gates.literal(gates.at_least(quota, of)))
    root = literals[-1] if literals else gates.literal(gates.all_of([]))
    root = root if rising or draw(st.booleans()) else ~root
    return Game(players, free, tuple(gates.sums), tuple((g.sum, g.quota) for g in gates.gates), root)


def played(game: Game) -> Wins:
    """Who wins a game, whatever the free variables are."""
    found = {}
    for some in subsets(game.players):
        ends = []
        for chosen in product((False, True), repeat=game.free):
            of = [*(i in some for i in range(game.players)), *chosen]
            for number, quota in game.gates:
                sum_ = game.sums[number]
                of.append(sum(w for q, w in zip(sum_.literals, sum_.weights, strict=True) if holds(q, of)) >= quota)
            ends.append(holds(game.root, of))
        found[some] = all(ends)
    return found


@examples(0.4)
@given(games())
def test_a_diagram_counts_what_listing_counts(game: Game) -> None:
    check_diagram(game, played(game))


@st.composite
def single(draw: st.DrawFn) -> Game:
    """One quota over players, some of whom may count by staying out, or not at all."""
    players = draw(st.integers(1, 7))
    weights = draw(st.sampled_from(((1,), (1, 2, 3), (2, 4, 60), (1, 5, 70_000, 99_999))))
    picked = draw(st.lists(st.integers(0, players - 1), min_size=1, max_size=8))
    rising = draw(st.booleans())
    of = weighed([(q if rising or draw(st.booleans()) else ~q, draw(st.sampled_from(weights))) for q in picked])
    gates = Gates(players)
    root = gates.literal(gates.at_least(draw(st.integers(0, of.whole + 1)), of))
    root = root if draw(st.booleans()) else ~root
    return Game(players, 0, tuple(gates.sums), tuple((g.sum, g.quota) for g in gates.gates), root)


@examples(0.5)
@given(single())
def test_generating_functions_count_what_listing_counts(game: Game) -> None:
    found = quotas.quota(game)
    assume(found is not None)
    v = played(game)
    for same in (found, found.dual().dual()):
        assert counted(v, game.players) == quotas.count(same, NO)
        check_minimal(list(quotas.minimal(same, NO)), v)
    lost = {some: not won for some, won in v.items()}
    assert counted(lost, game.players) == quotas.count(found.dual(), NO)
    check_minimal(list(quotas.minimal(found.dual(), NO)), lost)


# --- random networks --------------------------------------------------------------------------------


def distinct(network: Network) -> Network:
    """The network with ids of rules as a case gives them: no two alike."""
    return replace(network, rules=tuple((f"r{i}", literal) for i, (_, literal) in enumerate(network.rules)))


@st.composite
def asked(draw: st.DrawFn, drawn: st.SearchStrategy[Network]) -> tuple[Network, tuple[int, ...], int]:
    """A network that can be met, some players, and a goal."""
    network = distinct(draw(drawn))
    nodes = network.atoms + len(network.gates)
    open_ = [a for a, v in enumerate(network.fixed) if v is None]
    players = draw(st.lists(st.sampled_from(open_), unique=True, max_size=4)) if open_ else []
    assume(repaired_outcomes(network))
    return network, tuple(sorted(players)), draw(st.integers(-nodes, nodes - 1))


SMALL = networks(people=4, facts=1, gates=5, statements=4, rules=1)
CALM = networks(people=5, facts=1, gates=5, statements=3, rules=0)
met: dict[str | None, int] = {}


@pytest.mark.parametrize("drawn", [SMALL, CALM], ids=["small", "calm"])
def test_a_network_is_read_as_it_is_meant(drawn: st.SearchStrategy[Network]) -> None:
    met.clear()

    @examples(0.25)
    @given(asked(drawn))
    def tried(of: tuple[Network, tuple[int, ...], int]) -> None:
        network, players, goal = of
        v = wins(network, players, goal)
        framed = frame(network, players, goal)
        reason = obstacle(framed)
        met[reason] = met.get(reason, 0) + 1
        if reason is None:
            check_diagram(game(framed), v)
        for engine in ENGINES:
            check_plane(coalitions.listed(framed, engine, NO), v)

    tried()
    assert met[None] > 0
    assert len(met) > 1 or EXAMPLES < 200  # few draws may be of one kind


def chain(*, both: bool = False) -> Network:
    """0 comes only if the fact is true (or, open, if it is); 1 is a player; the fact is free."""
    upper = Part("s0", 2 if both else None, 2)
    return Network(
        stances=(Stance((upper,), Inclination.OPEN if both else Inclination.INCLINED), Stance()),
        facts=1,
        fixed=(None,) * 3,
    )


def test_what_is_free_and_no_player_may_be_either() -> None:
    framed = frame(chain(), (1,), 0)
    assert obstacle(framed) is None
    assert 1 == game(framed).free
    assert Counted((0, 0), ((0, 0),)) == coalitions.count(Diagram(game(framed), NO))


# --- random cases -----------------------------------------------------------------------------------


@st.composite
def questions(draw: st.DrawFn) -> tuple[cases.Asked, at.Condition]:
    """A case, a call, and a goal of the names that the case has."""
    of = draw(cases.asked())
    case = of.case
    weights = tuple(sorted({w for p in case.participants for w, _ in p.weights}))
    names = cases.Names(
        tuple(p.id for p in case.participants),
        tuple(g.id for g in case.gatherings),
        tuple(case.roster.tagged),
        tuple(f.id for f in case.facts),
        weights,
        {},
        "mixed",
    )
    return of, cases.condition(draw, names, depth=2)


@examples(0.25)
@given(questions())
def test_a_case_is_answered_as_the_contract_says(asked: tuple[cases.Asked, at.Condition]) -> None:
    of, goal = asked
    compiled = compile_case(of.case, of.scenario, [goal])
    network = compiled.network
    base = repaired_outcomes(network)
    if not base:
        with pytest.raises(at.ImpossibleScenario):
            pivots(of.case, goal, **of.keywords)
        return
    try:
        found = pivots(of.case, goal, **of.keywords)
    except at.QuestionError:  # a goal that the case refuses, as to ask for more than there are
        assume(False)
    tables = [values(network, state) for state in base]
    players = [
        a
        for a, fixed in enumerate(network.fixed)
        if fixed is None
        and (
            a >= network.attendances
            or not network.stances[a].parts
            or (
                network.stances[a].inclination is Inclination.OPEN
                and any(holds(compiled.choices[a], t) for t in tables)
            )
        )
    ]
    assert [named(compiled.name(p), found.main) for p in players] == list(found.players)
    v = wins(network, players, compiled.goals[0])
    assert power(v, len(players)) == list(found.values())
    assert sum(v.values()) == found.winning
    place = {name: i for i, name in enumerate(found.players)}
    check_minimal([tuple(place[name] for name in some) for some in found.minimal_winning()], v)


def named(thing: at.Attendance | str, main: str) -> str:
    return thing.participant if isinstance(thing, at.Attendance) and thing.gathering == main else str(thing)


@examples(0.05)
@given(cases.asked())
def test_to_be_held_is_what_resolve_says_with_the_players_assumed(asked: cases.Asked) -> None:
    case, main = asked.case, asked.case.gatherings[0].id
    try:
        found = pivots(case, f"{main} is held", **asked.keywords)
    except at.ImpossibleScenario:
        return
    kept = dict(asked.keywords)
    own = kept.pop("assume", {})
    v = {}
    for some in subsets(len(found)):
        supposed = {str(name): i in some for i, name in enumerate(found.names.values())}
        try:
            v[some] = at.resolve(case, assume={**own, **supposed}, **kept).gatherings[main].held == "held"
        except at.ImpossibleScenario:
            v[some] = False
    assert power(v, len(found)) == list(found.values())


# --- famous games -----------------------------------------------------------------------------------


def weighted(*weights: int) -> at.Case:
    return at.Case(participants=[{"id": f"m{i}", "weights": {"votes": w}} for i, w in enumerate(weights)])


def test_the_classic() -> None:
    found = pivots(weighted(50, 49, 1), "votes of everyone at least 51")
    assert [3, 1, 1] == [p.swings for p in found.values()]
    assert [Fraction(3, 5), Fraction(1, 5), Fraction(1, 5)] == [p.share for p in found.values()]
    assert [Fraction(2, 3), Fraction(1, 6), Fraction(1, 6)] == [p.shapley for p in found.values()]
    assert [Fraction(3, 4), Fraction(1, 4), Fraction(1, 4)] == [p.banzhaf for p in found.values()]
    assert [True, False, False] == [p.veto for p in found.values()]
    assert [("m0", "m1"), ("m0", "m2")] == sorted(found.minimal_winning())


def test_the_security_council() -> None:
    council = at.Case(participants=[{"id": f"m{i}", "tags": ["permanent"] if i < 5 else []} for i in range(15)])
    found = pivots(council, "at least 9 of everyone and all of permanent")
    assert [Fraction(421, 2145)] * 5 + [Fraction(4, 2145)] * 10 == [p.shapley for p in found.values()]
    assert [848] * 5 + [comb(9, 3)] * 10 == [p.swings for p in found.values()]
    assert [True] * 5 + [False] * 10 == [p.veto for p in found.values()]
    assert 848 == found.winning
    least = list(found.minimal_winning())
    assert comb(10, 4) == len(least)
    assert {9} == set(map(len, least))


@pytest.mark.parametrize("members", [1, 2, 7, 60, 251])
def test_one_vote_each(members: int) -> None:
    found = pivots(weighted(*[1] * members), "a majority of everyone")
    assert {Fraction(1, members)} == {p.shapley for p in found.values()}
    assert {comb(members - 1, members // 2)} == {p.swings for p in found.values()}
    assert members // 2 + 1 == len(next(found.minimal_winning()))


def test_fifty_members_and_a_dictator_among_them() -> None:
    found = pivots(weighted(10**9, *range(400_000, 449_000, 1000)), "votes of everyone at least 50%")
    assert [True, *[False] * 49] == [p.dictator for p in found.values()]
    assert (Fraction(1), Fraction(1)) == (found["m0"].banzhaf, found["m0"].shapley)
    assert 2**49 == found.winning


@pytest.mark.parametrize("greatest", [1_000, 10_000])
def test_fifty_members_whose_weights_all_differ(greatest: int) -> None:
    weights = [1 + i * i * 7919 % greatest for i in range(1, 51)]
    found = pivots(weighted(*weights), f"votes of everyone at least {sum(weights) * 11 // 20}", time_limit=60)
    assert isinstance(found.source, quotas.Quota)
    assert 1 == sum(p.shapley for p in found.values())
    assert found.winning < 2**49
    ranked = sorted(found, key=lambda name: weights[int(name[1:])])
    swings = [found[name].swings for name in ranked]
    assert swings == sorted(swings)
    least = list(found.minimal_winning(30))
    assert 30 == len(set(least))
    for some in least:
        total = sum(weights[int(name[1:])] for name in some)
        lightest = min(weights[int(name[1:])] for name in some)
        assert total - lightest < sum(weights) * 11 // 20 <= total
    assert sorted(map(len, least)) == list(map(len, least))
    assert found == pickle.loads(pickle.dumps(found))


def test_a_quota_and_a_diagram_count_alike() -> None:
    weights = [1 + i * i * 7919 % 500 for i in range(1, 17)]
    players = len(weights)
    gates = Gates(players)
    root = gates.at_least(sum(weights) // 2, weighed(enumerate(weights)))
    game = Game(players, 0, tuple(gates.sums), tuple((g.sum, g.quota) for g in gates.gates), root)
    found = quotas.quota(game)
    assert found is not None
    assert coalitions.count(Diagram(game, NO)) == quotas.count(found, NO)
    assert set(coalitions.minimal(Diagram(game, NO))) == set(quotas.minimal(found, NO))


def test_pairs() -> None:
    case = weighted(*[1] * 40)
    found = pivots(case, " or ".join(f"(m{i} and m{i + 1})" for i in range(0, 40, 2)))
    assert 2**40 - 3**20 == found.winning
    assert {3**19} == {p.swings for p in found.values()}
    assert sorted((f"m{i}", f"m{i + 1}") for i in range(0, 40, 2)) == sorted(found.minimal_winning())


def test_signs() -> None:
    case = at.case("a might attend\nb might attend\nc attends unless b")
    found = pivots(case, "a and c")
    assert [1, -1] == [p.swings for p in found.values()]
    assert [Fraction(1, 2), Fraction(-1, 2)] == [p.share for p in found.values()]
    assert [Fraction(1, 2), Fraction(-1, 2)] == [p.shapley for p in found.values()]
    assert [("a",)] == list(found.minimal_winning())
    assert (True, False) == (found["a"].veto, found["b"].veto)


# --- real cases -------------------------------------------------------------------------------------


def test_once_the_united_states_is_out_russia_holds_a_veto() -> None:
    case = at.load(SEEDS / "kyoto-1997.yaml")
    out = pivots(case, "protocol is held", scenario="us-out")
    assert ["russia"] == [name for name in out if out[name].veto]
    everybody = pivots(case, "protocol is held", scenario="before-all")
    assert [] == [name for name in everybody if everybody[name].veto]
    assert max(everybody, key=lambda name: everybody[name].banzhaf) == "united-states"
    assert (33, 34) == (len(out), len(everybody))
    assert 1 == sum(p.shapley for p in everybody.values())
    rest = pivots(case, "protocol is held", scenario="day-before-russia")
    assert {("russia",), ("united-states",)} == set(rest.minimal_winning())
    assert 0 == rest["monaco"].swings


@pytest.mark.parametrize(
    ("scenario", "low", "high"),
    [
        ("day-before-russia", "44.385", "44.395"),
        ("russia", "61.785", "61.795"),
        ("without-us", "63.885", "63.895"),
        ("us-and-russia-out", "46.485", "46.495"),
        ("us-and-japan-out", "55.335", "55.345"),
    ],
)
def test_shares_are_exact(scenario: str, low: str, high: str) -> None:
    case = at.load(SEEDS / "kyoto-1997.yaml")
    goal = f"co2 of everyone at least {low}% and not (co2 of everyone at least {high}%)"
    nobody = pivots(case, goal, scenario=scenario)  # the silent ones, all of them left out
    small = pivots(case, goal, scenario=scenario, over=[])
    open_ = len(nobody)
    assert () == next(nobody.minimal_winning())
    assert (1 if open_ == 0 else 0) == small.winning


def test_the_compact_turns_on_the_states_that_have_not_joined() -> None:
    case = at.load(SEEDS / "popular-vote-2007.yaml")
    found = pivots(case, "compact is held")
    assert 33 == len(found)
    assert found["texas"].banzhaf > found["florida"].banzhaf > found["pennsylvania"].banzhaf
    assert found["wyoming"] == found["alaska"] == found["south-dakota"] == found["north-dakota"]
    assert [("florida", "texas")] == list(found.minimal_winning(1))
    assert [2, 3, 3] == [len(some) for some in found.minimal_winning(3)]


# --- what is asked, and what comes back -------------------------------------------------------------


ROUND = at.case("a might attend\nb attends only if c\nc attends only if b\nd attends", facts=["f", "g"])


def test_players_are_the_unstated_the_open_and_the_unknown_facts() -> None:
    assert ("a", "f", "g") == pivots(ROUND, "a or f").players
    assert ("a", "g") == pivots(ROUND, "a or f", assume={"f": False}).players
    assert ("a", "b", "c", "d", "f", "g") == pivots(ROUND, "a", reading="literal", withdraw=["d.1"]).players
    assert ("a", "b", "c", "f", "g") == pivots(ROUND, "a", reading="literal").players


def test_players_that_are_named() -> None:
    assert ("b", "f") == pivots(ROUND, "b and c", over=["f", "b", "f"]).players
    assert [1, 1, 0] == [p.swings // 2 for p in pivots(ROUND, "c and a", over=["a", "b", "f"]).values()]
    known = at.loads("participants: {a: }\nfacts: {f: true}\nstatements: [a attends if f]")
    assert pivots(known, "a", over=["f"])["f"].dictator
    assert () == pivots(known, "a").players
    assert 1 == pivots(known, "a").winning
    with pytest.raises(at.QuestionError, match="f is assumed already"):
        pivots(known, "a", over=["f"], assume={"f": False})
    with pytest.raises(at.QuestionError, match="a at meeting is assumed already"):
        pivots(ROUND, "a", over=["a"], assume={"a": True})


def test_what_cannot_be_met_does_not_win() -> None:
    case = at.case("a might attend\nb might attend\nc might attend")
    found = pivots(case, "not c", over=["a", "b"], given=["a or b", "not c"])
    assert 3 == found.winning
    with pytest.raises(at.ImpossibleScenario):
        pivots(case, "a", given=["b and not b"])


def test_names_by_which_a_player_is_found() -> None:
    case = at.load(SEEDS / "istanbul-2025.yaml")
    found = pivots(case, "talks is held", scenario="evening-13-may")
    assert "erdogan at ankara" in found.players
    assert found["putin"] is found["putin", "talks"] is found[at.Attendance("putin", "talks")]
    assert found["erdogan at ankara"] is found["erdogan"]
    assert "obama" not in found
    with pytest.raises(at.UnknownName, match="did you mean putin"):
        found["puttin"]


@pytest.mark.parametrize(
    ("keywords", "error", "text"),
    [
        ({"over": ["aa"]}, at.UnknownName, "unknown name 'aa'"),
        ({"over": 3}, at.QuestionError, "`over` is names, not 3"),
        ({"goal": "a and zz"}, at.UnknownName, "goal: unknown name 'zz'"),
        ({"goal": "a and"}, at.LanguageError, "expected"),
        ({"goal": None}, at.QuestionError, "expected a condition or its text"),
        ({"goal": "seats of everyone at least 3"}, at.QuestionError, "seats"),
        ({"engine": "abacus"}, at.EngineMissing, "abacus"),
        ({"time_limit": -1}, at.QuestionError, "time limit"),
        ({"scenario": "none"}, at.UnknownName, "unknown scenario"),
    ],
)
def test_wrong_questions_are_refused(keywords: dict[str, object], error: type[Exception], text: str) -> None:
    asking = {"goal": "a", **keywords}
    with pytest.raises(error, match=text):
        pivots(ROUND, **asking)  # type: ignore[arg-type]
    with pytest.raises(at.QuestionError, match="expected a case"):
        pivots("case", "a")  # type: ignore[arg-type]


def test_too_many_to_try_are_refused_and_fewer_are_not() -> None:
    silent = "\n".join(f"p{i} might attend" for i in range(17))
    case = at.case(f"{silent}\nx attends only if y\ny attends only if x and at least 3 of everyone")
    with pytest.raises(at.QuestionError, match=r"circle of statements.*17 are too many\n +name at most"):
        pivots(case, "x")
    people = [f"p{i}" for i in range(4)]
    found = pivots(case, "at least 4 of everyone or x and not x", over=people, given=["x"])
    assert [1] * 4 == [int(p.swings > 0) for p in found.values()]


def test_a_time_limit_is_kept() -> None:
    draw = [((i * 7919 + 13) ** 3) % 900_000 + 100_000 for i in range(60)]
    with pytest.raises(at.ResolutionTimeout):
        pivots(weighted(*draw), "votes of everyone at least 51%", time_limit=0.3)


def test_the_answer_is_a_value() -> None:
    assert pivots(ROUND, "a", over="a") == pivots(ROUND, "a", over=["a"])
    for found in (pivots(ROUND, "a or f"), pivots(ROUND, "(a or f) and b", over=["a", "f", "g"])):
        again = pickle.loads(pickle.dumps(found))
        assert found == again
        assert hash(found) == hash(again)
        assert list(found.minimal_winning()) == list(again.minimal_winning())
        told = found.to_dict()
        assert told == json.loads(json.dumps(told))
    assert isinstance(found.source, Plane)
    with pytest.raises(AttributeError):
        found.winning = 3  # type: ignore[misc]
    with pytest.raises(at.QuestionError, match="a limit"):
        found.minimal_winning(-1)


def test_in_words_and_as_data() -> None:
    found = pivots(weighted(3, 1, 1), "votes of everyone at least 4")
    expected = """\
votes of everyone at least 4: so it is in 3 of 8 cases
     Banzhaf   Shapley     share
m0   0.75000   0.66667   0.60000  veto
m1   0.25000   0.16667   0.20000
m2   0.25000   0.16667   0.20000"""
    assert expected == str(found)
    first = {"swings": 3, "banzhaf": "3/4", "shapley": "2/3", "share": "3/5", "veto": True, "dictator": False}
    assert first == found.to_dict()["pivots"]["m0"]
    assert ["case", "scenario", "goal", "winning", "pivots", "warnings"] == list(found.to_dict())
    assert "dictator" in str(pivots(weighted(1), "m0"))
