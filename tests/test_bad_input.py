"""Bad input of every kind: exactly what is said of it, with its place, a caret under the word, and a hint.

Nothing but the library's own errors may come out: no error of pydantic's, no failed assertion, no RecursionError.
"""

import copy
import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import attendance as at
from tests.trees import VOCABULARY, examples


def told(ask: Callable[[], Any]) -> str:
    """What the error says, which is one of ours, of input, and survives being copied and pickled."""
    with pytest.raises(at.AttendanceError) as caught:
        ask()
    error = caught.value
    assert isinstance(error, ValueError)
    assert error.__cause__ is None
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error), copy.deepcopy(error)):
        assert type(error) is type(again)
        assert str(error) == str(again)
        assert vars(error) == vars(again)
    return str(error)


# --- files ------------------------------------------------------------------------------------------

PHRASES = {
    "<answers>": "expected attends, absent, undetermined (perhaps with a cause, as in 'undetermined (open)'), held or not held",
    "<sayings>": "expected what is said: attends, declines, might attend, prefers, sends or waits for",
    "<dates>": "expected a date like 2025-05-14 or a time like 2025-05-14T10:00",
    "<first>": "expected a name to begin with, as in 'zelensky attends'",
    "<top>": "a case file is a mapping with keys like participants and statements",
    "<shared>": "ids of statements and rules are shared",
    "<lost>": "perhaps a comma ended the condition",
    "<comma>": "in brackets a comma ends a text: put it in quotes",
    "<form>": "only by case, space or Unicode form",
    "<tab>": "a tab stands where YAML takes only spaces: replace it with spaces, or put the text in quotes",
    "<members>": "and a group says nothing itself",
}
"""What messages have in common; short here, to keep the lines so."""

