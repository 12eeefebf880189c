"""Forms with which a school is set up."""
