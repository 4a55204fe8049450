"""Screens: what people see.

Pages are `templates/monitor/`; what they do is ordered in `moderation`.
Layers, top first; each imports only what stands below:

urls          addresses
apps          what happens when the process starts
backends      its dotted name is stored in every session, so it stays here
templatetags  how values are written in templates
personal      what belongs to one person: preferences, saved views, time zone and language
room_page     one room: figures, charts, chat, audience
system_page   the System page and its history
pages         the list, the wall, the command palette
chat          the chat of all rooms: the feed, the search
listing       what an address of list or wall asks for, and what stands above the rooms
realtime      websockets: what is pushed, to whom, and who looks at what
health        probes, and what is answered when a page cannot be made
icons         the sprite of icons
formatting    figures and lengths of time as text
models        Preference, SavedView
"""
