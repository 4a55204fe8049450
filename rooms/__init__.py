"""Facts: which rooms exist and what their figures are, whoever looks.

Layers, top first; each imports only what stands below:

apps           the signals are connected when Django starts
tasks          what Celery runs: each calls one function
management     commands: collect, take_pictures, prune, check_account
collector      one leading process asks the vendor, within the budget
pictures       stills: a small picture of each room, taken out of its stream
account_check  `check_account`: is everything right with this account
retention      deletes what is old
queries        labels that were given lately
chat_search    finds stored lines of chat
search         finds rooms by RoomId, account or name
webhooks       what the vendor sends, received and queued
ingest         from answers to rows; the only writer of facts
event_details  what RoomEvent.detail holds, by kind
live           hot state in Redis, and the push to the web processes
models         Room, Sample, RoomEvent, ChatLine and what guards their writing
infra          Redis, database, transactions, the vendor's client, the database's time
signals        what others may hear
broadcasts     which broadcast a CreateTime belongs to
chat_terms     what a line of chat is found by
writing        in which writing a text is
text           identifiers, and how text is compared
"""
