from __future__ import annotations

import builtins
import sys
from typing import Any

import pytest

from assistant.audio.devices import Device, Direction, choose_device, list_devices, stable_name
from assistant.errors import DeviceError


def device(full_name: str, direction: Direction = "input", default: bool = False) -> Device:
    return Device(
        name=stable_name(full_name),
        direction=direction,
        default=default,
        channels=1,
        default_rate=44_100,
        host_api="ALSA",
        full_name=full_name,
        index=0,
    )


HEADPHONES = device("bcm2835 Headphones: - (hw:0,0)", "output")
USB = device("USB PnP Sound Device: Audio (hw:1,0)")
CAMERA = device("HD Webcam C525: USB Audio (hw:2,0)")
DEFAULT = device("default", default=True)
DEVICES = [HEADPHONES, USB, CAMERA, DEFAULT]

NAMES = {
    "bcm2835 Headphones: - (hw:0,0)": "bcm2835 Headphones",
    "USB PnP Sound Device: Audio (hw:11,3)": "USB PnP Sound Device: Audio",
    "default": "default",
    "A (hw) thing": "A (hw) thing",
}


@pytest.mark.parametrize(("full_name", "name"), NAMES.items())
def test_a_stable_name_has_no_card_number(full_name: str, name: str) -> None:
    assert stable_name(full_name) == name


CHOICES = {
    "default": DEFAULT,
    "USB PnP Sound Device: Audio": USB,
    "usb pnp": USB,
    "webcam": CAMERA,
    "HD Webcam C525: USB Audio (hw:2,0)": CAMERA,
}


@pytest.mark.parametrize(("name", "chosen"), CHOICES.items())
def test_a_microphone_is_chosen_by(name: str, chosen: Device) -> None:
    assert choose_device(name, "input", DEVICES) is chosen


def test_without_a_default_the_first_is_it() -> None:
    assert choose_device("default", "output", DEVICES) is HEADPHONES


def test_a_whole_name_wins_over_being_part_of_another() -> None:
    short, long = device("USB Audio"), device("USB Audio Device")
    assert choose_device("usb audio", "input", [long, short]) is short


def test_two_of_a_kind_are_told_apart_by_their_card_number() -> None:
    first, second = device("Snowball: Audio (hw:1,0)"), device("Snowball: Audio (hw:2,0)")
    assert choose_device("Snowball: Audio (hw:2,0)", "input", [first, second]) is second
    with pytest.raises(DeviceError) as caught:
        choose_device("snowball", "input", [first, second])
    assert str(caught.value) == (
        "'snowball' could be 2 microphones: 'Snowball: Audio (hw:1,0)', "
        "'Snowball: Audio (hw:2,0)'. Give more of the name."
    )


ERRORS: dict[str, tuple[str, Direction, list[Device], str]] = {
    "ambiguous": (
        "usb",
        "input",
        DEVICES,
        (
            "'usb' could be 2 microphones: 'USB PnP Sound Device: Audio (hw:1,0)', "
            "'HD Webcam C525: USB Audio (hw:2,0)'. Give more of the name."
        ),
    ),
    "unknown": (
        "respeaker",
        "input",
        DEVICES,
        (
            "There is no microphone 'respeaker'. There is: 'USB PnP Sound Device: Audio', "
            "'HD Webcam C525: USB Audio', 'default'."
        ),
    ),
    "misspelt": (
        "bcm2835 Hedphones",
        "output",
        DEVICES,
        (
            "There is no loudspeaker 'bcm2835 Hedphones'. Did you mean 'bcm2835 Headphones'? "
            "There is: 'bcm2835 Headphones'."
        ),
    ),
    "no microphone": (
        "default",
        "input",
        [HEADPHONES],
        (
            "There is no microphone: this machine has no sound input. "
            "Plug one in, or give a recording instead of a microphone."
        ),
    ),
    "no loudspeaker": (
        "default",
        "output",
        [USB],
        (
            "There is no loudspeaker: this machine has no sound output. "
            "Plug one in, or set the output to 'none'."
        ),
    ),
}


@pytest.mark.parametrize(
    ("name", "direction", "devices", "message"), ERRORS.values(), ids=ERRORS.keys()
)
def test_error_choosing(
    name: str, direction: Direction, devices: list[Device], message: str
) -> None:
    with pytest.raises(DeviceError) as caught:
        choose_device(name, direction, devices)
    assert str(caught.value) == message


def test_error_without_portaudio(monkeypatch: pytest.MonkeyPatch) -> None:
    real_import = builtins.__import__

    def without_library(name: str, *rest: Any, **more: Any) -> Any:
        if name == "sounddevice":
            raise OSError("PortAudio library not found")  # what sounddevice itself raises
        return real_import(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_library)
    with pytest.raises(DeviceError) as caught:
        list_devices()
    assert str(caught.value) == (
        "PortAudio, the library for sound devices, is not installed. "
        "Install it: sudo apt install libportaudio2"
    )
