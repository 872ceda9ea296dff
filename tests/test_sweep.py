"""Sweeps: every scenario of one is what `resolve` finds of it, however they are counted, and the rule says just that."""

import csv
import os
import pickle
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance import network as definition
from attendance.engines import sweeping, tallying
from attendance.engines.balance import is_exact
from attendance.engines.cutset import cut
from attendance.engines.deadline import NO
from attendance.engines.lanes import Lanes
from attendance.engines.planes import ones, pattern, total
from attendance.engines.propagation import propagate
from attendance.engines.rows import digit
from attendance.engines.sweeping import Varied
from attendance.engines.tables import Table
from attendance.model.conditions import And, Condition, Constant, Name, Not, Or, Tally
from attendance.model.sayings import Inclination
from attendance.network import Network, Part, Stance
from attendance.questions import rule as summing
from tests.cases import Asked, asked
from tests.networks import crowds, networks
from tests.sizes import shares

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 150)
examples = shares(EXAMPLES)

mixed = st.one_of(networks(), crowds(), networks(rules=0, founded=False, lost=False), networks(people=7, gates=10))


def with_own_rules(network: Network) -> Network:
    """Rules as a case has them: an id each."""
    return replace(network, rules=tuple((f"r{i}", q) for i, (_, q) in enumerate(network.rules)))


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[Network, tuple[int, ...], list[int]]:
    """A network, some of its open atoms, and rows of values for those: all of them, and some again."""
    network = with_own_rules(draw(mixed))
    free = [a for a, v in enumerate(network.fixed) if v is None]
    over = tuple(sorted(draw(st.sets(st.sampled_from(free), max_size=4)))) if free else ()
    again = draw(st.lists(st.integers(0, (1 << len(over)) - 1), max_size=5))
    return network, over, [*range(1 << len(over)), *again]


# --- planes ---------------------------------------------------------------------------------------


@examples(0.5)
@given(st.lists(st.tuples(st.integers(0, 255), st.integers(0, 9)), max_size=12))
def test_digits_are_the_weight_of_each_lane(weighed: list[tuple[int, int]]) -> None:
    digits = total([plane for plane, _ in weighed], [weight for _, weight in weighed])
    for lane in range(8):
        expected = sum(weight for plane, weight in weighed if plane >> lane & 1)
        assert expected == sum((plane >> lane & 1) << place for place, plane in enumerate(digits))


@examples(0.5)
@given(st.integers(0, 12), st.integers(0, 1 << 14), st.integers(1, 700))
def test_a_digit_is_that_of_the_numbers_counted_up(place: int, start: int, width: int) -> None:
    assert [(start + i) >> place & 1 for i in range(width)] == [
        digit(place, start, width) >> i & 1 for i in range(width)
    ]


def test_a_digit_of_high_numbers_takes_no_memory():
    assert 0b1000 == digit(200, (1 << 200) - 3, 4)
    assert 0b0111 == digit(200, (1 << 201) - 3, 4)


# --- one scenario after the other is the definition -------------------------------------------------


