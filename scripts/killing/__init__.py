"""Kills what keeps the state, again and again, and looks at what is left."""
