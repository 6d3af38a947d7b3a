"""Measures each main path against the floor of the same machine in the same run."""
