"""Files that are written: whole or not at all, beside their place first, and never through what somebody else put there."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

import attendance as at
from attendance.formats.files import placed, refuse_endless, save
from attendance.formats.tables import write_csv

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes in folders here")


def test_a_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    save(tmp_path / "a", "é\r\n")
    save(tmp_path / "b", b"\0")
    assert {"a": "é\r\n".encode(), "b": b"\0"} == {p.name: p.read_bytes() for p in tmp_path.iterdir()}


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a"
    file.write_text("old")

    def half() -> None:
        with placed(file) as stream:
            stream.write(b"ne")
            assert "old" == file.read_text()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        half()
    assert {"a": "old"} == {p.name: p.read_text() for p in tmp_path.iterdir()}


def test_rows_that_fail_leave_the_old_table(tmp_path: Path) -> None:
    def rows() -> Iterator[list[str]]:
        yield ["a"]
        raise RuntimeError

    file = tmp_path / "rows.csv"
    file.write_text("old")
    with pytest.raises(RuntimeError):
        write_csv(rows(), file)
    assert {"rows.csv": "old"} == {p.name: p.read_text() for p in tmp_path.iterdir()}


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    save(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert "new" == (tmp_path / "real").read_text()


def test_a_link_in_the_way_is_not_followed(tmp_path: Path) -> None:
    """Whoever may write in the folder could otherwise choose which file is overwritten."""
    (tmp_path / "precious").write_text("kept")
    (tmp_path / ".a.new").symlink_to("precious")
    save(tmp_path / "a", "new")
    assert {"precious": "kept", "a": "new"} == {p.name: p.read_text() for p in tmp_path.iterdir()}


@posix
def test_pipes_and_devices_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    (tmp_path / "null").symlink_to(os.devnull)
    for name in ("pipe.yaml", "null"):
        with pytest.raises(at.InputError, match="it is a pipe or a device, and no file: use standard output"):
            save(tmp_path / name, "x")
        with pytest.raises(OSError, match="it is a pipe or a device, and no file: use standard input"):
            refuse_endless(tmp_path / name)
    with pytest.raises(at.CaseError, match=r"cannot read .*pipe.yaml: it is a pipe or a device"):
        at.load(tmp_path / "pipe.yaml")


def test_no_place_to_write(tmp_path: Path) -> None:
    for path, reason in (("nowhere/a", "No such file"), (".", "Is a directory"), ("a" * 300, "File name too long")):
        with pytest.raises(at.InputError, match=rf"cannot write .*: {reason}"):
            save(tmp_path / path, "x")
    with pytest.raises(at.InputError, match="expected the path of a file, not an empty text"):
        save("", "x")


def test_who_may_read_a_file_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o600)
    save(file, "new")
    assert ("new", 0o600) == (file.read_text(encoding="utf-8"), file.stat().st_mode & 0o777)


def test_the_root_is_no_file() -> None:
    with pytest.raises(at.InputError, match="cannot write /: Is a directory"):
        save("/", "x")
