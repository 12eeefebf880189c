"""The API of bookings: endpoints and what they send."""
