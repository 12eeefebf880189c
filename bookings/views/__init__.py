"""Pages: each view loads, asks leave, fills a form, calls a verb and redirects."""
