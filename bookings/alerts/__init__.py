"""Alerts: “tell me when one is free”. Kept (`keeping`), asked again by `run_due` and told once (`firing`)."""

from .firing import fire_due, forget_old, requeue_lost
from .keeping import AlertError, holder_of, keep, revoke, revoke_all, stop_address
from .questions import asked_by, canonical

__all__ = [
    "AlertError",
    "asked_by",
    "canonical",
    "fire_due",
    "forget_old",
    "holder_of",
    "keep",
    "requeue_lost",
    "revoke",
    "revoke_all",
    "stop_address",
]
