"""An exam answered: what could be, what must be, and what cannot be, among six birds in a forest.

Rules of an exam promise nothing, so they are held to the letter. `ever` and `always` answer, and show a counterexample
where there is one. The options and the key were published with the game, whose source `seeds/birds.yaml` tells. What
this prints is kept in expected/exam.txt.
"""

from pathlib import Path

import attendance as at

birds = at.load(Path(__file__).parent.parent / "seeds" / "birds.yaml")
QUESTIONS = [
    # given, asked, options, key
    ("M and H", "must be", ["at least 4 of everyone", "not J and not S", "at most 4 of everyone"], "C"),
    ("not J", "cannot be", ["M", "H", "not M and not H", "not M and not S"], "D"),
    ("always", "cannot be", ["J and W", "J and S", "S and W", "J and M", "S and M"], "A"),
    ("G", "must be", ["S", "W", "W and S", "at most 2 of everyone", "at least 3 of everyone"], "A"),
    ("not S or not H", "could be", ["J and S", "W and S", "M and S", "not J and M", "exactly 4 of everyone"], "B"),
]


def fits(given: str, asked: str, option: str) -> at.Proof:
    """Whether an option could be, must be or cannot be; where it is not so, `counterexample` shows why."""
    held = {"given": [given], "reading": "literal"}
    match asked:
        case "must be":
            return at.always(birds, option, **held)
        case "cannot be":
            return at.always(birds, f"not ({option})", **held)
        case _:
            return at.ever(birds, option, **held)


for number, (given, asked, options, key) in enumerate(QUESTIONS, 1):
    print(f"{number}. {'' if given == 'always' else f'If {given}: '}which of these {asked}?")
    for letter, option in zip("ABCDE", options, strict=False):
        proof = fits(given, asked, option)
        line = f"   {letter}. {option:22} {'yes' if proof else 'no'}"
        if not proof and proof.counterexample is not None:
            line += f", as with {', '.join(sorted(proof.counterexample.outcome.attending))}"
        print(line + ("   <- the key" if letter == key else ""))
        assert bool(proof) == (letter == key)

print()
print(f"{at.count(birds, reading='literal')} lists are possible to the letter,", end=" ")
print(f"{at.count(birds)} if every bird comes that can.")
