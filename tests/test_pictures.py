"""Pictures and what notebooks show: every answer has them, and no name breaks out of any."""

import os
import re
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.markup import graphviz, html
from attendance.markup.diagram import Arrow, Box, Diagram
from attendance.markup.dot import dot
from attendance.markup.mermaid import mermaid
from tests.sizes import shares

EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or 100)
examples = shares(EXAMPLES)
ISTANBUL = at.load(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
ANSWERS: dict[str, Any] = {
    "case": ISTANBUL,
    "graph": at.graph(ISTANBUL),
    "resolution": at.resolve(ISTANBUL),
    "why": at.why(ISTANBUL, "zelensky"),
    "why undetermined": at.why(ISTANBUL, "trump", as_of="2025-05-13"),
    "timeline": at.timeline(ISTANBUL),
    "sweep": at.sweep(ISTANBUL, over=["putin", "rubio"]),
}
every_answer = pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
KINDS = {"text/plain", "text/html", "text/vnd.mermaid", "image/svg+xml"}

HOSTILE = [
    "</script><img src=x onerror=alert(1)>",
    'a"b',
    "`**bold**`",
    "end",
    "x]]; n0 --> n1",
    "#quot;",
    "&lt;b&gt;",
    "\\N \\n \\l",
    '%%{init: {"theme":"dark"}}%%',
    'click n0 "javascript:alert(1)"',
    "$$x^2$$",
    "fa:fa-user",
    "\\",
    '"',
    "<",
    "日本語 ñ 🎉",
    "|{}[]()<>/",
]
texts = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=12).map(
    lambda t: f"x{t}x"
) | st.sampled_from(HOSTILE)
TONES = ("attends", "absent", "undetermined", "plain", "quiet")
SHAPES = ("box", "oval", "hexagon", "note")


@st.composite
def diagrams(draw: st.DrawFn) -> Diagram:
    frames = tuple(draw(st.lists(texts, max_size=2)))
    number = draw(st.integers(1, 5))
    boxes = tuple(
        Box(
            tuple(draw(st.lists(texts, min_size=1, max_size=2))),
            "attendance",
            draw(st.sampled_from(TONES)),
            draw(st.sampled_from(SHAPES)),
            draw(st.sampled_from([None, *range(len(frames))])),
            draw(st.booleans()),
        )
        for _ in range(number)
    )
    ends = st.integers(0, number - 1)
    arrows = tuple(
        Arrow(draw(ends), draw(ends), draw(st.sampled_from(["+", "-", "±", ""])), label, draw(st.booleans()))
        for label in draw(st.lists(texts, max_size=3))
    )
    return Diagram("drawn", draw(texts), boxes, arrows, frames)


def said(diagram: Diagram) -> list[str]:
    """Every text of a diagram that is to be seen."""
    lines = [line for box in diagram.boxes for line in box.lines]
    frames = [title for i, title in enumerate(diagram.frames) if any(box.frame == i for box in diagram.boxes)]
    return sorted([*lines, *frames, *(a.told.strip() for a in diagram.arrows if a.told)])


@given(diagram=diagrams())
@examples(0.4)
def test_graphviz_draws_just_the_texts(diagram: Diagram) -> None:
    root = ElementTree.fromstring(graphviz.svg(dot(diagram)))
    seen = sorted((e.text or "").replace("\xa0", " ").strip() for e in root.iter() if e.tag.endswith("}text"))
    assert [" ".join(t.split()) for t in said(diagram)] == sorted(" ".join(t.split()) for t in seen)
    groups = [e.get("class", "").partition(" ")[0] for e in root.iter() if e.tag.endswith("}g")]
    assert groups.count("node") == len(diagram.boxes)
    assert groups.count("cluster") == len({b.frame for b in diagram.boxes} - {None})
    assert not [e.tag for e in root.iter() if e.tag.rpartition("}")[2] in ("script", "image", "a") and e.get("href")]


