/** What can be: a search over weighted sums of literals, which counts its steps and gives up in time. */
"use strict";

const KEPT = 8; // what is kept costs so many steps, so that a budget bounds the memory too
const TRUE = 0, FALSE = 1; // the literals of a variable that is always true; any other has 2v, and 2v + 1 negated

/** Thrown where the budget is used up. */
class Spent extends Error {}

/** Counts steps, and throws once they are used up. */
class Meter {
  constructor(budget) {
    this.budget = budget;
    this.spent = 0;
  }

  spend(steps) {
    this.spent += steps;
    if (this.spent <= this.budget) return;
    this.spent = this.budget;
    throw new Spent();
  }

  /** What a task gives within a share of the budget, or what stands for it: for what is not needed to go on. */
  within(share, task, instead) {
    const whole = this.budget;
    this.budget = Math.min(whole, this.spent + Math.floor(whole * share));
    try {
      return task();
    } catch (error) {
      if (error instanceof Spent) return instead();
      throw error;
    } finally {
      this.budget = whole;
    }
  }
}

/** A search by conflict-driven learning (Marques-Silva and Sakallah, 1996) over weighted sums that reach a degree. */
class Search {
  constructor(meter) {
    this.meter = meter;
    this.value = [1, -1]; // by literal: 1 true, -1 false, 0 undecided
    this.level = [0];
    this.place = [0]; // on the trail
    this.reason = [-1];
    this.activity = [0];
    this.phase = [1]; // the literal parity to try first: false
    this.readers = [[], []]; // by literal: the sums it stands in
    this.heft = [[], []]; // and what it weighs there
    this.sums = []; // {literals, weights (null: 1 each), spare, top}
    this.slack = []; // what a sum can still lose
    this.trail = [];
    this.head = 0;
    this.marks = []; // where each level begins
    this.bump = 1;
    this.sound = true;
    this.check = null; // told of every model: clauses that it breaks, if any
  }

  /** A new variable's literal. */
  fresh() {
    const v = this.level.length;
    this.value.push(0, 0);
    this.level.push(0);
    this.place.push(0);
    this.reason.push(-1);
    this.activity.push(0);
    this.phase.push(1);
    this.readers.push([], []);
    this.heft.push([], []);
    return 2 * v;
  }

  /** Demand that the weight of the true literals reach the degree; weights of null are 1 each. */
  demand(literals, weights, degree) {
    this.retreat(0);
    const kept = [], heavy = [];
    let spare = -degree;
    for (let i = 0; i < literals.length; i++) {
      const q = literals[i], weight = weights ? weights[i] : 1;
      if (this.value[q] < 0) continue;
      spare += weight;
      if (this.value[q] > 0) degree -= weight;
      else kept.push(q), heavy.push(weight);
    }
    if (degree <= 0 || !this.sound) return;
    if (spare < 0) this.sound = false;
    else this.add(kept, weights ? heavy : null, spare);
  }

  /** Demand that any of the literals be true. */
  clause(literals) {
    this.demand(literals, null, 1);
  }

  /** Keep a sum over literals of which none is false, but of a clause all but the first may be. */
  add(literals, weights, spare) {
    const number = this.sums.length;
    let top = weights ? weights[0] : 1, slack = spare;
    for (let i = 0; i < literals.length; i++) {
      const weight = weights ? weights[i] : 1;
      if (weight > top) top = weight;
      if (this.value[literals[i]] < 0) slack -= weight;
      this.readers[literals[i]].push(number);
      this.heft[literals[i]].push(weight);
    }
    this.meter.spend(KEPT * literals.length);
    this.sums.push({ literals, weights, spare, top });
    this.slack.push(slack);
    if (slack < top) this.force(number);
    return number;
  }

  /** Decide what a sum cannot do without. */
  force(number) {
    const { literals, weights } = this.sums[number], slack = this.slack[number];
    this.meter.spend(literals.length);
    for (let i = 0; i < literals.length; i++) {
      if (this.value[literals[i]] === 0 && (weights ? weights[i] : 1) > slack) this.decide(literals[i], number);
    }
  }

  decide(q, reason) {
    const v = q >> 1;
    this.value[q] = 1;
    this.value[q ^ 1] = -1;
    this.level[v] = this.marks.length;
    this.place[v] = this.trail.length;
    this.reason[v] = reason;
    this.trail.push(q);
  }

  /** All that follows from what is decided; the number of a sum that cannot be met any more, or -1. */
  propagate() {
    let broken = -1;
    while (broken < 0 && this.head < this.trail.length) {
      const q = this.trail[this.head++] ^ 1, readers = this.readers[q], heft = this.heft[q];
      this.meter.spend(readers.length + 1);
      for (let i = 0; i < readers.length; i++) {
        const number = readers[i], left = (this.slack[number] -= heft[i]);
        if (broken >= 0) continue; // what is taken off must be whole, for it is put back whole
        if (left < 0) broken = number;
        else if (left < this.sums[number].top) this.force(number);
      }
    }
    return broken;
  }

