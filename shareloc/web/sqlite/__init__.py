"""Django's engine for SQLite, with a queue for those who wait to write."""
