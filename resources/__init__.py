"""Bundled model, samples and icons."""
