"""``assistant run``: the assistant itself."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli.common import (
    config_option,
    intents_option,
    json_option,
    paths,
    progress,
    recognizer_option,
    set_up_logging,
    settings,
)
from assistant.config import Settings
from assistant.domains import DomainFiles, language_sets, printed_lists
from assistant.engines import outside_actions, source_opener
from assistant.listcache import ListCache
from assistant.microphones import microphones
from assistant.paths import Paths
from assistant.privacy import deny_network
from assistant.skillhouse import skill_calls

if TYPE_CHECKING:
    from assistant.daemon import Daemon

log = logging.getLogger("assistant")

BRIDGE_START_SECONDS = 20.0

DEMO = Path(__file__).parent.parent / "demo" / "conversation.flac"


@click.command()
@config_option
@intents_option
@recognizer_option
@click.option("--source", metavar="NAME", help="A device, a recording, or '-': raw PCM on stdin.")
@click.option("--output", metavar="NAME", help="A loudspeaker's name, or 'none' to be silent.")
@click.option("--demo", is_flag=True, help="Play a recorded conversation instead of listening.")
@click.option("--or-demo", is_flag=True, help="The same, but only where there is no microphone.")
@click.option("--bridge/--no-bridge", "with_bridge", default=True, help="Start the bridge, too.")
@click.option("--plain", is_flag=True, help="Lines instead of the live view.")
@json_option
@click.option("-v", "--verbose", is_flag=True, help="Log what is heard and said, too.")
def run(
    *,
    config: Path | None,
    intents: tuple[Path, ...],
    recognizer: str | None,
    source: str | None,
    output: str | None,
    demo: bool,
    or_demo: bool,
    with_bridge: bool,
    plain: bool,
    as_json: bool,
    verbose: bool,
) -> None:
    """Listen, and answer, until Ctrl-C.

    \b
    assistant run                              the default microphone
    assistant run --demo                       a recorded conversation
    assistant run --source 'USB Microphone'    a microphone by its name
    arecord -t raw -f S16_LE -r 16000 | assistant run --source -
    """
    service = "JOURNAL_STREAM" in os.environ
    set_up_logging(verbose=verbose, service=service)
    chosen, places = settings(config, recognizer), paths()
    if or_demo and source is None and not demo and not _has_device("input"):
        click.echo("There is no microphone here: a recorded conversation is played instead.")
        demo = True
    with contextlib.ExitStack() as stack:
        if demo:
            places = stack.enter_context(_folders_of_its_own(places))
            source = str(DEMO)
            output = output or ("default" if _has_device("output") else "none")
        chosen = _with_audio(chosen, source, output)
        files, cache = DomainFiles(chosen, places, intents), ListCache(places.lists)
        domains = files.load(lambda name, by: cache.get(name, by.argv))
        sets = language_sets(domains)
        wait_for_bridge: Callable[[], None] = lambda: None  # noqa: E731
        # Without the network, this process cannot start a bridge later: a command may come yet.
        later = chosen.intents.reload and not demo
        programs = any(outside_actions(one) or skill_calls(one) for one in sets.values())
        if with_bridge and (later or programs or printed_lists(sets)):
            arguments = [f"--intents={folder}" for folder in intents]
            arguments += [f"--config={config}"] if config else []
            wait_for_bridge = stack.enter_context(_bridge_process(places, arguments))
        denial = deny_network()
        if not denial:
            log.warning("The network could not be denied to this process: %s.", denial.reason)
        with progress("Loading the wake word and the recognizer"):
            # Only now: what these start, threads and libraries, lives behind the filter.
            from assistant.daemon import Daemon

            sources = {
                one.name: source_opener(one.source, realtime=True) for one in microphones(chosen)
            }
            # By hand a missing microphone is told at once; a service waits for it.
            patient = "NOTIFY_SOCKET" in os.environ
            daemon = Daemon(chosen, places, files, domains, sources, patient=patient)
            wait_for_bridge()
        asyncio.run(_serve(daemon, _view(daemon, as_json, plain or service, verbose or demo)))


def _view(
    daemon: Daemon, as_json: bool, plain: bool, all_told: bool
) -> Callable[[], Coroutine[None, None, None]]:
    """Choose how to show what happens: for a program, in a log, or live at a terminal."""
    from assistant.cli import live

    if as_json:
        return partial(live.print_events, daemon.watchers.subscribe())
    if plain or not sys.stdout.isatty():
        return partial(live.log_events, daemon.watchers.subscribe(), all_told=all_told)
    return partial(live.show_live, daemon.watchers.subscribe(levels=True))


async def _serve(daemon: Daemon, view: Callable[[], Coroutine[None, None, None]]) -> None:
    watching = asyncio.create_task(view())
    try:
        await daemon.run()
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


def _with_audio(chosen: Settings, source: str | None, output: str | None) -> Settings:
    given: dict[str, Any] = {"source": source, "output": output}
    if source is not None:
        given["microphones"] = {}
    audio = chosen.audio.model_copy(update={k: v for k, v in given.items() if v is not None})
    return chosen.model_copy(update={"audio": audio})


def _has_device(direction: str) -> bool:
    from assistant.audio.devices import list_devices

    return any(device.direction == direction for device in list_devices())


@contextlib.contextmanager
def _folders_of_its_own(places: Paths) -> Iterator[Paths]:
    """Give the demo a state of its own, so that its timers are not the owner's."""
    with tempfile.TemporaryDirectory(prefix="assistant-demo-") as folder:
        yield replace(
            places, state_directory=Path(folder) / "state", runtime_directory=Path(folder) / "run"
        )


@contextlib.contextmanager
def _bridge_process(places: Paths, arguments: list[str]) -> Iterator[Callable[[], None]]:
    """Start the bridge before this process gives up the network, and end it with this one.

    It holds the other end of a socket, so that it notices however this process ends, and tells
    there when it listens; what is yielded waits for that.
    """
    ours, theirs = socket.socketpair()
    number = theirs.fileno()
    command = [sys.executable, "-m", "assistant", "bridge", f"--parent-fd={number}", *arguments]
    environment = os.environ | {"ASSISTANT_RUNTIME_DIRECTORY": str(places.runtime_directory)}
    environment.pop("NOTIFY_SOCKET", None)  # the core tells the service manager, for both
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        pass_fds=[number],
        env=environment,
        start_new_session=True,  # Ctrl-C is for the core, which then ends the bridge
    )
    theirs.close()
    ours.settimeout(BRIDGE_START_SECONDS)

    def wait() -> None:
        with contextlib.suppress(TimeoutError):
            if ours.recv(1):
                return
        log.warning("The bridge does not run: what needs it will fail.")

    try:
        yield wait
    finally:
        ours.close()
        try:
            process.wait(5.0)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


COMMANDS = (run,)
