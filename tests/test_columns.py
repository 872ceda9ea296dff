"""Cases from columns: the same as from statements one by one, and every mistake with its row and its column."""

import math
import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from attendance.model.language import _Parser, _simple, _whole
from attendance.model.sayings import Inclination
from tests.sizes import examples_of

COLUMNS: dict[str, list[Any]] = {
    "who": ["anna", "ben", "cleo"],
    "says": ["attends only if ben", "attends unless rain", "attends only if at least 2 of others"],
    "said": ["2025-05-12", None, date(2025, 5, 13)],
    "source": ["radio", math.nan, "letter"],
}


def one_by_one(columns: dict[str, list[Any]]) -> list[at.Statement]:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return [at.Statement(**{k: v for k, v in row.items() if v is not None and v == v}) for row in rows]


class Frame:
    """Shaped like the dataframes of pandas and polars."""

    def __init__(self, columns: dict[str, list[Any]], convert: str = "to_list") -> None:
        self.columns = list(columns)
        self._cells, self._convert = columns, convert

    def __getitem__(self, name: str) -> Any:
        cells = self._cells[name]
        return type("Series", (), {self._convert: lambda self: list(cells)})()


def problems(*args: Any, **options: Any) -> list[str]:
    with pytest.raises(at.CaseError) as caught:
        at.from_columns(*args, **options)
    return [f"{p.where}: {p.message}" + (f" ({p.hint})" if p.hint else "") for p in caught.value.problems]


# --- the case


def test_it_is_the_case_of_the_same_statements() -> None:
    case = at.from_columns(
        COLUMNS, title="Dinner", facts=["rain"], groups={"choir": ["anna"]}, rules=["at most 3 of everyone"]
    )
    people = [at.Participant(id=name) for name in ("anna", "ben", "cleo")]
    same = at.Case(
        title="Dinner",
        participants=people,
        facts=["rain"],
        groups={"choir": ["anna"]},
        rules=["at most 3 of everyone"],
        statements=one_by_one(COLUMNS),
    )
    assert case == same
    assert repr(case) == repr(same)
    assert at.dumps(case) == at.dumps(same)
    assert at.resolve(case).to_dict() == at.resolve(same).to_dict()
    assert ["anna.1", "ben.1", "cleo.1"] == [s.id for s in case.statements]
    assert case.model_copy() == case
    assert case.statements[1].model_dump() == same.statements[1].model_dump()
    assert hash(case.statements[0]) == hash(same.statements[0])


def test_participants_in_columns() -> None:
    people = {
        "id": ["anna", "ben", "cleo"],
        "name": ["Anna", None, "Cleo C."],
        "of": ["north", ["north", "south"], math.nan],
        "tags": [("a", "b"), {"c", "b"}, None],
        "weights": [{"seats": "0.1"}, None, {"seats": 2}],
        "probability": [0.5, "1/3", Decimal(1)],
    }
    case = at.from_columns(COLUMNS, people, facts=["rain"])
    assert case.participants == (
        at.Participant(
            id="anna", name="Anna", of="north", tags=["a", "b"], weights={"seats": "0.1"}, probability="0.5"
        ),
        at.Participant(id="ben", of=["north", "south"], tags=["b", "c"], probability="1/3"),
        at.Participant(id="cleo", name="Cleo C.", weights={"seats": 2}, probability=1),
    )


@pytest.mark.parametrize("convert", ["to_list", "tolist", "to_pylist"])
def test_a_dataframe_of_any_library(convert: str) -> None:
    assert at.from_columns(COLUMNS, facts=["rain"]) == at.from_columns(Frame(COLUMNS, convert), facts=["rain"])


def test_a_table_that_names_its_columns_otherwise() -> None:
    table = Frame(COLUMNS)
    table.column_names, table.columns = table.columns, [object()]
    assert at.from_columns(COLUMNS, facts=["rain"]) == at.from_columns(table, facts=["rain"])


def test_cells_in_the_types_of_libraries() -> None:
    class NAType:
        def __bool__(self) -> bool:
            raise TypeError

        def __ne__(self, other: object) -> Any:
            return self

    class Timestamp(datetime):
        def to_pydatetime(self) -> datetime:
            return datetime(2025, 5, 14, 10, tzinfo=UTC)

    class Scalar:
        def tolist(self) -> list[str]:
            return ["a"]

    class Str(str):
        pass

    class Float(float):
        def __repr__(self) -> str:
            return "Float"

    case = at.from_columns(
        {
            "id": ["a", None, NAType()],
            "who": [Str("anna"), "anna", "anna"],
            "says": ["attends", at.saying("declines"), "might attend"],
            "said": [Timestamp(2025, 5, 14), NAType(), Decimal("sNaN")],
            "supersedes": [None, Scalar(), ()],
            "also": [True, "no", None],
            "inclination": ["open", None, Inclination.INCLINED],
            "probability": [Fraction(1, 3), Float(0.25), "1/2"],
            "source": [7, None, Str("radio")],
        }
    )
    first, second, third = case.statements
    assert (datetime, UTC, "7", True) == (type(first.said), first.said.tzinfo, first.source, first.also)
    assert (("a",), at.saying("declines"), None) == (second.supersedes, second.says, second.said)
    assert (str, str, Inclination.INCLINED) == (type(third.source), type(first.who), third.inclination)
    assert Fraction(1, 4) == second.probability
    assert at.Case(participants=["anna"], statements=[at.Statement(**dict(s)) for s in case.statements]) == case


