"""Money that goes back to people: proposed, approved, ordered from the bank, and booked when the bank confirms."""
