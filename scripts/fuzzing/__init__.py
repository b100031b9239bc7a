"""Made-up input for what reads intent files and understands texts."""
