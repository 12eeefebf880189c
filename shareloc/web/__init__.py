"""The ground: base template, components, static files, formats, mail rendering."""
