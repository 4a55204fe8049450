"""What the acts worker does.

executor   claims an act, calls the vendor, records the outcome
followups  what follows from a success, in the same transaction
recovery   queues again what a dead worker left; lets bans expire
periodic   every two seconds: limits, holds, absent hosts
"""
