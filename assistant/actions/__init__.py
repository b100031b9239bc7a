"""Actions: what an intent does."""