FILES: dict[str, tuple[str, str]] = {
    "an unknown name": (
        """
        participants: {putin: {}, zelensky: {}}
        statements:
          - zelensky attends only if puttin
        """,
        """
        case:3:30: unknown name 'puttin'
            zelensky attends only if puttin
                                     ^^^^^^
            did you mean putin?
        """,
    ),
    "an unknown name that nothing is like": (
        """
        participants: {a: {}, b: {}}
        gatherings: {talks: {}}
        facts: {rain: }
        rules:
          - a or xyzzy
        """,
        """
        case:5:10: unknown name 'xyzzy'
            a or xyzzy
                 ^^^^^
            known are: a, b, talks, rain
        """,
    ),
    "an unknown name among very many": (
        """
        participants: {p01: , p02: , p03: , p04: , p05: , p06: , p07: , p08: , p09: , p10: , p11: , p12: }
        rules: [zzz]
        """,
        """
        case:2:9: unknown name 'zzz'
            zzz
            ^^^
        """,
    ),
    "a display name in quotes": (
        """
        participants: {putin: {name: Vladimir Putin}, zelensky: {}}
        statements:
          - zelensky attends only if "vladimir  PUTIN"
        """,
        """
        case:3:30: unknown name 'vladimir  PUTIN'
            zelensky attends only if "vladimir  PUTIN"
                                     ^^^^^^^^^^^^^^^^^
            did you mean putin?
        """,
    ),
    "a display name that needs quotes as an id": (
        """
        participants: {"v p": {name: Putin}, zelensky: {}}
        statements:
          - {who: zelensky, says: attends only if Putin}
        """,
        """
        case:3:43: unknown name 'Putin'
            attends only if Putin
                            ^^^^^
            did you mean "v p"?
        """,
    ),
    "a display name as who": (
        """
        participants: {putin: {name: Vladimir Putin}}
        statements:
          - {who: Vladimir Putin, says: attends}
        """,
        """
        case:3:11: unknown participant 'Vladimir Putin'
            did you mean putin?
        """,
    ),
    "a display name among members and the invited": (
        """
        participants: {putin: {name: Vladimir Putin}}
        groups: {g: {members: [Vladimir Putin]}}
        gatherings: {talks: {invited: [Vladimir Putin]}}
        """,
        """
        case:2:24: unknown participant or group 'Vladimir Putin'
            did you mean putin?
        case:3:32: unknown participant 'Vladimir Putin'
            did you mean putin?
        """,
    ),
    "a display name that is assumed": (
        """
        participants: {putin: {name: Vladimir Putin}}
        scenarios:
          s: {assume: {Vladimir Putin: true}}
        """,
        """
        case:3:16: 'Vladimir Putin' is not a name, nor a name at a gathering
            did you mean putin?
        """,
    ),
    "a display name that is expected": (
        """
        participants: {putin: {name: Vladimir Putin}}
        expect:
          "": {Vladimir Putin: attends}
        """,
        """
        case:3:8: 'Vladimir Putin' is not a name, nor a name at a gathering
            did you mean putin?
        """,
    ),
    "a display name without quotes": (
        """
        participants: {putin: {name: Vladimir Putin}, b: {}}
        statements:
          - b attends if Vladimir Putin
        """,
        """
        case:3:27: expected 'and', 'or' or the end, but found 'Putin'
            b attends if Vladimir Putin
                                  ^^^^^
        """,
    ),
    "names differ by case": (
        """
        participants: {Putin: {}}
        rules: [putin]
        """,
        """
        case:2:9: unknown name 'putin'
            putin
            ^^^^^
            did you mean Putin?
        """,
    ),
    "an unknown subject": (
        """
        participants: {a: {}}
        statements:
          - bob attends if a
        """,
        """
        case:3:5: unknown participant 'bob'
            bob attends if a
            ^^^
            known are: a
        """,
    ),
    "an unknown gathering": (
        """
        gatherings: {ankara: {}, talks: {}}
        participants: {a: {}}
        statements:
          - a at ankarra attends
          - {who: a, at: talk, says: attends if a at tolks}
        """,
        """
        case:4:10: unknown gathering 'ankarra'
            a at ankarra attends
                 ^^^^^^^
            did you mean ankara?
        case:5:18: unknown gathering 'talk'
            did you mean talks?
        case:5:46: unknown gathering 'tolks'
            attends if a at tolks
                            ^^^^^
            did you mean talks?
        """,
    ),
    "unknown kinds of name": (
        """
        gatherings: {talks: {}}
        participants: {a: {of: g}}
        facts: {f: }
        rules:
          - a is represented
          - g is held
          - f at talks
          - talks at talks
          - f is represented
          - all of (a, b at nowhere)
          - {rule: a, at: a}
        """,
        """
        case:5:5: 'a' is a participant, not a group
            a is represented
            ^
        case:6:5: 'g' is a group, not a gathering
            g is held
            ^
        case:7:5: 'f' is a fact, and is at no gathering
            f at talks
            ^
        case:8:5: 'talks' is a gathering, and is at no gathering
            talks at talks
            ^^^^^
        case:9:5: 'f' is a fact, not a group
            f is represented
            ^
        case:10:16: unknown name 'b'
            all of (a, b at nowhere)
                       ^
            known are: a, g, talks, f
        case:10:21: unknown gathering 'nowhere'
            all of (a, b at nowhere)
                            ^^^^^^^
            known are: talks
        case:11:19: 'a' is a participant, not a gathering
        """,
    ),
    "a fact speaks": (
        """
        facts: {rain: }
        statements: [rain attends]
        """,
        """
        case:2:14: 'rain' is a fact, not a participant
            rain attends
            ^^^^
        """,
    ),
    "a group speaks": (
        """
        participants: {a: {of: russia}}
        statements:
          - russia attends
          - {who: russia, says: attends}
          - everyone attends
          - OTHERS decline
        """,
        """
        case:3:5: 'russia' is a group, <members>
            russia attends
            ^^^^^^
            say it of its members
        case:4:11: 'russia' is a group, <members>
            say it of its members
        case:5:5: a group says nothing itself
            everyone attends
            ^^^^^^^^
            say it of its members
        case:6:5: a group says nothing itself
            OTHERS decline
            ^^^^^^
            say it of its members
        """,
    ),
    "a group is sent": (
        """
        participants: {a: {of: russia}, b: {}}
        statements: ["b sends a, russia"]
        """,
        """
        case:2:26: 'russia' is a group, <members>
            b sends a, russia
                       ^^^^^^
            say it of its members
        """,
    ),
    "somebody sends themselves": (
        """
        participants: {a: {}, b: {}}
        statements: ["a sends b, a"]
        """,
        """
        case:2:15: 'a' cannot be sent in their own place
            a sends b, a
            ^
        """,
    ),
    "what cannot be waited for": (
        """
        gatherings: {talks: {}}
        participants: {a: {}}
        statements: ["a waits for talks, zz, a at nowhere"]
        """,
        """
        case:3:27: 'talks' is a gathering, not a participant, group or fact
            a waits for talks, zz, a at nowhere
                        ^^^^^
        case:3:34: unknown participant, group or fact 'zz'
            a waits for talks, zz, a at nowhere
                               ^^
            known are: a
        case:3:43: unknown gathering 'nowhere'
            a waits for talks, zz, a at nowhere
                                        ^^^^^^^
            known are: talks
        """,
    ),
    "equal names": (
        """
        gatherings:
          x:
        participants:
          x:
            of: y
        facts:
          x: yes
          y: no
        """,
        """
        case:4:3: 'x' is a participant here and a gathering elsewhere; names are shared by all
        case:7:3: 'x' is a fact here and a gathering elsewhere; names are shared by all
        case:8:3: 'y' is a fact here and a group elsewhere; names are shared by all
        """,
    ),
    "a name declared twice in a list": (
        """
        participants: [a, b, a]
        facts: [{id: f}, {id: f}]
        """,
        """
        case:1:22: the participant 'a' is declared twice
        case:2:18: the fact 'f' is declared twice
        """,
    ),
    "near-equal names": (
        """
        participants: {Anna: {}, anna: {}, "An na": {}}
        facts: {café: , "cafe\\u0301": , Straße: , STRASSE: }
        gatherings: {G: , g: }
        """,
        """
        case:1:26: the participant 'anna' differs from 'Anna' <form>
        case:1:36: the participant 'An na' differs from 'Anna' <form>
        case:2:17: the fact 'cafe\u0301' differs from 'café' <form>
        case:2:43: the fact 'STRASSE' differs from 'Straße' <form>
        case:3:19: the gathering 'g' differs from 'G' <form>
        """,
    ),
    "near-equal groups": (
        """
        participants:
          a: {of: Russia}
          b: {tags: [x, russia]}
        groups:
          X:
        """,
        """
        case:3:14: the group 'x' differs from 'X' <form>
        case:3:17: the group 'russia' differs from 'Russia' <form>
        """,
    ),
    "unknown members": (
        """
        participants: {anna: {}}
        facts: {rain: }
        groups:
          g: {members: [anna, ana, rain]}
          h: [g, i]
        """,
        """
        case:4:23: unknown participant or group 'ana'
            did you mean anna?
        case:4:28: 'rain' is a fact, not a participant or group
        case:5:10: unknown participant or group 'i'
        """,
    ),
    "the uninvited": (
        """
        participants: {a: {}, b: {}, c: {}}
        gatherings: {talks: {invited: [a, c]}}
        statements:
          - b attends
          - {who: b, says: attends}
          - a sends c, b
        scenarios:
          s: {assume: {b: yes}, add: [b declines]}
          t: {assume: {b at talks: yes}}
        """,
        """
        case:4:5: 'b' is not invited to 'talks'
            b attends
            ^
            add b to invited, or leave this out
        case:5:11: 'b' is not invited to 'talks'
            add b to invited, or leave this out
        case:6:16: 'b' is not invited to 'talks'
            a sends c, b
                       ^
            add b to invited, or leave this out
        case:8:16: 'b' is invited nowhere
        case:8:31: 'b' is not invited to 'talks'
            b declines
            ^
            add b to invited, or leave this out
        case:9:16: 'b' is not invited to 'talks'
        """,
    ),
    "unknown people are invited": (
        """
        participants: {anna: {}, b: {of: g}}
        gatherings:
          talks:
            invited: [anna, ana, g]
        """,
        """
        case:4:21: unknown participant 'ana'
            did you mean anna?
        case:4:26: 'g' is a group, not a participant
        """,
    ),
    "groups in a circle": (
        """
        participants: {a: {of: g1}}
        groups:
          g1: {members: [g2]}
          g2: {members: [a, g3]}
          g3: {members: [g1]}
        """,
        """
        case:3:3: the groups contain each other in a circle: g1 > g2 > g3 > g1
        """,
    ),
    "a group in itself": (
        """
        groups: {g: [g]}
        """,
        """
        case:1:10: the groups contain each other in a circle: g > g
        """,
    ),
    "held_if in a circle": (
        """
        participants: {a: {}}
        gatherings:
          one: {held_if: a and two is held}
          two: {held_if: three}
          three: {held_if: not one is held}
        """,
        """
        case:3:18: held_if goes round in a circle: one > two > three > one
        """,
    ),
    "held_if of itself": (
        """
        gatherings: {one: {held_if: one is held}}
        """,
        """
        case:1:29: held_if goes round in a circle: one > one
        """,
    ),
    "supersedes in a circle": (
        """
        participants: {a: {}}
        statements:
          - {id: x, who: a, says: attends, supersedes: [y]}
          - {id: y, who: a, says: attends, supersedes: [z]}
          - {id: z, who: a, says: attends, supersedes: [x]}
        """,
        """
        case:3:48: statements supersede each other in a circle: x > y > z > x
        """,
    ),
    "supersedes itself": (
        """
        participants: {a: {}}
        statements:
          - {who: a, says: attends, supersedes: a.1}
        """,
        """
        case:3:41: statements supersede each other in a circle: a.1 > a.1
        """,
    ),
    "unknown ids": (
        """
        participants: {a: {}}
        statements:
          - {id: list, who: a, says: attends, supersedes: [a.2, lists, a.3]}
          - a declines
        scenarios:
          s: {withdraw: [list, lost, rule.1, rule.2]}
          t:
            withdraw: lits
            add:
              - {id: new, who: a, says: attends, supersedes: [list, knew]}
        rules: [a]
        """,
        """
        case:3:57: unknown statement 'lists'
            did you mean list?
        case:3:64: unknown statement 'a.3'
            did you mean a.2?
        case:6:24: unknown statement 'lost'
            did you mean list?
        case:6:38: unknown statement 'rule.2'
            did you mean rule.1?
        case:8:15: unknown statement 'lits'
            did you mean list?
        case:10:61: unknown statement 'knew'
            did you mean new?
        """,
    ),
    "added statements in a circle": (
        """
        participants: {a: {}}
        scenarios:
          s:
            add:
              - {id: x, who: a, says: attends, supersedes: [y]}
              - {id: y, who: a, says: attends, supersedes: [x]}
        """,
        """
        case:5:52: statements supersede each other in a circle: x > y > x
        """,
    ),
    "ids given twice": (
        """
        participants: {a: {}, b: {}}
        rules:
          - {id: x, rule: a}
        statements:
          - {id: x, who: a, says: attends}
          - {id: y, who: a, says: attends}
          - {id: y, who: b, says: attends}
          - {id: b.2, who: b, says: attends}
          - {id: b.4, who: a, says: attends}
          - b declines
          - b attends
        scenarios:
          s: {add: [{id: x, who: a, says: attends}, {id: n, who: a, says: attends}, {id: n, who: a, says: attends}]}
          t: {add: [b attends]}
        """,
        """
        case:3:10: the id 'x' is given twice
            <shared>
        case:7:10: the id 'y' is given twice
            <shared>
        case:11:5: the id 'b.4' is given twice
            <shared>
        case:13:18: the id 'x' is given twice
            <shared>
        case:13:82: the id 'n' is given twice
            <shared>
        """,
    ),
    "others where nobody is spoken of": (
        """
        participants: {a: {}}
        gatherings: {talks: {held_if: a majority of others}}
        rules: [at least 2 of (a, others)]
        scenarios: {s: {given: [any of others]}}
        """,
        """
        case:2:45: 'others' means nobody here: no statement is spoken about somebody
            a majority of others
                          ^^^^^^
            say 'everyone'
        case:3:25: expected ')', but the text ends here
            at least 2 of (a
                            ^
            <comma>
        case:3:27: 'others' alone is not a condition
            others)
            ^^^^^^
            say how many: 'all of others', 'at least 3 of others'
        case:4:32: 'others' means nobody here: no statement is spoken about somebody
            any of others
                   ^^^^^^
            say 'everyone'
        """,
    ),
    "a count that can never be": (
        """
        participants: {a: {of: g}, b: {}, c: {}}
        statements:
          - a attends if at least 5 of (a, b, c) or b
          - b attends if not exactly 2 of (b, b)
          - c attends if at least 2 of c
          - c attends if at least 3 of g
          - c attends if at least 300 of everyone and at most 5 of (a, b)
        """,
        """
        case:3:18: 'at least 5 of (a, b, c)' can never be: there are only 3 of them
            a attends if at least 5 of (a, b, c) or b
                         ^^^^^^^^^^^^^^^^^^^^^^^
        case:4:22: 'exactly 2 of (b, b)' can never be: there is only one of them
            b attends if not exactly 2 of (b, b)
                             ^^^^^^^^^^^^^^^^^^^
        case:5:18: 'at least 2 of c' can never be: there is only one of them
            c attends if at least 2 of c
                         ^^^^^^^^^^^^^^^
        """,
    ),
    "counts of half a person": (
        """
        participants: {a: {}}
        rules:
          - at least 1.5 of everyone
          - at least 101% of everyone
          - "at least 1000000000000000000000000000000 of everyone"
        """,
        """
        case:3:5: people are counted in whole numbers, not 1.5
            at least 1.5 of everyone
            ^^^^^^^^^^^^^^^^^^^^^^^^
        case:4:5: a share is at most 100%, not 101%
            at least 101% of everyone
            ^^^^^^^^^^^^^^^^^^^^^^^^^
        case:5:15: a number has at most 30 digits
            at least 1000000000000000000000000000000 of everyone
                     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
        """,
    ),
    "weights that nobody has": (
        """
        participants: {a: {weights: {seats: 1}}}
        facts: {f: }
        rules:
          - seat of everyone at least 3
          - votes of everyone at least 3
          - seats of (a, f, not a) at least 1
        """,
        """
        case:4:5: no participant has a weight 'seat'
            seat of everyone at least 3
            ^^^^
            did you mean seats?
        case:5:5: no participant has a weight 'votes'
            votes of everyone at least 3
            ^^^^^
            give it to participants with 'weights:'
        case:6:18: only participants have a weight 'seats', not 'f'
            seats of (a, f, not a) at least 1
                         ^
        case:6:21: only participants have a weight 'seats', not 'not a'
            seats of (a, f, not a) at least 1
                            ^^^^^
        """,
    ),
    "weights that are none": (
        """
        participants:
          a: {weights: {x: -1, y: many, z: .nan}}
          b: {weights: 3}
          c: {weights: [x]}
          d: {weights: {x: 1e31, " y": 1, v: , w: [1]}}
        """,
        """
        case:2:20: expected a number from 0 up, not '-1'
        case:2:27: expected a number, not 'many'
        case:2:36: expected a number, not '.nan'
        case:3:16: expected names with numbers, as in {seats: 1}, not '3'
        case:4:16: expected names with numbers, as in {seats: 1}, not ['x']
        case:5:20: expected a number of at most 30 digits, not '1e31'
        case:5:32: a name cannot begin or end with a space
        case:5:37: expected a number, not None
        case:5:43: expected a number, not ['1']
        """,
    ),
    "declines only if": (
        """
        participants: {a: {}, b: {}}
        statements:
          - a declines only if b
          - a declines if and only if b
          - a might attend if and only if b
        """,
        """
        case:3:16: 'declines only if' is not said
            a declines only if b
                       ^^^^
            say 'attends unless ...' or 'declines if ...'
        case:4:16: 'declines if and only if' is not said
            a declines if and only if b
                       ^^
            say 'attends unless ...' or 'declines if ...'
        case:5:20: 'might attend if and only if' is not said
            a might attend if and only if b
                           ^^
            say 'might attend only if ...'
        """,
    ),
    "a missing parenthesis": (
        """
        participants: {a: {}, b: {}}
        rules:
          - (a or b
          - a or b)
          - (a, b)
          - a, b
          - "at least 2 of (a, b"
          - all of ()
          - ()
        """,
        """
        case:3:12: expected ')', but the text ends here
            (a or b
                   ^
        case:4:11: this parenthesis was never opened
            a or b)
                  ^
        case:5:7: a list stands only after 'of'
            (a, b)
              ^
            say 'all of (...)' or 'at least 2 of (...)'
        case:6:6: a list stands only in parentheses after 'of'
            a, b
             ^
            say 'all of (a, b)'
        case:7:25: expected ')', but the text ends here
            at least 2 of (a, b
                               ^
        case:8:13: expected a condition, but found ')'
            all of ()
                    ^
        case:9:6: expected a condition, but found ')'
            ()
             ^
        """,
    ),
    "a keyword as a name": (
        """
        participants: {not: {}, a: {}}
        statements:
          - a attends if not
          - not attends
          - a attends if all
          - a sends not
          - a at at attends
          - a attends if of
        """,
        """
        case:3:21: expected a condition, but the text ends here
            a attends if not
                            ^
        case:4:5: <first>, but found 'not'
            not attends
            ^^^
            'not' is a word of the language; quote it to use it as a name: "not"
        case:5:21: expected 'of', but the text ends here
            a attends if all
                            ^
        case:6:13: expected the name of a delegate, but found 'not'
            a sends not
                    ^^^
            'not' is a word of the language; quote it to use it as a name: "not"
        case:7:10: expected the name of a gathering, but found 'at'
            a at at attends
                 ^^
            'at' is a word of the language; quote it to use it as a name: "at"
        case:8:18: expected a condition, but found 'of'
            a attends if of
                         ^^
            'of' is a word of the language; quote it to use it as a name: "of"
        """,
    ),
    "words in the wrong place": (
        """
        participants: {a: {}, b: {}}
        rules:
          - everyone
          - a and others
          - at least of everyone
          - at leest 3 of everyone
          - at least 3 everyone
          - a b
          - a annd b
          - a is
          - a is here
          - a at m is held
          - all of (a and b)
          - all of a, b
          - weight of a
          - weight of a more than 3
          - at least three of everyone
          - a if b
        """,
        """
        case:3:5: 'everyone' alone is not a condition
            everyone
            ^^^^^^^^
            say how many: 'all of everyone', 'at least 3 of everyone'
        case:4:11: 'others' alone is not a condition
            a and others
                  ^^^^^^
            say how many: 'all of others', 'at least 3 of others'
        case:5:14: expected a number, as in 'at least 3 of everyone', but found 'of'
            at least of everyone
                     ^^
        case:6:8: expected 'at least' or 'at most', but found 'leest'
            at leest 3 of everyone
               ^^^^^
        case:7:16: expected 'of', but found 'everyone'
            at least 3 everyone
                       ^^^^^^^^
        case:8:7: expected 'and', 'or' or the end, but found 'b'
            a b
              ^
        case:9:7: expected 'and', 'or' or the end, but found 'annd'
            a annd b
              ^^^^
            did you mean and?
        case:10:9: after 'is' comes 'absent', 'represented' or 'held'
            a is
                ^
        case:11:10: after 'is' comes 'absent', 'represented' or 'held'
            a is here
                 ^^^^
        case:12:15: a gathering is held, not held at another one
            a at m is held
                      ^^^^
        case:13:15: in a list, put a condition with 'and' in parentheses
            all of (a and b)
                      ^^^
            as in '(a, (b and c))'; or use commas between the names
        case:14:13: a list stands only in parentheses after 'of'
            all of a, b
                    ^
            say 'all of (a, b)'
        case:15:16: expected 'at least', 'at most' or 'exactly' after the weight of somebody, but the text ends here
            weight of a
                       ^
        case:16:17: expected 'at least', 'at most' or 'exactly' after the weight of somebody, but found 'more'
            weight of a more than 3
                        ^^^^
        case:17:14: expected a number, as in 'at least 3 of everyone', but found 'three'
            at least three of everyone
                     ^^^^^
        case:18:7: expected 'and', 'or' or the end, but found 'if'
            a if b
              ^^
        """,
    ),
    "what is not said": (
        """
        participants: {a: {}, b: {}}
        statements:
          - a atends
          - a
          - a comes
          - a might
          - a might come
          - a attends only b
          - a attends if
          - a waits b
          - a sends
          - a sends b at talks
          - a attends, b
          - attends
          - {who: a, says: a attends}
        """,
        """
        case:3:7: <sayings>, but found 'atends'
            a atends
              ^^^^^^
            did you mean attends or sends?
        case:4:6: <sayings>, but the text ends here
            a
             ^
        case:5:7: <sayings>, but found 'comes'
            a comes
              ^^^^^
        case:6:12: expected 'attend', but the text ends here
            a might
                   ^
        case:7:13: expected 'attend', but found 'come'
            a might come
                    ^^^^
        case:8:20: expected 'if', but found 'b'
            a attends only b
                           ^
        case:9:17: expected a condition, but the text ends here
            a attends if
                        ^
        case:10:13: expected 'for', but found 'b'
            a waits b
                    ^
        case:11:12: expected the name of a delegate, but the text ends here
            a sends
                   ^
        case:12:15: delegates are sent to the gathering of the statement
            a sends b at talks
                      ^^
            put 'at' after the sender's name
        case:13:14: expected 'if', 'only if', 'unless', 'if and only if' or the end, but found ','
            a attends, b
                     ^
        case:14:5: <first>, but found 'attends'
            attends
            ^^^^^^^
            'attends' is a word of the language; quote it to use it as a name: "attends"
        case:15:20: <sayings>, but found 'a'
            a attends
            ^
        """,
    ),
    "signs that are no part of the language": (
        """
        participants: {a: {}}
        rules:
          - a & a
          - a > 3
          - 3rd
          - at least 3.5.1 of a
          - at least .5 of a
          - a at 10%
        """,
        """
        case:3:7: '&' is not a part of the language
            a & a
              ^
            put a name with other characters in quotes: "..."
        case:4:7: '>' is not a part of the language
            a > 3
              ^
            put a name with other characters in quotes: "..."
        case:5:5: '3rd' is neither a number nor a name
            3rd
            ^^^
            write numbers like 12 or 0.5; put names that begin with a digit in quotes
        case:6:14: '3.5.1' is neither a number nor a name
            at least 3.5.1 of a
                     ^^^^^
            write numbers like 12 or 0.5; put names that begin with a digit in quotes
        case:7:14: '.' is not a part of the language
            at least .5 of a
                     ^
            put a name with other characters in quotes: "..."
        case:8:10: expected the name of a gathering, but found '10'
            a at 10%
                 ^^
        """,
    ),
    "quotes": (
        """
        participants: {a: {}}
        rules:
          - a and "b
          - a and '
          - '""'
          - '" a"'
          - '"a\\n"'
          - '"a\\\\b"'
        """,
        """
        case:3:11: this quote is never closed
            a and "b
                  ^
            add " after the name
        case:4:11: this quote is never closed
            a and '
                  ^
            add ' after the name
        case:5:6: a name cannot be empty
            ""
            ^^
        case:6:6: a name cannot begin or end with a space
            " a"
            ^^^^
        case:7:8: a backslash in quotes stands only before a quote or a backslash
            "a\\n"
              ^^
        case:8:6: unknown name 'a\\\\b'
            "a\\\\b"
            ^^^^^^
            known are: a, meeting
        """,
    ),
    "a bidirectional character, escaped": (
        """
        participants: {a: {}}
        statements: ["a attends if a\\u202e"]
        """,
        """
        case:2:29: the character U+202E changes the direction of writing, unseen: remove it
        """,
    ),
    "a control character, escaped": (
        """
        participants: {a: {name: "x\\u0007", of: "\\e[31m"}}
        """,
        """
        case:1:28: the control character U+0007 is not allowed: remove it
        case:1:42: the control character U+001B is not allowed: remove it
        """,
    ),
    "a lone surrogate [json]": (
        """
        {"title": "x\\ud800"}
        """,
        """
        case:1:13: U+D800 is half a character (a lone surrogate): write the whole character
        """,
    ),
    "a text on several lines": (
        """
        participants: {a: {}}
        statements:
          - >
            a attends
            if a
            and zz
        rules:
          - |
            a
              or zz
              and a
        """,
        """
        case:6:9: unknown name 'zz'
            a attends if a and zz
                               ^^
            known are: a, meeting
        case:10:10: unknown name 'zz'
              or zz
                 ^^
            known are: a, meeting
        """,
    ),
    "after letters of two columns": (
        """
        participants: {王毅: {}, a: {}}
        rules: [王毅 and zz]
        """,
        """
        case:2:16: unknown name 'zz'
            王毅 and zz
                   ^^
            known are: 王毅, a, meeting
        """,
    ),
    "names that cannot be": (
        """
        participants: {"": {}, " a": {}, "b\\tc": {}, "d ": {}}
        groups: {g: [""]}
        statements: [{who: "", says: attends}]
        scenarios: {"": {}}
        """,
        """
        case:1:16: a name cannot be empty
        case:1:24: a name cannot begin or end with a space
        case:1:34: a name cannot contain the character U+0009
        case:1:46: a name cannot begin or end with a space
        case:2:14: a name cannot be empty
        case:3:20: a name cannot be empty
        case:4:13: a name cannot be empty
        """,
    ),
    "a comma in braces": (
        """
        participants: {a: {}, b: {}, c: {}}
        statements:
          - {who: a, says: attends if at least 2 of (a, b, c)}
        """,
        """
        case:3:47: expected ')', but the text ends here
            attends if at least 2 of (a
                                       ^
            <comma>
        case:3:49: unknown key 'b' without a value: <lost>
            put the condition in quotes
        case:3:52: unknown key 'c)' without a value: <lost>
            put the condition in quotes
        """,
    ),
    "a comma in brackets": (
        """
        participants: {a: {}, b: {}}
        rules: [at least 1 of (a, b)]
        scenarios:
          s: {given: [all of (a, b)], withdraw: [x]}
        """,
        """
        case:2:25: expected ')', but the text ends here
            at least 1 of (a
                            ^
            <comma>
        case:2:28: this parenthesis was never opened
            b)
             ^
        case:4:24: expected ')', but the text ends here
            all of (a
                     ^
            <comma>
        case:4:27: this parenthesis was never opened
            b)
             ^
        """,
    ),
    "a comma before a key": (
        """
        participants: {a: {}, b: {}}
        statements:
          - {who: a, says: sends b, note}
        """,
        """
        case:3:29: the key 'note' without a value: <lost>
            put the condition in quotes
        """,
    ),
    "an unknown key without a value": (
        """
        participants: {a: {}}
        statements:
          - {who: a, says: attends, zzz: }
          - {who: a, says: attends, nota: }
        """,
        """
        case:3:29: unknown key 'zzz' without a value: <lost>
            put the condition in quotes
        case:4:29: unknown key 'nota'
            did you mean note?
        """,
    ),
    "unknown keys": (
        """
        tilte: x
        participants: {a: {naem: A, probability: 1}}
        gatherings: {m: {heldif: a}}
        groups: {g: {member: [a]}}
        facts: {f: {truth: yes}}
        rules: [{rules: a}]
        statements: [{who: a, says: attends, qwertz: 1}]
        scenarios: {s: {assumes: {a: yes}, add: [{who: a, says: attends, saidd: 2025-01-01}]}}
        """,
        """
        case:1:1: unknown key 'tilte'
            did you mean title?
        case:2:20: unknown key 'naem'
            did you mean name?
        case:3:18: unknown key 'heldif'
            did you mean held_if?
        case:4:14: unknown key 'member'
            did you mean members?
        case:5:13: unknown key 'truth'
            known are: id, name, value, probability
        case:6:9: the key 'rule' is missing
        case:6:10: unknown key 'rules'
            did you mean rule?
        case:7:38: unknown key 'qwertz'
            known are: id, who, says, at, by, said, source, url, note, also, supersedes, inclination, probability
        case:8:17: unknown key 'assumes'
            did you mean assume?
        case:8:66: unknown key 'saidd'
            did you mean said?
        """,
    ),
    "a mistyped section": (
        """
        participant: {a: {}}
        statements: [a attends]
        """,
        """
        case:1:1: unknown key 'participant'
            did you mean participants?
        """,
    ),
    "a key given twice": (
        """
        participants:
          a: {}
          b: {}
          a: {name: A}
        """,
        """
        case:4:3: the key 'a' is given twice: first in line 2, column 3; remove one of them
        """,
    ),
    "an id where the key is the name": (
        """
        participants: {a: {id: b}}
        scenarios: {s: {id: t}}
        """,
        """
        case:1:24: the name is the key: remove the 'id'
        case:2:21: the name is the key: remove the 'id'
        """,
    ),
    "missing keys": (
        """
        participants: [a, {name: B}]
        rules: [{id: x}, {at: meeting}]
        statements:
          - {says: attends}
          - {who: a}
          - {}
        scenarios:
          s: {add: [{who: a}]}
        """,
        """
        case:1:19: the key 'id' is missing
        case:2:9: the key 'rule' is missing
        case:2:18: the key 'rule' is missing
        case:4:5: the key 'who' is missing
        case:5:5: the key 'says' is missing
        case:6:5: the key 'who' is missing
        case:6:5: the key 'says' is missing
        case:8:13: the key 'says' is missing
        """,
    ),
    "bad dates": (
        """
        participants: {a: {}}
        gatherings: {m: {start: 15 May, end: 2025-13-01}}
        statements:
          - {who: a, says: attends, said: 2025-02-30}
          - {who: a, says: attends, said: tomorrow}
          - {who: a, says: attends, said: 2025-05-14T25:00}
          - {who: a, says: attends, said: 2025-05-14T10:00+25:00}
          - {who: a, says: attends, said: 2025-5-14}
          - {who: a, says: attends, said: [2025-05-14]}
        scenarios: {s: {as_of: yesterday}}
        """,
        """
        case:2:25: <dates>, not '15 May'
        case:2:38: there is no such date or time as 2025-13-01
        case:4:35: there is no such date or time as 2025-02-30
        case:5:35: <dates>, not 'tomorrow'
        case:6:35: there is no such date or time as 2025-05-14T25:00
        case:7:35: there is no such date or time as 2025-05-14T10:00+25:00
        case:8:35: <dates>, not '2025-5-14'
        case:9:35: <dates>, not ['2025-05-14']
        case:10:24: <dates>, not 'yesterday'
        """,
    ),
    "a gathering that ends before it starts": (
        """
        timezone: Europe/Istanbul
        gatherings:
          m: {start: 2025-05-15T10:00, end: 2025-05-15T06:59Z}
          n: {start: 2025-05-15, end: 2025-05-14}
        """,
        """
        case:3:37: m ends before it starts
        case:4:31: n ends before it starts
        """,
    ),
    "an unknown zone": (
        """
        timezone: Europe/Istambul
        """,
        """
        case:1:11: unknown time zone 'Europe/Istambul'
            use a name like Europe/Istanbul
        """,
    ),
    "a zone that is a path": (
        """
        timezone: ../../etc/passwd
        """,
        """
        case:1:11: unknown time zone '../../etc/passwd'
            use a name like Europe/Istanbul
        """,
    ),
    "words that are not yes or no": (
        """
        participants: {a: {}}
        statements: [{who: a, says: attends, also: maybe}]
        scenarios: {s: {assume: {a: perhaps}, founded: 3, reading: loose}}
        facts: {f: maybe, g: {value: sometimes}, h: [yes]}
        """,
        """
        case:2:44: expected true, false, yes or no, not 'maybe'
        case:3:29: expected true, false, yes or no, not 'perhaps'
        case:3:48: expected true, false, yes or no, not '3'
        case:3:60: a reading is conversational or literal, not 'loose'
        case:4:12: a fact is true, false or unknown, not 'maybe'
        case:4:30: a fact is true, false or unknown, not 'sometimes'
        case:4:45: a fact is true, false or unknown, not ['yes']
        """,
    ),
    "words that are no inclination": (
        """
        participants: {a: {}}
        statements: [{who: a, says: attends, inclination: eager}]
        """,
        """
        case:2:51: an inclination is inclined, disinclined or open, not 'eager'
        """,
    ),
    "probabilities": (
        """
        participants: {a: {probability: 1.5}, b: {probability: -0.1}, c: {probability: 1/0}, d: {probability: 3/2}}
        facts: {f: {probability: likely}, g: {probability: .inf}, h: {probability: 50%}}
        """,
        """
        case:1:33: a probability is from 0 to 1, not '1.5'
        case:1:56: expected a number from 0 up, not '-0.1'
        case:1:80: expected a number, not '1/0'
        case:1:103: a probability is from 0 to 1, not '3/2'
        case:2:26: expected a number, not 'likely'
        case:2:52: expected a number, not '.inf'
        case:2:76: a probability is a number from 0 to 1, as 0.8 for 80%, not '50%'
        """,
    ),
    "expected answers": (
        """
        participants: {a: {}, b: {}}
        gatherings: {m: {}, n: {}}
        facts: {f: }
        statements: [a attends, a at n attends]
        scenarios: {s: }
        expect:
          "":
            a: held
            m: attends
            b: maybe
            a at n: undetermined (whim)
            zz: absent
            f: absent
            a b: absent
            b at n: absent
            b at o: absent
          ss: {a: absent}
          s: [a]
          t:
        """,
        """
        case:8:8: a participant attends or is absent, not held
        case:9:8: a gathering is held, not held or undetermined, not attends
        case:10:8: <answers>, not 'maybe'
        case:11:13: <answers>, not 'undetermined (whim)'
        case:12:5: unknown participant or gathering 'zz'
            known are: a, b, m, n
        case:13:5: 'f' is a fact, not a participant or gathering
        case:14:5: 'a b' is not a name, nor a name at a gathering
        case:15:5: 'b' is not counted at 'n'
        case:16:5: unknown gathering 'o'
            known are: m, n
        case:17:3: unknown scenario 'ss'
            did you mean s?
        case:18:6: expected answers are a mapping of names, not ['a']
        """,
    ),
    "scenarios with everything wrong": (
        """
        participants: {a: {}}
        gatherings: {m: }
        facts: {f: }
        statements: [{who: a, says: attends, source: radio}]
        scenarios:
          s:
            assume: {a: maybe, dd: yes, a at g: true, f at m: no, m: yes}
            given: [a, dd, b and]
            withdraw: [a.1, zz]
            believe: [rado]
            disbelieve: paper
            as_of: soon
            reading: loose
            founded: 3
            add: [dd attends, a attends if zz, {who: a, says: comes}]
        """,
        """
        case:7:17: expected true, false, yes or no, not 'maybe'
        case:7:24: unknown participant or fact 'dd'
            known are: a, f
        case:7:33: unknown gathering 'g'
            known are: m
        case:7:47: 'f' is a fact, and facts are at no gathering
        case:7:59: 'm' is a gathering, not a participant or fact
        case:8:25: expected a condition, but the text ends here
            b and
                 ^
            <comma>
        case:9:21: unknown statement 'zz'
        case:10:15: no statement has the source 'rado'
            did you mean radio?
        case:11:17: no statement has the source 'paper'
            the sources are: radio
        case:12:12: <dates>, not 'soon'
        case:13:14: a reading is conversational or literal, not 'loose'
        case:14:14: expected true, false, yes or no, not '3'
        case:15:11: unknown participant 'dd'
            dd attends
            ^^
            known are: a
        case:15:36: unknown name 'zz'
            a attends if zz
                         ^^
            known are: a, m, f
        case:15:55: <sayings>, but found 'comes'
            comes
            ^^^^^
        """,
    ),
    "the same assumed both ways": (
        """
        participants: {a: {}, b: {}}
        gatherings: {m: {}, n: {}}
        statements: [b at n attends]
        scenarios:
          s: {assume: {a: true, a at m: false}}
          t: {assume: {b: true, b at n: false}}
        """,
        """
        case:5:25: 'a at m' is assumed both ways
        case:6:25: 'b at n' is assumed both ways
        """,
    ),
    "somebody who is at several gatherings": (
        """
        participants: {a: {}, b: {}}
        gatherings: {m: {invited: [b]}, n: {}, o: {}}
        statements: [a at n attends, a at o attends]
        scenarios: {s: {assume: {a: yes}}}
        expect: {"": {a: attends}}
        """,
        """
        case:4:26: 'a' is counted at several gatherings
            say 'a at n'
        case:5:15: 'a' is counted at several gatherings
            say 'a at n'
        """,
    ),
    "wrong sections": (
        """
        participants: putin
        gatherings: 5
        groups: [[a]]
        statements: {a: attends}
        rules: a
        scenarios: [s]
        facts: x
        expect: [a]
        title: {a: b}
        timezone: [UTC]
        """,
        """
        case:1:15: participants are a mapping of names, not 'putin'
        case:2:13: gatherings are a mapping of names, not '5'
        case:3:10: expected keys and values, not ['a']
        case:4:13: statements are a list, not {'a': 'attends'}
        case:5:8: rules are a list, not 'a'
        case:6:12: scenarios are a mapping of names to what they suppose
        case:7:8: facts are a mapping of names, not 'x'
        case:8:9: expect is a mapping of scenarios, not ['a']
        case:9:8: expected text, not {'a': 'b'}
        case:10:11: expected text, not ['UTC']
        """,
    ),
    "wrong items": (
        """
        participants: {a: putin, b: [c], c: {of: {x: y}, name: [n], tags: [[t]]}}
        rules: [[a], 5]
        statements: [[a attends], {who: [a], says: [attends]}, 5]
        scenarios: {s: a, t: {assume: a, given: {a: b}, add: 5, withdraw: {x: y}}}
        expect: {"": a, s: {a: [b]}}
        """,
        """
        case:1:19: expected keys and values, not 'putin'
        case:1:29: expected keys and values, not ['c']
        case:1:42: expected a list, not {'x': 'y'}
        case:1:56: expected text, not ['n']
        case:1:68: expected a name, not ['t']
        case:2:9: expected keys and values, not ['a']
        case:2:14: expected a condition, but found '5'
            5
            ^
        case:3:14: expected keys and values, not ['a attends']
        case:3:33: expected a name, not ['a']
        case:3:44: expected what is said, as in 'attends only if putin', not ['attends']
        case:3:56: <first>, but found '5'
            5
            ^
        case:4:16: expected keys and values, not 'a'
        case:4:31: expected names with yes or no, not 'a'
        case:4:41: expected a list, not {'a': 'b'}
        case:4:54: <first>, but found '5'
            5
            ^
        case:4:67: expected a list, not {'x': 'y'}
        case:5:14: expected answers are a mapping of names, not 'a'
        case:5:24: <answers>, not ['b']
        """,
    ),
    "nothing where something is said": (
        """
        participants: {a: {}}
        statements:
          -
          - a attends
        rules:
          - ~
        """,
        """
        case:3:4: nothing is said here: remove it
        case:6:5: nothing is said here: remove it
        """,
    ),
    "a list at the top": (
        """
        - a
        - b
        """,
        """
        case:1:1: <top>, not ['a', 'b']
        """,
    ),
    "a word at the top": (
        """
        hello
        """,
        """
        case:1:1: <top>, not 'hello'
        """,
    ),
    "a word at the top [json]": (
        """
        5
        """,
        """
        case:1:1: <top>, not 5
        """,
    ),
    "no yaml": (
        """
        participants: {a: {}
        rules: [a]
        """,
        """
        case:2:1: the bracket in line 1, column 15 needs ',' or '}' before this: close it, or put the text in quotes
        """,
    ),
    "an alias": (
        """
        participants: &x {a: {}}
        groups: *x
        """,
        """
        case:1:15: '&' starts an anchor, which is not allowed: remove it, or put the text in quotes
        case:2:9: '*' starts an alias, which is not allowed: write out what is meant, or put the text in quotes
        """,
    ),
    "no json [json]": (
        """
        {"participants": {"a": {},}}
        """,
        """
        case:1:26: JSON has no comma before a closing bracket: remove it
        """,
    ),
    "no toml [toml]": (
        """
        title = "x
        rules = 5
        """,
        """
        case:1:11: a quote is not closed
        """,
    ),
    "mistakes in json [json]": (
        """
        {
          "participants": {"a": {"weights": {"x": -1}}, "b": null},
          "statements": [
            {"who": "a", "says": "attends if \\"zz\\" and \\u0062b", "said": 20250514, "also": 1},
            {"who": 5, "says": "attends"},
            null, true
          ],
          "rules": ["a \\u0026 b"]
        }
        """,
        """
        case:2:43: expected a number from 0 up, not -1
        case:4:38: unknown name 'zz'
            attends if "zz" and bb
                       ^^^^
            known are: a, b, meeting
        case:4:49: unknown name 'bb'
            attends if "zz" and bb
                                ^^
            did you mean b?
        case:4:67: <dates>, not 20250514
        case:4:85: expected true, false, yes or no, not 1
        case:5:13: expected a name, not 5
        case:6:5: nothing is said here: remove it
        case:6:11: expected keys and values, not True
        case:8:16: '&' is not a part of the language
            a & b
              ^
            put a name with other characters in quotes: "..."
        """,
    ),
    "mistakes in toml [toml]": (
        """
        rules = ["a and 'zz'", '''
        a and
        "yy"''', 5]
        statements = [
            {who = "a", says = "attends if \\"b\\" and c", said = 10:00:00},
        ]
        [participants.a]
        weights = {x = -1.5}
        [participants.b]
        of = 5
        """,
        """
        case:1:17: unknown name 'zz'
            a and 'zz'
                  ^^^^
            known are: a, b, meeting
        case:3:1: unknown name 'yy'
            "yy"
            ^^^^
            known are: a, b, meeting
        case:3:10: expected keys and values, not 5
        case:5:46: unknown name 'c'
            attends if "b" and c
                               ^
            known are: a, b, meeting
        case:5:57: <dates>, not '10:00:00'
        case:8:16: expected a number from 0 up, not -1.5
        case:10:6: expected a list, not 5
        """,
    ),
    "all mistakes at once, in the order of the file": (
        """
        title: [x]
        participants: {a: {naem: x}, b: {weights: {x: -1}}}
        scenarios:
          s: {withdraw: [zz], assume: {dd: true}}
        statements:
          - a attends if cc
          - {who: a, says: atends, said: never}
          - {who: bb, at: nowhere, says: declines only if a}
        gatherings: {m: {held_if: m, end: x}}
        expect:
          t: {a: maybe}
        rules:
          - all of others
        timezone: Mars/Olympus
        """,
        """
        case:1:8: expected text, not ['x']
        case:2:20: unknown key 'naem'
            did you mean name?
        case:2:47: expected a number from 0 up, not '-1'
        case:4:18: unknown statement 'zz'
        case:4:32: unknown participant or fact 'dd'
            known are: a, b
        case:6:18: unknown name 'cc'
            a attends if cc
                         ^^
            known are: a, b, m
        case:7:20: <sayings>, but found 'atends'
            atends
            ^^^^^^
            did you mean attends or sends?
        case:7:34: <dates>, not 'never'
        case:8:11: unknown participant 'bb'
            did you mean b?
        case:8:19: unknown gathering 'nowhere'
            known are: m
        case:8:43: 'declines only if' is not said
            declines only if a
                     ^^^^
            say 'attends unless ...' or 'declines if ...'
        case:9:27: held_if goes round in a circle: m > m
        case:9:35: <dates>, not 'x'
        case:11:10: <answers>, not 'maybe'
        case:13:12: 'others' means nobody here: no statement is spoken about somebody
            all of others
                   ^^^^^^
            say 'everyone'
        case:14:11: unknown time zone 'Mars/Olympus'
            use a name like Europe/Istanbul
        """,
    ),
    "what is wrong in one place is not told in another": (
        """
        participants:
          a: {weights: {x: -1}, of: g}
          b: [1]
        facts: {f: maybe}
        statements:
          - {id: one, who: a, says: atends, source: radio}
          - a comes
          - a attends if b and f and g is represented and x of everyone at least 1
        scenarios:
          s: {withdraw: [one, a.3], believe: radio, assume: {a: yes, f: no}}
          t: {as_of: x}
        expect:
          t: {a: attends}
        """,
        """
        case:2:20: expected a number from 0 up, not '-1'
        case:3:6: expected keys and values, not ['1']
        case:4:12: a fact is true, false or unknown, not 'maybe'
        case:6:29: <sayings>, but found 'atends'
            atends
            ^^^^^^
            did you mean attends or sends?
        case:7:7: <sayings>, but found 'comes'
            a comes
              ^^^^^
        case:11:14: <dates>, not 'x'
        """,
    ),
}

