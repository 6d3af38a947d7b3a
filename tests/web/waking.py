"""Workers that only note that they were called."""

from dataclasses import dataclass, field


@dataclass
class Woken:
    """What the workers were told; ``broken`` lets the call fail as a lost connection would."""

    runs: list[int] = field(default_factory=list)
    mails: int = 0
    broken: bool = False

    def run(self, run_id: int) -> None:
        if self.broken:
            raise ConnectionError
        self.runs.append(run_id)

    def prompt_run(self, run_id: int) -> None:
        self.run(run_id)

    def messages(self) -> None:
        self.mails += 1
