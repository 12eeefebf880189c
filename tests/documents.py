"""Files of documents for tests: smallest ones that are what they say."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from shareloc.accounts.models import Document
from tests import factories

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
CERTIFICATE = {
    "insurer": "Mutuelle d’essai",
    "policy_number": "P-1234",
    "cover_amount": "5000000",
    "valid_from": "2026-09-01",
    "valid_until": "2027-08-31",
}


def uploaded(content: bytes = PDF, name: str = "attestation.pdf") -> SimpleUploadedFile:
    """A file as a browser sends it, its content type a lie."""
    return SimpleUploadedFile(name, content, content_type="application/x-whatever")


def certificate(**values: Any) -> Document:
    """A certificate with its file."""
    return factories.InsuranceFactory.create(
        file=ContentFile(PDF, name="document.pdf"),
        content_type="application/pdf",
        size=len(PDF),
        **values,
    )
