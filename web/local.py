"""Ways back that a browser brings along: only those within this house are taken."""


def local(path: str, *, otherwise: str = "/") -> str:
    """Return a path of our own, another one for anything else: browsers take two slashes for another house."""
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if ours else otherwise
