"""What a check finds: a verdict, a sentence, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How something is. Nothing is said of what was skipped: it is not there to be looked at."""

    GOOD = "good"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; ``hint`` is what to do where it is not good."""

    check: str
    verdict: Verdict
    message: str
    hint: str = ""


def good(check: str, message: str) -> Finding:
    """Something is as it should be."""
    return Finding(check, Verdict.GOOD, message)


def warning(check: str, message: str, hint: str) -> Finding:
    """Something works, and may be why other things do not."""
    return Finding(check, Verdict.WARNING, message, hint)


def failed(check: str, message: str, hint: str) -> Finding:
    """Something does not work."""
    return Finding(check, Verdict.FAILED, message, hint)


def skipped(check: str, message: str) -> Finding:
    """Something could not be looked at, or is not there."""
    return Finding(check, Verdict.SKIPPED, message)
