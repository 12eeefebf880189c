"""The REST API, one file an action."""
