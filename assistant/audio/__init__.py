"""Audio: chunks of samples, where they come from and where they go."""
