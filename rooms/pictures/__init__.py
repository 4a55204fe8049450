"""A small picture (still) of each live room, taken by one process out of the rooms' streams.

worker     the process: which room next, fetch, decode, store, tell
pace       how often each room is taken a still of
judgement  black, frozen, missing: what the stills of a room, one after the other, say
decoding   the child process that decodes: started, timed out, replaced
decoder    what runs in that child: FFmpeg on bytes that somebody else made
fetching   the bytes of one picture, bounded in time, size and hops
playlists  HLS playlists: which segment to read
addresses  which addresses the console may ask
sources    where pictures of a room come from, by setting
uploads    pictures that tiles send, until the process takes them
stills     the newest stills: in Redis with what is known of them, and a row for each broadcast
"""
