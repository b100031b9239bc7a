"""``assistant doctor``: looks whether this machine and its owner's files are as they should be."""
