"""Collection: what happens to a claim when no money comes."""
