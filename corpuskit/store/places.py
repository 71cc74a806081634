"""Folders of an object store (``s3://bucket/folder``) over fsspec; every other place is a path of this machine.

An object appears whole or not at all, and there is no rename: what is put together from
several objects is complete when its last one is there. Whatever goes wrong is an
:class:`OSError` whose words hold an address and no credentials.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from corpuskit.errors import UsageError

#: What a call may name as its sources: places, or one by itself.
Sources = str | Path | Sequence[str | Path]
SCHEME: Final = "s3://"
_ADDRESS: Final = re.compile(r"s3://[A-Za-z0-9][A-Za-z0-9._-]+(/|$)")
_ANY_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
#: Bytes of one request, requests for one object, objects at a time: they bound the memory of a transfer (128 MB).
BLOCK: Final = 8 * 1024 * 1024
PARTS: Final = 2
OBJECTS: Final = 8


def places_of(sources: Sources) -> list[str]:
    """The places of sources: a string by itself is one, not one for each character."""
    return [str(sources)] if isinstance(sources, str | Path) else [str(source) for source in sources]


def is_remote(place: str) -> bool:
    """Whether ``place`` is in an object store. Raises :class:`UsageError` for an address of another kind."""
    if found := _ANY_SCHEME.match(place):
        if not _ADDRESS.match(place):  # the rest is not shown: it may hold a password
            raise UsageError(f"{found[0]}…: a place is a path or {SCHEME}BUCKET/FOLDER, without credentials in it")
        return True
    return False


@lru_cache(maxsize=1)
def client() -> Any:
    """The fsspec file system of this process.

    Made in each worker when it is first used: its event loop runs in a thread, which a fork would
    lose. It keeps no listings: other machines write to the same places.
    """
    try:
        from s3fs import S3FileSystem
    except ImportError:
        raise UsageError(f"{SCHEME} needs another package: pip install 'corpuskit[s3]'") from None
    return S3FileSystem(
        use_listings_cache=False, skip_instance_cache=True, default_block_size=BLOCK, max_concurrency=PARTS
    )


class Object(NamedTuple):
    """An object as it is listed: bytes, and a tag that is another one when its content is; "" where a store gives none.

    The tag is its ETag (S3: "reflects changes only to the contents of an object") with the time when it was written,
    so that what was written again counts as changed, whatever a store or its encryption makes ETags from.
    """

    size: int
    tag: str


def _object(info: Mapping[str, Any]) -> Object:
    etag, written = info.get("ETag"), info.get("LastModified")
    return Object(int(info["size"]), f"{etag} {written.isoformat()}" if etag and written else "")


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of an object store; names in it are relative, with slashes."""

    url: str

    def __truediv__(self, name: str) -> Folder:
        return Folder(f"{self.url.rstrip('/')}/{name}")

    def sizes(self) -> dict[str, int]:
        """Every object below the folder, sorted by name (bytes), and its size in bytes."""
        return {name: found.size for name, found in self.objects().items()}

    def objects(self) -> dict[str, Object]:
        """Every object below the folder, sorted by name (bytes)."""
        top = self.url.removeprefix(SCHEME).rstrip("/") + "/"
        with _plainly(self.url):
            found = client().find(top, detail=True)
        names = {key.removeprefix(top): _object(info) for key, info in found.items() if key.startswith(top)}
        return {name: names[name] for name in sorted(names, key=str.encode) if name and not name.endswith("/")}

    def matching(self, pattern: str) -> list[str]:
        """Names of the objects that match a glob, sorted; none where there is nothing at all."""
        top = self.url.removeprefix(SCHEME).rstrip("/") + "/"
        with _plainly(self.url):
            return sorted(key.removeprefix(top) for key in client().glob(top + pattern))

    def has(self, name: str) -> bool:
        """Whether there is an object of this name."""
        return self.object(name) is not None

    def object(self, name: str) -> Object | None:
        """The object of this name, ``None`` when there is none."""
        try:
            with _plainly(f"{self.url}/{name}"):
                info = client().info(f"{self.url}/{name}")
        except FileNotFoundError:
            return None
        return _object(info) if info["type"] == "file" else None

    def read(self, name: str, start: int | None = None, end: int | None = None) -> bytes:
        """The bytes of an object, or those from ``start`` to before ``end``."""
        with _plainly(f"{self.url}/{name}"):
            return bytes(client().cat_file(f"{self.url}/{name}", start=start, end=end))

    def create(self, name: str, data: bytes) -> bool:
        """Write an object unless there is one of this name, in one atomic request; whether it was written."""
        try:
            with _plainly(f"{self.url}/{name}"):
                client().pipe_file(f"{self.url}/{name}", data, mode="create")
        except FileExistsError:
            return False
        return True

    def put(self, files: Mapping[str, Path]) -> None:
        """Write files to objects, in any order."""
        with _plainly(self.url):
            client().put(
                [str(path) for path in files.values()], [f"{self.url}/{name}" for name in files],
                batch_size=OBJECTS, chunksize=BLOCK, max_concurrency=PARTS,
            )  # fmt: skip

    def get(self, files: Mapping[str, Path]) -> None:
        """Write objects to files."""
        get({f"{self.url}/{name}": path for name, path in files.items()})

    def delete(self, names: Iterable[str]) -> None:
        """Delete objects; those that are gone already are no trouble."""
        if keys := [f"{self.url}/{name}" for name in names]:
            with _plainly(self.url):
                client().rm(keys)


