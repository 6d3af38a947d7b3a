"""Refusals of named lists and of lists that are taken out."""


class ListError(Exception):
    """A list cannot be kept or taken out like this."""


class NotAListError(ListError):
    """There is no such list to take out."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no list {name!r} that can be taken out.")


class NotAColumnError(ListError):
    """A list has no such column, or none was chosen."""

    def __init__(self, names: str) -> None:
        super().__init__(f"The list has no such columns: {names}." if names else "Choose at least one column.")


class NotAFilterError(ListError):
    """A list cannot be narrowed by this, or not to this value."""

    def __init__(self, name: str) -> None:
        super().__init__(f"The list cannot be narrowed like this: {name}.")


class NamelessListError(ListError):
    """A named list has a name."""

    def __init__(self) -> None:
        super().__init__("Give the list a name.")


class NameTakenError(ListError):
    """Somebody has a list of this name already."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is a list called {name!r} already.")
        self.name = name


class TooManyListsError(ListError):
    """Somebody has so many named lists that they would not find this one."""

    def __init__(self, most: int) -> None:
        super().__init__(f"There are {most} named lists already; delete one first.")
        self.most = most
