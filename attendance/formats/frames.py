"""Columns as they come: mappings, and the dataframes of any library, none of which is needed here."""

from collections.abc import Iterable, Mapping
from typing import Any


def headings_of(table: Any) -> list[Any] | None:
    """The names of the columns of a mapping or a dataframe; None of what is neither."""
    if isinstance(table, Mapping):
        return list(table)
    if hasattr(table, "column_names"):
        return list(table.column_names)
    if not hasattr(table, "columns") or not hasattr(table, "__getitem__"):
        return None
    return list(table.columns)


def cells_of(column: Any) -> list[Any] | None:
    """The cells of a column as a list; None of what is no column."""
    for convert in ("to_list", "tolist", "to_pylist"):
        if callable(own := getattr(column, convert, None)):
            cells = own()
            return cells if isinstance(cells, list) else None
    if isinstance(column, str | bytes | Mapping) or not isinstance(column, Iterable):
        return None
    return list(column)
