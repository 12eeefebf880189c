"""The roof: home, account page, legal pages, error pages."""
