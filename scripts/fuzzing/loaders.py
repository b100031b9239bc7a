"""What is fed with made-up bytes: readers of files and of sockets. Each raises nothing.

A file is good, or its mistake is told in an AssistantError of one line; a request has an answer.
"""

from __future__ import annotations

import atexit
import contextlib
import io
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

import numpy as np

from assistant import wire as messages
from assistant.audio.files import FileSource
from assistant.config import load_settings
from assistant.embedding.arrays import read_arrays
from assistant.embedding.features import EMBEDDING_SIZE
from assistant.errors import AssistantError, ConfigError
from assistant.recognizers.phones.model import load_model
from assistant.recognizers.voskmodel import look_at
from assistant.wake.network import Network
from assistant.wake.trained import About, TrainedWord, read_word, write_word
from assistant.wake.verifier import FORM, Verifier
from assistant.wake.voice import FEATURES
from scripts.fuzzing.doors import bridge_door, control_door
from scripts.fuzzing.targets import ROOT, WrongError, demand, within

LONGEST_MESSAGE = 1_000
MOST_CHUNKS = 1_000
VOSK = ROOT / "tests" / "data" / "vosk-mini"


def config(data: bytes) -> None:
    """Read a configuration file; its problems are at places within it."""
    text = data.decode("utf-8", "replace")
    try:
        load_settings(text, "config.yaml", Path("/"))
    except ConfigError as error:
        demand(bool(error.problems), "a ConfigError without a problem")
        within(text, error.problems)


def recording(data: bytes) -> None:
    """Hear a recording of any form that libsndfile knows."""
    path = _file("recording")
    path.write_bytes(data)
    with _told():
        source = FileSource(path, tail_seconds=0.5)
        try:
            for _ in range(MOST_CHUNKS):
                if source.read() is None:
                    break
        finally:
            source.close()


def model(data: bytes) -> None:
    """Load models: what the first byte says of the kind, the others are the file, or its damage."""
    kinds = (_word, _voice, _phones, _arrays)
    kind, made = kinds[data[0] % len(kinds)] if data else _word, data[1:]
    kind(made)
    kind(damaged(_good(kind.__name__), made))


def damaged(content: bytes, damage: bytes) -> bytes:
    """Change bytes of the members of an archive, under right checksums: three bytes say each."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: bytearray(archive.read(name)) for name in archive.namelist()}
    names = list(members)
    for at in range(0, len(damage) - 3, 4):
        which, high, low, value = damage[at : at + 4]
        member = members[names[which % len(names)]]
        place = high << 8 | low
        if value == 0xFF and which > 0x7F:
            del member[place:]
        elif member:
            member[place % len(member)] = value
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, member in members.items():
            archive.writestr(name, bytes(member))
    return file.getvalue()


def vosk(data: bytes) -> None:
    """Look through a Vosk model of which one file is another one, or cut off."""
    folder = _vosk_folder()
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    which, content = files[data[0] % len(files)] if data else files[0], data[1:]
    good = which.read_bytes()
    try:
        for bad in (content, good[: int.from_bytes(content[:2])] + content[2:]):
            which.write_bytes(bad)
            with _told():
                look_at(folder)
    finally:
        which.write_bytes(good)


# --- kinds of models ------------------------------------------------------------------------------


def _word(data: bytes) -> None:
    path = _file("word.npz")
    path.write_bytes(data)
    with _told():
        word = read_word(path, "0")
        word.score(np.zeros((word.length, EMBEDDING_SIZE), np.float32))
        demand(word.calibration is not None, "no calibration")


def _voice(data: bytes) -> None:
    path = _file("own.voice.npz")
    path.write_bytes(data)
    with _told():
        score = Verifier.load(path).score(np.zeros(16_000, np.int16))
        demand(0.0 <= score <= 1.0, f"a score of {score}")


def _phones(data: bytes) -> None:
    path = _file("phones.npz")
    path.write_bytes(data)
    with _told():
        load_model(path)


def _arrays(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        read_arrays(data)


@cache
def _good(kind: str) -> bytes:
    """A file that can be loaded, to be damaged."""
    if kind in {"_phones", "_arrays"}:
        return (ROOT / "assistant/recognizers/phones/en.npz").read_bytes()
    file = io.BytesIO()
    if kind == "_voice":
        np.savez(file, form=np.array(FORM), voice=np.ones((3, FEATURES)))
        return file.getvalue()
    size = EMBEDDING_SIZE
    one, hidden = np.ones(size, np.float32), np.ones(2, np.float32)
    network = Network(1, one, one, np.ones((size, 2), np.float32), hidden, hidden, 0.0)
    about = About("word", "word", "2026-01-01", "0", 3, 1.0, 1.0, [(1.0, 0.5), (0.1, 0.9)], [])
    return write_word(TrainedWord(network, about))


# --- sockets --------------------------------------------------------------------------------------


def wire(data: bytes) -> None:
    """Read lines as messages; what was read is written and read the same."""
    for line in data.splitlines(keepends=True):
        try:
            message = messages.decode(line)
            again = messages.decode(messages.encode(message))
        except messages.WireError:
            continue
        demand(again == message, "a message that changes on its way")


def control(data: bytes) -> None:
    """Send bytes to the control socket."""
    control_door().ask(data)


def bridge(data: bytes) -> None:
    """Send bytes to the bridge, as a core that somebody has taken over could."""
    bridge_door().ask(data)


LOADERS: Mapping[str, Callable[[bytes], None]] = {
    "bridge": bridge, "config": config, "control": control, "model": model,
    "recording": recording, "vosk": vosk, "wire": wire,
}  # fmt: skip


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Let a mistake be told, in one line that can be read aloud."""
    try:
        yield
    except AssistantError as error:
        if "\n" in error.message or not 0 < len(error.message) < LONGEST_MESSAGE:
            raise WrongError(f"a message of {len(error.message)}: {error.message!r}") from error


def _file(name: str) -> Path:
    return _folder() / name


@cache
def _folder() -> Path:
    """A folder of this process, gone with it."""
    folder = tempfile.mkdtemp(prefix="assistant-fuzz-")
    atexit.register(shutil.rmtree, folder)
    return Path(folder)


@cache
def _vosk_folder() -> Path:
    """A copy of the tests' model."""
    return Path(shutil.copytree(VOSK, _file("vosk")))
