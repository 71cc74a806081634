"""Sources: from SOURCE arguments to records. :data:`READERS` maps a kind of file to its reader."""
