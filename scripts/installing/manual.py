"""Write the manual page and the completion of shells; run by the Python of a release.

Both are made from the commands themselves, so they tell the same as ``assistant --help``.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from assistant import __version__
from assistant.cli import assistant, register

SHELLS = ("bash", "fish", "zsh")
FILES = """\
/etc/assistant/config.yaml, ~/.config/assistant/config.yaml|the configuration
/etc/assistant/intents/, ~/.config/assistant/intents/|your intents
/var/lib/assistant/, ~/.local/state/assistant/|what the assistant keeps
"""


def roff(text: str) -> str:
    """Escape a text for roff: no character of it is a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti")
    return "\n".join(f"\\&{line}" if line[:1] in {".", "'"} else line for line in text.split("\n"))


def paragraphs(text: str) -> Iterator[str]:
    """A help text: what is behind click's ``\\b`` keeps its lines."""
    for block in text.split("\n\n"):
        lines = [line.strip("\b") for line in block.strip("\n").split("\n")]
        lines = [line for line in lines if line.strip()]
        if "\b" in block:
            yield ".PP\n.nf\n" + roff("\n".join(lines)) + "\n.fi"
        elif lines:
            yield ".PP\n" + roff(" ".join(line.strip() for line in lines))


def options(command: click.Command) -> Iterator[str]:
    """Options and what they mean."""
    context = click.Context(command)
    for parameter in command.params:
        record = parameter.get_help_record(context)
        if record is not None and isinstance(parameter, click.Option):
            yield f".TP\n.B {roff(record[0])}\n{roff(record[1])}"


def commands(group: click.Group, before: str) -> Iterator[tuple[str, click.Command]]:
    """Every command by all of its name, in the order of the alphabet."""
    for name, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


def manual(group: click.Group, name: str) -> str:
    """All of it as one page, man(7)."""
    lines = [
        f'.TH {name.upper()} 1 "" "{name} {__version__}" "User Commands"',
        f".SH NAME\n{name} \\- {roff('an offline voice assistant')}",
        f".SH SYNOPSIS\n.B {name}\n.I COMMAND\n[OPTIONS]",
        ".SH DESCRIPTION",
        *paragraphs(group.help or ""),
        ".SH COMMANDS",
    ]
    for whole_name, command in commands(group, name):
        pieces = " ".join(command.collect_usage_pieces(click.Context(command)))
        lines += [f".SS {roff(whole_name)}", f".B {roff(whole_name)}\n{roff(pieces)}"]
        lines += paragraphs(command.help or "")
        lines += options(command)
    lines.append(".SH FILES")
    for line in FILES.splitlines():
        path, meaning = line.split("|")
        lines.append(f".TP\n.I {roff(path)}\n{roff(meaning)}")
    return "\n".join(lines) + "\n"


def main(folder: Path) -> None:
    """Write ``assistant.1`` and ``assistant.SHELL`` into a folder."""
    register()
    (folder / "assistant.1").write_text(manual(assistant, "assistant"))
    for shell in SHELLS:
        kind = get_completion_class(shell)
        if kind is None:
            raise SystemExit(f"click completes nothing for {shell}")
        source = kind(assistant, {}, "assistant", "_ASSISTANT_COMPLETE").source()
        (folder / f"assistant.{shell}").write_text(source)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
