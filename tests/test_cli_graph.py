"""`attendance graph`: pictures on standard output and in files."""

import json
import sys
from pathlib import Path

import pytest

import attendance as at
from tests import test_cli
from tests.test_cli import Attend, refused

attend = test_cli.attend

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
CASE = at.load(SEED)


def test_mermaid_is_printed(attend: Attend) -> None:
    assert at.graph(CASE).mermaid() == attend("graph", SEED).out


def test_the_scenario_counts(attend: Attend) -> None:
    told = attend("graph", SEED, "--assume", "putin=yes", "--format", "words")
    assert (0, str(at.graph(CASE, assume={"putin": True})) + "\n", "") == (told.status, told.out, told.err)


@pytest.mark.parametrize("kind", ["dot", "svg", "png", "mermaid", "words"])
def test_every_format_goes_into_a_file(attend: Attend, tmp_path: Path, kind: str) -> None:
    file = tmp_path / "picture"
    assert attend("graph", SEED, "--format", kind, "-o", str(file)) == test_cli.Ended(0, "", "")
    found = at.graph(CASE)
    expected = f"{found}\n" if kind == "words" else getattr(found, kind)()
    assert file.read_bytes() == (expected.encode() if isinstance(expected, str) else expected)
    assert [file] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "start"), [("a.svg", b"<svg"), ("a.PNG", b"\x89PNG"), ("a.dot", b"digraph"), ("a.mmd", b"flowchart")]
)
def test_the_suffix_says_the_format(attend: Attend, tmp_path: Path, name: str, start: bytes) -> None:
    file = tmp_path / name
    assert 0 == attend("graph", SEED, "-o", str(file)).status
    assert file.read_bytes().startswith(start)


def test_reasons_and_moments_are_drawn_too(attend: Attend) -> None:
    assert at.why(CASE, "zelensky").mermaid() == attend("graph", SEED, "--why", "zelensky").out
    assert at.timeline(CASE).dot() == attend("graph", SEED, "--timeline", "--format", "dot").out


def test_json_is_the_answer(attend: Attend) -> None:
    assert at.graph(CASE).to_dict() == json.loads(attend("graph", SEED, "--json").out)


def test_a_png_is_not_for_a_terminal(attend: Attend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    refused(attend("graph", SEED, "--format", "png"), "a PNG is not for a terminal: say where to, as in -o picture.png")


def test_what_cannot_be_drawn_is_refused(attend: Attend, tmp_path: Path) -> None:
    refused(attend("graph", SEED, "-o", "picture.jpeg"), "picture.jpeg: name it .mmd, .dot, .svg or .png")
    refused(attend("graph", SEED, "--why", "putin", "--timeline"), "--why and --timeline are two pictures: ask for one")
    refused(attend("graph", SEED, "--why", "zelenski"), "did you mean zelensky?")
    refused(attend("graph", SEED, "-o", str(tmp_path / "no" / "a.svg")), "cannot write")