def get(files: Mapping[str, Path]) -> None:
    """Write objects, named by their addresses, to files."""
    if not files:
        return
    try:
        with _plainly(next(iter(files))):
            client().get(list(files), [str(path) for path in files.values()], batch_size=OBJECTS)
    except OSError:
        for url, path in files.items():  # once more, and the error names the object
            with _plainly(url):
                client().get_file(url, str(path))


@contextmanager
def _plainly(url: str) -> Iterator[None]:
    """Raise what goes wrong as an :class:`OSError` with a number, plain words and the address."""
    client()  # first: it says how to install what the next line imports
    from botocore.exceptions import BotoCoreError

    try:
        yield
    except (OSError, BotoCoreError) as error:
        raise _plain(error, url) from None


#: What a store answers → the error of the operating system that is most like it, and what to say.
ANSWERS: Final = {
    "NoSuchBucket": (errno.ENOENT, "there is no such bucket"),
    "NoSuchKey": (errno.ENOENT, "there is no such object"),
    "FileNotFoundError": (errno.ENOENT, "there is no such object"),
    "404": (errno.ENOENT, "there is no such bucket or object"),
    "InvalidBucketName": (errno.EINVAL, "this is no name of a bucket"),
    "ParamValidationError": (errno.EINVAL, "this is no name of a bucket"),
    "PreconditionFailed": (errno.EEXIST, "there is such an object already"),
    "ConditionalRequestConflict": (errno.EEXIST, "another program writes the same object"),
    "AccessDenied": (errno.EACCES, "the store denies access"),
    "403": (errno.EACCES, "the store denies access"),
    "InvalidAccessKeyId": (errno.EACCES, "the store does not know the access key"),
    "SignatureDoesNotMatch": (errno.EACCES, "the secret key is wrong"),
    "ExpiredToken": (errno.EACCES, "the session token has expired"),
    "NoCredentialsError": (errno.EACCES, "no credentials: set AWS_ACCESS_KEY_ID and so on, or AWS_PROFILE"),
    "EndpointConnectionError": (errno.ECONNREFUSED, "the store cannot be reached (AWS_ENDPOINT_URL, network)"),
    "ConnectTimeoutError": (errno.ETIMEDOUT, "the store does not answer"),
    "ReadTimeoutError": (errno.ETIMEDOUT, "the store does not answer"),
    "TimeoutError": (errno.ETIMEDOUT, "the store does not answer"),
    "FSTimeoutError": (errno.ETIMEDOUT, "the store does not answer"),
}  # fmt: skip


def _plain(error: Exception, url: str) -> OSError:
    """Never the words of ``error``: they may hold an endpoint with a password in it."""
    said = getattr(error.__cause__, "response", {}).get("Error", {}).get("Code")
    if isinstance(error, OSError) and error.errno and not said:  # of this machine, a full disk for example
        return OSError(error.errno, os.strerror(error.errno), error.filename or url)
    for kind in (said, *(cls.__name__ for cls in type(error).__mro__)):
        if kind in ANSWERS:
            return OSError(*ANSWERS[kind], url)
    return OSError(errno.EIO, f"the store failed ({said or type(error).__name__})", url)
