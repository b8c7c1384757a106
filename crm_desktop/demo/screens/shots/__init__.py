"""Every window of the program, and how one gets there. A new window gets its shot here."""

from crm_desktop.demo.screens.shots import desk, doors, fiscal, lists, organisation, people, records, sales
from crm_desktop.demo.screens.shots.shot import Shot

#: In the order in which one process takes them: before the login, then the seller's desk, then the administrator's.
SHOTS: tuple[Shot, ...] = (
    *doors.SHOTS,
    *sales.SHOTS,
    *lists.SHOTS,
    *records.SHOTS,
    *desk.SHOTS,
    *people.SHOTS,
    *organisation.SHOTS,
    *fiscal.SHOTS,
)
