"""Every setting of the console, from the environment, with safe defaults.

One group a heading, each variable read once by its literal name: a test compares them with the
tables in docs/configuration.md. `config.environment` refuses what cannot be meant, `config.checks`
what does not go together.
"""

import secrets
from pathlib import Path

from csp.constants import NONE, SELF
from kombu.entity import Queue

from config import environment, logs, pictures

BASE_DIR = Path(__file__).resolve().parent.parent
env = environment.read(BASE_DIR)

# --- Mode
# -------------------------------------------------------------------------------------------
# production: HTTPS in front, secure cookies, own secrets. demo: loopback over plain HTTP, as ./run
# does.
# test: as demo, with static files straight from the source folder.
MODE = env.text("LIVEWARDEN_MODE", "production", among=("production", "demo", "test"))
DEBUG = env.yes("LIVEWARDEN_DEBUG", False)
PLAIN_HTTP = DEBUG or MODE in {"demo", "test"}
DATA_DIR = Path(env.text("LIVEWARDEN_DATA_DIR", str(BASE_DIR / "var"))).absolute()

UNSAFE_SECRET_KEY = "unsafe-secret-key-only-for-demo-and-tests-0123456789"  # noqa: S105 (refused in production)
SECRET_KEY = env.text("LIVEWARDEN_SECRET_KEY", UNSAFE_SECRET_KEY)
# Only web processes sign anything, and they do not start without a key (config.checks). The others
# may go without it: what one of them signed would be worth nothing.
SIGNS = SECRET_KEY != UNSAFE_SECRET_KEY
if not SIGNS and not PLAIN_HTTP:
    SECRET_KEY = secrets.token_urlsafe(50)
ALLOWED_HOSTS = env.words("LIVEWARDEN_ALLOWED_HOSTS", ("127.0.0.1", "localhost", "[::1]"))
CSRF_TRUSTED_ORIGINS = env.words("LIVEWARDEN_ORIGINS", (), matching=r"https?://[^/\s]+")

# --- The vendor -----------------------------------------------------------------------------------
LIVE_SDKAPPID = env.whole("LIVE_SDKAPPID", 0, minimum=0, maximum=2**32)
LIVE_SECRET_KEY = env.text("LIVE_SECRET_KEY", "")
LIVE_ADMIN = env.text("LIVE_ADMIN", "administrator")
LIVE_HOST = env.text("LIVE_HOST", "")
LIVE_ALLOW_LOOPBACK = env.yes("LIVE_ALLOW_LOOPBACK", False)
LIVE_SHARE = env.number("LIVE_SHARE", 0.5, minimum=0.01, maximum=1)
# The vendor itself gives up after 3 seconds (error 60011): waiting less would lose its answers.
LIVE_TIMEOUT = env.number("LIVE_TIMEOUT", 5.0, minimum=3.1, maximum=60)
LIVE_STATISTICS_COMMAND = env.text(
    "LIVE_STATISTICS_COMMAND", "get_room_stats", among=("get_room_stats", "get_room_statistic")
)
LIVE_FIRST_NEXT = env.text("LIVE_FIRST_NEXT", "")
# Rooms opened by the vendor's own clients and back office have it.
LIVE_UNLIMITED_UNTOLD = env.yes("LIVE_UNLIMITED_UNTOLD", True)
# Without a token no webhook is accepted: anybody could send one.
LIVE_WEBHOOK_TOKEN = env.text("LIVE_WEBHOOK_TOKEN", "")
# The vendor's signature does not cover the body. Empty: whoever has seen one address may tell us
# things for a minute.
LIVE_WEBHOOK_SOURCES = env.networks("LIVE_WEBHOOK_SOURCES", ())
LIVE_GIFT_EVENTS = env.yes("LIVE_GIFT_EVENTS", False)

# --- Collecting -----------------------------------------------------------------------------------
WATCHED_INTERVAL = env.number("LIVEWARDEN_WATCHED_INTERVAL", 3.0, minimum=1, maximum=60)
REST_INTERVAL = env.number("LIVEWARDEN_REST_INTERVAL", 15.0, minimum=0, maximum=3600)
SWEEP_INTERVAL = env.number("LIVEWARDEN_SWEEP_INTERVAL", 10.0, minimum=1, maximum=600)
TICK_SECONDS = env.number("LIVEWARDEN_TICK_SECONDS", 1.0, minimum=0.2, maximum=10)
REWARD_SOURCE = env.text("LIVEWARDEN_REWARD_SOURCE", "vendor", among=("vendor", "reported"))
KEEP_SAMPLE_DAYS = env.whole("LIVEWARDEN_KEEP_SAMPLE_DAYS", 30, minimum=1, maximum=3650)
KEEP_CHAT_DAYS = env.whole("LIVEWARDEN_KEEP_CHAT_DAYS", 7, minimum=1, maximum=3650)
KEEP_LOOK_DAYS = env.whole("LIVEWARDEN_KEEP_LOOK_DAYS", 30, minimum=1, maximum=3650)
KEEP_STILL_DAYS = env.whole("LIVEWARDEN_KEEP_STILL_DAYS", 30, minimum=1, maximum=3650)
KEEP_ROOM_DAYS = env.whole("LIVEWARDEN_KEEP_ROOM_DAYS", 400, minimum=1, maximum=3650)

