"""``assistant backup`` and ``assistant restore``: one encrypted file of all that is yours."""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from assistant import __version__
from assistant.cli.common import json_option, paths, progress
from assistant.cli.service import acting_as, service_account, service_paths
from assistant.engines import load_configuration
from assistant.errors import BackupError, ControlError
from assistant.frontends.client import is_running

LEAST_CHARACTERS = 8

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Read the passphrase from the first line of a file, instead of asking for it.",
)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@passphrase_option
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@json_option
def backup(*, file: Path, passphrase_file: Path | None, replace: bool, as_json: bool) -> None:
    """Write one encrypted file: configuration, intents, timers, lists, and what was trained here.

    It may be done while the assistant runs. With sudo it is about the system's service. The format
    is that of age, with a passphrase; nobody can open it without.

    \b
    assistant backup assistant.age
    sudo assistant backup --passphrase-file /root/passphrase /srv/backup/assistant.age
    """
    from assistant.backup.archive import pack
    from assistant.backup.contents import collect, files_elsewhere
    from assistant.backup.encryption import encrypt

    if file.exists() and not replace:
        raise BackupError(f"{file} is there already", "Give another name, or --replace.")
    account = service_account()
    places = service_paths() if account is not None else paths()
    settings, _ = load_configuration(places)
    passphrase = _passphrase(passphrase_file, new=True)
    with progress("Encrypting"):
        with acting_as(account):
            files = collect(places)
        if not files:
            raise BackupError(
                "there is nothing to back up", f"Looked in {places.config_directories[0]}."
            )
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        _write(file, encrypt(pack(files, __version__, now), passphrase))
    elsewhere = files_elsewhere(settings, places)
    if as_json:
        click.echo(json.dumps({"file": str(file), "files": sorted(files), "elsewhere": elsewhere}))
        return
    size = file.stat().st_size / 1000
    click.echo(f"{click.style('Written:', fg='green')} {file}, {len(files)} files, {size:.0f} kB.")
    for path in elsewhere:
        click.secho(f"Not in it, as it lies elsewhere: {path}", fg="yellow", err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@passphrase_option
@json_option
def restore(*, file: Path, passphrase_file: Path | None, as_json: bool) -> None:
    """Put a backup back, after looking whether this assistant can go on with it.

    Stop the assistant before. What is there now is kept under another name. With sudo it is about
    the system's service.

    \b
    assistant restore assistant.age
    sudo assistant restore /srv/backup/assistant.age
    """
    from assistant.backup.archive import unpack
    from assistant.backup.encryption import decrypt
    from assistant.backup.restoring import check, put_back

    account = service_account()
    places = service_paths() if account is not None else paths()
    if is_running(*places.control_sockets):
        raise ControlError(
            "The assistant is running.",
            "Stop it first; the service: sudo systemctl stop assistant assistant-bridge",
        )
    try:
        sealed = file.read_bytes()
    except OSError as error:
        raise BackupError(f"{file} cannot be read: {error.strerror}") from error
    passphrase = _passphrase(passphrase_file, new=False)
    with progress("Decrypting"):
        manifest, files = unpack(decrypt(sealed, passphrase))
    with progress("Looking at it"):
        check(files, places)
    now = datetime.now().astimezone()
    aside = put_back(files, places, now, partial(acting_as, account))
    if as_json:
        kept = [str(path) for path in aside]
        click.echo(
            json.dumps({"made_at": manifest["made_at"], "files": sorted(files), "kept": kept})
        )
        return
    told = f"{len(files)} files, of {manifest['made_at']}"
    click.echo(f"{click.style('Restored:', fg='green')} {told}.")
    for path in aside:
        click.echo(f"What was there before: {path}")


def _passphrase(file: Path | None, *, new: bool) -> str:
    """Read or ask for the passphrase. Raises BackupError for none, and for a short new one."""
    if file is not None:
        try:
            lines = file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise BackupError(f"the passphrase in {file} cannot be read: {error}") from error
        given = lines[0] if lines else ""
    elif sys.stdin.isatty():
        given = click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True)
    else:
        raise BackupError("there is nobody to ask for the passphrase", "Give --passphrase-file.")
    if not given or (new and len(given) < LEAST_CHARACTERS):
        raise BackupError(
            "the passphrase is too short",
            f"Take {LEAST_CHARACTERS} characters or more: some words that nobody would guess.",
        )
    return given


def _write(file: Path, content: bytes) -> None:
    """Write a file that only this user may read, whole or not at all."""
    part = file.with_name(f".{file.name}.part")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600)
        with part.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise BackupError(f"{file} cannot be written: {error.strerror}") from error


COMMANDS = (backup, restore)
