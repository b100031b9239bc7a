"""Secrets by name: from systemd, or from files that nobody else can read.

A secret is read when it is used, so a new one holds at once, and none is kept in memory for long.
No error and no log has anything of one in it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ActionError

MAXIMUM_BYTES = 16 * 1024
"""The longest secret; a token of Home Assistant has some 200."""

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where secrets are: in ``from_systemd`` (LoadCredential=), else in one of ``directories``."""

    directories: tuple[Path, ...] = ()
    from_systemd: Path | None = None

    def read(self, name: str) -> str:
        """Read a secret of one line.

        Raises ActionError when it is not there, cannot be read, others can read it, or it is no
        single line of text.
        """
        if self.from_systemd is not None:
            path = self.from_systemd / name
            try:
                # Nobody else gets here; a list of who may is what its group's mode tells.
                return _secret(name, path, _content(name, path, private=False))
            except FileNotFoundError:
                pass  # then it is a file
        for directory in self.directories:
            path = directory / name
            try:
                return _secret(name, path, _content(name, path, private=True))
            except FileNotFoundError:
                continue
        first = self.directories[0] / name if self.directories else name
        hint = f"Write it into {first}, with mode 600."
        raise ActionError(f"the credential '{name}' is missing", hint)


def find_credentials(
    environment: Mapping[str, str], config_directories: tuple[Path, ...]
) -> Credentials:
    """Choose where secrets are; systemd names the folder of a unit's credentials."""
    given = environment.get("CREDENTIALS_DIRECTORY")
    directories = tuple(directory / "credentials" for directory in config_directories)
    return Credentials(directories, Path(given) if given else None)


def _content(name: str, path: Path, *, private: bool) -> bytes:
    """Read a file. Raises FileNotFoundError, and ActionError when others can read it."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError:
        raise
    except OSError as error:
        hint = f"{path}: {error.strerror}. It has to be a file of the bridge's user."
        raise ActionError(f"the credential '{name}' cannot be read", hint) from error
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise ActionError(f"the credential '{name}' cannot be read", f"{path} is no file.")
        if private and found.st_mode & OTHERS:
            raise ActionError(
                f"the credential '{name}' can be read by others", f"Run: chmod 600 {path}"
            )
        if private and found.st_uid not in {os.geteuid(), 0}:
            hint = f"{path} belongs to another user, who could change it."
            raise ActionError(f"the credential '{name}' is somebody else's", hint)
        return os.read(descriptor, MAXIMUM_BYTES + 1)
    finally:
        os.close(descriptor)


def _secret(name: str, path: Path, content: bytes) -> str:
    try:
        secret = content.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        secret = ""  # the error would hold the secret
    if not secret or len(content) > MAXIMUM_BYTES or not secret.isprintable():
        hint = f"{path} has to hold one line of text."
        raise ActionError(f"the credential '{name}' is no secret of one line", hint)
    return secret
