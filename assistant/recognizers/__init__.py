"""Speech recognizers, and the grammar that constrains them."""
