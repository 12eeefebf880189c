"""Every address, by room."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

handler400 = "shareloc.site.errors.bad_request"
handler403 = "shareloc.site.errors.permission_denied"
handler404 = "shareloc.site.errors.not_found"
handler500 = "shareloc.site.errors.server_error"

urlpatterns = [
    path("", include("shareloc.site.urls")),
    path("compte/", include("shareloc.accounts.urls")),
    path("", include("bookings.urls")),
    path("", include("venues.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("shareloc.api")),
]
if settings.DEMO:
    urlpatterns += [path("", include("shareloc.demo.urls"))]
