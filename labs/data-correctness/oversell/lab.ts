import { defineLab } from '#chaos/contracts/lab.ts'

export const oversell = defineLab({
  id: 'oversell',
  track: 'data-correctness',
  title: 'Oversell: two buyers, one print',
  goal: 'What is sold and what is left add up to what there was, and everybody for whom there is a print gets one.',
  breaks: 'two buyers read the same stock',
  lesson: 'let the statement that writes decide',
  minutes: 30,
  seams: [{ seam: 'reserve-stock', service: 'api' }],
  fails: 'stock-conserved',
  nearMisses: [
    {
      name: 'check-then-decrement',
      fails: 'stock-conserved',
      because:
        'Postgres does the subtraction, so none is forgotten. The question whether there is enough is asked before, and is answered with what is no longer true.',
    },
    {
      name: 'mutex-in-memory',
      fails: 'stock-conserved',
      because: 'It lets one buyer at a time in, per process. There are two processes.',
    },
  ],
  alternatives: ['select-for-update'],
  prediction: {
    question:
      'About 130 buyers want one of 100 prints. Stock is read, decided upon in the API, and written back, all in one transaction (READ COMMITTED). Three of these writes are on their way for a quarter of a second; all others are fast. What will the books say in the end?',
    answers: [
      '100 sold, 0 left: a transaction sees to that.',
      'A few more than 100 sold (at most three), and the stock below zero.',
      'Many more than three too many sold, and the stock never below zero.',
      'Fewer than 100 sold: buyers get errors because of conflicting transactions.',
    ],
    right: 2,
    because:
      'A late write does not subtract one: it writes down a number that was right a quarter of a second ago, and everybody who bought since is forgotten. Their prints are sold again. The stock never gets below zero, because everybody looked first: it looks right, and is not.',
  },
  hints: [
    'Take two buyers and a stock of 7. Write down, line by line, what each of their statements reads and writes if they alternate. Then ask the truth: unhappy sql "SELECT stock, initial_stock FROM products WHERE sku = \'limited\'" beside the number of orders for it. Is the stock wrong, or the number of orders?',
    'At READ COMMITTED each statement sees what was committed when *it* began. BEGIN does not freeze anything, and does not keep anybody out. What you have read is a memory. Which single statement could look and take, so that there is no time between them?',
    'UPDATE products SET stock = stock - $2 WHERE sku = $1 AND stock >= $2 does both, and rowCount says whether it did. A second buyer waits for the first at the row, and then has the WHERE evaluated again, on the new value.',
  ],
  learned: [
    'A transaction at READ COMMITTED is all-or-nothing. It is not one-at-a-time.',
    'Read, decide in the application, write back: the decision is about the past. Let the statement that writes decide.',
    'A lock in the memory of one process is no lock: there is always another instance.',
    'A guard in the statement itself costs nothing when nobody else is there, and is right when somebody is.',
  ],
  buildsOn: ['dual-write'],
})
