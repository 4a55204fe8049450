"""Addresses of acts, bans, the record, people and reason codes."""

urlpatterns: list = []