MADE = {
    "a bidirectional character": (
        "participants: {a: {}}\nstatements: ['a attends if b\u202e']",
        "case:2:29: the character U+202E changes the direction of writing, unseen: remove it",
    ),
    "a control character": (
        'participants: {a: {name: "x\x07"}}',
        "case:1:28: the control character U+0007 is not allowed: remove it",
    ),
    "a text of 20,001 characters": (
        "participants: {a: {}}\nrules: ['a" + " " * 19_998 + "or']",
        "case:2:20010: the text has 20001 characters; at most 20000 are read\n"
        "                                                     or\n"
        "                                                      ^",
    ),
    "a text with a tab": (
        "participants: {a: {}}\nrules:\n  - a\tand\tzz",
        "case:3:6: <tab>",
    ),
    "line ends of Windows": (
        "participants: {a: {}}\r\nrules:\r\n  - a and zz\r\n  - a &\r\n",
        "case:3:11: unknown name 'zz'\n"
        "    a and zz\n"
        "          ^^\n"
        "    known are: a, meeting\n"
        "case:4:7: '&' is not a part of the language\n"
        "    a &\n"
        "      ^\n"
        '    put a name with other characters in quotes: "..."',
    ),
    "nothing [json]": (
        "",
        "case:1:1: the document is empty: JSON needs a value",
    ),
    "a tab": (
        "participants:\n\ta: {}",
        "case:2:1: <tab>",
    ),
    "an empty text": (
        "participants: {a: {}}\nrules: ['']\nstatements: ['', {who: a, says: ' '}]",
        "case:2:10: expected a condition, but the text ends here\n"
        "    \n"
        "    ^\n"
        "case:3:15: <first>, but the text ends here\n"
        "    \n"
        "    ^\n"
        "case:3:34: <sayings>, but the text ends here\n"
        "     \n"
        "    ^",
    ),
    "brackets 101 deep": (
        "participants: {a: {}}\nrules: ['" + "(" * 101 + "a" + ")" * 101 + "']",
        "case:2:111: conditions can be nested 100 deep at most\n"
        "    ((((((((((((((((((((((((((((((((((((((((((((((((((a)))))))))))))))))))))))))))))))))))))))))))))))))\n"
        "                                                      ^",
    ),
    "not 101 times": (
        "participants: {a: {}}\nstatements: ['a attends if " + "not " * 101 + "a']",
        "case:2:432: conditions can be nested 100 deep at most\n"
        "    t not not not not not not not not not not not not a\n"
        "                                                      ^",
    ),
    "lists 101 deep": (
        "participants: {a: {}}\nrules:\n  - " + "any of (a, " * 101 + "a" + ")" * 101,
        "case:3:1113: conditions can be nested 100 deep at most\n"
        "    y of (a, any of (a, any of (a, any of (a, any of (a, a))))))))))))))))))))))))))))))))))))))))))))))\n"
        "                                                      ^",
    ),
    "a name of 201 characters": (
        f"participants: {{{'n' * 201}: , a: }}\nrules: [a or {'n' * 201}]",
        "case:1:16: a name has at most 200 characters, this one has 201\n"
        "case:2:14: a name has at most 200 characters, this one has 201\n"
        "    a or nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\n"
        "         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
    ),
    "a chain of held_if": (
        "gatherings:\n" + "".join(f"  g{i}: {{held_if: g{i + 1}}}\n" for i in range(50)) + "  g50:\n",
        "case:2:17: held_if can lead through at most 50 gatherings",
    ),
    "deep conditions in a chain": (
        "participants: [a]\ngatherings:\n"
        + "  one: {held_if: "
        + "not (a and " * 60
        + "two"
        + ")" * 60
        + "}\n"
        + "  two: {held_if: "
        + "(a and not " * 41
        + "a"
        + ")" * 41
        + "}\n",
        "case:3:18: conditions can be nested 100 deep at most, with what they read in held_if",
    ),
}
"""Texts that are better made than written."""


