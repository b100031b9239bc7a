"""A wake word of the owner's own: from some recordings of it to a small network."""
