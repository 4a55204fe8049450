"""Rooms that the console creates.

plans             what may be planned; stores the plan, cancels, retries
executor          creates the room exactly once: claims, calls, reads back
publish_on_start  lists a hidden room when its host streams
queries           plans as pages read them
forms             the form of a new room
presentation      the state and the steps of a plan in words
views             list, card and form
"""
