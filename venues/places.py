"""Place names, compared as people spell them. Pure."""

import unicodedata


def fold(text: str) -> str:
    """`text` without accents, case, hyphens or apostrophes: what two spellings of a place share."""
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    letters = (char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join("".join(letters).lower().split())
