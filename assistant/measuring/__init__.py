"""``assistant bench``: measures recognizers with the owner's own commands."""
