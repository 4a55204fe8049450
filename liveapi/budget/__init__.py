"""The call budget: how often the vendor may be called, shared by the whole installation.

pacing        which budget is used, and the lanes
limits        how often each command may be called, and how much of that we use
redis_pacing  the budget in Redis, one round trip a grant
local_pacing  the budget of one process, and the waiting that all budgets share
"""
