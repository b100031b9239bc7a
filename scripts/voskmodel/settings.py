"""What training and Vosk must agree on."""

from __future__ import annotations

SAMPLE_RATE = 16_000
CEPSTRA = 40
LOWEST_HERTZ, HIGHEST_HERTZ = 20, 7600
SUBSAMPLING = 3
"""Frames of 10 ms to one of the graph: Vosk takes it to be three, whatever a model says."""
