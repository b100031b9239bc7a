"""Words that people said for two children's programs of KDE's, in Debian's main archive.

One person for each language and program: KTuberling names things, KLettres says syllables and
short words. What is said is told by the names of the files; those of KTuberling are English, so the
German words for them were written down here, several where several are usual.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
import soxr

from assistant.audio.frames import SAMPLE_RATE
from assistant.measuring.noise import Signal
from assistant.wake.training.voices import trimmed

INSTALL = "sudo apt install ktuberling-data klettres-data"
GERMAN_THINGS = {
    "ball": "ball", "bow": "schleife|fliege", "coat": "mantel|jacke", "ear": "ohr",
    "earring": "ohrring", "egypt_arch": "bogen|torbogen", "egypt_birds": "vögel",
    "egypt_boy": "junge", "egypt_bridge": "brücke", "egypt_camel": "kamel",
    "egypt_cart": "karren|wagen", "egypt_column": "säule", "egypt_donkey": "esel",
    "egypt_girl": "mädchen", "egypt_grass": "gras", "egypt_man": "mann", "egypt_oasis": "oase",
    "egypt_palmtree": "palme", "egypt_pyramid": "pyramide", "egypt_road": "straße",
    "egypt_sphynx": "sphinx", "egypt_well": "brunnen", "egypt_woman": "frau", "eye": "auge",
    "eyebrow": "augenbraue", "flower": "blume", "hair": "haar|haare", "hat": "hut",
    "moon_alien": "außerirdischer|alien", "moon_astronaut": "astronaut", "moon_earth": "erde",
    "moon_fallingstar": "sternschnuppe", "moon_hotel": "hotel", "moon_monster": "monster",
    "moon_moonwalker": "mondfahrzeug|mondauto", "moon_planet": "planet", "moon_radar": "radar",
    "moon_rocket": "rakete", "moon_satellite": "satellit", "moon_sign": "schild|zeichen",
    "moon_star": "stern", "moon_ufo": "ufo", "moustache": "schnurrbart|bart", "mouth": "mund",
    "nose": "nase", "pizzeria_anchovy": "sardelle|sardellen|anschovis",
    "pizzeria_bacon": "speck", "pizzeria_broccolli": "brokkoli", "pizzeria_cheese": "käse",
    "pizzeria_cucumber": "gurke", "pizzeria_mushroom": "pilz|pilze|champignon",
    "pizzeria_olive": "olive", "pizzeria_onion": "zwiebel", "pizzeria_oregano": "oregano",
    "pizzeria_pepper": "pfeffer|paprika", "pizzeria_pepperoni": "peperoni",
    "pizzeria_pineapple": "ananas", "pizzeria_salami": "salami", "pizzeria_tomato": "tomate",
    "shoes": "schuhe", "shorts": "shorts", "skirt": "rock", "spectacles": "brille",
    "stick": "stock", "sunglasses": "sonnenbrille", "tie": "krawatte|schlips",
    "tv_bicycle": "fahrrad", "tv_car": "auto", "tv_cyclist": "radfahrer|fahrradfahrer",
    "tv_train": "zug", "tv_tree": "baum", "umbrella": "regenschirm|schirm",
}  # fmt: skip
ENGLISH_THINGS = {
    "egypt_palmtree": "palm tree", "moon_fallingstar": "falling star", "egypt_sphynx": "sphinx",
    "pizzeria_broccolli": "broccoli", "moon_moonwalker": "moon walker",
}  # fmt: skip
"""Where a file's name is not the word."""
_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "sz"})
_SHORT_WORDS = {
    "de": "affe auch bär bus dem die dir ein eule fisch frau fuß gut haus heu hund ist ja kind "
    "lisa nase öl opa pute reh rot sein sitz tür vor was will wo zu",
    "en": "car dog fix gas gem hot jet key me my no pet saw say sit sky",
    "en_GB": "arm ball car dog ear fix gas gem hot hut jet key me my no or pet saw say sit sky the "
    "well",
}


@dataclass(frozen=True)
class Word:
    """What somebody said, in one of these ways, and that person."""

    path: Path
    texts: tuple[str, ...]
    speaker: str


def german(share: Path) -> list[Word]:
    """Those of German. Raises FileNotFoundError where a package is not installed."""
    return [*_things(share, "de", GERMAN_THINGS), *_short(share, "de")]


def english(share: Path) -> list[Word]:
    """Those of English. Raises FileNotFoundError where a package is not installed."""
    names = {name: name.rpartition("_")[2] for name in (*GERMAN_THINGS, "shoe")} | ENGLISH_THINGS
    del names["shoes"]
    return [*_things(share, "en", names), *_short(share, "en"), *_short(share, "en_GB")]


def samples_of(word: Word) -> Signal:
    """What is said, from its first loud sample to its last."""
    samples, rate = soundfile.read(word.path, always_2d=True)
    return trimmed(np.asarray(soxr.resample(samples.mean(axis=1), rate, SAMPLE_RATE)))


def _things(share: Path, language: str, words: Mapping[str, str]) -> list[Word]:
    folder = share / "ktuberling" / "sounds" / language
    return [
        Word(_there(folder / f"{name}.ogg"), tuple(texts.split("|")), f"ktuberling {language}")
        for name, texts in sorted(words.items())
    ]


def _short(share: Path, language: str) -> list[Word]:
    folder = share / "klettres" / language / "syllab"
    return [
        Word(_there(folder / f"{word.translate(_LETTERS)}.ogg"), (word,), f"klettres {language}")
        for word in _SHORT_WORDS[language].split()
    ]


def _there(path: Path) -> Path:
    if not path.is_file():
        raise FileNotFoundError(f"{path} is missing. Install it: {INSTALL}")
    return path
