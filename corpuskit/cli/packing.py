"""``archive`` and ``sign``: a release as one file, and proof of who made it."""

from __future__ import annotations

from pathlib import Path

import click

from corpuskit.cli.options import check_local, check_out
from corpuskit.display import show

#: Endings of archives, as options spell them.
FORMATS = ("zip", "tar.zst")
KEY = "An ssh private key; ssh-keygen asks for its passphrase, or uses an agent."


@click.command(short_help="Pack a release into one file, for deposits and mirrors.")
@click.argument("release", metavar="RELEASE")
@click.option("--format", "ending", type=click.Choice(FORMATS), default="zip", show_default=True, help="The ending.")
@click.option("--out", metavar="DIR", help="The folder of the archive.  [default: the one that holds RELEASE]")
def archive(release: str, ending: str, out: str | None) -> None:
    """Pack RELEASE, and its signature if it has one, into NAME-VERSION.zip or .tar.zst; print its path.

    The same release gives the same bytes wherever it is packed. A .tar.zst also depends on the zstd library.
    """
    check_local(release, out)
    if out is not None:
        check_out(out)
    click.echo(show(packed(Path(release), ending, None if out is None else Path(out))))


@click.command(short_help="Sign a release with an ssh key.")
@click.argument("release", metavar="RELEASE")
@click.option("--key", metavar="FILE", required=True, help=KEY)
def sign(release: str, key: str) -> None:
    """Sign the sums of RELEASE with an ssh key; print the path of the signature.

    'corpuskit validate RELEASE --signers FILE' checks it, and so does ssh-keygen without corpuskit. A signature
    changes no other file of the release: it may come later.
    """
    check_local(release)
    from corpuskit.release.signature import sign as sign_release

    click.echo(show(str(sign_release(Path(release), Path(key)))))


def packed(release: Path, ending: str, out: Path | None = None) -> str:
    """Pack a release into ``out`` (the folder that holds it); returns the path of the archive."""
    from corpuskit.release.archive import archive as pack
    from corpuskit.release.sums import identify

    folder = out or (release.parent if release.name else release.resolve().parent)
    return pack(release, folder / f"{identify(release).title}.{ending}").as_posix()
