"""The documentation is complete: commands, options, names, keys, errors, the tree, the navigation, the links."""

import inspect
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from html import unescape
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

import attendance
from attendance import errors, testing
from attendance.faces.cli import COMMANDS, cli
from attendance.model.scenario import ScenarioParts
from attendance.questions.resolve import Reason
from attendance.testing.world import USUAL
from conftest import run_here, run_shell

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def loaded(name: str) -> Any:
    """A program that the site is built with."""
    spec = spec_from_file_location(name, DOCS / f"{name}.py")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


NAMES_PAGE = loaded("names").page()
"""The page of every name, which is made when the site is built."""
MADE = {"reference/names.md": NAMES_PAGE}


def prose(page: Path) -> str:
    """A page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S)


def options_of(command: str) -> list[str]:
    parameters = cli.get_command(click.Context(cli), command).params
    return [name for p in parameters if isinstance(p, click.Option) for name in p.opts]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented_with_its_real_help(command):
    page = text("reference/command-line.md")
    assert f"\n## {command}\n" in page
    assert f"\n$ attendance {command} --help\n" in page


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_is_documented(command):
    page = text("reference/command-line.md")
    missing = [name for name in options_of(command) if not re.search(rf"{re.escape(name)}\b", page)]
    assert not missing


def test_the_options_of_every_question_are_explained():
    page = prose(DOCS / "reference/command-line.md")
    shared = set.intersection(*(set(options_of(c)) for c in ("resolve", "why", "outcomes", "compare")))
    missing = sorted(name for name in shared if f"`{name}" not in page)
    assert not missing


@pytest.mark.parametrize("name", attendance.__all__)
def test_every_public_name_is_documented(name):
    assert re.search(rf"`at\.{name}\b", prose(DOCS / "reference/python.md"))


@pytest.mark.parametrize("name", attendance.__all__)
def test_every_public_name_has_an_entry_with_its_keywords(name):
    entry = re.search(rf"^### at\.{name} .*?(?=^##|\Z)", NAMES_PAGE, flags=re.M | re.S)[0]
    value = getattr(attendance, name)
    docstring = inspect.getdoc(value)
    if inspect.isfunction(value) or inspect.isclass(value):
        assert docstring.splitlines()[0] in entry
    if inspect.isfunction(value):
        given = [p for p in inspect.signature(value).parameters if p != "parts"]
        assert re.findall(r"[(,]\s*\*?(\w+)(?=: )", entry.split("```")[1]) == given


ROWS = re.findall(r"^\| `at\.(\w+)\((.*?)\)` \|", text("reference/python.md"), flags=re.M)
SHARED = {"scenario", "engine", "time_limit", "parts"}


@pytest.mark.parametrize(("name", "row"), ROWS, ids=[name for name, _ in ROWS])
def test_a_signature_in_the_reference_is_the_real_one(name, row):
    value = getattr(attendance, name)
    parameters = inspect.signature(value).parameters.values()
    real = [str(p.replace(annotation=p.empty)) for p in parameters if not (p.name in SHARED and "..." in row)]
    shown = [part.replace('"', "'") for part in re.split(r", (?![^(]*\))", row) if part not in ("", "*", "...")]
    if hasattr(value, "model_fields"):  # given by keyword, so in any order
        assert sorted(shown) == sorted(value.model_fields)
    else:
        assert shown == real


def test_the_keywords_of_every_question_are_documented():
    table = text("reference/python.md").split("The dots stand for")[1].split("\n\n")[1]
    shown = re.findall(r"`(\w+)`", " ".join(line.split("|")[1] for line in table.splitlines()))
    assert sorted(shown) == sorted({*ScenarioParts.__annotations__, "scenario", "engine", "time_limit"})


def test_every_name_that_is_documented_is_public():
    found = re.findall(r"`at\.(\w+)", prose(DOCS / "reference/python.md"))
    assert set(found) == set(attendance.__all__)


@pytest.mark.parametrize("name", testing.__all__)
def test_every_name_for_tests_is_documented(name):
    assert re.search(rf"`testing\.{name}\b", prose(DOCS / "reference/testing.md"))


def test_every_name_for_tests_that_is_documented_is_there():
    assert set(re.findall(r"`testing\.(\w+)", prose(DOCS / "reference/testing.md"))) == set(testing.__all__)


def test_every_kind_of_case_that_can_be_wanted_is_documented():
    page = prose(DOCS / "reference/testing.md")
    assert [key for key in USUAL if f"`{key}`" not in page] == []


def test_the_home_of_a_name_is_where_it_lives():
    rows = re.findall(r"^\| `at\.(\w+).*\| `(attendance[.\w]*)` \|$", text("reference/python.md"), flags=re.M)
    assert rows
    moved = [(name, home) for name, home in rows if getattr(attendance, name).__module__ != home]
    assert not moved


def drawn(tree: str) -> list[str]:
    """The paths of a tree drawn with lines, directories with a slash at the end."""
    paths: list[str] = []
    above: list[str] = []
    for line in tree.strip().split("\n"):
        lines, name = re.fullmatch(r"([│├└─ ]*)(\S+).*", line).groups()
        del above[len(lines) // 4 :]
        above.append(name)
        paths.append("".join(above))
    return paths


def test_the_tree_in_the_design_is_the_real_one():
    tree = re.search(r"```text\n(attendance/\n.*?)```", text("design.md"), flags=re.S)
    package = ROOT / "attendance"
    files = list(package.rglob("*.py"))
    folders = {folder for file in files for folder in file.parents if folder.is_relative_to(package)}
    real = [f"{f.relative_to(ROOT).as_posix()}/" for f in folders] + [f.relative_to(ROOT).as_posix() for f in files]
    assert sorted(real) == sorted(drawn(tree[1]))


def family(kind: type) -> Iterator[type]:
    """An error and all that descend from it."""
    yield kind
    for below in kind.__subclasses__():
        if below.__module__ == errors.__name__:
            yield from family(below)


def test_the_tree_of_errors_is_the_real_one():
    tree = re.search(r"```text\n(AttendanceError\n.*?)```", text("reference/python.md"), flags=re.S)[1]
    shown = []
    above: list[str] = []
    for row in tree.splitlines():
        lines, name, also = re.match(r"([│├└─ ]*)(\w+)(?: \(also (\w+)\))?", row).groups()
        del above[len(lines) // 4 :]
        shown.append((name, {*above[-1:], *([also] if also else [])} or {"Exception"}))
        above.append(name)
    real = {kind.__name__: {base.__name__ for base in kind.__bases__} for kind in family(attendance.AttendanceError)}
    assert dict(shown) == real


# --- case files -------------------------------------------------------------------------------------

TABLES = {
    heading: re.findall(r"^\| `([^`]+)` \|.*\|.*\| `([^`]+)` \|", table, flags=re.M)
    for heading, table in re.findall(
        r"^##+ (.*?)\n(.*?)(?=^##)", text("reference/case-file.md").replace("The keys of a file", ""), flags=re.M | re.S
    )
    if "| key |" in table
}
"""The keys of each table, and what each is like."""


def keys_of(schema: Any) -> dict[str, Any]:
    """The keys of whatever a schema is of: of a mapping of ids, of a list, or of one of several forms."""
    inner = [
        schema.get("additionalProperties"),
        schema.get("items"),
        *schema.get("oneOf", ()),
        *schema.get("anyOf", ()),
    ]
    found = [schema.get("properties", {}), *(keys_of(part) for part in inner if isinstance(part, dict))]
    return max(found, key=len)


def test_every_key_of_the_schema_is_documented_and_no_other():
    schema = attendance.schema()["properties"]
    real = {"": set(schema), **{name: found for name in schema if (found := set(keys_of(schema[name])))}}
    assert {heading: {key for key, _ in keys} for heading, keys in TABLES.items()} == real


FRAME: dict[str, Any] = {
    "gatherings": {"talks": {}, "dinner": {}},
    "participants": {"anna": {}, "ben": {}},
    "facts": {"rain": {}},
    "statements": [
        {"who": "ben", "says": "attends", "id": "ben.1", "source": "telephone"},
        {"who": "ben", "says": "attends", "at": "dinner", "source": "radio"},
    ],
    "scenarios": {"dry": {}},
}
"""A case in which every key has its place."""
PLACES = {
    "gatherings": {"gatherings": {"talks": {}, "dinner": {}}},
    "participants": {"participants": {"anna": {}, "ben": {}}},
    "groups": {"groups": {"choir": {}}},
    "facts": {"facts": {"rain": {}}},
    "rules": {"rules": [{"rule": "ben"}]},
    "statements": {"statements": [{"who": "anna", "says": "attends if ben"}, *FRAME["statements"]]},
    "scenarios": {"scenarios": {"dry": {}}},
}


def with_key(heading: str, example: str) -> str:
    """A case file with the example of a key in its place."""
    given = yaml.load(example, Loader=yaml.BaseLoader)
    if not heading:
        plain = {**FRAME, "scenarios": {}, **given}
        return yaml.safe_dump({**plain, "statements": given.get("statements", [])}, sort_keys=False)
    place = yaml.safe_load(yaml.safe_dump(PLACES[heading]))
    entries = place[heading]
    (entries if isinstance(entries, list) else list(entries.values()))[0].update(given)
    return yaml.safe_dump({**FRAME, **place}, sort_keys=False)


KEYS = [(heading, key, example) for heading, keys in TABLES.items() for key, example in keys]


@pytest.mark.parametrize(("heading", "key", "example"), KEYS, ids=[f"{heading}.{key}" for heading, key, _ in KEYS])
def test_the_example_of_a_key_has_that_key_and_loads(heading, key, example):
    assert example.startswith(f"{key}: ")
    assert attendance.loads(with_key(heading, example)).participants


# --- questions, words, pages ------------------------------------------------------------------------

HOW_TO = {page: page.read_text(encoding="utf-8") for page in sorted((DOCS / "how-to").glob("*.md"))}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_shown_in_a_how_to(command):
    shown = [
        block for page in HOW_TO.values() for block in re.findall(r"^```(?:console|sh)\n(.*?)^```", page, re.M | re.S)
    ]
    assert any(re.search(rf"^(?:.*\W)?attendance {command}\b", block, flags=re.M) for block in shown)


QUESTIONS = [
    n for n in attendance.__all__ if attendance._HOMES[n][0].startswith("attendance.questions") and n.islower()
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_is_asked_in_a_how_to(question):
    assert any(re.search(rf"^(>>>|\.\.\.) .*\bat\.{question}\(", page, flags=re.M) for page in HOW_TO.values())


@pytest.mark.parametrize("page", HOW_TO, ids=[page.stem for page in HOW_TO])
def test_a_how_to_begins_with_its_question(page):
    assert re.match(r"# How to \w+", HOW_TO[page])


TERMS = re.findall(r"^\| ([^|]+?) \|", text("glossary.md").split("|---|---|---|\n")[1], flags=re.M)


def test_the_glossary_is_sorted_and_says_each_word_once():
    words = [term.casefold() for term in TERMS]
    assert len(words) == len(set(words))
    places = [re.sub(r"^(absent|attends)$", "attends", word) for word in words]
    assert places == sorted(places)


def test_the_glossary_has_the_words_of_the_contract():
    concepts = re.findall(r"^\| (\w+) \|", text("semantics.md").split("## 2.")[0], flags=re.M)[1:]
    verdicts = [str(verdict) for verdict in attendance.Verdict]
    words = {word.strip() for term in TERMS for word in term.split(",")}
    assert {*concepts, *verdicts, "held", "represented", "clash", "conflict", "repair", "founded"} <= words


def test_every_cause_is_explained():
    for page in ("semantics.md", "how-to/resolve.md"):
        assert [str(r) for r in Reason if not re.search(rf"^\| `?{r}\b", text(page), flags=re.M)] == []


def in_nav(nav) -> list[str]:
    match nav:
        case str():
            return [nav]
        case dict():
            return [page for item in nav.values() for page in in_nav(item)]
        case _:
            return [page for item in nav for page in in_nav(item)]


def test_every_page_is_in_the_navigation():
    settings = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    written = [p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md")]
    assert sorted(in_nav(settings["nav"])) == sorted([*written, *MADE])


def test_the_site_is_built_without_a_warning_and_asks_nobody_else(tmp_path):
    pytest.importorskip("mkdocs")
    build = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(build, cwd=ROOT, env=quiet, capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    pages = list((tmp_path / "site").rglob("*.html"))
    fetched = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=\"?(?:https?:)?//[^>]*>")
    assert len(pages) > len(HOW_TO)
    assert [found for page in pages for found in fetched.findall(page.read_text(encoding="utf-8"))] == []
    styles = [sheet.read_text(encoding="utf-8") for sheet in (tmp_path / "site").rglob("*.css")]
    assert not any(re.search(r"@import|url\([\"']?(?:https?:)?//", sheet) for sheet in styles)


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    plain = re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip().lower()
    return re.sub(r"[\s-]+", "-", plain)


def leads(page: Path, target: str) -> bool:
    """Whether a link of a page leads to a file here, and to a heading in it, if it names one."""
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    if file.is_relative_to(DOCS) and file.relative_to(DOCS).as_posix() in MADE:
        return not anchor or f"{{ #{anchor} }}" in MADE[file.relative_to(DOCS).as_posix()]
    if not (file.is_file() and file.is_relative_to(ROOT)):
        return False
    return not anchor or anchor in map(slug, re.findall(r"^#+ (.*)$", prose(file), flags=re.M))


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)\s]+)\)", prose(page))
    broken = [target for target in links if not re.match(r"https?://", target) and not leads(page, target)]
    assert not broken


@pytest.mark.parametrize("page", PAGES, ids=NAMES)
def test_every_fence_has_a_language(page):
    opening = re.findall(r"^```(.*)$", page.read_text(encoding="utf-8"), flags=re.M)[::2]
    assert set(opening) <= {"python", "console", "yaml", "json", "toml", "sh", "text"}


def test_every_seed_has_its_row():
    rows = re.findall(r"^\| `([\w-]+)` \|(.*)\|(.*)\|(.*)\|$", text("seeds.md"), flags=re.M)
    assert sorted(file.stem for file in (ROOT / "seeds").iterdir()) == sorted(name for name, *_ in rows)
    assert all(cell.strip() for row in rows for cell in row)


def test_every_example_has_its_row():
    rows = re.findall(r"^\| `([\w.]+)` \| (.+) \|$", text("examples.md"), flags=re.M)
    assert sorted(f.name for f in (ROOT / "examples").iterdir() if f.is_file()) == sorted(name for name, _ in rows)
    points = [point for _, point in rows]
    assert len(points) == len(set(points))


def drawings():
    """Each picture that the Makefile draws, with the command that does."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8").replace("$(SEED)", "seeds/istanbul-2025.yaml")
    return re.findall(r"^\t\$\(BIN\)/attendance (.*) -o (docs/pictures/\S+\.svg)$", makefile, flags=re.M)


