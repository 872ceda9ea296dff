/** A network with what is switched, taken apart, and each part of it as a question for the search. */
"use strict";

const nodeOf = (q) => (q < 0 ? ~q : q);
const more = (number) => number + (typeof number === "bigint" ? 1n : 1);

/** What is open of a sum, by what is known of its literals: with its weight, and that of what is surely true. */
function opened(literals, weights, none, known) {
  const found = { literals: [], weights: weights && [], sure: none, most: none };
  for (let i = 0; i < literals.length; i++) {
    const value = known(literals[i]), weight = weights ? weights[i] : 1;
    if (value === true) found.sure += weight;
    if (value !== null) continue;
    found.literals.push(literals[i]);
    if (weights) found.weights.push(weight);
    found.most += weight;
  }
  return found;
}

/** The network with what is switched: what is certain already, who speaks, and what hangs together. */
class Case {
  constructor(network, values, meter) {
    this.network = network;
    this.meter = meter;
    this.people = network.people;
    this.atoms = network.people + network.facts;
    this.fixed = network.fixed.map((stated, i) => (values[i] === "free" ? null : values[i] ?? stated));
    this.sums = network.sums.map(([literals, weights]) => ({
      literals,
      weights: weights && (typeof weights[0] === "string" ? weights.map(BigInt) : weights),
    }));
    this.known = [...this.fixed];
    this.readers = this.sums.map(() => 0); // how many gates read a sum
    this.gates = network.gates.map((gate, i) => this.folded(gate, this.atoms + i));
    this.parts = this.apart();
  }

  /** A gate with what it takes for granted taken out of its sum; whether that decides it is noted. */
  folded([number, asked, taken], node) {
    const { literals, weights } = this.sums[number], big = weights !== null && typeof weights[0] === "bigint";
    const known = (q) => (taken !== null && nodeOf(q) === taken ? q >= 0 : this.certain(q));
    const { sure, most, ...open } = opened(literals, weights, big ? 0n : 0, known), quota = (big ? BigInt : Number)(asked);
    this.meter.spend(KEPT * (literals.length + 1));
    this.readers[number]++;
    this.known[node] = quota - sure <= 0 ? true : quota - sure > most ? false : null;
    return { ...open, most, quota: quota - sure, asked: quota };
  }

  /** What is open of a sum, with the weight of that and of what is surely true. */
  whole(number) {
    const { literals, weights } = this.sums[number], big = weights !== null && typeof weights[0] === "bigint";
    this.sums[number].whole ??= opened(literals, weights, big ? 0n : 0, (q) => this.certain(q));
    return this.sums[number].whole;
  }

  /** What an attendance adds to a sum, once it is taken to be there; null where that is not as simple as that. */
  gain(number, taken) {
    const { literals, weights } = this.whole(number), at = literals.indexOf(taken);
    if (this.known[taken] !== null || literals.includes(~taken) || at !== literals.lastIndexOf(taken)) return null;
    return at < 0 ? null : weights ? weights[at] : 1;
  }

  /** What is certain of a literal: true, false, or null. */
  certain(q) {
    const value = this.known[nodeOf(q)];
    return value === null ? null : value === q >= 0;
  }

  /** The parts of somebody's position, as [id, lower, upper]; of whom is assumed, none. */
  spoken(x) {
    return this.fixed[x] === null ? this.network.stances[x][1] : [];
  }

  lowers(x) {
    return this.spoken(x).flatMap(([, lower]) => (lower === null ? [] : [lower]));
  }

  uppers(x) {
    return this.spoken(x).flatMap(([, , upper]) => (upper === null ? [] : [upper]));
  }

  /** What an open gate reads that is open. */
  inside(node) {
    return this.gates[node - this.atoms].literals;
  }

  /** The open atoms that literals hang on. */
  read(literals) {
    const seen = new Set(), found = [], stack = [...literals];
    while (stack.length) {
      const node = nodeOf(stack.pop());
      if (seen.has(node) || this.known[node] !== null) continue;
      seen.add(node);
      if (node < this.atoms) found.push(node);
      else stack.push(...this.inside(node)), this.meter.spend(this.inside(node).length);
    }
    return found;
  }

