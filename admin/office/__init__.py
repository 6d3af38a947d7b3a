"""Pages where people work, made by hand."""
