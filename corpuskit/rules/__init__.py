"""Rules: functions that read a text and yield edits, each named for the defect it sees."""
