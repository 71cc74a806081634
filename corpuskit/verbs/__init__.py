"""What one does with a corpus and its releases, besides ``build``: each verb is a function of its module's name."""
