"""Pages that browsers ask for anew, and yet go Back to."""

from __future__ import annotations

from django.views.decorators.cache import cache_control

# For forms of several steps at one address. `never_cache` says `no-store` too: browsers then cannot show the answer to a
# POST again (RFC 9111, 5.2.2.5), and Back leads to an error page of theirs instead of the step before.
kept_in_history = cache_control(private=True, no_cache=True, max_age=0)
