"""Pages generated from tables: small ones to set up, large ones to look through."""
