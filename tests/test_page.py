"""The what-if page as a file: what is on it, what it may do, and that names are only names."""

import json
import os
import re
import subprocess
import sys
from base64 import b64encode
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pytest

import attendance as at
from attendance.faces.page import page
from attendance.faces.page import switches as page_switches
from attendance.faces.page import told as page_told
from attendance.faces.page.marks import CAUSES
from attendance.faces.page.switches import ESCAPED
from attendance.markup import graphviz
from attendance.questions.asking import Asked
from attendance.questions.resolve import Reason
from tests import test_cli
from tests.pages import HOSTILE, Page
from tests.test_cli import Attend, Ended, refused
from tests.test_seeds import every_seed

attend = test_cli.attend

ROOT = Path(__file__).parent.parent
ISTANBUL = ROOT / "seeds" / "istanbul-2025.yaml"
STYLE = (ROOT / "attendance/faces/page/style.css").read_text(encoding="utf-8")
SCRIPT = (ROOT / "attendance/faces/page/page.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def istanbul() -> Page:
    return Page.of(page(at.load(ISTANBUL), file="istanbul.yaml"))


@pytest.fixture(scope="module")
def hostile() -> Page:
    return Page.of(page(at.loads(HOSTILE), file="a file's; name.yaml"))


def hashed(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def policy(of: Page) -> dict[str, str]:
    [meta] = of.all("meta", http_equiv="Content-Security-Policy")
    rules = (rule.strip().partition(" ") for rule in str(meta.attributes["content"]).split(";"))
    return {name: value for name, _, value in rules}


def told(of: Page) -> dict:
    [data] = of.all("script", type="application/json")
    return json.loads(data.text)


# --- what it may do -------------------------------------------------------------------------------


def test_only_its_own_style_and_scripts_are_let_in(istanbul: Page) -> None:
    rules = policy(istanbul)
    [style] = istanbul.all("style")
    scripts = [e for e in istanbul.all("script") if e.attributes.get("type") != "application/json"]
    assert "'none'" == rules["default-src"]
    assert hashed(style.text) == rules["style-src"]
    assert " ".join(hashed(s.text) for s in scripts) == rules["script-src"]
    assert "'none'" == rules["base-uri"] == rules["form-action"]
    assert "unsafe" not in str(rules)


@every_seed
def test_nothing_is_asked_of_anybody(seed: Path) -> None:
    found = Page.of(page(at.load(seed)))
    assert not [e for e in found.elements if {"src", "srcset", "data", "poster", "action"} & set(e.attributes)]
    assert not found.all("link") + found.all("img") + found.all("iframe") + found.all("object")
    inside = [e for e in found.elements if "href" in e.attributes and e.tag != "a"]
    assert all(str(e.attributes["href"]).startswith("#") for e in inside)
    assert not re.search(r"url\s*\(|@import|image-set", STYLE)
    assert not re.search(r"fetch|XMLHttp|import\(|sendBeacon|WebSocket|innerHTML|eval\(|localStorage", SCRIPT)


def test_nothing_has_a_style_or_a_handler_of_its_own(hostile: Page, istanbul: Page) -> None:
    for found in (hostile, istanbul):
        assert not [e for e in found.elements if any(a == "style" or a.startswith("on") for a in e.attributes)]


def test_links_lead_to_the_web_or_down_the_page(hostile: Page) -> None:
    away = [e for e in hostile.all("a") if "href" in e.attributes and not str(e.attributes["href"]).startswith("#")]
    assert ["HTTPS://example.org/?a=1&b=2"] * len(away) == [e.attributes["href"] for e in away]
    assert away
    assert {"noreferrer noopener"} == {e.attributes["rel"] for e in away}
    [said] = [e for e in hostile.all("ul", class_="statements") if "javascript:alert(1)" in e.text]
    assert "javascript:alert(1)" in said.text  # what is no address of the web is told all the same


def test_names_are_only_names(hostile: Page) -> None:
    assert not hostile.all("img") + hostile.all("u") + hostile.all("hr")
    assert 3 == len(hostile.all("script"))
    assert 1 == len(hostile.all("style")) == len(hostile.all("h1"))
    names = [e.text for e in hostile.all("p", class_="name")]
    assert "</script><img src=x onerror=alert(1)>" in names[0]
    assert "</script><img src=x onerror=alert(1)>" == told(hostile)["atoms"][0]["name"]
    assert "__proto__" == told(hostile)["atoms"][0]["key"]


@pytest.mark.parametrize("char", [*"<>&", "\u2028", "\u2029"])
def test_nothing_ends_the_data(char: str) -> None:
    assert char == json.loads(json.dumps(f"{char}", ensure_ascii=False).translate(ESCAPED))
    text = page(at.case("a attends", title=f"a {char if char in '<>&' else ' '} b"))
    data = text.partition('type="application/json"')[2].partition(">")[2].partition("</script>")[0]
    assert char not in data


def test_commands_are_safe_for_a_shell(hostile: Page) -> None:
    data = told(hostile)
    keys = {atom["key"]: atom["yes"] for atom in data["atoms"]}
    [quoted] = [yes for key, yes in keys.items() if "$(false)" in key]
    assert quoted.startswith("'")
    assert "attendance resolve 'a file'\"'\"'s; name.yaml'" == data["bases"][0]["command"]


# --- what is on it --------------------------------------------------------------------------------


def test_the_answer_in_a_sentence(istanbul: Page) -> None:
    talks, ankara = istanbul.all("p", class_="answer-line")
    expected = (
        "Direct talks in Istanbul: not held; Vladimir Medinsky and Marco Rubio attend; "
        "Vladimir Putin, Volodymyr Zelensky and Donald Trump are absent."
    )
    assert expected == talks.text
    assert "Meeting in Ankara: held; Volodymyr Zelensky and Recep Tayyip Erdogan attend." == ankara.text
    [title] = istanbul.all("title")[:1]
    assert "Istanbul talks, 15 May 2025" == title.text


def test_the_first_three_gatherings_are_told_at_the_top() -> None:
    names = "abcde"
    gatherings = "".join(f"  {g}: {{name: {g}}}\n" for g in names)
    case = at.loads(f"gatherings:\n{gatherings}participants: {{ann: }}\nstatements: [ann attends]\n")
    found = Page.of(page(case))
    lines = [e.text for e in found.all("p", class_="answer-line")]
    assert 4 == len(lines)
    assert "And 2 more gatherings." == lines[-1]


def test_each_cause_is_explained_where_there_is_one() -> None:
    found = Page.of(page(at.case("ann attends only if ben\nben attends only if ann\ncem attends if dan")))
    shown = {
        e.attributes["data-cause-word"]
        for e in found.all("li")
        if "hidden" not in e.attributes and "data-cause-word" in e.attributes
    }
    causes = found.all("span", class_="cause")
    assert {e.text.split(":")[0] for e in causes} == shown
    assert all(e.attributes["title"] for e in causes)
    assert {str(reason) for reason in Reason} == {*CAUSES}
    [legend] = Page.of(page(at.case("ann attends"))).all("div", class_="causes")
    assert "hidden" in legend.attributes


def test_a_scenario_that_takes_too_long_says_so_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = page_told.resolution

    def late(asked: Asked) -> at.Resolution:
        if asked.compiled.scenario.id == "wet":
            raise at.ResolutionTimeout("the time limit passed")
        return answer(asked)

    monkeypatch.setattr(page_told, "resolution", late)
    case = at.loads("participants: {ann: }\nstatements: [ann attends]\nscenarios: {wet: {assume: {ann: no}}}")
    found = Page.of(page(case))
    assert ["held", "attends", "took too long", "took too long"] == [e.text for e in found.all("td")]
    assert told(found)["bases"][1]["answer"]["late"]
    with pytest.raises(at.ResolutionTimeout):
        page(case, scenario="wet")


def test_every_verdict_has_its_reasons_and_a_switch(istanbul: Page) -> None:
    case = at.load(ISTANBUL)
    found = at.resolve(case)
    rows = istanbul.all("li", class_="row")
    assert [str(v) for v in found.verdicts.values()] == [e.attributes["data-answer"] for e in rows]
    for row, about in zip(rows, found.verdicts, strict=True):
        why = at.why(case, about)
        assert all(step.text in row.text for step in why.steps)
        assert "as stated" in row.text
        assert "stays away" in row.text


def test_what_each_moment_changed(istanbul: Page) -> None:
    moments = istanbul.all("li", class_="moment")
    entries = at.timeline(at.load(ISTANBUL))
    assert len(entries) == len(moments)
    for shown, entry in zip(moments, entries, strict=True):
        assert all(s.text in shown.text for s in entry.statements)
        assert all(step.text in shown.text for change in entry.changes for step in change.why.steps)
        assert ("Nothing changes." in shown.text) is not bool(entry.changes or entry.gatherings)


def test_scenarios_side_by_side(istanbul: Page) -> None:
    case = at.load(ISTANBUL)
    cells = [e.text for e in istanbul.all("td")]
    wanted = []
    for gathering in case.gatherings:
        for name in ("", *(str(s.id) for s in case.scenarios)):
            found = at.resolve(case, scenario=name)
            people = [a for a in found.verdicts if a.gathering == gathering.id]
            wanted.append(str(found.gatherings[gathering.id].held))
            wanted += [f"{found.verdicts[a]}" + (f" ({c})" if (c := found.causes.get(a)) else "") for a in people]
    assert wanted == cells


def test_all_that_was_said_with_its_source(istanbul: Page) -> None:
    [said] = istanbul.all("ul", class_="statements")
    for statement in at.load(ISTANBUL).statements:
        assert statement.text in said.text
        assert statement.note is None or statement.note in said.text
    assert 2 == said.text.count("superseded")


def test_what_clashes_is_said_and_what_could_be_set_aside() -> None:
    found = Page.of(page(at.load(ISTANBUL), scenario="zelensky-seen"))
    [conflict] = found.all("section", class_="conflict")
    assert "These cannot all stand" in conflict.text
    assert "zelensky attends only if putin" in conflict.text
    assert "It takes setting aside" in conflict.text
    assert "undetermined conflict" in found.all("li", class_="row")[0].text


def test_an_impossible_scenario_is_no_page_but_may_be_on_one(hostile: Page) -> None:
    with pytest.raises(at.ImpossibleScenario):
        page(at.loads(HOSTILE), scenario="s3")
    assert "impossible" in [e.text for e in hostile.all("td")]


def test_reasons_that_are_left_out_are_missed() -> None:
    found = Page.of(page(at.load(ISTANBUL), reasons=2, file="istanbul.yaml"))
    notes = [e.text for e in found.all("p", class_="note")]
    assert "The first 2 verdicts are explained here, the other 5 are not." in notes[0]
    assert "attendance why istanbul.yaml WHO" in notes[0]
    assert "8 changes are more than this page explains" in notes[1]
    assert 2 == len([e for e in found.all("summary") if e.text.startswith("Why")])


def test_what_cannot_be_drawn_or_is_too_big_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(graphviz, "DRAW", "raise SystemExit('no memory')")
        assert "Graphviz could not draw this: no memory" in page(at.case("ann attends if ben"))
    networks = [base for base in told(Page.of(page(at.case("ann attends"))))["bases"] if base.get("network")]
    monkeypatch.setattr(page_switches, "LARGEST", 0)
    without = [base for base in told(Page.of(page(at.case("ann attends"))))["bases"] if base.get("network")]
    assert (1, 0) == (len(networks), len(without))


@pytest.mark.parametrize("error", [at.ResolutionTimeout, at.ImpossibleScenario])
def test_a_case_that_cannot_be_replayed_says_so(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    def late(*_: object, **__: object) -> at.Timeline:
        raise error("at some moment")

    monkeypatch.setattr(page_told, "timeline", late)
    notes = [e.text for e in Page.of(page(at.case("ann attends"))).all("p", class_="note")]
    assert [note for note in notes if note.startswith("This cannot be replayed: at some moment no outcome")]


def test_many_people() -> None:
    case = at.case("\n".join(f"p{i} attends if at least {i} of others" for i in range(1000)))
    found = Page.of(page(case))
    assert 1000 == len(found.all("li", class_="row"))
    assert "No verdict is explained here." in found.all("p", class_="note")[0].text


def test_without_graphviz_the_arrows_are_told_in_words(monkeypatch: pytest.MonkeyPatch, attend: Attend) -> None:
    monkeypatch.setattr(graphviz, "available", lambda: False)
    ended = attend("report", str(ISTANBUL))
    found = Page.of(ended.out)
    assert 0 == ended.status
    assert "pip install 'attendance[graph]'" in ended.err
    assert not found.all("figure")
    [words] = found.all("details", class_="words")
    assert "Volodymyr Zelensky at talks depends (+, only if) on Vladimir Putin at talks" in words.text


@pytest.mark.parametrize("seed", ["1", "2"])
def test_same_input_same_output(seed: str, attend: Attend) -> None:
    asked = [sys.executable, "-m", "attendance", "report", str(ISTANBUL)]
    done = subprocess.run(asked, env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, timeout=60)
    assert attend("report", str(ISTANBUL)).out.encode() == done.stdout


# --- the command ----------------------------------------------------------------------------------


def test_the_command_writes_a_file_or_to_standard_output(attend: Attend, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("old")
    assert Ended(0, "", "") == attend("report", str(ISTANBUL), "-o", str(file))
    assert Ended(0, file.read_text(encoding="utf-8"), "") == attend("report", str(ISTANBUL))
    assert [file] == list(tmp_path.iterdir())


def test_the_command_hands_on_what_is_supposed(attend: Attend) -> None:
    words = ("--scenario", "putin-comes", "--assume", "trump=yes", "--literal")
    found = Page.of(attend("report", str(ISTANBUL), *words).out)
    assert 1 == told(found)["start"]
    assert told(found)["bases"][1]["command"].endswith("--scenario putin-comes --assume trump=yes --literal")
    assert "attends" == found.all("li", class_="row")[2].attributes["data-answer"]


def test_where_it_cannot_be_written(attend: Attend, tmp_path: Path) -> None:
    refused(attend("report", str(ISTANBUL), "-o", str(tmp_path / "no" / "page.html")), "cannot write")


def test_a_page_is_not_for_a_terminal(attend: Attend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    refused(attend("report", str(ISTANBUL)), "a page is not for a terminal: say where to, as in -o page.html")
    assert attend("report", str(ISTANBUL), "-o", "-").out.startswith("<!doctype html>")


def test_a_page_is_called_one(attend: Attend, tmp_path: Path) -> None:
    refused(attend("report", str(ISTANBUL), "-o", str(tmp_path / "x.txt")), "a page is HTML: name it .html or .htm")
    assert [] == [*tmp_path.iterdir()]


# --- for everybody --------------------------------------------------------------------------------


@every_seed
def test_headings_landmarks_and_labels(seed: Path) -> None:
    found = Page.of(page(at.load(seed)))
    levels = [int(e.tag[1]) for e in found.elements if re.fullmatch(r"h[1-6]", e.tag)]
    assert 1 == levels[0] == levels.count(1)
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(len(found.all(tag)) == 1 for tag in ("main", "nav", "footer"))
    assert [e for e in found.all("html") if e.attributes["lang"] == "en"]
    for group in found.all("fieldset"):
        assert "Suppose of" in group.text
    assert {("label",)} == {e.path[-1:] for e in found.all("input")}
    ids = [e.attributes["id"] for e in found.elements if "id" in e.attributes]
    assert len(ids) == len(set(ids))
    labelled = [e.attributes["aria-labelledby"] for e in found.elements if "aria-labelledby" in e.attributes]
    assert set(labelled) <= set(ids)


def colours(scheme: str) -> dict[str, str]:
    """The colours of the style in light or dark."""
    light, dark = re.findall(r":root \{(.*?)\}", STYLE, flags=re.S)[:2]
    found = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return found | (dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark)) if scheme == "dark" else {})


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, by WCAG 2.2."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str) -> None:
    of = colours(scheme)
    written = ("ink", "soft", "accent", "attends", "absent", "undetermined")
    poor = {(a, b) for a in written for b in ("paper", "panel", "tint") if contrast(of[a], of[b]) < 4.5}
    poor |= {(a, b) for a, b in (("on-accent", "accent"), ("paper", "attends")) if contrast(of[a], of[b]) < 4.5}
    assert not poor


def test_pictures_are_small() -> None:
    sizes = {file.name: file.stat().st_size for file in (ROOT / "docs/pictures").glob("page-*.png")}
    assert len(sizes) == 4
    assert not {name for name, size in sizes.items() if size > 200_000}


def test_of_very_many_ways_to_mend_a_conflict_not_all_are_listed() -> None:
    told, all_told = (
        [e.text for e in Page.of(page(at.case("\n".join(["a attends", "a declines"] * n)))).all("p")] for n in (11, 2)
    )
    more = "There are more such sets than are listed."
    assert more in told
    assert more not in all_told


def test_a_rule_that_clashes_is_told_as_one() -> None:
    found = Page.of(page(at.case("a attends\nb attends", rules=["not (a and b)"])))
    [clash] = found.all("ul", class_="clash")
    assert "the rule not (a and b) rule.1" in clash.text


def test_the_command_asks_what_the_page_was_asked() -> None:
    """Within a time that does not run out, all is as without one."""
    parts = {"given": ["zelensky"], "withdraw": ["list"], "as_of": "2025-05-14"}
    whole, timed = (
        told(Page.of(page(at.load(ISTANBUL), file="i.yaml", **parts, **t))) for t in ({}, {"time_limit": 600})
    )
    assert whole == timed
    [command] = {base["command"] for base in whole["bases"][:1]}
    assert "attendance resolve i.yaml --given zelensky --withdraw list --as-of 2025-05-14" == command
