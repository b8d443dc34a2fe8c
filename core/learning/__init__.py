"""PyTorch training code and synthetic phantoms; never part of the packaged viewer."""
