"""From the official annuaire of schools to our schools: parse, diff, apply."""
