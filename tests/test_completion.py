"""Completion: what is offered, from which file, and that no name is run by a shell."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.shell_completion import ShellComplete

import attendance as at
from attendance.faces.cli import COMMANDS, WITHOUT_FILE, cli
from attendance.faces.shells import SHELLS, quoted, typed
from tests import test_cli
from tests.test_cli import Attend, Ended, refused

attend = test_cli.attend

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
CASE = at.load(SEED)
PEOPLE = ["putin", "zelensky", "trump", "medinsky", "rubio", "erdogan", "zelensky at ankara", "erdogan at ankara"]
NAMES = [*PEOPLE, "russia", "ukraine", "usa", "turkey"]
HOSTILE = [
    "plain",
    "jean paul",
    "it's",
    "$(touch pwned)",
    "`touch pwned`",
    "a;touch pwned",
    "a|touch pwned",
    "a&touch pwned",
    "*",
    '"q"',
    "a,b",
    "x=y",
    "at@home:8",
    "~",
    "wow!!",
    "back\\slash",
    "été",
    "(x)",
    "{a,b}",
    "#no",
    "<in",
    ">pwned",
    "習近平",
    "a\u00a0b",
]


def offered(*words: str) -> list[str]:
    """What click offers for the last of those words."""
    *args, incomplete = words
    shell = ShellComplete(cli, {}, "attendance", "_ATTENDANCE_COMPLETE")
    return [item.value for item in shell.get_completions([*args], incomplete)]


def test_commands_and_options() -> None:
    assert [*COMMANDS] == offered("")
    assert ["report", "resolve"] == offered("re")
    assert ["--given"] == offered("resolve", SEED, "--gi")


@pytest.mark.parametrize("command", COMMANDS)
def test_which_commands_begin_with_a_file(command: str) -> None:
    parameters = cli.get_command(click.Context(cli), command).params
    first = next((p.name for p in parameters if isinstance(p, click.Argument)), None)
    assert (first in ("file", "files")) is (command not in WITHOUT_FILE)


def test_commands_and_files_are_completed_without_the_library(tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text("", encoding="utf-8")
    code = (
        "import sys; from attendance.faces.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"
    )
    for words, offered_ in (("attendance sw", "plain,sweep"), ("attendance resolve c", "path,case.yaml")):
        number = str(len(words.split()) - 1)
        env = {**os.environ, "_ATTENDANCE_COMPLETE": "bash_complete", "COMP_WORDS": words, "COMP_CWORD": number}
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, cwd=tmp_path, capture_output=True, text=True, timeout=60
        )
        assert offered_ == done.stdout.strip()
        assert not {"pydantic", "yaml", "clingo", "rich", "nanoarrow"} & set(done.stderr.split())


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["why", SEED, ""], PEOPLE),
        (["why", SEED, "zel"], ["zelensky", "zelensky at ankara"]),
        (["why", SEED, "--scenario", "no-list", "tr"], ["trump"]),
        (["resolve", SEED, "--assume", ""], [f"{name}=" for name in PEOPLE]),
        (["resolve", SEED, "--assume", "putin="], ["putin=yes", "putin=no"]),
        (["resolve", SEED, "--assume", "zelensky at ankara=n"], ["zelensky at ankara=no"]),
        (["resolve", SEED, "--assume=pu"], ["putin="]),
        (["resolve", SEED, "--scenario", ""], [str(s.id) for s in CASE.scenarios]),
        (["resolve", SEED, "--withdraw", "z"], ["z0", "z", "zw"]),
        (["resolve", SEED, "--believe", "K"], ["Kremlin statement"]),
        (["resolve", SEED, "--disbelieve", "v"], ["video address"]),
        (["resolve", SEED, "--engine", ""], [row.name for row in at.ENGINES]),
        (["resolve", SEED, "--given", "putin and ze"], ["putin and zelensky"]),
        (["resolve", SEED, "--given", "at least 2 of (ru"], ["at least 2 of (rubio", "at least 2 of (russia"]),
        (["resolve", SEED, "--add", "pu"], ["putin"]),
        (["resolve", SEED, "--add", "putin att"], []),
        (["needs", SEED, "--goal", "not ta"], ["not talks"]),
        (["needs", SEED, "--goal", "putin", "--forbid", "t"], ["trump", "turkey"]),
        (["needs", SEED, "--cost", "r"], ["rubio="]),
        (["sweep", SEED, "--over", "ru"], ["rubio", "russia"]),
        (["sweep", SEED, "--over", ""], NAMES),
        (["always", SEED, "med"], ["medinsky"]),
        (["compare", SEED, "no"], ["no-list"]),
        (["compare", SEED, "no-list", "mut"], ["mutual-loop"]),
        (["cascade", SEED, "--start", "er"], ["erdogan", "erdogan at ankara"]),
        (["graph", SEED, "--why", "tr"], ["trump"]),
        (["completion", ""], ["bash", "zsh", "fish"]),
    ],
    ids=" ".join,
)
def test_the_names_of_the_case(words: list[str], expected: list[str]) -> None:
    assert expected == offered(*words)


def test_facts_weights_and_rules(tmp_path: Path) -> None:
    file = tmp_path / "case.yaml"
    file.write_text(
        "participants: {ann: {weights: {seats: 2}}, jean paul: }\nfacts: [rain]\nrules: [at most 1 of everyone]\n"
        "statements: [ann attends, '\"jean paul\" declines']\n",
        encoding="utf-8",
    )
    assert ["rain="] == offered("resolve", str(file), "--assume", "r")
    assert ["rain=yes", "rain=no"] == offered("resolve", str(file), "--assume", "rain=")
    assert ["rain="] == offered("chance", str(file), "--probability", "r")
    assert ["seats"] == offered("invite", str(file), "--weight", "")
    assert ["ann.1", "jean paul.1", "rule.1"] == offered("resolve", str(file), "--withdraw", "")
    assert ['ann and "jean paul"'] == offered("resolve", str(file), "--given", 'ann and "j')


def test_files_are_case_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b.yaml", "a.yml", "c.JSON", "d.toml", "e.txt", "f", ".hidden.yaml", "inner/g.yaml", "a b.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert ["a b.yaml", "a.yml", "b.yaml", "c.JSON", "d.toml", "inner/"] == offered("resolve", "")
    assert ["inner/g.yaml"] == offered("check", "b.yaml", "inner/")
    assert [".hidden.yaml"] == offered("resolve", ".h")
    assert ["~/inner/g.yaml"] == offered("engines", "~/inner/")
    assert [f"{tmp_path}/b.yaml"] == offered("resolve", f"{tmp_path}/b")
    assert [] == offered("resolve", "nowhere/")


@pytest.mark.parametrize("content", ["participants: [", "statements: [ann atends]", "\0", "[]", "x" * 1_000_001])
def test_a_broken_file_is_passed_over(tmp_path: Path, content: str) -> None:
    file = tmp_path / "broken.yaml"
    file.write_text(content, encoding="utf-8")
    for words in (["why", str(file), ""], ["resolve", str(file), "--assume", ""], ["why", "-", ""]):
        assert [] == offered(*words)
    assert [] == offered("why", str(tmp_path / "none.yaml"), "")
    assert [] == offered("why", str(tmp_path), "")


def test_names_that_look_like_options_or_have_controls_are_not_offered(tmp_path: Path) -> None:
    file = tmp_path / "case.json"
    file.write_text(
        json.dumps(
            {"participants": ["-rf", "ann"], "statements": [{"who": "ann", "says": "attends", "source": "a\nb"}]}
        ),
        encoding="utf-8",
    )
    assert ["ann"] == offered("why", str(file), "")
    assert [] == offered("resolve", str(file), "--believe", "")


# --- quotes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("", ("", "", "")),
        ("put", ("", "", "put")),
        ("putin=y", ("", "putin=", "putin=y")),
        ("jean\\ pa", ("", "", "jean pa")),
        ("'jean pa", ("'", "", "jean pa")),
        ('"jean pa', ('"', "", "jean pa")),
        ("--assume='jean", ("'", "--assume=", "--assume=jean")),
        ("'jean'=", (None, "jean=", "jean=")),
        ('"\\$(a\\b', ('"', "", "$(a\\b")),
        ("'a\\b", ("'", "", "a\\b")),
        ("x\\=y", ("", "", "x=y")),
    ],
)
def test_what_is_typed(word: str, expected: tuple[str | None, str, str]) -> None:
    assert expected == typed(word)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_quoted_name_means_itself(name: str) -> None:
    assert [name] == shlex.split(quoted(name, ""))
    assert [name] == shlex.split(f"'{quoted(name, chr(39))}'")


# --- in real shells -------------------------------------------------------------------------------


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    """A folder to work in, with a case, and the program on the path."""
    (tmp_path / "case.json").write_text(json.dumps({"participants": HOSTILE}), encoding="utf-8")
    program = tmp_path / "bin" / "attendance"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m attendance "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return tmp_path


Bash = Callable[..., list[str]]
COMPLETE = """
source <(attendance completion bash)
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_attendance_completion attendance "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
(( ${#COMPREPLY[@]} )) && printf '%s\\0' "${COMPREPLY[@]}"
exit 0
"""


@pytest.fixture
def bash(hostile: Path) -> Bash:
    """What bash offers for the last of those words."""

    def run(*words: str, script: str = COMPLETE) -> list[str]:
        env = {**os.environ, "PATH": f"{hostile / 'bin'}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            ["bash", "-c", script, "bash", *words], cwd=hostile, env=env, capture_output=True, text=True, timeout=60
        )
        assert (0, "") == (done.returncode, done.stderr)
        return done.stdout.split("\0")[:-1]

    return run


def test_bash_is_offered_names(bash: Bash) -> None:
    assert ["zelensky", "zelensky\\ at\\ ankara"] == bash("attendance", "why", SEED, "zel")
    assert ["putin="] == bash("attendance", "resolve", SEED, "--assume", "pu")
    for words in (["putin", "="], ["=", "putin", "="]):  # as bash breaks `--assume putin=` and `--assume=putin=`
        assert ["yes", "no"] == bash("attendance", "resolve", SEED, "--assume", *words)
    assert ["yes"] == bash("attendance", "resolve", SEED, "--assume", "putin", "=", "y")
    assert ["case.json"] == bash("attendance", "resolve", "ca")
    assert [] == bash("attendance", "why", "none.yaml", "")


def meant(bash: Bash, before: str, completions: list[str], after: str = "") -> list[str]:
    """What those completions are to bash, put on its command line."""
    line = " ".join(f"{before}{text}{after}" for text in completions)
    return bash(script=f"printf '%s\\0' {line}")


def test_no_name_is_run_by_bash(bash: Bash, hostile: Path) -> None:
    expected = HOSTILE
    for before in ("", "'", '"'):
        found = bash("attendance", "why", "case.json", before)
        wanted = [name for name in expected if not (before == '"' and "!" in name)]
        assert wanted == meant(bash, before, found, before)
    assert ["case.json"] == sorted(p.name for p in hostile.iterdir() if p.is_file())


def test_bash_goes_on_with_what_is_typed(bash: Bash) -> None:
    assert ["jean\\ paul"] == bash("attendance", "why", "case.json", "jean\\ p")
    assert ["jean paul"] == bash("attendance", "why", "case.json", "'jean p")
    assert ["\\$(touch pwned)"] == bash("attendance", "why", "case.json", '"\\$(t')
    assert ["y"] == bash("attendance", "why", "case.json", "x", "=")  # bash broke x=y in two
    assert ["home:8"] == bash("attendance", "why", "case.json", "at", "@", "h")
    assert [] == bash("attendance", "why", "case.json", "'jean'")  # a quote is closed: bash would put it elsewhere


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_printed(attend: Attend, shell: str) -> None:
    told = attend("completion", shell)
    assert Ended(0, SHELLS[shell].source_template, "") == told
    assert f"attendance completion {shell}" in told.out
    env = {**os.environ, "_ATTENDANCE_COMPLETE": f"{shell}_source"}
    command = [sys.executable, "-m", "attendance"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, timeout=60)
    assert told.out == done.stdout.rstrip("\n") + "\n"
    if shutil.which(shell):
        parsed = subprocess.run([shell, "-n"], input=told.out, capture_output=True, text=True, timeout=60)
        assert (0, "") == (parsed.returncode, parsed.stderr)


def test_an_unknown_shell_is_refused(attend: Attend) -> None:
    refused(attend("completion", "tcsh"), "bash")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_shells_that_quote_by_themselves_get_names_as_they_are(shell: str, hostile: Path) -> None:
    env = {
        **os.environ,
        "_ATTENDANCE_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": "attendance\nwhy\ncase.json\n",
        "COMP_CWORD": "3",
    }
    command = [sys.executable, "-m", "attendance"]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=hostile, timeout=60, encoding="utf-8")
    assert (0, "") == (done.returncode, done.stderr)
    assert [f"plain,{name}" for name in HOSTILE] == done.stdout.rstrip("\n").split("\n")
    env |= {"COMP_WORDS": "attendance resolve case.json --assume=pl", "COMP_CWORD": "3"}  # in one line too
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=hostile, timeout=60, encoding="utf-8")
    assert "nospace,--assume=plain=" == done.stdout.strip()


def test_fish_completes(hostile: Path) -> None:
    if not shutil.which("fish"):
        pytest.skip("there is no fish here")
    env = {**os.environ, "PATH": f"{hostile / 'bin'}{os.pathsep}{os.environ['PATH']}", "HOME": str(hostile)}
    script = "attendance completion fish | source; complete -C 'attendance why case.json je'"
    command = ["fish", "--no-config", "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=hostile, timeout=60)
    assert (0, "jean paul") == (done.returncode, done.stdout.strip())
