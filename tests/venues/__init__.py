"""Tests of schools and what they lend."""
