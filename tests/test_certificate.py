"""Every explanation shows what it claims, to a checker that knows no engine; and what is tampered with is rejected."""

import inspect
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, assume, given, note, settings
from hypothesis import strategies as st

import attendance as at
from attendance import checker
from attendance import network as definition
from attendance.certificate import Certificate, Met, Refuted, Theory
from attendance.checker import is_refuted, verify
from attendance.compiler import compile_case
from attendance.consequences import Consequences
from attendance.engines.deadline import NO
from attendance.network import Network, State
from attendance.questions import proof
from attendance.questions.proof import refutation
from tests.cases import Asked, asked
from tests.networks import networks
from tests.test_many_networks import made

THOROUGH = bool(os.environ.get("ATTENDANCE_THOROUGH"))
EXAMPLES = int(os.environ.get("ATTENDANCE_EXAMPLES") or (20_000 if THOROUGH else 100))
many = settings(
    max_examples=EXAMPLES, deadline=None, database=None, print_blob=True, suppress_health_check=list(HealthCheck)
)
SMALL = networks(people=3, facts=1, gates=4, statements=3, rules=1)

TANGLE = """
    a attends if and only if not b
    b attends if and only if not c
    c attends if and only if not a or d
    d attends if and only if exactly 2 of (a, b, c)
"""


def explanations(question: Asked) -> Iterator[at.Explanation]:
    """An explanation of every verdict; none of what is impossible."""
    try:
        resolution = at.resolve(question.case, **question.keywords)
    except at.ImpossibleScenario:
        return
    for about in resolution.verdicts:
        yield at.why(question.case, about, **question.keywords)


def agreed(network: Network) -> list[State]:
    """The outcomes that all of a small network's verdicts are taken over."""
    return definition.repaired_outcomes(network)


@many
@given(asked())
def test_every_explanation_is_verified(question: Asked) -> None:
    for found in explanations(question):
        note(found.text())
        certificate = found.certificate
        assert certificate is not None
        assert verify(certificate)
        value = {at.Verdict.ATTENDS: True, at.Verdict.ABSENT: False}.get(found.verdict)
        assert (value, set(found.statements)) == (certificate.value, certificate.ids)


@many
@given(asked())
def test_a_certificate_is_about_the_case(question: Asked) -> None:
    compiled = compile_case(question.case, question.scenario, fold=False)
    for found in explanations(question):
        certificate = found.certificate
        assert certificate is not None
        elsewhere = set(compiled.network.removable) - set(certificate.network.removable)
        assert vars(compiled.network.without(elsewhere)).items() >= fields(certificate.network).items()
        assert certificate.atom == compiled.index[found.about]


def fields(network: Network) -> dict[str, object]:
    return {name: getattr(network, name) for name in Network.__dataclass_fields__ if name != "origin"}


# --- what is tampered with ------------------------------------------------------------------------


def tampered(certificate: Certificate) -> Iterator[Certificate]:
    """Certificates that claim what is not so, or leave out what has to be shown."""
    c = certificate
    if c.value is None:
        yield replace(c, value=True)
        yield replace(c, value=False)
        yield replace(c, mended=c.mended[:1])
    else:
        yield replace(c, value=not c.value)
        yield replace(c, value=None)
        yield replace(c, refuted=())
        yield replace(c, mended=())
    for i in range(len(c.needed)):
        yield replace(c, needed=(*c.needed[:i], *c.needed[i + 1 :]))
    for name in c.ids:
        yield replace(c, ids=c.ids - {name})
    if len(c.refuted) == 1:
        yield replace(c, ids=c.ids | {"nobody.1"})
        yield replace(c, refuted=(Refuted(c.refuted[0].theory, ()),))
        yield replace(c, refuted=(Refuted(c.refuted[0].theory, (*c.refuted[0].tree, None)),))
        for member in c.refuted[0].theory.members:
            yield replace(c, refuted=(Refuted(c.refuted[0].theory.without(member), c.refuted[0].tree),))
        yield replace(c, refuted=(Refuted(replace(c.refuted[0].theory, supposed=()), c.refuted[0].tree),))
    if c.clashes:
        yield replace(c, clashes=())
        for member in c.clashes[0].theory.ids:
            fewer = Refuted(c.clashes[0].theory.without(("ids", member)), c.clashes[0].tree)
            yield replace(c, clashes=(fewer, *c.clashes[1:]))
    for i, met in enumerate((*c.mended, *c.needed)):
        for state in wrong(c.network, met):
            both = (*c.mended, *c.needed)
            changed = (*both[:i], Met(met.theory, state), *both[i + 1 :])
            yield replace(c, mended=changed[: len(c.mended)], needed=changed[len(c.mended) :])


def wrong(network: Network, met: Met) -> Iterator[State]:
    """States that differ in one value and are not outcomes."""
    for atom, value in enumerate(met.state):
        state = (*met.state[:atom], not value, *met.state[atom + 1 :])
        if not definition.is_outcome(met.theory.of(network), state):
            yield state


@many
@given(asked())
def test_what_is_tampered_with_is_rejected(question: Asked) -> None:
    for found in explanations(question):
        assert found.certificate is not None
        for i, forged in enumerate(tampered(found.certificate)):
            assert not verify(forged), i


