"""The thread that owns the engine, and the queue in front of it."""
