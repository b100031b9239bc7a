"""Players of music, each by the protocol that it speaks."""
