"""What the block model sees of each block: small whole numbers that mean the same in every language.

Length, links, punctuation, the tags and class names around a block, how its kin and its
neighbours look, where it stands relative to the densest part of the page, and, for pages in
doubt, what trafilatura kept. Every step is integer arithmetic on the page alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from corpuskit.sources.blocks import BITS, Blocks

#: Mass from which an unlinked block with a sentence mark counts as running text.
PROSE: Final = 60
#: Percent of linked text up to which a block can be running text.
LINKED: Final = 35
#: Mass that one block may bring into a sum: one endless block says no more than a long paragraph.
MASS_CAP: Final = 2000
#: Value that stands for "not known" and "there is none".
NONE: Final = -1
#: Steps up from the densest container beyond which all blocks are equally far.
FAR: Final = 9

Ints = NDArray[np.int64]

_WIDE: Final = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MARK: Final = re.compile(r"[.!?…。！？।؟;,，、:؛](?![^\s\"'”’»)\]」』\u3000-\uffef])")
_END: Final = re.compile(r"[.!?…。！？।؟။។:;][\"'”’»)\]」』]*$")
_BAR: Final = re.compile(r"[|›»>/·•]")
_DIGIT: Final = re.compile(r"\d")
_TAGS: Final = (
    ("p",), ("div",), ("li",), ("td", "th"), ("tr",), ("h1",), ("h2",), ("h3",), ("h4", "h5", "h6"), ("section", "article", "main"),
    ("blockquote",), ("pre",), ("figcaption", "caption"), ("dd", "dt"), ("button", "label"), ("body", "center"),
)  # fmt: skip
#: Shares of steps 1 to 4 up that prose adds to a container's claim to be the densest.
_CLAIMS: Final = (20, 12, 6, 3)


def features(blocks: Blocks, title: str, kept: Sequence[bool] | None = None) -> dict[str, Ints]:
    """Every feature by name, one number for each block; ``kept`` says what trafilatura kept, if it was asked."""
    own = _own(blocks, title)
    boxes = _Boxes(blocks, own)
    out = dict(own)
    _signs(out, blocks, boxes)
    _around(out, boxes)
    _densest(out, boxes)
    _kept(out, boxes, kept)
    _neighbours(out)
    _windows(out, own)
    return out


def _own(blocks: Blocks, title: str) -> dict[str, Ints]:
    """The form of each block."""
    texts = blocks.text
    wide = _WIDE.search("".join(texts)) is not None
    mass = [len(text) + 2 * len(_WIDE.findall(text)) for text in texts] if wide else list(map(len, texts))
    digits = [100 * len(_DIGIT.findall(text[:200])) // min(200, len(text)) for text in texts]
    seen = Counter(texts)
    own = {
        "mass": np.minimum(np.array(mass, np.int64), MASS_CAP),
        "linked": np.array(blocks.linked, np.int64),
        "marks": np.minimum(np.array([len(_MARK.findall(text)) for text in texts], np.int64), 30),
        "end": np.array([_END.search(text, max(0, len(text) - 4)) is not None for text in texts], np.int64),
        "bars": np.array([len(_BAR.findall(text[:200])) for text in texts], np.int64),
        "digits": np.array(digits, np.int64),
        "copies": np.minimum(np.array([seen[text] for text in texts], np.int64), 9),
        "titled": _titled(texts, title),
    }
    prose = (own["mass"] >= PROSE) & (own["linked"] < LINKED) & (own["marks"] > 0)
    own["prose"] = np.where(prose, own["mass"] * (100 - own["linked"]) // 100, 0)
    own["marked"] = own["marks"] * 100 // (own["mass"] + 30)
    return own


def _titled(texts: list[str], title: str) -> Ints:
    """How much of the page's title a block says, in percent; 0 for blocks that are no part of it."""
    whole = _letters(title)
    out = np.zeros(len(texts), np.int64)
    for place, text in enumerate(texts):
        if 4 < len(text) <= 200 and whole:
            part = _letters(text)
            if len(part) > 3 and part in whole:
                out[place] = 100 * len(part) // len(whole)
    return out


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


