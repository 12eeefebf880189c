"""Place names, compared as people spell them. Pure."""

import re
import unicodedata

# Written short on envelopes and in a hurry; `lez` (near) is also written `lès` and `les`.
IN_FULL = {"st": "saint", "ste": "sainte", "sts": "saints", "stes": "saintes", "lez": "les"}
SHORT_SUR, SHORT_SOUS = re.compile(r"\bs/", re.IGNORECASE), re.compile(r"\bss/", re.IGNORECASE)


def fold(text: str) -> str:
    """`text` without accents, case, hyphens or apostrophes, St in full: what two spellings of a place share."""
    text = SHORT_SUR.sub("sur ", SHORT_SOUS.sub("sous ", text))
    plain = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "oe"))
    letters = (char if char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return " ".join(IN_FULL.get(word, word) for word in "".join(letters).lower().split())
