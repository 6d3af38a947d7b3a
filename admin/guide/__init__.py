"""The user guide at the desk: the pages of docs/guide as they are written, with their pictures."""
