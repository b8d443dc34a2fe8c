"""Everything that needs no window: reading, preprocessing, the engine, activation maps and tables."""
