"""Text to conditions and statements, by hand: each function's docstring is its rule of the grammar.

Keywords are read in any letter case. A text may be 20,000 characters long, with brackets 100 deep.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn, TypeVar

from attendance.errors import InputError, LanguageError, did_you_mean
from attendance.model.conditions import (
    ALWAYS,
    NEVER,
    And,
    Condition,
    Crowd,
    Held,
    Member,
    Name,
    Not,
    Or,
    Quantifier,
    Quantity,
    Relation,
    Represented,
    Selection,
    Tally,
    at_gathering,
)
from attendance.model.cursor import Cursor
from attendance.model.nesting import MAX_DEPTH, TOO_DEEP
from attendance.model.sayings import Attends, Declines, Link, Might, Saying, Sends, WaitsFor
from attendance.model.words import KEYWORDS, RANGE, tokens

T = TypeVar("T")
QUANTITIES: dict[str, Quantity] = {"majority": "a majority", "all": "all", "any": "any", "none": "none"}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement in its short form: who it is about, at which gathering, and what is said."""

    who: str
    at: str | None
    saying: Saying


def parse_condition(text: str) -> Condition:
    """The condition that the text says. Raises LanguageError with the place and what to do."""
    return _whole(text, _Parser.condition)


def parse_saying(text: str) -> Saying:
    """What is said, as in `attends only if putin`. Raises LanguageError."""
    simple = _simple(text)
    return simple.saying if simple and not simple.who else _whole(text, _Parser.saying)


def parse_statement(text: str) -> Spoken:
    """A whole statement, subject first, as in `zelensky at ankara attends`. Raises LanguageError."""
    simple = _simple(text)
    return simple if simple and simple.who else _whole(text, _Parser.statement)


def parse_place(text: str) -> Name:
    """A name, perhaps `at` a gathering, as in `putin at ankara`. Raises LanguageError."""
    return _whole(text, _Parser.place)


def locate(text: str, name: str) -> tuple[int, int]:
    """Where a name, or a condition as it is printed, first stands in a text; the whole text if nowhere."""
    try:
        found = tokens(text)
        if named := next((t for t in found if t.is_name and t.text == name), None):
            return named.start, named.end
        wanted = [t.sense for t in tokens(name)[:-1]]
    except LanguageError:
        return 0, len(text)
    for at in range(len(found)):
        if [t.sense for t in found[at : at + len(wanted)]] == wanted:
            return found[at].start, found[at + len(wanted) - 1].end
    return 0, len(text)


_CROWDS = {word: Selection((Crowd(word),)) for word in ("everyone", "others")}
"""One object each: very many may say it, and what all read stays near."""
_NAME = r"[A-Za-z_][A-Za-z0-9_-]{0,199}+"
_SIMPLE = re.compile(
    rf"(?:({_NAME}) )?(attends|declines|might attend)(?: (if|unless|only if)(?: (not))? ({_NAME}))?", re.ASCII
)
_VERBS: dict[str, type[Attends | Declines | Might]] = {"attends": Attends, "declines": Declines, "might attend": Might}


def _simple(text: str) -> Spoken | None:
    """What most people say, one name and another, ten times quicker than by the grammar; None of anything else."""
    found = _SIMPLE.fullmatch(text) if isinstance(text, str) else None
    if not found:
        return None
    who, verb, link, negated, name = found.groups()
    if (who and who.lower() in KEYWORDS) or (link == "only if" and verb == "declines"):
        return None
    if name is None:
        return Spoken(who or "", None, _VERBS[verb]())
    if name.lower() in KEYWORDS:
        return None
    return Spoken(who or "", None, _VERBS[verb](Link(link), Not(Name(name)) if negated else Name(name)))


def _whole(text: str, rule: Callable[["_Parser"], T]) -> T:
    if not isinstance(text, str):
        raise InputError(f"expected a text, not {type(text).__name__}")
    parser = _Parser(text)
    tree = rule(parser)
    parser.expect_end()
    return tree


