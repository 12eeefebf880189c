"""Many processes at once, against a real database: nothing is ever booked twice."""
