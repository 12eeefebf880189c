"""The demonstration: made-up rooms at real lycées, plainly marked, and the accounts to try them."""
