"""The HTTP API for the platform's backend, under /api/v1/: for programs with a token.

urls         its addresses
operations   one function an address: token, body, one call
lookup       what an operation speaks of, found or refused
access       a token with its scope
rates        requests a second that a token may send
bodies       what requests hold; strict
answers      what is answered
once         Idempotency-Key: the key, the act and the answer in one transaction
problems     refusals as application/problem+json
description  the OpenAPI description
"""
