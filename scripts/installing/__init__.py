"""``scripts/install``: with nothing but Python's own library, because nothing else is there yet."""
