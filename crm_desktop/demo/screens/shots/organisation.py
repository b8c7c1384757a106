"""The administrator's windows: company, branches, employees, roles, workstations, series, kinds of documents."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtWidgets import QPushButton

from crm_desktop.app.proof_window import ProofWindow
from crm_desktop.demo.screens.shots.records import card, register
from crm_desktop.demo.screens.shots.shot import Shot
from crm_desktop.demo.screens.studio import Studio
from crm_desktop.documents.views.kind_card import open_kind
from crm_desktop.organisation.views.branch_card import open_branch
from crm_desktop.organisation.views.company_card import CompanyCard
from crm_desktop.organisation.views.employee_card import open_employee
from crm_desktop.organisation.views.role_card import open_role
from crm_desktop.organisation.views.secret_sheet import SecretSheet
from crm_desktop.organisation.views.series_card import open_series
from crm_desktop.organisation.views.workstation_card import open_workstation
from crm_desktop.ui.widgets.dialogs import Question
from crm_desktop.ui.window import Window

Open = Callable[[Window, UUID | None], object]


def company(studio: Studio) -> None:
    """The company's data."""
    studio.log_in(studio.order.administrator)
    studio.fresh_desk()
    studio.desk.open_dock("organisation.company")
    made = studio.seen(CompanyCard)
    studio.until(made.is_ready, "the company's data")
    studio.settle()
    studio.picture("organisation-company")


def _list_and_cards(studio: Studio, dock: str, open_card: Open, name: str) -> None:
    """A list with the card of its first record; then a new one that is saved as it is."""
    browser = register(studio, studio.order.administrator, dock)
    browser.focus_rows()
    studio.settle()
    card(studio, open_card, browser.current_id())
    studio.picture(f"{name}-card")
    register(studio, studio.order.administrator, dock)
    made = card(studio, open_card, None)
    made.save()
    studio.settle()
    studio.picture(f"{name}-new")


def branches(studio: Studio) -> None:
    """Branches."""
    _list_and_cards(studio, "organisation.branches", open_branch, "organisation-branch")


def employees(studio: Studio) -> None:
    """Employees, and the question before one is dismissed."""
    _list_and_cards(studio, "organisation.employees", open_employee, "organisation-employee")
    register(studio, studio.order.administrator, "organisation.employees")
    browser = register(studio, studio.order.administrator, "organisation.employees")
    browser.focus_rows()
    made = card(studio, open_employee, browser.current_id())
    made.findChild(QPushButton, "dismiss").click()  # type: ignore[union-attr]
    question = studio.seen(Question, "dismiss_question")
    studio.picture("organisation-employee-dismiss")
    question.reject()


def roles(studio: Studio) -> None:
    """Roles and what they permit."""
    _list_and_cards(studio, "organisation.roles", open_role, "organisation-role")


def workstations(studio: Studio) -> None:
    """Workstations, and the secret of one that is installed elsewhere."""
    _list_and_cards(studio, "organisation.workstations", open_workstation, "organisation-workstation")
    sheet = SecretSheet(studio.desk, "kasa1", "tajemnica-stanowiska-kasa1-2026")
    sheet.open()
    studio.picture("organisation-workstation-secret")
    sheet.reject()


def series(studio: Studio) -> None:
    """Number series."""
    _list_and_cards(studio, "organisation.series", open_series, "organisation-series")


def kinds(studio: Studio) -> None:
    """Kinds of documents."""
    _list_and_cards(studio, "documents.kinds", open_kind, "documents-kind")


def proof(studio: Studio) -> None:
    """Every invariant of the data: before, and with a document that somebody changed past the guards."""
    studio.log_in(studio.order.administrator)
    studio.fresh_desk()
    studio.desk.open_dock("app.proof")
    made = studio.seen(ProofWindow)
    studio.settle()
    studio.picture("app-proof-new")
    one = "(select min(id::text)::uuid from documents.document where state = 'issued')"
    change = f"update documents.line set value = value + %s where document_id = {one}"
    studio.run_sql(change, 1)
    try:
        made.start()
        studio.until(lambda: not made.is_running, "the end of the proof")
        studio.settle()
        studio.picture("app-proof")
    finally:
        studio.run_sql(change, -1)


SHOTS = (
    Shot(company, ("organisation-company",), fast=True),
    Shot(branches, ("organisation-branch-card", "organisation-branch-new")),
    Shot(employees, ("organisation-employee-card", "organisation-employee-new", "organisation-employee-dismiss"), fast=True),
    Shot(roles, ("organisation-role-card", "organisation-role-new")),
    Shot(workstations, ("organisation-workstation-card", "organisation-workstation-new", "organisation-workstation-secret")),
    Shot(series, ("organisation-series-card", "organisation-series-new")),
    Shot(kinds, ("documents-kind-card", "documents-kind-new")),
    Shot(proof, ("app-proof-new", "app-proof")),
)