def format_of(name: str) -> Any:
    return name[name.index("[") + 1 : -1] if name.endswith("]") else "yaml"


def spelt_out(expected: str) -> str:
    for short, phrase in PHRASES.items():
        expected = expected.replace(short, phrase)
    return expected


@pytest.mark.parametrize("name", FILES)
def test_a_file_with_mistakes(name: str) -> None:
    text, expected = (dedent(part).lstrip("\n") for part in FILES[name])
    assert spelt_out(expected.rstrip("\n")) == told(lambda: at.loads(text, format=format_of(name), file="case"))


@pytest.mark.parametrize("name", MADE)
def test_a_text_with_mistakes(name: str) -> None:
    text, expected = MADE[name]
    assert spelt_out(expected) == told(lambda: at.loads(text, format=format_of(name), file="case"))


def test_every_problem_has_its_place() -> None:
    for name, (text, _) in {**FILES, **MADE}.items():
        text = dedent(text).lstrip("\n") if name in FILES else text
        with pytest.raises(at.CaseError) as caught:
            at.loads(text, format=format_of(name), file="case")
        places = [(p.line, p.column) for p in caught.value.problems]
        lines = text.split("\n")
        assert sorted(places) == places, name
        assert all(1 <= line <= len(lines) and 1 <= column <= len(lines[line - 1]) + 1 for line, column in places), name
        assert all(p.file == "case" for p in caught.value.problems)


