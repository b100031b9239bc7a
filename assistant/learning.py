"""What the phone recognizer is to learn of an owner: their sentences, and recordings of some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant import clock
from assistant.config import Settings
from assistant.embedding.bundle import embedding_checksum, load_bundle
from assistant.embedding.features import SpeechEmbedding
from assistant.engines import answer_grammar, load_understanding, spoken_grammar
from assistant.measuring.clips import recorded
from assistant.paths import Paths
from assistant.recognizers.dictionary import Lexicon, packaged_dictionary
from assistant.recognizers.espeak import guess_phones
from assistant.recognizers.phones.features import MidFrames
from assistant.recognizers.phones.hypothesis import Weights
from assistant.recognizers.phones.model import Model
from assistant.recognizers.phones.models import PhoneModels
from assistant.recognizers.phones.training.adaptation import (
    Adapted,
    Recording,
    Task,
    adapt,
    vocabulary_words,
)
from assistant.recognizers.phones.training.lesson import Vocabulary
from assistant.recognizers.pronunciation import pronounce
from assistant.wake.training.material import Track
from assistant.wake.training.voices import find_voices


@dataclass(frozen=True, slots=True)
class Lesson:
    """A task, the model that learns it, and the one in use, which it has to beat."""

    task: Task
    begin: Model
    current: Model

    @property
    def recordings(self) -> int:
        """How many recordings are known afterwards."""
        return len(self.task.recordings) or self.begin.recordings or 0


def prepare(
    settings: Settings,
    places: Paths,
    intents: Sequence[Path],
    recordings: Path | None,
    sentences: int,
) -> Lesson:
    """Collect what is to be learnt. Raises EngineError, and what loading intents raises."""
    language = settings.intents.language
    models = PhoneModels(places.phone_models, language)
    checksum = embedding_checksum(settings.wake.features)
    current = models.load(checksum)
    understanding = load_understanding(settings, places, tuple(intents))
    commands, answers = spoken_grammar(understanding), answer_grammar(understanding)
    grammars = (commands,) if answers is None else (commands, answers)
    told = commands.sounds_like
    words = vocabulary_words(grammars, language)
    found = pronounce(words, told, Lexicon(packaged_dictionary()), guess_phones)
    clips = recorded(recordings, understanding) if recordings is not None else []
    task = Task(
        grammars,
        Vocabulary(found.of_words, told),
        language,
        [Recording(clip.samples, clip.sentence.text) for clip in clips],
        sentences,
    )
    # From the same beginning: what goes on learning night after night ends in the synthesizers.
    # What was learnt of people is not forgotten for a text.
    begin = current if current.recordings and not clips else models.load_shipped(checksum)
    return Lesson(task, begin, current)


def learn(lesson: Lesson, settings: Settings, places: Paths, track: Track) -> Adapted:
    """Learn it. Raises EngineError."""
    bundle = load_bundle(places.cache, settings.wake.features)
    return adapt(
        lesson.begin.network,
        lesson.task,
        find_voices(settings.intents.language),
        MidFrames(SpeechEmbedding(bundle)),
        track,
        weights=Weights(),
        current=lesson.current.network,
    )


def model_of(lesson: Lesson, adapted: Adapted) -> Model:
    """Put together what is kept."""
    recipe = {
        "made by": "assistant train",
        "made": clock.now().isoformat(timespec="seconds"),
        "sentences": lesson.task.sentences,
        "recordings": lesson.recordings,
        "hours": round(adapted.hours, 2),
        "before": asdict(adapted.before),
        "after": asdict(adapted.after),
    }
    return Model(adapted.network, lesson.begin.embedding, recipe)
