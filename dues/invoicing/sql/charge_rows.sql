-- Room for the lines of a table as they were read: whom each names, and what it charges.
CREATE TEMPORARY TABLE charge_row (
    place bigint NOT NULL,
    number bigint,
    email text NOT NULL,
    external text NOT NULL,
    product_id bigint,
    content jsonb NOT NULL,
    digest text NOT NULL,
    quantity numeric(12, 3) NOT NULL,
    unit_price bigint,
    account_id bigint,
    printed text NOT NULL
) ON COMMIT DROP
