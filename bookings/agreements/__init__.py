"""The agreement of a loan: drawn up when dates are promised, signed by three parties, verified by anybody.

`covering` says what it is about, `facts` what it says, `drawing` makes a version, `signing` signs it,
`standing` tells where it stands, `verifying` answers for it, `value` adds up what loans were worth.
"""

from .drawing import CHANGING, draw_up, draw_up_missing, queue
from .signing import sign
from .standing import Side, Standing, standing_of

__all__ = [
    "CHANGING",
    "Side",
    "Standing",
    "draw_up",
    "draw_up_missing",
    "queue",
    "sign",
    "standing_of",
]
