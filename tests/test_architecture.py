"""The walls of the house: floors, homes of outside libraries, what rooms may do, and how they look."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import attendance

ROOT = Path(__file__).parent.parent
FILES = sorted((ROOT / "attendance").rglob("*.py"))
NAMES = [str(f.relative_to(ROOT)) for f in FILES]
HOMES = {
    "pydantic": {"attendance/model/", "attendance/formats/casefile.py"},
    "yaml": {"attendance/formats/yaml.py", "attendance/formats/writing.py"},
    "clingo": {"attendance/engines/"},
    "pysat": {"attendance/engines/sat.py"},
    "click": {"attendance/faces/"},
    "pygraphviz": {"attendance/markup/graphviz.py"},
    "icalendar": {"attendance/formats/ics/"},
    "nanoarrow": {"attendance/formats/tables.py"},
    "rich": {"attendance/faces/screen.py"},
    "hypothesis": {"attendance/testing/"},
    "pytest": {"attendance/testing/plugin.py"},
    "durable": {"attendance/matching/"},
    "durable_rules_engine": {"attendance/matching/driving.py"},
}
"""Where each outside library lives; nothing else may import it."""


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def imported(file: Path) -> set[str]:
    """Every module that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


def test_the_floors_stand() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert 0 == done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_nobody_inside_uses_the_front_door(file: Path) -> None:
    assert not {m for m in imported(file) if m in ("attendance", "attendance.testing")}


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_outside_libraries_have_one_home(file: Path) -> None:
    name = str(file.relative_to(ROOT))
    outside = {m.partition(".")[0] for m in imported(file)} - set(sys.stdlib_module_names) - {"attendance", ""}
    strangers = {m for m in outside if not any(name.startswith(home) for home in HOMES.get(m, ()))}
    assert set() == strangers


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_only_faces_print_and_nothing_evaluates(file: Path) -> None:
    called = {
        node.func.id for node in ast.walk(tree(file)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"eval", "exec", "input", "__import__"}
    if "faces" not in file.parts:
        assert "print" not in called


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_only_formats_and_faces_touch_files_and_nobody_the_network(file: Path) -> None:
    modules = {m.partition(".")[0] for m in imported(file)}
    assert not modules & {"socket", "urllib", "http", "ssl", "pickle", "marshal"}
    if file.name != "graphviz.py":  # it has pictures drawn in a process of their own
        assert "subprocess" not in modules
    if not {"formats", "faces", "live"} & set(file.parts):
        assert not modules & {"pathlib", "io", "os", "shutil", "tempfile"}


@pytest.mark.parametrize("file", [f for f in FILES if f.read_text()], ids=str)
def test_a_room_says_what_it_is_for(file: Path) -> None:
    assert ast.get_docstring(tree(file)), f"{file.name} begins without a word"


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_rooms_are_small_and_named(file: Path) -> None:
    assert 450 > file.read_text(encoding="utf-8").count("\n")
    assert file.stem not in {"utils", "util", "helpers", "common", "core", "base", "manager", "misc"}


def test_import_loads_nothing_of_anybody_elses() -> None:
    code = "import sys; old = set(sys.modules); import attendance; print(*(set(sys.modules) - old))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    roots = {m.partition(".")[0] for m in loaded}
    assert set() == roots - set(sys.stdlib_module_names) - {"attendance"}


def test_every_public_name_is_there_and_typed() -> None:
    typed = set(re.findall(r"^    from .* import \w+ as (\w+)$", (ROOT / "attendance/__init__.py").read_text(), re.M))
    assert sorted(typed) == sorted(attendance.__all__)
    for name in attendance.__all__:
        assert getattr(attendance, name).__doc__, name
    assert set(attendance.__all__) <= set(dir(attendance))
    with pytest.raises(AttributeError, match="no attribute 'atends'"):
        attendance.atends  # noqa: B018


def test_the_schema_knows_every_key() -> None:
    from attendance.formats.schema import schema

    of_files = schema()["properties"]
    for section in ("gatherings", "participants", "groups", "facts", "rules", "statements", "scenarios"):
        model = {
            "gatherings": attendance.Gathering,
            "participants": attendance.Participant,
            "groups": attendance.Group,
            "facts": attendance.Fact,
            "rules": attendance.Rule,
            "statements": attendance.Statement,
            "scenarios": attendance.Scenario,
        }[section]
        text = str(of_files[section])
        inside = set(model.model_fields) - ({"id"} if section not in ("rules", "statements") else set())
        assert not {key for key in inside if f"'{key}'" not in text}, section
