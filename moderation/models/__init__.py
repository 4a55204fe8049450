"""Acts and their record: what was ordered, what became of it, who is banned, and the audit trail.

people    reason codes, code names            acts    Action: the outbox
bans      platform bans, requests for them    record  AuditEntry: append-only
life      rooms planned, limited, held        rules   Rule, its hits, Alert, the switch
pictures  last pictures of ended broadcasts
reports   what users report
risk      the risk of each live room, and its weights
"""

from moderation.models.acts import Action
from moderation.models.bans import OPEN_BAN, Ban, BanQuerySet, BanRequest
from moderation.models.life import Hold, PlannedRoom, TimeLimit
from moderation.models.patrol import Claim, LastLook, Look, Note
from moderation.models.people import ApiRequest, ApiToken, Policy, StaffProfile
from moderation.models.pictures import KeptStill
from moderation.models.record import AuditEntry
from moderation.models.reports import UserReport
from moderation.models.risk import RiskWeights, RoomRisk
from moderation.models.rules import Alert, Rule, RuleHit, RuleSwitch

__all__ = [
    "OPEN_BAN",
    "Action",
    "Alert",
    "ApiRequest",
    "ApiToken",
    "AuditEntry",
    "Ban",
    "BanQuerySet",
    "BanRequest",
    "Claim",
    "Hold",
    "KeptStill",
    "LastLook",
    "Look",
    "Note",
    "PlannedRoom",
    "Policy",
    "RiskWeights",
    "RoomRisk",
    "Rule",
    "RuleHit",
    "RuleSwitch",
    "StaffProfile",
    "TimeLimit",
    "UserReport",
]
