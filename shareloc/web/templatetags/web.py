"""Template tags and filters used everywhere; loaded in every template."""

from django import template

register = template.Library()
