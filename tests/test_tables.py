"""Answers as rows: frozen and picklable, as CSV that carries no formula, and as Arrow data."""

import csv
import json
import pickle
import sys
from dataclasses import FrozenInstanceError, astuple, fields
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import attendance as at
from attendance.formats import tables
from attendance.formats.tables import csv_plain, csv_text, kinds_of
from tests import test_cli
from tests.sizes import examples_of
from tests.test_cli import Attend, refused

attend = test_cli.attend
digits = test_cli._digits

SEED = str(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")
CASE = at.load(SEED)
ANSWERS = {
    "resolve": lambda: at.resolve(CASE, scenario="mutual-loop"),
    "timeline": lambda: at.timeline(CASE),
    "pivots": lambda: at.pivots(CASE, "zelensky", over=["putin", "trump"]),
    "marginals": lambda: at.marginals(CASE),
    "sensitivity": lambda: at.sensitivity(at.load(Path(SEED).parent / "mutual-promises.yaml"), "ann"),
    "requirements": lambda: at.requirements(CASE, "zelensky"),
    "compare": lambda: at.compare(CASE, "", "putin-comes"),
    "cascade": lambda: at.cascade(CASE, start=["putin"]),
    "deadlocks": lambda: at.deadlocks(CASE, scenario="mutual-loop"),
    "invitations": lambda: at.invitations(CASE),
    "outcomes": lambda: at.table(at.outcomes(CASE, scenario="mutual-loop")),
}
SIGNS = "=+-@＝＋－＠﹢﹣﹦﹫−"
SPACES = "\t\r\n \u00a0\u3000\u200b\ufeff\x00\x7f\u0301'"


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ANSWERS)
def test_rows_are_frozen_plain_and_picklable(name: str) -> None:
    found = ANSWERS[name]()
    assert isinstance(found.rows, tuple)
    assert pickle.loads(pickle.dumps(found.rows)) == found.rows
    assert hash(found.rows) == hash(ANSWERS[name]().rows)
    for row in found.rows:
        assert type(row) is found.table.row
        assert {type(value) for value in astuple(row)} <= {str, bool, int, float, datetime, type(None)}
        with pytest.raises(FrozenInstanceError):
            setattr(row, fields(row)[0].name, None)
        kinds = kinds_of(type(row))
        assert all(isinstance(v, (kinds[f.name], type(None))) for f, v in zip(fields(row), astuple(row), strict=True))


@pytest.mark.parametrize("name", ANSWERS)
def test_csv_and_arrow_have_the_rows(name: str) -> None:
    found = ANSWERS[name]()
    names = [f.name for f in fields(found.table.row)]
    lines = [*csv.reader(StringIO(found.to_csv(), newline=""))]
    assert names == lines[0]
    assert len(found.rows) == len(lines) - 1
    nanoarrow = pytest.importorskip("nanoarrow")
    assert [dict(zip(names, astuple(row), strict=True)) for row in found.rows] == nanoarrow.Array(found).to_pylist()


def test_the_rows_of_a_resolution() -> None:
    rows = at.resolve(CASE, scenario="mutual-loop").rows
    found = at.resolve(CASE, scenario="mutual-loop")
    assert [(a.participant, a.gathering, str(v)) for a, v in found.verdicts.items()] == [
        (row.participant, row.gathering, row.verdict) for row in rows
    ]
    assert at.VerdictRow("mutual-loop", "talks", "putin", "undetermined", "coordination") == rows[0]


def test_the_rows_of_a_timeline_have_every_moment() -> None:
    found = at.timeline(CASE)
    assert [*range(1, len(found) + 1)] == sorted({row.entry for row in found.rows})
    for number, entry in enumerate(found, 1):
        rows = [row for row in found.rows if row.entry == number]
        assert max(1, len(entry.changes) + len(entry.gatherings)) == len(rows)
        assert {entry.moment} == {row.moment for row in rows}
    assert at.TurnRow(2, found[1].moment, None, None, None, None) in found.rows


def test_the_rows_of_what_it_takes() -> None:
    assert (at.RequirementRow(1, "putin", True),) == at.requirements(CASE, "zelensky").rows
    assert (at.RequirementRow(1, None, None),) == at.requirements(CASE, "medinsky").rows
    assert () == at.requirements(CASE, "never").rows


def test_several_answers_in_one_table() -> None:
    several = at.table(at.resolve(CASE, scenario=name) for name in ("", "putin-comes"))
    assert at.resolve(CASE).rows + at.resolve(CASE, scenario="putin-comes").rows == several.rows
    listed = [*at.outcomes(CASE, scenario="mutual-loop")]
    assert {1: 7, 2: 7} == {n: sum(row.outcome == n for row in at.table(listed).rows) for n in (1, 2)}
    assert all(listed[row.outcome - 1][row.name, row.gathering] is row.holds for row in at.table(listed).rows)
    assert () == at.table(()).rows
    assert at.table(at.resolve(CASE)).rows == at.resolve(CASE).rows
    for wrong in ("resolve", 5, [at.resolve(CASE), at.cascade(CASE)], [1]):
        with pytest.raises(at.QuestionError, match="rows"):
            at.table(wrong)


