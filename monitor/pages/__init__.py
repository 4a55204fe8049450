"""The pages, each a view and the functions that read what it shows.

views            list, summary, log-in
wall_views       the wall, and pictures by the vendor's SDK
still_views      stills: the small pictures, and what is known of them
wall             which tiles the wall shows
queries          the rows of list and wall, filters and sorts
row_cache        rows drawn once and kept while nothing in them changes
trends           changes and rates of the last minutes
charts           numbers over time as pictures
badges           what a row says beside its figures: alerts, claims, acts
event_text       events of a room in words
command_palette  finding rooms, accounts and pages by typing
pasted           RoomIds and accounts in pasted text
video_sources    where the picture of a room comes from
admissions       signatures for the vendor's SDK: how many, and their audit entries
"""
