"""Anomalies of viewers, chat and gifts: figures far from what is usual in a room and now on the
platform.

Pure: knows no database, no Redis and no clock. `moderation.worker.anomaly_watch` reads the figures
and raises the alerts.

detector   one look at all rooms: from figures to findings
incidents  whether what is odd is an incident, and of which kind (pure rules over deviations)
readings   what is new in a room's figures: deviations from its levels
waves      the share of a deviation that the whole platform has
levels     robust exponential smoothing: what is usual, and how much it moves
memory     what is kept of a room between two looks, and its JSON
kinds      the kinds of incidents, their thresholds and sensitivities
"""