@pytest.mark.parametrize(
    ("least", "effort", "sparse"), [(64, 1 << 20, 8), (1, 0, 8), (64, 1 << 20, 1), (64, 1 << 20, 10**9)]
)
@examples(0.7)
@given(drawn=scenarios())
def test_planes_are_what_the_definitions_say(
    least: int, effort: int, sparse: int, drawn: tuple[Network, tuple[int, ...], list[int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:  # every way: all lanes at once, few of them, the solver alone
        patch.setattr(sweeping, "LEAST", least)
        patch.setattr(sweeping, "EFFORT", effort)
        patch.setattr(sweeping, "SPARSE", sparse)
        check_planes(*drawn)


def test_a_node_may_read_itself():
    stance = Stance((Part("s0", lower=0), Part("s1", lower=0), Part("s1", lower=~0)), Inclination.DISINCLINED)
    check_planes(Network((stance,), fixed=(None,)), (), [0])


@pytest.mark.parametrize("engine", ["tables", "clingo", "enumeration"])
@examples(0.2)
@given(drawn=scenarios())
def test_so_they_are_by_every_engine(engine: str, drawn: tuple[Network, tuple[int, ...], list[int]]) -> None:
    check_planes(*drawn, engine=engine)


def check_planes(network: Network, over: tuple[int, ...], rows: list[int], engine: str = "auto") -> None:
    given = {a: sum((row >> i & 1) << lane for lane, row in enumerate(rows)) for i, a in enumerate(over)}
    found = sweeping.sweep(Varied(network, over, engine).parts, given, len(rows), NO)
    for lane, row in enumerate(rows):
        scenario = network.assuming({a: bool(row >> i & 1) for i, a in enumerate(over)})
        repairs = definition.repairs(scenario)
        assert bool(found.impossible >> lane & 1) == (not repairs)
        if repairs:
            assert bool(found.torn >> lane & 1) == (repairs != [frozenset()])
            of = definition.summarise(scenario, definition.repaired_outcomes(scenario), range(network.atoms), [])
            assert of is not None
            for a in range(network.atoms):
                if scenario.fixed[a] is None:
                    there, open_ = found.there[a] >> lane & 1, found.open.get(a, 0) >> lane & 1
                    assert of.possible[a] == (bool(there or open_), not there)


@examples(1)
@given(scenarios())
def test_lanes_are_propagated_as_one_scenario_is(drawn: tuple[Network, tuple[int, ...], list[int]]) -> None:
    network, over, rows = drawn
    if network.founded or network.rules or network.given or any(s.lowers and s.uppers for s in network.stances):
        return  # where nothing clashes, the order of propagation does not matter
    full = (1 << len(rows)) - 1
    given = {a: full if v else 0 for a, v in enumerate(network.fixed) if v is not None}
    given |= {a: sum((row >> i & 1) << lane for lane, row in enumerate(rows)) for i, a in enumerate(over)}
    state = Lanes(network, given).run(given, full)
    for lane, row in enumerate(rows):
        values = propagate(network.assuming({a: bool(row >> i & 1) for i, a in enumerate(over)})).values
        for a in range(network.atoms):
            seen = bool(state[2 * a] >> lane & 1), bool(state[2 * a + 1] >> lane & 1)
            assert values[a] is None or seen == (values[a], not values[a])


@examples(1)
@given(networks(rules=0, founded=False), st.data())
def test_where_propagation_is_exact_it_is(network: Network, data: st.DataObject) -> None:
    if is_exact(network):
        known = {a: int(v) for a, v in enumerate(network.fixed) if v is not None}
        run = Lanes(network, known).run(known, 1)
        found = definition.summarise(network, definition.outcomes(network), range(network.atoms), [])
        assert found is not None
        seen = [(not run[2 * a + 1], not run[2 * a]) for a in range(network.atoms)]
        assert list(found.possible) == seen


@examples(1)
@given(mixed)
def test_a_table_of_a_cut_has_every_outcome(network: Network) -> None:
    of = cut(network, network.atoms)
    assert of is not None
    table = Table(network, of)
    assert definition.outcomes(network) == sorted(map(table.state, ones(table.outcomes())))


# --- whole cases ------------------------------------------------------------------------------------


@st.composite
def sweeps(draw: st.DrawFn) -> tuple[Asked, list[str]]:
    """A case in a scenario, and names that are not assumed there."""
    put = draw(asked())
    taken = {key for key, _ in put.scenario.assume}
    names = [f"{p} at {g}" for g, people in put.case.counting((put.scenario,)).items() for p in people]
    names += [f.id for f in put.case.facts]
    free = [name for name in names if name not in taken and name.partition(" at ")[0] not in taken]
    return put, draw(st.lists(st.sampled_from(free), max_size=4, unique=True)) if free else []


def resolved(put: Asked, assume: dict[str, bool]) -> at.Resolution | None:
    own = {k: v for k, v in put.keywords.items() if k != "assume"}
    with suppress(at.ImpossibleScenario):
        return at.resolve(put.case, assume={**dict(put.keywords.get("assume", {})), **assume}, **own)
    return None


@examples(0.6)
@given(sweeps())
def test_every_row_is_a_resolution(drawn: tuple[Asked, list[str]]) -> None:
    put, over = drawn
    found = at.sweep(put.case, over, **put.keywords)
    values = [*product((False, True), repeat=len(over))]
    assert len(values) == len(found) == found.size
    counts: dict[at.Attendance, Counter[str]] = {a: Counter() for a in found.tallies}
    impossible = 0
    for row, chosen in zip(found, values, strict=True):
        one = resolved(put, dict(zip(over, chosen, strict=True)))
        assert list(chosen) == list(row.assume.values())
        assert (one is not None) is row.possible
        if one is None:
            impossible += 1
            assert row.verdicts == {}
            continue
        assert one.verdicts == row.verdicts
        assert one.consistent is row.consistent
        for a, verdict in one.verdicts.items():
            counts[a][str(verdict)] += 1
    assert impossible == found.impossible
    assert found.inconsistent == sum(row.possible and not row.consistent for row in found)
    for a, counted in counts.items():
        assert tuple(counted[v] for v in ("attends", "absent", "undetermined")) == found.tallies[a]
    assert found.complete
    assert pickle.loads(pickle.dumps(found)) == found


@examples(0.3)
@given(sweeps(), st.sampled_from([*at.Verdict]))
def test_a_rule_is_true_just_where_the_verdict_is(drawn: tuple[Asked, list[str]], verdict: at.Verdict) -> None:
    put, over = drawn
    found = at.sweep(put.case, over, **put.keywords)
    for a in found.tallies:
        rule = found.rule(a, verdict)
        for row in found:
            if row.possible:
                named = {_plain(key, found): value for key, value in row.assume.items()}
                assert (row.verdicts[a] is verdict) is truth(rule, named)


def _plain(key: str, found: at.Sweep) -> tuple[str, str | None]:
    if key in {f.id for f in found.asked.compiled.case.facts}:
        return key, None
    attendance = found.attendance(key if " at " not in key else tuple(key.split(" at ")))  # type: ignore[arg-type]
    return (
        attendance.participant,
        None if attendance.gathering == found.asked.compiled.case.roster.main else attendance.gathering,
    )


def truth(condition: Condition, named: dict[tuple[str, str | None], bool]) -> bool:
    match condition:
        case Constant(value):
            return value
        case Name(name, at_):
            return named[name, at_]
        case Not(of):
            return not truth(of, named)
        case And(of):
            return all(truth(part, named) for part in of)
        case Or(of):
            return any(truth(part, named) for part in of)
        case Tally(relation, quota, of):
            number = sum(truth(part, named) for part in of.items if isinstance(part, Condition))
            return {"at least": number >= quota, "at most": number <= quota, "exactly": number == quota}[relation]
        case _:
            raise TypeError(condition)


# --- which scenarios --------------------------------------------------------------------------------

PLEDGES = at.case(
    """
    ann attends only if bob
    bob attends only if at least 2 of (ann, cem, dai)
    cem attends unless treaty
    dai attends
    eve might attend only if dai
    """,
    facts=["treaty"],
)


def by_hand(over: list[str], **keywords: Any) -> list[tuple[dict[str, bool], dict[at.Attendance, at.Verdict]]]:
    return [(dict(row.assume), dict(row.verdicts)) for row in at.sweep(PLEDGES, over, **keywords)]


def test_a_range_of_rows_is_those_of_all():
    over = ["ann", "cem", "treaty", "dai"]
    whole = by_hand(over)
    for rows in (range(16), range(3, 11), range(5, 5), range(15, 16)):
        assert whole[rows.start : rows.stop] == by_hand(over, rows=rows)
    last = at.sweep(PLEDGES, over)[-1]
    assert {"ann": True, "cem": True, "treaty": True, "dai": True} == dict(last.assume)


def test_columns_are_the_rows_that_they_have():
    values = {"ann": [True, "no", 1, 0], "treaty": ["yes", False, 0, "TRUE"]}
    found = at.sweep(PLEDGES, columns=values)
    assert ("ann", "treaty") == found.over
    assert [(True, True), (False, False), (True, False), (False, True)] == [tuple(r.assume.values()) for r in found]
    for row in found:
        assert at.resolve(PLEDGES, assume=row.assume).verdicts == row.verdicts
    assert [True, False, False, True] == found.columns["treaty"]
    assert ["ann", "treaty"] == [*found.columns][:2]
    assert found == at.sweep(PLEDGES, columns={name: found.columns[name] for name in found.over})
    assert [row["bob"] for row in found] == found.columns["bob"]


def test_arrow_has_the_columns():
    nanoarrow = pytest.importorskip("nanoarrow")
    case = at.case("ann attends only if treaty\nbob declines", facts=["treaty"])
    table = nanoarrow.Array(at.sweep(case, ["treaty", "bob"]))
    assert [
        {"treaty": False, "ann": "absent", "bob": "absent"},
        {"treaty": False, "ann": "absent", "bob": "attends"},
        {"treaty": True, "ann": "attends", "bob": "absent"},
        {"treaty": True, "ann": "attends", "bob": "attends"},
    ] == table.to_pylist()
    impossible = at.sweep(at.case("ann attends only if bob"), ["bob"], given=["bob"])
    assert [None, "attends"] == [row["ann"] for row in nanoarrow.Array(impossible).to_pylist()]
    assert 1 == impossible.impossible


class Frame:
    """What a dataframe has: `columns`, and each by its name."""

    columns = ("treaty", "ann")

    def __getitem__(self, name: str) -> list[bool]:
        return {"treaty": [True, False], "ann": [True, True]}[name]


def test_a_dataframe_is_columns():
    assert at.sweep(PLEDGES, columns=Frame()) == at.sweep(PLEDGES, columns={n: Frame()[n] for n in Frame.columns})


def test_csv_has_the_rows_in_words(tmp_path: Path):
    case = at.case('ann attends only if treaty and "cem, the elder"\nbob attends', facts=["treaty"])
    found = at.sweep(case, ["treaty", "bob"])
    expected = """\
treaty,bob,ann,"cem, the elder"
no,no,absent,undetermined
no,yes,absent,undetermined
yes,no,undetermined,undetermined
yes,yes,undetermined,undetermined
"""
    assert expected == found.to_csv()
    assert found.to_csv(tmp_path / "rows.csv") is None
    assert expected == (tmp_path / "rows.csv").read_bytes().decode()
    assert (
        "bob,ann\nno,impossible\nyes,attends\n"
        == at.sweep(at.case("ann attends only if bob"), "bob", given=["bob"]).to_csv()
    )
    read = [*csv.DictReader((found.to_csv() or "").splitlines())]
    assert at.sweep(case, columns={name: [row[name] for row in read] for name in found.over}) == found
    with pytest.raises(at.QuestionError, match=r"cannot write .*rows\.csv: Not a directory"):
        found.to_csv(tmp_path / "rows.csv" / "rows.csv")
    with pytest.raises(at.AttendanceError, match="expected the path of a file, not 5"):
        found.to_csv(5)
    with pytest.raises(at.QuestionError, match="2,097,152 rows are too many for CSV: at most 1,048,576"):
        at.sweep(at.case("\n".join(f"p{i} attends" for i in range(21))), [f"p{i}" for i in range(21)]).to_csv()


HALLS = at.loads("""
participants: [cem, ann, bob, dai, eve]
gatherings: {hall: {invited: [cem, ann, bob, eve]}, garden: {invited: [ann, dai]}}
groups: {friends: [dai, bob, ann], gardeners: [dai], nobody: []}
statements: [eve attends only if ann or bob]
facts: {sun: }
""")


def test_a_group_is_its_members_there():
    for over, members in [
        ("friends", ("ann", "bob")),
        (["friends at hall"], ("ann", "bob")),
        (["friends at garden"], ("ann at garden", "dai at garden")),
        ([("gardeners", "garden")], ("dai at garden",)),
        (["bob", "sun", "friends", "cem"], ("bob", "sun", "ann", "cem")),
    ]:
        found = at.sweep(HALLS, over)
        assert members == found.over
        assert at.sweep(HALLS, members) == found


def test_a_group_is_its_members_wherever_names_are_listed():
    over, members = ["friends"], ["ann", "bob"]
    for ask in (
        lambda names: at.pivots(HALLS, "eve", over=names).to_dict(),
        lambda names: at.always(HALLS, "eve", over=names).to_dict(),
        lambda names: at.requirements(HALLS, "eve", over=names, mode="some").to_dict(),
        lambda names: at.requirements(HALLS, "eve", forbid=names, costs={"friends": 2}, mode="some").to_dict(),
        lambda names: at.cascade(HALLS, start=names).to_dict(),
    ):
        assert ask(members) == ask(over)


def test_a_group_that_stands_for_nobody_is_refused():
    ask = [
        ({"over": ["nobody"]}, "nobody is a group without members: it stands for nobody"),
        ({"over": ["gardeners"]}, "nobody of gardeners is counted at hall\n    say 'gardeners at garden'"),
        ({"over": ["friends at yard"]}, "unknown gathering 'yard'"),
        ({"over": [("friends", "gardn")]}, "did you mean garden"),
        ({"over": ["frends"]}, "unknown name 'frends'\n    did you mean friends"),
        ({"over": ["friends"], "assume": {"bob": True}}, "bob at hall is assumed in the scenario"),
        ({"columns": {"friends": [True]}}, "friends is a group, not a participant or fact"),
    ]
    for keywords, message in ask:
        with pytest.raises(at.QuestionError, match=message):
            at.sweep(HALLS, **keywords)


def test_a_row_says_what_it_has():
    row = at.sweep(PLEDGES, ["treaty", "ann"])[2]
    assert row["treaty"] is True
    assert "absent" == row["ann"] == row["ann", "meeting"]
    for key, message in [
        ("treat", "the row has no 'treat'\n    did you mean treaty"),
        ("zzz", "the row has no 'zzz'\n    it has ann, bob, cem, dai, eve and treaty; of facts those that are varied"),
        (("ann", "yard"), "ann at yard is not counted"),
    ]:
        with pytest.raises(at.UnknownName, match=message):
            row[key]
    with pytest.raises(at.UnknownName, match=r"the row has no 'treaty'\n    it has ann, .* that are varied"):
        at.sweep(PLEDGES, ["ann"])[0]["treaty"]
    none = at.sweep(PLEDGES, ["treaty", "ann"], given=["treaty"])[0]
    assert none["treaty"] is False
    with pytest.raises(at.UnknownName, match="no verdict on 'bob': nothing can meet this scenario"):
        none["bob"]


def test_a_sweep_in_words():
    assert """\
4 scenarios of ann and treaty
bob  attends in 0, absent in 2, undetermined in 0
cem  attends in 0, absent in 2, undetermined in 0
dai  attends in 2, absent in 0, undetermined in 0
eve  attends in 0, absent in 0, undetermined in 2
In 2 of them nothing can meet what is assumed and given.""" == str(
        at.sweep(PLEDGES, ["ann", "treaty"], given=["treaty", "not bob"], add=["bob declines"])
    )
    dozen = at.case("\n".join(f"p{i} attends only if q{i} and r" for i in range(12)))
    lines = str(at.sweep(dozen, [*(f"q{i}" for i in range(12)), "r"])).splitlines()
    assert lines[0].startswith("8,192 scenarios of q0, q1, ")
    assert "p9  attends in 2,048, absent in 6,144, undetermined in 0" == lines[10]
    assert ["and 2 more"] == lines[11:]
    many = at.case("\n".join(f"p{i} attends only if q{i} and r{i}" for i in range(99)))
    told = str(at.sweep(many, [f"{x}{i}" for x in "qr" for i in range(99)]))
    assert told.startswith("2^198 scenarios of q0, q1, ")
    assert "q18 and 179 others\np0  attends in 2^196, absent in about 2^197.6, undetermined in 0\n" in told


def test_a_sweep_tells_which_engine_answered():
    def told(**keywords: Any) -> list[tuple[str, tuple[str, ...], str]]:
        found = at.sweep(case, ["a", "treaty"], **keywords).engine_choices
        return [(choice.engine, choice.names, choice.reason.partition(":")[0].partition(",")[0]) for choice in found]

    case = at.case(
        "b attends only if a\nc attends unless d\nd attends unless c\nc attends only if a", facts=["treaty", "sun"]
    )
    assert [
        ("none", ("a", "treaty"), "varied"),
        ("none", ("sun",), "assumed"),
        ("propagation", ("b",), "certain without a search"),
        ("propagation", ("c", "d"), "a search in all scenarios at once; those that it leaves are solved alone"),
    ] == told(assume={"sun": True})
    assert ("clingo", ("b",), "it was asked for") in told(engine="clingo")


def test_a_sample_is_the_same_for_the_same_seed():
    over = ["ann", "cem", "treaty"]
    one, same, other = (at.sweep(PLEDGES, over, sample=500, seed=seed) for seed in (1, 1, 2))
    assert 500 == len(one)
    assert one == same
    assert [*one] == [*same]
    assert [*one] != [*other]
    assert {tuple(row.assume.values()) for row in one} == set(product((False, True), repeat=3))
    for row in one[:20]:
        assert at.resolve(PLEDGES, assume=row.assume).verdicts == row.verdicts


def test_what_cannot_be_swept_is_said():
    ask = [
        ({}, "either over=\\[...\\], names, or columns"),
        ({"over": ["ann"], "columns": {"bob": [1]}}, "either over=\\[...\\], names, or columns"),
        ({"over": ["anm"]}, "unknown name 'anm'"),
        ({"over": ["ann"], "rows": range(3)}, "from 0 to 2, one after the other, not range\\(0, 3\\)"),
        ({"over": ["ann"], "rows": range(0, 2, 2)}, "from 0 to 2"),
        ({"over": ["ann"], "rows": range(1), "sample": 3}, "either a range of `rows`, or a `sample`"),
        ({"over": ["ann"], "sample": 0}, "from 1 to 100,000,000, not 0"),
        ({"over": ["ann"], "sample": True}, "from 1 to 100,000,000, not True"),
        ({"columns": {"ann": [1], "bob": [1, 0]}}, "ann has 1, bob has 2"),
        ({"columns": {"ann": [1], "ann at meeting": [1]}}, "two columns of ann"),
        ({"columns": {"ann": [True, "perhaps"]}}, "column ann, row 1: expected true, false, yes or no"),
        ({"columns": {"ann": [True]}, "sample": 3}, "are for `over`"),
        ({"over": ["ann"], "assume": {"ann": True}}, "it cannot be varied too"),
        ({"over": ["ann"], "engine": "clngo"}, "did you mean clingo"),
        ({"over": ["ann"], "sample": 10**30}, "from 1 to 100,000,000"),
        ({"over": ["ann"], "sample": 3, "seed": [1]}, "a seed is a whole number, not \\[1\\]"),
        ({"over": ["ann"], "executor": 5}, "an executor has `submit`"),
        ({"over": ["ann"], "progress": 5}, "a function of two numbers, not 5"),
        ({"columns": 5}, "a column for each name, or a dataframe, not 5"),
        ({"columns": "ann"}, "a column for each name, or a dataframe, not 'ann'"),
        ({"columns": {"ann": {0: True}}}, "column ann is a list of yes and no, not {0: True}"),
        ({"columns": {"ann": None}}, "column ann is a list of yes and no, not None"),
    ]
    for keywords, message in ask:
        with pytest.raises(at.AttendanceError, match=message):
            at.sweep(PLEDGES, **keywords)
    with pytest.raises(at.UnknownName, match="did you mean ann"):
        at.sweep(PLEDGES, ["bob"]).counts("anm")
    with pytest.raises(at.QuestionError, match="attends, absent or undetermined"):
        at.sweep(PLEDGES, ["bob"]).rule("ann", "present")
    with pytest.raises(IndexError, match="there are 2 rows"):
        at.sweep(PLEDGES, ["bob"])[2]


def test_a_known_fact_can_be_varied():
    case = at.loads("participants: [ann]\nstatements: [ann attends only if treaty]\nfacts: {treaty: yes}")
    found = at.sweep(case, "treaty")
    assert (1, 1, 0) == found.counts("ann")
    assert "treaty" == str(found.rule("ann"))


# --- big ones ---------------------------------------------------------------------------------------


def crowd(people: int, seed: int = 7) -> at.Case:
    """Positive conditions between random people, and some against each other."""
    draw = Random(seed)
    texts = []
    for i in range(people):
        a, b, c = (draw.randrange(people) for _ in range(3))
        texts.append(
            f"p{i} "
            + draw.choice((f"attends only if p{a} or p{b}", f"attends unless p{a}", f"attends if p{b} and p{c}"))
        )
    return at.case("\n".join(texts))


def test_combinations_are_counted_without_rows():
    people = at.case("\n".join(f"p{i} attends only if q{i}" for i in range(300)))
    over = [f"q{i}" for i in range(300)]
    found = at.sweep(people, over)
    assert 2**300 == found.size
    assert (2**299, 2**299, 0) == found.counts("p7")
    assert "q7" == str(found.rule("p7"))
    assert "absent" == found[2**299]["p1"]
    assert "attends" == found[2**299]["p0"]
    with pytest.raises(at.QuestionError, match="too many for columns"):
        _ = found.columns


def test_what_hangs_on_too_much_is_refused_before_it_is_counted():
    everyone = ", ".join(f"q{i}" for i in range(31))
    case = at.case(f"ann attends only if at least 5 of ({everyone})")
    over = [f"q{i}" for i in range(31)]
    with pytest.raises(at.QuestionError, match="2\\^31 scenarios are too many: ann hangs on 31"):
        at.sweep(case, over)
    found = at.sweep(case, over, sample=1000)
    assert 1000 == sum(found.counts("ann"))
    with pytest.raises(at.QuestionError, match="a rule is made of at most 20"):
        found.rule("ann")
    assert "at least 5 of (q0, q1, q2, q3, q4, q5, q6)" == str(
        at.sweep(at.case("ann attends only if at least 5 of (q0, q1, q2, q3, q4, q5, q6)"), over[:7]).rule("ann")
    )


def test_chunks_make_no_difference(monkeypatch: pytest.MonkeyPatch):
    case = crowd(40)
    over = [f"p{i}" for i in range(0, 40, 4)]
    whole = at.sweep(case, over)
    monkeypatch.setattr(tallying, "LANES", 96)
    monkeypatch.setattr(tallying, "NEAR", 0)
    assert whole == at.sweep(case, over)
    sample = at.sweep(case, over, sample=1000)
    assert [*sample] == [sample[i] for i in range(1000)]


VOTE = at.case("ann attends only if at least 3 of (q0, q1, q2, q3, q4, q5, q6, q7, q8, q9)\nbob attends unless ann")


class Here:
    """An executor that works at once."""

    def __init__(self) -> None:
        self.submitted = 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        self.submitted += 1
        future: Future[Any] = Future()
        future.set_result(function(*pickle.loads(pickle.dumps(arguments))))
        return future


def test_who_counts_makes_no_difference(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tallying, "LANES", 64)
    monkeypatch.setattr(tallying, "NEAR", 0)
    monkeypatch.setattr(tallying, "WORTH", 0.0)
    case = VOTE
    over = [f"q{i}" for i in range(10)]
    alone, here = at.sweep(case, over), Here()
    assert alone == at.sweep(case, over, executor=here)
    assert 0 < here.submitted
    with ProcessPoolExecutor(2) as pool:
        assert alone == at.sweep(case, over, executor=pool)
        assert at.sweep(case, over, sample=5000, seed=3) == at.sweep(case, over, sample=5000, seed=3, executor=pool)


class Never(Here):
    """An executor whose tasks never end."""

    def submit(self, function: Callable[..., Any], /, *arguments: Any) -> Future[Any]:
        return Future()


def test_a_task_that_never_ends_is_waited_for_no_longer_than_was_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tallying, "LANES", 64)
    monkeypatch.setattr(tallying, "NEAR", 0)
    with pytest.raises(at.ResolutionTimeout, match=r"no answer within 0\.2 s"):
        at.sweep(VOTE, [f"q{i}" for i in range(10)], executor=Never(), time_limit=0.2)


def test_what_is_counted_is_kept_when_it_is_broken_off(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tallying, "LANES", 64)
    monkeypatch.setattr(tallying, "NEAR", 0)
    case = VOTE
    over = [f"q{i}" for i in range(10)]
    seen: list[tuple[int, int]] = []

    def progress(done: int, whole: int) -> bool:
        seen.append((done, whole))
        return done < 256

    broken = at.sweep(case, over, progress=progress)
    assert [(64, 1024), (128, 1024), (192, 1024), (256, 1024)] == seen
    assert not broken.complete
    assert broken.counts("ann") == at.sweep(case, over, rows=range(256)).counts("ann")
    assert 256 == sum(broken.counts("ann"))
    seen.clear()
    assert at.sweep(case, over, progress=lambda done, whole: seen.append((done, whole))).complete
    assert (1024, 1024) == seen[-1]


def test_it_is_broken_off_within_a_chunk(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(tallying, "EVERY", 0.0)
    case = crowd(200, seed=3)
    over = [f"p{i}" for i in range(0, 200, 15)]
    broken = at.sweep(case, over, progress=lambda done, whole: False)
    assert not broken.complete
    assert 0 == sum(broken.counts("p1"))
    with pytest.raises(ZeroDivisionError):
        at.sweep(case, over, progress=lambda done, whole: 1 // 0)


def test_a_time_limit_is_kept():
    case = crowd(300, seed=3)
    with pytest.raises(at.ResolutionTimeout, match=r"no answer within 0\.01 s"):
        at.sweep(case, [f"p{i}" for i in range(0, 300, 15)], time_limit=0.01)


# --- rules ------------------------------------------------------------------------------------------


@st.composite
def tables(draw: st.DrawFn) -> summing.Table:
    """Any truth table, a count, or one that may be either way here and there."""
    variables = draw(st.integers(0, 9))
    full = (1 << (1 << variables)) - 1
    must = draw(st.integers(0, full))
    if draw(st.booleans()):
        digits = total([pattern(v, variables) for v in range(variables)], [1] * variables)
        must = summing.at_least(digits, draw(st.integers(0, variables)), full)
        must ^= full * draw(st.integers(0, 1))
    either = draw(st.one_of(st.just(0), st.integers(0, full)))
    return summing.Table(must & ~either, must | either, variables)


@examples(1)
@given(tables())
def test_a_rule_says_what_the_table_does(table: summing.Table) -> None:
    names = [Name(f"x{v}") for v in range(table.variables)]
    rule = summing.rule(table, names)
    for lane in range(1 << table.variables):
        value = truth(rule, {(f"x{v}", None): bool(lane >> v & 1) for v in range(table.variables)})
        assert not table.must >> lane & 1 or value
        assert table.may >> lane & 1 or not value


@examples(0.3)
@given(tables())
def test_no_part_of_an_irredundant_sum_can_be_left_out(table: summing.Table) -> None:
    for find in (summing._irredundant, summing.cubes):
        found = find(table)
        patterns = [pattern(v, table.variables) for v in range(table.variables)]
        planes = [summing._plane(cube, patterns, table.full) for cube in found]
        for number in range(len(found)):
            others = 0
            for i, plane in enumerate(planes):
                others |= plane if i != number else 0
            assert table.must & ~others


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x1 or x2", "x1 or x2"),
        ("x1 and (x2 or x1)", "x1"),
        ("(x1 or x2) and (x3 or x4)", "(x1 or x2) and (x3 or x4)"),
        ("x1 and not x2 or not x1 and x2", "x1 and not x2 or not x1 and x2"),
        ("x1 and x2 or x1 and x3 or x2 and x3", "at least 2 of (x1, x2, x3)"),
        ("not (x1 and x2 or x1 and x3 or x2 and x3)", "at most 1 of (x1, x2, x3)"),
        ("at most 2 of (x1, x2, x3, x4)", "at most 2 of (x1, x2, x3, x4)"),
        ("exactly 2 of (x1, x2, x3, x4)", "exactly 2 of (x1, x2, x3, x4)"),
        ("at least 2 of (x1, not x2, x3)", "at least 2 of (x1, not x2, x3)"),
        ("x1 or not x1", "always"),
        ("x1 and not x1", "never"),
    ],
)
def test_the_shortest_rule_is_told(text: str, told: str) -> None:
    case = at.case(f"ann attends only if {text}")
    over = [name for name in ("x1", "x2", "x3", "x4") if name in text]
    assert told == str(at.sweep(case, over).rule("ann"))


def test_a_rule_over_hundreds_of_terms_is_exact():
    case = crowd(60, seed=11)
    over = [f"p{i}" for i in range(0, 60, 5)]
    found = at.sweep(case, over)
    for a, counts in found.tallies.items():
        rule = found.rule(a)
        share = sum(
            truth(rule, {(n, None): bool(v) for n, v in zip(over, values, strict=True)})
            for values in product((0, 1), repeat=12)
        )
        assert Fraction(counts.attends, 4096) == Fraction(share, 4096)


def test_a_part_is_looked_at_once_for_all_its_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    case = at.Case(
        participants=["a", "b", "c"],
        statements=[{"who": "b", "says": "attends only if a and c"}, {"who": "c", "says": "attends only if b"}],
    )
    found = at.sweep(case, over="a")
    looked, swept = [], tallying.Task.swept

    def looking(self: tallying.Task, *given: Any) -> sweeping.Swept:
        looked.append(self)
        return swept(self, *given)

    monkeypatch.setattr(tallying.Task, "swept", looking)
    assert [str(found.rule(name, "undetermined")) for name in ("b", "c")] == ["a", "a"]
    assert len(looked) == 1


def test_a_sweep_of_more_scenarios_than_len_can_tell_is_still_something() -> None:
    people = [f"p{i}" for i in range(300)]
    found = at.sweep(at.Case(participants=[*people, "q"]), over=people)
    assert found
    with pytest.raises(TypeError, match="counts and rules are by name"):
        found["q"]
