from __future__ import annotations

import asyncio
import json
import os
import textwrap
from pathlib import Path

import numpy as np
import pytest

from assistant.config import SpeechSettings
from assistant.errors import EngineError
from assistant.ports import Sound, Synthesizer
from assistant.speech.synthesizers import (
    EspeakSynthesizer,
    PiperSynthesizer,
    SilentSynthesizer,
    choose_synthesizer,
)


def speak(synthesizer: Synthesizer, text: str) -> Sound:
    return asyncio.run(synthesizer.synthesize(text))


def program(folder: Path, name: str, code: str) -> None:
    """An executable of this name, in Python."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text("#!/usr/bin/env python3\n" + textwrap.dedent(code))
    path.chmod(0o755)


@pytest.fixture
def nothing_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH without any program; put some into this folder."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


# --- espeak-ng -----------------------------------------------------------------------------------


@pytest.mark.engines
def test_espeak_speaks() -> None:
    sound = speak(EspeakSynthesizer(), "Timer set for five minutes.")
    assert sound.sample_rate == 22_050
    assert 1.0 < sound.seconds < 4.0
    assert np.abs(sound.samples.astype(int)).max() > 3000


@pytest.mark.engines
def test_espeak_speaks_longer_when_slower() -> None:
    slow, fast = (EspeakSynthesizer("en-gb", words) for words in (100, 300))
    assert speak(slow, "ten minutes left").seconds > 1.5 * speak(fast, "ten minutes left").seconds


LIKE_SYNTAX = {
    "an option": ("--version", "version"),
    "markup": ("<audio src='x'/> five", "audio src equals x slash five"),
    "phonemes": ("[[t'aIm3]] five", "five"),
    "several lines and a NUL": ("one\0two\n\nthree", "one two three"),
}


@pytest.mark.engines
@pytest.mark.parametrize(("text", "at_least"), LIKE_SYNTAX.values(), ids=LIKE_SYNTAX.keys())
def test_espeak_speaks_all_of_a_text_that_looks_like(text: str, at_least: str) -> None:
    espeak = EspeakSynthesizer()
    assert speak(espeak, text).seconds > 0.75 * speak(espeak, at_least).seconds > 0.2


@pytest.mark.engines
def test_espeak_makes_nothing_of_nothing() -> None:
    assert not speak(EspeakSynthesizer(), " \n").samples.size


@pytest.mark.engines
def test_error_espeak_has_no_such_voice() -> None:
    with pytest.raises(EngineError) as caught:
        speak(EspeakSynthesizer("moonish"), "hello")
    assert str(caught.value) == (
        "Espeak-ng has no voice 'moonish'. List its voices: espeak-ng --voices"
    )


def test_error_espeak_is_not_installed(nothing_installed: Path) -> None:
    with pytest.raises(EngineError) as caught:
        EspeakSynthesizer()
    assert str(caught.value) == (
        "espeak-ng is not installed. Install it: sudo apt install espeak-ng"
    )


@pytest.mark.engines
def test_error_espeak_removed_after_the_start(tmp_path: Path, nothing_installed: Path) -> None:
    program(nothing_installed, "espeak-ng", "")
    espeak = EspeakSynthesizer()
    (nothing_installed / "espeak-ng").unlink()
    with pytest.raises(EngineError) as caught:
        speak(espeak, "hello")
    assert str(caught.value) == (
        f"{nothing_installed / 'espeak-ng'} cannot be started: No such file or directory. "
        "Install it: sudo apt install espeak-ng"
    )


@pytest.mark.engines
def test_cancelling_ends_the_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "started")
    hangs = f"""
        import os, signal
        open({str(tmp_path / "started")!r}, "w").write(str(os.getpid()))
        signal.pause()
    """
    program(tmp_path / "bin", "espeak-ng", hangs)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)

    async def begin_and_cancel() -> int:
        speaking = asyncio.create_task(EspeakSynthesizer().synthesize("hello"))
        pid = await asyncio.to_thread((tmp_path / "started").read_text)
        speaking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await speaking
        return int(pid)

    pid = asyncio.run(begin_and_cancel())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)  # killed, and reaped too: a zombie would still be found


# --- piper ---------------------------------------------------------------------------------------

# As piper does: a line of text on stdin, raw samples of 16 bits on stdout, chatter on stderr.
STAND_IN = """
    import struct, sys
    assert sys.argv[1] == "--model" and sys.argv[2].endswith(".onnx"), sys.argv
    assert sys.argv[3:] == ["--output-raw"], sys.argv
    print("INFO:piper:loaded", file=sys.stderr)
    for line in sys.stdin:
        for byte in line.rstrip("\\n").encode():
            sys.stdout.buffer.write(struct.pack("<h", byte))
