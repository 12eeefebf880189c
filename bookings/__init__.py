"""The promise: requests, dates, claims, decisions and what follows from them."""
