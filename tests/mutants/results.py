"""What came out: kept by mutmut file by file, and in verdicts.txt, which stays in the repository.

A line of verdicts.txt is a function, a hash of its code, and one letter for each of its mutants: k killed, t timed out,
s survived, - not tried. A mutant of a function that has changed since is not tried, until it is.
"""

from pathlib import Path
from typing import Any

from tests.mutants.reach import files

VERDICTS = Path(__file__).with_name("verdicts.txt")
KILLED, SURVIVED, TIMEOUT, UNREACHED, STRANGE = 1, 0, 36, 33, 35
"""As mutmut has them."""
LIVED = (SURVIVED, UNREACHED, STRANGE)
CODES = {"k": KILLED, "t": TIMEOUT, "s": SURVIVED, "-": None}


def letter(code: int | None) -> str:
    """How a mutant ended. Errors in pytest's own work kill it, too."""
    if code is None:
        return "-"
    return "s" if code in LIVED else "t" if code == TIMEOUT else "k"


def load() -> dict[str, Any]:
    """What mutmut keeps of each file, and where it has nothing what was kept in the repository."""
    from mutmut.mutation.data import SourceFileMutationData

    kept, found = remembered(), {}
    for path in files():
        data = SourceFileMutationData(path=path)
        data.load()
        found[str(path)] = data
        for function, keys in functions(data).items():
            known, letters = kept.get(function, ("", ""))
            if known == data.hash_by_function_name.get(function.rpartition(".")[2]) and len(letters) == len(keys):
                for key, said in zip(keys, letters, strict=True):
                    if data.exit_code_by_key[key] is None:
                        data.exit_code_by_key[key] = CODES[said]
    return found


def functions(data: Any) -> dict[str, list[str]]:
    """The mutants of each function of a file, in the order of their numbers."""
    found: dict[str, list[str]] = {}
    for key in sorted(data.exit_code_by_key, key=lambda key: int(key.rpartition("_")[2])):
        found.setdefault(key.partition("__mutmut_")[0], []).append(key)
    return found


def remembered() -> dict[str, tuple[str, str]]:
    """Of each function the hash of its code, and a letter for each mutant."""
    lines = VERDICTS.read_text(encoding="utf-8").splitlines() if VERDICTS.exists() else []
    return {function: (known, letters) for function, known, letters in (line.split() for line in lines)}


def remember() -> None:
    """Writes verdicts.txt."""
    lines = []
    for data in load().values():
        for function, keys in functions(data).items():
            letters = "".join(letter(data.exit_code_by_key[key]) for key in keys)
            lines.append(f"{function} {data.hash_by_function_name[function.rpartition('.')[2]]} {letters}\n")
    VERDICTS.write_text("".join(sorted(lines)), encoding="utf-8")
