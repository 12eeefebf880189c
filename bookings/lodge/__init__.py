"""The lodge's sheet: who comes to a lycée on a day, and which equipment goes out or comes back."""

from .printing import pdf
from .sheet import Sheet, hosted, sheet, today

__all__ = ["Sheet", "hosted", "pdf", "sheet", "today"]
