"""Files as they are written: beside their place, and then moved into it, so that none is ever half there."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EINVAL, EISDIR
from os import PathLike, fsencode
from os.path import realpath
from pathlib import Path
from stat import S_IMODE, S_ISDIR, S_ISREG
from typing import BinaryIO

from attendance.errors import InputError, shown, visible


def path_of(path: str | PathLike[str]) -> Path:
    """A path as one. Raises InputError for what is none."""
    try:
        file = Path(path)
    except TypeError:
        raise InputError(f"expected the path of a file, not {shown(path)}") from None
    if not str(path):
        raise InputError("expected the path of a file, not an empty text")
    if "\0" in str(file):
        raise InputError(f"a path cannot contain the character U+0000: {shown(path)}")
    try:
        fsencode(file)
    except UnicodeEncodeError:
        raise InputError(f"a path of characters that no file's name can have: {shown(path)}") from None
    return file


def refuse_endless(file: Path) -> None:
    """Raises OSError for a pipe or a device: to open one may take for ever, and so may reading it."""
    mode = file.stat().st_mode
    if not (S_ISREG(mode) or S_ISDIR(mode)):  # a folder is told of by whoever opens it
        raise OSError(EINVAL, "it is a pipe or a device, and no file: use standard input", str(file))


@contextmanager
def placed(file: Path) -> Iterator[BinaryIO]:
    """What a file will hold, once all is written; until then, and if that fails, it stays as it is.

    Raises InputError where it cannot be written.
    """
    place = Path(realpath(file))  # a link stays one
    beside = place.parent / f".{place.name}.new"
    try:
        if place.is_dir():
            raise OSError(EISDIR, "Is a directory")
        if place.exists() and not place.is_file():
            raise OSError(EINVAL, "it is a pipe or a device, and no file: use standard output")
        beside.unlink(missing_ok=True)  # whatever is left there, or leads elsewhere
        with beside.open("xb") as stream:
            if place.is_file():
                beside.chmod(S_IMODE(place.stat().st_mode))  # who may read it stays as it is
            yield stream
        beside.replace(place)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(f"cannot write {visible(str(file))}: {reason}") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)


def save(path: str | PathLike[str], content: bytes | str) -> None:
    """Write a file, text as UTF-8 with its newlines as they are. Raises InputError where it cannot be."""
    with placed(path_of(path)) as stream:
        stream.write(content.encode() if isinstance(content, str) else content)
