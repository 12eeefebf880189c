"""Schools and what they lend."""

from .commune import Commune
from .equipment import EquipmentKind, EquipmentPool
from .hours import BusyTime, Closure, OpeningHours, Season, StandingApproval
from .photo import SpacePhoto
from .price import PriceRule
from .school import School, SchoolRole
from .space import Feature, Space, SpaceUnit, Unit

__all__ = [
    "BusyTime",
    "Closure",
    "Commune",
    "EquipmentKind",
    "EquipmentPool",
    "Feature",
    "OpeningHours",
    "PriceRule",
    "School",
    "SchoolRole",
    "Season",
    "Space",
    "SpacePhoto",
    "SpaceUnit",
    "StandingApproval",
    "Unit",
]
