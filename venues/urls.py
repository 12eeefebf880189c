"""Addresses of the lycées, and of the places offered while one types."""

from django.urls import path

from . import views
from .managing import closures, overview, photos, rooms, school, week

app_name = "venues"
urlpatterns = [
    path("lieux/", views.places, name="places"),
    path("lycees/", views.schools, name="schools"),
    path("lycees/<slug:uai>/", views.school, name="school"),
    path("photos/<slug:token>-<int:size>.webp", photos.show, name="photo"),
    path("mon-lycee/", overview.choose, name="my_schools"),
    path("mon-lycee/<slug:uai>/", overview.page, name="my_school"),
    path("mon-lycee/<slug:uai>/horaires/", week.of_school, name="my_hours"),
    path("mon-lycee/<slug:uai>/fermetures/", closures.listing, name="my_closures"),
    path("mon-lycee/<slug:uai>/fermetures/<int:pk>/", closures.change, name="my_closure"),
    path("mon-lycee/<slug:uai>/fermetures/<int:pk>/supprimer/", closures.delete, name="my_closure_delete"),
    path("mon-lycee/<slug:uai>/regles/", school.rules, name="my_rules"),
    path("mon-lycee/<slug:uai>/personnes/", school.persons, name="my_people"),
    path("mon-lycee/<slug:uai>/personnes/<int:pk>/retirer/", school.remove_person, name="my_person_remove"),
    path("mon-lycee/<slug:uai>/salles/nouvelle/", rooms.new, name="my_room_new"),
    path("mon-lycee/<slug:uai>/salles/<int:pk>/", rooms.change, name="my_room"),
    path("mon-lycee/<slug:uai>/salles/<int:pk>/publier/", rooms.publish, name="my_room_publish"),
    path("mon-lycee/<slug:uai>/salles/<int:pk>/retirer/", rooms.unpublish, name="my_room_unpublish"),
    path("mon-lycee/<slug:uai>/salles/<int:pk>/dupliquer/", rooms.duplicate, name="my_room_duplicate"),
    path("mon-lycee/<slug:uai>/salles/<int:pk>/horaires/", week.of_space, name="my_room_hours"),
    path("mon-lycee/<slug:uai>/salles/<int:pk>/tarifs/", rooms.prices, name="my_prices"),
    path("mon-lycee/<slug:uai>/salles/<int:pk>/accords/", week.standing, name="my_standing"),
    path("mon-lycee/<slug:uai>/salles/<int:pk>/photos/", photos.listing, name="my_photos"),
    path("mon-lycee/<slug:uai>/photos/<int:pk>/decrire/", photos.describe, name="my_photo_describe"),
    path("mon-lycee/<slug:uai>/photos/<int:pk>/avancer/", photos.bring_forward, name="my_photo_first"),
    path("mon-lycee/<slug:uai>/photos/<int:pk>/supprimer/", photos.delete, name="my_photo_delete"),
]
