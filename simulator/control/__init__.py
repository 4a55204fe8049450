"""The control endpoint under /_simulator/: tests look at the world from inside, and order what
happens in it.

routes  the addresses; what can be read
orders  what can be ordered, one method an order
"""
