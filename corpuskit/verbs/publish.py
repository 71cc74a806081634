"""``publish``: a release → one commit and one immutable tag on the Hugging Face Hub, then every sum compared.

The order makes it safe to cut and to repeat: the commit is atomic, and the tag, by which
people load, comes last. A run that was cut in between finds its commit and only tags it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from corpuskit.display import counted, show
from corpuskit.errors import PublishError, UsageError
from corpuskit.filenames import SIGNATURE, SUMS
from corpuskit.recipe import REPO_ID
from corpuskit.release.hub import GITIGNORE, Refused, Remote, Repository
from corpuskit.release.sums import Identity, identify, read_sums

#: The Hub's own file (which files are large): it belongs to the repository, not to a release.
KEPT: Final = ".gitattributes"
BLOCK: Final = 1024 * 1024
#: How many file names an error shows.
SHOWN: Final = 3

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Published:
    """What :func:`publish` did, or with ``dry_run`` would do; paths are sorted.

    ``commit`` is what ``tag`` points to; in a dry run the head as it stands (empty without one).
    """

    repo_id: str
    commit: str
    tag: str
    uploaded: tuple[str, ...]
    deleted: tuple[str, ...]
    unchanged: tuple[str, ...]

    @property
    def address(self) -> str:
        """Where pandas, polars and fsspec find this version (datasets takes ``repo_id`` and ``tag``)."""
        return f"hf://datasets/{self.repo_id}@{self.tag}"


@dataclass(frozen=True, slots=True)
class Local:
    """A file of the release by the two names that the Hub may know it by: hex sha256 and git blob id."""

    path: Path
    sha256: str
    blob_id: str

    def equals(self, remote: Remote | None) -> bool:
        """Whether the Hub holds the same bytes."""
        if remote is None:
            return False
        return remote.sha256 == self.sha256 if remote.sha256 else remote.blob_id == self.blob_id


@dataclass(frozen=True, slots=True)
class Changes:
    """What has to change for the tree of a repository to equal a release: paths, sorted."""

    add: tuple[str, ...]
    delete: tuple[str, ...]
    same: tuple[str, ...]


Files = Mapping[str, Local]


def silent(message: str) -> None:
    """Progress that nobody reads."""


def publish(
    release: str | Path,
    repo_id: str = "",
    *,
    token: str | None = None,
    private: bool = False,
    dry_run: bool = False,
    say: Say = silent,
) -> Published:
    """Publish ``release`` as the tag ``vVERSION`` of the dataset repository ``repo_id`` (``USER/NAME``).

    Without ``repo_id``, it is the one that the recipe of the release names.

    The repository is created if missing (``private``: for its owner's eyes only). Its main
    branch then holds the files of the release and no others. Repeating is harmless: a version
    that is there with equal content is left alone; one with other content is never changed.
    Without ``token``, the one of the environment or of ``hf auth login`` is used.
    Raises :class:`PublishError`, whose message never holds a token.
    """
    release = Path(release)
    which = identify(release)
    repo_id = repo_id or which.repo_id
    if not REPO_ID.fullmatch(repo_id):
        raise UsageError(f"repository {show(repo_id)!r}: name it USER/NAME, for example somchai/thai-news")
    if which.repo_id not in ("", repo_id):
        say(f"note: the card of this release loads it from {which.repo_id}")
    hub = Repository(repo_id, token)
    say(f"checking {release}")
    _refuse_invalid(release)
    files = _hashed(release)
    state = hub.state()
    if state and private and not state.private:
        raise PublishError(f"{repo_id} exists and everybody can read it: make it private first, or leave out --private")
    if not state:
        if dry_run:
            return Published(repo_id, "", _tag(which), tuple(files), (), ())
        say(f"creating {repo_id}{' (private)' if private else ''}")
        hub.create(private)
    return _publish(hub, which, files, dry_run=dry_run, say=say, retries=1)


def _publish(hub: Repository, which: Identity, files: Files, *, dry_run: bool, say: Say, retries: int) -> Published:
    tag = _tag(which)
    if commit := hub.tagged(tag):
        return _already(hub, which, files, commit)
    state = hub.state()
    head = state.head if state else None
    there = hub.files(head) if head else {}
    changes = compare(files, there)
    done = Published(hub.repo_id, head or "", tag, changes.add, changes.delete, changes.same)
    counts = f"{len(done.deleted)} to delete, {len(done.unchanged)} unchanged"
    say(f"{counted(len(done.uploaded), 'file')} to upload, {counts}")
    if dry_run:
        return done
    if changes.add or changes.delete:
        try:
            done = replace(done, commit=_commit(hub, which, files, changes, head, ignores=GITIGNORE in there))
        except Refused as refused:
            if refused.status != 412 or not retries:
                raise
            say(f"somebody else has just changed {hub.repo_id}: comparing again")
            return _publish(hub, which, files, dry_run=dry_run, say=say, retries=retries - 1)
    say("comparing every sum")
    _refuse_unequal(hub, files, done.commit)
    say(f"tagging {tag}")
    if not hub.set_tag(tag, done.commit, _about(which)):
        return _already(hub, which, files, hub.tagged(tag) or tag)
    return done


def compare(files: Files, there: Mapping[str, Remote]) -> Changes:
    """Compare a release with a tree of the repository, by sums."""
    same = {name for name in files if files[name].equals(there.get(name))}
    left_over = sorted(there.keys() - files.keys() - {KEPT}, key=str.encode)
    return Changes(
        add=tuple(name for name in files if name not in same),
        delete=tuple(left_over),
        same=tuple(name for name in files if name in same),
    )


def _commit(
    hub: Repository, which: Identity, files: Files, changes: Changes, head: str | None, *, ignores: bool
) -> str:
    add = {name: files[name].path for name in changes.add}
    return hub.commit(head, add, changes.delete, ignores, f"Release {which.version}", _about(which))


def _already(hub: Repository, which: Identity, files: Files, commit: str) -> Published:
    """The version is there: fine if it is this one. A signature may be made later, and is no content."""
    changes = compare(files, hub.files(commit))
    other = {*changes.add, *changes.delete} - {SIGNATURE}
    if other:
        raise PublishError(
            f"{hub.repo_id} has {_tag(which)} with other content ({_some(other)}), and a published version never "
            "changes: build the next --version and publish that"
        )
    return Published(hub.repo_id, commit, _tag(which), (), (), changes.same)


def _refuse_unequal(hub: Repository, files: Files, commit: str) -> None:
    changes = compare(files, hub.files(commit))
    if changes.add or changes.delete:
        raise PublishError(
            f"{hub.repo_id}: the Hub holds other content than was sent ({_some({*changes.add, *changes.delete})}) in "
            f"its commit {commit}; nothing was tagged: run the same command again"
        )


def _refuse_invalid(release: Path) -> None:
    from corpuskit.verbs.validate import validate

    failures = validate(release).failures
    if failures:
        raise PublishError(
            f"{release} is not valid, nothing was sent: {show(str(failures[0]))}; see all with "
            f"'corpuskit validate {release}', then build it again"
        )


def _hashed(release: Path) -> dict[str, Local]:
    """Every file to publish with both its sums, by path in order of bytes; each is what ``SHA256SUMS`` says."""
    sums = read_sums(release)
    own = [name for name in (SUMS, SIGNATURE) if (release / name).is_file()]
    files = {name: _local(release / name) for name in sorted([*sums, *own], key=str.encode)}
    for name, sha256 in sums.items():
        if files[name].sha256 != sha256:
            raise PublishError(f"{release / name} differs from its sum, nothing was sent: build the release again")
    return files


def _local(path: Path) -> Local:
    # git calls it a blob of this size; sha1 is its name there, and no protection
    blob = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    sha256 = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            blob.update(block)
            sha256.update(block)
    return Local(path, sha256.hexdigest(), blob.hexdigest())


def _tag(which: Identity) -> str:
    return f"v{which.version}"


def _about(which: Identity) -> str:
    return f"{which.title}, release id (sha256 of {SUMS}): {which.release_id}"


def _some(names: set[str]) -> str:
    first = sorted(names, key=str.encode)
    more = f" and {len(first) - SHOWN} more" if len(first) > SHOWN else ""
    return ", ".join(show(name) for name in first[:SHOWN]) + more
