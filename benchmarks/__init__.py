"""The benchmarks of docs/benchmarks.md, one module each; each goal is a ratio, a count or a time in
one run.

__main__           `./run bench`
report             goals, figures, how both are written
document           stores results; writes the tables of the documents
calibration        the speed of this machine
environment        the folder, stores and processes of one benchmark
platform           a simulated platform with the real collector, counted from outside
seed_data          rooms in the stores of an environment
publisher          ticks as the collector publishes them
act                click to vendor
alerts             alerts about unusual figures
browser            a tick in the browser
collect            the call budget
command_palette    search
fairness           one heavy user
fanout             1,000 websockets
floor              six moderators and planted incidents
freshness          new and ended rooms on a page
outage             outages of the stores
page               time to first byte, weight
picture            video beside figures
simulator          the stand-in at the published limits
snapshots          a still of each of 300 rooms, and the figures meanwhile
storage            transactions
wall               200 private walls
webhook_ingest     webhooks
bare_broadcast     the plain broadcast, for `fanout` and `wall`
bare_calls         aiohttp alone, for `collect`
browsers           browsers on one page, for `collect`
faulty_relay       a connection that fails, for `outage`
histories          generated histories of rooms, for `alerts`
heavy_user         the heavy user, for `fairness`
other_sockets      other sockets, for `browser`
palette_process    seeds and searches one database, for `command_palette`
prerendered        prerendered pages, for `page`
slow_chore         a slow chore, for `act`
stock_channels     stock Channels, for `fanout`
stream_host        HLS streams, for `snapshots`
webhook_sender     signed webhooks, for `webhook_ingest`
websocket_clients  cheap websockets
"""
