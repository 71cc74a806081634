"""One file for a whole release (``.tar.zst`` or ``.zip``), for deposits and mirrors: same release, same bytes.

Times, owners and modes are fixed, names are sorted, and the folder inside is called
after the manifest, so that nothing but the release decides. A ``.tar.zst`` also depends
on the version of the zstd library; a ``.zip`` stores, and depends on nothing.
"""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from corpuskit.errors import UsageError
from corpuskit.filenames import SIGNATURE, SUMS
from corpuskit.release.sums import identify, whole_sums
from corpuskit.store.durable import replacing

#: 1980-01-01 00:00 UTC, the first moment that a zip can hold.
EPOCH: Final = 315_532_800
EPOCH_IN_ZIP: Final = (1980, 1, 1, 0, 0, 0)
MODE: Final = 0o644
#: zstd's own default; Parquet is packed already, and a higher level finds next to nothing.
LEVEL: Final = 3

#: Name in the archive, file.
Member = tuple[str, Path]


def archive(release: str | Path, target: str | Path) -> Path:
    """Pack ``release`` into ``target``, whose ending says how: ``.tar.zst`` or ``.zip``. Returns ``target``.

    Packs the files of ``SHA256SUMS``, that file, and its signature if there is one.
    Raises :class:`ReleaseError` when a file differs from its sum; then no archive appears.
    """
    release, target = Path(release), Path(target)
    pack = next((pack for ending, pack in PACKERS.items() if target.name.endswith(ending)), None)
    if pack is None:
        raise UsageError(f"{target}: name an archive that ends in {' or '.join(PACKERS)}")
    if release.resolve() in target.resolve().parents:
        raise UsageError(f"{target}: write the archive outside of the release, which must not change")
    members = _members(release)
    with replacing(target) as draft:
        pack(draft, members)
    return target


def _members(release: Path) -> list[Member]:
    folder, sums = identify(release).title, whole_sums(release)
    own = [name for name in (SUMS, SIGNATURE) if (release / name).is_file()]
    return [(f"{folder}/{name}", release / name) for name in sorted([*sums, *own], key=str.encode)]


def _tar_zst(draft: Path, members: Iterable[Member]) -> None:
    import zstandard

    # one thread: their number would show in the bytes
    packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
    with (
        draft.open("wb") as raw,
        packer.stream_writer(raw) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name, path in members:
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = path.stat().st_size, EPOCH, MODE
            with path.open("rb") as file:
                tar.addfile(info, file)


def _zip(draft: Path, members: Iterable[Member]) -> None:
    with zipfile.ZipFile(draft, "w", zipfile.ZIP_STORED) as packed:
        for name, path in members:
            info = zipfile.ZipInfo(name, EPOCH_IN_ZIP)
            info.create_system = 3  # Unix, wherever it is packed
            info.external_attr = MODE << 16
            info.file_size = path.stat().st_size  # decides whether the entry is a zip64 one
            with path.open("rb") as file, packed.open(info, "w") as entry:
                shutil.copyfileobj(file, entry)


PACKERS: Final[dict[str, Callable[[Path, Iterable[Member]], None]]] = {".tar.zst": _tar_zst, ".zip": _zip}
