"""What leaves the program: pictures, tables, overlays."""
