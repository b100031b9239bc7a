"""The recordings are what their list says; what the assistant makes of them is tested elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
import soundfile
import yaml

from assistant.audio.frames import SAMPLE_RATE
from tests.scripts import load_script

FOLDER = Path(__file__).parent / "data" / "recordings"
LISTED = yaml.safe_load((FOLDER / "recordings.yaml").read_text())
CONVERSATION = Path(__file__).parent.parent / "assistant" / "demo" / "conversation.flac"


def test_every_recording_is_listed_and_every_listed_one_is_there() -> None:
    assert sorted(entry["file"] for entry in LISTED) == sorted(
        path.name for path in FOLDER.glob("*.flac")
    )


def test_the_list_is_what_the_script_would_write() -> None:
    recordings = load_script("make-recordings").RECORDINGS
    assert [entry.describe() for entry in recordings] == LISTED


@pytest.mark.parametrize(
    "path",
    [*(FOLDER / entry["file"] for entry in LISTED), CONVERSATION],
    ids=lambda path: path.stem,
)
def test_recording_is_short_and_as_the_pipeline_hears(path: Path) -> None:
    found = soundfile.info(path)
    assert (found.samplerate, found.channels, found.subtype) == (SAMPLE_RATE, 1, "PCM_16")
    assert found.duration < (35 if path == CONVERSATION else 6)
