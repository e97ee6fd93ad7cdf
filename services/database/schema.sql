-- What the shop believes. Constraints named net_... are safety nets: a lab may take one away, so that its own
-- subject shows; the shop always runs with all of them.

CREATE TABLE products (
  sku            text PRIMARY KEY,
  name           text NOT NULL,
  price_cents    integer NOT NULL CHECK (price_cents > 0),
  -- The fencing token of the price publisher that wrote last: an older token may not overwrite a newer one.
  price_fence    bigint NOT NULL DEFAULT 0,
  -- The edition of the price list that the price is from.
  price_edition  bigint NOT NULL DEFAULT 0,
  stock          integer NOT NULL,
  initial_stock  integer NOT NULL,
  CONSTRAINT net_stock_never_negative CHECK (stock >= 0)
);

CREATE TABLE orders (
  -- The client's key and a few random characters: every message that carries an order's id also carries its key.
  id              text PRIMARY KEY,
  client_key      text NOT NULL,
  customer        text NOT NULL,
  sku             text NOT NULL REFERENCES products (sku),
  quantity        integer NOT NULL CHECK (quantity > 0),
  amount_cents    integer NOT NULL CHECK (amount_cents > 0),
  status          text NOT NULL CHECK (status IN ('placed', 'charging', 'paid', 'rejected', 'sold-out', 'refunded', 'parked')),
  -- Counts the changes of status. A change names the version it has read.
  version         integer NOT NULL DEFAULT 1,
  -- Why it was parked, for the person who looks after it.
  reason          text,
  -- What the buyer wants printed on the parcel's label.
  note            text,
  -- What is to be engraved, one text per piece: an order may have thousands.
  lines           jsonb NOT NULL DEFAULT '[]',
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT net_one_order_per_key UNIQUE (client_key)
);
CREATE INDEX orders_moving ON orders (updated_at) WHERE status IN ('placed', 'charging');

-- Every status an order ever had, so that "never goes back" can be judged afterwards. A trigger writes it, so that no
-- change of status is missing, whoever made it. The instance is the connection's application_name.
CREATE TABLE order_events (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id  text NOT NULL,
  status    text NOT NULL,
  instance  text NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION log_order_status() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO order_events (order_id, status, instance)
  VALUES (NEW.id, NEW.status, current_setting('application_name'));
  RETURN NULL;
END $$;
CREATE TRIGGER order_status_set AFTER INSERT ON orders
  FOR EACH ROW EXECUTE FUNCTION log_order_status();
CREATE TRIGGER order_status_changed AFTER UPDATE ON orders
  FOR EACH ROW WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION log_order_status();

-- One row per Idempotency-Key, with the answer that was given: written in the transaction that makes the answer true.
CREATE TABLE idempotency_keys (
  key              text PRIMARY KEY,
  request_hash     text NOT NULL,
  response_status  integer NOT NULL,
  -- json and not jsonb: jsonb sorts the fields, and the same answer would no longer be the same bytes.
  response_body    json NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- What is still to be told to the queue, written in the same transaction as the order itself.
CREATE TABLE outbox (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic         text NOT NULL,
  order_id      text NOT NULL,
  payload       jsonb NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  published_at  timestamptz
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE published_at IS NULL;

-- Messages that a consumer has already acted on: written in the same transaction as their effect.
CREATE TABLE processed_messages (
  consumer    text NOT NULL,
  message_id  text NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (consumer, message_id)
);

-- Double entry: the entries of every transaction add up to zero.
CREATE TABLE ledger_transactions (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id   text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('charge', 'refund')),
  charge_id  text,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT net_one_ledger_transaction_per_kind UNIQUE (order_id, kind)
);
CREATE TABLE ledger_entries (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction_id  bigint NOT NULL REFERENCES ledger_transactions (id),
  account         text NOT NULL CHECK (account IN ('payments-receivable', 'sales')),
  -- Debit is positive, credit is negative.
  amount_cents    integer NOT NULL CHECK (amount_cents <> 0)
);

-- Fencing tokens for the price publisher. They come from where the prices are written, so that no flush or restart of
-- the lock's own store can turn them back.
CREATE SEQUENCE price_fences;

-- Every price ever published, in the order in which it was written, whoever wrote it.
CREATE TABLE price_events (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku          text NOT NULL,
  price_cents  integer NOT NULL,
  -- Edition of the price list: a later one may not be overwritten by an earlier one.
  edition      bigint NOT NULL,
  fence        bigint NOT NULL,
  instance     text NOT NULL,
  at           timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION log_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO price_events (sku, price_cents, edition, fence, instance)
  VALUES (NEW.sku, NEW.price_cents, NEW.price_edition, NEW.price_fence, current_setting('application_name'));
  RETURN NULL;
END $$;
CREATE TRIGGER price_published AFTER UPDATE ON products
  FOR EACH ROW WHEN (OLD.price_edition IS DISTINCT FROM NEW.price_edition) EXECUTE FUNCTION log_price();
