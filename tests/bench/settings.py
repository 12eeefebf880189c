"""Shareloc's own settings for the bench: no limit on how often one may ask, and a bare view beside."""

from shareloc.settings import *
from shareloc.settings import REST_FRAMEWORK

ROOT_URLCONF = "tests.bench.http"
REST_FRAMEWORK = {
    **REST_FRAMEWORK,
    "DEFAULT_THROTTLE_RATES": dict.fromkeys(REST_FRAMEWORK["DEFAULT_THROTTLE_RATES"], "1000000/min"),
}
