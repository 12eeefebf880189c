"""Which place a text means: a commune, a postcode, a lycée, an address; spelling forgiven.

`suggest` answers while somebody types, `look_up` what they sent, each in one statement. Only an
address asks the geocoder, and only `look_up` does.
"""

from .answers import Answer, locate, look_up
from .found import Kind, Place, Suggestion
from .suggestions import suggest

__all__ = ["Answer", "Kind", "Place", "Suggestion", "locate", "look_up", "suggest"]
