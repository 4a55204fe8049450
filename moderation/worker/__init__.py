"""What the workers do.

executor       claims an act, calls the vendor, records the outcome
followups      what follows from a success, in the same transaction
recovery       queues again what a dead worker left; lets bans expire; keeps how the minute went
periodic       every two seconds: limits, holds, absent hosts
anomaly_watch  every five seconds: the figures of all rooms, and alerts about anomalies
risk_loop      every second, in the worker of chores: the risk of all live rooms
"""
