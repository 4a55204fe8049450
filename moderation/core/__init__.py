"""What every package of `moderation` may use. It uses none of them but the tables.

broker          sends tasks by name; knows no task
errors          `Refused`: why an order was not taken, in words for the person
known_accounts  which accounts were seen here
leases          how long a claim lasts, and giving database connections back
limits          the longest mute or ban
roles           the four roles and their permissions
room_fields     the vendor's limits of a room's fields
rule_switch     whether all rules are off
unseen          accounts that nobody has seen are looked up before a ban
"""
