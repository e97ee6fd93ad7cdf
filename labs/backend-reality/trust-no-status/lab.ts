import { defineLab } from '#chaos/contracts/lab.ts'

export const trustNoStatus = defineLab({
  id: 'trust-no-status',
  track: 'backend-reality',
  title: 'Trust no status code: a third party responds 200 with an error inside',
  goal: 'An order is paid only if payments has captured its charge, whatever status the response has.',
  breaks: 'a response with status 200 has an error inside, or the charge of another order',
  lesson: 'parse what arrives, and compare it with what you requested',
  minutes: 25,
  seams: [{ seam: 'read-charge', service: 'worker' }],
  fails: 'books-balance',
  nearMisses: [
    {
      name: 'check-for-error',
      fails: 'books-balance',
      because:
        'It looks for the field `error`. That is one wrong body of many: the charge of another order has no such field.',
    },
    {
      name: 'check-the-shape',
      fails: 'books-balance',
      because:
        'It validates the shape of the body. The charge of another order has the right shape, so this order is paid without a charge.',
    },
    {
      name: 'not-a-charge-is-declined',
      fails: 'books-balance',
      because:
        'It treats every other body as a declined charge. Payments captured some of these charges, so customers pay for rejected orders.',
    },
    {
      name: 'exactly-201',
      fails: 'books-balance',
      because:
        'It accepts only the status that payments uses. The process that answers instead of payments uses it too.',
    },
  ],
  alternatives: ['field-by-field'],
  prediction: {
    question:
      'For 0.6 seconds a gateway in front of payments answers every charge request with status 200 and the body {"error":"temporarily unavailable"}. Payments never receives these requests. The worker throws for a status of 300 or more, and otherwise uses the body as the charge. What is true about these orders in the end?',
    answers: [
      'They are paid a little later: the job fails because the body has no id, and the queue retries it.',
      'They are rejected: a body without `captured` is a declined charge.',
      'They are paid and in the ledger, and payments has captured nothing for them.',
      'They are parked: the worker sets aside what it cannot read.',
    ],
    right: 2,
    because:
      'A type assertion is removed before the code runs, so it checks nothing. The body had no status, so the result was not "declined", and the code records every other result as a payment: with no charge id. The job succeeded, so no part of the shop looked at the order again.',
  },
  hints: [
    "Find the story's order in payments' books (curl -s http://127.0.0.1:20005/books while a sandbox is up) and in the ledger: unhappy sql \"SELECT charge_id FROM ledger_transactions WHERE order_id LIKE '%000009.%'\" (use the number of your story). What did the worker receive, and which line believed it?",
    'Which bodies prove that payments has captured this charge? Start from there, and not from a list of bodies that are wrong. A body of the right shape can still be the answer to another request.',
    'Accept the body only if it is an object with an id, a known status, and the orderId, amountCents and idempotencyKey of the request. Throw PaymentsError.noAnswer for everything else: payments may have captured the charge, so the outcome is unknown, and the queue retries under the same key.',
  ],
  learned: [
    'A status is a statement of the process that answered last. Gateways, caches and proxies answer too.',
    'A type assertion checks nothing at run time. Data from outside is unknown until it is parsed.',
    'The right shape is not enough: compare the answer with the request.',
    'An answer that you cannot read is not a no. The outcome is unknown, and a retry under the same key is safe.',
  ],
  buildsOn: ['reply-lost'],
})
