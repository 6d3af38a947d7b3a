-- Jobs do the domain's work. The faces of people get what their screens need; row security follows with the
-- screens. Nobody but the owner changes tables.
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO kontingent_jobs, kontingent_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO kontingent_jobs, kontingent_staff;
REVOKE UPDATE, DELETE ON entry, posting, invoice, invoice_line, allocation, payee, frozen_text, number_void,
    books_closed
    FROM kontingent_jobs, kontingent_staff;
REVOKE DELETE ON claim, payment FROM kontingent_jobs, kontingent_staff;

-- The public face: read what can be joined; write a join, and read one's own document behind a link.
GRANT SELECT ON business_clock, groups, logo, creditor, membership_type, type_component, fee_component, price_rule,
    payee, frozen_text, invoice, invoice_line, claim, payment_reference, bank_agreement, access_link, person, membership, payer
    TO kontingent_public;
GRANT INSERT ON person, membership, membership_status, payer, run, message TO kontingent_public;
GRANT UPDATE (code_hash, code_sent_at, code_tries) ON access_link TO kontingent_public;
GRANT SELECT ON run, message TO kontingent_public;
