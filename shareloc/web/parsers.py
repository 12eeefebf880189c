"""Reads JSON sent to the API, within bounds."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import JSONParser as BaseJSONParser

# The longest request, 200 dates with their equipment and a message, takes a twentieth of it.
MAX_BYTES = 1_000_000


class TooLarge(APIException):
    """More than any call of the API needs (413)."""

    status_code = 413
    default_detail = _("Ce corps est trop gros : un mégaoctet au plus.")
    default_code = "too_large"


class JSONParser(BaseJSONParser):
    """JSON of a reasonable size and depth."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        # DRF reads nothing where no length is announced.
        if int(parser_context["request"].META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
            raise TooLarge
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise ParseError(_("Ce JSON est trop imbriqué.")) from error
