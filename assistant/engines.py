"""Composition: from settings to the parts they name."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.actions.command import CommandSpec
from assistant.config import Settings, load_settings
from assistant.dialogue.understanding import Understanding
from assistant.errors import ConfigError, EngineError, IntentError, Place, Problem
from assistant.intents.builtins import BUILTIN_ACTIONS
from assistant.intents.loader import load_intents
from assistant.intents.matcher import compile_intents
from assistant.intents.model import Command, IntentSet, SourceFile
from assistant.paths import Paths
from assistant.wake.gate import WakeGate

if TYPE_CHECKING:
    from assistant.config import EndpointingSettings
    from assistant.pipeline import Pipeline
    from assistant.ports import AudioSource, Grammar, Recognizer

SHIPPED_LAYER = 0
RESPONSES_FILE = "responses.yaml"


def load_configuration(paths: Paths, explicit: Path | None = None) -> tuple[Settings, Path | None]:
    """Read the configuration file, if there is one; returns where it was found, too."""
    path = explicit or next((path for path in paths.config_file if path.exists()), None)
    if path is None:
        return Settings(), None
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem(f"cannot be read: {_reason(error)}", Place(str(path), 1, 1))
        raise ConfigError([problem]) from error
    return _at_home(load_settings(text, str(path), path.parent)), path


def _at_home(settings: Settings) -> Settings:
    """Let ``~`` in a path be the user's home."""
    changed = {}
    for name, section in settings:
        paths = {key: value.expanduser() for key, value in section if isinstance(value, Path)} | {
            key: tuple(path.expanduser() for path in value)
            for key, value in section
            if isinstance(value, tuple)
        }
        changed[name] = section.model_copy(update=paths)
    return settings.model_copy(update=changed)


# --- intents --------------------------------------------------------------------------------------


def shipped_intents(language: str) -> Path:
    """Return the folder of the shipped intents, of an installed package or of a checkout."""
    package = Path(__file__).parent
    installed = package / "shipped" / "intents"
    return (installed if installed.is_dir() else package.parent / "intents") / language


def read_intent_files(
    settings: Settings, paths: Paths, instead: Sequence[Path] = ()
) -> list[SourceFile]:
    """Read every intent file in force, lowest layer first.

    ``instead`` are files or folders that take the place of the configured ones; the assistant's
    own sentences (``responses.yaml``) are there in any case. Raises IntentError.
    """
    shipped = shipped_intents(settings.intents.language)
    if settings.intents.shipped and not instead and not shipped.is_dir():
        raise EngineError(
            f"There are no shipped intents in the language '{settings.intents.language}'.",
            "Set intents.language to 'en', or intents.shipped to false.",
        )
    alone = bool(instead) or not settings.intents.shipped
    layers: list[tuple[Sequence[Path], bool]]
    layers = [([shipped / RESPONSES_FILE if alone else shipped], False)]
    if instead:
        layers.append((instead, True))
    else:
        layers += [([folder], False) for folder in reversed(paths.owner_intents)]
        layers += [([folder], True) for folder in settings.intents.directories]
    problems: list[Problem] = []
    files = [
        SourceFile(str(path), text, layer)
        for layer, (places, required) in enumerate(layers)
        for path in _yaml_files(places, required, problems)
        if (text := _read(path, problems)) is not None
    ]
    if problems:
        raise IntentError(problems)
    return files


def _yaml_files(places: Iterable[Path], required: bool, problems: list[Problem]) -> list[Path]:
    found: list[Path] = []
    for place in places:
        if place.is_dir():
            found += sorted([*place.rglob("*.yaml"), *place.rglob("*.yml")])
        elif place.exists():
            found.append(place)
        elif required:
            problems.append(
                Problem("no such file or folder", Place(str(place), 1, 1), "check the path")
            )
    return found


def _read(path: Path, problems: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(f"cannot be read: {_reason(error)}", Place(str(path), 1, 1)))
        return None


