"""``scripts/check-install``: real installations on empty Debians, with a systemd that runs."""
