"""What each verb does at the vendor: read before, send, read back.

registry       verb -> handler module
members        end, warn, mute, ban from a room; readings that all handlers share
room_settings  texts, list visibility, mute-all, quarantine
room_lists     administrators and metadata
stream_key     stream keys for OBS
final_totals   the totals of a broadcast, read before its end
"""
