"""The tests. Folders mirror the packages; `contract/` runs the console against the simulator
over real sockets, `e2e/` the whole stack in a browser.

conftest           fixtures of all tests
settings           config.settings in a fixed environment
fixtures_valkey    a real Valkey server
fixtures_postgres  a PostgreSQL of a module's own
running_stack      starts `./run` as a person does
proxies            the documented proxies on local ports
"""
