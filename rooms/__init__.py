"""Facts: which rooms exist and what their figures are, whoever looks.

Layers, top first; each imports only what stands below:

    apps, tasks, management    what Django and Celery start: each calls one function
    collector/                 one leading process asks the vendor, within the budget
    account_check              `check_account`: is everything right with this account
    retention, search, queries deleting what is old; finding rooms; minute buckets of a room
    webhooks/                  what the vendor sends, received and queued
    ingest/                    from answers to rows; the only writer of facts
    event_details              what RoomEvent.detail holds, by kind
    live/                      hot state in Redis, and the push to the web processes
    models                     Room, Sample, RoomEvent, ChatLine and what guards their writing
    infra/                     Redis, database, transactions, the vendor's client, the database's
                               time
    signals, broadcasts, text  what others may hear; which broadcast is meant; identifiers and
                               folding
"""
