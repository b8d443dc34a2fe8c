"""What the reader may set: one dialog, applied at once, remembered."""
