"""Template tags about what lycées lend."""

from django import template

from venues.models import EquipmentPool

register = template.Library()


@register.filter
def pool_name(pool: EquipmentPool) -> str:
    """The kind and what tells two pools of it apart; that a pool is made up is said by a tag, not by its name."""
    return pool.kind.name if pool.is_demo else str(pool)
