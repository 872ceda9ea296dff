"""The plugin of pytest, and how Hypothesis gets to know our types: in processes of their own, as users have them."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from textwrap import dedent

import pytest

pytest_plugins = ["pytester"]
ROOT = Path(__file__).parent.parent
CASE = "statements: [ann attends only if ben, ben declines]\nparticipants: {ann: , ben: }\n"


@pytest.fixture(autouse=True)
def _installed(tmp_path_factory, monkeypatch):
    """The entry points of pyproject.toml, as an installation has them."""
    folder = tmp_path_factory.mktemp("installed")
    info = folder / "attendance-0.1.0.dist-info"
    info.mkdir()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [f"[{g}]\n" + "".join(f"{k} = {v}\n" for k, v in e.items()) for g, e in project["entry-points"].items()]
    (info / "entry_points.txt").write_text("\n".join(lines), encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: attendance\nVersion: 0.1.0\n", encoding="utf-8")
    path = [str(folder), str(ROOT), os.environ.get("PYTHONPATH", "")]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, path)))
    monkeypatch.delenv("HYPOTHESIS_NO_PLUGINS", raising=False)


def run(code):
    done = subprocess.run([sys.executable, "-c", dedent(code)], capture_output=True, text=True, timeout=100)
    assert 0 == done.returncode, done.stderr
    return done.stdout.strip()


TYPES = """
    @settings(max_examples=5, database=None, deadline=None)
    @given(...)
    def test(case: at.Case, condition: at.Condition, statement: at.Statement, scenario: at.Scenario):
        assert isinstance(case, at.Case) and isinstance(condition, at.Condition)
        assert isinstance(statement, at.Statement) and isinstance(scenario, at.Scenario)
        at.resolve(case)

    @settings(max_examples=5, database=None, deadline=None)
    @given(...)
    def answers(resolution: at.Resolution, timeline: at.Timeline):
        assert set(resolution.verdicts.values()) <= set(at.Verdict)
        assert all(entry.resolution.verdicts for entry in timeline)

    test()
    answers()
    print("generated")
