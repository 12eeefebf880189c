"""Shareloc's tests. They mirror the code: one file per action, with its permission matrix."""
