"""What officers set up: each small table with its form, its words, and what its verbs may refuse."""
