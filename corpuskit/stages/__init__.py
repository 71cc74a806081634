"""The stages of a build: each a pure function from finished steps to a finished step, run by any engine."""
