"""What an address of the list or the wall asks for, and what stands above the rooms.

filters  search, sort, direction, chips, columns: read from an address and written into it
chips    the marks by which rooms are filtered, and how many rooms each would find
columns  the columns of the list, and which of them can be sorted by
heads    the heads of the columns: what each says, and what sorts by it
parts    what is drawn once and kept: heads, chips, menu of columns, legend
strip    the line of figures on top, by role
"""
