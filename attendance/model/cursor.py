"""A place in the tokens of a text: what comes next, taking it, and saying what was expected instead."""

from typing import NoReturn

from attendance.errors import LanguageError, did_you_mean
from attendance.model.words import KEYWORDS, Token, tokens


class Cursor:
    """The tokens of one text, read from left to right."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = tokens(text)
        self.next = 0
        self.depth = self.nots = 0

    def at(self) -> str | None:
        """[`at` NAME], where `at least` and `at most` are something else"""
        if self.peek().keyword != "at" or self.peek(1).keyword in ("least", "most"):
            return None
        self.take()
        return self.name("the name of a gathering")

    def name(self, what: str) -> str:
        """The name that stands next; `what` is what was expected instead."""
        token = self.peek()
        if token.is_name:
            return self.take().text
        hint = None
        if token.keyword is not None:
            hint = f'{token.text!r} is a word of the language; quote it to use it as a name: "{token.text}"'
        self.fail(f"expected {what}", hint=hint)

    def keyword(self, word: str) -> None:
        """Take that keyword."""
        if self.peek().keyword != word:
            self.fail(f"expected {word!r}")
        self.take()

    def plain_word(self, word: str) -> None:
        """Take that word, which is no keyword."""
        if self.peek().kind != "word" or self.peek().text.lower() != word:
            self.fail(f"expected {word!r}")
        self.take()

    def mark(self, mark: str) -> bool:
        """Take that mark, if it stands next."""
        if self.peek().kind == "mark" and self.peek().text == mark:
            self.take()
            return True
        return False

    def close(self) -> None:
        """Take a closing parenthesis."""
        if not self.mark(")"):
            self.fail("expected ')'")

    def peek(self, ahead: int = 0) -> Token:
        """The next token, or one further ahead."""
        return self.tokens[self.next + ahead]

    def take(self) -> Token:
        """The next token, taken."""
        token = self.peek()
        self.next += 1
        return token

    def expect_end(self) -> None:
        """Fail if anything is left."""
        token = self.peek()
        if token.kind == "end":
            return
        if token.text == ")":
            self.fail("this parenthesis was never opened")
        if token.text == ",":
            self.fail("a list stands only in parentheses after 'of'", hint="say 'all of (a, b)'")
        said = {"held": "say 'is held'", "declines": "say 'is absent'", "unless": "say 'if not ...'"}
        guess = did_you_mean(token.text, sorted(KEYWORDS)) if token.keyword is None else said.get(token.keyword)
        self.fail("expected 'and', 'or' or the end", hint=guess)

    def fail(
        self, problem: str, index: int | None = None, hint: str | None = None, until: int | None = None
    ) -> NoReturn:
        """Raise what is wrong, at the next token or another one."""
        token = self.tokens[self.next if index is None else index]
        end = self.tokens[until - 1].end if until else token.end
        what = "the text ends here" if token.kind == "end" else f"found {token.text!r}"
        if problem.startswith("expected"):
            problem = f"{problem}, but {what}"
        raise LanguageError(problem, self.text, token.start, max(end, token.start + 1), hint)
