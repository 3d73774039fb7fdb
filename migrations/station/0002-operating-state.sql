-- Operating state of the till: what must survive a crash but is no fact of the journal. It is
-- written by the features, in the same transaction as the entries it belongs to, and is never
-- rebuilt from the journal.

CREATE TABLE command_result (
  command_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  -- SHA-256 of name and input: the same id with another input is an error of the client.
  input_digest TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (json_valid(outcome)),
  recorded_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX command_result_by_time ON command_result (recorded_at_ms);

-- The one open basket of the till. Lines are rows of their own, so that a scan writes one row.
CREATE TABLE open_basket (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  basket_id TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 0),
  tenders TEXT NOT NULL CHECK (json_valid(tenders)),
  prompts TEXT NOT NULL CHECK (json_valid(prompts))
) STRICT;
CREATE TABLE open_basket_line (
  line_id TEXT PRIMARY KEY,
  position INTEGER NOT NULL UNIQUE,
  line TEXT NOT NULL CHECK (json_valid(line))
) STRICT;

-- Every card payment from its intent to its end. A row is written before the terminal is asked.
CREATE TABLE card_payment (
  payment_id TEXT PRIMARY KEY,
  basket_id TEXT NOT NULL,
  command_id TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN ('requested', 'unknown', 'approved', 'declined', 'reversal-pending', 'reversed')
  ),
  -- Set while the reversal belongs to the voiding of a completed sale.
  voided_sale_id TEXT,
  tender_id TEXT NOT NULL,
  approval TEXT CHECK (approval IS NULL OR json_valid(approval)),
  requested_at_ms INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX card_payment_unsettled ON card_payment (state)
  WHERE state IN ('requested', 'unknown', 'reversal-pending');

-- A post-void whose card reversals are under way; gone when the void is journalled or given up.
CREATE TABLE pending_void (
  sale_id TEXT PRIMARY KEY,
  reason_code TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  command_id TEXT NOT NULL,
  input_digest TEXT NOT NULL,
  requested_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE print_job (
  job_id TEXT PRIMARY KEY,
  position INTEGER NOT NULL UNIQUE,
  -- The sale or void it shows; null for reports and tests.
  sale_id TEXT,
  document TEXT NOT NULL CHECK (json_valid(document)),
  is_copy INTEGER NOT NULL CHECK (is_copy IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('queued', 'printing', 'printed', 'failed', 'unknown')),
  code TEXT,
  created_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX print_job_waiting ON print_job (position) WHERE state IN ('queued', 'printing');
CREATE INDEX print_job_by_sale ON print_job (sale_id, position) WHERE sale_id IS NOT NULL;

CREATE TABLE operator_lockout (
  operator_id TEXT PRIMARY KEY,
  failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
  last_failed_at_ms INTEGER NOT NULL,
  locked_until_ms INTEGER
) STRICT;

-- Scans that could not act (signed out, locked, payment under way), kept as evidence, bounded.
CREATE TABLE refused_scan (
  scan_id TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  code TEXT NOT NULL,
  heard_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX refused_scan_by_time ON refused_scan (heard_at_ms);
