"""``scripts/supply-chain``: what is installed, under which licences, with which weaknesses."""
