"""A recognizer of phones on the wake word's speech embedding."""
