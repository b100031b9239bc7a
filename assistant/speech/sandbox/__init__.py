"""Jinja templates of replies: what they may do, how much of it, and what they need."""
