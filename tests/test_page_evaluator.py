"""The page's evaluator, in Chromium, says what Python says: whatever the case, and whatever is switched.

Set ATTENDANCE_EXAMPLES to try another number of cases than 2,000 in all.
"""

import json
import os
import random
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.compiler import Compiled, compile_case
from attendance.faces.page.evaluator import script
from attendance.faces.page.network import exported, wired
from attendance.model.roster import assumed_place, attendance_of
from attendance.model.scenario import Scenario
from attendance.network import Network, State, clashes, holds, repaired_outcomes, repairs, values
from attendance.questions.asking import ask
from attendance.questions.resolve import verdicts_of
from tests.cases import Asked, asked
from tests.chromium import SECONDS, browser
from tests.networks import VAST, crowds, networks
from tests.sizes import shares
from tests.test_seeds import SEEDS

THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or (20_000 if THOROUGH else 2_000))
examples = shares(EXAMPLES)

BUDGET = 20_000_000
Switches = Sequence[bool | str | None]
Answer = dict[str, Any]
Evaluate = Callable[..., list[Answer]]

EACH = (
    """text => JSON.stringify(JSON.parse(text).map(([network, values, budget]) => evaluate(network, values, budget)))"""
)


@pytest.fixture(scope="module")
def opened() -> Iterator[Any]:
    """One browser for all that is asked here."""
    with browser() as found:
        yield found


def page_of(opened: Any) -> tuple[Any, list[str]]:
    """An empty page, and what goes wrong in it."""
    page, complaints = opened.new_page(), list[str]()
    page.set_default_timeout(SECONDS * 1000)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("request", lambda request: complaints.append(request.url))
    return page, complaints


@pytest.fixture(scope="module")
def evaluate(opened: Any) -> Evaluate:
    """What the evaluator says of a network under several positions of its switches."""
    page, complaints = page_of(opened)
    page.add_script_tag(content=script())

    def answers(network: Answer, *positions: Switches, budget: int = BUDGET) -> list[Answer]:
        found = page.evaluate(EACH, json.dumps([[network, list(of), budget] for of in positions]))
        assert not complaints
        return list(json.loads(found))

    return answers


# --- what Python says of a case with its switches in some position -----------------------------------


def switched(compiled: Compiled, positions: Switches) -> tuple[at.Case, Scenario]:
    """The case and its scenario with the switches in that position: what is assumed of anybody, and of facts."""
    case, scenario, people = compiled.case, compiled.scenario, len(compiled.attendances)
    named = {atom_of(compiled, key): key for key, _ in scenario.assume}
    assume = dict(scenario.assume)
    for atom, value in enumerate(positions):
        key = named.get(atom, compiled.facts[atom - people] if atom >= people else None)
        if value == "free":
            assume.pop(named.get(atom, ""), None)
        elif value is not None:
            assume[key or written(compiled, atom)] = value
    unknown = {f for f, value in zip(compiled.facts, positions[people:], strict=True) if value == "free"}
    facts = tuple(f.model_copy(update={"value": None}) if f.id in unknown else f for f in case.facts)
    free = case.standing(case.statements, [tuple(a) for a in compiled.attendances], facts=facts)
    return free, scenario.model_copy(update={"assume": tuple(assume.items())})


def atom_of(compiled: Compiled, key: str) -> int:
    attendance = attendance_of(compiled.case.roster, compiled.case.counting((compiled.scenario,)), key)
    if attendance is not None:
        return compiled.index[attendance]
    place = assumed_place(compiled.case.roster, key)
    assert place is not None
    return len(compiled.attendances) + compiled.facts.index(place.name)


def written(compiled: Compiled, atom: int) -> str:
    return str(exported(compiled)["atoms"][atom])


def said(compiled: Compiled, positions: Switches) -> Answer | None:
    """What Python says, in the page's words; None where it is impossible."""
    case, scenario = switched(compiled, positions)
    try:
        found = at.resolve(case, scenario=scenario)
    except at.ImpossibleScenario:
        return None
    numbers = {name: atom for atom, name in enumerate((*compiled.attendances, *compiled.facts))}
    causes = {a: {"cause": str(c.cause), "on": [numbers[n] for n in c.on]} for a, c in found.causes.items()}
    return {
        "verdicts": [str(found.verdicts[a]) for a in compiled.attendances],
        "causes": [causes.get(a) for a in compiled.attendances],
        "facts": [found.facts[f] for f in compiled.facts],
        "held": [str(found.gatherings[g].held) for g in compiled.held],
        "turnout": [list(found.gatherings[g].turnout) for g in compiled.held],
        "consistent": found.consistent,
        "conflicts": [c.to_dict() for c in found.conflicts],
    }


