"""The command line of ``scripts/fuzz``, and what its inputs are made of."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

TEXTS = ("file", "template", "text", "yaml")
TARGETS = sorted((*TEXTS, "bridge", "config", "control", "model", "recording", "vosk", "wire"))
ROOT = Path(__file__).resolve().parent.parent.parent
CORPUS = ROOT / "tests" / "data" / "fuzz"
# Far more than the slowest input of MAXIMUM_BYTES needs.
TIME_LIMIT_SECONDS, MEMORY_LIMIT_MB, MAXIMUM_BYTES = 20, 1_000, 4_000
MISSING = """atheris, which makes up the inputs, is not installed. It needs x86-64:
    .venv/bin/pip install --editable '.[fuzz]'"""
PIECES = (
    "- ", "\n  ", "&a ", "*a", "[a]", "(a|b)", "(a;b)", "{area}", "{area+}", "{any}", "{x:a|b}",
    "<the>", "{{ ", " }}", "{% if a %}", "{% endif %}", "true", "and", "2%", "999999", "7:30",
    "1/2", "in ", "every ", "weeks", "tomorrow at ", "the 31st of ", "\u00df", "\u0130", "\u00bd",
    "\u0301", "\u200f", "\u00ad", "\u2028", "\x85",
)  # fmt: skip
MESSAGES: tuple[dict[str, Any], ...] = (
    {"command": "say", "text": "what time is it", "domain": ""}, {"command": "status"},
    {"command": "listen", "microphone": "hall"}, {"command": "mute", "seconds": 60.5},
    {"command": "unmute"}, {"command": "announce", "text": "dinner"}, {"command": "reload"},
    {"command": "prometheus"}, {"command": "events", "levels": True},
    {"id": "1", "intent": "de:A", "slots": {"a": 1}, "text": "a", "part": 0, "undo": True},
    {"id": "1", "skill_intent": "A", "slots": {}, "text": "a"}, {"id": "1", "list": "a"},
    {"id": "1", "media": "pause"}, {"id": "1", "reload": True},
)  # fmt: skip


@click.command(context_settings={"max_content_width": 100})
@click.argument("target", type=click.Choice(TARGETS))
@click.argument("inputs", nargs=-1, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--seconds", type=click.IntRange(1), default=60, show_default=True)
@click.option(
    "--findings",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("findings"),
    show_default=True,
    help="Folder for an input that ends in a mistake, and for those to begin with the next time.",
)
def main(target: str, inputs: tuple[Path, ...], seconds: int, findings: Path) -> None:
    """Feed TARGET with made-up inputs until one ends in a mistake; or with INPUTS only.

    \b
    bridge     what the core sends to the bridge
    config     the configuration
    control    what programs send to the control socket
    file       an intent file: read, compiled, tested, and texts said to it
    model      files of wake words, voices and phones
    recording  a recording that is heard
    template   a sentence of an intent file
    text       what is said, to the shipped sentences
    vosk       files of a Vosk model
    wire       lines of both sockets
    yaml       YAML of any kind

    atheris makes up inputs of those that it knows, so that they reach ever more of the code. One
    that raises what it should not, or takes 20 seconds or 1 GB, is saved, and ends it with status
    77.
    """
    if inputs:
        run = _fed(target)
        for path in inputs:
            run(path.read_bytes())
        return
    if importlib.util.find_spec("atheris") is None:
        raise click.ClickException(MISSING)
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["assistant", "yaml"]):
        run = _fed(target)
    known = findings / target
    known.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "given")
        given.mkdir()
        for number, content in enumerate(dict.fromkeys((*kept(target), *made(target)))):
            (given / str(number)).write_bytes(content)
        dictionary = Path(folder, "words")
        dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words()), "utf-8")
        # Options and folders of libFuzzer, which runs until it ends the process.
        arguments = [
            sys.argv[0], f"-max_total_time={seconds}", f"-timeout={TIME_LIMIT_SECONDS}",
            f"-rss_limit_mb={MEMORY_LIMIT_MB}", f"-max_len={MAXIMUM_BYTES}", f"-dict={dictionary}",
            f"-artifact_prefix={findings}/{target}-", "-print_final_stats=1",
            str(known), str(given),
        ]  # fmt: skip
        atheris.Setup(arguments, run)
        atheris.Fuzz()


def _fed(target: str) -> Callable[[bytes], None]:
    """Import a target; what it needs once is made before anything is timed."""
    targets = importlib.import_module("scripts.fuzzing.targets")
    if target not in targets.TARGETS:
        loader: Callable[[bytes], None] = importlib.import_module(
            "scripts.fuzzing.loaders"
        ).LOADERS[target]
        return loader
    targets.shipped()
    run = targets.TARGETS[target]
    return lambda data: run(data.decode("utf-8", "replace"))


def kept(target: str) -> Iterator[bytes]:
    """What has once ended in a mistake, or reaches what little else does."""
    for path in sorted((CORPUS / target).glob("*")):
        yield path.read_bytes()


def made(target: str) -> Iterator[bytes]:
    """What the project has of the kind."""
    if target in TEXTS:
        yield from (text.encode() for text in texts(target))
    elif target == "recording":
        for path in sorted((ROOT / "tests" / "data" / "recordings").glob("*.flac"))[:3]:
            yield path.read_bytes()[: MAXIMUM_BYTES // 2]
    elif target == "config":
        page = (ROOT / "docs" / "examples" / "config.yaml").read_text("utf-8")
        yield page.encode()
        for block in re.split(r"\n(?=\w)", re.sub(r"(?m)^# ?", "", page)):
            yield block.encode()
    elif target in {"bridge", "control", "wire"}:
        for message in MESSAGES:
            yield json.dumps(message).encode() + b"\n"


def texts(target: str) -> Iterator[str]:
    """What the project has of a kind that is a text."""
    files = [path.read_text("utf-8") for path in (ROOT / "intents").rglob("*.yaml")]
    page = (ROOT / "docs" / "intents.md").read_text("utf-8")
    files += re.findall(r"```yaml[a-z ]*\n(.*?)```", page, re.DOTALL)
    if target in {"file", "yaml"}:
        yield from files
    elif target == "template":
        for one in files:
            yield from re.findall(r"\"([^\"\n]*)\"", one)
    else:
        for one in files:
            for said in re.findall(r"- (?:say|not): (.*)", one):
                yield from re.split(r"\",\s*\"", said.strip(' []"'))


def words() -> Iterator[str]:
    """Pieces that inputs are put together of."""
    schema = importlib.import_module("assistant.intents.jsonschema").intent_file_schema()
    yield from sorted(f"{key}:" for key in set(re.findall(r'"(\w+)": \{', json.dumps(schema))))
    yield from PIECES


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())
