/**
 * Who would attend, whatever is switched: what `attendance.resolve` says, found in the page itself.
 *
 * `evaluate(network, values, budget)` is the one name that the page uses; `evaluator.script()` has it with all that it
 * builds upon. It touches nothing outside, and is the same for the same arguments. `network` is what `network.py`,
 * beside this file, exports; its docstring says what is in it.
 *
 * `values` has one value for each atom, the attendances first and then the facts:
 *   null    as it stands: as the case and its scenario say
 *   true    assumed: attends, or holds; what was said of it is set aside
 *   false   assumed: absent, or does not hold
 *   "free"  neither known nor assumed, even if the case or its scenario says so: a fact is unknown, and an
 *           attendance hangs on what was said of it
 *
 * `budget` is the number of steps after which it gives up (a step is about ten nanoseconds; no clock is read).
 *
 * It returns one of three things:
 *   {hard: why}        the budget is used up; nothing is said
 *   {impossible: why}  nothing can meet what is switched, assumed and given, whatever is set aside
 *   {verdicts, causes, facts, held, turnout, consistent, conflicts, steps}
 *     verdicts   for each attendance "attends", "absent" or "undetermined"
 *     causes     for each attendance null, or {cause, on} where it is undetermined: "conflict", "unstated", "open",
 *                "coordination", "fact" or "depends", and the atoms that it hangs on
 *     facts      for each fact true, false, or null where it is either
 *     held       for each gathering "held", "not held" or "undetermined"
 *     turnout    for each gathering [fewest, most]; null for all of them where that takes too many steps
 *     consistent whether all that was said can be kept; if not, verdicts are over the minimum repairs
 *     conflicts  for each connected part that has no outcome {people, clashes, complete, repairs}: attendances that
 *                the clashing statements are about, and sets of names of statements and rules; all repairs are
 *                there, and all clashes where it is complete
 *     steps      how many steps it took
 */
"use strict";

const REPAIRS = 1000, CLASHES = 100, TRIES = 2000; // as many as Python lists
const CLASHING = 0.25, COUNTING = 0.5; // shares of the budget, for what an answer can do without

// --- what cannot all be kept ---

/** What clashes in a part without an outcome, and its minimum repairs; null where no repair admits one. */
function conflict(of, part) {
  const question = new Question(of, [part], [part]), ids = of.removable(part);
  const aside = ids.map((id) => question.aside.get(id)), kept = aside.map((q) => q ^ 1), { search } = question;
  const set = () => ids.filter((_, i) => search.value[aside[i]] > 0);
  if (!question.solve([])) return null;
  let size = set().length;
  while (question.solve([search.atLeast(kept, ids.length - size + 1)])) size = set().length;
  const repairs = [], bound = search.atLeast(kept, ids.length - size), on = search.fresh();
  while (question.solve([bound, on])) {
    repairs.push(set());
    if (repairs.length > REPAIRS) throw new Spent();
    search.clause([on ^ 1, ...repairs.at(-1).map((id) => question.aside.get(id) ^ 1)]);
  }
  const stands = (left) => question.solve(ids.map((id) => question.aside.get(id) ^ left.includes(id)));
  const found = [], list = () => clashes(found, ids, stands, of.network.alphabet);
  const complete = of.meter.within(CLASHING, list, () => false);
  return { part, size, repairs, clashes: found, complete };
}

/**
 * Find all minimal clashing sets, by Reiter's hitting-set tree (1987), in the order in which Python looks for them;
 * whether these are all.
 */
function clashes(found, ids, stands, alphabet) {
  const seen = new Set(), open = [[]];
  for (let gone; (gone = open.shift()); ) {
    const key = [...gone].sort((a, b) => a - b).join();
    if (seen.has(key)) continue;
    if (seen.size >= TRIES || found.length >= CLASHES) return false;
    seen.add(key);
    let clash = found.find((of) => !of.some((id) => gone.includes(id)));
    if (!clash) {
      const kept = ids.filter((id) => !gone.includes(id));
      if (stands(kept)) continue;
      clash = shrunk(kept, stands);
      found.push(clash);
    }
    for (const id of [...clash].sort((a, b) => alphabet[a] - alphabet[b])) {
      open.push(gone.includes(id) ? gone : [...gone, id]);
    }
  }
  return true;
}

/** A minimal clashing set within one that clashes, by QuickXplain (Junker, 2004). */
function shrunk(ids, stands) {
  const explain = (background, changed, rest) => {
    if (changed && !stands(background)) return [];
    if (rest.length === 1) return rest;
    const half = rest.length >> 1, left = rest.slice(0, half), right = rest.slice(half);
    const second = explain([...background, ...left], left.length > 0, right);
    return [...explain([...background, ...second], second.length > 0, left), ...second];
  };
  return ids.length && stands([]) ? explain([], false, ids) : [];
}