def test_facts_are_at_no_gathering() -> None:
    case = at.case("ann attends if rain", facts={"rain": None})
    assert {at.OutcomeRow(1, None, "rain", False), at.OutcomeRow(2, None, "rain", True)} <= set(
        at.table(at.outcomes(case, order="fewest")).rows
    )


# --- CSV ------------------------------------------------------------------------------------------


cells = st.text() | st.text(alphabet=SIGNS + SPACES + ';,"ab1')


def first_seen(piece: str) -> str:
    """What a spreadsheet looks at: the first letter that is no blank and that somebody sees."""
    blanks = [c for c in piece if c.isspace() or not c.isprintable() or c == "\u0301"]
    return next((c for c in piece if c not in blanks), "")


@examples_of(100)
@given(st.lists(st.lists(cells, min_size=1, max_size=4), max_size=4))
@example([["=1+1", "+1", "-1", "@SUM(A1)"], ["\t=1", "\r=1", "'=1", "''=1"], ["a;=1", "a\n=1", "\u200b=1", "＝1"]])
@example([["'"], [""], ["a\rb"], ["\ufeff\ufeff-"]])
@example([["'\n"], ["''\t=1"], ["a;'\r"]])
def test_no_cell_can_be_a_formula_and_all_can_be_read_back(lines: list[list[str]]) -> None:
    text = csv_text(lines)
    read = [*csv.reader(StringIO(text, newline=""))]
    for cell in (cell for line in read for cell in line):
        assert cell[:1] not in ("\t", "\r", "\n", *SIGNS)
        for piece in cell.replace("\t", ";").replace("\r", ";").replace("\n", ";").split(";"):
            assert first_seen(piece) not in {*SIGNS}
    assert lines == [[csv_plain(cell) for cell in line] for line in read]


@examples_of(100)
@given(cells)
def test_what_is_harmless_stays_as_it_is(cell: str) -> None:
    if not any(sign in cell for sign in (*SIGNS, "\t", "\r", "\n")):
        assert [[cell]] == [*csv.reader(StringIO(csv_text([[cell]]), newline=""))]


def test_numbers_of_our_own_stay_numbers() -> None:
    cells = [-1, -0.5, True, False, None, date(2025, 5, 1), datetime(2025, 5, 1, tzinfo=UTC), "-1"]
    assert "-1,-0.5,yes,no,,2025-05-01,2025-05-01T00:00:00+00:00,'-1\n" == csv_text([cells])
    with pytest.raises(at.QuestionError, match="is text"):
        csv_plain(5)  # type: ignore[arg-type]


def test_names_of_a_case_cannot_be_formulas() -> None:
    case = at.loads(json.dumps({"participants": ["=cmd|' /C calc'!A0", "-ann", "bob"], "statements": ["bob attends"]}))
    text = at.resolve(case).to_csv() or ""
    assert ["meeting,'=cmd|' /C calc'!A0,", "meeting,'-ann,", "meeting,bob,"] == [
        line.removeprefix(",")[: len(wanted)]
        for line, wanted in zip(
            text.splitlines()[1:], ["meeting,'=cmd|' /C calc'!A0,", "meeting,'-ann,", "meeting,bob,"], strict=True
        )
    ]
    assert (at.sweep(case, ["-ann"]).to_csv() or "").startswith("'-ann,'=cmd|' /C calc'!A0,bob\n")
    read = [*csv.DictReader(StringIO(text))]
    assert [p.id for p in case.participants] == [csv_plain(row["participant"]) for row in read]


def test_csv_is_written_to_a_file(tmp_path: Path) -> None:
    found = at.resolve(CASE)
    assert found.to_csv(tmp_path / "rows.csv") is None
    assert found.to_csv() == (tmp_path / "rows.csv").read_text(encoding="utf-8")
    with pytest.raises(at.QuestionError, match="cannot write"):
        found.to_csv(tmp_path / "none" / "rows.csv")


# --- Arrow ----------------------------------------------------------------------------------------


def test_arrow_has_a_type_for_each_field_whatever_is_in_it() -> None:
    nanoarrow = pytest.importorskip("nanoarrow")
    empty = nanoarrow.Array(at.timeline(at.case("")))
    assert ["int64", "timestamp", *["string"] * 4] == [f.type.name.lower() for f in empty.schema.fields]
    assert [] == empty.to_pylist()
    undated = at.timeline(at.case("ann attends"))
    assert [None] * 2 == [row["moment"] for row in nanoarrow.Array(undated).to_pylist()]
    pivots = nanoarrow.Array(ANSWERS["pivots"]())
    assert ["string", "double", "double", "double", "bool", "bool"] == [
        f.type.name.lower() for f in pivots.schema.fields
    ]


def test_without_nanoarrow_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoarrow", None)
    with pytest.raises(at.QuestionError, match=r"pip install 'attendance\[arrow\]'"):
        at.resolve(CASE).__arrow_c_stream__()


def test_a_table_without_rows_is_there_all_the_same() -> None:
    found = at.compare(CASE, "", "").table
    assert (True, 0) == (bool(found), len(found))


