"""The command ``assistant``."""

from __future__ import annotations

import json
import sys
from importlib import import_module

import click

from assistant import __version__
from assistant.errors import AssistantError, FileProblemsError
from assistant.onethread import one_thread

SECTIONS = {
    "Talk": {
        "run": "listen, and answer, until Ctrl-C",
        "say": "give a command as text",
        "hear": "put recordings through the whole pipeline",
        "listen": "open the microphone now, as after a wake word",
        "announce": "say something to everybody",
        "mute": "turn all microphones off",
        "unmute": "turn them on again",
    },
    "Teach": {
        "check": "check intent files, and run the tests in them",
        "explain": "tell why a text means what it means",
        "missed": "what was not understood, and make it mean something",
        "schema": "the JSON Schema of intent files, for editors",
        "skill": "skills: programs in Python that do what an intent asks for",
        "reload": "read the intent files now",
        "wake": "train, try and tune wake words",
        "train": "have the phone recognizer learn your own commands",
    },
    "At home": {
        "timers": "those that run or are paused",
        "alarms": "those that are set",
        "reminders": "those to come",
        "planned": "commands that are to be given later",
        "lists": "what is on the shopping list, and on others",
    },
    "Look": {
        "status": "how the running assistant is",
        "events": "what happens in it, as it happens",
        "devices": "microphones and loudspeakers, with a level meter",
        "doctor": "whether everything is as it should be, and what to do",
        "logs": "the log of the services",
        "privacy": "what is kept here, and the proof that nothing leaves",
        "bench": "measure on this machine, with your own commands",
    },
    "Keep": {
        "backup": "write everything of yours into one encrypted file",
        "restore": "put a backup back",
        "bridge": "run commands for the core, which has no network: a service",
    },
}
"""What ``--help`` tells of the commands, put together by what they are for."""


class Sectioned(click.Group):
    """A group whose commands are listed by what they are for."""

    def format_commands(
        self,
        ctx: click.Context,  # noqa: ARG002 - click gives it
        formatter: click.HelpFormatter,
    ) -> None:
        """Write a list of commands for each section."""
        widest = max(map(len, self.commands))
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(f"{name:{widest}}", what) for name, what in commands.items()])


@click.group(
    cls=Sectioned,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="assistant")
def assistant() -> None:
    """Offline voice assistant: hears a wake word, understands a command, acts, answers.

    \b
    assistant run                       start, with the default microphone
    assistant say "what time is it"     give a command as text
    assistant hear recording.wav        put a recording through the whole pipeline
    assistant check my-intents/         check intent files
    assistant explain "set a timer"     tell why a text means what it means
    """


MODULES = (
    "run",
    "talk",
    "sound",
    "look",
    "explain",
    "lists",
    "due",
    "missed",
    "bench",
    "train",
    "wake",
    "skill",
    "bridge",
    "doctor",
    "logs",
    "privacy",
    "backup",
)
"""The modules with commands."""


def register() -> None:
    """Add all commands to ``assistant``."""
    for name in MODULES:
        for command in import_module(f"assistant.cli.{name}").COMMANDS:
            assistant.add_command(command)


def main() -> None:
    """Run the command; an error of the owner's or the machine's is one sentence and a status."""
    with one_thread():
        import_module("numpy")
    register()
    try:
        assistant(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.exceptions.Exit as done:
        sys.exit(done.exit_code)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        sys.exit(141)
    except AssistantError as error:
        report(error)
        sys.exit(error.exit_status)


def report(error: AssistantError) -> None:
    """Print an error for a person, or as JSON where ``--json`` was asked for."""
    if "--json" in sys.argv:
        fields: dict[str, object] = {"error": error.message, "hint": error.hint, "code": error.code}
        if isinstance(error, FileProblemsError):
            fields["problems"] = [
                {
                    "path": problem.place.path,
                    "line": problem.place.line,
                    "column": problem.place.column,
                    "message": problem.message,
                    "hint": problem.hint,
                }
                for problem in error.problems
            ]
        click.echo(json.dumps(fields))
        return
    if isinstance(error, FileProblemsError):
        click.echo(error.message, err=True)
        count = len(error.problems)
        click.secho(f"{count} mistake{'s' if count != 1 else ''}.", fg="red", bold=True, err=True)
        return
    click.echo(f"{click.style('assistant:', fg='red', bold=True)} {error}", err=True)
