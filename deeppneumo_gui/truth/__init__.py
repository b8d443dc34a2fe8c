"""What the images are known to show: read from names or a table, and hidden until asked for."""
