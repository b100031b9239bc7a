"""What can go wrong, by whose fault: the owner's file, this machine, or an action.

Expected outcomes (nothing heard, no match) are events, not exceptions. Every error here is one
sentence, a hint what to do, and a place; ``exit_status`` follows sysexits.h.
"""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_LINE = 500
"""Characters of a line that are shown with a mistake: of a longer one, those around it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a text file: line and column from 1, and the text of that line."""

    path: str
    line: int
    column: int
    source_line: str = ""
    length: int = 1

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}"

    def drawn(self) -> tuple[str, ...]:
        """The line, and carets below what is meant; nothing where the line is not known."""
        line, before = self.source_line, self.column - 1
        if not line.strip():
            return ()
        if len(line) > LONGEST_LINE:
            begin = max(0, min(before - LONGEST_LINE // 2, len(line) - LONGEST_LINE))
            line, before = line[begin : begin + LONGEST_LINE], before - begin
        under = "".join("\t" if c == "\t" else " " for c in line[:before])
        return f"    {line}", f"    {under}{'^' * min(self.length, len(line) - before)}"


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a file of the owner: what, where, and what to do."""

    message: str
    place: Place
    hint: str = ""
    warning: bool = False

    def __str__(self) -> str:
        """Draw the mistake as a compiler does: place and message, the line, a caret, the hint."""
        kind = "warning: " if self.warning else ""
        lines = [f"{self.place}: {kind}{self.message}", *self.place.drawn()]
        if self.hint:
            lines.append(f"    {self.hint}")
        return "\n".join(lines)


class AssistantError(Exception):
    """Base of all: ``message`` says what happened, ``hint`` what to do about it."""

    code = "error"
    exit_status = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        """Write both as sentences; a message fit to be spoken is not one yet, and becomes one."""
        message = self.message
        if not message.endswith((".", "!", "?")):
            message = f"{message[:1].upper()}{message[1:]}."
        return f"{message} {self.hint}".strip()


class FileProblemsError(AssistantError):
    """All the mistakes found in files of the owner, in one go."""

    exit_status = 78  # EX_CONFIG

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems

    def __str__(self) -> str:
        return self.message


class ConfigError(FileProblemsError):
    """The configuration file is wrong."""

    code = "config"


class IntentError(FileProblemsError):
    """An intent file is wrong."""

    code = "intents"


class DeviceError(AssistantError):
    """A microphone or loudspeaker cannot be used, now: it may be plugged in later."""

    code = "device"
    exit_status = 69  # EX_UNAVAILABLE


class RecordingError(DeviceError):
    """A recording in place of a microphone cannot be read: to wait for it does not help."""


class EngineError(AssistantError):
    """A wake word, recognition or speech engine, or its model, is missing or broken."""

    code = "engine"
    exit_status = 69


class StateError(AssistantError):
    """The state database cannot be read or written."""

    code = "state"
    exit_status = 74  # EX_IOERR


class BackupError(AssistantError):
    """A backup cannot be made, read or put back."""

    code = "backup"
    exit_status = 65  # EX_DATAERR


class ControlError(AssistantError):
    """The control socket cannot be used: no daemon, or another one is running."""

    code = "control"
    exit_status = 75  # EX_TEMPFAIL


class ActionError(AssistantError):
    """An action could not be done; the message is fit to be spoken."""

    code = "action"
