"""Shareloc: share the rooms and equipment of public lycées."""