/** Sets of ids by name, as Python orders them: the smallest first, and then as in the case. */
function ranked(sets, ids) {
  const before = (a, b) => a.length - b.length || a.reduce((sign, id, i) => sign || id - b[i], 0);
  return sets.map((of) => [...of].sort((a, b) => a - b)).sort(before).map((of) => of.map((id) => ids[id]));
}

// --- what can be ---

/** Several parts that have outcomes, or are mended by so many set aside: what can be in any outcome of them. */
class Survey {
  constructor(of, conflicts) {
    this.case = of;
    this.question = new Question(of, of.parts, conflicts.map(({ part }) => part));
    for (const { part, size } of conflicts) {
      const aside = of.removable(part).map((id) => this.question.aside.get(id));
      this.question.search.demand(aside.map((q) => q ^ 1), null, aside.length - size);
    }
    this.partOf = new Map(of.parts.flatMap((part) => part.atoms.map((x) => [x, part])));
    this.asked = new Map(); // [can be true, can be false] of each open literal of the network
    this.crowds = []; // the fewest and the most of some atoms of one part
  }

  /** The parts that a literal hangs on. */
  support(q) {
    return [...new Set(this.case.read([q]).map((x) => this.partOf.get(x)))];
  }

  /** Ask whether literals can be true, and can be false. */
  ask(literals) {
    for (const q of literals) {
      if (this.asked.has(q) || this.case.certain(q) !== null) continue;
      this.question.wire(q);
      this.asked.set(q, [false, false]);
    }
  }

  /** Note what the model shows. */
  note() {
    for (const [q, can] of this.asked) {
      const value = this.question.holds(q);
      if (value !== null) can[value ? 0 : 1] = true;
    }
    for (const crowd of this.crowds) {
      const there = crowd.of.map((x) => this.question.holds(x));
      if (there.includes(null)) continue;
      const number = there.filter(Boolean).length;
      crowd.least = Math.min(crowd.least, number);
      crowd.most = Math.max(crowd.most, number);
    }
    this.case.meter.spend(this.asked.size + this.crowds.length);
  }

  /** Whether there is an outcome of those parts under assumptions; what it shows is noted. */
  try(assumptions, parts) {
    const found = this.question.solve(assumptions, parts);
    if (found) this.note();
    return found;
  }

  /** Settle all that was asked of those literals. */
  settle(literals) {
    for (const q of literals) {
      const can = this.asked.get(q);
      if (!can) continue;
      const parts = this.support(q);
      if (!can[0]) this.try([this.question.wire(q)], parts);
      if (!can[1]) this.try([this.question.wire(~q)], parts);
    }
  }

  /** Whether a literal can be true. */
  may(q) {
    return this.can(q)[0] || this.try([this.question.wire(q)], this.support(q));
  }

  /** Whether a literal can be true, and can be false. */
  can(q) {
    const known = this.case.certain(q);
    return known !== null ? [known, !known] : this.asked.get(q);
  }

  /** The turnout of each crowd; null where that takes too many steps. */
  turnouts(crowds) {
    return this.case.meter.within(COUNTING, () => crowds.map((people) => this.turnout(people)), () => null);
  }

  /** The fewest and the most of a crowd that attend. */
  turnout(people) {
    const sure = people.filter((x) => this.case.fixed[x] === true).length, inside = new Map();
    for (const x of people) {
      const part = this.partOf.get(x);
      if (part) inside.set(part, [...(inside.get(part) ?? []), x]);
    }
    let [least, most] = [sure, sure];
    for (const [part, of] of inside) {
      const crowd = this.counted(part, of);
      least += crowd.least;
      most += crowd.most;
    }
    return [least, most];
  }

  /** The same of some people of one part: from the models that are known on to better ones, until there is none. */
  counted(part, of) {
    const floor = of.filter((x) => !this.can(x)[1]).length, roof = of.filter((x) => this.can(x)[0]).length;
    const crowd = { of, least: roof, most: floor }, { question } = this, there = of.map((x) => question.wire(x));
    const { search } = question;
    this.crowds = [crowd];
    if (floor < roof) {
      this.try([], [part]);
      const away = there.map((q) => q ^ 1);
      while (crowd.least > floor && this.try([search.atLeast(away, of.length - crowd.least + 1)], [part]));
      while (crowd.most < roof && this.try([search.atLeast(there, crowd.most + 1)], [part]));
    } else [crowd.least, crowd.most] = [floor, roof];
    this.crowds = [];
    return crowd;
  }
}

// --- why something is open ---

