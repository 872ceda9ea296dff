"""Laws tested with Hypothesis on cases that it makes up: one that holds, and one that sounds as if it did.

Hypothesis draws small cases. Where a law fails, it shrinks the case to the smallest that it finds, printed here. It
needs to be there: pip install hypothesis. What this prints is kept in expected/property.txt.
"""

from hypothesis import find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import attendance as at

NAMES = ["ann", "bob", "cem"]
quiet = settings(max_examples=50, derandomize=True, database=None, deadline=None)


def promises(names: list[str], *sayings: str) -> st.SearchStrategy[str]:
    """One statement a person; {} is somebody else."""

    def of(who: str) -> st.SearchStrategy[str]:
        others = st.sampled_from([name for name in names if name != who])
        return st.builds(lambda saying, other: f"{who} {saying.format(other)}", st.sampled_from(sayings), others)

    return st.tuples(*map(of, names)).map("\n".join)


FRIENDLY = promises(NAMES, "declines", "attends", "attends if {}", "attends only if {}")
TOUCHY = ("declines", "attends", "attends if {}", "attends only if {}", "attends unless {}")
ANY = promises(NAMES, *TOUCHY)


def lost(text: str) -> list[str]:
    """Who was sure to come, and is not any more when Ann promises to come in any case."""
    before, after = at.resolve(at.case(text)), at.resolve(at.case(text), assume={"ann": True})
    return [a.participant for a in before.verdicts if before.verdicts[a] == "attends" != after.verdicts[a]]


@quiet
@given(FRIENDLY)
def test_a_promise_loses_nobody_among_friends(text: str) -> None:
    """Where everybody only ever needs others, a promise can only help."""
    assert not lost(text)


@quiet
@given(ANY)
def test_engines_agree(text: str) -> None:
    """The fast engines say what the definition says."""
    case = at.case(text)
    assert at.resolve(case) == at.resolve(case, engine="enumeration")


@quiet
@given(ANY)
def test_an_explanation_holds(text: str) -> None:
    """What is said to be the reason is enough by itself, and `verify` sees it without an engine."""
    case = at.case(text)
    reason = at.why(case, "ann")
    assert at.verify(reason.certificate)
    if reason.verdict != "undetermined":
        unneeded = [s.id for s in case.statements if s.id not in reason.statements]
        assert at.resolve(case, withdraw=unneeded)["ann"] == reason.verdict


for law in (test_a_promise_loses_nobody_among_friends, test_engines_agree, test_an_explanation_holds):
    law()
    print("holds in every case tried:", law.__name__.removeprefix("test_").replace("_", " "))

print()
print("And is nobody lost, if some come only without others?")
try:
    smallest = find(promises(["ann", "bob"], *TOUCHY), lost, settings=quiet)
except NoSuchExample:
    print("No case was found.")
else:
    print("The smallest case that was found against it:")
    print(*(f"  {line}" for line in smallest.splitlines()), sep="\n")
    for title, supposed in {"as it stands": {}, "with Ann's promise": {"ann": True}}.items():
        verdicts = at.resolve(at.case(smallest), assume=supposed).verdicts
        print(f"  {title}:", ", ".join(f"{a.participant} {verdict}" for a, verdict in verdicts.items()))
