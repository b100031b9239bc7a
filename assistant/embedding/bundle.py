"""The streaming features, made once of the installed models and kept on the machine."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from assistant.embedding.arrays import read_arrays
from assistant.embedding.packaged import models_folder
from assistant.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy.typing as npt

VERSION = 3
"""Of what ``conversion`` makes; another one is made anew."""
SECONDS = 120.0


def load_bundle(
    cache: Path | None = None, folder: Path | None = None
) -> Mapping[str, npt.NDArray[np.generic]]:
    """Return what ``conversion`` makes of the two feature networks in a folder, or the package's.

    It is kept in the folder ``cache``, under a name that changes with the files; a folder that
    cannot be written, and a file that is broken, only cost the time to make it again (a third of a
    second on a desktop core). Raises EngineError.
    """
    networks = _networks(folder)
    checksum = _checksum(f"{VERSION}\n", networks)
    kept = None if cache is None else cache / f"features-{checksum}.npz"
    if kept is not None and kept.is_file():
        try:
            return _read(kept.read_bytes())
        except (OSError, ValueError, KeyError):
            kept.unlink(missing_ok=True)
    made = _make(*networks)
    bundle = _read(made)
    if kept is not None:
        _keep(kept, made)
    return bundle


def embedding_checksum(folder: Path | None = None) -> str:
    """Return what tells these feature networks from others: what a word is trained for.

    Raises EngineError.
    """
    return _checksum("", _networks(folder))


def _networks(folder: Path | None) -> tuple[Path, Path]:
    found = folder or models_folder()
    return found / "melspectrogram.onnx", found / "embedding_model.onnx"


def _checksum(salt: str, paths: tuple[Path, ...]) -> str:
    """Tell files apart, which crc32 does; loading hashlib for it would take 4 MB for OpenSSL."""
    checksum = crc32(salt.encode())
    for path in paths:
        try:
            checksum = crc32(path.read_bytes(), checksum)
        except OSError as error:
            raise EngineError(
                f"The wake word's feature model {path} cannot be read ({error.strerror}).",
                "Check wake.features, or install openwakeword==0.4.0 again.",
            ) from error
    return f"{checksum:08x}"


def _make(mel: Path, embedding: Path) -> bytes:
    """Convert in a process of its own, whose memory is free again afterwards."""
    import subprocess  # noqa: PLC0415 - only where something is to be made

    command = [sys.executable, "-m", "assistant.embedding.conversion", str(mel), str(embedding)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EngineError(
            f"The wake word's features cannot be made ({type(error).__name__}).",
            "Start the assistant again.",
        ) from error
    if done.returncode != 0 or not done.stdout:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason told"]
        raise EngineError(
            f"The wake word's features cannot be made of {mel} and {embedding} "
            f"({lines[-1][:160]}).",
            "Install openwakeword==0.4.0 again.",
        )
    return done.stdout


def _read(content: bytes) -> Mapping[str, npt.NDArray[np.generic]]:
    arrays = read_arrays(content)
    return {name: arrays[name] for name in ("window", "filters", "network", "state")}


def _keep(path: Path, content: bytes) -> None:
    part = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        return  # a read-only or full disk: it is made again at the next start
