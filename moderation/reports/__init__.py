"""What users report of rooms and accounts, told by the platform's backend.

reports  stored once each, and merged into one open alert a room and account
"""
