"""`issue_invoice_10`: the service call against the same rows as literal statements, and against those without any guard."""

import json
from dataclasses import replace
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from crm_desktop import __version__
from crm_desktop.catalogue.queries import list_rates
from crm_desktop.db.connect import Profile, connect
from crm_desktop.db.keys import new_id
from crm_desktop.db.rows import to_json
from crm_desktop.db.transaction import Transaction
from crm_desktop.demo.company import PASSWORD, SELLER
from crm_desktop.documents import service
from crm_desktop.documents.rules.content import content_hash
from crm_desktop.documents.rules.model import Draft, Seller, Totals
from crm_desktop.documents.rules.totals import totals
from crm_desktop.documents.rules.validity import percents
from crm_desktop.organisation.queries import get_company, list_branches
from tests.benchmarks.figures import Figure, median, milliseconds, percentile
from tests.benchmarks.shop import Shop
from tests.support.wire import Relay

ROUNDS, WARMING = 200, 30
TABLES = (
    *("documents.document", "documents.line", "documents.vat_row", "documents.revision", "documents.line_cost"),
    *("organisation.number_counter", "meta.operation"),
)


def figures(shop: Shop) -> list[Figure]:
    """Issue the same kind of invoice three ways in turn, so that the machine's moods meet all of them alike."""
    guarded, unguarded = shop.copy("bench_floor"), shop.copy("bench_bare")
    _open(shop, guarded, guards=True)
    _open(shop, unguarded, guards=False)
    seller = shop.seller()
    floor, bare = Literal(shop, guarded), Literal(shop, unguarded)
    taken: dict[str, list[float]] = {"value": [], "floor": [], "bare": []}
    try:
        for place in range(ROUNDS + WARMING):
            draft = shop.draft(10)
            scripts = floor.script(shop.draft(10)), bare.script(shop.draft(10))
            times = (
                milliseconds(lambda draft=draft: seller.change(service.issue_invoice, draft)),  # type: ignore[misc]
                milliseconds(lambda script=scripts[0]: floor.run(script)),  # type: ignore[misc]
                milliseconds(lambda script=scripts[1]: bare.run(script)),  # type: ignore[misc]
            )
            if place >= WARMING:
                for name, each in zip(taken, times, strict=True):
                    taken[name].append(each)
        compare_rows(shop, (shop.demo.profile, draft), (guarded, floor.last))
    finally:
        seller.close()
        floor.close()
        bare.close()
    value, lowest, unguarded_time = (median(taken[name]) for name in taken)
    late = percentile(taken["value"], 95)
    trips = {lines: round_trips(shop, lines) for lines in (10, 100)}
    ratio, guards = round(value / lowest, 3), round(lowest / unguarded_time, 3)
    return [
        Figure("issue_invoice_10", value, "ms", "≤ 1.3 × floor", ratio <= 1.3, lowest, unguarded_time, ratio),
        Figure("issue_invoice_10_p95", late, "ms", "< 15 ms", late < 15),
        Figure("issue_invoice_10_guards", lowest, "ms", "≤ 4 × bare", guards <= 4, unguarded_time, unguarded_time, guards),
        Figure("issue_invoice_10_round_trips", trips[10], "waits", "≤ 6", trips[10] <= 6),
        Figure("issue_invoice_100_round_trips", trips[100], "waits", "as many as for 10 lines", trips[100] == trips[10]),
    ]


def compare_rows(shop: Shop, *written: tuple[Profile, Draft | None]) -> None:
    """Both ways left the same rows and the same audit of them. Raises AssertionError."""
    found = []
    for profile, draft in written:
        assert draft is not None
        with psycopg.connect(shop.server.dsn(profile.database)) as owner:
            query = "select table_name, act, count(*) from audit.entry where row_id = %s group by 1, 2 order by 1, 2"
            audited = owner.execute(query, [str(draft.id)]).fetchall()
            row = owner.execute(
                "select state, version, net, tax, gross, (select count(*) from documents.line l where l.document_id = d.id),"
                " (select count(*) from documents.vat_row r where r.document_id = d.id), (select count(*) from documents.revision v"
                " where v.document_id = d.id), (select count(*) from documents.line_cost c where c.document_id = d.id)"
                " from documents.document d where id = %s",
                [draft.id],
            ).fetchone()
        found.append((audited, row))
    assert found[0] == found[1], f"not the same rows: {found}"


