-- Room for the invoices of a table that another system issued, as their first rows tell them.
CREATE TEMPORARY TABLE take_in_bill (
    printed text NOT NULL,
    issued_on date NOT NULL,
    due_on date NOT NULL,
    paid bigint NOT NULL,
    reference text NOT NULL,
    reference_kind text NOT NULL
) ON COMMIT DROP
