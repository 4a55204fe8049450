"""What people and rules decide: acts, bans, automation, staff, and the audit log of all of it.

actions        acts on rooms and members: verbs, orders, handlers
alerts         the queue of alerts
anomalies      figures far from what is usual; pure
attention      the risk score of each room: terms, weights, replay
audit          the audit log and what guards it
automation     the rules: detection, verification, engine, rulebook
bans           platform bans and their enforcement
collaboration  claims, notes, escalations
core           what every package may use: broker, roles, errors, leases
lifecycle      time limits, holds after an end, countdowns
management     commands: first_supervisor, demo_people
models         the tables
patrol         looks and coverage
pictures       alerts about pictures, the last pictures of ended broadcasts
profiles       the page of one account
provisioning   rooms that the console creates
reports        what users report
staff          accounts, reason codes, tokens, log-ins
tuning         what becomes of the findings of each rule
values         stored JSON values, each with its type
web            what all views share
workbench      the queue: its list, one alert with all about it, closing several
worker         executes acts, recovers stranded ones, runs periodic checks
apps           connects the receivers of signals
tasks          Celery's entries; each calls one function
urls           the addresses of all packages
"""
