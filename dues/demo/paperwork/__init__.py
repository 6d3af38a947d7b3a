"""What the demonstration's office has done this season: every kind of invoice there is, a few of each."""
