"""Every example runs as it stands, from anywhere, and prints what is kept beside it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent.parent / "examples"
EXAMPLES = sorted(FOLDER.glob("*.py"))


def test_every_expected_output_belongs_to_an_example():
    expected = sorted(file.stem for file in (FOLDER / "expected").iterdir())
    assert expected == [file.stem for file in EXAMPLES]


@pytest.mark.parametrize("seed", ["0", "1"])
@pytest.mark.parametrize("example", EXAMPLES, ids=[file.stem for file in EXAMPLES])
def test_an_example_prints_what_is_expected(example, seed, tmp_path):
    expected = (FOLDER / "expected" / f"{example.stem}.txt").read_text(encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(example)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )
    assert "" == ran.stderr
    assert expected == ran.stdout
    assert 0 == ran.returncode
