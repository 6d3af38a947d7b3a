"""The domain: everything the organisation knows and does."""
