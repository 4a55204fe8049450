"""What `./run` does. On the standard library alone, unless a line says "inside .venv".

main          the command line of `./run`
terminal      what it prints, and `Stop`, the error that a person can put right
environment   makes `.venv` from the locked requirements
installation  fills it: uv where it can be had, else pip
processes     which processes make the stack, with which settings and command lines
stack         the life of one `./run`
folder        the data folder: lock, secrets, sockets, ports, `stack.json`
dotenv        the reader of `.env`
stores        whether the stores of REDIS_URL and DATABASE_URL are there
prepare       inside .venv: migrations, static files and demo people of a data folder
supervisor    starts processes, starts again what ends, stops all
parent_death  no process outlives the launcher
probe         health checks
measure       memory and CPU of processes
smoke_test    `./run --for 60 --check`
development   `./run test`, `lock`, `messages`, `screenshots`, mutants, PostgreSQL, Chromium
"""
