-- The station's ledger: the journal, what is derived from it, and the till's operating state.
-- Every table is described in README.md beside this file.

-- ── The journal: facts, written once ─────────────────────────────────────────────────────────

CREATE TABLE journal (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL UNIQUE CHECK (length(id) = 36),
  kind TEXT NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
  business_date TEXT NOT NULL
    CHECK (business_date GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
  occurred_at_ms INTEGER NOT NULL,
  operator_id TEXT NOT NULL CHECK (length(operator_id) BETWEEN 1 AND 64),
  payload BLOB NOT NULL CHECK (length(payload) > 0),
  prev_hash BLOB NOT NULL CHECK (length(prev_hash) = 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  signature BLOB NOT NULL CHECK (length(signature) = 64)
) STRICT;

CREATE TRIGGER journal_in_order BEFORE INSERT ON journal
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM journal)
  OR NEW.prev_hash IS NOT
    coalesce((SELECT hash FROM journal ORDER BY seq DESC LIMIT 1), zeroblob(32))
BEGIN SELECT raise(ABORT, 'journal: an entry must follow the last one'); END;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
BEGIN SELECT raise(ABORT, 'journal: history is never changed'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
BEGIN SELECT raise(ABORT, 'journal: history is never deleted'); END;

CREATE TABLE station_identity (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  public_key BLOB NOT NULL CHECK (length(public_key) = 32),
  station_id TEXT CHECK (length(station_id) BETWEEN 1 AND 64),
  store_id TEXT CHECK (length(store_id) BETWEEN 1 AND 64),
  station_number INTEGER CHECK (station_number BETWEEN 1 AND 999),
  CHECK ((station_id IS NULL) = (store_id IS NULL)),
  CHECK ((station_id IS NULL) = (station_number IS NULL))
) STRICT;

CREATE TRIGGER station_identity_fixed BEFORE UPDATE ON station_identity
WHEN OLD.station_id IS NOT NULL OR NEW.public_key IS NOT OLD.public_key
BEGIN SELECT raise(ABORT, 'station_identity: a ledger belongs to one station for ever'); END;
CREATE TRIGGER station_identity_no_delete BEFORE DELETE ON station_identity
BEGIN SELECT raise(ABORT, 'station_identity: a ledger belongs to one station for ever'); END;

-- ── Projections: written in the transaction of their entry, rebuildable from the journal ─────

CREATE TABLE receipt_counter (
  document_type TEXT PRIMARY KEY CHECK (document_type IN ('sale', 'void')),
  last_number INTEGER NOT NULL CHECK (last_number > 0)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER receipt_counter_by_one BEFORE UPDATE ON receipt_counter
WHEN NEW.last_number IS NOT OLD.last_number + 1 OR NEW.document_type IS NOT OLD.document_type
BEGIN SELECT raise(ABORT, 'receipt_counter: numbers have no gap'); END;
CREATE TRIGGER receipt_counter_no_delete BEFORE DELETE ON receipt_counter
BEGIN SELECT raise(ABORT, 'receipt_counter: numbers have no gap'); END;

CREATE TABLE shift (
  shift_id TEXT PRIMARY KEY,
  opened_seq INTEGER NOT NULL UNIQUE REFERENCES journal (seq),
  opened_at_ms INTEGER NOT NULL,
  opened_by TEXT NOT NULL,
  business_date TEXT NOT NULL,
  float_minor INTEGER NOT NULL CHECK (float_minor >= 0),
  closed_seq INTEGER UNIQUE REFERENCES journal (seq),
  closed_at_ms INTEGER,
  closed_by TEXT,
  expected_cash_minor INTEGER,
  counted_cash_minor INTEGER CHECK (counted_cash_minor >= 0),
  over_short_minor INTEGER,
  z_number INTEGER UNIQUE CHECK (z_number > 0),
  sale_count INTEGER CHECK (sale_count >= 0),
  total_minor INTEGER,
  CHECK (closed_seq > opened_seq),
  CHECK (over_short_minor = counted_cash_minor - expected_cash_minor),
  CHECK ((closed_seq IS NULL) = (z_number IS NULL))
) STRICT;
CREATE UNIQUE INDEX shift_only_one_open ON shift ((1)) WHERE closed_seq IS NULL;

CREATE TRIGGER shift_closed_is_history BEFORE UPDATE ON shift
WHEN OLD.closed_seq IS NOT NULL OR NEW.opened_seq IS NOT OLD.opened_seq
  OR NEW.float_minor IS NOT OLD.float_minor
BEGIN SELECT raise(ABORT, 'shift: a closed shift is never changed'); END;
CREATE TRIGGER shift_no_delete BEFORE DELETE ON shift
BEGIN SELECT raise(ABORT, 'shift: history is never deleted'); END;

CREATE TABLE sale (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  sale_id TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('sale', 'void')),
  receipt_number TEXT NOT NULL UNIQUE,
  voids_sale_id TEXT REFERENCES sale (sale_id),
  reason_code TEXT,
  basket_id TEXT,
  shift_id TEXT REFERENCES shift (shift_id),
  business_date TEXT NOT NULL,
  occurred_at_ms INTEGER NOT NULL,
  operator_id TEXT NOT NULL,
  operator_number TEXT NOT NULL,
  item_count INTEGER NOT NULL,
  gross_minor INTEGER NOT NULL,
  saved_minor INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  total_minor INTEGER NOT NULL,
  change_minor INTEGER NOT NULL CHECK (change_minor >= 0),
  traded_at_ms INTEGER,
  external_reference TEXT,
  CHECK (net_minor + tax_minor = total_minor),
  CHECK ((kind = 'void') = (voids_sale_id IS NOT NULL)),
  CHECK ((kind = 'void') = (reason_code IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX sale_voided_once ON sale (voids_sale_id) WHERE voids_sale_id IS NOT NULL;
CREATE INDEX sale_by_shift ON sale (shift_id);

CREATE TABLE sale_line (
  seq INTEGER NOT NULL REFERENCES sale (seq),
  line_number INTEGER NOT NULL CHECK (line_number > 0),
  line_id TEXT NOT NULL,
  direction TEXT NOT NULL CHECK (direction IN ('sale', 'return')),
  product_id TEXT,
  department_id TEXT,
  barcode TEXT,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  unit TEXT NOT NULL CHECK (unit IN ('piece', 'kg')),
  quantity_milli INTEGER NOT NULL CHECK (quantity_milli > 0),
  unit_price_micro INTEGER NOT NULL CHECK (unit_price_micro >= 0),
  list_price_micro INTEGER NOT NULL CHECK (list_price_micro >= 0),
  price_source TEXT NOT NULL CHECK (price_source IN ('list', 'override', 'department')),
  price_reason_code TEXT,
  tax_code TEXT NOT NULL,
  discount_kind TEXT CHECK (discount_kind IN ('percent', 'amount')),
  discount_reason_code TEXT,
  gross_minor INTEGER NOT NULL,
  discount_minor INTEGER NOT NULL,
  net_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  total_minor INTEGER NOT NULL,
  PRIMARY KEY (seq, line_number),
  CHECK (net_minor + tax_minor = total_minor),
  CHECK (product_id IS NOT NULL OR department_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE TABLE sale_line_tax (
  seq INTEGER NOT NULL,
  line_number INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position > 0),
  tax_id TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  basis_points INTEGER NOT NULL CHECK (basis_points >= 0),
  included INTEGER NOT NULL CHECK (included IN (0, 1)),
  base_minor INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL,
  PRIMARY KEY (seq, line_number, position),
  FOREIGN KEY (seq, line_number) REFERENCES sale_line (seq, line_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE tender (
  seq INTEGER NOT NULL REFERENCES sale (seq),
  position INTEGER NOT NULL CHECK (position > 0),
  tender_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cash', 'card')),
  amount_minor INTEGER NOT NULL,
  tendered_minor INTEGER NOT NULL,
  payment_id TEXT,
  auth_code TEXT,
  masked_pan TEXT,
  brand TEXT,
  terminal_reference TEXT,
  PRIMARY KEY (seq, position),
  CHECK (kind = 'card' OR payment_id IS NULL)
) STRICT, WITHOUT ROWID;

-- Clustered so that "own movements of a product after seq" is one range of one tree.
CREATE TABLE stock_movement (
  product_id TEXT NOT NULL,
  seq INTEGER NOT NULL REFERENCES sale (seq),
  line_number INTEGER NOT NULL,
  quantity_milli INTEGER NOT NULL CHECK (quantity_milli <> 0),
  PRIMARY KEY (product_id, seq, line_number)
) STRICT, WITHOUT ROWID;

CREATE TABLE cash_movement (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  shift_id TEXT REFERENCES shift (shift_id),
  kind TEXT NOT NULL CHECK (kind IN ('float', 'sale', 'void')),
  amount_minor INTEGER NOT NULL
) STRICT;
CREATE INDEX cash_movement_by_shift ON cash_movement (shift_id);

CREATE TABLE drawer_opening (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  shift_id TEXT,
  reason_code TEXT NOT NULL
) STRICT;
CREATE INDEX drawer_opening_by_shift ON drawer_opening (shift_id);

CREATE TABLE tender_reversal (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  basket_id TEXT NOT NULL,
  tender_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('cash', 'card')),
  amount_minor INTEGER NOT NULL
) STRICT;

CREATE TABLE approval (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  approver_id TEXT NOT NULL,
  requester_id TEXT NOT NULL,
  permission TEXT NOT NULL,
  command TEXT NOT NULL,
  command_id TEXT NOT NULL,
  CHECK (approver_id <> requester_id)
) STRICT;

CREATE TABLE payment (
  payment_id TEXT PRIMARY KEY,
  basket_id TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  requested_seq INTEGER NOT NULL REFERENCES journal (seq),
  outcome TEXT CHECK (
    outcome IN ('approved', 'declined', 'reversed', 'unknown', 'reversal-pending')),
  settled_seq INTEGER REFERENCES journal (seq),
  CHECK ((outcome IS NULL) = (settled_seq IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE held_basket (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  basket_id TEXT NOT NULL,
  label TEXT NOT NULL,
  lines TEXT NOT NULL CHECK (json_valid(lines)),
  operator_id TEXT NOT NULL,
  held_at_ms INTEGER NOT NULL,
  recalled_seq INTEGER UNIQUE REFERENCES journal (seq)
) STRICT;
CREATE UNIQUE INDEX held_basket_waiting ON held_basket (basket_id) WHERE recalled_seq IS NULL;

CREATE TABLE work_item (
  work_item_id TEXT PRIMARY KEY,
  type TEXT NOT NULL CHECK (type IN ('unknown-barcode')),
  barcode TEXT NOT NULL,
  name_zh TEXT NOT NULL,
  name_en TEXT NOT NULL,
  unit_price_micro INTEGER NOT NULL CHECK (unit_price_micro >= 0),
  sale_line_id TEXT NOT NULL,
  opened_seq INTEGER NOT NULL UNIQUE REFERENCES journal (seq),
  opened_at_ms INTEGER NOT NULL,
  linked_seq INTEGER REFERENCES journal (seq),
  product_id TEXT,
  CHECK ((linked_seq IS NULL) = (product_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX work_item_by_barcode ON work_item (barcode);

CREATE TRIGGER sale_no_update BEFORE UPDATE ON sale
BEGIN SELECT raise(ABORT, 'sale: history is never changed'); END;
CREATE TRIGGER sale_no_delete BEFORE DELETE ON sale
BEGIN SELECT raise(ABORT, 'sale: history is never deleted'); END;
CREATE TRIGGER sale_line_no_update BEFORE UPDATE ON sale_line
BEGIN SELECT raise(ABORT, 'sale_line: history is never changed'); END;
CREATE TRIGGER sale_line_no_delete BEFORE DELETE ON sale_line
BEGIN SELECT raise(ABORT, 'sale_line: history is never deleted'); END;
CREATE TRIGGER sale_line_tax_no_update BEFORE UPDATE ON sale_line_tax
BEGIN SELECT raise(ABORT, 'sale_line_tax: history is never changed'); END;
CREATE TRIGGER sale_line_tax_no_delete BEFORE DELETE ON sale_line_tax
BEGIN SELECT raise(ABORT, 'sale_line_tax: history is never deleted'); END;
CREATE TRIGGER tender_no_update BEFORE UPDATE ON tender
BEGIN SELECT raise(ABORT, 'tender: history is never changed'); END;
CREATE TRIGGER tender_no_delete BEFORE DELETE ON tender
BEGIN SELECT raise(ABORT, 'tender: history is never deleted'); END;
CREATE TRIGGER stock_movement_no_update BEFORE UPDATE ON stock_movement
BEGIN SELECT raise(ABORT, 'stock_movement: history is never changed'); END;
CREATE TRIGGER stock_movement_no_delete BEFORE DELETE ON stock_movement
BEGIN SELECT raise(ABORT, 'stock_movement: history is never deleted'); END;
CREATE TRIGGER cash_movement_no_update BEFORE UPDATE ON cash_movement
BEGIN SELECT raise(ABORT, 'cash_movement: history is never changed'); END;
CREATE TRIGGER cash_movement_no_delete BEFORE DELETE ON cash_movement
BEGIN SELECT raise(ABORT, 'cash_movement: history is never deleted'); END;
CREATE TRIGGER drawer_opening_no_update BEFORE UPDATE ON drawer_opening
BEGIN SELECT raise(ABORT, 'drawer_opening: history is never changed'); END;
CREATE TRIGGER drawer_opening_no_delete BEFORE DELETE ON drawer_opening
BEGIN SELECT raise(ABORT, 'drawer_opening: history is never deleted'); END;
CREATE TRIGGER tender_reversal_no_update BEFORE UPDATE ON tender_reversal
BEGIN SELECT raise(ABORT, 'tender_reversal: history is never changed'); END;
CREATE TRIGGER tender_reversal_no_delete BEFORE DELETE ON tender_reversal
BEGIN SELECT raise(ABORT, 'tender_reversal: history is never deleted'); END;
CREATE TRIGGER approval_no_update BEFORE UPDATE ON approval
BEGIN SELECT raise(ABORT, 'approval: history is never changed'); END;
CREATE TRIGGER approval_no_delete BEFORE DELETE ON approval
BEGIN SELECT raise(ABORT, 'approval: history is never deleted'); END;
CREATE TRIGGER payment_no_delete BEFORE DELETE ON payment
BEGIN SELECT raise(ABORT, 'payment: history is never deleted'); END;
CREATE TRIGGER held_basket_recalled_is_history BEFORE UPDATE ON held_basket
WHEN OLD.recalled_seq IS NOT NULL OR NEW.lines IS NOT OLD.lines
BEGIN SELECT raise(ABORT, 'held_basket: history is never changed'); END;
CREATE TRIGGER held_basket_no_delete BEFORE DELETE ON held_basket
BEGIN SELECT raise(ABORT, 'held_basket: history is never deleted'); END;
CREATE TRIGGER work_item_linked_is_history BEFORE UPDATE ON work_item
WHEN OLD.linked_seq IS NOT NULL OR NEW.barcode IS NOT OLD.barcode
BEGIN SELECT raise(ABORT, 'work_item: history is never changed'); END;
CREATE TRIGGER work_item_no_delete BEFORE DELETE ON work_item
BEGIN SELECT raise(ABORT, 'work_item: history is never deleted'); END;

-- ── Operating state: what must survive a crash but is no history ─────────────────────────────

CREATE TABLE open_basket (
  seat TEXT PRIMARY KEY,
  basket_id TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision >= 0),
  document TEXT NOT NULL CHECK (json_valid(document)),
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE print_job (
  queue_number INTEGER PRIMARY KEY AUTOINCREMENT,
  job_id TEXT NOT NULL UNIQUE,
  sale_id TEXT,
  document TEXT NOT NULL CHECK (json_valid(document)),
  copy INTEGER NOT NULL CHECK (copy IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN ('queued', 'printing', 'printed', 'failed', 'unknown')),
  code TEXT,
  attempts INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX print_job_waiting ON print_job (queue_number) WHERE state IN ('queued', 'printing');
CREATE INDEX print_job_by_sale ON print_job (sale_id) WHERE sale_id IS NOT NULL;

CREATE TABLE command_result (
  command_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  operator_id TEXT,
  input_sha256 BLOB CHECK (length(input_sha256) = 32),
  outcome TEXT NOT NULL CHECK (json_valid(outcome)),
  recorded_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX command_result_by_age ON command_result (recorded_at_ms);

CREATE TABLE operator_lockout (
  operator_id TEXT PRIMARY KEY,
  failed_attempts INTEGER NOT NULL CHECK (failed_attempts >= 0),
  last_failed_at_ms INTEGER NOT NULL,
  wait_until_ms INTEGER,
  locked_until_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE operator_session (
  session_id TEXT PRIMARY KEY,
  seat TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  token_sha256 BLOB NOT NULL UNIQUE CHECK (length(token_sha256) = 32),
  locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1)),
  details TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details)),
  started_at_ms INTEGER NOT NULL,
  active_at_ms INTEGER NOT NULL,
  ended_at_ms INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX operator_session_one_a_seat ON operator_session (seat)
  WHERE ended_at_ms IS NULL;

CREATE TABLE sync_state (
  only INTEGER PRIMARY KEY CHECK (only = 1),
  epoch TEXT,
  acked_seq INTEGER NOT NULL CHECK (acked_seq >= 0),
  acked_hash BLOB NOT NULL CHECK (length(acked_hash) = 32),
  contact_at_ms INTEGER
) STRICT;

CREATE TABLE quarantine (
  seq INTEGER PRIMARY KEY REFERENCES journal (seq),
  since_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE payment_intent (
  payment_id TEXT PRIMARY KEY,
  basket_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  amount_minor INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (length(state) BETWEEN 1 AND 40),
  details TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(details)),
  created_at_ms INTEGER NOT NULL,
  updated_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE scan_prompt (
  scan_id TEXT PRIMARY KEY,
  seat TEXT NOT NULL,
  barcode TEXT NOT NULL,
  reason TEXT NOT NULL,
  document TEXT NOT NULL CHECK (json_valid(document)),
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
