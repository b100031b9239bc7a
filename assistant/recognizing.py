"""Composition of the recognizer: from settings to who listens, and who gives a second opinion."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from assistant.errors import EngineError
from assistant.intents.words import base_language
from assistant.recognizers import voskmodel
from assistant.recognizers.phones.models import PhoneModels

if TYPE_CHECKING:
    from assistant.config import Settings
    from assistant.paths import Paths
    from assistant.ports import Recognizer


def build_recognizer(
    settings: Settings, paths: Paths, *, alone: bool = True, grammars: int = 2
) -> Recognizer:
    """Load the recognizer, with a second one where a second opinion is wanted.

    'auto' is Vosk where a model is configured or found, unless that is the second opinion, else
    PocketSphinx. Phones are its second opinion, where the wake word's engine has loaded most of
    them anyway. Unless it is ``alone``, there are others, of other languages. It hears so many
    ``grammars`` in turn. Raises EngineError.
    """
    loader = _Loader(settings, paths, alone=alone, grammars=grammars)
    first, second = loader.chosen()
    recognizer = loader.load(first)
    if second == "none":
        return recognizer
    from assistant.recognizers.combined import CombinedRecognizer
    from assistant.recognizers.phones.fusion import SURE_ALONE, PhoneJudge
    from assistant.recognizers.phones.recognizer import PhoneRecognizer

    other = loader.load(second)
    if isinstance(recognizer, PhoneRecognizer):
        return CombinedRecognizer(recognizer, other, PhoneJudge(recognizer, first=True))
    if isinstance(other, PhoneRecognizer):
        # Of Vosk it is not known how often it is right when it is sure.
        sure = SURE_ALONE if first == "pocketsphinx" else math.inf
        judge = PhoneJudge(other, first=False)
        return CombinedRecognizer(recognizer, other, judge, sure=sure)
    return CombinedRecognizer(recognizer, other)


class _Loader:
    """Finds out which recognizers there are, and loads those that are wanted."""

    def __init__(self, settings: Settings, paths: Paths, *, alone: bool, grammars: int) -> None:
        self._settings, self._paths = settings, paths
        self._language = settings.intents.language
        self._grammars = grammars
        self._vosk_model = settings.recognizer.vosk_model or voskmodel.find_model(
            paths.models, self._language, alone=alone
        )
        self._phone_models = PhoneModels(paths.phone_models, self._language)

    def chosen(self) -> tuple[str, str]:
        """Return the first one and the second one, 'none' of the latter where it is not wanted."""
        first: str = self._settings.recognizer.engine
        second: str = self._settings.recognizer.second_opinion
        if first == "auto":
            embedded = "phones" if second == "pocketsphinx" else "pocketsphinx"
            first = "vosk" if self._vosk_model is not None and second != "vosk" else embedded
        if second == "auto":
            cheap = self._settings.wake.engine == "openwakeword" and self._phone_models.there_is_one
            second = "phones" if first == "pocketsphinx" and cheap else "none"
        if first == second:
            raise EngineError(
                f"A second opinion cannot come from {first}, which hears everything already.",
                "Set recognizer.second_opinion to another recognizer, or to none.",
            )
        return first, second

    def load(self, engine: str) -> Recognizer:
        """Load one of them. Raises EngineError."""
        match engine:
            case "vosk":
                return self._vosk()
            case "phones":
                return self._phones()
            case _:
                return self._pocketsphinx()

    def _vosk(self) -> Recognizer:
        if self._vosk_model is None:
            raise EngineError(
                f"There is no Vosk model in {self._paths.models}.", voskmodel.HOW_TO_GET_A_MODEL
            )
        from assistant.recognizers.vosk import VoskRecognizer

        return VoskRecognizer(self._vosk_model)

    def _phones(self) -> Recognizer:
        from assistant.embedding.bundle import embedding_checksum
        from assistant.recognizers.espeak import guess_phones
        from assistant.recognizers.phones.recognizer import PhoneRecognizer
        from assistant.waking import load_embedding

        features = self._settings.wake.features
        model = self._phone_models.load(embedding_checksum(features))
        embedding = load_embedding(self._paths.cache, features)
        return PhoneRecognizer(
            model.network,
            embedding,
            guess_phones,
            kept_grammars=self._grammars,
            recordings=model.recordings,
        )

    def _pocketsphinx(self) -> Recognizer:
        if base_language(self._language) != "en":
            second = self._settings.recognizer.second_opinion
            alone = " alone (second_opinion: none)" if second not in {"auto", "none"} else ""
            raise EngineError(
                f"PocketSphinx has no model for the language '{self._language}'.",
                f"Use Vosk{alone}: unpack a model of the language into {self._paths.models}.",
            )
        from assistant.recognizers.espeak import guess_phones
        from assistant.recognizers.pocketsphinx import PocketSphinxRecognizer

        return PocketSphinxRecognizer(guess_phones, kept_grammars=self._grammars)