"""


def test_hypothesis_first_and_nothing_of_ours_with_it():
    before = """
    import sys
    from hypothesis import given, settings
    print(*sorted(m for m in sys.modules if m.partition(".")[0] in ("attendance", "pydantic", "yaml", "clingo")))
    import attendance as at
    """
    with_it, generated = run(dedent(before) + dedent(TYPES)).splitlines()
    assert "attendance attendance.errors attendance.testing attendance.testing.registering" == with_it
    assert "generated" == generated


def test_hypothesis_last():
    before = """
    import attendance as at
    at.Case, at.Condition, at.Statement, at.Scenario
    from hypothesis import given, settings
    """
    assert "generated" == run(dedent(before) + dedent(TYPES))


def test_modules_that_are_watched_for_are_as_they_would_be():
    assert "SourceFileLoader SourceFileLoader True" == run("""
        import hypothesis, attendance.model.case as module, inspect
        print(type(module.__loader__).__name__, type(module.__spec__.loader).__name__,
              "class Case" in inspect.getsource(module))
    """)


def test_where_all_is_imported_already_nothing_is_waited_for():
    assert "0 Case" == run("""
        import sys
        import attendance.questions.timeline, attendance.questions.resolve
        from hypothesis import find, strategies
        import attendance as at
        waiting = [finder for finder in sys.meta_path if type(finder).__module__ == "attendance.testing.registering"]
        print(len(waiting), type(find(strategies.from_type(at.Case), lambda case: True)).__name__)
    """)


def test_the_plugin_imports_next_to_nothing():
    assert "attendance attendance.errors attendance.testing attendance.testing.plugin" == run("""
        import sys
        import attendance.testing.plugin
        print(*sorted(m for m in sys.modules if m.partition(".")[0] in ("attendance", "hypothesis", "pydantic")))
    """)


def test_a_module_that_nobody_finds_is_not_found():
    assert "None True" == run("""
        import sys
        from attendance.testing import registering
        registering.register()
        watch = sys.meta_path[0]
        sys.meta_path[:] = [watch]
        print(watch.find_spec("attendance.model.case", None), watch.find_spec("json", None) is None)
    """)


def test_without_hypothesis_it_says_what_to_install():
    assert "tests of your own need Hypothesis: pip install 'attendance[testing]'" == run("""
        import sys
        sys.modules["hypothesis"] = None
        from attendance import testing
        try:
            testing.cases
        except Exception as error:
            print(error)
    """)


def outcome(pytester, *options):
    optimised = ("-W", "ignore:assertions not in test modules or plugins will be ignored")  # said under python -O
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *options, *optimised, timeout=100)


def test_a_case_from_its_file(pytester):
    folder = pytester.mkdir("deep")
    (folder / "talks.yaml").write_text(CASE, encoding="utf-8")
    (folder / "dinner.yaml").write_text(CASE.replace("ben declines", "ben attends"), encoding="utf-8")
    (folder / "test_it.py").write_text(
        dedent("""
        import pytest, attendance as at
        from hypothesis import HealthCheck, given, settings
        from attendance import testing

        @pytest.mark.attendance_case("talks.yaml")
        def test_one(attendance_case):
            assert at.resolve(attendance_case)["ann"] == "absent"

        @pytest.mark.attendance_case("talks.yaml", "dinner.yaml")
        def test_two(attendance_case):
            assert set(at.resolve(attendance_case).verdicts.values()) in ({"absent"}, {"attends"})

        @pytest.mark.attendance_case("talks.yaml")
        class TestClass:
            @settings(deadline=None, suppress_health_check=list(HealthCheck))
            @given(statement=testing.statements(people=2, facts=0, groups=0))
            def test_given(self, attendance_case, statement):
                assert at.resolve(attendance_case, add=[statement])
    """),
        encoding="utf-8",
    )
    outcome(pytester, "--strict-markers", "-W", "error").assert_outcomes(passed=4)


def test_the_file_of_the_ini_option(pytester):
    pytester.makeini("[pytest]\nattendance_case = cases/talks.yaml\n")
    pytester.mkdir("cases").joinpath("talks.yaml").write_text(CASE, encoding="utf-8")
    pytester.mkdir("deep").joinpath("test_it.py").write_text(
        "def test_it(attendance_case):\n    assert len(attendance_case.statements) == 2\n", encoding="utf-8"
    )
    outcome(pytester).assert_outcomes(passed=1)


def test_what_cannot_be_loaded(pytester):
    pytester.makepyfile("""
        import pytest

        @pytest.mark.attendance_case("wrong.yaml")
        def test_wrong(attendance_case): ...

        @pytest.mark.attendance_case("missing.yaml")
        def test_missing(attendance_case): ...

        def test_unmarked(attendance_case): ...
    """)
    pytester.path.joinpath("wrong.yaml").write_text("participants: {ann: }\nstatements: [anne attends]\n")
    result = outcome(pytester)
    result.assert_outcomes(errors=3)
    result.stdout.fnmatch_lines_random(
        [
            "*the case cannot be loaded: *wrong.yaml:2:*: unknown participant 'anne'*",
            "*the case cannot be loaded: *missing.yaml*",
            "which case? Mark the test with @pytest.mark.attendance_case('talks.yaml')*",
        ]
    )
    assert "Traceback" not in str(result.stdout)
    told, _, _ = str(result.stdout).partition("short test summary info")
    assert 1 == told.count("wrong.yaml:2:14")


def test_a_failure_shows_the_smallest_case(pytester):
    pytester.makepyfile("""
        import attendance as at
        from hypothesis import given, settings, Phase
        from attendance import testing

        @settings(phases=[Phase.generate, Phase.shrink], deadline=None, derandomize=True)
        @given(testing.cases(people=2, facts=0, groups=0))
        def test_it(case):
            assert at.resolve(case).consistent
    """)
    result = outcome(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["*the case 'case' as YAML*", "participants:", "  ann: {}", "statements:", "- ann attends", "- ann declines"],
        consecutive=True,
    )


def test_no_case_no_section_and_a_long_one_is_cut_off(pytester):
    pytester.makepyfile("""
        import attendance as at

        def test_without():
            assert not "a case"

        def test_long():
            crowd = at.case("\\n".join(f"p{i} attends" for i in range(300)))
            again = crowd
            assert not crowd.statements

        def test_group():
            case = at.case("ann attends")

            def inner(other):
                raise ExceptionGroup("two", [ValueError(other)])

            inner(at.case("ben attends"))
    """)
    result = outcome(pytester)
    result.assert_outcomes(failed=3)
    printed = str(result.stdout)
    assert 3 == printed.count("as YAML ")
    assert "the case 'crowd' as YAML" in printed
    assert "the case 'other' as YAML" in printed
    result.stdout.fnmatch_lines(["... and * more lines"])


def test_a_case_that_cannot_be_written_is_said_to_be_such(pytester):
    pytester.makepyfile("""
        import attendance as at

        def test_it():
            people = [f"participant_number_{i}" for i in range(1200)]
            crowd = at.Case(participants=people, rules=[at.all_of(*people)])
            assert not crowd.rules
    """)
    result = outcome(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["it cannot be written: a text of 28897 characters cannot be read again: *"])


def test_a_failing_machine_shows_what_was_said(pytester):
    pytester.makepyfile("""
        from hypothesis import settings, Phase
        from attendance import testing

        class Deaf(testing.DeskMachine):
            def say(self, statement): ...

        TestDeaf = Deaf.TestCase
        TestDeaf.settings = settings(phases=[Phase.generate, Phase.shrink], stateful_step_count=4, deadline=None)
    """)
    result = outcome(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*state.says(*", "*the case 'self.story' as YAML*", "  ann: {}"])


def test_a_failing_machine_shows_what_was_withdrawn(pytester):
    pytester.makepyfile("""
        from hypothesis import settings, Phase
        import attendance as at
        from attendance import testing

        class Deaf(testing.DeskMachine):
            begins = at.loads("{participants: {ann: }, scenarios: {sick: {assume: {ann: no}}}}")

            def withdraw(self, name): ...

        TestDeaf = Deaf.TestCase
        TestDeaf.settings = settings(phases=[Phase.generate, Phase.shrink], stateful_step_count=4, deadline=None)
    """)
    result = outcome(pytester)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*the case 'self.story' as YAML*", "statements:", "*ann*", "scenarios:"])
    result.stdout.fnmatch_lines(
        ["  sick:", "    assume:", "      ann: false", "  withdrawn:", "    withdraw:", "    - ann.1"]
    )
    assert "in compare" not in str(result.stdout)


def test_a_failure_shows_statements_and_scenarios_and_answers(pytester):
    pytester.makepyfile("""
        import attendance as at

        CASE = at.case("ann attends")

        def test_words():
            said = at.Statement(who="ann", says="declines", said="2025-05-10")
            scenario = at.Scenario(assume={"ann": True}, reading="literal")
            several, none, names = [said, said], [], ["ann"]
            assert "absent" == at.resolve(CASE, scenario=scenario, add=said)["ann"]

        def test_answers():
            proof, other = at.always(CASE, "ann"), at.always(CASE, "not ann")
            assert at.check(at.loads("{participants: {ann: }, expect: {'': {ann: attends}}}"))
    """)
    result = outcome(pytester)
    result.assert_outcomes(failed=2)
    lines = result.stdout
    words = ["- who: ann", "  says: declines", "  said: 2025-05-10"]
    lines.fnmatch_lines(["*the statement 'said' as YAML*", "statements:", *words], consecutive=True)
    supposed = ["scenarios:", "  found:", "    assume:", "      ann: true", "    reading: literal"]
    lines.fnmatch_lines(["*the scenario 'scenario' as YAML*", *supposed], consecutive=True)
    lines.fnmatch_lines(["*the statements 'several' as YAML*", "statements:", *words, *words], consecutive=True)
    lines.fnmatch_lines(["*the case 'CASE' as YAML*", "participants:", "  ann: {}"], consecutive=True)
    lines.fnmatch_lines(
        ["*assert <0 of 1 expected answers came; ann: expected attends, found undetermined (unstated)>"]
    )
    lines.fnmatch_lines(["*the answer 'other'*", "not always: not ann", "counterexample: ann"], consecutive=True)
    lines.fnmatch_lines(["*- the answer -*", "0 of 1 expected answers came", "ann: expected *"], consecutive=True)
    assert "'proof'" not in str(lines)
    assert "'names'" not in str(lines)
