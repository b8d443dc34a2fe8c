"""Lessons: reading blind, committing, and only then seeing what a machine and the truth say."""