def in_pythons_words(compiled: Compiled, found: Answer) -> Answer | None:
    """What the page says, with people by name; None where it is impossible."""
    if "impossible" in found:
        return None
    conflicts = [
        of | {"participants": list(dict.fromkeys(compiled.attendances[x].participant for x in of["people"]))}
        for of in found.get("conflicts", ())
    ]
    told = {key: value for key, value in found.items() if key != "steps"}
    return told | {"conflicts": [{k: v for k, v in of.items() if k != "people"} for of in conflicts]}


def compare(evaluate: Evaluate, compiled: Compiled, positions: Sequence[Switches]) -> list[Answer]:
    """Ask both of the case with its switches in those positions; what the page says."""
    network = json.loads(json.dumps(exported(compiled)))
    answers = evaluate(network, *positions)
    for of, answer in zip(positions, answers, strict=True):
        about = f"\n{at.dumps(compiled.case)}\nin {compiled.scenario!r}\n" + "\n".join(
            f"switched: {name} to {value}"
            for name, value in zip(network["atoms"], of, strict=True)
            if value is not None
        )
        assert in_pythons_words(compiled, answer) == said(compiled, of), about
    return answers


def positions_of(draw: random.Random, size: int, stirred: float) -> Switches:
    """Some of the switches moved."""
    return [draw.choice((True, False, "free")) if draw.random() < stirred else None for _ in range(size)]


# --- generated cases ----------------------------------------------------------------------------------


@examples(0.2)
@given(asked(), st.randoms(use_true_random=False))
def test_it_says_what_python_says(evaluate: Evaluate, asked: Asked, draw: random.Random) -> None:
    compiled = compile_case(asked.case, asked.scenario)
    size = compiled.network.atoms
    positions = [positions_of(draw, size, stirred) for stirred in (0, 0.2, 0.5)]
    compare(evaluate, compiled, positions)


def larger(draw: random.Random) -> tuple[at.Case, Scenario]:
    """A case of some 10 to 30 people, too large to be listed; those of at most 12 may hold a contradiction or two."""
    people = [f"p{i}" for i in range(draw.randint(8, 30))]
    width, negated, thresholds = draw.randint(1, 4), draw.choice((0, 0.3)), draw.choice((0, 0.2, 0.8))
    lines = [f"{who} {draw.choice(SAID)} {condition(draw, who, people, width, negated, thresholds)}" for who in people]
    rules = []
    if len(people) <= 12:
        lines += [f"{who} {draw.choice(('attends', 'declines', 'might attend'))}" for who in draw.sample(people, 2)]
        rules = [condition(draw, "", people, 3, negated, thresholds) for _ in range(draw.choice((0, 0, 1, 2)))]
    lines = draw.sample(lines, len(lines) - draw.randint(0, 3))
    case = at.case("\n".join(lines), facts=("rain", "deal"), rules=rules)
    return case, Scenario(founded=draw.random() < 0.4)


SAID = (
    "attends only if",
    "attends only if",
    "attends if",
    "might attend if",
    "attends if and only if",
    "attends unless",
)


def condition(
    draw: random.Random, who: str, people: Sequence[str], width: int, negated: float, thresholds: float
) -> str:
    """A count over all, or a few names that are joined; never over who is spoken of."""
    others = [name for name in people if name != who]
    if draw.random() < thresholds:
        crowd = "others" if who and draw.random() < 0.7 else "everyone"
        return f"{draw.choice(('at least', 'at least', 'at most'))} {draw.randint(1, len(others))} of {crowd}"
    names = [*draw.sample(others, width), *draw.sample(("rain", "deal"), draw.random() < 0.1)]
    signed = [f"not {name}" if draw.random() < negated else name for name in names]
    joint = draw.choice((" and ", " or ", ", "))
    return f"at least {draw.randint(1, len(names))} of ({', '.join(signed)})" if joint == ", " else joint.join(signed)


@examples(0.05)
@given(st.integers(0, 1 << 30))
def test_it_says_what_python_says_of_larger_cases(evaluate: Evaluate, seed: int) -> None:
    draw = random.Random(seed)
    compiled = compile_case(*larger(draw))
    people, positions = len(compiled.attendances), [positions_of(draw, compiled.network.atoms, s) for s in (0, 0.1)]
    for of, answer in zip(positions, evaluate(exported(compiled), *positions), strict=True):
        case, scenario = switched(compiled, of)
        try:
            found = ask(case, scenario, {})
            solution = found.solution
        except at.ImpossibleScenario:
            assert {"impossible"} == answer.keys()
            continue
        verdicts, held = verdicts_of(solution, people, found.compiled.held)
        assert [*map(str, verdicts)] == answer["verdicts"], seed
        assert [*map(str, held.values())] == answer["held"], seed
        assert solution.consistent == answer["consistent"], seed
        if solution.consistent:  # where it is not, to list all that clashes may take minutes
            assert said(compiled, of) == in_pythons_words(compiled, answer), seed


