"""Addresses of acts, bans, the record, people and reason codes."""

from django.urls import path

from moderation import registry_views, views

urlpatterns = [
    path("rooms/<int:pk>/end", views.end, name="act-end"),
    path("rooms/<int:pk>/warn", views.warn, name="act-warn"),
    path("rooms/<int:pk>/mute", views.mute, name="act-mute"),
    path("rooms/<int:pk>/unmute", views.unmute, name="act-unmute"),
    path("rooms/<int:pk>/ban", views.room_ban, name="act-room-ban"),
    path("rooms/<int:pk>/unban", views.room_unban, name="act-room-unban"),
    path("rooms/<int:pk>/act/<slug:verb>", views.act_form, name="act-form"),
    path("rooms/<int:pk>/acts", views.acts_of_room, name="acts-of-room"),
    path("rooms/<int:pk>/timeline", views.timeline, name="timeline"),
    path("acts/<int:pk>/now", views.now, name="act-now"),
    path("acts/<int:pk>/undo", views.undo, name="act-undo"),
    path("acts/<int:pk>/retry", views.retry, name="act-retry"),
    path("bans", registry_views.bans, name="bans"),
    path("bans/new", registry_views.ban_new, name="ban-new"),
    path("bans/<int:pk>", registry_views.ban, name="ban"),
    path("bans/<int:pk>/lift", registry_views.ban_lift, name="ban-lift"),
    path("audit", registry_views.record, name="audit"),
    path("people", registry_views.people, name="people"),
    path("people/new", registry_views.person_new, name="person-new"),
    path("people/<int:pk>", registry_views.person, name="person"),
    path("policies", registry_views.policies, name="policies"),
]
