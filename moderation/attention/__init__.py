"""Which room first: the risk score of each live room, and why it is so high.

scoring       the pure functions: facts and weights in, a sum and its terms out
facts         reads the facts of rooms, all of them or what has changed
scorer        keeps the scores of all live rooms up to date, a tick at a time
store         writes scores, and reads them for pages: orders, marks
weights       the weights in force, and their versions
presentation  terms and levels in words
forms         the forms of weights and replay
history       the stored past: the facts of any room at any moment
replay        weights over the stored past
views         the panel of a room; the page of the weights
"""
