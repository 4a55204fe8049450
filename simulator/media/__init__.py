"""What rooms and people look like. Everything is drawn here, from numbers.

video   a live HLS stream a room (H.264 and AAC in fragmented MP4)
glyphs  the letters in the video
covers  SVG covers of rooms and avatars of accounts
"""
