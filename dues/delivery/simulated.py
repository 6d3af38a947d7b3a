"""A simulated SMS gateway: it sends nothing, and keeps each text message as a file that the demonstration shows."""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from dues.delivery.errors import WrongChannelError
from dues.delivery.post import Outcome, Parcel, Result, Sms

ENDING: Final = ".sms.json"
"""How the names of the files end."""


class SimulatedGateway:
    """Writes text messages into ``folder``; one that comes again, under the same key, replaces itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def carry(self, parcels: Iterable[Parcel]) -> Iterator[Outcome]:
        """Yield that each was sent, as soon as its file stands."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for parcel in parcels:
            if not isinstance(parcel.content, Sms):
                raise WrongChannelError(parcel.message.kind, parcel.message.channel)
            self._keep(parcel.content)
            yield Outcome((parcel.message,), Result.SENT)

    def _keep(self, sms: Sms) -> None:
        draft = self._folder / f".{os.getpid()}-{id(sms)}"
        draft.write_text(json.dumps({"to": sms.to, "text": sms.text}), encoding="utf-8")
        draft.replace(self._folder / f"{hashlib.sha256(sms.key.encode()).hexdigest()[:32]}{ENDING}")