  /** The connected parts of what is open, in the order of their first atom: each has atoms, rules and given. */
  apart() {
    const root = this.known.map((_, node) => node), tied = new Set(), said = new Map();
    const find = (node) => {
      while (root[node] !== node) node = root[node] = root[root[node]];
      return node;
    };
    const join = (a, b) => { // atoms are numbered before gates: so an atom stands for each part that has one
      const one = find(a), other = find(b);
      root[Math.max(one, other)] = Math.min(one, other);
    };
    const tie = (literals) => {
      const stack = literals.map(nodeOf);
      while (stack.length) {
        const node = stack.pop();
        if (node < this.atoms || this.known[node] !== null || tied.has(node)) continue;
        tied.add(node);
        this.meter.spend(this.inside(node).length);
        for (const inner of this.inside(node).map(nodeOf)) join(node, inner), stack.push(inner);
      }
    };
    const open = [], parts = new Map();
    for (let x = 0; x < this.atoms; x++) {
      if (this.fixed[x] !== null) continue;
      open.push(x);
      for (const [id, ...bounds] of x < this.people ? this.spoken(x) : []) {
        if (said.has(id)) join(x, said.get(id)); // a statement about several is set aside as a whole
        said.set(id, x);
        const ties = bounds.filter((q) => q !== null && this.certain(q) === null);
        ties.forEach((q) => join(x, nodeOf(q)));
        tie(ties);
      }
    }
    const { rules, given } = this.network;
    tie([...rules.map(([, q]) => q), ...given]);
    const part = (key) => parts.get(key) ?? parts.set(key, { atoms: [], rules: [], given: [] }).get(key);
    const of = (q, alone) => part(this.certain(q) === null ? find(nodeOf(q)) : alone);
    open.forEach((x) => part(find(x)).atoms.push(x));
    rules.forEach(([id, q]) => of(q, `rule ${id}`).rules.push([id, q]));
    given.forEach((q) => of(q, `given ${q}`).given.push(q));
    return [...parts.values()];
  }

  /** The names of statements and rules that may be set aside in a part. */
  removable(part) {
    const said = part.atoms.flatMap((x) => (x < this.people ? this.spoken(x).map(([id]) => id) : []));
    return [...new Set([...said, ...part.rules.map(([id]) => id)])];
  }
}

/** Some parts of a case as a search; in those that are `torn` statements and rules may be set aside. */
class Question {
  constructor(of, parts, torn) {
    this.case = of;
    this.search = new Search(of.meter);
    this.wires = new Map(); // the literal of each open node
    this.levels = new Map(); // by sum: {quota, on} in rising order
    this.aside = new Map(); // the literal of each statement and rule that may be set aside: that it is
    this.parts = parts;
    this.atoms = parts.flatMap((part) => part.atoms); // those that are asked about
    for (const part of torn) for (const id of of.removable(part)) this.aside.set(id, this.search.fresh());
    for (const x of this.atoms) this.wires.set(x, this.search.fresh());
    for (const x of this.atoms) if (x < of.people) this.bind(x);
    for (const part of parts) {
      for (const [id, q] of part.rules) this.search.clause([this.wire(q), ...this.unless([id])]);
      for (const q of part.given) this.search.clause([this.wire(q)]);
    }
    if (of.network.founded) this.search.check = () => this.unfounded();
  }

  /** The literal of a literal of the network; gates are wired when they are first asked for. */
  wire(q) {
    const { case: of, search } = this, node = nodeOf(q), known = of.known[node];
    if (known !== null) return known === q >= 0 ? TRUE : FALSE;
    if (!this.wires.has(node)) this.wires.set(node, node < of.atoms ? search.fresh() : this.gate(node));
    return this.wires.get(node) ^ (q < 0);
  }

  /** The literal of a gate: one of the levels of its sum, where several read that, or a sum of its own. */
  gate(node) {
    const { case: of, search } = this, [number, , taken] = of.network.gates[node - of.atoms];
    const { literals, weights, quota, asked } = of.gates[node - of.atoms];
    if (of.readers[number] < 2) return this.reaching(literals, weights, quota);
    if (taken === null) return this.level(number, asked);
    const gain = of.gain(number, taken);
    if (gain === null) return this.reaching(literals, weights, quota);
    const own = this.wire(taken), on = search.fresh(), [low, high] = [this.level(number, asked - gain), this.level(number, asked)];
    search.clause([on, high ^ 1]); // whoever is taken to be there makes the difference only where they are not
    search.clause([on ^ 1, low]);
    search.clause([on ^ 1, own ^ 1, high]);
    search.clause([on, own, low ^ 1]);
    return on;
  }

  /** The literal that says that a sum reaches a quota, each of its levels once; a higher one implies a lower one. */
  level(number, asked) {
    const { literals, weights, most, sure } = this.case.whole(number), quota = asked - sure;
    if (quota <= 0) return TRUE;
    if (quota > most) return FALSE;
    const levels = this.levels.get(number) ?? this.levels.set(number, []).get(number);
    let at = levels.findIndex((of) => of.quota >= quota);
    if (at >= 0 && levels[at].quota === quota) return levels[at].on;
    if (at < 0) at = levels.length;
    const on = this.reaching(literals, weights, quota);
    if (at > 0) this.search.clause([on ^ 1, levels[at - 1].on]);
    if (at < levels.length) this.search.clause([on, levels[at].on ^ 1]);
    levels.splice(at, 0, { quota, on });
    return on;
  }

  /** A literal that is true just when the weight of those of the network reaches the quota. */
  reaching(literals, weights, quota) {
    const { search } = this, read = literals.map((p) => this.wire(p)), on = search.fresh();
    const heft = weights ?? literals.map(() => 1);
    const need = more(heft.reduce((whole, weight) => whole + weight, quota - quota) - quota); // of the false, to break it
    search.demand([on ^ 1, ...read], [quota, ...heft], quota);
    search.demand([on, ...read.map((p) => p ^ 1)], [need, ...heft], need);
    return on;
  }