def round_trips(shop: Shop, lines: int) -> int:
    """Waits for the server of one service call on a warm connection."""
    with Relay((shop.server.host, shop.server.port), postgres=True) as relay:
        seller = shop.seller(replace(shop.demo.profile, host=relay.host, port=relay.port))
        try:
            seller.change(service.issue_invoice, shop.draft(2))
            draft = shop.draft(lines)
            with relay.counting() as count:
                seller.change(service.issue_invoice, draft)
            return count.round_trips
        finally:
            seller.close()


def _open(shop: Shop, profile: Profile, *, guards: bool) -> None:
    """Let the employee write in this copy what elsewhere only the guarded functions write; without `guards` nothing watches."""
    role = sql.Identifier(profile.role(SELLER))
    with psycopg.connect(shop.server.dsn(profile.database), autocommit=True) as owner:
        owner.execute(sql.SQL("grant usage on schema meta to {}").format(role))
        for table in TABLES:
            name = sql.Identifier(*table.split("."))
            owner.execute(sql.SQL("grant select, insert, update on {} to {}").format(name, role))
            if guards:
                branch = "branch_id = any ((select code.my_branches())::uuid[])"
                yes = sql.SQL(branch if table.startswith("documents") else "true")
                owner.execute(sql.SQL("create policy bench on {} to {} using ({}) with check ({})").format(name, role, yes, yes))
            else:
                owner.execute(sql.SQL("alter table {} disable trigger user").format(name))
                owner.execute(sql.SQL("alter table {} disable row level security").format(name))
        owner.execute("vacuum analyze")


class Literal:
    """The same rows, by the same login, as literal statements in one pipelined transaction."""

    def __init__(self, shop: Shop, profile: Profile) -> None:
        self._shop = shop
        seller = shop.seller(profile)
        self._who = seller.who
        self._percents = percents(seller.read(list_rates), shop.today)
        self._seller = seller.read(_seller_of, seller.who.branches[0])
        self._costs: dict[UUID, Any] = {}
        self.last: Draft | None = None
        seller.close()
        with psycopg.connect(shop.server.dsn(profile.database)) as owner:
            for item in shop.items:
                row = owner.execute(
                    "select price, 'purchase price of ' || valid_from from catalogue.purchase_price where item_id = %s and valid_from <= %s"
                    " order by valid_from desc limit 1",
                    [item.id, shop.today],
                ).fetchone()
                if row is not None:
                    self._costs[item.id] = row
            found = owner.execute(
                "select id from organisation.number_series where branch_id = %s and code = 'FS'", [self._who.branches[0]]
            ).fetchone()
            assert found is not None
            self._series: UUID = found[0]
            self._period = f"{shop.today:%Y-%m}"
            last = owner.execute(
                "select last_number from organisation.number_counter where series_id = %s and period = %s", [self._series, self._period]
            ).fetchone()
            self._last = last[0] if last else 0
            if last is None:
                owner.execute("insert into organisation.number_counter values (%s, %s, 0, %s)", [self._series, self._period, shop.today])
        self._connection = connect(profile, profile.role(SELLER), PASSWORD)

    def script(self, draft: Draft) -> list[sql.Composed]:
        """The statements, ready: making them is not part of the floor."""
        self._last, self.last = self._last + 1, draft
        amounts = totals(draft, self._percents)
        number = f"FS/KRA/{self._last}/{self._shop.today:%m}/{self._shop.today:%Y}"
        operation = new_id()
        key, branch, buyer = draft.id, draft.branch_id, draft.buyer
        answer = to_json({"id": key, "number": number, "version": 2})
        head = {
            "id": key,
            "kind_id": draft.kind.id,
            "branch_id": branch,
            "method": draft.kind.method.value,
            "issue_date": draft.issue_date,
            "sale_date": draft.sale_date,
            "due_date": draft.due_date,
            "buyer_id": buyer.party_id,
            "buyer_name": buyer.name,
            "buyer": _json(to_json(buyer)),
            "payment": draft.payment.value,
            "notes": draft.notes,
            "currency": draft.currency,
            "net": amounts.net,
            "tax": amounts.tax,
            "gross": amounts.gross,
            "made_by": self._who.employee_id,
        }
        frozen = {
            "document_id": key,
            "revision": 1,
            "branch_id": branch,
            "content_hash": content_hash(draft, amounts),
            "seller": _json(to_json(self._seller)),
            "frozen_by": self._who.employee_id,
        }
        moved = "update organisation.number_counter set last_number = {}, last_date = {} where series_id = {} and period = {}"
        issued = (
            "update documents.document set state = 'issued', number = {}, series_id = {}, issued_at = now(), issued_by = {},"
            " delivery = 'outside' where id = {}"
        )
        return [
            _insert("meta.operation", [{"id": operation, "name": f"documents.issue_invoice {__version__}", "result": _json(answer)}]),
            _insert("documents.document", [head]),
            _insert("documents.line", _lines(draft, amounts)),
            _insert("documents.vat_row", _vat_rows(draft, amounts)),
            _insert("documents.revision", [frozen]),
            _insert("documents.line_cost", [
                {"document_id": key, "revision": 1, "position": place, "branch_id": branch, "cost": cost[0], "source": cost[1]}
                for place, line in enumerate(draft.lines, 1) if line.item_id and (cost := self._costs.get(line.item_id))
            ]),
            sql.SQL(moved).format(self._last, self._shop.today, self._series, self._period),
            sql.SQL(issued).format(number, self._series, self._who.employee_id, key),
        ]  # fmt: skip

    def run(self, script: list[sql.Composed]) -> None:
        """All in one transaction and one wait."""
        with self._connection.pipeline():
            self._connection.execute("begin")
            for statement in script:
                self._connection.execute(statement)
            self._connection.execute("commit")

    def close(self) -> None:
        """Give the connection back."""
        self._connection.close()


