"""Keeps the demonstration's mails in a folder instead of sending them."""
