"""What a school lent in a month, to whom and at what price: dates and totals, and the files made of them."""

from .files import as_csv, as_pdf, as_xlsx
from .months import Statement, Totals, month_of, of

__all__ = ["Statement", "Totals", "as_csv", "as_pdf", "as_xlsx", "month_of", "of"]
