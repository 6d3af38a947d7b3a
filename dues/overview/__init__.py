"""Overview: what people look at across the rooms; it reads, and changes nothing."""