class _Boxes:
    """The containers around each block, and sums over them."""

    def __init__(self, blocks: Blocks, own: dict[str, Ints]) -> None:
        self.own = own
        self.box = np.array(blocks.box, np.int64)
        self.start, self.end = np.array(blocks.start, np.int64), np.array(blocks.end, np.int64)
        self.kin = np.array(blocks.kin, np.int64)[self.box]
        self.mass = self.total(own["mass"])
        self.up = self._wider(blocks)
        steps = [self.up[self.box]]
        for _ in range(3):
            steps.append(self.up[steps[-1]])
        self.steps = steps

    def total(self, values: Ints) -> Ints:
        """Sum of a column over each container."""
        sums = np.concatenate(([0], np.cumsum(values)))
        result: Ints = sums[self.end] - sums[self.start]
        return result

    def _wider(self, blocks: Blocks) -> Ints:
        """For each container the next one around it that holds more blocks."""
        up: list[int] = []
        start, end = blocks.start, blocks.end
        for box, parent in enumerate(blocks.parent):
            same = end[box] - start[box] == end[parent] - start[parent]
            up.append(up[parent] if same and box else parent)
        return np.array(up, np.int64)


def _signs(out: dict[str, Ints], blocks: Blocks, boxes: _Boxes) -> None:
    """Tags, and what the class names say: of the block's own container, of those around, of the small ones around."""
    half = int(boxes.mass[0]) // 2
    mass = boxes.mass.tolist()
    around: list[int] = []
    near: list[int] = []
    for box, (mask, parent) in enumerate(zip(blocks.mask, blocks.parent, strict=True)):
        around.append(mask | around[parent] if box else mask)
        small = mask if mass[box] <= half else 0
        near.append(small | near[parent] if box else small)
    for name, masks in (("own", blocks.mask), ("near", near), ("in", around)):
        bits = np.array(masks, np.int64)[boxes.box]
        for sign, bit in BITS.items():
            out[f"{name}.{sign}"] = (bits & bit != 0).astype(np.int64)
    tags = [blocks.tag[box] for box in blocks.box]
    for group in _TAGS:
        out[f"tag.{group[0]}"] = np.array([tag in group for tag in tags], np.int64)


def _around(out: dict[str, Ints], boxes: _Boxes) -> None:
    """Sums over kin, and over the containers one to four steps up."""
    own = boxes.own
    prose_all, mass_all = int(own["prose"].sum()) + 1, int(own["mass"].sum()) + 1
    linked = own["mass"] * own["linked"]
    kin = {name: _by(boxes.kin, values) for name, values in (("mass", own["mass"]), ("linked", linked), ("prose", own["prose"]))}
    count = np.bincount(boxes.kin)[boxes.kin]
    out["kin.count"] = np.minimum(count, 99)
    out["kin.mass"] = kin["mass"] // count
    out["kin.linked"] = kin["linked"] // (kin["mass"] + 1)
    out["kin.prose"] = 1000 * kin["prose"] // prose_all
    out["kin.share"] = 1000 * kin["mass"] // mass_all
    sums = {"prose": boxes.total(own["prose"]), "linked": boxes.total(linked)}
    for step, box in enumerate(boxes.steps, 1):
        mass = boxes.mass[box]
        out[f"up{step}.count"] = np.minimum(boxes.end[box] - boxes.start[box], 999)
        out[f"up{step}.mass"] = mass // (boxes.end[box] - boxes.start[box])
        out[f"up{step}.linked"] = sums["linked"][box] // (mass + 1)
        out[f"up{step}.prose"] = 1000 * sums["prose"][box] // prose_all
        out[f"up{step}.dense"] = 1000 * sums["prose"][box] // (mass + 1)
    before = np.cumsum(own["prose"])
    out["place"] = 1000 * np.cumsum(own["mass"]) // mass_all
    out["prose_before"] = 1000 * (before - own["prose"]) // prose_all
    out["prose_after"] = 1000 * (before[-1] - before) // prose_all


def _by(kin: Ints, values: Ints) -> Ints:
    """Sum of a column over the kin of each block."""
    sums: Ints = np.bincount(kin, values).astype(np.int64)[kin]
    return sums


