"""What follows from pictures of rooms: alerts, and the last pictures of what was ended or banned.

troubles      alerts about black, frozen and missing pictures
kept          the last picture of a broadcast that was ended here or whose host is banned
comparison    the pictures of live rooms against these: the same one is an alert with both
receivers     the signals of `rooms`
presentation  the two pictures of such an alert, for pages
views         a kept picture
"""
