"""espeak-ng asked how words sound, which it knows by rules and so for every word."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Collection

from assistant.errors import EngineError
from assistant.recognizers.pronunciation import Phones, arpabet

VOICE = "en-us"
"""CMUdict, and the acoustic model trained with it, are American."""

# 4,000 words take 3 s on a desktop; an address book has some hundred that no dictionary has.
TIMEOUT_SECONDS = 20.0

# For a word of another script it says nothing, or the names of its characters.
_LATIN = re.compile("[a-z'ß-öø-ÿ]*[a-zß-öø-ÿ]")


def guess_phones(words: Collection[str]) -> dict[str, Phones]:
    """Guess how English words sound, one process for all; those of another script have none.

    Raises EngineError when espeak-ng is missing or fails.
    """
    program = shutil.which("espeak-ng")
    if program is None:
        raise EngineError(
            "espeak-ng is not installed, so no pronunciation of an unknown word can be guessed.",
            "Install it: sudo apt install espeak-ng",
        )
    asked = [word for word in words if _LATIN.fullmatch(word)]
    # A blank line between them, or espeak-ng reads two words as one phrase, and gives one line.
    command = (program, "-q", "--stdin", "-b", "1", "-v", VOICE, "--ipa", "--sep=_")
    try:
        done = subprocess.run(
            command,
            input="\n\n".join(asked) + "\n",
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
    except OSError as error:
        raise EngineError(f"{program} cannot be started: {error.strerror}.") from error
    except subprocess.TimeoutExpired as error:
        raise EngineError(
            f"espeak-ng took longer than {TIMEOUT_SECONDS:.0f} s to tell how words sound."
        ) from error
    if done.returncode:
        raise EngineError(
            f"espeak-ng failed (status {done.returncode}) when asked how words sound."
        )
    lines = [line.strip() for line in done.stdout.splitlines() if line.strip()]
    if len(lines) != len(asked):
        raise EngineError(
            f"espeak-ng told of {len(lines)} words when asked for {len(asked)}.",
            "Install espeak-ng 1.50 or newer.",
        )
    guesses = zip(asked, map(arpabet, lines), strict=True)
    return {word: phones for word, phones in guesses if phones}