# --- Anomalies ------------------------------------------------------------------------------------
ANOMALY_ALERTS = env.whole("LIVEWARDEN_ANOMALY_ALERTS", 30, minimum=0, maximum=10_000)
ANOMALY_COOL_DOWN_MINUTES = env.whole(
    "LIVEWARDEN_ANOMALY_COOL_DOWN_MINUTES", 30, minimum=0, maximum=1440
)

# --- Acts -----------------------------------------------------------------------------------------
END_GRACE_SECONDS = env.number("LIVEWARDEN_END_GRACE_SECONDS", 3.0, minimum=0, maximum=60)
# A person may choose a longer one for the own acts, up to this.
END_GRACE_MOST_SECONDS = env.number(
    "LIVEWARDEN_END_GRACE_MOST_SECONDS", 20.0, minimum=0, maximum=60
)
QUARANTINE_SECONDS = env.whole("LIVEWARDEN_QUARANTINE_SECONDS", 600, minimum=30, maximum=86_400)
STREAM_KEY_HOURS = env.whole("LIVEWARDEN_STREAM_KEY_HOURS", 24, minimum=1, maximum=720)
RTMP_SERVER = env.text("LIVEWARDEN_RTMP_SERVER", "", matching=r"(rtmps?://[^\s]{1,200})?")
ACT_RETRY_SECONDS = env.number("LIVEWARDEN_ACT_RETRY_SECONDS", 120.0, minimum=0, maximum=3600)
# Where the audience of a room watches, shown on the card of a new room; {room_id} stands for its
# RoomId.
AUDIENCE_LINK = env.text("LIVEWARDEN_AUDIENCE_LINK", "", matching=r"(https?://[^\s\"<>]+)?")

# --- Pictures
# ---------------------------------------------------------------------------------------
# cover: the room's cover image. hls: HLS_URL, {room_id} stands for the RoomId. trtc: the vendor's
# TRTC web SDK.
PICTURE_SOURCE = env.text("LIVEWARDEN_PICTURE_SOURCE", "cover", among=("cover", "hls", "trtc"))
HLS_URL = env.text("LIVEWARDEN_HLS_URL", "", matching=r"(https?://[^\s\"<>]+)?")
# Where else a page may fetch pictures from: segments on another host than the playlist, servers of
# the TRTC SDK.
PICTURE_ORIGINS = env.words(
    "LIVEWARDEN_PICTURE_ORIGINS", (), matching=r"(https?|wss?):(//[^/\s;'\"]+)?"
)
OBSERVER_SECONDS = (
    120  # how long the signature is good with which a tile enters a room: it enters at once
)

# --- Stills: a small picture of each room ---------------------------------------------------------
# The platform's own address of a room's newest picture (JPEG, PNG or WebP), {room_id} in it;
# without one HLS_URL is read.
STILL_URL = env.text("LIVEWARDEN_STILL_URL", "", matching=r"(https?://[^\s\"<>]+)?")
STILL_INTERVAL = env.number("LIVEWARDEN_STILL_INTERVAL", 15.0, minimum=0, maximum=3600)
STILL_CALM_INTERVAL = env.number("LIVEWARDEN_STILL_CALM_INTERVAL", 45.0, minimum=1, maximum=3600)
STILL_MOST_ROOMS = env.whole("LIVEWARDEN_STILL_MOST_ROOMS", 1000, minimum=1, maximum=10_000)
STILL_SECONDS = env.number("LIVEWARDEN_STILL_SECONDS", 6.0, minimum=1, maximum=60)
STILL_BYTES = env.whole("LIVEWARDEN_STILL_BYTES", 600_000, minimum=20_000, maximum=20_000_000)
# Of the 128 bits of a picture's hash, how many may differ in the same picture.
STILL_SAME_BITS = env.whole("LIVEWARDEN_STILL_SAME_BITS", 8, minimum=0, maximum=30)
# A tile that plays may send its picture, where the console itself can read none.
STILL_FROM_TILES = env.yes("LIVEWARDEN_STILL_FROM_TILES", False)
# A playlist may name any address: those of the console's own network are refused.
STILL_PRIVATE_ADDRESSES = env.yes("LIVEWARDEN_STILL_PRIVATE_ADDRESSES", False)

