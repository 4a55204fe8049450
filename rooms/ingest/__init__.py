"""From the vendor's answers to rows, pushes and signals. Everything that writes facts is here.

readings         what was read, and what a row becomes by it (pure)
room_writer      the only writer of Room: one short transaction a tick
fencing          whose facts are taken
changes          what a transaction changed
notify           the push and the signals after it
samples          minute buckets
host_state       where a host is, inferred from seats, members and events (pure)
host_events      the only writer of Room.host_*, and of events that the vendor tells
observers        our own accounts in rooms, which are no audience
chat             lines of chat
labels           labels that classifiers report
gift_reports     gifts that the platform's backend reports
"""
