"""Recognizers that are measured, each in a process of its own: so memory is its own, and honest."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from assistant.config import Settings
from assistant.engines import make_understanding
from assistant.errors import AssistantError, EngineError
from assistant.intents.model import IntentSet
from assistant.intents.words import base_language
from assistant.measuring.clips import Clip
from assistant.measuring.listening import Listener, same
from assistant.measuring.scores import COMMANDS, Result, Score
from assistant.onethread import one_thread
from assistant.paths import Paths
from assistant.recognizers import voskmodel
from assistant.recognizing import build_recognizer

Heard = Callable[[], None]
"""Called after each clip."""


@dataclass(frozen=True)
class Engine:
    """A recognizer with its model."""

    name: str
    settings: Settings

    @property
    def lines(self) -> dict[str, str]:
        """What to write into the section ``recognizer`` of the configuration to have it."""
        chosen = self.settings.recognizer
        model = {"vosk_model": str(chosen.vosk_model)} if chosen.vosk_model else {}
        second = (
            {} if chosen.second_opinion == "none" else {"second_opinion": chosen.second_opinion}
        )
        return {"engine": chosen.engine} | second | model


def find_engines(settings: Settings, paths: Paths, models: Sequence[Path] = ()) -> list[Engine]:
    """Everything that can hear the language: PocketSphinx, and every Vosk model, also with it.

    Together Vosk streams and PocketSphinx is the second opinion: each does what it does alone.
    ``models`` are the owner's, besides. Raises EngineError when there is nothing.
    """
    found = []
    language = settings.intents.language
    english = base_language(language) == "en"
    if english:
        found.append(_engine("PocketSphinx", settings, engine="pocketsphinx"))
    for model in models:
        if not voskmodel.is_model(model):
            raise EngineError(f"{model} is not a Vosk model.", voskmodel.HOW_TO_GET_A_MODEL)
    configured = settings.recognizer.vosk_model
    here = sorted(paths.models.iterdir()) if paths.models.is_dir() else []
    candidates = [*([configured] if configured else []), *filter(voskmodel.is_model, here), *models]
    each = dict.fromkeys(path.resolve() for path in candidates)
    for model in each:
        name = f"Vosk, {model.name}"
        found.append(_engine(name, settings, engine="vosk", vosk_model=model))
        if english:
            found.append(
                _engine(
                    f"{name} + PocketSphinx",
                    settings,
                    engine="vosk",
                    vosk_model=model,
                    second_opinion="pocketsphinx",
                )
            )
    if not found:
        raise EngineError(
            f"There is no recognizer for the language '{language}' here.",
            voskmodel.HOW_TO_GET_A_MODEL,
        )
    return found


def _engine(name: str, settings: Settings, **chosen: str | Path) -> Engine:
    """The owner's settings with another recognizer."""
    alone = {"vosk_model": None, "second_opinion": "none"}
    recognizer = settings.recognizer.model_copy(update={**alone, **chosen})
    return Engine(name, settings.model_copy(update={"recognizer": recognizer}))


def measure(
    engine: Engine, paths: Paths, intents: IntentSet, clips: Sequence[Clip], heard: Heard
) -> Score:
    """Have all clips heard by one recognizer; what goes wrong with it is told in its score."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_listen, args=(there, engine, paths, intents), daemon=True)
    with one_thread():
        process.start()
    there.close()
    try:
        return _converse(here, engine, clips, heard)
    except EOFError:
        process.join()
        return Score(engine.name, error=f"it ended by itself (status {process.exitcode})")
    finally:
        here.close()
        process.terminate()
        process.join()


@dataclass(frozen=True)
class _Loaded:
    seconds: float
    words: int
    unknown: tuple[str, ...]


def _converse(connection: Connection, engine: Engine, clips: Sequence[Clip], heard: Heard) -> Score:
    loaded: _Loaded | AssistantError = connection.recv()
    if isinstance(loaded, AssistantError):
        return Score(engine.name, error=str(loaded))
    results: list[Result] = []
    for clip in clips:
        connection.send(clip)
        results.append(connection.recv())
        heard()
    connection.send(None)
    memory: float = connection.recv()
    return Score(
        engine.name,
        tuple(results),
        loaded.seconds,
        memory,
        loaded.words,
        loaded.unknown,
        setting=engine.lines,
    )


# --- in the process -------------------------------------------------------------------------------


def _listen(connection: Connection, engine: Engine, paths: Paths, intents: IntentSet) -> None:
    """Hear clips until there are no more."""
    settings = engine.settings
    understanding = make_understanding(settings, intents)
    began = time.perf_counter()
    try:
        recognizer = build_recognizer(settings, paths)
        loaded = time.perf_counter() - began
        listener = Listener(understanding, recognizer, settings)
    except AssistantError as error:
        connection.send(error)
        return
    unheard = tuple(one.word for one in listener.unknown if not one.guess)
    connection.send(_Loaded(loaded, len(listener.grammar.words()), unheard))
    while (clip := connection.recv()) is not None:
        connection.send(_result(listener, clip, settings.recognizer.act_confidence))
    connection.send(_peak_memory())


def _result(listener: Listener, clip: Clip, threshold: float) -> Result:
    began = time.perf_counter()
    hearing = listener.hear(clip.samples)
    wall = time.perf_counter() - began
    transcript, sentence = hearing.transcript, clip.sentence
    meant = listener.meaning(sentence.text) if sentence.kind == COMMANDS else ()
    return Result(
        sentence.kind,
        clip.condition,
        clip.voices,
        sentence.text,
        transcript.text,
        transcript.confidence,
        bool(hearing.matches) and transcript.confidence >= threshold,
        bool(meant) and same(hearing.matches, meant),
        hearing.cpu_seconds,
        wall,
        hearing.audio_seconds,
    )


def _peak_memory() -> float:
    """The most that this process ever had in memory, in megabytes (of 1024 * 1024 bytes)."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    kilobytes = next(line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(kilobytes) / 1024
