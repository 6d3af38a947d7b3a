-- The triggers that refuse changes, and those that keep sums, names, search words and scopes or name whose books take in a
-- settlement, stand and are switched on.
SELECT count(*)
FROM (VALUES ('entry', 'entry_never_changes'), ('posting', 'posting_never_changes'),
             ('posting', 'posting_fits_entry'), ('entry', 'entry_on_open_day'), ('invoice', 'invoice_never_changes'),
             ('invoice_line', 'invoice_line_never_changes'), ('elsewhere', 'elsewhere_never_changes'),
             ('elsewhere_pdf', 'elsewhere_pdf_never_changes'), ('allocation', 'allocation_never_changes'), ('payment_aside', 'payment_aside_never_changes'),
             ('number_void', 'number_void_never_changes'), ('books_closed', 'books_closed_never_changes'),
             ('claim', 'claim_terms_are_frozen'), ('claim', 'claim_never_goes'), ('payment', 'payment_never_changes'),
             ('payment_return', 'payment_return_never_changes'),
             ('payee', 'payee_never_changes'), ('frozen_text', 'frozen_text_never_changes'),
             ('bank_agreement', 'agreement_layout_is_frozen'),
             ('posting', 'posting_days'), ('claim', 'claim_opens'), ('claim', 'claim_changes'),
             ('person', 'person_words_come'), ('person', 'person_words_change'),
             ('membership', 'membership_called'), ('person', 'persons_called'),
             ('groups', 'group_words_of_new'), ('groups', 'group_words_of_changed'),
             ('groups', 'groups_in_scope'), ('settlement', 'settlement_receiver'),
             ('refund_order', 'refund_order_never_changes'), ('refund_payment', 'refund_payment_never_changes'),
             ('credit_use', 'credit_use_never_changes'), ('gift', 'gift_never_changes'), ('fund_choice', 'fund_choice_never_changes'),
             ('slip_part', 'slip_part_never_changes'), ('handed_on', 'handed_on_never_changes'),
             ('order_report', 'order_report_never_changes'), ('order_told', 'order_told_never_changes'),
             ('coding', 'coding_never_changes'), ('own_template', 'own_template_never_changes')
     ) wanted (table_name, trigger_name)
LEFT JOIN pg_trigger t ON t.tgrelid = wanted.table_name::regclass AND t.tgname = wanted.trigger_name
WHERE t.tgenabled IS DISTINCT FROM 'O'