  /** Take back all that was decided above a level. */
  retreat(level) {
    if (this.marks.length <= level) return;
    const mark = this.marks[level];
    for (let i = this.trail.length - 1; i >= mark; i--) {
      const q = this.trail[i];
      this.value[q] = this.value[q ^ 1] = 0;
      this.phase[q >> 1] = q & 1;
      if (i >= this.head) continue;
      const readers = this.readers[q ^ 1], heft = this.heft[q ^ 1];
      for (let j = 0; j < readers.length; j++) this.slack[readers[j]] += heft[j];
    }
    this.trail.length = mark;
    this.head = mark;
    this.marks.length = level;
  }

  /** The false literals for which a sum is broken, or has forced a literal: no more of them than it takes. */
  because(number, forced) {
    const { literals, weights, spare } = this.sums[number], found = [];
    const before = forced < 0 ? Infinity : this.place[forced >> 1];
    let room = spare;
    if (forced >= 0) room -= weights ? weights[literals.indexOf(forced)] : 1;
    for (const base of [true, false]) { // what is certain for ever costs nothing
      for (let i = 0; i < literals.length && room >= 0; i++) {
        const q = literals[i], v = q >> 1;
        if (this.value[q] >= 0 || this.place[v] >= before || (this.level[v] === 0) !== base) continue;
        room -= weights ? weights[i] : 1;
        if (!base) found.push(q);
      }
    }
    this.meter.spend(literals.length);
    return found;
  }

  /** Learn from a broken sum, and go back to where what was learnt decides something. */
  learn(broken) {
    let left = this.because(broken, -1);
    const deepest = left.reduce((most, q) => Math.max(most, this.level[q >> 1]), 0);
    if (deepest === 0) {
      this.sound = false;
      return;
    }
    this.retreat(deepest);
    const seen = new Set(), learnt = [0];
    let open = 0, at = this.trail.length, q;
    for (;;) {
      for (const p of left) {
        const v = p >> 1;
        if (seen.has(v)) continue;
        seen.add(v);
        this.activity[v] += this.bump;
        if (this.level[v] === deepest) open++;
        else learnt.push(p);
      }
      do q = this.trail[--at];
      while (!seen.has(q >> 1));
      if (--open === 0) break;
      left = this.because(this.reason[q >> 1], q);
    }
    learnt[0] = q ^ 1;
    this.bump *= 1.05;
    if (this.bump > 1e100) this.calm();
    this.retreat(learnt.reduce((most, p, i) => (i ? Math.max(most, this.level[p >> 1]) : 0), 0));
    this.add(learnt, null, learnt.length - 1);
  }

  /** Keep activities small enough to be counted. */
  calm() {
    this.activity = this.activity.map((of) => of / this.bump);
    this.bump = 1;
  }

  /** The undecided literal of the scope to try next, or -1. */
  next(scope) {
    let best = -1;
    for (const v of scope) {
      if (this.value[2 * v] === 0 && (best < 0 || this.activity[v] > this.activity[best])) best = v;
    }
    this.meter.spend(scope.length >> 1);
    return best < 0 ? -1 : 2 * best + this.phase[best];
  }

  /** Whether there is a model of the variables in the scope, under assumptions; it stays decided until asked again. */
  solve(assumptions, scope) {
    this.retreat(0);
    while (this.sound) {
      let broken = this.propagate();
      if (broken < 0) {
        const level = this.marks.length;
        let q = level < assumptions.length ? assumptions[level] : this.next(scope);
        if (q >= 0) {
          if (this.value[q] < 0) return false; // an assumption that cannot be
          this.marks.push(this.trail.length);
          if (this.value[q] === 0) this.decide(q, -1);
          continue;
        }
        const against = this.check ? this.check() : [];
        if (!against.length) return true;
        broken = this.refused(against);
      }
      this.learn(broken);
    }
    return false;
  }

  /** Add clauses that the model breaks; the number of the one that is broken first. */
  refused(clauses) {
    const depth = (literals) => literals.reduce((most, q) => Math.max(most, this.level[q >> 1]), 0);
    const added = clauses.map((literals) => [depth(literals), this.add(literals, null, literals.length - 1)]);
    return added.reduce((one, other) => (other[0] < one[0] ? other : one))[1];
  }

  /** A literal that, assumed, makes at least so many of those literals true. */
  atLeast(literals, quota) {
    const on = this.fresh();
    this.demand([on ^ 1, ...literals], [quota, ...literals.map(() => 1)], quota);
    return on;
  }
}
