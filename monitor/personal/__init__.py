"""What belongs to one person.

preferences          theme, language, time zone, columns: read and stored
saved_views          named filters of list and wall
forms                their forms
views                their pages
middleware           language and zone of a request; the first password; what is not cached
context_processors   what every template is given
"""
