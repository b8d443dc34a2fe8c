"""Entry points of training, evaluation and export."""
