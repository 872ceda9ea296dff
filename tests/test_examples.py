"""Every example runs as it stands, from anywhere, and prints what is kept beside it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "examples"
EXAMPLES = sorted(FOLDER.glob("*.py"))
SEEDS = ("0", "1") if os.environ.get("ATTENDANCE_THOROUGH") else ("1",)
"""Of hashes."""
WITH_RULES = ("live_istanbul",)
"""What these print is kept as it is with durable-rules."""


def test_every_expected_output_belongs_to_an_example():
    expected = sorted(file.stem for file in (FOLDER / "expected").iterdir())
    assert expected == [file.stem for file in EXAMPLES]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("example", EXAMPLES, ids=[file.stem for file in EXAMPLES])
def test_an_example_prints_what_is_expected(example, seed, tmp_path):
    if example.stem in WITH_RULES:
        pytest.importorskip("durable_rules_engine", exc_type=ImportError)
    expected = (FOLDER / "expected" / f"{example.stem}.txt").read_text(encoding="utf-8")
    assert expected == printed(example, tmp_path, PYTHONHASHSEED=seed)


@pytest.mark.parametrize("name", WITH_RULES)
def test_without_durable_rules_an_example_says_so_and_goes_on(name, tmp_path):
    (tmp_path / "durable.py").write_text("raise ImportError('not installed, say')", encoding="utf-8")
    expected = (FOLDER / "expected" / f"{name}.txt").read_text(encoding="utf-8").splitlines(keepends=True)
    told, *rest = printed(FOLDER / f"{name}.py", tmp_path, PYTHONPATH=str(tmp_path)).splitlines(keepends=True)
    assert "durable-rules is not installed" in told
    assert [line for line in expected if not line.startswith("    ! ")] == rest


def test_pictures_are_written_where_one_says(tmp_path):
    target = tmp_path / "pictures"
    target.mkdir()
    expected = (FOLDER / "expected" / "pictures.txt").read_text(encoding="utf-8")
    told = printed(FOLDER / "pictures.py", tmp_path, target)
    names = [f"{name}.{suffix}" for name in ("loop", "timeline", "why") for suffix in ("dot", "mmd")]
    assert f"{expected}written: {', '.join(names)}\n" == told
    for name in names:
        text = (target / name).read_text(encoding="utf-8")
        assert text.startswith("digraph" if name.endswith("dot") else "flowchart")


def printed(example, folder, *arguments, **variables):
    ran = subprocess.run(
        [sys.executable, str(example), *map(str, arguments)],
        cwd=folder,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **variables},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "" == ran.stderr
    assert 0 == ran.returncode
    return ran.stdout