# --- generated networks, beside the definition --------------------------------------------------------


def defined(network: Network, asked: Sequence[int], crowd: Sequence[int]) -> Answer | None:
    """What the definition says of literals and of the size of a crowd; None where it is impossible."""
    states: list[State] = repaired_outcomes(network)
    if not states:
        return None
    nodes = [values(network, state) for state in states]
    words = {frozenset((True,)): "held", frozenset((False,)): "not held"}
    return {
        "held": [words.get(frozenset(holds(q, of) for of in nodes), "undetermined") for q in asked],
        "turnout": [[least([sum(state[x] for x in crowd) for state in states], f) for f in (min, max)]],
        "consistent": repairs(network) == [frozenset()],
        "clashes": sorted(map(sorted, clashes(network))),
        "repairs": sorted(map(sorted, repairs(network))),
    }


def least(numbers: Sequence[int], of: Callable[[Sequence[int]], int]) -> int:
    return of(numbers)


def as_defined(found: Answer) -> Answer | None:
    if "impossible" in found:
        return None
    conflicts = found["conflicts"]
    assert all(of["complete"] for of in conflicts)
    return {
        **{key: found[key] for key in ("held", "turnout", "consistent")},
        "clashes": sorted(sorted(clash) for of in conflicts for clash in of["clashes"]),
        "repairs": sorted(sorted(chain(*one)) for one in product(*(of["repairs"] for of in conflicts))),
    }


def agree_by_definition(evaluate: Evaluate, network: Network, draw: random.Random) -> None:
    nodes = network.atoms + len(network.gates)
    asked, crowd = [*range(nodes), *range(-nodes, 0)], [x for x in range(network.attendances) if draw.random() < 0.7]
    ids = list(
        dict.fromkeys([*(p.statement for s in network.stances for p in s.parts), *(r for r, _ in network.rules)])
    )
    sent = wired(network, ids) | {"held": asked, "crowds": [crowd], "choices": [None] * network.attendances}
    positions = [positions_of(draw, network.atoms, stirred) for stirred in (0, 0.3)]
    for of, answer in zip(positions, evaluate(sent, *positions), strict=True):
        fixed = [
            stated if v is None else None if v == "free" else v for v, stated in zip(of, network.fixed, strict=True)
        ]
        assert as_defined(answer) == defined(network.varied(fixed=tuple(fixed)), asked, crowd), (network, of)


@examples(0.1)
@given(networks(lost=False, rules=1), st.randoms(use_true_random=False))
def test_it_keeps_to_the_definition(evaluate: Evaluate, network: Network, draw: random.Random) -> None:
    agree_by_definition(evaluate, network, draw)


@examples(0.05)
@given(networks(lost=False, rules=1, weights=VAST), st.randoms(use_true_random=False))
def test_weights_of_any_size_are_exact(evaluate: Evaluate, network: Network, draw: random.Random) -> None:
    agree_by_definition(evaluate, network, draw)


@examples(0.05)
@given(crowds(lost=False), st.randoms(use_true_random=False))
def test_crowds_that_speak_of_themselves(evaluate: Evaluate, network: Network, draw: random.Random) -> None:
    agree_by_definition(evaluate, network, draw)


# --- the seeds ----------------------------------------------------------------------------------------


SMALL = [file for file in SEEDS if file.stem not in {"granovetter-1978", "kyoto-1997", "popular-vote-2007"}]
"""Of a hundred people, and of large sums, Python may search for minutes, and the page give up."""


@pytest.mark.parametrize("seed", SMALL, ids=lambda file: file.stem)
def test_it_says_of_the_seeds_what_python_says(evaluate: Evaluate, seed: Any) -> None:
    case, draw = at.load(seed), random.Random(seed.stem)
    for scenario in (Scenario(), *case.scenarios):
        for founded in (None, True):
            compiled = compile_case(case, scenario.model_copy(update={"founded": founded}))
            size = compiled.network.atoms
            positions = [positions_of(draw, size, stirred) for stirred in (0, 1 / size, 2 / size, 0.1, 0.4)]
            answers = compare(evaluate, compiled, positions)
            assert not any("hard" in answer for answer in answers)


def test_zelensky_comes_once_putin_is_switched_on(evaluate: Evaluate) -> None:
    case = at.load(next(file for file in SEEDS if file.stem == "istanbul-2025"))
    network = exported(compile_case(case, Scenario()))
    atoms = network["atoms"]
    stated, switched = evaluate(network, [None] * len(atoms), [name == "putin" or None for name in atoms])
    zelensky = atoms.index("zelensky")
    assert ("absent", "attends") == (stated["verdicts"][zelensky], switched["verdicts"][zelensky])


