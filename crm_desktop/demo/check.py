"""Invariants of any company's base, each a query that gives no row (semantics, "Invariants to prove on any base")."""

from typing import Any

import psycopg

#: What must hold -> the query that names what breaks it.
INVARIANTS = {
    "L: the issued numbers of a counter are 1 to n, and the counter says n": """
        select s.code, b.code, c.period, c.last_number, count(d.id), count(distinct d.number)
          from organisation.number_counter c join organisation.number_series s on s.id = c.series_id
          join organisation.branch b on b.id = s.branch_id
          left join documents.document d on d.series_id = c.series_id
           and c.period = case s.restart when 'year' then to_char(d.issue_date, 'YYYY') when 'month' then to_char(d.issue_date, 'YYYY-MM')
                                         else '' end
         group by s.id, b.id, c.series_id, c.period, c.last_number, c.last_date
        having count(d.id) <> c.last_number or max(d.issue_date) > c.last_date
            or count(distinct substring(d.number from '^[^/]+/[^/]+/(\\d+)/')::int) <> c.last_number
            or max(substring(d.number from '^[^/]+/[^/]+/(\\d+)/')::int) <> c.last_number""",
    "L: every issued document is counted": """
        select d.id from documents.document d join organisation.number_series s on s.id = d.series_id
         where not exists (select from organisation.number_counter c where c.series_id = s.id
                  and c.period = case s.restart when 'year' then to_char(d.issue_date, 'YYYY')
                                                when 'month' then to_char(d.issue_date, 'YYYY-MM') else '' end)""",
    "L: dates do not fall within a counter": """
        select d.number from (
            select d.number, d.issue_date, lag(d.issue_date) over (partition by d.series_id, to_char(d.issue_date, 'YYYY-MM')
                   order by substring(d.number from '^[^/]+/[^/]+/(\\d+)/')::int) as before
              from documents.document d where d.state = 'issued') d where d.issue_date < d.before""",
    "L: what is issued has a number, what is not has none": """
        select id from documents.document where (state = 'issued') <> (number is not null and series_id is not null)""",
    "D: a line's value follows from quantity, price and discount": """
        select l.document_id, l.position from documents.line l join documents.document d on d.id = l.document_id
         where l.discount_amount <> round(round(l.quantity * l.price, 2) * l.discount / 100, 2)
            or l.value <> round(l.quantity * l.price, 2) - l.discount_amount or l.net + l.tax <> l.gross
            or (case d.method when 'net' then l.net else l.gross end) <> l.value""",
    "D: VAT of each rate follows from its lines by the document's method": """
        select d.id, r.vat from documents.document d join documents.vat_row r on r.document_id = d.id and r.revision = d.revision
          join catalogue.vat_rate v on v.code = r.vat and v.valid_from <= d.sale_date and (v.valid_to is null or v.valid_to >= d.sale_date)
          cross join lateral (select sum(l.net) as net, sum(l.tax) as tax, sum(l.gross) as gross, sum(l.value) as value
                      from documents.line l where l.document_id = d.id and l.revision = d.revision and l.vat = r.vat) s
         where (s.net, s.tax, s.gross) is distinct from (r.net, r.tax, r.gross)
            or s.tax <> case when v.percent is null then 0 when d.method = 'net' then round(s.value * v.percent / 100, 2)
                             else round(s.value * v.percent / (100 + v.percent), 2) end""",
    "D: a document's sums are those of its VAT rows, and every line has its row": """
        select d.id from documents.document d
         where not exists (select from documents.vat_row r where r.document_id = d.id and r.revision = d.revision
                           having (sum(r.net), sum(r.tax), sum(r.gross)) = (d.net, d.tax, d.gross))
            or exists (select from documents.line l where l.document_id = d.id and not exists (
                       select from documents.vat_row r where r.document_id = d.id and r.vat = l.vat))""",
    "the frozen hash is that of the stored content": """
        select d.id from documents.document d left join documents.revision v on v.document_id = d.id and v.revision = d.revision
         where d.state <> 'draft' and v.content_hash is distinct from sha256(convert_to(code.content_text(d), 'UTF8'))""",
    "nothing is frozen of a draft": """
        select d.id from documents.document d join documents.revision v on v.document_id = d.id where d.state = 'draft'""",
    "the cost of a line is the purchase price of its day": """
        select l.document_id, l.position from documents.line l join documents.document d on d.id = l.document_id
          left join documents.line_cost c on c.document_id = l.document_id and c.revision = l.revision and c.position = l.position
         where d.state <> 'draft' and c.cost is distinct from (
               select p.price from catalogue.purchase_price p where p.item_id = l.item_id and p.valid_from <= d.sale_date
                order by p.valid_from desc limit 1)""",
    "M: an issued document of a fiscal kind has exactly one print": """
        select d.id from documents.document d join documents.kind k on k.id = d.kind_id
         where k.fiscal and d.state = 'issued' and 1 <> (
               select count(*) from fiscal.receipt r join fiscal.receipt_print p on p.receipt_id = r.id
                where r.holder_id = d.id and r.state = 'printed')""",
    "M: a print has exactly one issued document": """
        select p.receipt_id from fiscal.receipt_print p join fiscal.receipt r on r.id = p.receipt_id
          left join documents.document d on d.id = r.holder_id and d.state = 'issued'
         where d.id is null or r.state <> 'printed'""",
    "M: the receipt says the document's sum": """
        select r.id from fiscal.receipt r join documents.document d on d.id = r.holder_id
         where r.state = 'printed' and (r.content ->> 'due')::bigint <> d.gross_cents""",
    "parts are in the branch of their document": """
        select l.document_id from documents.line l left join documents.document d on d.id = l.document_id and d.branch_id = l.branch_id
         where d.id is null
        union all
        select r.document_id from documents.vat_row r left join documents.document d on d.id = r.document_id and d.branch_id = r.branch_id
         where d.id is null
        union all
        select r.id from fiscal.receipt r left join documents.document d on d.id = r.holder_id and d.branch_id = r.branch_id
         where d.id is null""",
    "lines name items that exist": """
        select l.document_id from documents.line l left join catalogue.item i on i.id = l.item_id where i.id is null""",
    "documents name buyers that exist": """
        select d.id from documents.document d left join parties.party p on p.id = d.buyer_id
         where d.buyer_id is not null and p.id is null""",
}


def broken(connection: psycopg.Connection[Any]) -> dict[str, list[tuple[Any, ...]]]:
    """What does not hold: the invariant and up to ten rows that break it; empty for a sound base. As owner or superuser."""
    found = {}
    for name, query in INVARIANTS.items():
        rows = connection.execute(f"select * from ({query}) broken limit 10").fetchall()  # type: ignore[call-overload]
        if rows:
            found[name] = rows
    return found
