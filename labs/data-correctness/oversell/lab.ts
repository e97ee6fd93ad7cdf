import { defineLab } from '#chaos/contracts/lab.ts'

export const oversell = defineLab({
  id: 'oversell',
  track: 'data-correctness',
  title: 'Oversell: two customers buy the last print',
  goal: 'Sold prints plus remaining prints equal the initial stock, and no customer is refused while a print is left.',
  breaks: 'two customers read the same stock',
  lesson: 'let the statement that writes decide',
  minutes: 30,
  seams: [{ seam: 'reserve-stock', service: 'api' }],
  fails: 'stock-conserved',
  nearMisses: [
    {
      name: 'check-then-decrement',
      fails: 'stock-conserved',
      because:
        'Postgres does the subtraction, so no decrement is lost. But the code checks before that whether there is enough stock, and the value that it read is out of date.',
    },
    {
      name: 'mutex-in-memory',
      fails: 'stock-conserved',
      because: 'It lets one customer at a time in, per process. There are two processes.',
    },
  ],
  sweep: {
    flow: 'place-order',
    exchanges: [
      {
        link: 'api:postgres',
        except: ['INSERT idempotency_keys', 'INSERT orders', 'INSERT outbox'],
      },
      { link: 'api:redis' },
    ],
  },
  alternatives: ['select-for-update'],
  prediction: {
    question:
      'About 130 customers want one of 100 prints. The API reads the stock, decides, and writes the stock back, all in one transaction (READ COMMITTED). Three of these writes are in flight for a quarter of a second. All others are fast. What do the books say in the end?',
    answers: [
      '100 sold, 0 left: a transaction guarantees that.',
      'A few more than 100 sold (at most three), and the stock is below zero.',
      'Many more than three too many sold, and the stock is never below zero.',
      'Fewer than 100 sold: customers receive errors because of conflicting transactions.',
    ],
    right: 2,
    because:
      'A late write does not subtract one. It writes a number that was right a quarter of a second ago, so all sales since then are lost from the count. Their prints are sold again. The stock never gets below zero, because each transaction read the stock first. It looks right and is wrong.',
  },
  hints: [
    'Take two customers and a stock of 7. Write down, line by line, what each statement reads and writes when they alternate. Then query the truth: unhappy sql "SELECT stock, initial_stock FROM products WHERE sku = \'limited\'", and compare it with the number of orders for it. Is the stock wrong, or the number of orders?',
    'At READ COMMITTED each statement sees what was committed when *it* began. BEGIN freezes nothing and locks nothing. What you have read may already be out of date. Which single statement can check and take, so that there is no time in between?',
    'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2 does both, and rowCount says whether it succeeded. A second customer waits for the first one at the row. Then Postgres evaluates the WHERE again, with the new value.',
  ],
  learned: [
    'A transaction at READ COMMITTED is all-or-nothing. It is not one-at-a-time.',
    'Read, decide in the application, write back: the decision is based on a past value. Let the statement that writes decide.',
    'A lock in the memory of one process protects nothing: there is always another instance.',
    'A guard in the statement itself costs nothing without concurrency and is right with it.',
  ],
  buildsOn: ['dual-write'],
})
