"""The part of the station where the printer stands: its desk sees the colleague's receipt come and go."""

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from crm_desktop.demo.tour import steps
from crm_desktop.demo.tour.eye import seen
from crm_desktop.demo.tour.hand import Picture, Script, Until

if TYPE_CHECKING:
    from crm_desktop.app.desktop import Desktop
    from crm_desktop.demo.tour.station import Papers


def script(desktop: "Desktop", papers: "Papers", found: dict[str, Any]) -> Script:
    """All steps; `found` gathers what was read on the screen."""
    yield from steps.log_in(desktop, papers.password, mistake=False)
    yield Until(lambda: seen(QWidget, "main_window"), "the desk")
    yield Until(lambda: desktop.attached_devices(), "the printer of this workstation is served")
    yield Picture("desk", "this workstation serves the branch's printer")
    # The seller works meanwhile; this desk stays on until she has gone (standard input closes).
    yield Until(papers.others_gone, "the seller's work", seconds=150)
    yield Picture("afterwards", "the colleague's receipt was printed here")
