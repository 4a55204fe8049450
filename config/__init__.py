"""Which process runs with what.

settings         every setting, from the environment
environment      reads and checks variables
checks           settings that do not go together
urls             all addresses
asgi             pages by Django, websockets by Channels
serving          what is true of every request before Django looks at it
celery           the Celery application and its two queues
celery_database  database connections of Celery's threads
celery_request   acknowledgement and due time of messages
logs             how log lines look, and what they leave out
pictures         video sources in the security policy
renderer         how pages and forms are drawn
storage          static files
apps             the app of the commands
management       prepare_database, and commands of others with their audit entry
"""

from config.celery import app as celery_app

__all__ = ["celery_app"]
