"""Template tags about what lycées lend."""

from typing import Any

from django import template
from django.template.defaultfilters import capfirst
from django.utils.translation import gettext as _

from shareloc.web import formats
from venues import pricing
from venues.models import EquipmentPool, Space

register = template.Library()


@register.filter
def pool_name(pool: EquipmentPool) -> str:
    """The kind and what tells two pools of it apart; that a pool is made up is said by a tag, not by its name."""
    return pool.kind.name if pool.is_demo else str(pool)


@register.filter
def lent(line: Any) -> str:
    """`20 × Chaises`, of anything with a `quantity` of a `pool`."""
    return formats.counted(line.quantity, pool_name(line.pool))


@register.filter
def price_in_short(space: Space) -> str:
    """Its price where all pay the same, else that it depends on who asks: one statement, not for lists."""
    prices = pricing.price_list(space, list(space.price_rules.order_by()))
    return str(capfirst(prices[0][1])) if len(prices) == 1 else _("Prix selon l’organisme")
