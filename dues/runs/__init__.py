"""Runs: every long work as a row with progress, resumable and safe to run twice at once."""
