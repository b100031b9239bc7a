"""One encrypted file of what the owner wrote and the assistant has kept."""
