"""What `./run` does. Standard library only, except what runs inside `.venv`: `prepare`, `proof`, `person`."""
