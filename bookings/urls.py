"""Addresses of bookings."""

from django.urls import path

from .views import (
    alerts,
    asking,
    calendars,
    deciding,
    documents,
    flexible,
    following,
    mail_choice,
    planning,
    proposing,
    searching,
    series,
    spaces,
    talking,
)

app_name = "bookings"
urlpatterns = [
    path("salles/", searching.page, name="search"),
    path("salles/souple/", flexible.page, name="flexible"),
    path("salles/serie/", series.page, name="series"),
    path("salles/<int:pk>/", spaces.page, name="space"),
    path("salles/<int:pk>/demander/", asking.ask, name="ask"),
    path("demandes/", following.listing, name="requests"),
    path("demandes/<slug:reference>/", following.page, name="request"),
    path("demandes/<slug:reference>/retirer/", following.withdraw, name="withdraw"),
    path("demandes/<slug:reference>/annuler/", following.cancel, name="cancel"),
    path("demandes/<slug:reference>/accepter/", deciding.approve, name="approve"),
    path("demandes/<slug:reference>/refuser/", deciding.refuse, name="refuse"),
    path("demandes/<slug:reference>/dates/<int:pk>/proposer/", proposing.offer, name="offer"),
    path("demandes/<slug:reference>/dates/<int:pk>/deplacer/", proposing.ask_move, name="ask_move"),
    path("demandes/<slug:reference>/proposition/accepter/", proposing.accept_offer, name="accept_offer"),
    path("demandes/<slug:reference>/proposition/decliner/", proposing.decline_offer, name="decline_offer"),
    path("demandes/<slug:reference>/deplacement/accepter/", proposing.approve_move, name="approve_move"),
    path("demandes/<slug:reference>/deplacement/refuser/", proposing.refuse_move, name="refuse_move"),
    path("demandes/<slug:reference>/messages/", talking.write, name="write"),
    path("demandes/<slug:reference>/precisions/demander/", talking.ask_information, name="ask_information"),
    path(
        "demandes/<slug:reference>/precisions/donner/", talking.answer_information, name="answer_information"
    ),
    path("a-decider/", deciding.queue, name="queue"),
    path("a-decider/plusieurs/", deciding.decide_many, name="decide_many"),
    path("a-decider/toutes/", deciding.everything, name="school_requests"),
    path("a-decider/planning/", planning.mine, name="my_planning"),
    path("lycees/<slug:uai>/planning/", planning.school_planning, name="school_planning"),
    path("region/soiree/", planning.evening, name="evening"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("calendars/<str:secret>.ics", calendars.feed, name="calendar_feed"),
    path("compte/courriels/", mail_choice.page, name="mail_choice"),
    path("compte/alertes/", alerts.listing, name="alerts"),
    path("compte/alertes/nouvelle/", alerts.new, name="alert_new"),
    path("compte/alertes/<int:pk>/supprimer/", alerts.revoke, name="alert_revoke"),
    path("alertes/arreter/<str:signed>/", alerts.stop, name="alert_stop"),
    path("compte/calendriers/", calendars.listing, name="calendars"),
    path("compte/calendriers/nouveau/", calendars.new, name="calendar_new"),
    path("compte/calendriers/<int:pk>/renouveler/", calendars.rotate, name="calendar_rotate"),
    path("compte/calendriers/<int:pk>/supprimer/", calendars.revoke, name="calendar_revoke"),
]
