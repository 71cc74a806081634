
// The browser of documents. All of a release is strangers' text: it enters the page through createTextNode and
// setAttribute alone, never as markup, and an address becomes a link only if it is http or https.
"use strict";
(() => {
  const { rules, documents } = JSON.parse(byId("data").textContent);
  const ruleNumber = new Map(rules.map((rule, i) => [rule.name, i]));
  const filters = { rule: byId("rule"), language: byId("language"), source: byId("source"), text: byId("text") };
  const list = byId("list"), pane = byId("document");
  const VIEWS = [["changes", "Changes"], ["before", "Before"], ["after", "After"]];
  // Characters that reorder text or steer a terminal: shown wherever they stand. In what was taken out, all unseen ones are.
  const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufff9-\ufffb]|\udb40[\udc00-\udc7f]/g;
  const UNSEEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u00a0\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffc]|\udb40[\udc00-\udc7f]/g;
  const narrow = window.matchMedia("(max-width: 46rem)");
  let shown = [], chosen = null, view = "changes", change = -1;

  function byId(id) { return document.getElementById(id); }

  function node(name, attributes, ...inside) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes || {})) {
      if (key === "click") made.addEventListener("click", value);
      else if (value !== null && value !== undefined && value !== false) made.setAttribute(key, value);
    }
    made.append(...inside.filter((part) => part !== null && part !== undefined && part !== ""));
    return made;
  }

  function count(n) { return n.toLocaleString("en"); }

  function plural(n, word) { return `${count(n)} ${word}${n === 1 ? "" : "s"}`; }

  // ---- what is shown of a document

  function stretch(t) { return typeof t === "string" ? [t, 0, ""] : t; }

  function plain(t) { const [start, skipped, end] = stretch(t); return skipped ? `${start} … ${end}` : start; }

  function* legible(text, unseen) {
    let at = 0;
    for (const found of text.matchAll(unseen)) {
      if (found.index > at) yield text.slice(at, found.index);
      const code = found[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
      yield node("span", { class: "unseen" }, `U+${code}`);
      at = found.index + found[0].length;
    }
    if (at < text.length) yield text.slice(at);
  }

  // A mark that lost its letter to the mark-up gets a circle to stand on.
  function* stretchNodes(t, unseen, alone) {
    const [start, skipped, end] = stretch(t);
    if (alone && /^[\p{M}\u0e33\u0eb3]/u.test(start)) yield node("span", { class: "base" }, "\u25cc");
    yield* legible(start, unseen);
    if (skipped) yield node("span", { class: "skipped" }, `${count(skipped)} characters are not shown here`);
    yield* legible(end, unseen);
  }

  function removedNodes(text) {
    if (typeof text === "string" && text !== "" && text.trim() === "") {
      const marks = { "\n": "↵\n", " ": "␣", "\t": "⇥" };
      return [...text].flatMap((c) => (marks[c] ? [marks[c]] : [...legible(c, UNSEEN)]));
    }
    return [...stretchNodes(text, UNSEEN, true)];
  }

  // Line ends around the words of a removed stretch stand outside its mark: they have no area to be coloured.
  function parted(t) {
    if (typeof t !== "string" || !t.trim()) return ["", t, ""];
    let first = 0, last = t.length;
    while (t[first] === "\n" || t[first] === " ") first += 1;
    while (t[last - 1] === "\n" || t[last - 1] === " ") last -= 1;
    return [t.slice(0, first), t.slice(first, last), t.slice(last)];
  }

  function pieceNodes(piece, i) {
    const edited = piece.r !== undefined;
    if (view === "before" || !edited) return [...stretchNodes(piece.t, STEERING)];
    if (view === "after") return piece.n ? [...stretchNodes(piece.n, STEERING)] : [];
    const rule = rules[piece.r];
    const pick = () => choose(i);
    const tag = node("span", { class: "tag" }, rule.name);
    const [space, text, end] = parted(piece.t);
    const made = [space, node("del", { class: `r${piece.r}`, "data-piece": i, tabindex: -1, click: pick }, tag, ...removedNodes(text))];
    if (piece.n) made.push(node("ins", { class: `r${piece.r}`, click: pick }, ...stretchNodes(piece.n, STEERING, true)));
    return [...made, end];
  }

  function link(address) {
    if (!/^https?:\/\/[^\s]+$/i.test(address)) return address;
    return node("a", { href: address, rel: "noreferrer noopener nofollow", target: "_blank" }, address);
  }

  function title(doc) {
    if (doc.title) return doc.title;
    const first = doc.pieces.map((p) => (p.r === undefined ? plain(p.t) : "")).join("").trim().split("\n")[0];
    return [...first].slice(0, 90).join("").replace(STEERING, "") || doc.path;
  }

  function place(doc) { return doc.where ? `${doc.path} · ${doc.where}` : doc.path; }

  function loss(doc) {
    const [before, after] = doc.chars;
    if (!doc.published) return "not published";
    return before ? `${Math.round(1000 * (before - after) / before) / 10}% taken out` : "";
  }

  function edits(doc) { return doc.pieces.flatMap((piece, i) => (piece.r === undefined ? [] : [i])); }

  function render() {
    change = -1;
    if (!chosen) { pane.replaceChildren(node("p", { class: "meta" }, "No document passes these filters.")); return; }
    const doc = chosen, [before, after] = doc.chars;
    const facts = [doc.language, doc.date, doc.publisher, doc.author, ...doc.flags].filter(Boolean).join(" · ");
    const counted = doc.published
      ? `${count(before)} characters before, ${count(after)} after, ${plural(edits(doc).length, "change")}`
      : `${count(before)} characters before; not published`;
    const basis = doc.extracted ? " · the text that was extracted from a page" : "";
    pane.replaceChildren(
      node("h3", { dir: "auto" }, title(doc)),
      node("p", { class: "meta" }, place(doc)),
      facts ? node("p", { class: "meta" }, facts) : "",
      doc.source_url ? node("p", { class: "meta" }, link(doc.source_url)) : "",
      node("p", { class: "meta" }, counted + basis),
      tools(), chips(doc),
      node("div", { class: "text", dir: "auto", lang: /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(doc.language) ? doc.language : null },
        ...doc.pieces.flatMap(pieceNodes)),
      node("div", { id: "why", role: "status", hidden: "" }),
    );
    pane.scrollTop = 0;
    highlight();
  }

  function tools() {
    const views = VIEWS.map(([name, label]) =>
      node("button", { type: "button", "aria-pressed": String(name === view), "data-view": name, click: () => look(name) }, label));
    const steps = view === "changes" && edits(chosen).length
      ? [node("button", { type: "button", click: () => step(-1), "aria-label": "Previous change" }, "↑"),
         node("button", { type: "button", click: () => step(1), "aria-label": "Next change" }, "↓ next change")]
      : [];
    return node("div", { class: "tools" }, node("span", { class: "views", role: "group", "aria-label": "View" }, ...views), ...steps);
  }

  function chips(doc) {
    const numbers = new Map();
    for (const i of edits(doc)) numbers.set(doc.pieces[i].r, (numbers.get(doc.pieces[i].r) || 0) + 1);
    const made = [...numbers].sort((a, b) => a[0] - b[0]).map(([r, n]) =>
      node("button", { type: "button", class: `r${r}`, title: rules[r].line, click: () => step(1, r) }, `${rules[r].name} ${n}`));
    return node("div", { class: "chips", role: "group", "aria-label": "Rules that changed this document" }, ...made);
  }

  function look(name) {
    view = name;
    render();
    remember();
    pane.querySelector(`[data-view="${name}"]`).focus({ preventScroll: true });
  }

  // ---- changes

  function step(by, rule) {
    if (!chosen) return;
    if (view !== "changes") { view = "changes"; render(); remember(); }
    const all = edits(chosen).filter((i) => rule === undefined || chosen.pieces[i].r === rule);
    if (!all.length) return;
    const next = by > 0 ? all.find((i) => i > change) : all.findLast((i) => i < change);
    choose(next === undefined ? all.at(by > 0 ? 0 : -1) : next);
  }

  function choose(i) {
    change = i;
    for (const old of pane.querySelectorAll(".current")) old.classList.remove("current");
    const mark = pane.querySelector(`del[data-piece="${i}"]`);
    mark.classList.add("current");
    const piece = chosen.pieces[i], rule = rules[piece.r], why = byId("why");
    const stretchOf = `Code points ${count(piece.at)}–${count(piece.at + piece.size)} of the source (${count(piece.size)}). `;
    why.hidden = false;
    why.replaceChildren(
      node("p", {}, node("i", { class: `swatch r${piece.r}` }), node("b", {}, rule.name), ` · ${rule.line}`),
      node("p", {}, piece.w ? `Why: ${piece.w}. ` : "", stretchOf, ...twin(piece)),
    );
    mark.focus({ preventScroll: true });
    mark.scrollIntoView({ block: "center" });
  }

  function twin(piece) {
    if (!piece.twin) return [];
    const kept = documents.find((doc) => doc.id === piece.twin);
    return ["The copy that stays: ", kept ? node("a", { href: `#doc=${kept.id}` }, place(kept)) : piece.twin, "."];
  }

  // ---- the list

  function search(doc) {
    doc.search ??= [doc.title, place(doc), doc.source_url, doc.publisher, doc.pieces.map((p) => plain(p.t) + (p.n ? plain(p.n) : "")).join("")]
      .join("\n").normalize("NFC").toLowerCase();
    return doc.search;
  }

  function query() { return filters.text.value.trim().normalize("NFC").toLowerCase(); }

  function passes(doc, words) {
    const rule = filters.rule.value;
    return (!rule || doc.pieces.some((p) => p.r === ruleNumber.get(rule)))
      && (!filters.language.value || (doc.language || "none") === filters.language.value)
      && (!filters.source.value || (doc.folder || "(no folder)") === filters.source.value)
      && (!words || search(doc).includes(words));
  }

  function filter(wanted) {
    const words = query();
    shown = documents.filter((doc) => passes(doc, words));
    list.replaceChildren(...shown.map((doc, i) =>
      node("li", { role: "option", id: `option-${i}`, "aria-selected": "false", click: () => { open(doc); if (narrow.matches) pane.scrollIntoView(); } },
        node("b", { dir: "auto" }, title(doc)), node("small", {}, place(doc)),
        node("small", {}, [doc.language, plural(edits(doc).length, "change"), loss(doc)].filter(Boolean).join(" · ")))));
    const all = shown.length === documents.length;
    byId("count").textContent = all ? plural(documents.length, "document") : `${count(shown.length)} of ${plural(documents.length, "document")}`;
    byId("clear").hidden = all;
    open(shown.includes(wanted) ? wanted : shown[0] || null);
  }

  function open(doc) {
    chosen = doc;
    const at = shown.indexOf(doc);
    for (const option of list.querySelectorAll("[aria-selected=true]")) option.setAttribute("aria-selected", "false");
    if (at >= 0) {
      const option = list.children[at];
      option.setAttribute("aria-selected", "true");
      list.setAttribute("aria-activedescendant", option.id);
      list.scrollTop = Math.min(Math.max(list.scrollTop, option.offsetTop + option.offsetHeight - list.offsetTop - list.clientHeight),
        option.offsetTop - list.offsetTop);
    } else list.removeAttribute("aria-activedescendant");
    render();
    remember();
  }

  function move(by) {
    if (!shown.length) return;
    const at = shown.indexOf(chosen) + by;
    open(shown[Math.min(Math.max(at, 0), shown.length - 1)]);
    list.focus({ preventScroll: true });
  }

  // ---- matches of the search, marked without touching the text

  function highlight() {
    if (!window.CSS || !CSS.highlights) return;
    CSS.highlights.delete("found");
    const words = query(), ranges = [];
    if (!words) return;
    const texts = document.createTreeWalker(pane, NodeFilter.SHOW_TEXT);
    while (texts.nextNode() && ranges.length < 1000) {
      const text = texts.currentNode, lower = text.data.toLowerCase();
      if (lower.length !== text.data.length) continue;
      for (let at = lower.indexOf(words); at >= 0; at = lower.indexOf(words, at + words.length)) {
        const range = new Range();
        range.setStart(text, at);
        range.setEnd(text, at + words.length);
        ranges.push(range);
      }
    }
    if (ranges.length) CSS.highlights.set("found", new Highlight(...ranges));
  }

  // ---- the address: #rule=comments&language=th&source=th/&text=…&view=after&doc=ID (or its place in the list, from 1)

  function remember() {
    const state = new URLSearchParams();
    for (const [name, input] of Object.entries(filters)) if (input.value) state.set(name, input.value);
    if (view !== "changes") state.set("view", view);
    if (chosen) state.set("doc", chosen.id);
    history.replaceState(null, "", `#${state}`);
  }

  function restore() {
    const state = new URLSearchParams(location.hash.slice(1));
    const named = ["doc", "view", ...Object.keys(filters)].some((name) => state.get(name));
    if (!named) return false;
    for (const [name, input] of Object.entries(filters)) {
      input.value = state.get(name) || "";
      if (input.selectedIndex === -1) input.value = "";
    }
    view = VIEWS.some(([name]) => name === state.get("view")) ? state.get("view") : "changes";
    const wanted = state.get("doc") || "";
    const byName = documents.find((doc) => doc.id === wanted);
    const words = query();
    filter(byName || documents.filter((doc) => passes(doc, words))[Number(wanted) - 1]);
    byId("documents").scrollIntoView();
    return true;
  }

  // ---- start

  function options(select, any, values) {
    const numbers = new Map();
    for (const value of values) numbers.set(value, (numbers.get(value) || 0) + 1);
    const sorted = [...numbers].sort((a, b) => (a[0] < b[0] ? -1 : 1));
    select.append(node("option", { value: "" }, any), ...sorted.map(([value, n]) => node("option", { value }, `${value} (${count(n)})`)));
  }

  options(filters.rule, "any rule", documents.flatMap((doc) => [...new Set(edits(doc).map((i) => rules[doc.pieces[i].r].name))]));
  options(filters.language, "any language", documents.map((doc) => doc.language || "none"));
  options(filters.source, "any folder", documents.map((doc) => doc.folder || "(no folder)"));
  for (const input of Object.values(filters)) input.addEventListener("input", () => filter(chosen));
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("clear").addEventListener("click", () => { for (const input of Object.values(filters)) input.value = ""; filter(chosen); list.focus(); });
  window.addEventListener("hashchange", () => { if (restore()) list.focus({ preventScroll: true }); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
    if (event.key === "Escape" && typing) {
      event.preventDefault();
      if (filters.text.value) { filters.text.value = ""; filter(chosen); }
      list.focus();
      return;
    }
    if (typing) return;
    const inList = event.target === list;
    const jumps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -documents.length, End: documents.length };
    const keys = {
      j: () => move(1), k: () => move(-1), n: () => step(1), p: () => step(-1),
      v: () => look(VIEWS[(VIEWS.findIndex(([name]) => name === view) + 1) % VIEWS.length][0]),
      "/": () => filters.text.focus(),
    };
    const act = inList && event.key in jumps ? () => move(jumps[event.key]) : keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  byId("browser").hidden = false;
  if (!restore()) { const address = location.href; filter(null); history.replaceState(null, "", address); }
})();
