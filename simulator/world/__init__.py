"""The simulated platform without any wire: a function of seed and clock, worked out when somebody
asks.

options      what kind of world it is
world        opens and ends rooms, people enter and leave; a queue of what is due
stage        the protocol by which `hosts` and `dissolution` use the world
hosts        hosts come and go, take seats, lose the heartbeat
dissolution  rooms that the platform ends by itself
incidents    what is wrong in a room for a while
planting     where and when incidents begin by themselves
rooms        one room, the vendor's fields and the world's
new_rooms    what a room that opens is like
figures      how many people, gifts and messages a room has at an age
audience     who of the crowd is in which room; nobody is stored
chat         what the crowd says
people       accounts and profiles
names        what people and rooms are called
catalogue    gifts, categories, languages
events       what happened, with the bodies of the vendor's callbacks
clock        the world's time, which tests step
"""