@given(diagram=diagrams())
@examples(1)
def test_mermaid_has_no_character_that_it_could_read(diagram: Diagram) -> None:
    lines = mermaid(diagram).splitlines()
    quoted = [text for line in lines for text in re.findall(r'"([^"]*)"', line)]
    assert all(re.fullmatch(r"(\w|[ ,.!?“”…-]|#\d+;|<br/>)*", text) for text in quoted)
    assert all(line.count('"') % 2 == 0 for line in lines)
    shown = [unescape(re.sub(r"#(\d+);", r"&#\1;", text)).replace("\u2060", "") for text in quoted]
    assert shown == ["<br/>".join(box.lines) for box in diagram.boxes if box.frame is None] + [
        text
        for i, title in enumerate(diagram.frames)
        for text in (title, *("<br/>".join(box.lines) for box in diagram.boxes if box.frame == i))
    ] + [arrow.told for arrow in diagram.arrows if arrow.told]


class Seen(HTMLParser):
    """The tags and the text of a piece of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(words=st.lists(st.text(max_size=10) | st.sampled_from(HOSTILE), min_size=1, max_size=3))
@examples(1)
def test_html_has_no_tag_but_its_own(words: list[str]) -> None:
    made = html.element("p", *words, title=words[0], class_="x", hidden=True, lang=None)
    seen = Seen()
    seen.feed(made)
    seen.close()
    assert ["p"] == seen.tags
    assert "".join(words).replace("\r\n", "\n").replace("\r", "\n") == seen.text.replace("\r\n", "\n").replace(
        "\r", "\n"
    )


def test_a_case_of_hostile_names_is_drawn_with_its_names() -> None:
    people = [at.Participant(id=f"p{i}", name=name) for i, name in enumerate(HOSTILE)]
    case = at.Case(participants=people, statements=["p0 attends only if p1", "p1 attends only if p0"], title=HOSTILE[0])
    tags = {"a", "b", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "span", "p", "strong", "ol", "li"}
    for answer in (case, at.graph(case), at.resolve(case), at.why(case, "p0"), at.timeline(case)):
        seen = Seen()
        seen.feed(answer.html())
        assert set(seen.tags) <= tags
        ElementTree.fromstring(answer.svg())
    svg = unescape(at.graph(case).svg())
    assert [name for name in HOSTILE if name.replace(" ", "") not in svg.replace(" ", "")] == []


# --- notebooks ----------------------------------------------------------------------------------------


@every_answer
def test_a_notebook_has_four_representations_to_choose_from(answer: Any) -> None:
    bundle = answer._repr_mimebundle_()
    assert KINDS == set(bundle)
    assert str(answer) == bundle["text/plain"]
    assert bundle["text/vnd.mermaid"].startswith("flowchart TB\n")
    assert bundle["image/svg+xml"].startswith("<svg")
    assert bundle["text/html"].startswith('<div class="attendance">')
    assert not re.search(r"<(script|style|link)", bundle["text/html"])
    assert answer.png().startswith(b"\x89PNG")


@every_answer
def test_a_notebook_gets_what_it_asks_for(answer: Any) -> None:
    assert {"text/html"} == set(answer._repr_mimebundle_(include={"text/html"}))
    assert KINDS - {"text/plain"} == set(answer._repr_mimebundle_(exclude={"text/plain"}))
    assert {"text/plain"} == set(answer._repr_mimebundle_(include=KINDS, exclude=KINDS - {"text/plain"}))


@every_answer
def test_the_same_answer_is_drawn_the_same(answer: Any) -> None:
    assert answer._repr_mimebundle_() == answer._repr_mimebundle_()


def test_without_graphviz_there_is_no_svg_and_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pygraphviz", None)
    found = ANSWERS["graph"]
    assert KINDS - {"image/svg+xml"} == set(found._repr_mimebundle_())
    for draw in (found.svg, found.png):
        with pytest.raises(at.QuestionError, match=r"pip install 'attendance\[graph\]'"):
            draw()


def test_what_graphviz_cannot_draw_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found = ANSWERS["graph"]
    with monkeypatch.context() as slow:
        slow.setattr(graphviz, "PATIENCE", 0)
        with pytest.raises(at.QuestionError, match="takes Graphviz more than 0 seconds"):
            found.png()
    monkeypatch.setattr(graphviz, "DRAW", "raise SystemExit('no memory')")
    with pytest.raises(at.QuestionError, match=r"^Graphviz could not draw this: no memory$"):
        found.svg()
    monkeypatch.setattr(graphviz, "DRAW", "raise SystemExit(3)")
    with pytest.raises(at.QuestionError, match=r"^Graphviz could not draw this: it ended with 3$"):
        found.svg()


def test_a_notebook_draws_no_picture_of_hundreds_by_itself() -> None:
    case = at.case("\n".join(f"p{i} attends" for i in range(151)))
    assert "image/svg+xml" not in at.resolve(case)._repr_mimebundle_()


def test_verdicts_are_told_in_words_and_not_by_colour_alone() -> None:
    words = {"zelensky": "absent", "medinsky": "attends"}
    for who, verdict in words.items():
        assert f'"{who}<br/>{verdict}"' in ANSWERS["resolution"].mermaid()
        assert re.search(rf"<td[^>]*>{who}</td><td[^>]*><span[^>]*>{verdict}</span>", ANSWERS["resolution"].html())


def test_an_explanation_leads_from_cause_to_effect() -> None:
    lines = ANSWERS["why"].mermaid().splitlines()
    boxes = {m[2]: m[1] for line in lines if (m := re.match(r' +(n\d+)[^"]*"([^"]*)"', line))}
    putin, zelensky = boxes["Vladimir Putin<br/>absent"], boxes["Volodymyr Zelensky<br/>absent"]
    said = boxes["“zelensky attends only if putin”<br/>video address"]
    assert f"    {putin} --> {zelensky}" in lines
    assert f"    {said} -.- {zelensky}" in lines


def test_a_timeline_frames_its_moments() -> None:
    text = ANSWERS["timeline"].mermaid()
    assert re.findall(r'subgraph f\d\["(.*)"\]', text) == [e.when for e in ANSWERS["timeline"]]
    assert "2025-05-14" in text


def test_a_sweep_tells_its_counts() -> None:
    assert '"zelensky<br/>attends in 2<br/>absent in 2"' in ANSWERS["sweep"].mermaid()
    widths = re.findall(r"width:([\d.]+)%", ANSWERS["sweep"].html())
    assert [w for w in widths if w == "50.0"]


def test_nothing_but_the_names_is_said_in_an_svg() -> None:
    title = "A & B <x> \\n \\G"
    case = at.Case(title=title, participants=[at.Participant(id="p", name="\\G and \\N")], statements=["p attends"])
    root = ElementTree.fromstring(at.graph(case).svg())
    titles = [e.text for e in root.iter() if e.tag.endswith("}title")]
    assert [title, "n0"] == titles
    assert "\\G and \\N" in [e.text for e in root.iter() if e.tag.endswith("}text")]
    assert not [value for e in root.iter() for name, value in e.attrib.items() if name.endswith("title")]


def test_a_name_that_graphviz_cannot_read_is_told_of() -> None:
    case = at.Case(participants=[at.Participant(id="p", name="x" * 16_000)], statements=["p attends"])
    with pytest.raises(at.QuestionError, match="too long for Graphviz"):
        at.graph(case).svg()
    assert "x" * 16_000 in at.graph(case).mermaid()


def test_other_answers_are_shown_as_their_rows() -> None:
    shown = at.compare(ISTANBUL, None, "putin-comes")._repr_html_()
    seen = Seen()
    seen.feed(shown)
    assert "zelensky" in seen.text
    assert {"div", "table", "thead", "tbody", "tr", "th", "td", "span"} >= set(seen.tags)
