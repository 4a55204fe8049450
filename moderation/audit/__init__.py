"""The audit log: who did what, when and why. Append-only.

audit_log     the only writer of `AuditEntry`; called inside the transaction of what it records
forms         the filters of the page
record_guard  database triggers, and the role that may add and not change
"""
