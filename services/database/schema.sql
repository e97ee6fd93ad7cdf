-- The shop's own data. Constraints named net_... are safety nets: a lab may turn one off to show
-- its bug. Otherwise the shop runs with all of them.

CREATE TABLE products (
  sku            text PRIMARY KEY,
  name           text NOT NULL,
  price_cents    integer NOT NULL CHECK (price_cents > 0),
  -- Fencing token of the last price publisher: an older token may not overwrite a newer one.
  price_fence    bigint NOT NULL DEFAULT 0,
  -- Edition of the price list that the price comes from.
  price_edition  bigint NOT NULL DEFAULT 0,
  stock          integer NOT NULL,
  initial_stock  integer NOT NULL,
  CONSTRAINT net_stock_never_negative CHECK (stock >= 0)
);

CREATE TABLE orders (
  -- The client's key and a few random characters: every message with an order's id also carries its
  -- key.
  id              text PRIMARY KEY,
  client_key      text NOT NULL,
  customer        text NOT NULL,
  -- No foreign key: each insert would lock the product's row (KEY SHARE), and two orders that then
  -- select the row FOR UPDATE would wait for each other. Products are never deleted.
  sku             text NOT NULL,
  quantity        integer NOT NULL CHECK (quantity > 0),
  amount_cents    integer NOT NULL CHECK (amount_cents > 0),
  status          text NOT NULL CHECK (status IN ('placed', 'charging', 'paid', 'rejected', 'sold-out', 'refunded', 'parked')),
  -- Counts the status changes. A change names the version that it has read.
  version         integer NOT NULL DEFAULT 1,
  -- The last event of payments about the order's charge, and its sequence. Null: none was received.
  payment_state   text CHECK (payment_state IN ('captured', 'settled', 'refunded')),
  payment_sequence  integer NOT NULL DEFAULT 0,
  -- Why the order was parked, for the operator.
  reason          text,
  -- The customer's text for the parcel's label.
  note            text,
  -- Texts to engrave, one per piece: an order may have thousands.
  lines           jsonb NOT NULL DEFAULT '[]',
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- Of a paid order: from when on the reconciler compares it with payments' books. 'infinity': it
  -- has compared it.
  compare_after   timestamptz NOT NULL DEFAULT '-infinity',
  CONSTRAINT net_one_order_per_key UNIQUE (client_key)
);
CREATE INDEX orders_moving ON orders (updated_at) WHERE status IN ('placed', 'charging');
CREATE INDEX orders_to_compare ON orders (updated_at) WHERE status = 'paid' AND compare_after < 'infinity';

-- Every status that an order ever had, so that checks can judge the changes afterwards. A trigger
-- writes it, so no change of status is missing. The instance is the connection's application_name.
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