def test_the_parts_of_a_problem() -> None:
    with pytest.raises(at.CaseError) as caught:
        at.loads("participants: {putin: }\nrules: [putin or puttin]", file="x.yaml")
    assert (
        at.Problem(
            "unknown name 'puttin'",
            path=("rules", 0, "rule"),
            text="putin or puttin",
            start=9,
            end=15,
            hint="did you mean putin?",
            word="puttin",
            file="x.yaml",
            line=2,
            column=18,
        ),
    ) == caught.value.problems


def test_a_language_error_has_its_parts() -> None:
    with pytest.raises(at.LanguageError) as caught:
        at.condition("a and\n  b annd c")
    error = caught.value
    assert ("expected 'and', 'or' or the end, but found 'annd'", "did you mean and?") == (error.problem, error.hint)
    assert ("a and\n  b annd c", 10, 14, 2, 5) == (error.text, error.start, error.end, error.line, error.column)
    assert (
        "line 2, column 5: expected 'and', 'or' or the end, but found 'annd'\n      b annd c\n        ^^^^\n    did you mean and?"
        == str(error)
    )


# --- calls ------------------------------------------------------------------------------------------

CASE = at.loads("""
participants: {a: {name: Vladimir Putin, of: g}, b: {}}
gatherings: {talks: , dinner: {invited: [a]}}
facts: {f: }
statements: [{id: list, who: a, says: attends, source: radio}]
scenarios:
  one: {assume: {a: yes}}
  adds: {add: [{id: new, who: b, says: attends}]}
""")

