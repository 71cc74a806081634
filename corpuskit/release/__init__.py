"""The release: what is written, where it stands, how it is read, and how it is packed, signed and sent."""
