"""The founding case: a verdict on everybody from what each of them said, and what would change it.

Nobody said "Zelensky stays away". It follows from his own condition and from somebody else's list,
and the library says so, with both sources. What it prints is kept in expected/istanbul.txt.
"""

from pathlib import Path

import attendance as at

case = at.load(Path(__file__).parent.parent / "seeds" / "istanbul-2025.yaml")

print(case.title)
print()
print(at.resolve(case))

print()
print("Why is Zelensky absent?")
print(at.why(case, "zelensky"))

print()
print("And if Putin came?")
print(at.compare(case, "", "putin-comes"))

print()
print("What was known on the evening of 13 May, supposing that Putin comes?")
print(at.resolve(case, scenario="putin-on-13-may"))

print()
print("And if Putin comes only if Trump does, and Trump only if Putin?")
for outcome in at.outcomes(case, scenario="mutual-loop", order="fewest"):
    print("-", ", ".join(sorted(outcome.attending)))
