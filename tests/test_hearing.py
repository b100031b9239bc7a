"""What the recognizers hear: of what they do not hear any more nothing is kept."""

from __future__ import annotations

from assistant.hearing import Hearing
from assistant.wakewords import DEFAULT
from tests.recordings import grammar_of
from tests.test_floor import Deaf


def test_what_is_not_heard_any_more_is_let_go_of() -> None:
    """A recognizer that keeps decoders of old grammars grows with each change of an intent file."""
    deaf = Deaf()
    hearing = Hearing({DEFAULT: deaf}, ())
    hearing.use({DEFAULT: (grammar_of("stop"), grammar_of("yes"))})
    hearing.switch(DEFAULT, answers=True)
    hearing.switch(DEFAULT, instead=grammar_of("ten minutes"))
    before = list(deaf.grammars)
    hearing.use({DEFAULT: (grammar_of("stop now"), grammar_of("no"))})
    assert {id(one) for one in before} <= {id(one) for one in deaf.dropped}
    assert deaf.grammars[-1] not in deaf.dropped
