"""The model behind the scores: its card in words, and changing it."""
