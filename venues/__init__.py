"""What and when: schools, spaces, equipment, and when they may be lent."""
