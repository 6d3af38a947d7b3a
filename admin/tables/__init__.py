"""The generated part of the desk: small tables that are set up, and long lists that are read."""