# --- Patrol ---------------------------------------------------------------------------------------
LOOK_SECONDS = env.number("LIVEWARDEN_LOOK_SECONDS", 3.0, minimum=1, maximum=60)
PATROL_MINUTES = env.number("LIVEWARDEN_PATROL_MINUTES", 15.0, minimum=1, maximum=1440)
# What stays on a screen is told again: often enough for the patrol, and no oftener, for each
# telling is a row.
LOOK_AGAIN_SECONDS = int(min(300, max(20, PATROL_MINUTES * 60 / 3)))
MAX_TABS = env.whole("LIVEWARDEN_MOST_TABS", 40, minimum=1, maximum=10_000)
BULK_LIMIT = env.whole("LIVEWARDEN_BULK_LIMIT", 10, minimum=1, maximum=200)
ROOMS_PER_MODERATOR = env.whole("LIVEWARDEN_ROOMS_PER_MODERATOR", 50, minimum=1, maximum=10_000)

# --- HTTP API for the platform's backend ----------------------------------------------------------
API_RATE = env.whole("LIVEWARDEN_API_RATE", 20, minimum=1, maximum=1000)

# --- Stores ---------------------------------------------------------------------------------------
REDIS_URL = env.redis("REDIS_URL", f"unix://{DATA_DIR}/valkey.sock")
REDIS_PREFIX = env.text("LIVEWARDEN_REDIS_PREFIX", "lw:", matching=r"[A-Za-z0-9:_-]{1,40}")
DATABASES = {"default": env.database("DATABASE_URL", DATA_DIR / "livewarden.sqlite3")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # IMMEDIATE: a transaction that will write takes the write lock at once and waits for it,
    # instead of failing half-way when another writer was first.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA "
        "cache_size=-16000;",
    }
    DATABASES["default"]["CONN_MAX_AGE"] = (
        None  # opening the file anew costs as much as an act's statements
    )
else:
    from rooms.infra.database_watch import (
        WatchedConnection,
    )  # it needs the driver, which SQLite does without

    # Whatever takes longer holds up others; migrations may (manage.py).
    STATEMENT_MS = 1000 * env.whole("LIVEWARDEN_STATEMENT_SECONDS", 30, minimum=0, maximum=86_400)
    given = DATABASES["default"].get("OPTIONS", {})
    # A process that is stopped in the middle of a transaction keeps its locks, those of the leading
    # collector too: then nobody else could lead. Its session is ended for it. Tests wait inside of
    # transactions.
    limits = (
        ""
        if MODE == "test"
        else f"-c idle_in_transaction_session_timeout=5000 -c statement_timeout={STATEMENT_MS}"
    )
    DATABASES["default"]["OPTIONS"] = {
        **given,
        "options": f"{given.get('options', '')} {limits}".strip(),
        "connect_timeout": 2,
        # A connection whose other end is gone without a word is found out within ten seconds.
        "keepalives_idle": 4,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "tcp_user_timeout": 10_000,
        # A page waits so long for a connection, then says that the database is away. A new
        # connection is tried again for a second only: what waits longer between two tries would
        # come seconds after the database.
        "pool": {
            "min_size": 0,
            "max_size": 20,
            "timeout": 1.5,
            "reconnect_timeout": 1.0,
            "connection_class": WatchedConnection,
        },
    }
    # After a restart of the server a kept connection is dead: found out before it is used.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
# Only where tables are made, by `manage.py prepare_database`: no process that serves needs the
# owner's password.
DATABASE_OWNER = env.owner("DATABASE_MIGRATE_URL", "")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- Applications ---------------------------------------------------------------------------------
INSTALLED_APPS = [
    # in front of Django's: its commands that change accounts are replaced by ours
    "config.apps.ConfigConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "csp",
    "axes",
    "channels",
    "rooms.apps.RoomsConfig",
    "moderation.apps.ModerationConfig",
    "monitor.apps.MonitorConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # So early that refusals of the middleware below carry the header too.
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "monitor.health.views.whoever_asks",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # BREACH needs a secret and what an attacker chooses in one compressed answer. The only secret
    # in our pages is the CSRF token, which Django masks anew in each of them; and this middleware
    # makes every length a random one.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "monitor.personal.middleware.kept_by_nobody",
    "monitor.personal.middleware.one_wait_for_the_store",
    "monitor.health.error_pages.while_the_database_is_away",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "monitor.personal.middleware.of_the_person",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "monitor.personal.middleware.new_password_first",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
FORM_RENDERER = "config.renderer.Renderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["config.renderer.Loader", "django.template.loaders.app_directories.Loader"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "monitor.personal.context_processors.console",
            ],
        },
    }
]


