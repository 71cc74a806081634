"""What went in and what became of it: by rule, by source folder, by host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

import pyarrow.compute as pc

from corpuskit.release.report.elements import Cells, Node, percent, rest_row, stack, table, tag
from corpuskit.release.report.figures import PUBLISHED, Figures
from corpuskit.release.report.palette import KINDS, Swatch

#: Rows of the tables of folders and hosts.
GROUPS: Final = 15

#: Kind of rule (or ``kept``) → its share of the characters that went in.
Shares = Mapping[str, float]


def account(figures: Figures, rules: Sequence[Swatch], counts: Mapping[str, int]) -> Iterator[Node]:
    """The sum over all characters, and the bar that shows it."""
    source, published = counts.get("source_chars", 0), counts.get("chars", 0)
    by_rule = {rule: taken for rule, taken, _, _ in figures.rules.top(len(rules)).rows}
    taken, put = sum(by_rule.values()), sum(row[2] for row in figures.rules.top(len(rules)).rows)
    told = f"{source:,} characters were read. {taken:,} were taken out, {put:,} were put in their place by repairs, "
    if rest := source - taken + put - published:
        told += f"{rest:,} are white space of documents of which nothing else was left, "
    shares = _shares(source, published - put, by_rule, rules)
    items = [tag("li", swatch(f"k-{kind}"), _name(kind), " ", tag("b", percent(n))) for kind, n in shares.items()]
    yield tag("h2", "Where every character went")
    yield tag("p", told + f"and {published:,} are published.")
    yield _bar(shares)
    yield tag("ul", *items, class_="legend")


def rules_table(figures: Figures, rules: Sequence[Swatch]) -> Node:
    """All rules of the release with what they took, the largest first; each links to its documents in the sample."""
    numbers = {rule.name: i for i, rule in enumerate(rules)}
    done = figures.rules.top(len(rules)).rows
    largest = max([taken for _, taken, _, _ in done], default=0) or 1
    rows: list[Cells] = []
    for name, taken, put, spans in done:
        i = numbers[name]
        link = tag("a", swatch(f"r{i}"), name, href="#" + urlencode({"rule": name}))
        what = tag("div", link, tag("small", rules[i].line), class_="rule")
        rows.append([what, spans, taken, put or None, stack([(taken / largest, f"r{i}")], f"{taken:,} characters")])
    note = "In characters (code points). Choose a rule to see what it did in the documents above."
    heads = ("rule", "spans|number", "taken out|number", "put in place|number", "|bar")
    title = tag("h2", "What was taken out, and by which rule")
    return tag("section", title, tag("p", note), table("Rules", heads, rows), id="rules")


def sources(figures: Figures, rules: Sequence[Swatch]) -> Node:
    """The tables of source folders and of hosts."""
    parts = [tag("h2", "Where the texts came from"), _folders(figures, rules)]
    top = figures.hosts.top(GROUPS)
    if any(host for host, *_ in top.rows):
        heads = ("host|path", "documents|number", "characters read|number", "kept|number", "|bar")
        rows: list[Cells] = []
        for host, documents, source, kept in top.rows:
            share = percent(kept, source)
            bar = stack([(kept / max(source, 1), "k-kept")], share)
            rows.append([host or "(no address)", documents, source, share, bar])
        parts.append(
            table("Hosts of the addresses that pages give", heads, rows + rest_row("hosts", top, 2, len(heads)))
        )
    return tag("section", *parts, id="sources")


def swatch(name: str) -> Node:
    """A spot of the colour of a rule (``r7``) or of a kind (``k-repair``)."""
    return tag("i", class_=f"swatch {name}", aria_hidden="true")


def _folders(figures: Figures, rules: Sequence[Swatch]) -> Node:
    flow = figures.flow.groups()
    whole = flow.append_column("source", pc.subtract(flow.column("taken"), flow.column("put")))
    sums = whole.group_by("folder", use_threads=False).aggregate(
        [(name, "sum") for name in ("source", "put", "documents")]
    )
    sums = sums.sort_by([("source_sum", "descending"), ("folder", "ascending")])
    rows: list[Cells] = []
    for row in sums.slice(0, GROUPS).to_pylist():
        mine = flow.filter(pc.equal(flow.column("folder"), row["folder"]))
        took = dict(zip(mine.column("rule").to_pylist(), mine.column("taken").to_pylist(), strict=True))
        published = took.pop(PUBLISHED, 0)
        bar = _bar(_shares(row["source_sum"], published - row["put_sum"], took, rules))
        rows.append([row["folder"] or "(no folder)", row["documents_sum"], row["source_sum"], published, bar])
    others = sums.slice(GROUPS)
    if len(others):
        documents, source = (pc.sum(others.column(f"{name}_sum")).as_py() for name in ("documents", "source"))
        rows.append([f"{len(others):,} more folders", documents, source, None, None])
    heads = ("folder|path", "documents|number", "characters read|number", "published|number", "what became of them|bar")
    return table("Source folders", heads, rows)


def _shares(source: int, kept: int, taken: Mapping[str, int], rules: Sequence[Swatch]) -> dict[str, float]:
    kinds = {rule.name: rule.kind for rule in rules}
    made = dict.fromkeys(("kept", *KINDS), 0)
    made["kept"] = kept
    for rule, count in taken.items():
        made[kinds[rule]] += count
    return {kind: count / source for kind, count in made.items() if count and source}


def _bar(shares: Shares) -> Node:
    label = ", ".join(f"{_name(kind)} {percent(share)}" for kind, share in shares.items())
    return stack([(share, f"k-{kind}") for kind, share in shares.items()], label)


def _name(kind: str) -> str:
    return "kept as it stands" if kind == "kept" else KINDS[kind][0]
