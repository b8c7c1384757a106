"""The look: tokens -> palette, one application style sheet, fonts and icons. Switchable while the program runs.

    theme.apply(app, mode="dark", scale=1.15)        once at start, and again at each change
    theme.current().color("danger")                  own paint asks the theme, never a literal
    theme.current().changed.connect(self.restyle)    for heights and fonts that a widget computed from the theme

QPalette carries all plain colours, so that own paint and Fusion agree with the sheet; the sheet carries outlines, radii, padding
and states; delegates carry every cell. Values stand in resources/theme/tokens.toml and nowhere else.
"""

import tempfile
import tomllib
from collections.abc import Callable
from pathlib import Path
from string import Template
from typing import Any

from PySide6.QtCore import QDir, QObject, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QStyleFactory, QWidget

from crm_desktop.core.assets import asset
from crm_desktop.ui import icons

MODES = ("light", "dark", "system")
DENSITIES = ("compact", "comfortable", "till")
_WEIGHTS = {"strong": 600, "title": 600, "display": 600, "till": 700, "caption": 500}


class Theme(QObject):
    """The theme in use. One object lives as long as the program; `apply` changes its values and emits `changed`."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.mode, self.density, self.scale, self.animations = "light", "compact", 1.0, True
        self.high_contrast = False
        self.tokens: dict[str, Any] = tomllib.loads(asset("resources/theme/tokens.toml").read_text("utf-8"))
        self._images = tempfile.TemporaryDirectory(prefix="crm-desktop-theme-")  # a sheet can only show files
        self._colors: dict[str, str] = {}

    @property
    def dark(self) -> bool:
        """Whether the dark values are in use."""
        return self.mode == "dark"

    # ---- values ----
    def hex(self, token: str) -> str:
        """The colour of a token as "#RRGGBB"; KeyError for a word that is not a token."""
        return self._colors[token]

    def color(self, token: str, alpha: float = 1.0) -> QColor:
        """The colour of a token with `alpha` from 0 to 1."""
        color = QColor(self._colors[token])
        color.setAlphaF(alpha)
        return color

    def size(self, name: str) -> int:
        """A length of the density in pixels: row, header, control, toolbar, nav, cell_padding. Grows with the text size."""
        return round(int(self.tokens["density"][self.density][name]) * max(1.0, self.scale))

    def px(self, role: str) -> int:
        """The text size of a role in pixels: caption, body, strong, title, display, till. Nothing is under 11."""
        return max(11, round(int(self.tokens["text"][role]) * self.scale))

    def space(self, name: str) -> int:
        """A distance in pixels: xs 4, s 8, m 12, l 16, xl 24, xxl 32."""
        return int(self.tokens["space"][name])

    def radius(self, name: str) -> int:
        """A corner radius in pixels: small, control, card."""
        return int(self.tokens["radius"][name])

    def duration(self, name: str) -> int:
        """Milliseconds of a motion: popup, toast_in, highlight_changed_row; 0 without animations. `toast_stay` always counts."""
        return int(self.tokens["motion"][name]) if self.animations or name == "toast_stay" else 0

    def scaled(self, pixels: float) -> int:
        """A length that must grow with the employee's text size."""
        return round(pixels * max(1.0, self.scale))

    def font(self, role: str = "body", weight: int = 0, tabular: bool = False) -> QFont:
        """The font of a role. `tabular`: figures of one width, for columns of figures only (it tears words)."""
        font = QFont(self.tokens["text"]["family"])
        font.setPixelSize(self.px(role))
        font.setWeight(QFont.Weight(weight or _WEIGHTS.get(role, 400)))
        if tabular:
            font.setFeature(QFont.Tag("tnum"), 1)  # the plain string is refused, whatever the signature says
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)  # same advances at every scale
        return font

    def pill_height(self) -> int:
        """The height of pills and key caps, from the font, so that nothing is cut at 115 %."""
        return round(self.px("caption") * 1.64)

    # ---- icons ----
    def icon(self, name: str, token: str = "text_2") -> QIcon:
        """An icon that follows the theme. `name`: a file of resources/icons without its suffix."""
        asset(f"resources/icons/{name}.svg")
        return QIcon(icons.TokenIconEngine(name, token, self.hex))

    def paint_icon(self, painter: QPainter, rect: QRectF | QRect, name: str, token: str = "text_2") -> None:
        """Paint an icon in own paint; sharp at any scale."""
        icons.paint(painter, rect, name, self.hex(token))

    def pixmap(self, name: str, token: str = "text_2", size: int = 16, ratio: float = 1.0) -> QPixmap:
        """An icon as a cached pixmap, for cells and labels that are set again on `changed`."""
        return icons.pixmap(name, self.hex(token), size, ratio)

    # ---- following ----
    def follow(self, widget: QObject, restyle: Callable[[], None]) -> None:
        """Call `restyle` now and after each change for as long as `widget` lives."""
        _Follower(widget, self, restyle)
        restyle()

    # ---- making ----
    def set_values(self, mode: str, density: str, scale: float, animations: bool, high_contrast: bool) -> None:
        """Take new values; only `apply` calls this."""
        if mode not in ("light", "dark") or density not in DENSITIES:
            raise ValueError(f"no such look: {mode}, {density}")
        self.mode, self.density, self.scale, self.animations = mode, density, scale, animations
        self.high_contrast = high_contrast
        self._colors = dict(self.tokens[mode])
        if high_contrast:  # outlines that cannot be missed and no tints
            self._colors.update(border=self._colors["text_2"], border_field=self._colors["text_2"])
            self._colors.update({name: self._colors["surface"] for name in self._colors if name.endswith("_bg")})

    def palette(self) -> QPalette:
        """All plain colours, with those of an inactive window and of disabled widgets."""
        palette, role, group = QPalette(), QPalette.ColorRole, QPalette.ColorGroup
        for of, token in {
            role.Window: "canvas",
            role.WindowText: "text",
            role.Base: "surface",
            role.AlternateBase: "stripe",
            role.Text: "text",
            role.Button: "surface",
            role.ButtonText: "text",
            role.BrightText: "danger",
            role.ToolTipBase: "raised",
            role.ToolTipText: "text",
            role.PlaceholderText: "text_3",
            role.Link: "accent",
            role.LinkVisited: "violet",
            role.Highlight: "select",
            role.HighlightedText: "text",
            role.Accent: "accent",
            role.Light: "surface",
            role.Midlight: "hover",
            role.Mid: "border",
            role.Dark: "border_field",
            role.Shadow: "shadow",
        }.items():
            palette.setColor(of, self.color(token))
        palette.setColor(group.Inactive, role.Highlight, self.color("select_idle"))
        for of in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
            palette.setColor(group.Disabled, of, self.color("text_3"))
        palette.setColor(group.Disabled, role.Base, self.color("sunken"))
        return palette

    def sheet(self) -> str:
        """The style sheet with the values put in."""
        control = self.size("control")
        values: dict[str, Any] = dict(self._colors)
        values.update({role: self.px(role) for role in ("caption", "title", "display", "till")})
        values.update(
            inner=control - 2,
            inner_ring=control - 4,
            tab=self.size("nav") - 2,
            link_height=self.px("body") + 5,
            caption_link_height=self.px("caption") + 5,
            control_radius=self.radius("control"),
            card_radius=self.radius("card"),
            card_inner=self.radius("card") - 1,
            cell_inner=max(0, self.size("cell_padding") - 4),
        )
        return Template(asset("resources/theme/desk.qss").read_text("utf-8")).substitute(values)

    def write_images(self) -> None:
        """Write the recoloured images that the sheet shows as `url(theme:…)`."""
        folder = Path(self._images.name)
        for file, name, token in (
            ("chevron-down", "chevron-down", "text_2"),
            ("chevron-down-off", "chevron-down", "text_3"),
            ("check", "check", "on_accent"),
            ("check-off", "check", "text_2"),
        ):
            (folder / f"{file}.svg").write_bytes(icons.svg(name, self.hex(token), 2.5))
        QDir.setSearchPaths("theme", [str(folder)])