def _densest(out: dict[str, Ints], boxes: _Boxes) -> None:
    """Where a block stands relative to the container with most prose close above it."""
    own, count = boxes.own, len(boxes.box)
    claims = np.zeros(len(boxes.up), np.int64)
    for box, share in zip(boxes.steps, _CLAIMS, strict=True):
        claims += share * np.bincount(box, own["prose"], len(claims)).astype(np.int64)
    top = int(claims.argmax())
    chain = [top]
    while len(chain) < FAR and boxes.up[chain[-1]] != chain[-1]:
        chain.append(int(boxes.up[chain[-1]]))
    steps = np.full(count, FAR, np.int64)
    for step in range(len(chain) - 1, -1, -1):
        steps[boxes.start[chain[step]] : boxes.end[chain[step]]] = step
    prose, mass = boxes.total(own["prose"]), boxes.mass
    shares = [1000 * int(prose[box]) // (int(prose[0]) + 1) for box in chain]
    density = [1000 * int(prose[box]) // (int(mass[box]) + 1) for box in chain]
    rest = [shares[-1]] * (FAR + 1 - len(chain)), [density[-1]] * (FAR + 1 - len(chain))
    place = np.arange(count)
    out["top.steps"] = steps
    out["top.prose"] = np.array(shares + rest[0])[steps]
    out["top.dense"] = np.array(density + rest[1])[steps]
    out["top.before"] = np.minimum(np.maximum(0, boxes.start[top] - place), 99)
    out["top.after"] = np.minimum(np.maximum(0, place - boxes.end[top] + 1), 99)
    heads = np.flatnonzero((out["tag.h1"] > 0) | (own["titled"] > 50))
    head = int(heads[0]) if len(heads) else -1
    out["head.before"] = np.clip(head - place, 0, 99) if head >= 0 else np.full(count, NONE)
    out["head.after"] = np.clip(place - head, 0, 99) if head >= 0 else np.full(count, NONE)


def _kept(out: dict[str, Ints], boxes: _Boxes, kept: Sequence[bool] | None) -> None:
    """What trafilatura kept: of the block, of its kin, of the containers around it."""
    names = ("kept", "kept.kin", "kept.up1", "kept.up2", "kept.up3", "kept.before", "kept.after")
    if kept is None:
        out.update({name: np.full(len(boxes.box), NONE) for name in names})
        return
    own = boxes.own
    out["kept"] = np.array(kept, np.int64)
    mass = out["kept"] * own["mass"]
    out["kept.kin"] = 1000 * _by(boxes.kin, mass) // (_by(boxes.kin, own["mass"]) + 1)
    sums = boxes.total(mass)
    for step, box in enumerate(boxes.steps[:3], 1):
        out[f"kept.up{step}"] = 1000 * sums[box] // (boxes.mass[box] + 1)
    prose = np.flatnonzero((out["kept"] > 0) & (own["mass"] >= PROSE))
    first, last = (int(prose[0]), int(prose[-1])) if len(prose) else (0, len(boxes.box))
    place = np.arange(len(boxes.box))
    out["kept.before"] = np.clip(first - place, 0, 99)
    out["kept.after"] = np.clip(place - last, 0, 99)


def _neighbours(out: dict[str, Ints]) -> None:
    """The form of the two blocks before and after."""
    for name in ("mass", "linked", "marks", "end", "in.heading", "top.steps", "kept"):
        values = out[name]
        padded = np.concatenate(([NONE, NONE], values, [NONE, NONE]))
        for shift in (-2, -1, 1, 2):
            out[f"{name}{shift:+d}"] = padded[2 + shift : 2 + shift + len(values)]


def _windows(out: dict[str, Ints], own: dict[str, Ints]) -> None:
    """Sums over the blocks within three and ten places."""
    count = len(own["mass"])
    place = np.arange(count)
    linked = own["mass"] * own["linked"]
    for width in (3, 10):
        first, past = np.maximum(0, place - width), np.minimum(count, place + width + 1)
        mass = _span(own["mass"], first, past)
        out[f"within{width}.mass"] = mass // (past - first)
        out[f"within{width}.linked"] = _span(linked, first, past) // (mass + 1)
        out[f"within{width}.prose"] = 100 * _span(own["prose"], first, past) // (mass + 1)
    first = np.maximum(0, place - 5)
    out["back5.prose"] = _span(own["prose"], first, place) // 5
    out["ahead5.prose"] = _span(own["prose"], place + 1, np.minimum(count, place + 6)) // 5


def _span(values: Ints, first: Ints, past: Ints) -> Ints:
    sums = np.concatenate(([0], np.cumsum(values)))
    return np.asarray(sums[np.maximum(first, past)] - sums[first], np.int64)
