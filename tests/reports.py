"""Releases made by hand, with what the report reads: an ordinary one, and one in which everything is hostile."""

import hashlib
from collections import Counter

import pyarrow as pa
import pyarrow.parquet as pq

from corpuskit.model import Document, Edit, Twin
from corpuskit.recipe import Recipe
from corpuskit.release.parquet import DATA, REMOVED
from corpuskit.release.report import report

RECIPE = Recipe(name="trial", version="1.0.0", pretty_name="Ferries <b>& boats</b>")
PAYLOADS = (
    "<script>window.__pwned=1</script>",
    "</script><script>window.__pwned=1</script>",
    "<!--<script>window.__pwned=1",
    '"><img src=x onerror="window.__pwned=1">',
    "<svg/onload=window.__pwned=1>",
    "javascript:window.__pwned=1",
    "]]><![CDATA[ {{constructor.constructor('window.__pwned=1')()}} ${window.__pwned=1}",
    "safe \u202egpj.exe \u2066 \x1b]0;title\x07 \x00 \ufeff \u2028 end",
    "&lt;img src=x onerror=window.__pwned=1&gt; &#60;script&#62;",
    "ก" * 5000,
    "",
)


def document_id(path):
    return hashlib.sha256(f"{path}\n".encode()).hexdigest()[:20]


def draft_of(folder, documents, rows=1000, quarantined=()):
    """Write a draft of ``documents`` (path → a Document, or a pair of it and its fields); returns its manifest."""
    data, removed = [], []
    for path, value in documents.items():
        document, fields = value if isinstance(value, tuple) else (value, {})
        key, text = document_id(path), document.clean
        base = {"id": key, "source_path": path, "source_where": fields.get("source_where"), "basis": "source"}
        removed += [base | row_of(edit, document.text) for edit in document.edits]
        if text.strip():
            counts = {"n_chars": len(text), "n_source_chars": len(document.text), "n_paragraphs": 1}
            data.append(base | {"text": text, "language": "th", "flags": []} | counts | fields)
    removed += [{"source_path": q["path"], "rule": "unreadable", "why": q["reason"]} for q in quarantined]
    configs = {}
    for config, name, table, schema in (("default", "data", data, DATA), ("removed", "removed", removed, REMOVED)):
        if table:
            (folder / name).mkdir(parents=True)
            path = f"{name}/train-00000-of-00001.parquet"
            pq.write_table(pa.Table.from_pylist(table, schema), folder / path, row_group_size=rows)
            configs[config] = {"files": [{"path": path}]}
    rules = Counter(row["rule"] for row in removed)
    return {
        "corpuskit": "0", "versions": {"unicode": "14.0.0"}, "configs": configs,
        "sources": {"files": len(documents), "bytes": 1}, "quarantined": list(quarantined),
        "rules": {rule: {"spans": n, "characters": 0} for rule, n in sorted(rules.items())},
        "counts": {
            "documents": len(documents), "published": len(data), "paragraphs": len(data),
            "chars": sum(row["n_chars"] for row in data),
            "source_chars": sum(len((d[0] if isinstance(d, tuple) else d).text) for d in documents.values()),
        },
    }  # fmt: skip


def page_of(folder, documents, **options):
    manifest = draft_of(folder, documents, **options)
    return report(folder, RECIPE, manifest)


def row_of(edit, text):
    """The columns of the ledger that an edit decides."""
    decided = {"start": edit.start, "end": edit.end, "replacement": edit.new, "rule": edit.rule, "why": edit.why}
    twin = {"twin_id": edit.twin.id, "twin_start": edit.twin.start} if edit.twin else {}
    return decided | twin | {"text": text[edit.start : edit.end]}


def ferry(number=0):
    """A page with a line of machinery, a repair, and white space at its end."""
    text = f"เรือข้ามฟากเที่ยวที่ {number} ออกตอนเช้า\nท\u0e4d\u0e32งานทุกวัน\nแชร์หน้านี้\n"
    at, share = text.index("\u0e4d\u0e32"), text.index("แชร์")
    edits = (
        Edit(at, at + 2, "thai-marks", "\u0e33", "SARA AM typed in two halves"),
        Edit(share, len(text), "share", "", "phrase of th"),
    )
    return Document(text, edits)


FERRIES = {
    "th/one.txt": (ferry(1), {"title": "เรือเช้า", "source_url": "https://www.boats.example.org/1", "language": "th"}),
    "th/two.txt": ferry(2),
    "en/three.txt": (
        Document("The ferry left at dawn.\nShare\n", (Edit(24, 30, "share", "", "phrase of en"),)),
        {"language": "en"},
    ),
    "en/copy.txt": Document(
        "The ferry left at dawn.",
        (Edit(0, 23, "duplicate-document", "", "same as en/three.txt", Twin(document_id("en/three.txt"), 0)),),
    ),
}


def hostile(folder):
    """A release in which every string that a stranger can write is a payload."""
    documents = {}
    for i, payload in enumerate(PAYLOADS):
        text = f"{payload}\nเรือออก {payload}\nแชร์ {payload} จบ"
        at = text.rindex("แชร์")
        twin = Twin(payload or "x", 3)
        rule = payload or "share"
        edits = (Edit(at, at + 4, rule, "", payload), Edit(at + 4, len(text), rule, payload, payload, twin))
        fields = dict.fromkeys(("title", "source_url", "publisher", "author", "language", "license"), payload)
        fields |= {"flags": [payload], "source_where": payload}
        documents[f"{payload}/{i}.txt"] = (Document(text, edits), fields)
    documents["js.txt"] = (Document("ลิงก์"), {"source_url": "java\nscript:window.__pwned=1", "language": "x onload=y"})
    return page_of(folder, documents, quarantined=[{"path": p, "line": p, "reason": p} for p in PAYLOADS])
