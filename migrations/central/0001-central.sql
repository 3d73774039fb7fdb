-- Central's first schema. Tables that grow carry store_id in every key, so that they can be
-- distributed by it; station, enrolment_code, admin_token and central_state are small and read
-- everywhere (reference tables). No foreign key crosses that line.

CREATE TABLE central_state (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  epoch text NOT NULL,
  epoch_number integer NOT NULL CHECK (epoch_number > 0),
  seeded text
);

CREATE TABLE admin_token (
  token_hash text PRIMARY KEY,
  label text NOT NULL,
  created_at_ms bigint NOT NULL
);

CREATE TABLE store (
  store_id text PRIMARY KEY,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  minor_digits smallint NOT NULL CHECK (minor_digits IN (0, 2, 3)),
  time_zone text NOT NULL,
  last_station_number integer NOT NULL DEFAULT 0 CHECK (last_station_number BETWEEN 0 AND 9999)
);

CREATE TABLE station (
  station_id text PRIMARY KEY,
  store_id text NOT NULL,
  station_number integer NOT NULL CHECK (station_number > 0),
  public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
  -- active: all is well; stopped: its journal contradicts itself; revoked: a person said so
  status text NOT NULL CHECK (status IN ('active', 'stopped', 'revoked')),
  status_reason text,
  enrolled_at_ms bigint NOT NULL,
  UNIQUE (store_id, station_number)
);

CREATE TABLE enrolment_code (
  code_hash text PRIMARY KEY,
  store_id text NOT NULL,
  created_at_ms bigint NOT NULL,
  expires_at_ms bigint NOT NULL,
  used_by_station_id text
);

-- What central has of each station's journal. The row is the lock of that station's intake.
CREATE TABLE journal_head (
  store_id text NOT NULL,
  station_id text NOT NULL,
  acked_seq bigint NOT NULL DEFAULT 0 CHECK (acked_seq >= 0),
  acked_hash bytea NOT NULL CHECK (octet_length(acked_hash) = 32),
  -- what the station said it has; the difference is its unsent queue
  head_seq bigint NOT NULL DEFAULT 0,
  epoch_seen text,
  last_contact_at_ms bigint,
  last_ack_at_ms bigint,
  clock_skew_ms bigint,
  PRIMARY KEY (store_id, station_id)
);

CREATE TABLE journal_entry (
  store_id text NOT NULL,
  station_id text NOT NULL,
  seq bigint NOT NULL CHECK (seq > 0),
  entry_id uuid NOT NULL,
  kind text NOT NULL,
  business_date text NOT NULL CHECK (business_date ~ '^\d{4}-\d{2}-\d{2}$'),
  occurred_at_ms bigint NOT NULL,
  recorded_at_ms bigint NOT NULL,
  operator_id text NOT NULL,
  payload bytea NOT NULL,
  prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  signature bytea NOT NULL CHECK (octet_length(signature) = 64),
  PRIMARY KEY (store_id, station_id, seq),
  UNIQUE (store_id, entry_id)
);

CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'history is append-only: % on %', TG_OP, TG_TABLE_NAME;
END $$;
CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION refuse_history_change();

-- An entry that is stored and acknowledged but whose effects could not be applied.
CREATE TABLE quarantine (
  store_id text NOT NULL,
  station_id text NOT NULL,
  seq bigint NOT NULL,
  reason text NOT NULL,
  opened_at_ms bigint NOT NULL,
  resolved_at_ms bigint,
  PRIMARY KEY (store_id, station_id, seq)
);

-- Something a person has to look at. One open case for a kind and subject.
CREATE TABLE case_record (
  store_id text NOT NULL,
  case_id text NOT NULL,
  kind text NOT NULL,
  subject text NOT NULL,
  detail jsonb NOT NULL,
  opened_at_ms bigint NOT NULL,
  closed_at_ms bigint,
  PRIMARY KEY (store_id, case_id)
);
CREATE UNIQUE INDEX case_record_open ON case_record (store_id, kind, subject)
  WHERE closed_at_ms IS NULL;

