"""The command line `kontingent`."""
