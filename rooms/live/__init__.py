"""Hot state in Redis and the push. Facts are in the database; all of this may be lost at any time.

hot_state        the newest figures of every live room
encoding         their wire names, and the bytes of a push (pure)
push             one function for each kind of message
demand           what pages, acts and rules ask of the leading collector
profiles         what accounts are called and how they look
system_history   how the installation did, a minute each for a day
health           how the vendor and the collector are doing
"""
