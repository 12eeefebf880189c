"""Lighthouse's scores of the main pages: `make lighthouse`."""
