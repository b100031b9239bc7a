"""The units and the service manager: the system's, or that of a user."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from scripts.installing.places import NIGHT, SERVICES, Places
from scripts.installing.telling import progress, run, say

LINES = 12


class Services:
    """The two services. Where no service manager runs, they are made ready for its start."""

    def __init__(self, places: Places) -> None:
        self._places = places
        whose = ("--user",) if places.for_user else ()
        self._command: tuple[str, ...] = ("systemctl", *whose)
        self._offline = not places.is_this_machine or not self._answers()
        if self._offline and not places.for_user:
            self._command = ("systemctl", f"--root={places.root}")

    @property
    def offline(self) -> bool:
        """Whether there is no service manager to talk to."""
        return self._offline

    def _answers(self) -> bool:
        if not shutil.which("systemctl"):
            return False
        # It fails where no service manager runs, or no session of the user.
        return self._call("show", "--property=Version").returncode == 0

    def are_active(self) -> bool:
        """Whether the core runs, or is being started again and again."""
        if self._offline:
            return False
        state = self._call("show", "--property=ActiveState", "--value", "assistant").stdout.strip()
        return state in {"active", "activating", "reloading"}

    def enable(self) -> None:
        """Have them started with the machine, or when the user logs in."""
        if self._offline and self._places.for_user:
            say("No session of yours runs here: switch it on with")
            say("    systemctl --user enable --now assistant-bridge assistant")
            return
        if not shutil.which("systemctl"):
            say("There is no systemd here: nothing starts the services.")
            return
        if not self._offline:
            run((*self._command, "daemon-reload"), "systemd does not read its units again.")
        run((*self._command, "enable", *SERVICES), "The services could not be enabled.")

    def read_again(self) -> None:
        """Have the service manager read the units."""
        if not self._offline:
            run((*self._command, "daemon-reload"), "systemd does not read its units again.")

    def start(self) -> bool:
        """Start them; True when both have said that they are ready."""
        with progress("Starting: waits until the first sound is heard"):
            self._call("reset-failed", *SERVICES)
            # Type=notify: this returns with READY=1, or when that does not come.
            started = self._call("restart", *SERVICES)
        return started.returncode == 0

    def stop(self) -> None:
        """End them; one that does not run is no mistake."""
        if not self._offline:
            self._call("stop", NIGHT, *reversed(SERVICES))

    def disable(self) -> None:
        """Have nothing start them."""
        if shutil.which("systemctl") and not (self._offline and self._places.for_user):
            self._call("disable", NIGHT, *SERVICES)

    def last_words(self) -> str:
        """Return the end of their logs."""
        if not shutil.which("journalctl"):
            return ""
        kind = "--user-unit" if self._places.for_user else "--unit"
        units = [f"{kind}={one}" for one in SERVICES]
        command = ("journalctl", *units, f"--lines={LINES}", "--no-pager", "--output=cat")
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout

    def _call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            (*self._command, *arguments),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


def make_users(places: Places) -> None:
    """Make the system's users of the services. Raises InstallError."""
    if places.for_user:
        return
    where: tuple[str, ...] = ()
    if not places.is_this_machine:
        where = (f"--root={places.root}",)
        places.at(Path("/etc")).mkdir(parents=True, exist_ok=True)
    run(
        ("systemd-sysusers", *where, str(places.at(places.sysusers))),
        "The users of the services could not be made; that takes systemd.",
    )


def remove_users(root: Path) -> None:
    """Remove them; one that is not there is no mistake."""
    where = () if root == Path("/") else ("--root", str(root))
    for command in (("userdel", "assistant"), ("userdel", "assistant-bridge")):
        subprocess.run((*command[:1], *where, command[1]), capture_output=True, check=False)
    subprocess.run(("groupdel", *where, "assistant"), capture_output=True, check=False)
