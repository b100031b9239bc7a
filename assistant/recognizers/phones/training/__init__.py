"""Teaches the phone network from text: said by synthesizers, in many places, and learnt."""
