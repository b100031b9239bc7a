"""Keys and buttons: what asks for the assistant without a word."""
