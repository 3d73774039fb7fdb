-- What the features keep beside the operating state of 0001: written in the transaction of the
-- entries it belongs to, never rebuilt from the journal.

-- Lines of the open basket as rows of their own, so that a scan writes one row and not sixty.
CREATE TABLE open_basket_line (
  line_id TEXT PRIMARY KEY,
  seat TEXT NOT NULL REFERENCES open_basket (seat),
  position INTEGER NOT NULL CHECK (position >= 0),
  line TEXT NOT NULL CHECK (json_valid(line)),
  UNIQUE (seat, position)
) STRICT;

-- What has to be settled with the terminal is found without reading the payments of years.
CREATE INDEX payment_intent_unsettled ON payment_intent (state)
  WHERE state IN ('requested', 'unknown', 'reversal-pending');

-- A post-void whose card reversals are under way; gone when the void is journalled or given up.
CREATE TABLE pending_void (
  sale_id TEXT PRIMARY KEY,
  reason_code TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  operator_number TEXT NOT NULL,
  command_id TEXT NOT NULL,
  input_digest TEXT NOT NULL,
  requested_at_ms INTEGER NOT NULL
) STRICT;

-- Scans that could not act (signed out, locked, payment under way), kept as evidence, bounded.
CREATE TABLE refused_scan (
  scan_id TEXT PRIMARY KEY,
  text TEXT NOT NULL,
  code TEXT NOT NULL,
  heard_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX refused_scan_by_time ON refused_scan (heard_at_ms);

-- An import of past transactions finds what it has already brought in.
CREATE UNIQUE INDEX sale_external_reference ON sale (external_reference)
  WHERE external_reference IS NOT NULL;

-- How often an unknown barcode was sold as a department item.
CREATE INDEX sale_line_unlinked ON sale_line (barcode)
  WHERE product_id IS NULL AND barcode IS NOT NULL;
