"""Completion in bash, zsh and fish: their scripts, what they send, and names quoted so that no shell runs them."""

import os
import re
from typing import Any

from click.shell_completion import CompletionItem, ShellComplete, add_completion_class, split_arg_string

from attendance.faces.cli import COMMANDS, WITHOUT_FILE
from attendance.faces.completing import case_files

_BREAKS = "=:@"  # at which bash breaks a word in two
_PLAIN = re.compile(r"[\w./,+%@:=-]")  # what means itself to a shell, in any word

BASH = """\
# Completion of attendance in bash 4.4 or newer. To have it in every shell, put this line into ~/.bashrc:
#     source <(attendance completion bash)
_attendance_completion() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            '') continue ;;
            nospace,* | folder,*) compopt -o nospace 2>/dev/null ;;
        esac
        COMPREPLY+=("${line#*,}")
    done < <(env COMP_WORDS="$(printf '%s\\n' "${COMP_WORDS[@]:0:COMP_CWORD+1}")" COMP_CWORD="$COMP_CWORD" \\
        _ATTENDANCE_COMPLETE=bash_complete "${1:-attendance}" 2>/dev/null)
}
complete -o nosort -F _attendance_completion attendance
"""
ZSH = """\
#compdef attendance
# Completion of attendance in zsh. To have it in every shell, put this line into ~/.zshrc, after compinit:
#     source <(attendance completion zsh)
_attendance() {
    local line prefix=$PREFIX
    local -a before plain open
    before=("${(@Q)words[1,CURRENT-1]}")
    [[ -z $compstate[quote] ]] && prefix=${(Q)PREFIX}
    while IFS= read -r line; do
        case $line in
            (path,*|folder,*) _files -g '*.(yaml|yml|json|toml)'; return ;;
            (nospace,*) open+=("${line#*,}") ;;
            (?*) plain+=("${line#*,}") ;;
        esac
    done < <(env COMP_WORDS="${(pj:\\n:)before}"$'\\n'"$prefix" COMP_CWORD=$((CURRENT - 1)) \\
        _ATTENDANCE_COMPLETE=zsh_complete "${words[1]}" 2>/dev/null)
    (( $#plain )) && compadd -a plain
    (( $#open )) && compadd -S '' -a open
    return 0
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _attendance "$@"
else
    compdef _attendance attendance
fi
"""
FISH = """\
# Completion of attendance in fish. To have it in every shell:
#     attendance completion fish > ~/.config/fish/completions/attendance.fish
function __attendance_complete
    set -l before (commandline -opc)
    set -l words (string join \\n -- $before (commandline -ct) | string collect --allow-empty)
    for line in (env COMP_WORDS=$words COMP_CWORD=(count $before) \\
            _ATTENDANCE_COMPLETE=fish_complete $before[1] 2>/dev/null)
        string match -q '*,*' -- $line; and string replace -r '^[a-z]*,' '' -- $line
    end
end
complete --command attendance --no-files --arguments '(__attendance_complete)'
"""


class Shell(ShellComplete):
    """What the three have in common: a line for each word that is offered, after its kind and a comma."""

    source_template = ""

    def source(self) -> str:
        """The script that has this shell complete."""
        return self.source_template

    def words(self) -> list[str]:
        """The words up to the one that is completed, as they were typed: sent a line each, or in one line."""
        sent, number = os.environ["COMP_WORDS"], int(os.environ["COMP_CWORD"])
        words = sent.split("\n") if "\n" in sent else split_arg_string(sent)
        return [*words, *[""] * (number + 1 - len(words))][: number + 1]

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is completed."""
        _, *args, incomplete = ["", *self.words()]
        return args[1:], incomplete

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """What can come next; where that is a case file, the command is not loaded for it."""
        if len(args) == 1 and args[0] in COMMANDS.keys() - WITHOUT_FILE and not incomplete.startswith("-"):
            return case_files(None, None, incomplete)
        return super().get_completions(args, incomplete)

    def complete(self) -> str:
        """A line for each word that is offered."""
        args, incomplete = self.get_completion_args()
        option = re.match(r"--[\w-]+=", incomplete)
        items = self.get_completions(args, incomplete)
        for item in items:
            item.value = (option[0] if option else "") + item.value
        return "\n".join(line for item in items if (line := self.format_completion(item)))

    def format_completion(self, item: CompletionItem) -> str:
        """A word after its kind; the shell itself quotes it."""
        return f"{item.type},{item.value}"


@add_completion_class
class Bash(Shell):
    """Bash takes what it is offered for code: every letter that is not plain is quoted here."""

    name = "bash"
    source_template = BASH

    def words(self) -> list[str]:
        """The words, put together again where bash broke them."""
        found: list[str] = []
        joined = False
        for piece in super().words():
            mark = bool(piece) and not piece.strip(_BREAKS)
            if found[1:] and (mark or joined):
                found[-1] += piece
            else:
                found.append(piece)
            joined = mark
        return found

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is completed, without their quotes."""
        *args, word = [*self.words()]
        self.quote, self.kept, plain = typed(word)
        return [typed(arg)[2] for arg in args[1:]], plain

    def format_completion(self, item: CompletionItem) -> str:
        """What goes on after the last break of the word, so quoted that it means itself.

        Nothing after a closed quote, where bash would put it elsewhere, nor an exclamation mark between double quotes.
        """
        if self.quote is None or (self.quote == '"' and "!" in item.value):
            return ""
        home = "~/" if item.type in ("path", "folder") and not self.kept and item.value.startswith("~/") else ""
        value = item.value[len(self.kept) :].removeprefix(home)
        return f"{item.type},{home}{quoted(value, self.quote)}"


@add_completion_class
class Zsh(Shell):
    """Zsh quotes what it is offered."""

    name = "zsh"
    source_template = ZSH


@add_completion_class
class Fish(Shell):
    """Fish quotes what it is offered, but sends the last word as it was typed."""

    name = "fish"
    source_template = FISH

    def get_completion_args(self) -> tuple[list[str], str]:
        """The words before, and the one that is completed, without its quotes."""
        args, incomplete = super().get_completion_args()
        return args, typed(incomplete)[2]


SHELLS: dict[str, Any] = {shell.name: shell for shell in (Bash, Zsh, Fish)}


def quoted(value: str, quote: str) -> str:
    """A value as it stands in bash: after an open quote, or without one."""
    match quote:
        case "'":
            return value.replace("'", "'\\''")
        case '"':
            return re.sub(r'([\\"$`])', r"\\\1", value)
        case _:
            return "".join(c if _PLAIN.fullmatch(c) else f"\\{c}" for c in value)


def typed(word: str) -> tuple[str | None, str, str]:
    """The quote that is open at the end, the part of the word that bash keeps, and the word without its quotes.

    Kept is what stands before that quote, or before and at the last break. None for the quote if one was closed.
    """
    quote: str | None = ""
    kept, plain, at, closed = "", "", 0, False
    while at < len(word):
        c = word[at]
        if c == "\\" and quote != "'" and (not quote or word[at + 1 : at + 2] in ('"', "\\", "$", "`")):
            at += 1
            plain += word[at : at + 1]
        elif c == quote:
            quote, closed = "", True
        elif c in "'\"" and not quote:
            quote, kept = c, plain
        else:
            plain += c
            if c in _BREAKS and not quote:
                kept = plain
        at += 1
    return None if closed else quote, kept, plain