def test_a_truth_is_shown_as_yes_or_no() -> None:
    assert ["yes", "no", ""] == [tables._seen(cell) for cell in (True, False, None)]


def test_days_are_days() -> None:
    nanoarrow = pytest.importorskip("nanoarrow")

    class Stream:
        def __arrow_c_stream__(self, requested_schema: object = None) -> object:
            return tables.arrow_stream({"day": [date(1969, 12, 31), None]}, requested_schema, {"day": date})

    assert [{"day": date(1969, 12, 31)}, {"day": None}] == nanoarrow.Array(Stream()).to_pylist()


@pytest.mark.parametrize("name", ANSWERS)
def test_other_libraries_read_it(name: str) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    found = ANSWERS[name]()
    assert [*map(astuple, found.rows)] == [tuple(row.values()) for row in pyarrow.table(found).to_pylist()]


# --- the command line -----------------------------------------------------------------------------


ASKED = {
    "resolve": ["resolve", SEED, "--scenario", "mutual-loop"],
    "timeline": ["timeline", SEED],
    "pivots": ["pivots", SEED, "--goal", "zelensky", "--over", "putin", "--over", "trump"],
    "marginals": ["chance", SEED],
    "requirements": ["needs", SEED, "--goal", "zelensky"],
    "compare": ["compare", SEED, "", "putin-comes"],
    "cascade": ["cascade", SEED, "--start", "putin"],
    "deadlocks": ["deadlocks", SEED, "--scenario", "mutual-loop"],
    "invitations": ["invite", SEED],
    "outcomes": ["outcomes", SEED, "--scenario", "mutual-loop"],
}


@pytest.mark.parametrize("name", ASKED)
def test_the_command_line_prints_the_rows(attend: Attend, name: str) -> None:
    told = attend(*ASKED[name], "--csv")
    assert (0, ANSWERS[name]().to_csv(), "") == (told.status, told.out, told.err)
    refused(attend(*ASKED[name], "--csv", "--json"), "two forms of one answer")


def test_all_scenarios_in_one_table(attend: Attend) -> None:
    names = ["", *(str(s.id) for s in CASE.scenarios)]
    told = attend("resolve", SEED, "--scenarios", "--csv").out
    assert at.table(at.resolve(CASE, scenario=name) for name in names).to_csv() == told
    impossible = "participants: [ann]\nscenarios: {no: {given: [never]}}"
    told = attend("resolve", "-", "--scenarios", "--csv", stdin=impossible).out
    assert told.endswith(",meeting,ann,undetermined,unstated\nno,meeting,ann,impossible,\n")


def test_a_sweep_prints_its_counts_or_its_rows(attend: Attend) -> None:
    over = ["sweep", SEED, "--over", "putin", "--of", "zelensky"]
    expected = "gathering,participant,attends,absent,undetermined\ntalks,zelensky,1,1,0\n"
    assert expected == attend(*over, "--csv").out
    assert "putin,zelensky\nno,absent\nyes,attends\n" == attend(*over, "--csv", "--rows").out
    assert attend(*over, "--rows", "--format", "csv") == attend(*over, "--csv", "--rows")


def test_what_is_cut_off_is_said(attend: Attend) -> None:
    told = attend("outcomes", SEED, "--scenario", "mutual-loop", "--limit", "1", "--csv")
    assert (0, 8) == (told.status, len(told.out.splitlines()))
    assert "these are 1 of 2 outcomes" in told.err
    many = json.dumps({"participants": ["ann", "bob", "cem"], "statements": ["ann attends if bob or cem"]})
    told = attend("needs", "-", "--goal", "ann", "--limit", "1", "--csv", stdin=many)
    assert "set,name,assumed\n1,bob,yes\n" == told.out
    assert "there are more sets than these 1" in told.err


def test_what_no_row_has_is_said_beside_them(attend: Attend) -> None:
    told = attend("needs", SEED, "--goal", "never", "--csv")
    assert (1, "set,name,assumed\n") == (told.status, told.out)
    assert told.err.startswith("attendance: ")
    told = attend("invite", SEED, "--goal", "never", "--csv")
    assert (1, "gathering,participant\n") == (told.status, told.out)
    assert at.invitations(CASE, goal="never").reason in told.err
    told = attend("sweep", SEED, "--over", "zelensky", "--given", "zelensky", "--csv")
    assert "attendance: In 1 of them nothing can meet what is assumed and given.\n" == told.err
    unlucky = "gatherings: {a: {invited: [ann]}}\nparticipants: [ann, cem]\nstatements: [ann attends if cem]"
    told = attend("resolve", "-", "--csv", stdin=unlucky)
    assert at.resolve(at.loads(unlucky)).warnings[0] in told.err


def test_what_is_no_table_is_refused(attend: Attend) -> None:
    refused(attend("chance", SEED, "--goal", "putin", "--csv"), "no table")
    refused(attend("outcomes", SEED, "--count", "--csv"), "no table")
    refused(attend("invite", SEED, "--why-not", "putin", "--csv"), "in a sentence")
