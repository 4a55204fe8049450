"""What the platform calls back: events of the world as signed HTTP requests to one address.

sender    queue, delivery, time-outs, and trouble on order (loss, duplicates, delay)
payloads  how an event is written and signed, in either of the vendor's spellings
crowd     a bounded sample of the crowd's messages, entries and gifts as events
"""
