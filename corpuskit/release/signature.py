"""An optional signature of a release by ssh keys: offline, one file, checked with OpenSSH alone.

Without one, nothing defends against whoever rewrites a release together with its sums.
Anyone can check a signature without corpuskit::

    ssh-keygen -Y verify -f allowed_signers -I IDENTITY -n corpuskit -s SHA256SUMS.sig < SHA256SUMS
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from corpuskit.errors import CorpuskitError, ReleaseError, UsageError
from corpuskit.filenames import SIGNATURE, SUMS
from corpuskit.release.sums import read_sums
from corpuskit.store.durable import replace_file

#: ssh signatures are bound to a purpose: one made for git or a login cannot pass as one for a release.
NAMESPACE: Final = "corpuskit"


def sign(release: str | Path, key: str | Path) -> Path:
    """Sign ``SHA256SUMS`` with an ssh private key; writes and returns ``SHA256SUMS.sig``.

    ssh-keygen asks for a passphrase on the terminal, or uses an agent that holds the key.
    """
    release, key = Path(release), Path(key)
    read_sums(release)
    check_key(key)
    target = release / SIGNATURE
    done = _ssh_keygen("sign", "-n", NAMESPACE, "-f", str(key), stdin=(release / SUMS).read_bytes())
    if done.returncode:
        raise UsageError(f"cannot sign with {key}: {_said(done)}")
    replace_file(target, done.stdout)
    return target


def check_key(key: Path) -> None:
    """Raise :class:`CorpuskitError` when it is clear that nothing can be signed with this file."""
    if not key.is_file():
        raise UsageError(f"no key at {key}: name an ssh private key, or make one with 'ssh-keygen -t ed25519'")
    _program()


def verify_signature(release: Path, allowed_signers: Path, identity: str) -> bool:
    """Whether ``identity``, with a key of the file ``allowed_signers``, has signed this ``SHA256SUMS``.

    Says nothing of the other files: ``validate`` compares them with the sums.
    Raises :class:`ReleaseError` when there is no signature at all.
    """
    options = (*_signed_by(release, allowed_signers), "-n", NAMESPACE, "-I", identity)
    return _ssh_keygen("verify", *options, stdin=(release / SUMS).read_bytes()).returncode == 0


def signer_of(release: Path, allowed_signers: Path) -> str | None:
    """Who of the file ``allowed_signers`` has signed this ``SHA256SUMS``; ``None`` for a signature of anybody else.

    Raises what :func:`verify_signature` raises.
    """
    found = _ssh_keygen("find-principals", *_signed_by(release, allowed_signers), stdin=b"")
    identities = found.stdout.decode("utf-8", "replace").splitlines() if not found.returncode else []
    return next((who for who in identities if verify_signature(release, allowed_signers, who)), None)


def _signed_by(release: Path, allowed_signers: Path) -> tuple[str, ...]:
    """The options of ssh-keygen that name the signature and who may have made it."""
    read_sums(release)
    if not allowed_signers.is_file():
        raise UsageError(f"no file of allowed signers at {allowed_signers} (its lines: IDENTITY KEYTYPE KEY)")
    signature = release / SIGNATURE
    if not signature.is_file():
        raise ReleaseError(f"{release} is not signed: it has no {SIGNATURE}")
    return ("-f", str(allowed_signers), "-s", str(signature))


def _program() -> str:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise CorpuskitError("ssh-keygen is not installed: install OpenSSH 8.2 or newer to sign or verify")
    return program


def _ssh_keygen(action: str, *options: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    command = [_program(), "-Y", action, *options]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def _said(done: subprocess.CompletedProcess[bytes]) -> str:
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"ssh-keygen ended with {done.returncode}"
