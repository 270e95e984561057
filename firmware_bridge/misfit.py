"""What a configuration says of a board and cannot be, with the key to change."""


class Misfit(ValueError):
    """A sentence about one key of a board's description, as it is called in the configuration; of one `channel`'s where
    it is about that alone.
    """

    def __init__(self, key: str, reason: str, channel: int | None = None) -> None:
        super().__init__(reason if channel is None else f"channel {channel}: {reason}")
        self.key = key
        self.channel = channel


class BoardRefused(ValueError):
    """A board cannot be built as it is described. `key` is empty where no single key is to blame."""

    def __init__(self, board: str, reason: ValueError) -> None:
        super().__init__(f"board {board}: {reason}")
        self.board = board
        self.key, self.channel = (reason.key, reason.channel) if isinstance(reason, Misfit) else ("", None)
        self.reason = str(reason)