def _reason(error: OSError | UnicodeDecodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"not UTF-8 at byte {error.start}"
    return error.strerror or str(error)


def load_understanding(
    settings: Settings, paths: Paths, instead: Sequence[Path] = ()
) -> Understanding:
    """Read and compile the intents. Raises IntentError with every mistake of every file."""
    files = read_intent_files(settings, paths, instead)
    intents = load_intents(files, BUILTIN_ACTIONS, settings.intents.language)
    return Understanding(
        intents,
        compile_intents(intents),
        settings.recognizer.minimum_confidence,
        random.randrange,
    )


def spoken_grammar(understanding: Understanding) -> Grammar:
    """Make the grammar of everything that can be said. EngineError when that is nothing."""
    from assistant.recognizers.grammar import compile_grammar

    if not understanding.graph.sentences:
        raise EngineError(
            "There is no sentence to listen for.",
            "Write an intent with sentences, or set intents.shipped to true.",
        )
    return compile_grammar(understanding.graph)


def command_specs(intents: IntentSet, default_seconds: float) -> dict[str, CommandSpec]:
    """Return the owner's commands by intent, as the bridge runs them."""
    return {
        name: CommandSpec(
            intent.action.argv,
            intent.action.timeout_seconds or default_seconds,
            intent.action.speak_output,
        )
        for name, intent in intents.intents.items()
        if isinstance(intent.action, Command)
    }


# --- engines --------------------------------------------------------------------------------------


def source_opener(name: str, *, realtime: bool) -> Callable[[], AudioSource]:
    """Return what opens the source: '-' is raw PCM on stdin, a file's path, or a device's name."""

    def open_source() -> AudioSource:
        from assistant.audio.files import FileSource, RawSource

        if name == "-":
            return RawSource(sys.stdin.buffer)
        if Path(name).suffix.lower() in {".wav", ".flac", ".ogg"} or Path(name).is_file():
            return FileSource(Path(name), tail_seconds=2.0, realtime=realtime)
        from assistant.audio.devices import MicrophoneSource

        return MicrophoneSource(name)

    return open_source


def build_recognizer(settings: Settings, paths: Paths) -> Recognizer:
    """Load the recognizer; 'auto' is Vosk where a model is configured or found."""
    from assistant.recognizers import vosk
    from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer

    chosen = settings.recognizer.engine
    model = settings.recognizer.vosk_model or vosk.find_model(paths.models)
    if chosen == "auto":
        chosen = "vosk" if model is not None else "pocketsphinx"
    if chosen == "vosk":
        if model is None:
            raise EngineError(f"There is no Vosk model in {paths.models}.", vosk.HOW_TO_GET_A_MODEL)
        return vosk.VoskRecognizer(model)
    if settings.intents.language != "en":
        raise EngineError(
            f"PocketSphinx has no model for the language '{settings.intents.language}'.",
            f"Use Vosk: unpack a model of the language into {paths.models}.",
        )
    return PocketSphinxRecognizer()


def build_pipeline(
    settings: Settings,
    recognizer: Recognizer,
    *,
    wake: bool = True,
    endpointing: EndpointingSettings | None = None,
) -> Pipeline:
    """Load the wake word (unless ``wake`` is false) and voice activity, and put them together."""
    from assistant.audio.vad import SileroVad
    from assistant.pipeline import Pipeline
    from assistant.wake.openwakeword import OpenWakeWord, find_word

    word = settings.wake.word
    engine = None
    if wake:
        model = settings.wake.model
        if model is not None and not model.is_file():
            raise EngineError(f"There is no wake word model {model}.", "Check wake.model.")
        engine = OpenWakeWord({word: model or find_word(word)})
    phrase = word.replace("_", " ").replace("-", " ").lower()
    return Pipeline(
        wake=engine,
        gate=WakeGate(
            settings.wake.threshold,
            settings.wake.patience_chunks,
            settings.wake.refractory_seconds,
        ),
        vad=SileroVad(),
        recognizer=recognizer,
        audio=settings.audio,
        endpointing=endpointing or settings.endpointing,
        wake_phrases=(phrase, phrase.split()[-1]) if wake else (),
    )


def grammar_warnings(unknown: Sequence[str], recognizer: str) -> str:
    """One sentence on words that the recognizer cannot hear; '' when it can hear all."""
    if not unknown:
        return ""
    words = ", ".join(f"'{word}'" for word in unknown[:10])
    more = f" and {len(unknown) - 10} more" if len(unknown) > 10 else ""
    return f"{recognizer} does not know {words}{more}: sentences with them cannot be heard."
