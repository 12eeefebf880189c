"""Addresses of accounts and organisations, below /compte/. Names are those allauth looks for."""

from allauth.account import views as allauth
from django.urls import include, path, re_path

from . import document_views, views

organisations = [
    path("nouveau/", views.organisation_new, name="organisation_new"),
    path("<int:pk>/", views.organisation, name="organisation"),
    path("invitation/<str:signed>/", views.invitation, name="invitation"),
    path("<int:pk>/modifier/", views.organisation_change, name="organisation_change"),
    path("<int:pk>/pieces/", document_views.listing, name="documents"),
    path("<int:pk>/pieces/deposer/<slug:kind>/", document_views.new, name="document_new"),
    path("<int:pk>/pieces/<int:document>/retirer/", document_views.remove, name="document_remove"),
    path("<int:pk>/membres/ajouter/", views.member_add, name="member_add"),
    path(
        "<int:pk>/invitations/<int:invitation>/annuler/",
        views.invitation_withdraw,
        name="invitation_withdraw",
    ),
    path("<int:pk>/membres/<int:member>/role/", views.member_change, name="member_change"),
    path("<int:pk>/membres/<int:member>/retirer/", views.member_remove, name="member_remove"),
]

urlpatterns = [
    path("connexion/", allauth.login, name="account_login"),
    path("deconnexion/", allauth.logout, name="account_logout"),
    path("inscription/", allauth.signup, name="account_signup"),
    path("inactif/", allauth.account_inactive, name="account_inactive"),
    path("verification/", allauth.reauthenticate, name="account_reauthenticate"),
    path("adresses/", allauth.email, name="account_email"),
    path("adresses/a-confirmer/", allauth.email_verification_sent, name="account_email_verification_sent"),
    re_path(r"^adresses/confirmer/(?P<key>[-:\w]+)/$", allauth.confirm_email, name="account_confirm_email"),
    path("mot-de-passe/", allauth.password_change, name="account_change_password"),
    path("mot-de-passe/choisir/", allauth.password_set, name="account_set_password"),
    path("mot-de-passe/oublie/", allauth.password_reset, name="account_reset_password"),
    path("mot-de-passe/oublie/envoye/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^mot-de-passe/nouveau/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "mot-de-passe/change/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("organismes/", include((organisations, "accounts"))),
]
