"""The case files in seeds/: each loads, gets the answers it expects from every engine, and survives writing."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

import attendance as at

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").iterdir())
NAMES = [file.stem for file in SEEDS]
WIDE = {
    "enumeration": {"granovetter-1978", "kyoto-1997", "popular-vote-2007", "security-council-1965"},
    "tables": {"granovetter-1978"},
}
"""Seeds in which more hang together than an engine can list."""
REFUSING = {
    "propagation": {"birds", "cousins-party", "nocoug-2012", "presenters", "tv-family", "volunteers"},
    "durable": {
        "americas-2022",
        "birds",
        "cousins-party",
        "invitations-2015",
        "presenters",
        "tv-family",
        "volunteers",
    },
    "sat": set(),
}
"""Seeds of which an engine that refuses what it is not made for answers no scenario; of all others it answers some."""

every_seed = pytest.mark.parametrize("seed", SEEDS, ids=NAMES)


def test_the_seeds_are_there():
    assert [
        "americas-2022",
        "bali-2022",
        "birds",
        "buergenstock-2024",
        "council-1958",
        "cousins-party",
        "granovetter-1978",
        "invitations-2015",
        "istanbul-2025",
        "kyoto-1997",
        "largest-number",
        "mutual-promises",
        "nocoug-2012",
        "odd-circle",
        "popular-vote-2007",
        "presenters",
        "security-council-1965",
        "touchy-friends",
        "tv-family",
        "volunteers",
    ] == NAMES


@every_seed
@pytest.mark.parametrize("engine", ["auto", "tables", "clingo", "enumeration"])
def test_every_expected_answer_comes(seed, engine):
    if seed.stem in WIDE.get(engine, ()):
        with pytest.raises(at.EngineUnsuitable, match="are free"):
            at.check(at.load(seed), engine=engine)
        return
    report = at.check(at.load(seed), engine=engine)
    assert () == report.failures
    assert report
    assert 0 < report.tried


def answered(engine, seed):
    """How many scenarios an engine answers as auto does; the others it has to refuse, or the two differ."""
    case, count = at.load(seed), 0
    for scenario in ("", *(s.id for s in case.scenarios)):
        try:
            found = at.resolve(case, scenario=scenario, engine=engine)
        except at.EngineUnsuitable:
            continue
        count += 1
        assert at.resolve(case, scenario=scenario) == found
    return count


@every_seed
@pytest.mark.parametrize("engine", ["propagation", "sat"])
def test_an_engine_with_bounds_answers_alike_or_not_at_all(seed, engine):
    # These refuse what they are not made for, so `check` would end there.
    if engine == "sat" and find_spec("pysat") is None and "CI" not in os.environ:
        pytest.skip("python-sat is not installed")
    assert (answered(engine, seed) > 0) == (seed.stem not in REFUSING[engine])


def test_durable_answers_alike_or_not_at_all():
    # in a process of its own: a fault in there is none of the suite
    pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    asked = "from tests.test_seeds import *; print([s.stem for s in SEEDS if not answered('durable', s)])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert 0 == done.returncode, done.stderr
    assert f"{sorted(REFUSING['durable'])}\n" == done.stdout


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


@every_seed
def test_a_seed_names_its_answer_and_its_source(seed):
    text = seed.read_text(encoding="utf-8")
    about = text[: text.index("title:")]
    assert all(line.startswith("#") for line in about.splitlines())
    assert 1 == len(re.findall(r"^# The answer[,:]", about, flags=re.M))
    assert 1 == len(re.findall(r"^# Source: ", about, flags=re.M))
    assert 120 >= max(map(len, text.splitlines()))


@pytest.mark.parametrize("engine", ["auto", "tables", "clingo", "enumeration"])
def test_the_mutual_loop_has_two_outcomes(engine):
    case = at.load(ROOT / "seeds" / "istanbul-2025.yaml")
    found = at.outcomes(case, scenario="mutual-loop", order="fewest", engine=engine)
    three = {"putin", "trump", "zelensky"}
    assert [set(), three] == [three & outcome.attending for outcome in found]
