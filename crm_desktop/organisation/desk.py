"""What the organisation puts on the desk."""

from crm_desktop.core.i18n import N_
from crm_desktop.organisation.views.branch_card import BranchBrowser
from crm_desktop.organisation.views.company_card import CompanyCard
from crm_desktop.organisation.views.employee_card import EmployeeBrowser
from crm_desktop.organisation.views.role_card import RoleBrowser
from crm_desktop.organisation.views.series_card import SeriesBrowser
from crm_desktop.organisation.views.session_window import END, SessionWindow
from crm_desktop.organisation.views.workstation_card import WorkstationBrowser
from crm_desktop.ui.desk import Action, Desk, Dock, Place
from crm_desktop.ui.register import register_actions

_GROUP = N_("Company")
_BRANCHES, _EMPLOYEES, _ROLES = "organisation.branches", "organisation.employees", "organisation.roles"
_STATIONS, _SERIES, _SESSIONS = "organisation.workstations", "organisation.series", "organisation.sessions"
_SAVE_BRANCH, _EMPLOY, _DEFINE = "organisation.save_branch", "organisation.employ", "organisation.define_role"
_INSTALL, _SAVE_SERIES = "organisation.install_workstation", "organisation.save_series"

DESK = Desk(
    docks=(
        Dock("organisation.company", N_("Company data"), "building", _GROUP, "organisation.save_company", CompanyCard),
        Dock(_BRANCHES, N_("Branches"), "building-store", _GROUP, _SAVE_BRANCH, BranchBrowser),
        Dock(_EMPLOYEES, N_("Employees"), "id-badge-2", _GROUP, _EMPLOY, EmployeeBrowser),
        Dock(_ROLES, N_("Roles"), "shield-lock", _GROUP, _DEFINE, RoleBrowser),
        Dock(_STATIONS, N_("Workstations"), "device-desktop", _GROUP, _INSTALL, WorkstationBrowser),
        Dock(_SERIES, N_("Number series"), "list-numbers", _GROUP, _SAVE_SERIES, SeriesBrowser),
        Dock(_SESSIONS, N_("Who waits for whom"), "server", _GROUP, END, SessionWindow),
    ),
    actions=(
        *register_actions(_BRANCHES, _SAVE_BRANCH),
        *register_actions(_EMPLOYEES, _EMPLOY),
        *register_actions(_ROLES, _DEFINE),
        *register_actions(_STATIONS, _INSTALL),
        *register_actions(_SERIES, _SAVE_SERIES),
        Action(
            "sessions.cancel", N_("End what it does"), "x", ("F8",), Place.NONE, END, lambda w: w.current().cancel_statement(), _SESSIONS
        ),
        Action("sessions.end", N_("End the session"), "x", ("Delete",), Place.NONE, END, lambda w: w.current().end_session(), _SESSIONS),
        Action("sessions.refresh", N_("Refresh"), "refresh", ("F5",), Place.NONE, END, lambda w: w.current().refresh_now(), _SESSIONS),
    ),
)
