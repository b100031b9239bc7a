"""Recognizers in processes of their own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.config import Settings
from assistant.errors import EngineError
from assistant.measuring.clips import SYNTHESISED, Clip, Sentence
from assistant.measuring.engines import Engine, find_engines, measure
from assistant.measuring.scores import CLEAN, COMMANDS, OTHER_SPEECH, Share
from assistant.paths import Paths, find_paths
from assistant.recognizers.voskmodel import DYNAMIC_GRAPH, MODEL_FILES
from tests.measuring.speech import say
from tests.recordings import NO_FOLDERS, VOSK_MODEL, shipped


def model(folder: Path, name: str) -> Path:
    """What looks like a Vosk model, and is none."""
    for file in (*MODEL_FILES, *DYNAMIC_GRAPH):
        path = folder / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("not a model")
    return folder / name


def at(folder: Path) -> Paths:
    return find_paths({"HOME": str(folder), "XDG_STATE_HOME": str(folder)}, 0)


def settings(**sections: dict[str, object]) -> Settings:
    return Settings.model_validate(sections)


def names(engines: list[Engine]) -> list[str]:
    return [engine.name for engine in engines]


def test_every_model_is_found_once(tmp_path: Path) -> None:
    paths = at(tmp_path)
    small, large = model(paths.models, "small"), model(paths.models, "large")
    (paths.models / "notes").mkdir()
    own = model(tmp_path, "own")
    configured = settings(recognizer={"vosk_model": str(small), "second_opinion": "vosk"})
    assert names(find_engines(configured, paths, [own, large])) == [
        "PocketSphinx",
        "Vosk, small", "Vosk, small + PocketSphinx",
        "Vosk, large", "Vosk, large + PocketSphinx",
        "Vosk, own", "Vosk, own + PocketSphinx",
    ]  # fmt: skip


def test_what_to_write_into_the_configuration(tmp_path: Path) -> None:
    own = model(tmp_path, "own")
    sphinx, vosk, both = find_engines(
        settings(recognizer={"second_opinion": "vosk"}), NO_FOLDERS, [own]
    )
    assert sphinx.lines == {"engine": "pocketsphinx"}
    assert vosk.lines == {"engine": "vosk", "vosk_model": str(own)}
    assert both.lines == {
        "engine": "vosk",
        "second_opinion": "pocketsphinx",
        "vosk_model": str(own),
    }
    assert sphinx.settings.recognizer.vosk_model is None


def test_pocketsphinx_hears_english_only(tmp_path: Path) -> None:
    german = settings(intents={"language": "de"})
    assert names(find_engines(german, NO_FOLDERS, [model(tmp_path, "german")])) == ["Vosk, german"]
    with pytest.raises(EngineError, match=r"There is no recognizer for the language 'de' here"):
        find_engines(german, NO_FOLDERS)


def test_error_a_folder_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"is not a Vosk model\. Unpack a model such as"):
        find_engines(Settings(), NO_FOLDERS, [tmp_path])


# --- the processes --------------------------------------------------------------------------------


def clip(text: str, kind: str) -> Clip:
    return Clip(Sentence(text, kind), SYNTHESISED, CLEAN, say(text))


@pytest.mark.engines
def test_sentences_are_heard_by_pocketsphinx() -> None:
    """Three commands and one sentence that is none, in another process."""
    clips = [clip(text, COMMANDS) for text in ("what time is it", "cancel the timer", "stop")]
    clips.append(clip("my grandmother lives in a yellow house", OTHER_SPEECH))
    done: list[int] = []
    [engine] = find_engines(Settings(), NO_FOLDERS)
    score = measure(engine, NO_FOLDERS, shipped().intents, clips, lambda: done.append(1))
    assert len(done) == 4
    assert [result.text for result in score.results] == [one.sentence.text for one in clips]
    assert score.accepted().count >= 2
    assert score.false(OTHER_SPEECH) == Share(0, 1)
    assert score.memory > 30
    assert score.load_seconds > 0
    assert score.words > 100
    assert score.unknown == ()
    assert score.cpu_a_second > 0
    assert score.real_time_factor > 0


@pytest.mark.engines
def test_sentences_are_heard_by_two_together() -> None:
    *_, both = find_engines(Settings(), NO_FOLDERS, [VOSK_MODEL])
    score = measure(
        both, NO_FOLDERS, shipped().intents, [clip("what time is it", COMMANDS)], lambda: None
    )
    assert score.engine == "Vosk, vosk-mini + PocketSphinx"
    assert [result.text for result in score.results] == ["what time is it"]
    assert score.accepted() == Share(1, 1)


@pytest.mark.engines
def test_a_model_that_cannot_be_loaded_is_told(tmp_path: Path) -> None:
    broken = model(tmp_path, "broken")
    _, engine, _ = find_engines(Settings(), NO_FOLDERS, [broken])
    score = measure(engine, NO_FOLDERS, shipped().intents, [], lambda: None)
    assert score.error.startswith(f"The Vosk model {broken} is broken: am/final.mdl is no network")
    assert score.results == ()


@pytest.mark.engines
def test_a_recognizer_whose_process_ends_is_told() -> None:
    """Without settings it ends with an error that nobody has foreseen."""
    [engine] = find_engines(Settings(), NO_FOLDERS)
    broken = replace(engine, settings=None)  # type: ignore[arg-type]
    score = measure(broken, NO_FOLDERS, shipped().intents, [], lambda: None)
    assert score.error == "it ended by itself (status 1)"
