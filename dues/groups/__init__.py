"""Groups: the tree of the organisation, its looks, its creditors and their bank agreements."""