def test_people_by_use_are_whoever_is_named_and_nothing_else() -> None:
    case = at.from_columns(
        {"who": ["anna", "ben"], "says": ["sends dora if fog", "waits for emil at dinner"]},
        gatherings={"talks": {}, "dinner": {"held_if": "frida and not rain"}},
        groups={"choir": ["hal"]},
        facts={"rain": True, "fog": None},
        rules=["ida or choir"],
    )
    assert ["anna", "dora", "ben", "emil", "ida", "frida", "hal"] == [p.id for p in case.participants]


def test_nothing_was_said_yet() -> None:
    assert at.from_columns({"who": [], "says": []}, {"id": ["anna"]}) == at.Case(participants=["anna"])


said = st.sampled_from(
    "attends|declines|might attend|attends only if b|attends if not c|declines unless a|sends b|attends if and only if a".split(
        "|"
    )
)
moments = st.sampled_from([None, "2025-05-14", "2025-05-14T10:00Z", date(2025, 5, 1), datetime(2025, 5, 1, tzinfo=UTC)])
rows = st.tuples(
    st.sampled_from("abc"), said, moments, st.sampled_from([None, "x", "y"]), st.sampled_from([None, True, "no"])
)


@given(several=st.lists(rows, min_size=1, max_size=8))
@examples_of(100)
def test_any_columns_make_what_their_rows_make(several: list[tuple[Any, ...]]) -> None:
    columns = dict(zip(("who", "says", "said", "source", "also"), map(list, zip(*several, strict=True)), strict=True))
    people = ["a", "b", "c"]
    by_rows = made(lambda: at.Case(participants=people, statements=one_by_one(columns)))
    by_columns = made(lambda: at.from_columns(columns, {"id": people}))
    assert (by_rows, repr(by_rows)) == (by_columns, repr(by_columns))


def made(make: Callable[[], at.Case]) -> Any:
    """The case, or what is wrong with it."""
    try:
        return make()
    except at.CaseError as error:
        return error.problems


# --- mistakes


def test_every_cell_that_is_wrong_is_told_at_once() -> None:
    columns = {
        "who": ["anna", None, "a\nb", "ben", "ben"],
        "says": ["attends unlike rain", "attends", "attends", "attends only if bne", "attends unlike rain"],
        "said": ["2025-13-01", None, None, None, 7],
    }
    with pytest.raises(at.CaseError) as caught:
        at.from_columns(columns, {"id": ["anna", "ben", "ben"], "name": ["A", "B", 1.5]})
    assert (
        str(caught.value)
        == """\
statements.0.says: expected 'if', 'only if', 'unless', 'if and only if' or the end, but found 'unlike'
    attends unlike rain
            ^^^^^^
    did you mean unless?
statements.0.said: there is no such date or time as 2025-13-01
statements.1: the key 'who' is missing
statements.2.who: a name cannot contain the character U+000A
statements.4.says: expected 'if', 'only if', 'unless', 'if and only if' or the end, but found 'unlike'
    attends unlike rain
            ^^^^^^
    did you mean unless?
statements.4.said: expected a date like 2025-05-14 or a time like 2025-05-14T10:00, not 7
participants.2.name: expected text, not 1.5
statements.3.says: unknown name 'bne'
    attends only if bne
                    ^^^
    did you mean ben?"""
    )


def test_a_row_that_only_all_the_others_make_wrong() -> None:
    people = {"id": ["anna", "Anna", "anna"]}
    assert [
        "participants.1: the participant 'Anna' differs from 'anna' only by case, space or Unicode form",
        "participants.2: the participant 'anna' is declared twice",
        "statements.1.who: unknown participant 'bne' (known are: anna, Anna)",
    ] == problems({"who": ["anna", "bne"], "says": ["attends", "attends"]}, people)


