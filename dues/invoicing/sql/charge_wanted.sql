-- Room for the lines that a run is asked to charge. Whoever fills it says whom (`person_id`), for which group, and what:
-- `text_id` is what is printed; `place` orders the lines. Empty may be: `due_on` (the creditor's days of payment from
-- the day of the run), `product_id` (then it is free text), `unit_price` and `vat_rate` (then they are the product's),
-- `account_id` (then the rule of the product says where it earns), `reason` (why the line cannot be charged). Lines of
-- one `printed` number are an invoice by themselves, which another system issued.
CREATE TEMPORARY TABLE charge_wanted (
    place bigint NOT NULL,
    person_id bigint NOT NULL,
    group_id bigint NOT NULL,
    due_on date,
    product_id bigint,
    text_id bigint NOT NULL,
    quantity numeric(12, 3) NOT NULL DEFAULT 1,
    unit_price bigint,
    vat_rate smallint,
    account_id bigint,
    reason text,
    printed text NOT NULL DEFAULT ''
) ON COMMIT DROP
