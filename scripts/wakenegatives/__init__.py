"""Makes the speech that is no wake word, with which the assistant trains one."""
