"""A fictional federation in four countries, of any size, to try the program on and to measure it with."""
