"""Bank file formats: bytes to dataclasses and back; no database, no dues."""
