"""Which release answers: the one the pointer names, or the last good one while the next loads or fails to."""

from __future__ import annotations

import threading

from .loaded import Loaded, load
from .releases import ReleaseError, Releases


class Champion:
    """The release that answers; safe to use from several threads."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._loading = threading.Lock()
        self._loaded: Loaded | None = None
        self._refused: str | None = None

    @property
    def behind(self) -> bool:
        """Whether the pointer names a release that is neither loaded nor known to be damaged."""
        held = self._loaded.release if self._loaded else None
        return (wanted := self._releases.current()) is not None and wanted not in (held, self._refused)

    @property
    def loaded(self) -> Loaded | None:
        """What answers now, None before the first deployment."""
        return self._loaded

    def follow(self) -> None:
        """Load what the pointer names; while another thread does, return at once if something can answer meanwhile."""
        if not self._loading.acquire(blocking=self._loaded is None):
            return
        try:
            if self.behind and (wanted := self._releases.current()):
                try:
                    self._loaded = load(self._releases, wanted)
                except ReleaseError:
                    self._refused = wanted
        finally:
            self._loading.release()
