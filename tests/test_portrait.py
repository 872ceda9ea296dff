"""A case as it is shown before anything is asked: every box and arrow of its picture, every cell of its table."""

import re

import attendance as at
from attendance.markup.diagram import Box
from attendance.model.influence import influences
from attendance.model.scenario import Scenario

CASE = at.Case(
    title="T",
    participants=[{"id": "ann", "name": "Ann A"}, "bob", {"id": "cem", "tags": ["tagged"]}],
    gatherings=[{"id": "talks", "name": "The talks"}, {"id": "dinner", "held_if": "ann and bob"}],
    groups={"g": {"members": ["ann"], "name": "Group"}},
    facts=[{"id": "f", "name": "A fact"}, "plain"],
    statements=[
        {"who": "ann", "says": "attends if f and not bob", "said": "2025-05-01", "source": "press"},
        "bob at dinner attends only if at least 2 of everyone",
        "cem waits for ann, g, f",
        "bob sends cem if g is represented",
        "cem at dinner declines if talks is held",
        "ann might attend if plain or tagged is represented",
        "bob attends if and only if at most 1 of (others at dinner, not ann)",
    ],
    rules=["ann or cem", {"rule": "bob", "at": "dinner", "id": "r"}],
)


def called(box: Box) -> str:
    where = "" if box.frame is None else f" at {CASE.diagram.frames[box.frame]}"
    return f"{' / '.join(box.lines)}{where}"


def test_everybody_and_all_that_is_named_is_in_a_box() -> None:
    diagram = CASE.diagram
    assert ("case", "T", ("The talks", "dinner")) == (diagram.name, diagram.title, diagram.frames)
    assert {"plain"} == {box.tone for box in diagram.boxes}
    assert [
        ("Ann A at The talks", "attendance", "box"),
        ("bob at The talks", "attendance", "box"),
        ("cem at The talks", "attendance", "box"),
        ("Ann A at dinner", "attendance", "box"),
        ("bob at dinner", "attendance", "box"),
        ("cem at dinner", "attendance", "box"),
        ("A fact", "fact", "oval"),
        ("plain", "fact", "oval"),
        ("tagged at The talks", "group", "oval"),
        ("everyone at dinner", "everyone", "oval"),
        ("Group at The talks", "group", "oval"),
        ("The talks", "gathering", "note"),
        ("ann or cem", "rule", "hexagon"),
        ("bob", "rule", "hexagon"),
        ("dinner", "gathering", "note"),
        ("everyone at The talks", "everyone", "oval"),
    ] == [(called(box), box.kind, box.shape) for box in diagram.boxes]


def test_an_arrow_goes_from_what_is_read_to_whom_it_binds() -> None:
    diagram = CASE.diagram
    names = [called(box) for box in diagram.boxes]
    found = [f"{names[a.tail]} {a.sign or a.label} {names[a.head]}{' (faint)' * a.faint}" for a in diagram.arrows]
    assert ARROWS == found


ARROWS = """
A fact + Ann A at The talks
bob at The talks - Ann A at The talks
plain + Ann A at The talks
tagged at The talks + Ann A at The talks
everyone at dinner + bob at dinner
Group at The talks - bob at The talks
everyone at dinner - bob at The talks
Ann A at The talks + bob at The talks
Group at The talks + cem at The talks
bob at The talks - cem at The talks
The talks - cem at dinner
Ann A at The talks waits cem at The talks
Group at The talks waits cem at The talks
A fact waits cem at The talks
Ann A at The talks + ann or cem
cem at The talks + ann or cem
bob at dinner + bob
Ann A at dinner + dinner
bob at dinner + dinner
cem at The talks + tagged at The talks (faint)
Ann A at The talks + Group at The talks (faint)
everyone at The talks + The talks
""".strip().splitlines()


def test_a_link_knows_its_bound_and_the_statement() -> None:
    found = influences(CASE, Scenario(), CASE.counted)
    assert LINKS == [f"{k.tail} {k.sign or '.'} {k.head} ({k.bound}, {k.by!r})" for k in found]


LINKS = """
f + ann at talks (if, 'ann.1')
bob at talks - ann at talks (if, 'ann.1')
plain + ann at talks (only if, 'ann.2')
tagged at talks + ann at talks (only if, 'ann.2')
everyone at dinner + bob at dinner (only if, 'bob.1')
g at talks - bob at talks (only if, 'bob.2')
everyone at dinner - bob at talks (if, 'bob.3')
ann at talks + bob at talks (if, 'bob.3')
everyone at dinner - bob at talks (only if, 'bob.3')
ann at talks + bob at talks (only if, 'bob.3')
g at talks + cem at talks (if, 'bob.2')
bob at talks - cem at talks (if, 'bob.2')
talks - cem at dinner (only if, 'cem.2')
ann at talks . cem at talks (waits for, 'cem.1')
g at talks . cem at talks (waits for, 'cem.1')
f . cem at talks (waits for, 'cem.1')
ann at talks + rule.1 (rule, 'rule.1')
cem at talks + rule.1 (rule, 'rule.1')
bob at dinner + r (rule, 'r')
ann at dinner + dinner (held if, '')
bob at dinner + dinner (held if, '')
cem at talks + tagged at talks (member, '')
ann at talks + g at talks (member, '')
everyone at talks + talks (held if, '')
""".strip().splitlines()


def test_one_gathering_needs_no_frame() -> None:
    diagram = at.Case(participants=["ann"], rules=["not ann"]).diagram
    assert ((), [None, None]) == (diagram.frames, [box.frame for box in diagram.boxes])


def test_all_that_was_said_is_in_a_table() -> None:
    cells = [re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", row) for row in CASE.html().split("<tr>")[1:]]
    assert [
        ["said", "who", "says", "source", "id"],
        ["2025-05-01", "Ann A", "attends if f and not bob", "press", "ann.1"],
        ["", "bob at dinner", "attends only if at least 2 of everyone", "", "bob.1"],
        ["", "cem", "waits for ann, g, f", "", "cem.1"],
        ["", "bob", "sends cem if g is represented", "", "bob.2"],
        ["", "cem at dinner", "declines if talks is held", "", "cem.2"],
        ["", "Ann A", "might attend if plain or tagged is represented", "", "ann.2"],
        ["", "bob", "attends if and only if at most 1 of (others at dinner, not ann)", "", "bob.3"],
    ] == cells
    assert ">T: 3 participants, 7 statements</caption>" in CASE.html()
