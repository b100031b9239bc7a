"""The command line of ``scripts/fuzz``, and what its inputs are made of."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

ROOT = Path(__file__).resolve().parent.parent.parent
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


@click.command(context_settings={"max_content_width": 100})
@click.argument("target", type=click.Choice(["file", "template", "text", "yaml"]))
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
    file      an intent file: read, compiled, tested, and texts said to it
    template  a sentence of one
    text      what is said, to the shipped sentences
    yaml      YAML of any kind

    atheris makes up inputs of those that it knows, so that they reach ever more of the code. One
    that raises what it should not, or takes 20 seconds or 1 GB, is saved, and ends it with status
    77.
    """
    if inputs:
        run = importlib.import_module("scripts.fuzzing.targets").TARGETS[target]
        for path in inputs:
            run(path.read_bytes().decode("utf-8", "replace"))
        return
    if importlib.util.find_spec("atheris") is None:
        raise click.ClickException(MISSING)
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["assistant", "yaml"]):
        targets = importlib.import_module("scripts.fuzzing.targets")
    targets.shipped()
    run = targets.TARGETS[target]
    known = findings / target
    known.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        given = Path(folder, "given")
        given.mkdir()
        for number, text in enumerate(dict.fromkeys(texts(target))):
            (given / str(number)).write_text(text, "utf-8")
        dictionary = Path(folder, "words")
        dictionary.write_text("".join(f'"{_escaped(word)}"\n' for word in words()), "utf-8")
        # Options and folders of libFuzzer, which runs until it ends the process.
        arguments = [
            sys.argv[0], f"-max_total_time={seconds}", f"-timeout={TIME_LIMIT_SECONDS}",
            f"-rss_limit_mb={MEMORY_LIMIT_MB}", f"-max_len={MAXIMUM_BYTES}", f"-dict={dictionary}",
            f"-artifact_prefix={findings}/{target}-", "-print_final_stats=1",
            str(known), str(given),
        ]  # fmt: skip
        atheris.Setup(arguments, lambda data: run(data.decode("utf-8", "replace")))
        atheris.Fuzz()


def texts(target: str) -> Iterator[str]:
    """What the project has of the kind."""
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