class _Parser(Cursor):
    """Recursive descent over the tokens of one text."""

    # --- statements ---

    def statement(self) -> Spoken:
        """statement ::= NAME [`at` NAME] saying"""
        if self.peek().keyword in ("everyone", "others"):
            self.fail("a group says nothing itself", hint="say it of its members")
        who = self.name("a name to begin with, as in 'zelensky attends'")
        return Spoken(who, self.at(), self.saying())

    def place(self) -> Name:
        """place ::= NAME [`at` NAME]"""
        return Name(self.name("a name"), self.at())

    def saying(self) -> Saying:
        """saying ::= `attends` [link C] | `declines` [(`if`|`unless`) C] | `might` `attend` [link C]
        | `sends` NAME {`,` NAME} [`if` C] | `waits` `for` place {`,` place} | `prefers` range"""
        if self.peek().kind == "word" and self.peek().text.lower() == "prefers":
            self.take()
            return Attends(Link.ONLY_IF, self.range())
        match self.peek().keyword:
            case "attends":
                self.take()
                return Attends(*self.linked())
            case "declines":
                self.take()
                return Declines(*self.linked(declining=True))
            case "might":
                self.take()
                self.plain_word("attend")
                return Might(*self.linked(might=True))
            case "sends":
                self.take()
                return self.sends()
            case "waits":
                self.take()
                self.keyword("for")
                return WaitsFor(self.listed(self.place))
            case _:
                words = ("attends", "declines", "might", "prefers", "sends", "waits")
                self.fail(
                    "expected what is said: attends, declines, might attend, prefers, sends or waits for",
                    hint=did_you_mean(self.peek().text, words),
                )

    def range(self) -> Condition:
        """range ::= NUMBER [`..` [NUMBER]] | `..` NUMBER"""
        start = self.next
        low = self.people() if self.peek().kind == "number" else None
        several = self.mark(RANGE)
        high = self.people() if low is None or (several and self.peek().kind == "number") else None
        if self.peek().kind != "end":
            self.fail("expected how many, as in 'prefers 3..7', and the end")
        if not several or low == high:
            high = low
        if high == 0:
            self.fail("whoever comes is one already", start, "say 'declines'", until=self.next)
        if low is not None and high is not None and low > high:
            self.fail("the smaller number comes first", start, f"say 'prefers {high}..{low}'", until=self.next)
        crowd = _CROWDS["everyone"]
        if low is not None and low == high:
            return Tally("exactly", low, crowd)
        bounds: list[tuple[Relation, Decimal | None]] = [("at least", low), ("at most", high)]
        found = tuple(Tally(relation, number, crowd) for relation, number in bounds if number is not None)
        return found[0] if len(found) == 1 else And(found)

    def people(self) -> Decimal:
        """NUMBER, a whole one"""
        token = self.peek()
        if token.kind != "number":
            self.fail("expected how many, as in 'prefers 3..7'")
        if token.number != token.number.to_integral_value():
            self.fail("people are counted in whole numbers")
        return self.take().number

    def linked(self, declining: bool = False, might: bool = False) -> tuple[Link | None, Condition | None]:
        """link ::= `if` | `only` `if` | `if` `and` `only` `if` | `unless`"""
        start = self.next
        match self.peek().keyword:
            case "if":
                self.take()
                link = Link.IF
                if self.peek().keyword == "and" and self.peek(1).keyword == "only":
                    self.take()
                    self.take()
                    self.keyword("if")
                    link = Link.IF_AND_ONLY_IF
            case "only":
                self.take()
                self.keyword("if")
                link = Link.ONLY_IF
            case "unless":
                self.take()
                link = Link.UNLESS
            case None if self.peek().kind == "end":
                return None, None
            case _:
                self.fail_linking(declining, might)
        if declining and link in (Link.ONLY_IF, Link.IF_AND_ONLY_IF):
            self.fail(f"'declines {link}' is not said", start, "say 'attends unless ...' or 'declines if ...'")
        if might and link is Link.IF_AND_ONLY_IF:
            self.fail("'might attend if and only if' is not said", start, "say 'might attend only if ...'")
        return link, self.condition()

    def fail_linking(self, declining: bool, might: bool) -> NoReturn:
        """What can stand after `attends`, `declines` or `might attend`, and what was perhaps meant."""
        links = ["if", "unless"] if declining else ["if", "only if", "unless"]
        links += [] if declining or might else ["if and only if"]
        token = self.peek()
        if token.keyword == "at":
            hint: str | None = "put 'at' after the name, as in 'zelensky at ankara attends'"
        elif token.text.casefold() == "iff" and Link.IF_AND_ONLY_IF in links:
            hint = f"did you mean {Link.IF_AND_ONLY_IF}?"
        else:
            hint = did_you_mean(token.text, links)
        self.fail(f"expected {', '.join(map(repr, links[:-1]))}, {links[-1]!r} or the end", hint=hint)

    def sends(self) -> Sends:
        """`sends` NAME {`,` NAME} [`if` C]"""
        delegates = self.listed(lambda: self.name("the name of a delegate"))
        if self.peek().keyword == "at":
            self.fail(
                "delegates are sent to the gathering of the statement",
                hint="put 'at' after the sender's name",
            )
        if self.peek().keyword != "if":
            return Sends(delegates)
        self.take()
        return Sends(delegates, self.condition())

    def listed(self, one: Callable[[], T]) -> tuple[T, ...]:
        found = [one()]
        while self.mark(","):
            found.append(one())
        return tuple(dict.fromkeys(found))

    # --- conditions ---

    def condition(self) -> Condition:
        """C ::= conjunction {`or` conjunction}"""
        found = [self.conjunction()]
        while self.peek().keyword == "or":
            self.take()
            found.append(self.conjunction())
        return found[0] if len(found) == 1 else Or(tuple(found))

    def conjunction(self) -> Condition:
        """conjunction ::= negation {`and` negation}"""
        found = [self.negated()]
        while self.peek().keyword == "and":
            self.take()
            found.append(self.negated())
        return found[0] if len(found) == 1 else And(tuple(found))

    def negated(self) -> Condition:
        """negation ::= {`not`} single"""
        nots = self.nots
        while self.peek().keyword == "not":
            self.take()
            self.nots += 1
        if self.nots > MAX_DEPTH:
            self.fail(TOO_DEEP)
        found = self.single()
        while self.nots > nots:
            found = Not(found)
            self.nots -= 1
        return found

    def single(self) -> Condition:
        """single ::= `always` | `never` | `(` C `)` | count | quantity | sum | leaf"""
        token = self.peek()
        match token.keyword:
            case "always":
                self.take()
                return ALWAYS
            case "never":
                self.take()
                return NEVER
            case "at" | "exactly":
                return self.count()
            case "all" | "any" | "none" | "majority":
                return self.quantity()
            case "everyone" | "others":
                self.fail(
                    f"{token.keyword!r} alone is not a condition",
                    hint=f"say how many: 'all of {token.keyword}', 'at least 3 of {token.keyword}'",
                )
        if token.text == "(" and token.kind == "mark":
            return self.bracketed()
        if token.kind == "word" and token.text.lower() == "a" and self.peek(1).keyword == "majority":
            self.take()
            return self.quantity()
        name = self.name("a condition")
        return self.sum(name) if self.peek().keyword == "of" else self.leaf(name)

    def bracketed(self) -> Condition:
        """`(` C `)`"""
        self.take()
        self.enter()
        found = self.condition()
        self.depth -= 1
        if self.peek().text == "," and self.peek().kind == "mark":
            self.fail("a list stands only after 'of'", hint="say 'all of (...)' or 'at least 2 of (...)'")
        self.close()
        return found

    def leaf(self, name: str) -> Condition:
        """leaf ::= NAME [`at` NAME] [`attends` | `is` (`absent` | `represented` | `held`)]"""
        at = self.at()
        match self.peek().keyword:
            case "attends":
                self.take()
                return Name(name, at if at is not None else self.at())
            case "is":
                self.take()
            case _:
                return Name(name, at)
        start = self.next
        match self.take().keyword:
            case "absent":
                return Not(Name(name, at if at is not None else self.at()))
            case "represented":
                return Represented(name, at if at is not None else self.at())
            case "held" if at is None:
                return Held(name)
            case "held":
                self.fail("a gathering is held, not held at another one", start)
            case _:
                self.fail("after 'is' comes 'absent', 'represented' or 'held'", start)

    def relation(self) -> Relation:
        """relation ::= `at` `least` | `at` `most` | `exactly`"""
        if self.take().keyword == "exactly":
            return "exactly"
        match self.take().keyword:
            case "least":
                return "at least"
            case "most":
                return "at most"
            case _:
                self.fail("expected 'at least' or 'at most'", self.next - 1)

    def count(self) -> Condition:
        """count ::= relation NUMBER [`%`] `of` selection"""
        start = self.next
        relation = self.relation()
        quota, percent = self.quota()
        self.keyword("of")
        return self.tally(start, relation, quota, self.selection(), None, percent)

    def sum(self, weight: str) -> Condition:
        """sum ::= NAME `of` selection relation NUMBER [`%`]"""
        start = self.next - 1
        self.take()
        of = self.selection()
        if self.peek().keyword not in ("at", "exactly"):
            self.fail(f"expected 'at least', 'at most' or 'exactly' after the {weight} of somebody")
        relation = self.relation()
        quota, percent = self.quota()
        return self.tally(start, relation, quota, of, weight, percent)

    def tally(
        self, start: int, relation: Relation, quota: Decimal, of: Selection, weight: str | None, percent: bool
    ) -> Condition:
        try:
            return Tally(relation, quota, of, weight, percent)
        except ValueError as error:
            self.fail(str(error), start, until=self.next)

    def quota(self) -> tuple[Decimal, bool]:
        """NUMBER [`%`]"""
        token = self.peek()
        if token.kind != "number":
            self.fail("expected a number, as in 'at least 3 of everyone'")
        self.take()
        return token.number, self.mark("%")

    def quantity(self) -> Condition:
        """quantity ::= ([`a`] `majority` | `all` | `any` | `none`) `of` selection"""
        quantity = QUANTITIES[self.take().keyword or ""]
        self.keyword("of")
        return Quantifier(quantity, self.selection())

    def selection(self) -> Selection:
        """selection ::= (NAME | `everyone` | `others` | `(` member {`,` member} `)`) [`at` NAME]"""
        if not self.mark("("):
            item = self.crowd() or Name(self.name("a name, 'everyone', 'others' or a list in parentheses"))
            at = self.at()
            return _CROWDS[item.word] if at is None and type(item) is Crowd else Selection((at_gathering(item, at),))
        items = [self.member()]
        while self.mark(","):
            items.append(self.member())
        if self.peek().keyword in ("and", "or"):
            word = self.peek().keyword
            self.fail(
                f"in a list, put a condition with {word!r} in parentheses",
                hint=f"as in '(a, (b {word} c))'; or use commas between the names",
            )
        self.close()
        return Selection(tuple(items), self.at())

    def member(self) -> Member:
        """member ::= (`everyone` | `others`) [`at` NAME] | negation"""
        if crowd := self.crowd():
            return at_gathering(crowd, self.at())
        self.enter()  # a list nests as parentheses do
        found = self.negated()
        self.depth -= 1
        return found

    def enter(self) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.fail(TOO_DEEP)

    def crowd(self) -> Crowd | None:
        match self.peek().keyword:
            case "everyone":
                self.take()
                return Crowd("everyone")
            case "others":
                self.take()
                return Crowd("others")
            case _:
                return None