# --- names, budgets ------------------------------------------------------------------------------------

HOSTILE = (
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "length",
    "</script><script>alert(1)",
    "${alert(1)}",
)
CLOSED = (
    """<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'nonce-it'">"""
)


def test_names_are_never_run_nor_keys(evaluate: Evaluate) -> None:
    names = "{" + ", ".join(f'"{name}": ' for name in HOSTILE) + "}"
    of = [f'\'"{who}" attends only if "{other}"\'' for who, other in pairwise(HOSTILE)]
    text = f"""
participants: {names}
facts: {{valueOf: , "__defineGetter__": yes}}
statements: [{", ".join(of)}, {{id: "__proto__.2", who: length, says: declines}}, {{id: prototype, who: length, says: attends}}]
rules: [{{id: apply, rule: at most 2 of everyone}}, {{id: call, rule: valueOf or not valueOf}}]
"""
    compiled = compile_case(at.loads(text), Scenario())
    size = compiled.network.atoms
    draw = random.Random(7)
    compare(evaluate, compiled, [positions_of(draw, size, stirred) for stirred in (0, 0.2, 0.5, 0.8)])


def test_a_page_that_forbids_to_run_text_can_run_it(opened: Any) -> None:
    network = exported(compile_case(at.case("ann attends only if bob\nbob attends"), Scenario()))
    page, complaints = page_of(opened)
    asked = f"document.title = evaluate({json.dumps(network)}, [null, null], 1000).verdicts"
    page.set_content(f'{CLOSED}<script nonce="it">{script()}</script><script nonce="it">{asked}</script>')
    assert ("attends,attends", []) == (page.title(), complaints)


def test_the_script_can_stand_in_a_page() -> None:
    assert "</" not in script()
    assert "<!--" not in script()
    assert script().isascii()


def parity(people: int, seed: int) -> at.Case:
    """Random sums of three that must be odd: nothing follows from a few of them, and all together cannot be."""
    draw, names = random.Random(seed), [f"p{i}" for i in range(people)]
    rules = []
    for _ in range(people + 4):
        three = ", ".join(draw.sample(names, 3))
        odd = f"exactly 1 of ({three}) or all of ({three})"
        rules.append(odd if draw.random() < 0.5 else f"not ({odd})")
    return at.case("\n".join(f"{name} might attend" for name in names), rules=rules)


def test_a_case_that_is_too_hard_says_so_and_guesses_nothing(evaluate: Evaluate) -> None:
    network = exported(compile_case(parity(70, 1), Scenario()))
    [answer] = evaluate(network, [None] * 70, budget=1_000_000)
    assert {"hard"} == answer.keys()


def test_verdicts_stand_where_the_turnout_is_too_hard(evaluate: Evaluate) -> None:
    draw, people = random.Random(1), [f"p{i}" for i in range(60)]
    lines = []
    for who in people:
        three = draw.sample([name for name in people if name != who], 3)
        lines.append(
            f"{who} might attend only if at least {draw.randint(1, 2)} of ({', '.join(f'not {n}' for n in three)})"
        )
    compiled = compile_case(at.case("\n".join(lines)), Scenario())
    [answer] = evaluate(exported(compiled), [None] * 60, budget=1_000_000)
    assert answer["turnout"] is None
    assert answer["verdicts"] == [str(v) for v in at.resolve(compiled.case).verdicts.values()]


@examples(0.05)
@given(asked(), st.integers(0, 3000))
def test_what_is_said_within_a_budget_is_right(evaluate: Evaluate, asked: Asked, budget: int) -> None:
    network = exported(compile_case(asked.case, asked.scenario))
    stated: Switches = [None] * len(network["atoms"])
    [whole], [part] = evaluate(network, stated), evaluate(network, stated, budget=budget)
    if "impossible" in part:
        assert part == whole
        return
    if "hard" in part:
        assert "impossible" in whole or whole["steps"] > budget
        return
    turnout = None if part["turnout"] is None else whole["turnout"]
    conflicts = [
        full if told["complete"] else full | {"complete": False, "clashes": told["clashes"], "people": told["people"]}
        for told, full in zip(part["conflicts"], whole["conflicts"], strict=True)
    ]
    assert part == whole | {"turnout": turnout, "conflicts": conflicts, "steps": part["steps"]}
    assert part["steps"] <= budget
    for told, full in zip(part["conflicts"], whole["conflicts"], strict=True):
        assert all(clash in full["clashes"] for clash in told["clashes"])


# --- without Chromium ---------------------------------------------------------------------------------


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)])
def test_without_chromium_it_is_skipped_but_not_where_all_is_checked(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(outcome, match="apt-get install chromium"), browser():
        pass
