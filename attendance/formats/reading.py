"""The reader of each format: text in, a tree of values with their places out."""

from typing import Literal

from attendance.formats.document import Node, Source


def read(text: str, format: Literal["yaml", "json", "toml"]) -> Node:
    """The tree that the text describes, or a DocumentError with all that is wrong with it."""
    source = Source(text)
    if format == "yaml":  # each reader is loaded when it is needed: PyYAML is a third party's
        from attendance.formats.yaml import read_yaml as reader
    elif format == "json":
        from attendance.formats.json import read_json as reader
    elif format == "toml":
        from attendance.formats.toml import read_toml as reader
    else:
        raise ValueError(f"the format is one of yaml, json and toml, not {format!r}")
    node = reader(source)
    source.check()
    return node