/** For each attendance on a circle of open ones through their bounds, all who are on it (Tarjan, 1972). */
function circles(of, open) {
  const index = new Map(), low = new Map(), stack = [], on = new Set(), circle = new Map();
  const next = (node) => {
    const inner = node >= of.atoms ? of.inside(node) : node < of.people ? [...of.lowers(node), ...of.uppers(node)] : [];
    return inner.map(nodeOf).filter((n) => (n < of.atoms ? open.has(n) : of.known[n] === null));
  };
  const begin = (node) => {
    index.set(node, index.size);
    low.set(node, index.get(node));
    stack.push(node);
    on.add(node);
    return { node, rest: next(node), at: 0 };
  };
  const close = (node) => {
    const found = stack.splice(stack.lastIndexOf(node));
    found.forEach((n) => on.delete(n));
    const people = found.filter((n) => n < of.people).sort((a, b) => a - b);
    if (people.length > 1) people.forEach((x) => circle.set(x, people));
  };
  for (const root of open) {
    const work = index.has(root) || root >= of.people ? [] : [begin(root)];
    while (work.length) {
      const top = work.at(-1);
      if (top.at < top.rest.length) {
        const n = top.rest[top.at++];
        if (!index.has(n)) work.push(begin(n));
        else if (on.has(n)) low.set(top.node, Math.min(low.get(top.node), index.get(n)));
        of.meter.spend(2);
        continue;
      }
      work.pop();
      if (work.length) low.set(work.at(-1).node, Math.min(low.get(work.at(-1).node), low.get(top.node)));
      if (low.get(top.node) === index.get(top.node)) close(top.node);
    }
  }
  return circle;
}

/** The cause of an undetermined verdict, the first that fits. */
function cause(of, x, { open, repaired, around, survey }) {
  const parts = of.spoken(x), choice = of.network.choices[x];
  if (parts.some(([id]) => repaired.has(id))) return { cause: "conflict", on: [] };
  if (!parts.length) return { cause: "unstated", on: [] };
  if (choice !== null && survey.may(choice)) return { cause: "open", on: [] };
  if (around.has(x)) return { cause: "coordination", on: around.get(x) };
  const read = of.read([...of.lowers(x), ...of.uppers(x)]);
  const on = read.filter((atom) => atom !== x && open.has(atom)).sort((a, b) => a - b);
  return { cause: on.every((atom) => atom >= of.people) ? "fact" : "depends", on };
}

// --- the answer ---

function answer(network, values, meter) {
  const of = new Case(network, values, meter);
  const whole = new Question(of, of.parts, []), torn = [];
  if (!whole.solve([])) {
    for (const part of of.parts) if (!new Question(of, [part], []).solve([])) torn.push(conflict(of, part));
  }
  if (torn.includes(null)) return { impossible: "nothing can meet what is assumed and given, whatever is set aside" };
  const survey = new Survey(of, torn), atoms = [...Array(of.atoms).keys()];
  const asked = [...atoms, ...network.held];
  survey.ask([...asked, ...network.choices.filter((q, x) => q !== null && of.fixed[x] === null)]);
  survey.settle(asked);
  const open = new Set(atoms.filter((atom) => survey.can(atom).every(Boolean)));
  const about = { open, survey, around: circles(of, open), repaired: new Set(torn.flatMap((t) => t.repairs.flat())) };
  const said = (q, yes, no, either) => ((can) => (can[0] ? (can[1] ? either : yes) : no))(survey.can(q));
  const people = atoms.slice(0, of.people);
  return {
    verdicts: people.map((x) => said(x, "attends", "absent", "undetermined")),
    causes: people.map((x) => (open.has(x) ? cause(of, x, about) : null)),
    facts: atoms.slice(of.people).map((atom) => said(atom, true, false, null)),
    held: network.held.map((q) => said(q, "held", "not held", "undetermined")),
    turnout: survey.turnouts(network.crowds),
    consistent: !torn.length,
    conflicts: told(of, torn),
    steps: meter.spent,
  };
}

/** Conflicts with their names, in the order of their first atom. */
function told(of, torn) {
  const first = ({ part }) => part.atoms[0] ?? of.atoms, { ids } = of.network;
  return [...torn].sort((a, b) => first(a) - first(b)).map(({ clashes, complete, repairs }) => {
    const clashing = new Set(clashes.flat()), people = [...Array(of.people).keys()];
    return {
      people: people.filter((x) => of.spoken(x).some(([id]) => clashing.has(id))),
      clashes: ranked(clashes, ids),
      complete,
      repairs: ranked(repairs, ids),
    };
  });
}

function evaluate(network, values, budget = 20_000_000) {
  const meter = new Meter(budget);
  try {
    return answer(network, values, meter);
  } catch (error) {
    if (error instanceof Spent) return { hard: `it takes more than ${budget} steps` };
    throw error;
  }
}
