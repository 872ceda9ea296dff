// The switches of the page: whatever is turned is answered anew by `evaluate`, and kept in the address.
"use strict";

(() => {
  const told = JSON.parse(document.getElementById("told").textContent);
  const { atoms, people, gatherings, boxes, bases, budget, causes } = told;
  const root = document.documentElement;
  const rows = [...document.querySelectorAll("[data-atom]")].sort((a, b) => a.dataset.atom - b.dataset.atom);
  const since = document.getElementById("since");
  const effect = document.getElementById("effect");
  const result = document.getElementById("result");
  const select = document.getElementById("base");
  const UNKNOWN = "not known here";
  const WORTH = new Map([[null, "unknown"], [true, "true"], [false, "false"]]);
  const KINDS = new Map([
    ["attends", "attends"], ["held", "attends"], ["true", "attends"],
    ["absent", "absent"], ["not held", "absent"], ["false", "absent"],
    ["undetermined", "undetermined"], ["unknown", "undetermined"],
  ]);
  let chosen = told.start;
  let values = atoms.map(() => null);
  let lost = [];
  let twice = [];
  let kept = true; // whether the address holds what is switched

  // --- elements: texts are only ever text ---

  const make = (tag, name, ...children) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.append(...children.filter((child) => child !== null));
    return made;
  };
  const say = (text) => make("bdi", "", text);
  const marked = (answer) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    const kind = KINDS.get(answer) ?? "none";
    use.setAttribute("href", `#mark-${kind}`);
    svg.setAttribute("class", `mark ${kind}`);
    svg.setAttribute("aria-hidden", "true");
    svg.append(use);
    return svg;
  };
  const answered = (answer, ...more) =>
    make("span", `answer ${KINDS.get(answer) ?? "none"}`, marked(answer), " ", make("b", "word", answer), ...more);

  // --- answers ---

  const turned = () => values.some((value) => value !== null);
  const answer = () => {
    const base = bases[chosen];
    if (!turned()) return base.answer;
    if (base.network === null) return { hard: "there is no room in the page for so large a case" };
    return evaluate(base.network, values, budget);
  };
  const solved = (found) => Array.isArray(found.verdicts);
  const answerOf = (found, x) => {
    if (!solved(found)) return UNKNOWN;
    return x < people ? found.verdicts[x] : WORTH.get(found.facts[x - people] ?? null);
  };
  const coming = (turnout) => {
    const [least, most] = turnout;
    if (least !== most) return `${least} to ${most} attend`;
    return most === 0 ? "nobody attends" : most === 1 ? "1 attends" : `${most} attend`;
  };

  // --- what is shown ---

  const show = () => {
    const found = answer();
    const before = turned() ? bases[chosen].answer : bases[told.start].answer;
    const asked = turned() || chosen !== told.start || lost.length > 0 || twice.length > 0;
    root.classList.toggle("asked", asked);
    result.hidden = !asked;
    rows.forEach((row, x) => showRow(row, x, answerOf(found, x), answerOf(before, x), found.causes?.[x], asked));
    gatherings.forEach((_, g) => showGathering(g, found, before, asked));
    redraw(found);
    rename();
    explain();
    stand();
    const changed = turned() || chosen !== told.start;
    since.hidden = !changed;
    const below = solved(found) ? "The verdicts below answer that; the lines above do not." : "To that the page has no answer.";
    since.replaceChildren(...(changed ? ["Now the page is asked: ", say(question()), `. ${below}`] : []));
    effect.replaceChildren(...(asked ? told_of(found, before) : []));
  };

  const showRow = (row, x, now, old, why, asked) => {
    const fresh = asked && now !== old && now !== UNKNOWN && old !== UNKNOWN;
    const cause = why ? JSON.stringify(why) : "";
    if (row.dataset.answer !== now || (row.dataset.cause ?? "") !== cause) {
      row.dataset.answer = now;
      row.dataset.cause = cause;
      row.querySelector(".answer").replaceWith(answered(now, ...because(why, atoms[x].at)));
    }
    row.classList.toggle("turned", fresh);
    row.querySelector(".was").textContent = fresh ? `was ${old}` : "";
  };
  const because = (why, at) => {
    if (!why) return [];
    const on = why.cause === "fact" || why.cause === "depends" ? `: ${few(why.on.map((x) => (atoms[x].at === at ? atoms[x].name : called(x))))}` : "";
    const cause = make("span", "cause", say(why.cause + on));
    cause.title = causes[why.cause] ?? "";
    return [" ", cause];
  };
  const called = (x) => (x < people ? placed(x) : `“${atoms[x].name}”`);
  const placed = (x) => atoms[x].name + (atoms[x].at > 0 ? ` (${gatherings[atoms[x].at]})` : "");
  const few = (names) => listed(names.length > 2 ? [names[0], `${names.length - 1} others`] : names);

  const showGathering = (g, found, before, asked) => {
    const place = document.querySelector(`[data-held="${g}"]`);
    const count = document.querySelector(`[data-turnout="${g}"]`);
    const now = solved(found) ? found.held[g] : UNKNOWN;
    const old = solved(before) ? before.held[g] : now;
    const was = asked && now !== old && now !== UNKNOWN ? [make("span", "soft", ` (was ${old})`)] : [];
    place.replaceChildren(answered(now, ...was));
    const turnout = found.turnout?.[g]; // it is left out where it takes too long to count
    count.textContent = turnout ? coming(turnout) : "";
    const dots = place.closest(".gathering").querySelector(".dots");
    if (!dots) return;
    const order = ["attends", "undetermined", "absent", UNKNOWN];
    const here = atoms.slice(0, people).flatMap((atom, x) => (atom.at === g ? [answerOf(found, x)] : []));
    here.sort((a, b) => order.indexOf(a) - order.indexOf(b));
    dots.replaceChildren(...here.map(marked));
  };

  const redraw = (found) => {
    const holds = { true: "holds", false: "does not hold" };
    atoms.forEach((_, x) => recolour(boxes.atoms[x], answerOf(found, x), x < people ? {} : holds));
    gatherings.forEach((_, g) => recolour(boxes.gatherings[g], solved(found) ? found.held[g] : UNKNOWN, {}));
  };
  const recolour = (number, answer, words) => {
    const node = number === null ? null : document.getElementById(`graph-n${number}`);
    if (!node) return;
    node.classList.remove("attends", "absent", "undetermined");
    if (KINDS.has(answer)) node.classList.add(KINDS.get(answer));
    const texts = node.querySelectorAll("text");
    if (texts.length > 1) texts[texts.length - 1].textContent = words[answer] ?? answer;
    node.querySelector("a")?.removeAttributeNS("http://www.w3.org/1999/xlink", "title"); // it told the old answer
  };

  const rename = () => {
    rows.forEach((row, x) => {
      if (x < people) return;
      const known = bases[chosen].fixed[x] !== null;
      row.querySelector('input[value=""] + span').textContent = known ? "as stated" : "unknown";
    });
  };

  /** The causes that there are now, in words. */
  const explain = () => {
    const there = new Set(rows.map((row) => row.querySelector(".cause")?.textContent.split(":")[0]));
    const terms = [...document.querySelectorAll("[data-cause-word]")];
    for (const term of terms) term.hidden = !there.has(term.dataset.causeWord);
    document.querySelector(".causes").hidden = terms.every((term) => term.hidden);
  };

  /** What was said and assumed, as it is in the scenario that is chosen. */
  const stand = () => {
    const { fallen, besides, fixed } = bases[chosen];
    const words = new Map(bases[chosen].said);
    for (const line of document.querySelectorAll("[data-said]")) {
      const state = fallen[line.dataset.said] ?? "";
      line.classList.toggle("past", state !== "");
      const shown = line.querySelector(".state-word");
      shown.textContent = state;
      shown.hidden = state === "";
    }
    for (const added of document.querySelectorAll(".besides")) added.remove();
    rows.slice(0, people).forEach((row, x) => {
      const list = row.querySelector(".said");
      const other = fixed[x] !== bases[told.start].fixed[x];
      for (const line of list.querySelectorAll(".assumed")) line.hidden = other;
      const lines = (besides[x] ?? []).map((id) => make("li", "besides", say(words.get(id) ?? id)));
      if (other && fixed[x] !== null) lines.unshift(make("li", "besides", make("b", "", fixed[x] ? "assumed: comes" : "assumed: stays away")));
      const own = list.querySelector("[data-said], .nothing") || (fixed[x] !== null && !other);
      if (!own && lines.length === 0) lines.push(make("li", "besides soft", "says nothing"));
      list.append(...lines);
      for (const line of list.querySelectorAll(".nothing")) line.hidden = lines.length > 0;
    });
  };

  const question = () => {
    const set = values.flatMap((value, x) => (value === null ? [] : [supposed(x)]));
    const of = chosen === told.start ? [] : [bases[chosen].title];
    return [...of, ...(set.length ? [`suppose that ${listed(set)}`] : [])].join("; ");
  };

  const supposed = (x) => {
    if (x >= people) return `${called(x)} ${values[x] ? "holds" : "does not hold"}`;
    return `${called(x)} ${values[x] ? "comes" : "stays away"}`;
  };

  const told_of = (found, before) => {
    const base = bases[chosen];
    const set = values.flatMap((value, x) => (value === null ? [] : [supposed(x)]));
    const parts = [];
    if (lost.length) parts.push(make("p", "trouble", `The link names what is not in this case: ${lost.join(", ")}.`));
    if (twice.length) parts.push(make("p", "trouble", "The link says two things of ", say(listed(twice)), ". The last counts."));
    if (!kept) parts.push(make("p", "soft", "The address of this page cannot keep what is asked here."));
    if (set.length) parts.push(make("h4", "", "Suppose that ", say(listed(set)), "."));
    else if (chosen !== told.start) parts.push(make("h4", "", say(base.title)));
    if (!solved(found)) return [...parts, ...unanswered(found)];
    if (!turned() && chosen === told.start) return parts; // only the link was wrong
    const changes = changed(found, before);
    if (turned() && chosen !== told.start) parts.push(make("p", "soft", "Compared with: ", say(base.title)));
    if (changes.length) parts.push(make("ul", "", ...changes));
    else parts.push(make("p", "", solved(before) ? (turned() ? "Nothing else turns." : "Nothing turns.") : "There is no answer to compare with."));
    parts.push(...clashing(found));
    const asked = [make("summary", "", "The same on the command line"), make("code", "command", command())];
    if (turned()) parts.push(make("details", "", ...asked));
    return parts;
  };

  const changed = (found, before) => {
    if (!solved(before)) return [];
    const list = [];
    gatherings.forEach((name, g) => {
      if (found.held[g] === before.held[g]) return;
      list.push(make("li", "", say(name), ": ", answered(found.held[g]), make("span", "soft", `, was ${before.held[g]}`)));
    });
    atoms.slice(0, people).forEach((_, x) => {
      if (values[x] !== null || found.verdicts[x] === before.verdicts[x]) return;
      const was = make("span", "soft", `, was ${before.verdicts[x]}`);
      list.push(make("li", "", say(placed(x)), " ", answered(found.verdicts[x]), was));
    });
    found.facts.forEach((value, i) => {
      const [now, old] = [WORTH.get(value ?? null), WORTH.get(before.facts[i] ?? null)];
      if (values[people + i] !== null || now === old) return;
      list.push(make("li", "", say(called(people + i)), ": ", answered(now), make("span", "soft", `, was ${old}`)));
    });
    return list;
  };

  const clashing = (found) => {
    if (found.consistent !== false) return [];
    const said = new Map(bases[chosen].said);
    const list = (ids) => ids.map((id) => make("li", "", say(said.get(id) ?? id), " ", make("code", "id", id)));
    const parts = [make("p", "trouble", "These cannot all stand:")];
    for (const conflict of found.conflicts ?? []) {
      for (const clash of conflict.clashes ?? []) parts.push(make("ul", "clash", ...list(clash)));
      const ways = (conflict.repairs ?? []).map((ids) => ids.join(" and "));
      if (ways.length) parts.push(make("p", "", `It takes setting aside ${ways.slice(0, 8).join(", or ")}`, ways.length > 8 ? ", or others." : "."));
      if (!conflict.complete) parts.push(make("p", "soft", "There are more such sets than are listed."));
    }
    return parts;
  };

  const unanswered = (found) => {
    if (found.impossible) {
      return [make("p", "trouble", "No outcome can meet this, whatever statements are set aside. Suppose less.")];
    }
    const late = "This scenario took too long when the page was made. Ask with more time:";
    return [
      make("p", "trouble", found.late ? late : "This is too hard for this page. Ask instead:"),
      make("code", "command", command()),
    ];
  };

  const command = () => {
    const words = values.flatMap((value, x) => (value === null ? [] : ["--assume", value ? atoms[x].yes : atoms[x].no]));
    return [bases[chosen].command, ...words].join(" ");
  };
  const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);

  // --- the address: #base=tuesday&comes=putin&true=ceasefire ---

  const WORDS = [["comes", true, true], ["away", true, false], ["true", false, true], ["false", false, false]];

  const written = () => {
    const words = new URLSearchParams();
    if (chosen !== told.start) words.append("base", bases[chosen].id);
    values.forEach((value, x) => {
      const word = WORDS.find(([, person, yes]) => person === x < people && yes === value);
      if (word) words.append(word[0], atoms[x].key);
    });
    const [place] = location.href.split("#");
    const text = words.toString();
    const address = text ? `${place}#${text}` : place;
    try {
      if (address !== location.href) history.replaceState(null, "", address);
      kept = text === "" || location.protocol !== "about:"; // of a page within a page nobody sees the address
    } catch {
      kept = text === "";
    }
  };

  const read = () => {
    const text = location.hash.slice(1);
    if (text && !text.includes("=")) return; // a place on the page
    const words = new URLSearchParams(text);
    const named = words.getAll("base").at(-1) ?? null;
    const base = named === null ? told.start : bases.findIndex((b) => b.id === named);
    lost = base < 0 ? [named || "base="] : [];
    const several = new Set(new Set(words.getAll("base")).size > 1 ? ["where to begin"] : []);
    chosen = Math.max(base, base < 0 ? told.start : 0);
    values = atoms.map(() => null);
    for (const [word, key] of words) {
      const rule = WORDS.find(([name]) => name === word);
      const x = rule ? atoms.findIndex((atom, i) => atom.key === key && rule[1] === i < people) : -1;
      if (x >= 0 && values[x] === !rule[2]) several.add(called(x));
      if (x >= 0) values[x] = rule[2];
      else if (word !== "base" && (key || word)) lost.push(key || `${word}=`);
    }
    twice = [...several];
    kept = true;
    settle();
    show();
  };
  const settle = () => {
    select.value = String(chosen);
    values.forEach((value, x) => {
      const position = value === null ? "" : value ? "yes" : "no";
      rows[x].querySelector(`input[value="${position}"]`).checked = true;
    });
  };

  // --- hands on ---

  /** The answer comes first, whatever becomes of the address. */
  const answerAnew = () => {
    const before = kept;
    show();
    written();
    if (kept !== before) show();
    document.getElementById("copy").hidden = !kept;
  };
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input === select) chosen = Number(select.value);
    else if (input.closest(".switch")) {
      values[Number(input.closest("[data-atom]").dataset.atom)] = input.value === "" ? null : input.value === "yes";
    } else return;
    lost = [];
    twice = [];
    answerAnew();
  });
  document.getElementById("reset").addEventListener("click", () => {
    chosen = told.start;
    values = atoms.map(() => null);
    lost = [];
    twice = [];
    settle();
    answerAnew();
    select.focus();
  });
  document.getElementById("copy").addEventListener("click", async (event) => {
    const button = event.currentTarget;
    try {
      await navigator.clipboard.writeText(location.href);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Copy the address of this page";
    }
    setTimeout(() => { button.textContent = "Copy link"; }, 3000);
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.skip, .top nav a");
    if (!link || !root.classList.contains("asked")) return;
    event.preventDefault(); // the address holds the what-if: go there without a new one
    const title = document.getElementById(`${link.hash.slice(1)}-title`);
    title.scrollIntoView();
    title.focus({ preventScroll: true });
  });
  window.addEventListener("hashchange", read);
  window.addEventListener("beforeprint", () => {
    for (const closed of document.querySelectorAll("details:not([open])")) closed.open = closed.dataset.printed = true;
  });
  window.addEventListener("afterprint", () => {
    for (const opened of document.querySelectorAll("details[data-printed]")) {
      opened.open = false;
      delete opened.dataset.printed;
    }
  });

  const sideways = () => {
    for (const hint of document.querySelectorAll(".sideways")) {
      const box = hint.nextElementSibling;
      hint.hidden = box.scrollWidth <= box.clientWidth + 1;
    }
  };
  window.addEventListener("resize", sideways);

  root.classList.add("js");
  for (const idle of document.querySelectorAll(".switch, #base")) idle.disabled = false;
  sideways();
  if (location.hash.includes("=")) read(); // else all is as it stands, which is there already
})();
