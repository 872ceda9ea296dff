"""The documentation is complete: commands, options, names, the tree, the navigation, the links."""

import re
from html import unescape
from pathlib import Path

import click
import pytest
import yaml

import attendance
from attendance import testing
from attendance.faces.cli import COMMANDS, cli
from attendance.testing.world import USUAL

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]
NAMES = [str(page.relative_to(ROOT)) for page in PAGES]


def text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


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
    assert sorted(in_nav(settings["nav"])) == sorted(p.relative_to(DOCS).as_posix() for p in DOCS.rglob("*.md"))


def slug(heading: str) -> str:
    """The anchor that a heading gets."""
    plain = re.sub(r"[^\w\s-]", "", heading.replace("`", "")).strip().lower()
    return re.sub(r"[\s-]+", "-", plain)


def leads(page: Path, target: str) -> bool:
    """Whether a link of a page leads to a file here, and to a heading in it, if it names one."""
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
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