-- One row per Idempotency-Key, with its response: written in the transaction that makes the
-- response true.
CREATE TABLE idempotency_keys (
  key              text PRIMARY KEY,
  request_hash     text NOT NULL,
  response_status  integer NOT NULL,
  -- json and not jsonb: jsonb sorts the fields, so the same response would have other bytes.
  response_body    json NOT NULL,
  created_at       timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Messages for the queue, written in the transaction of the order.
CREATE TABLE outbox (
  id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic         text NOT NULL,
  order_id      text NOT NULL,
  payload       jsonb NOT NULL,
  created_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
  published_at  timestamptz
);
CREATE INDEX outbox_waiting ON outbox (id) WHERE published_at IS NULL;

-- Waits until the outbox has a message to publish, at most wait_ms. Every statement of a function
-- sees what was committed before it.
CREATE FUNCTION wait_for_outbox(poll_ms float8, wait_ms float8) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
  ends_at timestamptz := clock_timestamp() + wait_ms * interval '1 millisecond';
BEGIN
  LOOP
    IF EXISTS (SELECT FROM outbox WHERE published_at IS NULL) THEN RETURN true; END IF;
    IF clock_timestamp() >= ends_at THEN RETURN false; END IF;
    PERFORM pg_sleep(poll_ms / 1000);
  END LOOP;
END $$;

-- Messages that a consumer has already processed: written in the transaction of their effect.
CREATE TABLE processed_messages (
  consumer    text NOT NULL,
  message_id  text NOT NULL,
  at          timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (consumer, message_id)
);

-- Events that payments reported in callbacks, one row each: written in the transaction of their
-- effect. What is not here is received again from payments' own list.
CREATE TABLE payment_events (
  event_id      text PRIMARY KEY,
  type          text NOT NULL CHECK (type IN ('charge.captured', 'charge.settled', 'charge.refunded')),
  charge_id     text NOT NULL,
  order_id      text NOT NULL,
  amount_cents  integer NOT NULL,
  -- Position among the events of the charge, from 1.
  sequence      integer NOT NULL,
  -- By payments' clock.
  at            timestamptz NOT NULL,
  instance      text NOT NULL DEFAULT current_setting('application_name'),
  recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Every payment state that an order ever had, as in order_events.
CREATE TABLE payment_state_events (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id  text NOT NULL,
  state     text NOT NULL,
  instance  text NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION log_payment_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO payment_state_events (order_id, state, instance)
  VALUES (NEW.id, NEW.payment_state, current_setting('application_name'));
  RETURN NULL;
END $$;
CREATE TRIGGER order_payment_state_changed AFTER UPDATE ON orders
  FOR EACH ROW WHEN (OLD.payment_state IS DISTINCT FROM NEW.payment_state)
  EXECUTE FUNCTION log_payment_state();

-- Double entry: the entries of every transaction add up to zero.
CREATE TABLE ledger_transactions (
  id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id   text NOT NULL,
  kind       text NOT NULL CHECK (kind IN ('charge', 'refund', 'correction')),
  charge_id  text,
  at         timestamptz NOT NULL DEFAULT clock_timestamp(),
  -- An entry without a charge is an amount that payments may never have captured.
  CONSTRAINT net_ledger_names_its_charge CHECK (charge_id IS NOT NULL),
  CONSTRAINT net_one_ledger_transaction_per_kind UNIQUE (order_id, kind)
);
CREATE TABLE ledger_entries (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  transaction_id  bigint NOT NULL REFERENCES ledger_transactions (id),
  account         text NOT NULL CHECK (account IN ('payments-receivable', 'sales')),
  -- Debit is positive, credit is negative.
  amount_cents    integer NOT NULL CHECK (amount_cents <> 0)
);

-- Fencing tokens for the price publisher. They are in the store of the prices, so a flush or
-- restart of the lock's store cannot set them back.
CREATE SEQUENCE price_fences;

-- Every price that was ever published, in the sequence of the writes, by any worker.
CREATE TABLE price_events (
  id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku          text NOT NULL,
  price_cents  integer NOT NULL,
  -- Edition of the price list: an earlier one may not overwrite a later one.
  edition      bigint NOT NULL,
  fence        bigint NOT NULL,
  -- The price before this one.
  previous_cents  integer NOT NULL,
  instance     text NOT NULL,
  at           timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION log_price() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO price_events (sku, price_cents, edition, fence, previous_cents, instance)
  VALUES (NEW.sku, NEW.price_cents, NEW.price_edition, NEW.price_fence, OLD.price_cents,
          current_setting('application_name'));
  RETURN NULL;
END $$;
CREATE TRIGGER price_published AFTER UPDATE ON products
  FOR EACH ROW
  WHEN (OLD.price_edition IS DISTINCT FROM NEW.price_edition OR OLD.price_cents IS DISTINCT FROM NEW.price_cents)
  EXECUTE FUNCTION log_price();

-- Every stock that a product ever had, so that "sold out" can be judged at the moment when it was
-- said.
CREATE TABLE stock_events (
  id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  sku             text NOT NULL,
  stock           integer NOT NULL,
  previous_stock  integer NOT NULL,
  at              timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE FUNCTION log_stock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO stock_events (sku, stock, previous_stock) VALUES (NEW.sku, NEW.stock, OLD.stock);
  RETURN NULL;
END $$;
CREATE TRIGGER stock_changed AFTER UPDATE ON products
  FOR EACH ROW WHEN (OLD.stock IS DISTINCT FROM NEW.stock) EXECUTE FUNCTION log_stock();

-- Migrations that a worker has begun while the shop was open. A row without an end is in progress:
-- the same worker continues it after a restart.
CREATE TABLE migrations (
  name         text PRIMARY KEY,
  instance     text NOT NULL DEFAULT current_setting('application_name'),
  started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
  finished_at  timestamptz,
  -- The migration gave up; error says why.
  failed_at    timestamptz,
  error        text
);

-- The channel of an order from the time when orders had no channel. It takes 15 ms, like a look-up
-- in an archive.
CREATE FUNCTION channel_of(customer text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_sleep(0.015);
  RETURN CASE WHEN left(md5(customer), 1) < '8' THEN 'app' ELSE 'phone' END;
END $$;
