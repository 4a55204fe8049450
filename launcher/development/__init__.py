"""Commands of `./run` for those who work on the code.

testing      `./run test`, every check in order
mutants      `./run test --mutants` (inside `.venv`)
postgres     an embedded PostgreSQL for tests and benchmarks
locking      `./run lock`: requirements*.lock from requirements*.txt
browser      (inside `.venv`): the system's Chromium for tests, benchmarks and pictures
messages     (inside `.venv`): `./run messages`, the catalogues of translations
screenshots  (inside `.venv`): `./run screenshots`, the pictures of the tour
"""
