-- The stock is large, so only labs about stock run out of it (they set their own).
INSERT INTO products (sku, name, price_cents, stock, initial_stock) VALUES
  ('tea',      'Tea, 100 g',            450, 100000, 100000),
  ('coffee',   'Coffee beans, 250 g',   995, 100000, 100000),
  ('mug',      'Mug',                  1200, 100000, 100000),
  ('teapot',   'Teapot',               3900, 100000, 100000),
  ('kettle',   'Kettle',               5900, 100000, 100000),
  ('grinder',  'Coffee grinder',       8900, 100000, 100000),
  ('limited',  'Signed print, 1 of 50', 15000, 50,    50);
