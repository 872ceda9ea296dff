"""The case files in seeds/: each loads, gets the answers it expects from every engine, and survives writing."""

from pathlib import Path

import pytest

import attendance as at

SEEDS = sorted((Path(__file__).parent.parent / "seeds").iterdir())
WIDE = {"kyoto-1997", "popular-vote-2007"}
"""Seeds in which one quota is over more people than can be listed."""
NAMES = [file.stem for file in SEEDS]

every_seed = pytest.mark.parametrize("seed", SEEDS, ids=NAMES)


def test_the_seeds_are_there():
    assert [
        "americas-2022",
        "bali-2022",
        "buergenstock-2024",
        "invitations-2015",
        "istanbul-2025",
        "kyoto-1997",
        "mutual-promises",
        "popular-vote-2007",
    ] == NAMES


@every_seed
@pytest.mark.parametrize("engine", ["auto", "tables", "clingo", "enumeration"])
def test_every_expected_answer_comes(seed, engine):
    if seed.stem in WIDE and engine == "enumeration":
        with pytest.raises(at.EngineUnsuitable, match="are free"):
            at.check(at.load(seed), engine=engine)
        return
    report = at.check(at.load(seed), engine=engine)
    assert () == report.failures
    assert report
    assert 0 < report.tried


@every_seed
def test_propagation_answers_alike_or_not_at_all(seed):
    # It refuses what needs a search, so `check` would count the refusal as a failure.
    case, answered = at.load(seed), 0
    for scenario in ("", *(s.id for s in case.scenarios)):
        try:
            found = at.resolve(case, scenario=scenario, engine="propagation")
        except at.EngineUnsuitable:
            continue
        answered += 1
        assert at.resolve(case, scenario=scenario) == found
    assert 0 < answered


@every_seed
def test_every_scenario_is_expected_something(seed):
    case = at.load(seed)
    assert {"", *(s.id for s in case.scenarios)} == {e.scenario for e in case.expect}


@every_seed
@pytest.mark.parametrize("format", ["yaml", "json", "toml"])
def test_a_seed_survives_writing_and_reading(seed, format):
    case = at.load(seed)
    assert case == at.loads(at.dumps(case, format=format), format=format)


@every_seed
def test_a_seed_begins_by_saying_what_it_is(seed):
    assert seed.read_text(encoding="utf-8").startswith("# The ")


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo", "enumeration"])
def test_the_mutual_loop_has_two_outcomes(engine):
    case = at.load(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
    found = at.outcomes(case, scenario="mutual-loop", order="fewest", engine=engine)
    three = {"putin", "trump", "zelensky"}
    assert [set(), three] == [three & outcome.attending for outcome in found]
