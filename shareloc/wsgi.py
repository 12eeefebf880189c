"""The entry point of the web server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shareloc.settings")
application = get_wsgi_application()

# What is loaded by now stays as long as the process: the garbage collector need not look through it time and again,
# which stops a page for some fifteen milliseconds.
gc.collect()
gc.freeze()