def _insert(table: str, rows: list[dict[str, Any]]) -> sql.Composed:
    name, columns = sql.Identifier(*table.split(".")), sql.SQL(", ").join(map(sql.Identifier, rows[0]))
    values = sql.SQL(", ").join(sql.SQL("({})").format(sql.SQL(", ").join(map(_literal, row.values()))) for row in rows)
    return sql.SQL("insert into {} ({}) values {}").format(name, columns, values)


def _literal(value: Any) -> sql.Composable:
    return value if isinstance(value, sql.Composable) else sql.Literal(value)


def _json(value: Any) -> sql.Composable:
    return sql.Literal(json.dumps(value, ensure_ascii=False))


def _lines(draft: Draft, amounts: Totals) -> list[dict[str, Any]]:
    return [
        {
            "document_id": draft.id,
            "position": place,
            "id": line.id,
            "branch_id": draft.branch_id,
            "item_id": line.item_id,
            "code": line.code,
            "name": line.name,
            "quantity": line.quantity,
            "unit": line.unit,
            "price": line.price,
            "discount": line.discount,
            "vat": line.vat,
            "negotiated": line.negotiated,
            "service": line.service,
            "value": sums.value,
            "discount_amount": sums.discount,
            "net": sums.net,
            "tax": sums.tax,
            "gross": sums.gross,
        }
        for place, (line, sums) in enumerate(zip(draft.lines, amounts.lines, strict=True), 1)
    ]


def _vat_rows(draft: Draft, amounts: Totals) -> list[dict[str, Any]]:
    return [
        {"document_id": draft.id, "vat": rate.vat, "position": place, "branch_id": draft.branch_id, "net": rate.net, "tax": rate.tax,
         "gross": rate.gross}
        for place, rate in enumerate(amounts.rates, 1)
    ]  # fmt: skip


def _seller_of(tx: Transaction, branch_id: UUID) -> Seller:
    own, branches = get_company(tx), list_branches(tx)
    name = next(branch.name for branch in branches if branch.id == branch_id)
    return Seller(own.name, own.nip, own.street, own.post_code, own.city, own.iban, name)
