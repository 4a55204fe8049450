"""What the vendor sends by itself.

receiver         POST /webhooks/live: who asks, is it one of ours; stored in one round trip
inbox            the bounded list in Redis between receiver and collector
"""
