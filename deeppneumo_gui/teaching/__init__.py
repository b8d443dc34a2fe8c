"""Lessons in the window: reading blind, committing, and only then seeing the model and the truth."""
