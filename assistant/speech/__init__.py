"""Speech: what is answered, and the voice that says it."""