"""


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    path = tmp_path / "alan.onnx"
    path.write_bytes(b"weights")
    path.with_name("alan.onnx.json").write_text(json.dumps({"audio": {"sample_rate": 16_000}}))
    return path


@pytest.fixture
def piper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    program(folder, "piper", STAND_IN)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)
    return folder


@pytest.mark.engines
def test_piper_gets_one_line_and_gives_samples_at_the_rate_of_its_voice(
    piper: Path, voice: Path
) -> None:
    sound = speak(PiperSynthesizer(voice), "-x\nhello\tthere\0")
    assert sound.sample_rate == 16_000
    assert bytes(sound.samples.tolist()) == b"-x hello there"


@pytest.mark.engines
def test_error_piper_fails(piper: Path, voice: Path) -> None:
    program(piper, "piper", "import sys; sys.exit('onnxruntime: no such operator')")
    with pytest.raises(EngineError) as caught:
        speak(PiperSynthesizer(voice), "hello")
    assert str(caught.value) == "piper did not speak (status 1): onnxruntime: no such operator."


def test_error_piper_is_not_installed(nothing_installed: Path, voice: Path) -> None:
    with pytest.raises(EngineError) as caught:
        PiperSynthesizer(voice)
    assert str(caught.value) == "piper is not installed. Install it: pip install piper-tts"


@pytest.mark.parametrize("missing", ["alan.onnx", "alan.onnx.json"])
def test_error_half_a_voice(piper: Path, voice: Path, missing: str) -> None:
    path = voice.with_name(missing)
    path.unlink()
    with pytest.raises(EngineError) as caught:
        PiperSynthesizer(voice)
    assert str(caught.value) == (
        f"The voice of piper is not complete: there is no {path}. "
        "Download both files of the voice: .onnx and .onnx.json"
    )


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"audio": {"sample_rate": "high"}}'])
def test_error_voice_without_a_rate(piper: Path, voice: Path, content: str) -> None:
    description = voice.with_name("alan.onnx.json")
    description.write_text(content)
    with pytest.raises(EngineError) as caught:
        PiperSynthesizer(voice)
    assert str(caught.value) == (
        f"{description} does not say audio.sample_rate. Download the voice again."
    )


# --- which one -----------------------------------------------------------------------------------


def test_silence_is_an_empty_sound() -> None:
    assert speak(SilentSynthesizer(), "hello").seconds == 0


def test_auto_is_piper_where_it_has_a_voice(piper: Path, voice: Path) -> None:
    chosen = choose_synthesizer(SpeechSettings(piper_voice=voice))
    assert isinstance(chosen, PiperSynthesizer)


def test_auto_is_espeak_where_it_is_installed(nothing_installed: Path) -> None:
    program(nothing_installed, "espeak-ng", "")
    assert isinstance(choose_synthesizer(SpeechSettings()), EspeakSynthesizer)


@pytest.mark.engines
@pytest.mark.parametrize(
    ("voice", "language", "used"),
    [
        ("auto", "en", "en-gb"),
        ("auto", "de", "de"),
        ("auto", "de_AT", "de"),
        ("en-us", "de", "en-us"),
    ],
)
def test_the_voice_speaks_the_language_unless_another_is_chosen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, voice: str, language: str, used: str
) -> None:
    program(tmp_path / "bin", "espeak-ng", "import sys; sys.exit(' '.join(sys.argv[1:]))")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    settings = SpeechSettings(engine="espeak-ng", voice=voice)
    with pytest.raises(EngineError) as caught:
        speak(choose_synthesizer(settings, language), "hallo")
    assert str(caught.value) == (
        f"espeak-ng did not speak (status 1): --stdin --stdout -b 1 -v {used} -s 160."
    )


def test_auto_is_silence_where_nothing_is_installed(nothing_installed: Path) -> None:
    assert isinstance(choose_synthesizer(SpeechSettings()), SilentSynthesizer)


def test_none_is_silence(piper: Path, voice: Path) -> None:
    chosen = choose_synthesizer(SpeechSettings(engine="none", piper_voice=voice))
    assert isinstance(chosen, SilentSynthesizer)


def test_error_piper_without_a_voice() -> None:
    with pytest.raises(EngineError) as caught:
        choose_synthesizer(SpeechSettings(engine="piper"))
    assert str(caught.value) == (
        "Piper has no voice. Give one in the configuration: speech: piper_voice: FILE"
    )
