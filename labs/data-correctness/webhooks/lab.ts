import { defineLab } from '#chaos/contracts/lab.ts'

export const webhooks = defineLab({
  id: 'webhooks',
  track: 'data-correctness',
  title: 'Webhooks: an event arrives three times, out of order, or never',
  goal: "Whatever happens to the callbacks, the shop ends with what payments' books say about each charge.",
  breaks: 'callbacks are repeated, late and out of order',
  lesson:
    'the event carries its own identity and sequence: record it once, and let no arrival order decide',
  minutes: 35,
  seams: [{ seam: 'receive-payment-event', service: 'api' }],
  fails: 'refunds-booked-once',
  nearMisses: [
    {
      name: 'ids-only',
      fails: 'payment-state-never-goes-back',
      because:
        'It ignores events that it has already recorded. An event that comes late is not a repetition: it is new, and it sets the state back.',
    },
    {
      name: 'remember-in-memory',
      fails: 'refunds-booked-once',
      because:
        'It keeps the ids of booked events in memory. Payments repeats the event because the process with that memory died before its response arrived.',
    },
    {
      name: 'look-first',
      fails: 'refunds-booked-once',
      because:
        'It reads whether the event is recorded and books it if not. While Postgres is slow, payments repeats the event, and both deliveries have read before one of them commits.',
    },
    {
      name: 'acknowledge-first',
      fails: 'payment-state-agrees',
      because:
        'It records the event, acknowledges it, and books it afterwards. The instance dies in between. Payments never repeats an acknowledged event, and the comparison finds it recorded.',
    },
  ],
  // The X-ray has no flow with callbacks.
  sweep: 'no-flow',
  alternatives: ['guarded-status', 'read-the-list'],
  prediction: {
    question:
      'Payments calls the shop back: captured, settled, refunded. The shop records a refund in one transaction, and its response is lost, so payments sends the event again. Of another charge, `settled` arrives after `refunded`. What do the order and the ledger say in the end?',
    answers: [
      'All is correct: the event has an id, so a repetition is recognised, and its time says which event is the latest.',
      'The repeated refund fails with an error, payments gives up, and the ledger has the refund once.',
      'The repeated refund is in the ledger twice, and the refunded charge counts as settled again.',
      'Payments never repeats an event that the shop has committed, so only the late event does harm.',
    ],
    right: 2,
    because:
      'Payments cannot know what the shop has committed: without a response it repeats the event. The handler writes the refund for every delivery, and it sets the state to whatever arrived last.',
  },
  hints: [
    'Query what arrived: unhappy sql "SELECT order_id, count(*) FROM ledger_transactions WHERE kind = \'refund\' GROUP BY 1 HAVING count(*) > 1", and unhappy sql "SELECT * FROM payment_state_events ORDER BY id". How often is such an event in payment_events? Does the code use what the INSERT into that table tells it?',
    'There are two problems. A repetition has an id that is already recorded. A late event has an id that is new, and a sequence lower than that of the order. What decides about each of them, and in which transaction?',
    'If the INSERT ... ON CONFLICT DO NOTHING inserted no row (rowCount 0), an earlier delivery did all of it: return. And change the state only if the sequence is later: UPDATE orders SET payment_state = $2, payment_sequence = $3 WHERE id = $1 AND payment_sequence < $3.',
  ],
  learned: [
    'A callback is delivered at least once, in any sequence, or never. All three belong to the contract, not to bad luck.',
    'Two different questions: was this event applied already (its id), and is it later than what is known (its sequence)? One answer does not replace the other.',
    'A success response promises that the sender may forget the event. Send it after the commit.',
    'A webhook is a hint that comes fast. The list of the provider is the truth: compare with it periodically.',
  ],
  buildsOn: ['duplicate-delivery', 'queue-amnesia'],
})
