"""One module a benchmark of docs/benchmarks.md; each goal is a ratio, a count or a time in one run.

__main__    `./run bench`
report      goals, figures, how both are written
document    keeps results; writes the tables of the documents
pace        how fast this machine is now
stage       starts a console of its own: folder, stores, processes
platform    a simulated platform with the real collector, counted from outside
filling     fills a stage's stores with rooms
publisher   ticks as the collector publishes them
act         click to vendor
browser     a tick in the browser
collect     the call budget
door        webhooks
fairness    one heavy user
fanout      1,000 websockets
freshness   how soon a page knows
omnibox     search
outage      stores that are away
page        time to first byte, weight
picture     video beside figures
simulator   the stand-in at full rate
storage     transactions
wall        200 private walls
asking      fills and asks a database, for `omnibox`
bare        the plain broadcast, for `fanout`
bare_calls  aiohttp alone, for `collect`
browsers    browsers on one page, for `collect`
chores      a slow chore, for `act`
crowd       cheap websockets
hog         the heavy user, for `fairness`
others      other sockets, for `browser`
ready       prerendered pages, for `page`
relay       a connection that fails, for `outage`
sender      signed webhooks, for `door`
stock       stock Channels, for `fanout`
"""
