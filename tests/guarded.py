"""Runs command lines in one process that notes whatever SECURITY.md promises does not happen.

`python guarded.py JOBS RESULTS`: JOBS is a JSON list of {arguments, folder, stdin}; RESULTS gets, for each, the exit
status, what was printed, and what was noted: network, programs, files nobody named, code that is no module's, C libraries.
"""

import io
import json
import os
import re
import resource
import sys
import sysconfig
import zoneinfo
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = tuple(
    {
        os.path.realpath(place) + os.sep
        for place in (
            sys.prefix,
            sys.base_prefix,
            ROOT / "attendance",
            *sysconfig.get_paths().values(),
            *(place for place in zoneinfo.TZPATH if os.path.isdir(place)),
        )
    }
)
NEVER = re.compile(
    r"socket\.|os\.(system|exec|fork|forkpty|spawn|posix_spawn|startfile|putenv|kill|chown)$|pty\.|ctypes\.|pickle\.|shelve\.|urllib\."
    r"|http\.|ftplib\.|smtplib\.|imaplib\.|poplib\.|webbrowser\.|tempfile\.|shutil\.|code\.|mmap\.|syslog\.|signal\.pthread_kill$"
)
"""Events that no command causes, whatever it reads."""
CHANGES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
    "os.chmod",
    "os.utime",
)
LOOKS = ("os.listdir", "os.scandir")
BESIDE = ("-wal", "-shm", "-journal", "-lock")
"""What is kept beside a journal while somebody writes in it."""


class Guard:
    """Notes what happens while a command runs: an audit hook, which Python lets nobody take away."""

    def __init__(self) -> None:
        self.on, self.noted, self.named, self.rules = False, list[str](), set[str](), ""
        self.folders = set[str]()

    def begin(self, arguments: list[str], folder: str) -> None:
        words = [word for word in arguments if word and "\0" not in word and len(word) < 200]
        paths = [os.path.realpath(os.path.join(folder, word)) for word in words]
        inside = [*(os.path.join(path, name) for path in paths if os.path.isdir(path) for name in os.listdir(path))]
        beside = [os.path.join(os.path.dirname(path), f".{os.path.basename(path)}.new") for path in paths]
        self.named = {
            *paths,
            *(path + suffix for path in paths for suffix in BESIDE),
            *beside,
            *map(os.path.realpath, inside),
        }
        self.folders = {os.path.dirname(path) for path in paths}  # of a journal: it is told to reach the disk
        self.rules = paths[words.index("--rules") + 1] if "--rules" in words else ""
        self.noted, self.on = [], True

    def end(self) -> list[str]:
        self.on = False
        return self.noted

    def __call__(self, event: str, details: tuple[Any, ...]) -> None:
        if self.on and (problem := self.problem(event, details)):
            self.on = False  # what follows is about the note, not about the command
            self.noted.append(f"{event}: {problem}")
            self.on = True

    def problem(self, event: str, details: tuple[Any, ...]) -> str | None:
        match event, details:
            case "open", (path, mode, flags, *_) if not isinstance(path, int):
                writes = bool((flags or 0) & (os.O_WRONLY | os.O_RDWR)) or any(c in (mode or "") for c in "wax+")
                return self.of_file(path, writes)
            case "sqlite3.connect", (path, *_):
                name = os.fspath(path).removeprefix("file://").partition("?mode=")[0]
                return self.of_file(name.replace("%3F", "?"), False) if name else None
            case ("compile", (_, file, *_)) | ("exec", (CodeType(co_filename=file), *_)):
                return None if self.is_code(file) or importing() else f"code of {file}"
            case "subprocess.Popen" | "os.posix_spawn", (_, command, *_):  # one does the other, on newer Pythons
                return None if is_graphviz(command) else f"the program {command}"
            case "import", (name, str(file), *_):
                return None if self.is_installed(file) else f"the module {name} of {file}"
            case _ if event in CHANGES:
                return next(
                    (p for part in details[:2] if isinstance(part, str | bytes) and (p := self.of_file(part, True))),
                    None,
                )
            case _ if event in LOOKS and not importing():
                return self.of_file(details[0], False)
            case _ if NEVER.match(event) and not importing():
                return repr(details)[:200]
        return None

    def of_file(self, path: Any, writes: bool) -> str | None:
        """What is wrong with touching the file; None for one that was named, and for reading what is installed."""
        if path is None or isinstance(path, int):
            return None
        real = os.path.realpath(os.fsdecode(path))
        if not writes and real in self.folders and os.path.isdir(real):
            return None
        if real in self.named or real == os.devnull or (not writes and self.is_installed(real + os.sep)):
            return None
        return f"{'writes' if writes else 'reads'} {real}"

    def is_code(self, file: Any) -> bool:
        """Whether code of that file may run: of the installation, or the rules of a desk, which the user names."""
        return isinstance(file, str) and (self.is_installed(file) or os.path.realpath(file) == self.rules)

    def is_installed(self, path: str) -> bool:
        return path.startswith("<frozen ") or os.path.realpath(path).startswith(INSTALLED)


def importing() -> bool:
    """Whether a module of the installation is being loaded, which is code and makes code."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == "<frozen importlib._bootstrap>":
            return True
        frame = frame.f_back
    return False


def is_graphviz(command: Any) -> bool:
    """Whether it is the one program that is ever started: this Python, drawing what it is given with Graphviz."""
    from attendance.markup.graphviz import DRAW

    return list(command[:4]) == [sys.executable, "-P", "-c", DRAW]


def run(guard: Guard, arguments: list[str], folder: str, stdin: bytes) -> list[Any]:
    """How a command ends, what it prints, and what was noted."""
    from attendance.faces.cli import main

    os.chdir(folder)
    kept = sys.stdin, sys.stdout, sys.stderr
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin))
    out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    sys.stdout, sys.stderr = out, err
    status: Any = 0
    guard.begin(arguments, folder)
    try:
        main(arguments)
    except SystemExit as error:
        status = error.code or 0
    except BaseException as error:
        status = repr(error)
    finally:
        noted = guard.end()
        sys.stdin, sys.stdout, sys.stderr = kept
    out.flush()
    err.flush()
    printed = (stream.buffer.getvalue().decode() for stream in (out, err))  # type: ignore[attr-defined]
    return [status, *printed, noted]


def run_all(jobs: str, results: str) -> None:
    """Runs the jobs within limits, and keeps what came of them."""
    resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
    resource.setrlimit(resource.RLIMIT_CPU, (600, 600))
    guard = Guard()
    told = json.loads(Path(jobs).read_text(encoding="utf-8", errors="surrogatepass"))
    with open(results, "w", encoding="utf-8", errors="surrogatepass") as kept:
        sys.addaudithook(guard)
        found = [run(guard, job["arguments"], job["folder"], bytes.fromhex(job["stdin"])) for job in told]
        json.dump(found, kept)


if __name__ == "__main__":
    run_all(*sys.argv[1:])
