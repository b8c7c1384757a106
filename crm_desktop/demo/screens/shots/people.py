"""Colleagues: messages, who has a record open, who waits for whom; and what works in the background."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from crm_desktop.core.i18n import _
from crm_desktop.db.database import Database, log_in
from crm_desktop.db.keys import new_id
from crm_desktop.db.presence import Seen
from crm_desktop.demo.company import PASSWORD
from crm_desktop.demo.screens.shots.records import card
from crm_desktop.demo.screens.shots.shot import Shot
from crm_desktop.demo.screens.studio import Studio
from crm_desktop.documents.views.document_window import open_document
from crm_desktop.documents.views.invoice_editor import InvoiceEditor
from crm_desktop.messages import service
from crm_desktop.messages.rules.model import About, Branch, Colleague, Letter
from crm_desktop.messages.views.inbox import INBOX, MessagesWindow
from crm_desktop.messages.views.writing import LetterCard, write_message
from crm_desktop.modules import reactions
from crm_desktop.organisation.rules.model import Session
from crm_desktop.organisation.views.session_window import SessionWindow
from crm_desktop.parties.queries import get_party
from crm_desktop.parties.views.party_card import open_party
from crm_desktop.ui import clock, presence, work
from crm_desktop.ui.widgets.dialogs import Question
from crm_desktop.ui.work import Standing, Told

_LETTERS = (
    ("Zadzwoń do Spółdzielni Złote Łany, czekają na potwierdzenie terminu dostawy.\n\nZamówili 100 m przewodu i chcą wiedzieć, czy "
     "przyjedzie przed środą. Powiedziałem, że oddzwonisz do 15.", True),
    ("Faktura wróciła pocztą, adres jest stary. Popraw kartę, zanim wystawisz następną.", True),
    ("Od poniedziałku przyjmujemy zwroty tylko z paragonem.", False),
)  # fmt: skip


def _boss(studio: Studio) -> Database:
    return log_in(studio.order.profile, studio.order.administrator, PASSWORD, reactions())


def _write_to(studio: Studio, whom: Database) -> None:
    """The administrator has written to the seller, the seller to her; on the day of the pictures."""
    boss = _boss(studio)
    try:
        party = boss.read(get_party, studio.order.scene.party)
        carried = About("parties.party", party.id, party.name)
        assert whom.who.employee_id is not None
        to = (Colleague(whom.who.employee_id, whom.who.name),)
        studio.run_sql("delete from messages.recipient")
        studio.run_sql("delete from messages.message")
        ids: list[UUID] = []
        for text, about in _LETTERS:
            letter = Letter(new_id(), text, to, about=carried if about else None)
            boss.change(service.send_message, letter)
            ids.append(letter.id)
        mine = Letter(new_id(), "Oddzwoniłam, dostawa w środę rano.", (Colleague(UUID(str(boss.who.employee_id)), boss.who.name),))
        whom.change(service.send_message, mine)
        boss.change(service.open_message, mine.id)
        for place, id in enumerate((*ids, mine.id)):
            studio.run_sql("update messages.message set sent_at = %s where id = %s", clock.now() - timedelta(minutes=17 + 41 * place), id)
            studio.run_sql("update messages.recipient set read_at = %s where message_id = %s and read_at is not null",
                           clock.now() - timedelta(minutes=9), id)  # fmt: skip
    finally:
        boss.close()


def messages(studio: Studio) -> None:
    """The list with unread ones, one that is read, the toast, the bell; nothing yet; what is written."""
    studio.log_in(studio.order.seller)
    studio.run_sql("delete from messages.recipient")
    studio.run_sql("delete from messages.message")
    studio.fresh_desk()
    _open_inbox(studio)
    studio.picture("messages-none")
    assert studio.session is not None
    _write_to(studio, studio.session.database)
    studio.fresh_desk()
    inbox = _open_inbox(studio)
    studio.until(lambda: studio.desk.notifications.unread == len(_LETTERS), "the number at the bell")
    studio.picture("messages-list")
    studio.press("Return")
    studio.until(lambda: inbox.pane.message is not None, "the message")
    studio.settle()
    studio.picture("messages-read")
    menu = studio.desk.notifications.open()
    studio.settle()
    studio.picture("messages-bell")
    menu.close()
    studio.press("Down", "Down", "Down", "Return")
    studio.until(lambda: inbox.pane.message is not None and inbox.pane.message.mine, "her own message")
    studio.settle()
    studio.picture("messages-sent")
    _writing(studio)


def _open_inbox(studio: Studio) -> MessagesWindow:
    studio.desk.open_dock(INBOX)
    inbox = studio.seen(MessagesWindow)
    studio.until(lambda: inbox.browser.model.exact, "the messages")
    inbox.browser.focus_rows()
    studio.settle()
    return inbox


def _writing(studio: Studio) -> None:
    """A new one: to nobody yet, then to a colleague and a branch, carrying a record; answers while one types."""
    scene = studio.order.scene
    about = About("parties.party", scene.party, "Spółdzielnia Mieszkaniowa „Złote Łany” w Bielsku-Białej")
    write_message(studio.desk, (Letter(new_id(), about=about), ""))
    letter = studio.seen(LetterCard)
    letter.send()
    studio.settle()
    studio.picture("messages-write-problems")
    people = (Colleague(UUID(int=1), "Piotr Łęcki"), Branch(UUID(int=2), "Gdańsk Wrzeszcz"))
    for whom in people:
        letter._add(whom)  # noqa: SLF001  - as if she had chosen them
    letter.text.setPlainText("Kto z was zna nowy adres? Faktura z poniedziałku wróciła.")
    letter.to.setFocus()
    studio.settle()
    studio.picture("messages-write-to")
    studio.type("kr")
    studio.until(lambda: bool(letter.to.answers()), "branches")
    studio.picture("messages-write")
    letter.text.clear()
    letter.leave()
    studio.settle()


def open_elsewhere(studio: Studio) -> None:
    """A colleague has the same card open; two have the same draft open."""
    studio.log_in(studio.order.seller)
    studio.fresh_desk()
    studio.desk.open_dock("parties.parties")
    studio.settle()
    scene = studio.order.scene
    card(studio, open_party, scene.party)
    at = clock.now().replace(hour=9, minute=12)
    first = Seen(UUID(int=1), "Piotr Łęcki", at)
    presence.receive(scene.party, [first])
    studio.settle()
    studio.picture("parties-card-open-elsewhere")
    studio.fresh_desk()
    open_document(studio.desk, scene.filled)
    studio.seen(InvoiceEditor)
    studio.settle()
    presence.receive(scene.filled, [first, replace(first, employee_id=UUID(int=2), name="Ewa Zielińska", since=at + timedelta(minutes=48))])
    studio.settle()
    studio.picture("documents-draft-open-elsewhere")
    for key in (scene.party, scene.filled):
        presence.receive(key, [])
    studio.settle()


def sessions(studio: Studio) -> None:
    """Somebody holds two others up, one holds a transaction open, the rest work or rest; and the question before ending one."""
    studio.log_in(studio.order.administrator)
    studio.fresh_desk()
    studio.desk.open_dock("organisation.sessions")
    window = studio.seen(SessionWindow)
    studio.until(lambda: bool(window.model.places), "the sessions")
    window._again.stop()  # noqa: SLF001  - the moment stands still
    studio.settle()
    now = clock.now()

    def session(pid: int, who: str, state: str, since: float, statement: str, *blocked_by: int, held: float = 0, **more: object) -> Session:
        began = now.replace(hour=7, minute=58)
        made = Session(pid, began, who, who.split()[0].lower(), True, False, "crm-desktop 0.1.0", f"192.168.1.{pid % 100 + 20}", state,
                       now - timedelta(seconds=since), now - timedelta(seconds=held) if held else None, bool(blocked_by), blocked_by,
                       statement)  # fmt: skip
        return replace(made, **more)  # type: ignore[arg-type]

    issue = "select * from code.issue_document($1, $2, $3)"
    window._show(  # noqa: SLF001  - as if the server had said so
        (
            now,
            [
                session(4101, "Tomasz Źrebiec", "idle in transaction", 192, "update parties.party set name = $1 where id = $2", held=194),
                session(4117, "Anna Nowak", "active", 2, "update parties.party set phone = $1 where id = $2", 4101, held=2),
                session(4123, "Piotr Łęcki", "active", 1, issue, 4117, held=1),
                session(4130, "Małgorzata Wiśniewiecka-Żuraw", "active", 0, "select * from code.find_documents($1, $2)", held=0.2),
                session(4131, "Ewa Zielińska", "active", 0, "select * from code.list_sessions()", mine=True),
                session(4140, "Kasa 1", "idle", 41, "commit", login="kasa1", is_employee=False, program="crm-desktop 0.1.0 listener"),
                session(4141, "Jan Łoś", "idle", 620, "commit"),
            ],
        )
    )
    window.view.setFocus()
    studio.settle()
    studio.picture("organisation-sessions")
    window.end_session()
    studio.seen(Question)
    studio.settle()
    studio.picture("organisation-session-end")
    studio.close_dialogs()


def background(studio: Studio) -> None:
    """Nothing; then what runs, what failed, what waits for her, what is finished; the toast of what failed; leaving meanwhile."""
    studio.log_in(studio.order.seller)
    studio.fresh_desk()
    work.works().clear()
    studio.desk.work.open_panel()
    studio.settle()
    studio.picture("work-nothing")
    done = work.follow(_("Export to {file}").format(file="kontrahenci.xlsx"), icon="file-export")
    done.end(Told("8 412", _("Open"), lambda: None))
    failed = work.follow(_("Export to {file}").format(file="2026-11.xlsx"), again=lambda: None, icon="file-export")
    failed.fail(_("The export ended: {reason}. Nothing was left behind.").format(reason=_("the disk is full")))
    running = work.follow(_("Export to {file}").format(file="dokumenty 2026.xlsx"), cancel=lambda: True, icon="file-export")
    running.advance(62_500, 100_000, _("{done} of {total}").format(done="62 500", total="100 000"))
    running.since -= 5
    receipt = _("Receipt: {document}").format(document="PAR Spółdzielnia Mieszkaniowa „Złote Łany”")
    work.works().stand("fiscal", [Standing("1", receipt, _("The receipt was not printed."), _("Print again"), lambda: None)])
    studio.desk.status.show_work_now()
    studio.settle()
    studio.picture("work-panel")
    studio.desk.leave_for_good(lambda: None)
    studio.seen(Question)
    studio.settle()
    studio.picture("work-leaving")
    studio.close_dialogs()
    work.works().clear()
    studio.fresh_desk()


SHOTS = (
    Shot(
        messages,
        (
            *("messages-none", "messages-list", "messages-read", "messages-bell", "messages-sent"),
            *("messages-write-problems", "messages-write-to", "messages-write"),
        ),
    ),
    Shot(open_elsewhere, ("parties-card-open-elsewhere", "documents-draft-open-elsewhere")),
    Shot(background, ("work-nothing", "work-panel", "work-leaving")),
    Shot(sessions, ("organisation-sessions", "organisation-session-end")),
)