-- Projections of sale.completed and sale.voided, for figures. Signed: a void mirrors its sale.
CREATE TABLE sale (
  store_id text NOT NULL,
  station_id text NOT NULL,
  seq bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('sale', 'void')),
  sale_id text NOT NULL,
  receipt_number text NOT NULL,
  business_date text NOT NULL,
  occurred_at_ms bigint NOT NULL,
  traded_at_ms bigint,
  operator_id text NOT NULL,
  item_count bigint NOT NULL,
  net_minor bigint NOT NULL,
  tax_minor bigint NOT NULL,
  total_minor bigint NOT NULL,
  PRIMARY KEY (store_id, station_id, seq)
);
CREATE INDEX sale_of_id ON sale (store_id, sale_id);
CREATE INDEX sale_of_day ON sale (store_id, business_date);

CREATE TABLE sale_line (
  store_id text NOT NULL,
  station_id text NOT NULL,
  seq bigint NOT NULL,
  line_number integer NOT NULL,
  product_id text,
  department_id text,
  -- leaves the shelf: positive; comes back: negative
  quantity_milli bigint NOT NULL,
  unit_price_micro bigint NOT NULL,
  tax_minor bigint NOT NULL,
  total_minor bigint NOT NULL,
  PRIMARY KEY (store_id, station_id, seq, line_number)
);

CREATE TABLE tender (
  store_id text NOT NULL,
  station_id text NOT NULL,
  seq bigint NOT NULL,
  tender_number integer NOT NULL,
  kind text NOT NULL,
  amount_minor bigint NOT NULL,
  PRIMARY KEY (store_id, station_id, seq, tender_number)
);

-- The feed: a document has one row; a change gives it a new position. Positions of a store and
-- collection are taken from its head by the last statement of a transaction, so that position
-- order is commit order. body is the JSON that stations receive.
CREATE TABLE feed_head (
  store_id text NOT NULL,
  collection text NOT NULL,
  position bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (store_id, collection)
);

CREATE TABLE product (
  store_id text NOT NULL,
  id text NOT NULL,
  position bigint NOT NULL,
  deleted boolean NOT NULL DEFAULT false,
  body text NOT NULL,
  code text NOT NULL,
  PRIMARY KEY (store_id, id)
);
CREATE INDEX product_feed ON product (store_id, position);
CREATE UNIQUE INDEX product_code ON product (store_id, code) WHERE NOT deleted;

CREATE TABLE price (
  store_id text NOT NULL,
  id text NOT NULL,
  position bigint NOT NULL,
  deleted boolean NOT NULL DEFAULT false,
  body text NOT NULL,
  product_id text NOT NULL,
  unit_price_micro bigint NOT NULL CHECK (unit_price_micro >= 0),
  PRIMARY KEY (store_id, id)
);
CREATE INDEX price_feed ON price (store_id, position);

CREATE TABLE stock (
  store_id text NOT NULL,
  id text NOT NULL,
  position bigint NOT NULL,
  deleted boolean NOT NULL DEFAULT false,
  body text NOT NULL,
  product_id text NOT NULL,
  on_hand_milli bigint NOT NULL,
  included_seq jsonb NOT NULL,
  PRIMARY KEY (store_id, id)
);
CREATE INDEX stock_feed ON stock (store_id, position);

CREATE TABLE reference (
  store_id text NOT NULL,
  id text NOT NULL,
  position bigint NOT NULL,
  deleted boolean NOT NULL DEFAULT false,
  body text NOT NULL,
  type text NOT NULL,
  PRIMARY KEY (store_id, id)
);
CREATE INDEX reference_feed ON reference (store_id, position);

-- A catalogue import: rows are staged, then the decision to publish is recorded, then published
-- in short transactions; a stop in between is continued at the next start.
CREATE TABLE import_job (
  store_id text NOT NULL,
  import_id text NOT NULL,
  state text NOT NULL CHECK (state IN ('staging', 'publishing', 'done', 'abandoned')),
  published_line bigint NOT NULL DEFAULT 0,
  touched_at_ms bigint NOT NULL,
  PRIMARY KEY (store_id, import_id)
);
CREATE UNIQUE INDEX import_job_open ON import_job (store_id)
  WHERE state IN ('staging', 'publishing');

CREATE TABLE import_row (
  store_id text NOT NULL,
  import_id text NOT NULL,
  line bigint NOT NULL,
  product_id text NOT NULL,
  code text NOT NULL,
  body text NOT NULL,
  unit_price_micro bigint NOT NULL,
  on_hand_milli bigint,
  PRIMARY KEY (store_id, import_id, line)
);
