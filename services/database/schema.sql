-- What the shop believes. Constraints named net_... are safety nets: a lab may take one away, so that its own
-- subject shows; the shop always runs with all of them.

CREATE TABLE products (
  sku            text PRIMARY KEY,
  name           text NOT NULL,
  price_cents    integer NOT NULL CHECK (price_cents > 0),
  -- The fencing token of the price publisher that wrote last: an older token may not overwrite a newer one.
  price_fence    bigint NOT NULL DEFAULT 0,
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
  note            text,
  created_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT net_one_order_per_key UNIQUE (client_key)
);
CREATE INDEX orders_moving ON orders (updated_at) WHERE status IN ('placed', 'charging');

-- Every status an order ever had, so that "never goes back" can be judged afterwards.
CREATE TABLE order_events (
  id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id  text NOT NULL,
  status    text NOT NULL,
  instance  text NOT NULL,
  at        timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- One row per Idempotency-Key: claimed before the work, completed in the work's own transaction.
CREATE TABLE idempotency_keys (
  key              text PRIMARY KEY,
  request_hash     text NOT NULL,
  response_status  integer,
  response_body    jsonb,
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
