"""The two commands, `make run` and `make test`, and what they stand on. Only `prepare` imports Django."""
