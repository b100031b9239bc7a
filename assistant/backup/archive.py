"""What is in the encrypted file: a tar archive with a manifest of checksums."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from assistant.backup.contents import MOST_BYTES, Stored
from assistant.errors import BackupError

MANIFEST = "manifest.json"
FORMAT = 1
PARTS = ("config", "state", "models")


def pack(files: Mapping[str, Stored], version: str, made_at: str) -> bytes:
    """Put files into an archive; ``version`` is that of the assistant."""
    sums = {name: hashlib.sha256(one.content).hexdigest() for name, one in files.items()}
    manifest = {"format": FORMAT, "version": version, "made_at": made_at, "sha256": sums}
    packed = io.BytesIO()
    # The time of each file is left out: it tells nothing that is needed.
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, one in {MANIFEST: Stored(json.dumps(manifest).encode()), **files}.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = len(one.content), one.mode
            archive.addfile(entry, io.BytesIO(one.content))
    return gzip.compress(packed.getvalue())


def unpack(packed: bytes) -> tuple[dict[str, Any], dict[str, Stored]]:
    """Open an archive; returns its manifest, and the files by name, each as it was put in.

    Raises BackupError for one that is not whole, or that holds what no backup does.
    """
    files = _files(packed)
    try:
        manifest = json.loads(files.pop(MANIFEST).content)
        kind, sums = manifest["format"], manifest["sha256"]
    except (KeyError, TypeError, ValueError) as error:
        raise _not_whole("it has no manifest") from error
    if kind != FORMAT:
        raise BackupError(
            f"the backup has format {kind}, this assistant knows {FORMAT}",
            "Restore it with the version that wrote it, or a newer one.",
        )
    if sums != {name: hashlib.sha256(one.content).hexdigest() for name, one in files.items()}:
        raise _not_whole("its files are not those of its manifest")
    return manifest, files


def _files(packed: bytes) -> dict[str, Stored]:
    files: dict[str, Stored] = {}
    size = 0
    try:
        with (
            gzip.open(io.BytesIO(packed)) as plain,
            tarfile.open(fileobj=plain, mode="r|") as archive,
        ):
            for entry in archive:
                size += entry.size
                if size > MOST_BYTES:
                    raise _not_whole(f"it holds more than {MOST_BYTES // 1_000_000} MB")
                content = archive.extractfile(entry) if entry.isfile() else None
                if content is None or not _is_ours(entry.name) or entry.name in files:
                    raise _not_whole(f"'{entry.name}' does not belong in a backup")
                files[entry.name] = Stored(content.read(), entry.mode & 0o777)
    except (tarfile.TarError, EOFError, OSError) as error:
        raise _not_whole(str(error)) from error
    return files


def _is_ours(name: str) -> bool:
    """Whether a name stays in one of the folders of a backup."""
    parts = PurePosixPath(name).parts
    clean = "/".join(parts) == name and ".." not in parts and "\0" not in name
    return name == MANIFEST or (clean and len(parts) > 1 and parts[0] in PARTS)


def _not_whole(reason: str) -> BackupError:
    return BackupError(f"the backup is damaged: {reason}", "Take another copy of it.")
