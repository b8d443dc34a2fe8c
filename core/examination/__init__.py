"""The examination of a model: robustness, shortcuts, explanation, refusal; numpy, Pillow and the engine only."""