@many
@given(SMALL, st.data())
def test_what_is_verified_is_so(network: Network, data: st.DataObject) -> None:
    """Whatever a certificate is made of, if it is verified then its value is right."""
    atom = data.draw(st.integers(0, network.atoms - 1))
    whole = Theory.whole(network)
    state = data.draw(st.sampled_from([*definition.outcomes(network), (False,) * network.atoms]))
    value = data.draw(st.sampled_from((state[atom], None, not state[atom])))
    supposed = replace(whole, supposed=(~atom if value else atom,))
    kept = data.draw(st.frozensets(st.sampled_from(sorted(whole.ids)))) if whole.ids else frozenset[str]()
    refuted = Refuted(data.draw(st.sampled_from((supposed, replace(supposed, ids=kept)))), (None,))
    needed = [Met(refuted.theory.without(m), state) for m in refuted.theory.members]
    other = data.draw(st.sampled_from(definition.outcomes(network) or [state]))
    for forged in (
        Certificate(network, atom, value, refuted.theory.ids, (Met(whole, state),), (refuted,), needed=tuple(needed)),
        Certificate(network, atom, value, frozenset(), (Met(whole, state), Met(whole, other))),
    ):
        if verify(forged):
            values = {s[atom] for s in agreed(network)}
            assert values == ({True, False} if value is None else {value})


# --- the checker's own steps ----------------------------------------------------------------------


@many
@given(SMALL)
def test_what_follows_holds_in_every_outcome(network: Network) -> None:
    found, outcomes = Consequences(network).of(), definition.outcomes(network)
    if found is None:
        assert [] == outcomes
        return
    for state in outcomes:
        assert all(known in (None, is_) for known, is_ in zip(found, definition.values(network, state), strict=True))


@many
@given(SMALL)
def test_whatever_has_no_outcome_is_refuted(network: Network) -> None:
    assume(not definition.outcomes(network))
    found = refutation(network, Theory.whole(network), NO)
    assert found is not None
    assert is_refuted(network, found)
    assert not is_refuted(network, Refuted(found.theory, found.tree[:-1]))


@many
@given(SMALL)
def test_what_has_an_outcome_is_never_refuted(network: Network) -> None:
    assume(definition.outcomes(network))
    assert refutation(network, Theory.whole(network), NO) is None


@pytest.mark.parametrize("seed", [386, 569, 905, 989, 1933, 2082, 2716])
def test_what_propagation_does_not_refute_is_refuted_by_splits(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Of a connected part alone, or where that is not enough, of the whole."""
    network = made(seed)
    whole = Theory.whole(network)
    assert not definition.outcomes(network)
    assert not is_refuted(network, Refuted(whole, (None,)))
    found = refutation(network, whole, NO)
    assert found is not None
    assert is_refuted(network, found)
    monkeypatch.setattr(proof, "STEPS", 0)
    assert refutation(network, whole, NO) is None


def test_a_split_on_what_is_known_already_shows_no_less() -> None:
    case = at.case("a attends only if b\nb attends only if c")
    certificate = at.why(case, "a", assume={"c": False}).certificate
    (refuted,) = certificate.refuted
    known = next(iter(refuted.theory.fixed))
    for literal in (known, ~known):
        assert verify(replace(certificate, refuted=(replace(refuted, tree=(literal, *refuted.tree, *refuted.tree)),)))


def test_a_verdict_that_a_search_finds_is_shown_by_splitting_cases() -> None:
    case = at.case(TANGLE)
    found = at.why(case, "d")
    assert found.certificate is not None
    tree = found.certificate.refuted[0].tree
    assert verify(found.certificate)
    assert any(literal is not None for literal in tree), "propagation alone does not get there"
    assert not is_refuted(found.certificate.network, Refuted(found.certificate.refuted[0].theory, (None,)))


def test_the_front_door_verifies() -> None:
    found = at.why(at.case("a declines\nb attends only if a"), "b")
    assert found.certificate is not None
    assert at.verify(found.certificate)
    assert not at.verify(replace(found.certificate, value=True))
    assert {"atom": 1, "value": False, "ids": ["a.1", "b.1"]}.items() <= found.certificate.to_dict().items()


WRONG = ("x", 7, None, ("x",), (None,))
"""What is no part of a certificate."""


def test_what_is_no_certificate() -> None:
    found = at.why(at.case("a attends\nb attends if a"), "b").certificate
    assert found is not None
    met, refuted = found.mended[0], found.refuted[0]
    assert found == pickle.loads(pickle.dumps(found))
    for forged in (
        replace(found, mended=(replace(met, state=()),)),
        replace(found, mended=(replace(met, state=(*met.state, True)),)),
        replace(found, mended=(replace(met, state=(1, 1)),)),
        replace(found, atom=None),
        replace(found, atom=99, value=None),
        replace(found, refuted=(replace(refuted, tree=(0, (None,), (None,))),)),
        replace(found, refuted=(replace(refuted, tree=None),)),
        replace(found, refuted=(replace(refuted, tree=(99, None, None)),)),
    ):
        assert not at.verify(forged)
    for part, wrong in product(("network", "atom", "value", "ids", "mended", "refuted", "clashes", "needed"), WRONG):
        assert not at.verify(replace(found, **{part: wrong})), part
    with pytest.raises(at.QuestionError, match="expected a certificate, not NoneType"):
        at.verify(None)


def test_the_checker_knows_no_engine() -> None:
    code = "import sys, attendance.checker; print([m for m in sys.modules if 'engines' in m or m == 'clingo'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()


def test_the_checker_is_short() -> None:
    assert len(inspect.getsource(checker).splitlines()) < 100
