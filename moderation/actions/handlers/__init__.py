"""What each verb does at the vendor: read before, send, read back.

base           `ActionHandler`, the outcome, and the reading that all share
members        end, warn, mute, ban from a room
warning_text   what a warning says to the host
room_settings  texts, list visibility, mute-all, quarantine
room_lists     administrators and metadata
stream_key     stream keys for OBS
final_totals   the totals of a broadcast, read before its end
"""
