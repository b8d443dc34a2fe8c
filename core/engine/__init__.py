"""The model: its bundle and card, the engine that runs it, and what it predicts."""
