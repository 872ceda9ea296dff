"""Files as they are written: beside their place, and then moved into it, so that none is ever half there."""

from contextlib import suppress
from os import PathLike
from pathlib import Path

from attendance.errors import InputError, shown, visible


def path_of(path: str | PathLike[str]) -> Path:
    """A path as one. Raises InputError for what is none."""
    try:
        file = Path(path)
    except TypeError:
        raise InputError(f"expected the path of a file, not {shown(path)}") from None
    if "\0" in str(file):
        raise InputError(f"a path cannot contain the character U+0000: {shown(path)}")
    return file


def save(path: str | PathLike[str], content: bytes | str) -> None:
    """Write a file, text as UTF-8 with its newlines as they are. Raises InputError where it cannot be."""
    file = path_of(path)
    beside = file.with_name(f".{file.name}.new")
    try:
        beside.write_bytes(content.encode() if isinstance(content, str) else content)
        beside.replace(file)
    except (OSError, ValueError) as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot write {visible(str(file))}: {reason}") from None
