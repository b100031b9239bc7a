"""The files of a Vosk model, looked at before libvosk loads them.

libvosk ends the process when some are missing or cut off, and hears nothing, or for ever, with
others: what can be told quickly is told here.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import EngineError
from assistant.intents.words import base_language

HOW_TO_GET_A_MODEL = (
    "Unpack a model such as vosk-model-small-en-us-0.15, and name its folder in "
    "recognizer.vosk_model."
)
MODEL_FILES = ("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph/words.txt")
STATIC_GRAPH = "graph/HCLG.fst"
DYNAMIC_GRAPH = ("graph/HCLr.fst", "graph/Gr.fst")
"""A graph in two parts, of which the second can be replaced by a grammar."""

_FST_MAGIC, _ADDON_MAGIC = 2125659606, 446681434
_STATE_BYTES, _ARC_BYTES = 20, 16
_REACHABLE_BYTES = 12
"""What the addition has for each state, when nothing is reached from it."""


@dataclass(frozen=True, slots=True)
class VoskModel:
    """A model that can be loaded: its number of words, and whether it can take a grammar."""

    folder: Path
    words: int
    takes_grammar: bool


def is_model(folder: Path) -> bool:
    """Tell whether this folder looks like a Vosk model."""
    return (folder / "am/final.mdl").exists() and (folder / "graph").exists()


def find_model(models: Path, language: str, *, alone: bool = True) -> Path | None:
    """Return a Vosk model of the language in a folder of models, else the first one, or None.

    They are named as they are published: vosk-model-small-de-0.15. Where the language is not the
    only one that is heard, not ``alone``, a model of another name is none of it.
    """
    if not models.is_dir():
        return None
    found = [folder for folder in sorted(models.iterdir()) if is_model(folder)]
    own = [folder for folder in found if base_language(language) in folder.name.split("-")]
    return next(iter(own or (found if alone else ())), None)


def look_at(folder: Path) -> VoskModel:
    """Look through the files of a model. Raises EngineError with the first that is wrong."""
    static = (folder / STATIC_GRAPH).exists()
    graphs = (STATIC_GRAPH,) if static else DYNAMIC_GRAPH
    for name in (*MODEL_FILES, *graphs):
        if not (folder / name).is_file():
            message = f"{folder} is not a Vosk model: it has no {name}."
            raise EngineError(message, HOW_TO_GET_A_MODEL)
    checks: dict[str, Callable[[Path], str]] = {
        "am/final.mdl": _wrong_network,
        "conf/mfcc.conf": _wrong_options,
        "conf/model.conf": _wrong_options,
        "graph/words.txt": _wrong_table,
        **dict.fromkeys(graphs, _wrong_graph),
    }
    for name in ("graph/disambig_tid.int", "graph/phones/word_boundary.int"):
        if (folder / name).exists():
            checks[name] = _wrong_table
    for name, check in checks.items():
        try:
            wrong = check(folder / name)
        except OSError as error:
            wrong = f"cannot be read: {error.strerror}"
        if wrong:
            raise broken(folder, f"{name} {wrong}")
    words = (folder / "graph/words.txt").read_bytes().count(b"\n")
    return VoskModel(folder, words, takes_grammar=not static)


def broken(folder: Path, reason: str) -> EngineError:
    """Say that a model cannot be used, and why."""
    return EngineError(f"The Vosk model {folder} is broken: {reason}.", HOW_TO_GET_A_MODEL)


def _wrong_network(path: Path) -> str:
    with path.open("rb") as file:
        begin = file.read(19)
        file.seek(-min(200_000, path.stat().st_size), 2)
        end = file.read()
    if begin[:2] != b"\0B" or b"<Tran" not in begin:
        return "is no network of Kaldi's"
    return "" if b"</Nnet3>" in end else "is cut off"


def _wrong_options(path: Path) -> str:
    lines = [line.strip() for line in path.read_bytes().decode("utf-8", "replace").splitlines()]
    options = [line for line in lines if line and not line.startswith("#")]
    if options and all(re.match(r"--[\w.-]+=?", line) for line in options):
        return ""
    return "has a line that is no option" if options else "is empty"


def _wrong_table(path: Path) -> str:
    """A table has lines, each ends, and the last column of it, or the first, is a number."""
    with path.open("rb") as file:
        begin = file.readline(1000)
        file.seek(-min(1000, path.stat().st_size), 2)
        end = file.read()
    if not begin:
        return "is empty"
    last = end.removesuffix(b"\n").rpartition(b"\n")[2]
    if not all(any(word.isdigit() for word in line.split()) for line in (begin, last)):
        return "is no table of numbers"
    return "" if end.endswith(b"\n") else "is cut off"


def _wrong_graph(path: Path) -> str:
    """OpenFst's header tells how large the file is at least."""
    size = path.stat().st_size
    with path.open("rb") as file:
        data = file.read(400)
    try:
        needed = max(_sizes(data))
    except (struct.error, ValueError):
        return "is no graph of OpenFst's"
    return "is cut off" if size < needed else ""


def _sizes(data: bytes) -> Iterator[int]:
    """How many bytes the graph takes at least; with an addition, also the graph inside of it.

    Raises struct.error or ValueError when that is no graph.
    """
    at, more_a_state = 0, 0
    while True:
        (magic,) = struct.unpack_from("<i", data, at)
        if magic != _FST_MAGIC:
            raise ValueError
        at += 4
        names = []
        for _ in range(2):
            (length,) = struct.unpack_from("<i", data, at)
            names.append(data[at + 4 : at + 4 + length])
            at += 4 + length
        *_, states, arcs = struct.unpack_from("<iiQqqq", data, at)
        at += struct.calcsize("<iiQqqq")
        if names[0] == b"const":
            yield at + states * (_STATE_BYTES + more_a_state) + arcs * _ARC_BYTES
        else:
            yield at
        if struct.unpack_from("<i", data.ljust(at + 4, b"\0"), at)[0] != _ADDON_MAGIC:
            return
        at, more_a_state = at + 4, _REACHABLE_BYTES
