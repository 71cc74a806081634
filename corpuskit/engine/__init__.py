"""Engines run the tasks of a stage: an ordered map over processes, of this machine or of a cluster."""
