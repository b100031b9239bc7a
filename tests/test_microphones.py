"""Microphones: what was left out is filled in."""

from __future__ import annotations

from assistant.config import Settings, load_settings
from assistant.microphones import contexts, microphones
from assistant.wakewords import wake_words

SEVERAL = load_settings(
    """\
audio:
  microphones:
    kitchen: {source: USB, context: {area: kitchen}}
    hall: {words: [alexa]}
wake: {words: {hey_jarvis: , alexa: }}
intents: {context: {area: house, floor: 1}}
""",
    "config.yaml",
)


def test_the_only_one_has_no_name_and_hears_everything() -> None:
    settings = load_settings("audio: {source: USB}\nintents: {context: {area: hall}}", "c.yaml")
    (only,) = microphones(settings)
    assert (only.name, only.source, only.context) == ("", "USB", {"area": "hall"})
    assert only.words == wake_words(settings)
    assert contexts(settings) == contexts(Settings()) == {}


def test_where_one_stands_is_said_beside_what_holds_everywhere() -> None:
    assert contexts(SEVERAL) == {
        "kitchen": {"area": "kitchen", "floor": 1},
        "hall": {"area": "house", "floor": 1},
    }


def test_one_listens_for_its_words_else_for_all() -> None:
    heard = {one.name: [word.name for word in one.words] for one in microphones(SEVERAL)}
    assert heard == {"kitchen": ["hey_jarvis", "alexa"], "hall": ["alexa"]}
    assert [one.source for one in microphones(SEVERAL)] == ["USB", "default"]
