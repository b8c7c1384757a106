"""Python's full garbage collection, put off until nobody types: it stops the program for 30 ms and more, which a typist feels.

    tidying.put_off()      at each act of a person

The quick collections of young objects go on as ever. A full one comes a calm moment after the last act, and without any calm at
all when very much has gathered.
"""

import gc

import shiboken6
from PySide6.QtCore import QCoreApplication, QTimer

CALM_MS = 2000
#: Full collections come by themselves only after so many of the middle generation; Python's own number is 10.
_RARELY = 500
#: So many of the middle generation make a full collection worth its time.
_WORTH = 10

_calm: QTimer | None = None


def put_off() -> None:
    """A person is at work: no full collection for the next two seconds. From the GUI thread."""
    global _calm
    application = QCoreApplication.instance()
    if application is None:
        return
    if _calm is None or not shiboken6.isValid(_calm):
        young, middle, _old = gc.get_threshold()
        gc.set_threshold(young, middle, _RARELY)
        _calm = QTimer(application, singleShot=True, interval=CALM_MS)
        _calm.timeout.connect(_tidy)
    _calm.start()


def _tidy() -> None:
    if gc.get_count()[2] >= _WORTH:
        gc.collect()