def words_of(svg):
    return [unescape(line) for line in re.findall(r"<text[^>]*>(.*?)</text>", svg)]


@pytest.mark.parametrize(("command", "picture"), drawings())
def test_a_picture_says_what_would_be_drawn_now(command, picture, tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    file = tmp_path / "picture.svg"
    cli.main([*command.split(), "-o", str(file)], standalone_mode=False)
    now = words_of(file.read_text(encoding="utf-8"))
    assert now
    assert now == words_of((ROOT / picture).read_text(encoding="utf-8"))


def test_every_picture_is_drawn_by_the_project_and_shown():
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    pictures = [p.name for p in (DOCS / "pictures").iterdir()]
    assert pictures
    assert [name for name in pictures if name not in pages or name not in made] == []


# --- how the documentation is run -------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        "attendance resolve case.yaml",
        "attendance resolve case.yaml --json",
        "attendance resolve case.yaml --scenario none",
        "attendance resolve case.yaml --literel",
        "attendance why --help",
        "attendance check case.yaml gone.yaml",
        "attendance ics in talks.ics",
        "attendance live case.yaml --undated",
        "attendance graph case.yaml -o case.svg",
        "attendance",
    ],
)
def test_a_command_in_this_process_prints_what_it_prints_in_its_own(command, tmp_path, monkeypatch):
    (tmp_path / "case.yaml").write_text('participants: {a: {name: "Zoë"}, b: {}}\nstatements: [a attends if b]\n')
    (tmp_path / "talks.ics").write_text("BEGIN:VCALENDAR\nBEGIN:VTODO\nEND:VTODO\nEND:VCALENDAR\n")
    monkeypatch.chdir(tmp_path)
    assert run_shell(command, 0) == run_here(shlex.split(command)[1:])
