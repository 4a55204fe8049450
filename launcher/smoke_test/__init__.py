"""`./run --for 60 --check`: tests the running stack as its users see it. Runs inside `.venv`.

__main__        the program that the launcher starts beside the stack
checks          the steps (pages, figures, webhooks, an end, a ban, the audit log, secrets, cost)
                and their table
console_client  a person at a browser: logs in, reads pages, sends forms, watches the websocket
forms           reads the forms of a page as a browser would send them
leaks           finds secrets in what was shown
"""