# --- People ---------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "monitor.backends.ScreenBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "rooms"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
AXES_FAILURE_LIMIT = env.whole("LIVEWARDEN_LOGIN_ATTEMPTS", 5, minimum=1, maximum=100)
AXES_COOLOFF_TIME = env.number("LIVEWARDEN_LOGIN_COOLOFF_HOURS", 0.25, minimum=0.01, maximum=168)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "moderation.staff.throttling.Handler"
AXES_CLIENT_IP_CALLABLE = "config.serving.addresses.of_client"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked_out.html"
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_VERBOSE = False

# --- Security -------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not PLAIN_HTTP
SECURE_HSTS_SECONDS = 0 if PLAIN_HTTP else 31_536_000
SECURE_SSL_REDIRECT = False  # the proxy in front does it; /healthz must answer plain
# Of `check --deploy`: subdomains and browsers' preload lists are for the owner of the domain to
# decide, not for one console on it (W005, W021); the redirect is the proxy's (W008).
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W008", "security.W021"]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = env.yes("LIVEWARDEN_BEHIND_PROXY", False)
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Covers and avatars come from wherever the platform keeps them: production must say where (checks),
# because whoever serves a picture sees when, and from where, a moderator looks at a room.
IMAGE_ORIGINS = env.words("LIVEWARDEN_IMAGE_ORIGINS", (), matching=r"https?:(//[^/\s;'\"]+)?")
if PLAIN_HTTP and not IMAGE_ORIGINS:
    IMAGE_ORIGINS = ["https:"]
PICTURES = pictures.origins(PICTURE_SOURCE, HLS_URL, PICTURE_ORIGINS)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", *IMAGE_ORIGINS],
        "font-src": [SELF],
        "connect-src": [SELF, *PICTURES.connect],
        "media-src": PICTURES.media or [NONE],
        "worker-src": PICTURES.worker or [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- Languages and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ja", "日本語"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
# In which hosts are warned: the vendor tells nobody's language (docs/operations.md).
HOST_LANGUAGE = env.text(
    "LIVEWARDEN_HOST_LANGUAGE", "en", among=tuple(code for code, _name in LANGUAGES)
)
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.zone("LIVEWARDEN_TIME_ZONE", "UTC")

# --- Static files ---------------------------------------------------------------------------------
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(env.text("LIVEWARDEN_STATIC_DIR", "") or DATA_DIR / "static").absolute()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if MODE == "test"
        else "config.storage.StaticFiles"
    },
}

# --- Celery ---------------------------------------------------------------------------------------
CELERY_BROKER_URL = (
    REDIS_URL.replace("unix://", "redis+socket://", 1)
    if REDIS_URL.startswith("unix://")
    else REDIS_URL
)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 30,
    "socket_connect_timeout": 1,
    "global_keyprefix": f"{REDIS_PREFIX}celery:",
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = "chores"
# Acts are not acknowledged: that would cost each as much as carrying it out, for nothing. A message
# that is lost with its worker would come back after an hour; the row of the act is the truth, and
# the sweep finds it within seconds.
CELERY_TASK_QUEUES = [Queue("acts", no_ack=True), Queue("chores")]
URGENT_TASKS = {"execute", "spread_ban", "check_hit", "verify", "create_room", "publish_on_start"}
URGENT_TASKS |= {"watch_over", "watch_hosts"}
CELERY_TASK_ROUTES = {f"moderation.tasks.{name}": {"queue": "acts"} for name in URGENT_TASKS}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_SEND_TASK_EVENTS = False


def every(seconds: float, task: str, *, expires: int) -> dict[str, object]:
    """An entry of the beat; a message that waited longer than `expires` seconds is dropped."""
    return {"task": task, "schedule": seconds, "options": {"expires": expires}}


CELERY_BEAT_SCHEDULE = {
    "sweep-acts": every(5.0, "moderation.tasks.sweep", expires=10),
    # On the queue of acts: a look that ends rooms must not wait behind a long chore.
    "watch-over": every(2.0, "moderation.tasks.watch_over", expires=4),
    "watch-hosts": every(5.0, "moderation.tasks.watch_hosts", expires=10),
    "watch-figures": every(5.0, "moderation.tasks.watch_figures", expires=5),
    "expire-bans": every(30.0, "moderation.tasks.expire_bans", expires=60),
    "keep-stills": every(20.0, "moderation.tasks.keep_stills", expires=40),
    "system-history": every(60.0, "moderation.tasks.keep_system_history", expires=30),
    "forget-requests": every(3600.0, "moderation.tasks.forget_requests", expires=3600),
    "forget-hits": every(3600.0, "moderation.tasks.forget_hits", expires=3600),
    "prune": every(3600.0, "rooms.tasks.prune", expires=3600),
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")

# --- Logging --------------------------------------------------------------------------------------
LOG_LEVEL = env.text("LIVEWARDEN_LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = logs.configuration(LOG_LEVEL)

env.finish()
