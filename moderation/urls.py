"""Addresses of acts, bans, the record, people and reason codes."""

from django.urls import path

from moderation.actions import setting_views, views
from moderation.actions.verbs import VERBS
from moderation.alerts import views as alerts_views
from moderation.attention import views as attention_views
from moderation.automation import views as automation_views
from moderation.bans import request_views
from moderation.bans import views as bans_views
from moderation.collaboration import views as collaboration_views
from moderation.lifecycle import views as lifecycle_views
from moderation.patrol import views as patrol_views
from moderation.pictures import views as pictures_views
from moderation.profiles import views as profiles_views
from moderation.provisioning import views as provisioning_views
from moderation.staff import token_views
from moderation.staff import views as staff_views
from moderation.workbench import views as workbench_views

urlpatterns = [
    *(path(f"rooms/<int:pk>/{v.path}", views.ordering(v), name=v.url_name) for v in VERBS.values()),
    path("rooms/new", provisioning_views.plan_new, name="plan-new"),
    path("rooms/<int:pk>/plan", provisioning_views.plan_of_room, name="plan-of-room"),
    path("plans", provisioning_views.plan_list, name="plans"),
    path("plans/owner", provisioning_views.plan_owner, name="plan-owner"),
    path("plans/<int:pk>", provisioning_views.plan, name="plan"),
    path("plans/<int:pk>/card", provisioning_views.plan_card, name="plan-card"),
    path("plans/<int:pk>/cancel", provisioning_views.plan_cancel, name="plan-cancel"),
    path("plans/<int:pk>/retry", provisioning_views.plan_retry, name="plan-retry"),
    path("rooms/several", views.several, name="several"),
    path("rooms/<int:pk>/claim", collaboration_views.claim, name="claim"),
    path("rooms/<int:pk>/note", collaboration_views.note, name="note"),
    path("notes/<int:pk>/undo", collaboration_views.note_undo, name="note-undo"),
    path("rooms/<int:pk>/escalate", collaboration_views.escalate, name="escalate"),
    path("rooms/<int:pk>/act/<slug:verb>", views.act_form, name="act-form"),
    path("rooms/<int:pk>/warn/preview", views.warn_preview, name="warn-preview"),
    path("rooms/<int:pk>/risk", attention_views.room_risk, name="room-risk"),
    path("rooms/<int:pk>/life", lifecycle_views.life, name="life"),
    path("rooms/<int:pk>/limit", lifecycle_views.limit_set, name="limit-set"),
    path("limits/<int:pk>/extend", lifecycle_views.limit_extend, name="limit-extend"),
    path("limits/<int:pk>/close", lifecycle_views.limit_close, name="limit-close"),
    path("stills/<int:pk>", pictures_views.kept_still, name="kept-still"),
    path("holds", lifecycle_views.hold_list, name="holds"),
    path("holds/<int:pk>/lift", lifecycle_views.hold_lift, name="hold-lift"),
    path("rooms/<int:pk>/acts", views.acts_of_room, name="acts-of-room"),
    path("rooms/<int:pk>/changes", setting_views.room_changes, name="room-changes"),
    path("acts/<int:pk>/stream-key", setting_views.stream_key, name="stream-key"),
    path("rooms/<int:pk>/timeline", views.timeline, name="timeline"),
    path("acts/<int:pk>/now", views.now, name="act-now"),
    path("acts/<int:pk>/undo", views.undo, name="act-undo"),
    path("acts/<int:pk>/reason", views.reason, name="act-reason"),
    path("acts/<int:pk>/retry", views.retry, name="act-retry"),
    path("bans", bans_views.bans, name="bans"),
    path("bans/new", bans_views.ban_new, name="ban-new"),
    path("bans/<int:pk>", bans_views.ban, name="ban"),
    path("bans/<int:pk>/lift", bans_views.ban_lift, name="ban-lift"),
    path("bans/<int:pk>/change", bans_views.ban_change, name="ban-change"),
    path("bans/<int:pk>/undo", bans_views.ban_undo, name="ban-undo"),
    path("bans/ask", request_views.ban_request_new, name="ban-request-new"),
    path(
        "bans/requests/<int:pk>/decline",
        request_views.ban_request_decline,
        name="ban-request-decline",
    ),
    path("audit", bans_views.record, name="audit"),
    path("account-card", profiles_views.account_card, name="account-card"),
    path("users", profiles_views.named, name="account-named"),
    path("users/<path:account>", profiles_views.account, name="account"),
    path("coverage", patrol_views.page, name="coverage"),
    path("coverage/table", patrol_views.table, name="coverage-table"),
    path("people", staff_views.people, name="people"),
    path("people/new", staff_views.person_new, name="person-new"),
    path("people/<int:pk>", staff_views.person, name="person"),
    path("policies", staff_views.policies, name="policies"),
    path("rules", automation_views.rules, name="rules"),
    path("rules/new", automation_views.rule_new, name="rule-new"),
    path("rules/switch", automation_views.rules_switch, name="rules-switch"),
    path("rules/<slug:slug>", automation_views.rule, name="rule"),
    path("rules/<slug:slug>/change", automation_views.rule_change, name="rule-change"),
    path("rules/<slug:slug>/dry-run", automation_views.rule_dry_run, name="rule-dry-run"),
    path("queue", workbench_views.queue, name="queue"),
    path("queue/rows", workbench_views.queue_rows, name="queue-rows"),
    path("queue/alerts/<int:pk>", workbench_views.queue_alert, name="queue-alert"),
    path("queue/requests/<int:pk>", workbench_views.queue_request, name="queue-request"),
    path("queue/close", workbench_views.queue_close, name="queue-close"),
    path("queue/reopen", workbench_views.queue_reopen, name="queue-reopen"),
    path("queue/count", workbench_views.queue_count, name="queue-count"),
    path("risk", attention_views.risk, name="risk"),
    path("risk/weights", attention_views.risk_weights, name="risk-weights"),
    path("risk/replay", attention_views.risk_replay, name="risk-replay"),
    path("alerts/<int:pk>/close", alerts_views.alert_close, name="alert-close"),
    path("alerts/<int:pk>/reopen", alerts_views.alert_reopen, name="alert-reopen"),
    path("tokens", token_views.token_list, name="tokens"),
    path("tokens/new", token_views.token_new, name="token-new"),
    path("tokens/<int:pk>/revoke", token_views.token_revoke, name="token-revoke"),
]
