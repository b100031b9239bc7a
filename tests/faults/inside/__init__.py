"""A folder that is put on PYTHONPATH, and what it needs there."""

from __future__ import annotations

import os
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent.parent


class Faults:
    """Says what is to befall an assistant that is started in this ``environment``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        paths = [str(HERE), str(ROOT)]
        self.environment = {
            "ASSISTANT_FAULTS": str(folder),
            "PYTHONPATH": os.pathsep.join([*paths, *filter(None, [os.environ.get("PYTHONPATH")])]),
        }

    def set_clock(self, seconds: float) -> None:
        """Set the clock to so many seconds after the real one."""
        self._write("clock", str(seconds))

    def refuse(self, reason: str) -> None:
        """Have PortAudio refuse every device; '' to have it open them again."""
        self._write("refusal", reason)

    def lose_sound(self) -> None:
        """Have microphones lose what is not taken in time."""
        self._write("buffer", "small")

    def hang(self, *, hangs: bool) -> None:
        """Let SIGUSR1 hang the loop, or let go of it."""
        if hangs:
            self._write("hang", "1")
        else:
            (self.folder / "hang").unlink()

    def _write(self, name: str, text: str) -> None:
        part = self.folder / f"{name}.part"
        part.write_text(text)
        part.replace(self.folder / name)