  /** The literals that say that any of those statements is set aside, where it may be. */
  unless(ids) {
    return [...new Set(ids)].flatMap((id) => (this.aside.has(id) ? [this.aside.get(id)] : []));
  }

  /** Hold somebody to their bounds and their inclination; who lost a statement is open. */
  bind(x) {
    const { case: of, search } = this, own = this.wires.get(x), parts = of.spoken(x);
    for (const [id, lower, upper] of parts) {
      if (lower !== null) search.clause([own, this.wire(lower) ^ 1, ...this.unless([id])]);
      if (upper !== null) search.clause([own ^ 1, this.wire(upper), ...this.unless([id])]);
    }
    const lost = this.unless(parts.map(([id]) => id));
    switch (of.network.stances[x][0]) {
      case "inclined":
        search.clause([own, ...of.uppers(x).map((q) => this.wire(q) ^ 1), ...lost]);
        break;
      case "disinclined":
        search.clause([own ^ 1, ...of.lowers(x).map((q) => this.wire(q)), ...lost]);
    }
  }

  /** The variables of parts: of their atoms, and of what may be set aside in them. */
  scope(parts) {
    const aside = parts.flatMap((part) => this.unless(this.case.removable(part)));
    return [...aside, ...parts.flatMap((part) => part.atoms.map((x) => this.wires.get(x)))].map((q) => q >> 1);
  }

  /** Whether those parts have an outcome under assumptions; it can be read then. */
  solve(assumptions, parts = this.parts) {
    this.atoms = parts.flatMap((part) => part.atoms); // nobody else is looked at
    return this.search.solve(assumptions, this.scope(parts));
  }

  /** Whether a literal of the network holds in the model: true, false, or null where that is left open. */
  holds(q) {
    const known = this.case.certain(q);
    if (known !== null) return known;
    const value = this.wires.has(nodeOf(q)) ? this.search.value[this.wire(q)] : 0;
    return value === 0 ? null : value > 0;
  }

  // --- founded outcomes: nobody attends on the strength of a circle of promises alone ---

  /** Clauses that the model breaks, because some in it attend who cannot be reached from nobody; none if all can. */
  unfounded() {
    const { case: of, search } = this;
    const coming = this.atoms.filter((x) => x < of.people && this.holds(x) === true);
    const joined = new Set(coming.filter((x) => this.lost(x).some((q) => search.value[q] > 0)));
    for (let before = -1; before < joined.size; ) {
      before = joined.size;
      const seen = new Map();
      for (const x of coming) if (!joined.has(x) && this.joins(x, joined, seen)) joined.add(x);
    }
    const circle = new Set(coming.filter((x) => !joined.has(x)));
    if (!circle.size) return [];
    const ways = this.ways([...circle], circle); // one of these must be otherwise, for anybody of them to come
    return [...circle].map((x) => [this.wires.get(x) ^ 1, ...ways]);
  }

  lost(x) {
    return this.unless(this.case.spoken(x).map(([id]) => id));
  }

  /** Whether somebody who attends in the model joins those who have joined. */
  joins(x, joined, seen) {
    const { case: of } = this, willing = of.network.stances[x][0] !== "disinclined";
    const reached = (q) => this.reached(q, joined, seen);
    return of.lowers(x).some(reached) || (willing && of.uppers(x).every(reached));
  }

  /** A literal in negation normal form, read of those who have joined; whoever is negated is read in the model. */
  reached(q, joined, seen) {
    const { case: of } = this, node = nodeOf(q);
    if (of.known[node] !== null) return of.certain(q);
    if (node < of.atoms) return q >= 0 && node < of.people ? joined.has(node) : this.holds(q);
    if (!seen.has(q)) {
      const { literals, weights, quota, most } = of.gates[node - of.atoms];
      let left = q >= 0 ? quota : more(most - quota);
      of.meter.spend(literals.length);
      for (let i = 0; i < literals.length && left > 0; i++) {
        if (this.reached(q >= 0 ? literals[i] : ~literals[i], joined, seen)) left -= weights ? weights[i] : 1;
      }
      seen.set(q, left <= 0);
    }
    return seen.get(q);
  }

  /** What could let anybody of a circle join, and does not in the model: literals that are false in it. */
  ways(people, circle) {
    const { case: of } = this, seen = new Set(), found = new Set(people.flatMap((x) => this.lost(x)));
    const stack = people.flatMap((x) => [...of.lowers(x), ...of.uppers(x)]);
    while (stack.length) {
      const q = stack.pop(), node = nodeOf(q);
      if (seen.has(q) || of.known[node] !== null) continue;
      seen.add(q);
      if (node >= of.atoms) stack.push(...of.inside(node).map((p) => (q >= 0 ? p : ~p)));
      else if (this.holds(q) === false && !(q >= 0 && circle.has(q))) found.add(this.wire(q));
      of.meter.spend(1);
    }
    return [...found];
  }
}
