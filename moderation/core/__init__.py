"""What every package of `moderation` may use. It uses none of them but the tables.

attribution     who did something and when, as messages say it
broker          sends tasks by name; knows no task
errors          `Refused`: why an order was not taken, in words for the person
known_accounts  which accounts were seen here
leases          how long a claim lasts, and giving database connections back
limits          the longest mute or ban
roles           the four roles and their permissions
long_reads      one long question about the past a person, and pauses in it
room_fields     `NewRoom`: a room's fields when it is created, and the vendor's limits of them
rule_switch     whether all rules are off
strikes         what counts as a strike against a host
unseen          accounts that nobody has seen are looked up before a ban
"""
