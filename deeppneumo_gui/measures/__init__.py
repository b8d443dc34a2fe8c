"""How model and reader do on the labelled part of what is listed."""
