"""The phone recognizer: a network tells the phones, and this finds the grammar's words in them."""
