"""The reader's own word on each radiograph: call, key image, note, tags."""
