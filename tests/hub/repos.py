"""What the loopback Hub keeps: repositories with commits, branches, tags and large files; all in memory."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

#: As on the Hub: these are stored as large files, by sha256; everything else is a git blob.
LARGE = (".parquet",)
LARGE_BYTES = 10_000_000
ATTRIBUTES = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"


@dataclass(frozen=True)
class Entry:
    """A file: its bytes, and whether it is stored as a large one; of one in Xet storage only sum and size are here."""

    data: bytes
    large: bool
    declared: tuple[str, int] | None = None

    @property
    def sha256(self) -> str:
        return self.declared[0] if self.declared else hashlib.sha256(self.data).hexdigest()

    @property
    def size(self) -> int:
        return self.declared[1] if self.declared else len(self.data)

    @property
    def pointer(self) -> bytes:
        """What git holds in a large file's place."""
        text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n"
        return text.encode()

    @property
    def blob_id(self) -> str:
        data = self.pointer if self.large else self.data
        return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()

    def described(self, path: str) -> dict:
        told = {"type": "file", "path": path, "size": self.size, "oid": self.blob_id}
        if self.large:
            told["lfs"] = {"oid": self.sha256, "size": self.size, "pointerSize": len(self.pointer)}
        return told


@dataclass
class Repo:
    """A dataset repository; a tree is a dict from path to entry."""

    name: str
    private: bool
    trees: dict[str, dict[str, Entry]] = field(default_factory=dict)
    titles: list[tuple[str, str]] = field(default_factory=list)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    objects: dict[str, bytes] = field(default_factory=dict)
    xet: bool = False

    def resolve(self, revision: str) -> str | None:
        """The commit of a branch, a tag or a commit id."""
        found = self.branches.get(revision) or self.tags.get(revision)
        return found or (revision if revision in self.trees else None)

    def add(self, tree: dict[str, Entry], title: str) -> str:
        """Commit a tree to main."""
        names = [(path, tree[path].blob_id) for path in sorted(tree)]
        made_of = json.dumps([self.name, self.branches.get("main"), len(self.titles), names, title])
        commit = hashlib.sha1(made_of.encode()).hexdigest()
        self.trees[commit] = tree
        self.titles.append((commit, title))
        self.branches["main"] = commit
        return commit


def new_repo(name: str, private: bool) -> Repo:
    """A repository as the Hub makes it: one commit that says which files are large."""
    repo = Repo(name, private)
    repo.add({".gitattributes": Entry(ATTRIBUTES, False)}, "initial commit")
    return repo


def is_large(path: str, size: int) -> bool:
    return path.endswith(LARGE) or size > LARGE_BYTES
