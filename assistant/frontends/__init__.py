"""Front doors: ways to reach the running assistant."""