class _Follower(QObject):
    """A child of the widget, so that the connection ends with it."""

    def __init__(self, widget: QObject, theme: Theme, restyle: Callable[[], None]) -> None:
        super().__init__(widget)
        self._restyle = restyle
        theme.changed.connect(self.call)

    def call(self) -> None:
        self._restyle()


_theme: Theme | None = None
_fonts_loaded = False


def current() -> Theme:
    """The theme in use (the light compact one before `apply`)."""
    global _theme
    if _theme is None:
        _theme = Theme()
        _theme.set_values("light", "compact", 1.0, True, False)
    return _theme


def apply(app: QApplication, mode: str = "light", density: str = "compact", scale: float = 1.0, animations: bool = True) -> Theme:
    """Dress the application, or dress it anew. `mode` "system" follows the desktop; `scale` multiplies text, rows and controls."""
    theme, hints = current(), app.styleHints()
    if mode == "system":
        hints.unsetColorScheme()
        mode = "dark" if hints.colorScheme() == Qt.ColorScheme.Dark else "light"
    else:
        hints.setColorScheme(Qt.ColorScheme.Dark if mode == "dark" else Qt.ColorScheme.Light)  # the native title bar
    contrast = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
    theme.set_values(mode, density, scale, animations, contrast)
    _load_fonts()
    theme.write_images()
    # The order matters: scheme, style, palette, font, sheet.
    if not app.property("crmDressed"):
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setProperty("crmDressed", True)
    app.setPalette(theme.palette())
    app.setFont(theme.font())
    app.setStyleSheet(theme.sheet())
    for effect in (
        Qt.UIEffect.UI_AnimateMenu,
        Qt.UIEffect.UI_FadeMenu,
        Qt.UIEffect.UI_AnimateCombo,
        Qt.UIEffect.UI_AnimateTooltip,
        Qt.UIEffect.UI_FadeTooltip,
    ):
        app.setEffectEnabled(effect, False)  # hover 0 ms, nothing slides; popups of our own fade by themselves
    theme.changed.emit()
    return theme


def mark(widget: QWidget, **properties: object) -> None:
    """Set dynamic properties that the sheet asks for (role, kind, state, tone) and have the widget dressed again."""
    changed = False
    for name, value in properties.items():
        if widget.property(name) != value:
            widget.setProperty(name, value)
            changed = True
    if changed:
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.update()


def tabular(widget: QWidget, role: str = "body", weight: int = 0) -> None:
    """Give a widget of figures the tabular font of a role, now and after each change of theme."""
    theme = current()
    theme.follow(widget, lambda: widget.setFont(theme.font(role, weight, tabular=True)))


def _load_fonts() -> None:
    global _fonts_loaded
    if not _fonts_loaded:
        for face in ("Regular", "Medium", "SemiBold", "Bold"):
            path = asset(f"resources/fonts/Inter-{face}.ttf")
            if QFontDatabase.addApplicationFont(str(path)) < 0:
                raise RuntimeError(f"the font cannot be read: {path}")
        _fonts_loaded = True
