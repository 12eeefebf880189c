"""Django's registration of the admin, with our site."""

from django.contrib.admin.apps import AdminConfig


class Admin(AdminConfig):
    default_site = "shareloc.web.admin_site.Site"
