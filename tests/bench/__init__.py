"""The bench: a country's worth of rooms and claims, and how long questions about them take."""
