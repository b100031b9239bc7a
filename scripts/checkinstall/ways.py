"""The two ways to install, each from an empty machine to an empty one again."""

from __future__ import annotations

import subprocess
from pathlib import Path

from scripts.checkinstall.checks import (
    ROOT,
    SERVICES,
    check_backup,
    check_doctor,
    check_extras,
    check_privacy,
    check_services,
    expect,
    git_tree,
    make_house,
)
from scripts.checkinstall.machine import CheckError, Machine

KEPT = ("/etc/assistant/config.yaml", "/var/lib/assistant/state.sqlite3")
WHEELS = "/srv/wheels"
BROKEN = 'raise SystemExit("this version is broken")\n'


def check_package(machine: Machine, package: Path) -> None:
    """Install a package of ``scripts/make-deb``, use it, remove and purge it."""
    inside = machine.path(f"/root/{package.name}")
    inside.write_bytes(package.read_bytes())
    machine.run("apt-get", "update", "-qq")
    machine.run("env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-qq", "-y",
                "--no-install-recommends", f"/root/{package.name}")  # fmt: skip
    inside.unlink()
    make_house(machine)
    with machine.booted():
        wait_for_core(machine)
        check_services(machine)
        check_doctor(machine)
        check_privacy(machine)
        check_backup(machine)
        check_extras(machine, "/usr/share", "/usr/share/zsh/vendor-completions/_assistant")
        machine.call("dpkg", "--remove", "assistant")
        state = machine.ask("systemctl", "is-active", "assistant").stdout.strip()
        expect("removed, it does not run", so=state != "active", otherwise=state)
        check_kept(machine, there=True)
        machine.call("dpkg", "--purge", "assistant")
        check_kept(machine, there=False)
        left = machine.path("/usr/lib/assistant").exists()
        expect("nothing of the program is left", so=not left)


def check_script(machine: Machine, python: str) -> None:
    """Run ``scripts/install`` and all that it can do; upgrades find their packages in a folder."""
    git_tree(machine.path("/root/assistant"))
    script = "/root/assistant/scripts/install"
    machine.run(script, "--no-start")
    for lock in ("build", f"python{python}"):
        machine.run(
            "/opt/assistant/current/bin/python", "-m", "pip", "download", "--quiet", "--no-deps",
            "--no-build-isolation", "--require-hashes", "-r", f"/root/assistant/locks/{lock}.txt",
            "-d", WHEELS,
        )  # fmt: skip
    make_house(machine)
    with machine.booted():
        wait_for_core(machine)
        machine.call(script)
        check_services(machine)
        check_extras(machine, "/usr/local/share", "/usr/local/share/zsh/site-functions/_assistant")
        said = machine.call(script)
        expect("a second run changes nothing", so="is installed already, and runs" in said,
               otherwise=said)  # fmt: skip
        check_way_back(machine, script)
        machine.call(script, "--uninstall")
        check_kept(machine, there=True)
        machine.call(script, "--uninstall", "--purge")
        check_kept(machine, there=False)
        known = machine.ask("getent", "passwd", "assistant", "assistant-bridge").stdout
        expect("the users are gone", so=known == "", otherwise=known)


def check_way_back(machine: Machine, script: str) -> None:
    """Upgrade to a version that does not start, and to one that does."""
    daemon = machine.path("/root/assistant/assistant/daemon.py")
    good, before = daemon.read_text(), machine.call("readlink", "/opt/assistant/current")
    daemon.write_text(BROKEN)
    expect("another version needs --upgrade", so="--upgrade" in machine.fails(script))
    upgrade = ("env", "PIP_NO_INDEX=1", f"PIP_FIND_LINKS={WHEELS}", script, "--upgrade")
    said = machine.fails(*upgrade)
    expect("a version that does not start is taken back", so="runs again" in said, otherwise=said)
    now = machine.call("readlink", "/opt/assistant/current")
    expect("the old version is in use", so=now == before)
    check_services(machine)
    daemon.write_text(good + "\n# another version\n")
    machine.call(*upgrade)
    now = machine.call("readlink", "/opt/assistant/current")
    expect("a version that starts stays", so=now != before)
    check_services(machine)


def check_kept(machine: Machine, *, there: bool) -> None:
    """See whether what the owner wrote, and what the assistant kept, is there."""
    found = [path for path in KEPT if machine.path(path).exists()]
    what = "is there" if there else "is gone"
    expect(f"what was kept {what}", so=found == (list(KEPT) if there else []), otherwise=str(found))


def wait_for_core(machine: Machine) -> None:
    """Wait until the services have started with the machine, as they do on a Raspberry Pi."""
    # Type=notify: returns when they are ready.
    machine.call("systemctl", "start", *SERVICES)


def make_package(python: str, machine: str, folder: Path) -> Path:
    """Have ``scripts/make-deb`` make a package. Raises CheckError."""
    done = subprocess.run(
        (ROOT / "scripts/make-deb", "--python", python, "--machine", machine, "--output", folder),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise CheckError(f"scripts/make-deb: {done.stdout[-3000:]}{done.stderr[-3000:]}")
    architecture = {"x86_64": "amd64", "aarch64": "arm64"}[machine]
    debian = {"3.11": "deb12", "3.13": "deb13"}[python]
    (package,) = folder.glob(f"*+{debian}_{architecture}.deb")
    return package
