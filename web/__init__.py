"""What every face in a browser stands on: doors and sessions, words, headers, limits, styles, and pages for errors."""