CALLS: dict[str, tuple[Callable[[], Any], str]] = {
    "an unknown scenario": (
        lambda: at.resolve(CASE, scenario="onee"),
        "unknown scenario 'onee'\n    did you mean one?",
    ),
    "an unknown scenario of none": (
        lambda: at.resolve(at.Case(), scenario="x"),
        "unknown scenario 'x'\n    the scenarios are: none",
    ),
    "a scenario that is none": (
        lambda: at.resolve(CASE, scenario=5),
        "expected a scenario or the name of one, not 5",
    ),
    "a scenario as a mapping": (
        lambda: at.resolve(CASE, scenario={"assume": {}}),
        "expected a scenario or the name of one, not {'assume': {}}",
    ),
    "a scenario in a list": (
        lambda: at.resolve(CASE, scenario=["one"]),
        "expected a scenario or the name of one, not ['one']",
    ),
    "a scenario of another case": (
        lambda: at.resolve(CASE, scenario=at.Scenario(assume={"zz": True}, withdraw=["zz"])),
        "assume.zz: unknown participant or fact 'zz'\n    known are: a, b, f\nwithdraw: unknown statement 'zz'",
    ),
    "a part that there is not": (
        lambda: at.resolve(CASE, nonsense=1),
        "unknown part of a scenario: nonsense\n    the parts are: assume, given, add, withdraw, believe, disbelieve, as_of, "
        "reading, founded",
    ),
    "parts that there are not": (
        lambda: at.count(CASE, asume={}, as_off=1),
        "unknown part of a scenario: as_off, asume\n    did you mean as_of?",
    ),
    "an unknown id": (
        lambda: at.resolve(CASE, withdraw="lists"),
        "withdraw: unknown statement 'lists'\n    did you mean list?",
    ),
    "an id that is none": (
        lambda: at.resolve(CASE, withdraw=["list", 3, None]),
        "withdraw.1: expected a name, not 3\nwithdraw.2: a name is missing",
    ),
    "ids that are none": (
        lambda: at.resolve(CASE, withdraw=5),
        "withdraw: expected a list, not 5",
    ),
    "an unknown source": (
        lambda: at.resolve(CASE, believe="rado"),
        "believe: no statement has the source 'rado'\n    did you mean radio?",
    ),
    "an unknown source, disbelieved": (
        lambda: at.resolve(CASE, disbelieve=["radio", "paper"]),
        "disbelieve: no statement has the source 'paper'\n    the sources are: radio",
    ),
    "a source that is none": (
        lambda: at.resolve(CASE, believe=[[]]),
        "believe.0: expected text, not []",
    ),
    "sources that are none": (
        lambda: at.resolve(CASE, believe=5),
        "believe: expected a list, not 5",
    ),
    "an unknown name is assumed": (
        lambda: at.resolve(CASE, assume={"zz": True}),
        "assume.zz: unknown participant or fact 'zz'\n    known are: a, b, f",
    ),
    "a display name is assumed": (
        lambda: at.resolve(CASE, assume={"Vladimir Putin": True}),
        "assume.Vladimir Putin: 'Vladimir Putin' is not a name, nor a name at a gathering\n    did you mean a?",
    ),
    "a group is assumed": (
        lambda: at.resolve(CASE, assume={"g": True}),
        "assume.g: 'g' is a group, not a participant or fact",
    ),
    "a gathering is assumed": (
        lambda: at.resolve(CASE, assume={"talks": True}),
        "assume.talks: 'talks' is a gathering, not a participant or fact",
    ),
    "a fact at a gathering": (
        lambda: at.resolve(CASE, assume={"f at talks": True}),
        "assume.f at talks: 'f' is a fact, and facts are at no gathering",
    ),
    "at an unknown gathering": (
        lambda: at.resolve(CASE, assume={"a at talk": True}),
        "assume.a at talk: unknown gathering 'talk'\n    did you mean talks?",
    ),
    "where they are not invited": (
        lambda: at.resolve(CASE, assume={"b at dinner": True}),
        "assume.b at dinner: 'b' is not invited to 'dinner'",
    ),
    "no name is assumed": (
        lambda: at.resolve(CASE, assume={"a b": True}),
        "assume.a b: 'a b' is not a name, nor a name at a gathering",
    ),
    "maybe": (
        lambda: at.resolve(CASE, assume={"a": "maybe", "b": None, "f": 1, "a at dinner": "yes"}),
        "assume.a: expected true, false, yes or no, not 'maybe'\n"
        "assume.b: expected true, false, yes or no, not None\n"
        "assume.f: expected true, false, yes or no, not 1",
    ),
    "both ways": (
        lambda: at.resolve(CASE, assume={"a": True, "a at talks": False}),
        "assume.a at talks: 'a at talks' is assumed both ways",
    ),
    "both ways in a row": (
        lambda: at.resolve(CASE, assume=(("a", True), ("a", False))),
        "assume.a: 'a' is assumed both ways",
    ),
    "a list is assumed": (
        lambda: at.resolve(CASE, assume=["a"]),
        "assume: expected a name with yes or no, not 'a'",
    ),
    "a word is assumed": (
        lambda: at.resolve(CASE, assume="a"),
        "assume: expected names with yes or no, not 'a'",
    ),
    "a number is assumed": (
        lambda: at.resolve(CASE, assume=5),
        "assume: expected names with yes or no, not 5",
    ),
    "a number is a key": (
        lambda: at.resolve(CASE, assume={5: True}),
        "assume.5: expected a name, or a name at a gathering, not 5",
    ),
    "nobody is a key": (
        lambda: at.resolve(CASE, assume={at.Attendance(None, "talks"): True}),
        "assume.None at talks: a name is missing",
    ),
    "a given that does not parse": (
        lambda: at.resolve(CASE, given="a and"),
        "given.0: expected a condition, but the text ends here\n    a and\n         ^",
    ),
    "givens of which one does not parse": (
        lambda: at.resolve(CASE, given=["a", "b or and"]),
        "given.1: expected a condition, but found 'and'\n"
        "    b or and\n"
        "         ^^^\n"
        "    'and' is a word of the language; quote it to use it as a name: \"and\"",
    ),
    "an unknown name is given": (
        lambda: at.resolve(CASE, given=["a", "zz or b"]),
        "given.1: unknown name 'zz'\n    zz or b\n    ^^\n    known are: a, b, g, talks, dinner, f",
    ),
    "others are given": (
        lambda: at.resolve(CASE, given=at.any_of("others")),
        "given.0: 'others' means nobody here: no statement is spoken about somebody\n"
        "    any of others\n"
        "           ^^^^^^\n"
        "    say 'everyone'",
    ),
    "a number is given": (
        lambda: at.resolve(CASE, given=5),
        "given: expected a list, not 5",
    ),
    "nothing is given": (
        lambda: at.resolve(CASE, given=[None]),
        "given.0: expected a condition, not None",
    ),
    "a crowd is given": (
        lambda: at.resolve(CASE, given=at.everyone()),
        "given: expected a list, not Crowd(word='everyone', at=None)",
    ),
    "a group speaks": (
        lambda: at.resolve(CASE, add="g attends"),
        "add.0.who: 'g' is a group, <members>\n    say it of its members",
    ),
    "what is added does not parse": (
        lambda: at.resolve(CASE, add=["a atends"]),
        "add.0: <sayings>, but found 'atends'\n    a atends\n      ^^^^^^\n    did you mean attends or sends?",
    ),
    "what is added says nothing": (
        lambda: at.resolve(CASE, add=[{"who": "a"}]),
        "add.0: the key 'says' is missing",
    ),
    "what is added has a strange key": (
        lambda: at.resolve(CASE, add={1: 2}),
        "add.0: expected keys that are text, not 1",
    ),
    "a number is added": (
        lambda: at.resolve(CASE, add=5),
        "add: expected a list, not 5",
    ),
    "an id is added twice": (
        lambda: at.resolve(CASE, add=[{"id": "list", "who": "a", "says": "attends"}]),
        "add.0.id: the id 'list' is given twice\n    <shared>",
    ),
    "ids are added twice": (
        lambda: at.resolve(CASE, scenario="adds", add=[{"id": "new", "who": "a", "says": "attends"}]),
        "add.0.id: the id 'new' is given twice\n    <shared>",
    ),
    "a number is taken": (
        lambda: at.resolve(CASE, scenario="adds", add=["b attends", {"id": "b.2", "who": "a", "says": "attends"}]),
        "add.1.id: the id 'b.2' is given twice\n    <shared>",
    ),
    "an unknown id is superseded": (
        lambda: at.resolve(CASE, add=[{"who": "a", "says": "attends", "supersedes": "lits"}]),
        "add.0.supersedes: unknown statement 'lits'\n    did you mean list?",
    ),
    "a circle is added": (
        lambda: at.resolve(CASE, add=[{"id": "n", "who": "a", "says": "attends", "supersedes": ["n"]}]),
        "add.0.supersedes: statements supersede each other in a circle: n > n",
    ),
    "the uninvited are added": (
        lambda: at.resolve(CASE, add=["b at dinner attends"]),
        "add.0.who: 'b' is not invited to 'dinner'\n    add b to invited, or leave this out",
    ),
    "no date": (
        lambda: at.resolve(CASE, as_of="soon"),
        "as_of: <dates>, not 'soon'",
    ),
    "a number for a date": (
        lambda: at.resolve(CASE, as_of=20250514),
        "as_of: <dates>, not 20250514",
    ),
    "no reading": (
        lambda: at.resolve(CASE, reading="loose"),
        "reading: a reading is conversational or literal, not 'loose'",
    ),
    "a number for a reading": (
        lambda: at.resolve(CASE, reading=1),
        "reading: a reading is conversational or literal, not 1",
    ),
    "founded maybe": (
        lambda: at.resolve(CASE, founded="maybe"),
        "founded: expected true, false, yes or no, not 'maybe'",
    ),
    "all parts at once": (
        lambda: at.resolve(CASE, assume={"zz": 1}, given=5, as_of="x", reading=0, founded=0, withdraw=0, add=0),
        "assume.zz: expected true, false, yes or no, not 1\n"
        "given: expected a list, not 5\n"
        "add: expected a list, not 0\n"
        "withdraw: expected a list, not 0\n"
        "as_of: <dates>, not 'x'\n"
        "reading: a reading is conversational or literal, not 0\n"
        "founded: expected true, false, yes or no, not 0",
    ),
    "no case": (
        lambda: at.resolve(None),
        "expected a case, not NoneType: load one with attendance.load, or make one with attendance.case",
    ),
    "a case as text": (
        lambda: at.resolve("a attends"),
        "expected a case, not str: load one with attendance.load, or make one with attendance.case",
    ),
    "a limit that is none": (
        lambda: at.resolve(CASE, time_limit="soon"),
        "a time limit is a number of seconds above 0, not 'soon'",
    ),
    "a limit of nothing": (
        lambda: at.resolve(CASE, time_limit=0),
        "a time limit is a number of seconds above 0, not 0",
    ),
    "a limit of nan": (
        lambda: at.resolve(CASE, time_limit=float("nan")),
        "a time limit is a number of seconds above 0, not nan",
    ),
    "an unknown name is asked for": (
        lambda: at.resolve(CASE)["zz"],
        "unknown participant 'zz'",
    ),
    "a gathering where they are not counted": (
        lambda: at.resolve(CASE)["b", "dinner"],
        "b at dinner is not counted\n    did you mean b?",
    ),
    "a number is asked for": (
        lambda: at.resolve(CASE)[5],
        "expected a name, or a name and a gathering, not 5",
    ),
    "too much is asked for": (
        lambda: at.resolve(CASE)["a", "talks", "now"],
        "expected a name, or a name and a gathering, not ('a', 'talks', 'now')",
    ),
    "an unknown name of an outcome": (
        lambda: next(at.outcomes(CASE))["zz"],
        "unknown participant 'zz'",
    ),
    "why nobody": (
        lambda: at.why(CASE, "zz"),
        "unknown participant 'zz'",
    ),
    "an unknown scenario to compare": (
        lambda: at.compare(CASE, "one", "tow"),
        "unknown scenario 'tow'\n    the scenarios are: one, adds",
    ),
    "a case of unknown keys": (
        lambda: at.Case(participant=["a"], nonsense=1),
        "participant: unknown key 'participant'\n"
        "    did you mean participants?\n"
        "nonsense: unknown key 'nonsense'\n"
        "    known are: title, timezone, gatherings, participants, groups, facts, rules, statements, scenarios, expect",
    ),
    "a case of everything wrong": (
        lambda: at.Case(
            participants=["a", {"id": "b", "weights": {"x": -1, "y": None}}, 5, {"id": ""}],
            statements=["a attends if c", "a atends", None],
            rules=["a and", 5, {"rule": at.condition("a"), "at": 5}],
            gatherings=[{"id": "m", "start": "soon", "held_if": 5}],
            facts=5,
            title=b"x",
            timezone=None,
        ),
        "title: expected text, not b'x'\n"
        "timezone: expected text, not None\n"
        "gatherings.0.start: <dates>, not 'soon'\n"
        "gatherings.0.held_if: expected a condition, not 5\n"
        "participants.1.weights.x: expected a number from 0 up, not -1\n"
        "participants.1.weights.y: expected a number, not None\n"
        "participants.2: expected keys and values, not 5\n"
        "participants.3.id: a name cannot be empty\n"
        "facts: expected a list, not 5\n"
        "rules.0.rule: expected a condition, but the text ends here\n"
        "    a and\n"
        "         ^\n"
        "rules.1: expected keys and values, not 5\n"
        "rules.2.at: expected a name, not 5\n"
        "statements.1: <sayings>, but found 'atends'\n"
        "    a atends\n"
        "      ^^^^^^\n"
        "    did you mean attends or sends?\n"
        "statements.2: expected keys and values, not None",
    ),
    "a case that does not fit together": (
        lambda: at.Case(
            participants={"a": {"of": "g"}, "g": None},
            statements=["a attends if zz", "b declines", "g at nowhere attends"],
            rules=["all of others"],
            scenarios={"s": {"assume": {"zz": True}, "withdraw": "x"}},
            expect={"": {"zz": "attends"}, "t": {"a": "held"}},
            timezone="Mars/Olympus",
        ),
        "timezone: unknown time zone 'Mars/Olympus'\n"
        "    use a name like Europe/Istanbul\n"
        "participants.a.of: 'g' is a group here and a participant elsewhere; names are shared by all\n"
        "rules.0.rule: 'others' means nobody here: no statement is spoken about somebody\n"
        "    all of others\n"
        "           ^^^^^^\n"
        "    say 'everyone'\n"
        "statements.0.says: unknown name 'zz'\n"
        "    attends if zz\n"
        "               ^^\n"
        "    known are: a, g, meeting\n"
        "statements.1.who: unknown participant 'b'\n"
        "    known are: a, g\n"
        "statements.2.at: unknown gathering 'nowhere'\n"
        "    known are: meeting\n"
        "scenarios.s.assume.zz: unknown participant or fact 'zz'\n"
        "    known are: a, g\n"
        "scenarios.s.withdraw: unknown statement 'x'\n"
        "expect.\"\".zz: unknown participant or gathering 'zz'\n"
        "    known are: a, g, meeting\n"
        "expect.t: unknown scenario 't'",
    ),
    "mappings of what is none": (
        lambda: at.Case(participants={"a": 5, "b": {"id": "c"}, "d": None}, facts={"f": {"id": "g"}}),
        "participants.a: expected keys and values, not 5\n"
        "participants.b.id: the name is the key: remove the 'id'\n"
        "facts.f.id: the name is the key: remove the 'id'",
    ),
    "participants in a word": (
        lambda: at.Case(participants="a"),
        "participants: expected a list, not 'a'",
    ),
    "statements in a word": (
        lambda: at.Case(statements="a attends"),
        "statements: expected a list, not 'a attends'",
    ),
    "a scenario without a name": (
        lambda: at.Case(scenarios=[{"name": "x"}, {"id": "s"}, {"id": "s"}]),
        "scenarios.None: a scenario of a case needs an id\nscenarios.s: the scenario 's' is there twice",
    ),
    "groups twice": (
        lambda: at.Case(groups=["g", "g"]),
        "groups.g: the group 'g' is declared twice",
    ),
    "expected what is not": (
        lambda: at.Case(participants=["a"], expect={"": {"a": "maybe", "b": 5}, "s": 5}),
        "expect.\"\".a: <answers>, not 'maybe'\n"
        'expect."".b: <answers>, not 5\n'
        "expect.s: expected names with answers, not 5",
    ),
    "expected twice": (
        lambda: at.Case(participants=["a"], expect=[at.Expectation(scenario="", about="a", verdict="attends")] * 2),
        'expect."".a: this answer is expected twice',
    ),
    "an expectation of nothing": (
        lambda: at.Expectation(scenario="", about="a", verdict="perhaps"),
        "<answers>, not 'perhaps'",
    ),
    "an expectation with a cause": (
        lambda: at.Expectation(scenario="", about="a", verdict="attends", cause="open"),
        "<answers>, not 'attends (open)'",
    ),
    "a strange key in a mapping": (
        lambda: at.Participant.model_validate({1: 2}),
        "expected keys that are text, not 1",
    ),
    "a participant of nothing": (
        lambda: at.Participant(),
        "the key 'id' is missing",
    ),
    "a participant of numbers": (
        lambda: at.Participant(id=5, name=["x"], of=7, tags=[None], weights="x", probability="x"),
        "id: expected a name, not 5\n"
        "name: expected text, not ['x']\n"
        "of: expected a list, not 7\n"
        "tags.0: a name is missing\n"
        "weights: expected names with numbers, as in {seats: 1}, not 'x'\n"
        "probability: expected a number, not 'x'",
    ),
    "a float that is none": (
        lambda: at.Fact(id="f", probability=float("nan")),
        "probability: expected a number, not nan",
    ),
    "a vast number": (
        lambda: at.Fact(id="f", probability=10**5000),
        "probability: expected a number of at most 30 digits, not this int",
    ),
    "a fraction of many digits": (
        lambda: at.Fact(id="f", probability=Fraction(1, 10**40)),
        "probability: expected a fraction of numbers with at most 30 digits",
    ),
    "a statement of nothing": (
        lambda: at.Statement(),
        "the key 'who' is missing\nthe key 'says' is missing",
    ),
    "a statement of bytes": (
        lambda: at.Statement(who=b"a", says=b"attends", said=b"2025-05-14", also=b"yes"),
        "who: expected a name, not b'a'\n"
        "says: expected what is said, as in 'attends only if putin', not b'attends'\n"
        "said: <dates>, not b'2025-05-14'\n"
        "also: expected true, false, yes or no, not b'yes'",
    ),
    "a statement of numbers": (
        lambda: at.Statement(who="a", says=1, said=1.5, also=1, supersedes=1, inclination=1, note=1.5),
        "says: expected what is said, as in 'attends only if putin', not 1\n"
        "said: <dates>, not 1.5\n"
        "note: expected text, not 1.5\n"
        "also: expected true, false, yes or no, not 1\n"
        "supersedes: expected a list, not 1\n"
        "inclination: an inclination is inclined, disinclined or open, not 1",
    ),
    "a statement of deep text": (
        lambda: at.Statement(who="a", says="attends if " + "(" * 101 + "a" + ")" * 101),
        "says: conditions can be nested 100 deep at most\n"
        "    ((((((((((((((((((((((((((((((((((((((((((((((((((a)))))))))))))))))))))))))))))))))))))))))))))))))\n"
        "                                                      ^",
    ),
    "a rule of nothing": (
        lambda: at.Rule(rule=None),
        "rule: expected a condition, not None",
    ),
    "control characters": (
        lambda: at.Participant(id="a\x1b", name="\x07", of=["\u202e"]),
        "id: a name cannot contain the character U+001B\n"
        "name: text cannot contain the character U+0007\n"
        "of.0: a name cannot contain the character U+202E",
    ),
    "half a character": (
        lambda: at.Rule(rule="a and \ud800"),
        "rule: the character U+D800 is not allowed\n    a and �\n          ^",
    ),
    "text that is none": (
        lambda: at.loads(None),
        "expected the text of a case file, not None",
    ),
    "bytes": (
        lambda: at.loads(b"title: x"),
        "expected the text of a case file, not b'title: x'",
    ),
    "an unknown format": (
        lambda: at.loads("", format="xml"),
        "the format is yaml, json or toml, not 'xml'",
    ),
    "a format that is none": (
        lambda: at.dumps(CASE, format=[]),
        "the format is yaml, json or toml, not []",
    ),
    "a path that is none": (
        lambda: at.load(5),
        "expected the path of a file, not 5",
    ),
    "a path with a null": (
        lambda: at.load("a\0.yaml"),
        "a path cannot contain the character U+0000: 'a\\x00.yaml'",
    ),
    "no file": (
        lambda: at.load("nowhere/case.yaml"),
        "cannot read nowhere/case.yaml: No such file or directory",
    ),
    "no suffix that is known": (
        lambda: at.load("nowhere/case.txt"),
        "nowhere/case.txt: a case file is YAML, JSON or TOML, by its suffix\n    name it .yaml, .json or .toml",
    ),
    "no folder": (
        lambda: at.dump(CASE, "nowhere/case.yaml"),
        "cannot write nowhere/case.yaml: No such file or directory",
    ),
    "no suffix to write": (
        lambda: at.dump(CASE, "case"),
        "case: a case file is YAML, JSON or TOML, by its suffix\n    name it .yaml, .json or .toml",
    ),
    "no case to write": (
        lambda: at.dumps("a attends"),
        "expected a case, not 'a attends'",
    ),
    "a case of no text": (
        lambda: at.case(None),
        "expected statements, one a line, not None",
    ),
    "facts that are none": (
        lambda: at.case("a attends", facts=5),
        "facts: expected a list, not 5",
    ),
    "a fact that is none": (
        lambda: at.case("a attends", facts=[5]),
        "facts.0: expected keys and values, not 5",
    ),
    "groups that are none": (
        lambda: at.case("a attends", groups={"g": 5}),
        "groups.0.members: expected a list, not 5",
    ),
    "rules that are none": (
        lambda: at.case("a attends", rules=[5, "a and"]),
        "rules.0: expected keys and values, not 5\n"
        "rules.1.rule: expected a condition, but the text ends here\n"
        "    a and\n"
        "         ^",
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_a_call_with_mistakes(name: str) -> None:
    ask, expected = CALLS[name]
    assert spelt_out(expected) == told(ask)


# --- plain statements -------------------------------------------------------------------------------

PLAIN: dict[str, tuple[str, str, dict[str, Any]]] = {
    "lines that do not parse": (
        """
    a attends        # fine
    a atends
  b declines only if a
\t"c" attends if (b
""",
        """
        <text>:3:7: <sayings>, but found 'atends'
                a atends
                  ^^^^^^
            did you mean attends or sends?
        <text>:4:14: 'declines only if' is not said
              b declines only if a
                         ^^^^
            say 'attends unless ...' or 'declines if ...'
        <text>:5:19: expected ')', but the text ends here
            \t"c" attends if (b
            \t                 ^
        """,
        {},
    ),
    "what does not fit together": (
        """
    a attends if r is represented
    g attends
    b at dinner attends if at least 3 of (a, b)
    b sends b
    rain attends if a
""",
        """
        <text>:2:18: unknown group 'r'
                a attends if r is represented
                             ^
            known are: g
        <text>:3:5: 'g' is a group, <members>
                g attends
                ^
            say it of its members
        <text>:4:10: unknown gathering 'dinner'
                b at dinner attends if at least 3 of (a, b)
                     ^^^^^^
            known are: meeting
        <text>:4:28: 'at least 3 of (a, b)' can never be: there are only 2 of them
                b at dinner attends if at least 3 of (a, b)
                                       ^^^^^^^^^^^^^^^^^^^^
        <text>:5:5: 'b' cannot be sent in their own place
                b sends b
                ^
        <text>:6:5: 'rain' is a fact, not a participant
                rain attends if a
                ^^^^
        """,
        {"groups": {"g": ["a"]}, "facts": ["rain"]},
    ),
    "a comment in quotes": (
        """
    a attends if "#1" and 'b # c' # "d"
    a attends if "\\"#" and # b
    "a # attends
""",
        """
        <text>:3:27: expected a condition, but the text ends here
                a attends if "\\"#" and # b
                                      ^
        <text>:4:5: this quote is never closed
                "a # attends
                ^
            add " after the name
        """,
        {},
    ),
    "line ends of Windows": (
        """
    a attends\r
    a attends if\r
    b attends & a\r
""",
        """
        <text>:3:17: expected a condition, but the text ends here
                a attends if
                            ^
        <text>:4:15: '&' is not a part of the language
                b attends & a
                          ^
            put a name with other characters in quotes: "..."
        """,
        {},
    ),
    "nothing but mistakes in rules": (
        """
    a attends
""",
        """
        rules.0.rule: expected a condition, but the text ends here
            a or
                ^
        """,
        {"rules": ["a or", "all of others"]},
    ),
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_statements_with_mistakes(name: str) -> None:
    text, expected, more = PLAIN[name]
    assert spelt_out(dedent(expected).strip("\n")) == told(lambda: at.case(text, **more))


# --- anything at all --------------------------------------------------------------------------------


class Stranger:
    def __repr__(self) -> str:
        raise RecursionError("a stranger's fault")


def strange() -> Iterator[Any]:
    """Values that stand where others should."""
    yield from (None, True, 0, 1, -1, 10**400, 10**5000, 1.5, 1j, float("nan"), float("inf"), float("-inf"))
    yield from ("", " ", "x", "a", "a.1", "a\x00", "\ud800", "\u202e", "9" * 5000, "1e999999999", "x" * 30_000)
    yield from (b"a", bytearray(b"a"), [], [None], [1], ["x"], ["x", "x"], [[[]]], [{}], (), ((),), {}, {1: 2})
    yield from ({"x": 1}, {"x": None}, {None: "x"}, {"\ud800": {}}, set(), {"a"}, {1, "a"}, frozenset({None}))
    yield from (date.min, date.max, datetime.min, datetime.max, Decimal("NaN"), Decimal("sNaN"), Decimal("-0"))
    yield from (Decimal("1e400"), Decimal("1e-999999"), Fraction(1, 3), Fraction(-1, 3), Fraction(1, 10**400))
    yield from (object(), Stranger(), len, int, at.Case, iter([1]), (x for x in [1]), range(3), Ellipsis, Path("x"))
    yield from (at.condition("a"), ~at.condition("a and zz"), at.saying("attends if zz"), at.everyone())
    yield from (at.Participant(id="x"), at.Scenario(), at.Case(), at.Attendance("a", "talks"), at.Verdict.ATTENDS)


NEEDED: Mapping[type[Any], dict[str, Any]] = {
    at.Participant: {"id": "a"},
    at.Group: {"id": "a"},
    at.Gathering: {"id": "a"},
    at.Fact: {"id": "a"},
    at.Statement: {"who": "a", "says": "attends"},
    at.Rule: {"rule": "always"},
    at.Scenario: {},
    at.Expectation: {"scenario": "", "about": "a", "verdict": "attends"},
    at.Case: {},
}


def answered(ask: Callable[[], Any]) -> Any:
    """What comes out, or None if it is refused in our words."""
    try:
        return ask()
    except at.InputError as error:
        refused = error
    assert str(refused) == str(pickle.loads(pickle.dumps(refused)))
    assert str(refused).encode()
    return None


@pytest.mark.parametrize(
    ("model", "field"),
    [(m, f) for m in NEEDED for f in m.model_fields],
    ids=lambda part: getattr(part, "__name__", part),
)
def test_a_value_takes_anything_or_refuses_it(model: type[Any], field: str) -> None:
    for value in strange():
        made = answered(lambda given=value: model(**{**NEEDED[model], field: given}))
        if made is not None:
            assert made == pickle.loads(pickle.dumps(made))
            assert hash(made) == hash(copy.deepcopy(made))
            if model is at.Case:
                assert made == at.loads(at.dumps(made))
    for value in strange():
        answered(lambda given=value: model.model_validate({**NEEDED[model], field: given}))
        answered(lambda given=value: model.model_validate(given))


@pytest.mark.parametrize("part", sorted(at.Scenario.model_fields.keys() - {"id", "name", "note"}))
def test_a_question_takes_anything_or_refuses_it(part: str) -> None:
    for value in strange():
        answered(lambda given=value: at.resolve(CASE, **{part: given}))
    for value in strange():
        answered(lambda given=value: at.resolve(CASE, scenario="one", **{part: given}))


def test_everything_else_takes_anything_or_refuses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    takes: tuple[Callable[[Any], Any], ...] = (
        at.condition,
        at.saying,
        at.case,
        at.loads,
        lambda v: at.load(v) if not isinstance(v, int) else None,
        at.dumps,
        lambda v: at.dump(CASE, v),
        lambda v: at.loads("", format=v),
        lambda v: at.dumps(CASE, format=v),
        lambda v: at.case("a attends", title=v),
        lambda v: at.case("a attends", facts=v),
        lambda v: at.case("a attends", groups=v),
        lambda v: at.case("a attends", rules=v),
        lambda v: at.resolve(v),
        lambda v: at.resolve(CASE, scenario=v),
        lambda v: at.resolve(CASE, time_limit=v),
        lambda v: at.resolve(CASE)[v],
        lambda v: next(at.outcomes(CASE))[v],
        lambda v: CASE.scenario(v),
        at.attends,
        lambda v: at.attends("a", v),
        at.fact,
        at.held,
        at.represented,
        at.everyone,
        at.majority,
        at.all_of,
        lambda v: at.at_least(v, "a"),
        lambda v: at.at_most(1, v),
        lambda v: at.exactly(1, "a", weight=v),
        lambda v: at.none_of("a", at=v),
        lambda v: at.attends("a") & v,
        lambda v: at.attends("a") | v,
        lambda v: v & at.attends("a") if not isinstance(v, set | frozenset) else None,
    )
    for take in takes:
        for value in strange():
            answered(lambda given=value, ask=take: ask(given))


KEYS = (
    "title timezone gatherings participants groups facts rules statements scenarios expect id name of tags weights "
    "probability members start end place held_if invited value rule at note who says by said source url also "
    "supersedes inclination assume given add withdraw believe disbelieve as_of reading founded a b g f x a.1 rule.1"
).split()
SECTIONS = "gatherings participants groups facts rules statements scenarios expect".split()
scalars = st.one_of(
    st.sampled_from((None, True, False, 0, 1, -1, 0.5, "", "a", "b", "g", "f", "a.1", "yes", "2025-05-14", "UTC")),
    st.sampled_from(
        ("a attends", "b attends if a", "a at g declines", "all of (a, b)", "g is held", "open", "literal")
    ),
    st.text(max_size=5).filter(lambda text: "\ud800" > text or text.isascii()),
)
trees = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(KEYS), inner, max_size=4)),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(KEYS), trees, max_size=4)
sections = st.one_of(
    trees, st.lists(bodies, max_size=3), st.dictionaries(st.sampled_from(("a", "b", "g", "f")), bodies)
)
documents = st.dictionaries(st.sampled_from(SECTIONS), sections, max_size=5)