def test_the_rows_of_what_is_broken_declare_their_names() -> None:
    people = {"id": ["anna", "ben"], "of": [["north"], None], "name": [1.5, None]}
    assert ["participants.0.name: expected text, not 1.5"] == problems(
        {"who": ["anna", "ben"], "says": ["attends", "attends if north is represented"]}, people
    )


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"who": ["a"], "sais": ["attends"]}, ["statements.sais: unknown column 'sais' (did you mean says or said?)", "statements: the column 'says' is missing"]),
        ({"who": ["a"], "says": ["attends"], 7: [1]}, ["statements.7: unknown column 7 (known are: "]),
        ({"who": ["a", "b"], "says": ["attends"]}, ["statements.says: the column 'says' has 1 row, and 'who' has 2 rows"]),
        ({"who": "anna", "says": ["attends"]}, ["statements.who: the column 'who' is a list of cells, not 'anna'"]),
        ({"who": 7, "says": ["attends"]}, ["statements.who: the column 'who' is a list of cells, not 7"]),
        ({}, ["statements: the column 'who' is missing", "statements: the column 'says' is missing"]),
    ],
)  # fmt: skip
def test_columns_that_are_wrong(columns: Any, told: list[str]) -> None:
    found = problems(columns)
    assert len(told) == len(found)
    assert all(one.startswith(start) for one, start in zip(found, told, strict=True)), found


def test_a_column_that_is_there_twice() -> None:
    frame = Frame({"who": ["a"], "says": ["attends"]})
    frame.columns.append("who")
    assert ["statements.who: the column 'who' is there twice"] == problems(frame)


def test_what_is_not_in_columns_is_told_too() -> None:
    found = problems(
        {"who": ["anna"], "says": ["attends if fog"]}, {"id": ["anna"]}, facts={"fog": 3}, rules=["nobody of"]
    )
    assert ["facts.0.value", "rules.0.rule"] == [one.partition(":")[0] for one in found]


def test_what_is_no_table() -> None:
    for table in (None, 7, "anna attends", ["anna attends"]):
        with pytest.raises(at.InputError, match="statements are columns, as in"):
            at.from_columns(table)


# --- big ones


def test_a_text_is_parsed_once_and_many_unknown_names_take_no_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    count, parsed = 20_000, []
    monkeypatch.setitem(at.Statement.parsers, "says", lambda text: parsed.append(text) or at.saying(text))
    names = [f"p{i}" for i in range(count)]
    columns = {"who": names, "says": ["attends only if p8"] * count}
    assert count == len(at.from_columns(columns).statements)
    assert ["attends only if p8"] == parsed
    assert count // 2 == len(problems(columns, {"id": names[::2]}))


# --- the short way through the language


words = st.lists(
    st.sampled_from(
        "attends declines might attend if only unless not and a b1 x-y _z at always never held 7 é , ( Attends".split()
    ),
    max_size=8,
).map(" ".join)


@given(text=words)
@examples_of(1500)
def test_what_is_simple_is_what_the_grammar_makes_of_it(text: str) -> None:
    assert_by_grammar(text)


def test_simple_forms_are_what_the_grammar_makes_of_them() -> None:
    chosen = random.Random(7)
    for who in ("", "p1 ", "not ", "attend ", "x" * 200 + " ", "x" * 201 + " "):
        for verb in ("attends", "declines", "might attend"):
            for link in ("", " if", " only if", " unless", " if not", " unless not", " only if not"):
                for name in ("", " b", " a", " majority", " always", " Held", " " + "x" * 201):
                    assert_by_grammar(who + verb + link + name + chosen.choice(["", "", " ", "\n"]))


def assert_by_grammar(text: str) -> None:
    simple = _simple(text)
    if simple:
        rule = _Parser.statement if simple.who else _Parser.saying
        made = _whole(text, rule)
        assert simple == (made if simple.who else type(simple)("", None, made))


def test_texts_make_what_validation_makes() -> None:
    data = {"id": "s", "who": "a", "says": "attends if b", "at": "x", "by": "c", "said": "2025-05-14T10:00", "source": "y",
            "url": "z", "note": "a\nb", "also": "yes", "supersedes": ["t"], "inclination": "open", "probability": "0.5"}  # fmt: skip
    for names in ([*data], ["who", "says"], ["who", "says", "supersedes"]):
        some = {name: data[name] for name in names}
        assert at.Statement.of_texts(some) == at.Statement.model_validate(some)
    assert set(data) == set(at.Statement.parsers) == set(at.Statement.model_fields)
    assert set(at.Participant.parsers) == set(at.Participant.model_fields)
    for odd in (
        {"who": "a"},
        {"who": "a", "says": "attends", "x": "y"},
        {"who": None, "says": "attends"},
        "a comes",
        7,
    ):
        assert at.Statement.of_texts(odd) is None
    assert at.Statement.of_texts("a at b attends") == at.Statement.model_validate("a at b attends")
