"""The system's Chromium: where it is, and how it starts without a screen."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

# The first is Chromium without its own windows and menus: the same pages for a quarter less work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """Where the system's Chromium is, if anywhere."""
    named = os.environ.get("CHROMIUM")
    if named and Path(named).exists():
        return named
    return next(filter(None, map(shutil.which, NAMES)), None)
