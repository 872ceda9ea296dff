"""The only rooms that speak."""
