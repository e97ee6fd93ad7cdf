import { defineLab } from '#chaos/contracts/lab.ts'

export const doubleSubmit = defineLab({
  id: 'double-submit',
  track: 'data-correctness',
  title: 'Double submit: the same request twice at once',
  goal: 'One Idempotency-Key is one order, and every request with that key receives the same response.',
  breaks: 'the same request arrives twice at once',
  lesson: 'the atomic claim, and the stored response',
  minutes: 35,
  seams: [{ seam: 'claim-key', service: 'api' }],
  fails: 'same-key-same-answer',
  nearMisses: [
    {
      name: 'lock-the-row',
      fails: 'same-key-same-answer',
      because:
        'It selects with FOR UPDATE. The row does not exist yet, so there is nothing to lock, and both requests find no row.',
    },
    {
      name: 'catch-the-violation',
      fails: 'availability',
      because:
        'It relies on the primary key and catches the violation. After an error Postgres rejects all further statements of the transaction, so the second request cannot read the stored response. It fails with 500, and so does every retry.',
    },
    {
      name: 'forget-the-body',
      fails: 'same-key-same-answer',
      because:
        'It claims the key atomically but does not compare the request bodies. A request that uses the key for another order receives the response for the first order.',
    },
  ],
  sweep: {
    flow: 'retry-order',
    exchanges: [
      {
        link: 'api:postgres',
        except: ['SELECT products', 'INSERT orders', 'INSERT outbox', 'UPDATE products'],
      },
      { link: 'api:redis' },
    ],
  },
  alternatives: ['advisory-lock'],
  prediction: {
    question:
      'Half of the orders are sent twice at the same moment, with the same Idempotency-Key, to two API instances. Each instance first reads whether the key has a response. If not, it inserts the key (the primary key) with ON CONFLICT DO NOTHING and places the order. The round trip to Postgres takes 20 ms. What happens to customers who clicked twice?',
    answers: [
      'One order: the primary key lets one request in, and the other one receives the stored response.',
      'One order and one error: the second request violates the primary key.',
      'Mostly one order. The few requests that arrive in the same millisecond get two orders.',
      'Nearly all of them get two orders and two different responses, and pay twice.',
    ],
    right: 3,
    because:
      'One round trip, 20 ms, separates the read from the insert, and both requests are inside it. The primary key lets only one row in. The code does not look at the result of the INSERT.',
  },
  hints: [
    'Take a key that got two orders. When did its two operations begin in history.jsonl, and at which instances? In Postgres: unhappy sql "SELECT id, client_key, created_at FROM orders WHERE client_key IN (SELECT client_key FROM orders GROUP BY 1 HAVING count(*) > 1) ORDER BY 2, 3 LIMIT 6". How many rows does idempotency_keys have for that key?',
    'Write down both requests side by side, statement by statement. The SELECT returns a past state. Which is the first statement at which the two requests meet, and what does Postgres return to the second one?',
    'Swap the statements: first INSERT ... ON CONFLICT (key) DO NOTHING, then look at rowCount. 1: the key is ours. 0: another transaction committed the key, because the INSERT waited for it to end. So SELECT its stored response now, and compare the hash of the body.',
  ],
  learned: [
    'Read and then write is a race, in any sequence of the round trips. An atomic claim is one statement, and the code must look at its result.',
    'You cannot lock a row that does not exist. You can wait at a unique index.',
    'An Idempotency-Key identifies a request, not a client. Another body under the same key is an error that the response must report.',
    'The claim, the effect and the stored response belong in one transaction. A claim without a stored response blocks the key forever.',
  ],
  buildsOn: ['dual-write'],
})