@examples(300)
@given(documents)
def test_any_document_is_a_case_or_refused(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    for format in ("json", "yaml"):
        made = answered(lambda kind=format: at.loads(text, format=kind))
        if made is not None:
            assert made == at.loads(at.dumps(made))


TEXTS = [dedent(text).lstrip("\n") for text, _ in FILES.values()]
SIGNS = [*"\n\t :,-#'\"[]{}()&*!|>%@`~?=.0aé", "\u202e", "\ufeff", "\x00", "- ", ": ", "\n  ", *VOCABULARY]


@examples(400)
@given(
    st.sampled_from(TEXTS),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 3), st.sampled_from(SIGNS)), max_size=4),
)
def test_any_text_is_a_case_or_refused(text: str, changes: list[tuple[int, int, str]]) -> None:
    for at_, out, put_in in changes:
        start = at_ % (len(text) + 1)
        text = text[:start] + put_in + text[start + out :]
    for format in ("yaml", "json", "toml"):
        answered(lambda kind=format: at.loads(text, format=kind))
    answered(lambda: at.case(text))
    answered(lambda: at.condition(text))


@examples(200)
@given(st.lists(st.lists(st.sampled_from(VOCABULARY), max_size=6).map(" ".join), max_size=4).map("\n".join))
def test_any_lines_are_a_case_or_refused(text: str) -> None:
    answered(lambda: at.case(text, facts=["b"], groups={"attend": ["a"]}, rules=["a or b"]))


def test_many_mistakes_are_told_soon() -> None:
    people = "".join(f"  person-{i}: {{name: Person {i}}}\n" for i in range(1500))
    lines = "".join(f"  - person-{i} attends if person_{i}x\n" for i in range(1500))
    began = process_time()
    with pytest.raises(at.CaseError) as caught:
        at.loads(f"participants:\n{people}statements:\n{lines}")
    assert 1500 == len(caught.value.problems)
    assert "did you mean person-0" in str(caught.value.problems[0].hint)
    assert 20 > process_time() - began
