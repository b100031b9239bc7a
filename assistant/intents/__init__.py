"""Intents: from YAML files to one word graph, and from words to an intent."""
