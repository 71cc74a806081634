"""A dataset repository on the Hugging Face Hub, as ``publish`` needs it: head, trees, one commit, tags.

Every failure becomes a :class:`Refused` that says what to do, and never holds a token.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from corpuskit.display import show
from corpuskit.errors import PublishError, UsageError

if TYPE_CHECKING:
    from huggingface_hub import HfApi

KIND: Final = "dataset"
BRANCH: Final = "main"
#: A rule file that may have stayed in the repository: the Hub skips, in silence, the files of a commit that match it.
GITIGNORE: Final = ".gitignore"
TOKEN: Final = re.compile(r"hf_\w+|(?<=//)[^/@\s]+(?=@)")
#: What to do, by HTTP status; 0: no answer.
ADVICE: Final = {
    0: "check the network and HF_ENDPOINT, then run the same command again: it goes on where it stopped",
    401: "log in with 'hf auth login', or set HF_TOKEN to a token that may write to this repository",
    403: "use a token that may write to this repository (https://huggingface.co/settings/tokens)",
    404: "check the name, and that your token may see it",
    413: "the Hub finds this commit too large: build with a larger output.shard_bytes, so that there are fewer files",
    429: "the Hub asks to slow down: wait some minutes and run the same command again",
}
LATER: Final = "run the same command again: it goes on where it stopped"

Result = TypeVar("Result")


class Refused(PublishError):
    """The Hub said no, or nothing. ``status`` is its HTTP status, 0 without an answer."""

    def __init__(self, message: str, status: int, missing: bool) -> None:
        """Keep what a caller may want to handle."""
        super().__init__(message)
        self.status, self.missing = status, missing


@dataclass(frozen=True, slots=True)
class Remote:
    """A file in the repository: its git blob id, and its hex sha256 if it is stored as a large file."""

    blob_id: str
    sha256: str | None


@dataclass(frozen=True, slots=True)
class State:
    """The repository now: its newest commit (None: no commit yet) and whether only its owner may read it."""

    head: str | None
    private: bool


class Repository:
    """One dataset repository and the right to ask for it."""

    def __init__(self, repo_id: str, token: str | None) -> None:
        """Connect to nothing yet. Without ``token``, the one of the environment or of ``hf auth login`` is used."""
        from huggingface_hub import HfApi, get_token

        self.repo_id = repo_id
        self._secret = token
        self._secret = _checked(token or self._guarded(get_token))
        self._api: HfApi = HfApi(token=self._secret, library_name="corpuskit")

    def state(self) -> State | None:
        """What the repository is now; None when it does not exist, or not for this token."""
        try:
            info = self._ask(self._api.repo_info)
        except Refused as refused:
            if refused.missing:
                return None
            raise
        return State(info.sha or None, bool(info.private))

    def create(self, private: bool) -> None:
        """Create the repository; one that exists is left as it is."""
        self._ask(self._api.create_repo, private=private, exist_ok=True)

    def files(self, revision: str) -> dict[str, Remote]:
        """Path → sums of every file at a commit or tag."""
        from huggingface_hub.hf_api import RepoFile

        tree = self._ask(lambda **o: list(self._api.list_repo_tree(**o)), recursive=True, revision=revision)
        return {f.path: Remote(f.blob_id, f.lfs.sha256 if f.lfs else None) for f in tree if isinstance(f, RepoFile)}

    def tagged(self, tag: str) -> str | None:
        """The commit that ``tag`` points to, None when there is no such tag."""
        refs = self._ask(self._api.list_repo_refs)
        if not any(ref.name == tag for ref in refs.tags):
            return None
        # asked for again: what the list names may be the object of an annotated tag, not its commit
        return str(self._ask(self._api.repo_info, revision=tag).sha)

    def commit(
        self, parent: str | None, add: Mapping[str, Path], delete: Iterable[str], ignores: bool, title: str, text: str
    ) -> str:
        """One commit on the main branch; returns its id. ``Refused`` with status 412 when ``parent`` is not its head.

        ``ignores``: the repository holds a ``.gitignore``, which must not decide what is sent.
        """
        from huggingface_hub import CommitOperationAdd, CommitOperationDelete

        added = [CommitOperationAdd(path_in_repo=name, path_or_fileobj=path) for name, path in add.items()]
        if ignores:
            self._ask(self._api.preupload_lfs_files, additions=added, free_memory=False, gitignore_content="# none\n")
        made = self._ask(
            self._api.create_commit,
            operations=[*added, *(CommitOperationDelete(path_in_repo=name, is_folder=False) for name in delete)],
            commit_message=title,
            commit_description=text,
            parent_commit=parent,
            revision=BRANCH,
        )
        return str(made.oid)

    def set_tag(self, tag: str, commit: str, message: str) -> bool:
        """Tag a commit; False when the tag exists already."""
        try:
            self._ask(self._api.create_tag, tag=tag, revision=commit, tag_message=message)
        except Refused as refused:
            if refused.status == 409:
                return False
            raise
        return True

    def _ask(self, call: Callable[..., Result], **options: Any) -> Result:
        return self._guarded(call, repo_id=self.repo_id, repo_type=KIND, **options)

    def _guarded(self, call: Callable[..., Result], **options: Any) -> Result:
        from huggingface_hub.errors import HfHubHTTPError

        # the error of the HTTP library below, whichever this version of the client uses
        http_error: type[Exception] = HfHubHTTPError.__mro__[1]
        try:
            return call(**options)
        except (http_error, OSError, RuntimeError, ValueError, KeyError) as error:
            # the original may show a token, in its text or in the request that it holds: it goes no further
            raise self._told(error) from None

    def _told(self, error: BaseException) -> Refused:
        from huggingface_hub.errors import RepositoryNotFoundError

        chain = list(_chain(error))
        answers = [answer for e in chain if (answer := getattr(e, "response", None)) is not None]
        status = int(answers[0].status_code) if answers else 0
        advice = ADVICE.get(status, LATER)
        reason = _hidden("; ".join(dict.fromkeys(_reason(e) for e in chain)), self._secret)
        missing = isinstance(error, RepositoryNotFoundError)
        return Refused(f"{self.repo_id}: {reason}. What to do: {advice}", status, missing)


def _checked(token: str | None) -> str | None:
    token = token.strip() if token else None
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        raise UsageError("the token holds characters that no token has: copy it again (it is not shown here)")
    return token


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and its stated causes, up to the answer of the Hub: an upload wraps it in an error of its own."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = None if getattr(cause, "response", None) is not None else cause.__cause__


def _reason(error: BaseException) -> str:
    """Its words on one line, without the paragraphs of advice that the client adds for its own users."""
    server: str = getattr(error, "server_message", None) or ""
    lines = [line.strip(" .") for line in str(error).splitlines() if line.strip()]
    kept = lines if type(error) is ValueError else lines[:1]
    return ": ".join([*kept, *([server] if server and server not in str(kept) else [])]) or type(error).__name__


def _hidden(text: str, secret: str | None) -> str:
    text = text.replace(secret, "hf_…") if secret else text
    return show(TOKEN.sub("…", text))
