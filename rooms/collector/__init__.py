"""The leading collector: one process asks the vendor, the others stand by.

leader           stand by, take the lease, lead until it is lost
lease            who leads: a lease in Redis
poll_context     what the lanes share: client, batch, known rooms, what a failure means
known_rooms      the live rooms as the leader remembers them
schedule         which room is asked next (pure)
lanes            one command for one room after the other: statistics, room info, members
seats            the lane of seat lists
listing          the lane that walks the listing
lookup           the lane for rooms known by name only
host_profiles    the lane that learns the names of hosts
webhook_events   consumes queued webhooks: every event is a hint that a REST read verifies
flush_timer      when the batch is stored and published
vendor_health    whether the vendor answers
"""
