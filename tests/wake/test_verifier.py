"""The speaker verifier on synthetic voices, its file, and what it says of a wrong one."""

from __future__ import annotations

import io
import os
import pickle
import stat
import zipfile
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.frames import Samples
from assistant.config import WakeSettings
from assistant.errors import EngineError
from assistant.wake.verifier import FORM, MAKE_IT, Verifier
from assistant.wake.voice import FEATURES
from tests.recognizers.synthesised import say

TEXTS = ("hey jarvis", "hey jarvis what time is it", "hey jarvis stop", "hey jarvis louder")
OWNER, OTHER = "en-us+f2", "en-us+m3"
DEFAULT = WakeSettings().verifier_threshold


def calls(voice: str) -> list[Samples]:
    return [say(text, voice) for text in TEXTS]


@pytest.fixture(scope="module")
def verifier() -> Verifier:
    return Verifier.enrol(calls(OWNER))


@pytest.mark.engines
def test_the_owner_is_taken_and_another_is_not(verifier: Verifier) -> None:
    """They say what nobody enrolled."""
    assert verifier.score(say("hey jarvis set a timer for ten minutes", OWNER)) > DEFAULT
    assert verifier.score(say("hey jarvis set a timer for ten minutes", OTHER)) < DEFAULT
    assert verifier.score(say("hey jarvis", OTHER)) < DEFAULT  # the word is the same


@pytest.mark.engines
def test_the_owner_s_recordings_are_like_each_other(verifier: Verifier) -> None:
    scores = verifier.left_out_scores()
    assert len(scores) == verifier.recordings == len(TEXTS)
    assert min(scores) > DEFAULT


@pytest.mark.engines
def test_a_recording_that_is_somebody_else_s_stands_out() -> None:
    *own, strange = Verifier.enrol([*calls(OWNER), say("hey jarvis", OTHER)]).left_out_scores()
    assert strange < min(own)


def test_recordings_without_a_voice_are_too_few() -> None:
    quiet = [np.zeros(16_000, dtype=np.int16)] * 5
    with pytest.raises(EngineError) as error:
        Verifier.enrol(quiet)
    assert error.value.message == "There is a voice in 0 of 5 recordings; it takes 3 at least."


@pytest.mark.engines
def test_it_is_kept_for_this_user_only(verifier: Verifier, tmp_path: Path) -> None:
    path = tmp_path / "wake" / "ann.voice.npz"
    before = os.umask(0)
    try:
        verifier.save(path)
        verifier.save(path)  # again, over the old one
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in path.parent.iterdir()] == ["ann.voice.npz"]
    call = say("hey jarvis", OWNER)
    assert Verifier.load(path).score(call) == verifier.score(call)


def npz(**arrays: object) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        for name, one in arrays.items():
            with file.open(f"{name}.npy", "w") as part:
                np.save(part, np.asarray(one))
    return content.getvalue()


WHOLE = npz(form=FORM, voice=np.zeros((3, FEATURES)))
BROKEN = "is no voice, or is broken."
FOREIGN = "is no voice of this version of the assistant."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", BROKEN),
        (b"hello", BROKEN),
        (WHOLE[:200], BROKEN),
        (WHOLE[: len(WHOLE) // 2] + b"\xff" * 40 + WHOLE[len(WHOLE) // 2 + 40 :], BROKEN),
        (pickle.dumps({"form": FORM}), BROKEN),
        (npz(form=FORM, voice=np.array([{}], dtype=object)), BROKEN),
        (npz(voice=np.zeros((3, FEATURES))), BROKEN),
        (npz(form="another", voice=np.zeros((3, FEATURES))), FOREIGN),
        (npz(form=FORM, voice=np.zeros((3, FEATURES + 1))), FOREIGN),
        (npz(form=FORM, voice=np.zeros((0, FEATURES))), FOREIGN),
        (npz(form=FORM, voice=np.zeros(FEATURES)), FOREIGN),
        (npz(form=FORM, voice=np.full((3, FEATURES), np.nan)), FOREIGN),
        (npz(form=FORM, voice=np.zeros((3, FEATURES), dtype=np.float32)), FOREIGN),
    ],
    ids=[
        "empty", "text", "cut off", "overwritten", "pickle", "objects", "no form", "other form",
        "too wide", "no recordings", "one row", "not numbers", "other numbers",
    ],
)  # fmt: skip
def test_error_a_wrong_file_is_told_in_a_sentence(
    content: bytes, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "ann.voice.npz"
    path.write_bytes(content)
    with pytest.raises(EngineError) as error:
        Verifier.load(path)
    assert error.value.message == f"{path} {message}"
    assert error.value.hint == MAKE_IT


def test_error_no_file(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"cannot be read \(No such file or directory\)"):
        Verifier.load(tmp_path / "nobody.voice.npz")
