"""Measurements of speed and memory: every speed is a ratio against an alternative in the same run."""
