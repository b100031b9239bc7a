"""Dialogue: the states of a turn."""
