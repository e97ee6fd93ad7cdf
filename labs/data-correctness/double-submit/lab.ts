import { defineLab } from '#chaos/contracts/lab.ts'

export const doubleSubmit = defineLab({
  id: 'double-submit',
  track: 'data-correctness',
  title: 'Double submit: one click too many',
  goal: 'One Idempotency-Key is one order, and everybody who sends it gets the same answer.',
  breaks: 'the same request twice at once',
  lesson: 'the atomic claim, and the stored answer',
  minutes: 35,
  seams: [{ seam: 'claim-key', service: 'api' }],
  fails: 'same-key-same-answer',
  nearMisses: [
    {
      name: 'lock-the-row',
      fails: 'same-key-same-answer',
      because:
        'It looks with FOR UPDATE. The row is not there yet, so there is nothing that could be locked, and both see that.',
    },
    {
      name: 'catch-the-violation',
      fails: 'availability',
      because:
        'It lets the primary key decide and catches the violation. After an error Postgres takes no more statements in the transaction, so the second one cannot read the answer: 500, and 500 for every retry.',
    },
    {
      name: 'forget-the-body',
      fails: 'same-key-same-answer',
      because:
        'It claims atomically and compares keys only. Who uses a key for another order is told that this other order is placed.',
    },
  ],
  alternatives: ['advisory-lock'],
  prediction: {
    question:
      'Half of the orders are sent twice at the same moment, with the same Idempotency-Key, to two API instances. Each instance first looks whether the key has an answer, and if not inserts the key (the primary key), ON CONFLICT DO NOTHING, and places the order. Postgres is 20 ms away. What do the customers get who clicked twice?',
    answers: [
      'One order: the primary key lets one of the two in, and the other gets the stored answer.',
      'One order and one error: the second one breaks on the primary key.',
      'Mostly one order. A few, those that hit the same millisecond, get two.',
      'Two orders and two different answers, nearly all of them, and they pay twice.',
    ],
    right: 3,
    because:
      'Between looking and inserting lies one round trip, 20 ms, and both requests are in it. The primary key does let only one row in. Nobody looks at what the INSERT says about that.',
  },
  hints: [
    'Take a key that got two orders. In history.jsonl: when did its two operations begin, and at which instances? In Postgres: unhappy sql "SELECT id, client_key, created_at FROM orders WHERE client_key IN (SELECT client_key FROM orders GROUP BY 1 HAVING count(*) > 1) ORDER BY 2, 3 LIMIT 6". How many rows has idempotency_keys for it?',
    'Write both requests side by side, statement by statement. The SELECT is answered about the past. Which statement is the first at which the two meet, and what does Postgres tell the second one there?',
    'Swap them: first INSERT ... ON CONFLICT (key) DO NOTHING, and look at rowCount. 1: the key is ours. 0: somebody else committed it, because the INSERT waited for the end of his transaction, so SELECT his answer now, and compare the hash.',
  ],
  learned: [
    'Looking and then writing is a race, in whatever order the round trips come. Claiming is one statement, and its result has to be looked at.',
    'A row that does not exist cannot be locked. A unique index can be waited at.',
    'An Idempotency-Key stands for a request, not for a client: another body under the same key is a mistake that has to be said.',
    'The claim, the effect and the stored answer belong into one transaction: a claim without an answer is a lock that nobody opens.',
  ],
  buildsOn: ['dual-write'],
})
