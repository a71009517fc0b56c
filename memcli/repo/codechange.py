def changed(odb, old, new):
    return frozenset()
