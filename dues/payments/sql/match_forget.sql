-- Takes away what was suggested for the payments of a slice before.
DELETE FROM match_suggestion WHERE creditor_id = :creditor AND payment_id BETWEEN :first AND :last
