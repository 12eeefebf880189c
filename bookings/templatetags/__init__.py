"""Template tags of bookings."""
