"""Tests of the import of the annuaire."""
