"""``limits``: whether the assistant runs in so little memory, which the kernel enforces."""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from scripts.benchmarks import coffee, running
from scripts.benchmarks.coffee import RECORDINGS
from scripts.benchmarks.progress import track
from scripts.benchmarks.tables import Report, Table

MEGABYTES = (512, 384, 256, 192)
HEARD = RECORDINGS / "what-time.flac"
TURNS = 3

ABOUT = (
    "Core and bridge together in a control group with no more memory than this and no swap, as "
    "systemd's MemoryMax makes one; the files that they read count, and are read anew. They start, "
    f"and hear a recording {TURNS} times with a command of the bridge after each. 'At most' is the "
    "kernel's account of all that they held, with files, which it drops when memory is short."
)


@dataclass(frozen=True)
class Group:
    """A control group with a limit of memory, of either version of cgroups."""

    folder: Path

    @property
    def most_megabytes(self) -> float:
        """The most that it has held."""
        names = ("memory.peak", "memory.max_usage_in_bytes")
        (file,) = [self.folder / name for name in names if (self.folder / name).exists()]
        return int(file.read_text()) / 2**20

    @property
    def wrapper(self) -> tuple[str, ...]:
        """What starts a program in it."""
        return ("sh", "-c", f'echo $$ >{self.folder}/cgroup.procs && exec "$@"', "sh")


@contextlib.contextmanager
def group(megabytes: int) -> Iterator[Group]:
    """Make one, and remove it. Raises RuntimeError where nobody but root may, or there are none."""
    with _memory_groups() as root:
        folder = root / f"assistant-bench-{os.getpid()}"
        try:
            folder.mkdir()
        except OSError as error:
            raise RuntimeError(
                f"no control group can be made: {error.strerror}; try sudo"
            ) from error
        try:
            limit = str(megabytes * 2**20)
            v2 = (folder / "memory.max").exists()
            (folder / ("memory.max" if v2 else "memory.limit_in_bytes")).write_text(limit)
            swap = folder / ("memory.swap.max" if v2 else "memory.memsw.limit_in_bytes")
            if swap.exists():
                swap.write_text("0" if v2 else limit)
            yield Group(folder)
        finally:
            folder.rmdir()


@contextlib.contextmanager
def _memory_groups() -> Iterator[Path]:
    """Where groups with limits of memory can be made: version 2, or version 1 mounted for it."""
    unified = Path("/sys/fs/cgroup")
    controllers = unified / "cgroup.subtree_control"
    if controllers.exists() and "memory" in controllers.read_text().split():
        yield unified
        return
    with tempfile.TemporaryDirectory(prefix="cgroup-") as folder:
        mount = ("mount", "-t", "cgroup", "-o", "memory", "none", folder)
        if subprocess.run(mount, check=False, capture_output=True).returncode:
            raise RuntimeError("this machine has no control groups for memory, or you are not root")
        try:
            yield Path(folder)
        finally:
            subprocess.run(("umount", folder), check=True)


def run(megabytes: int) -> tuple[float, float] | None:
    """Memory at most, and CPU seconds of the turns; None where it cannot run."""
    _forget_files()
    with group(megabytes) as limited:
        try:
            with running.assistant(wrapper=limited.wrapper) as both:
                before = both.core.cpu_seconds()
                for _ in range(TURNS):
                    if both.hear(coffee.read(HEARD))["outcome"] != "acted":
                        return None
                    if both.say("turn on the lamp")["outcome"] != "acted":
                        return None
                return limited.most_megabytes, both.core.cpu_seconds() - before
        except (RuntimeError, OSError):  # it was killed, or was not ready in time
            return None


def _forget_files() -> None:
    """Have the kernel read files anew, so that they count for who reads them."""
    with contextlib.suppress(PermissionError):
        os.sync()
        Path("/proc/sys/vm/drop_caches").write_text("1")


def measure() -> Report:
    """Try one limit after the other."""
    rows, figures = [], {}
    for megabytes in track(MEGABYTES, "limits", len(MEGABYTES)):
        found = run(megabytes)
        cells = (
            ("no", "", "") if found is None else ("yes", f"{found[0]:.0f} MB", f"{found[1]:.1f} s")
        )
        rows.append((f"{megabytes} MB", *cells))
        figures[str(megabytes)] = found and {
            "most_megabytes": round(found[0], 1), "cpu_seconds": round(found[1], 2),
        }  # fmt: skip
    table = Table(("limit", "it runs", "at most", "CPU of the core for the turns"), tuple(rows))
    return Report("limits", "Little memory", (ABOUT, table), {"limits": figures})
