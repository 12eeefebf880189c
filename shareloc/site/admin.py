"""Remarks in Django's admin: read, ticked off, deleted; never written there."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from .models import Feedback


@admin.register(Feedback)
class FeedbackAdmin(admin.ModelAdmin):
    list_display = ("created_at", "page", "beginning", "email", "handled")
    list_display_links = ("created_at", "beginning")
    list_editable = ("handled",)
    list_filter = ("handled", "created_at")
    search_fields = ("page", "message", "email")
    fields = ("created_at", "page", "message", "email", "handled")
    readonly_fields = ("created_at", "page", "message", "email")
    list_per_page = 50

    @admin.display(description=_("remarque"))
    def beginning(self, feedback: Feedback) -> str:
        return Truncator(feedback.message).chars(80)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
