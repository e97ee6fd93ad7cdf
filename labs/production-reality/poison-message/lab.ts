import { defineLab } from '#chaos/contracts/lab.ts'

export const poisonMessage = defineLab({
  id: 'poison-message',
  track: 'production-reality',
  title: 'Poison message: one order kills every worker',
  goal: 'An order that cannot be processed is set aside for an operator, and no other order is affected.',
  breaks: 'one order kills every worker that receives it',
  lesson: 'quarantine the message and continue',
  minutes: 30,
  seams: [{ seam: 'print-label', service: 'worker' }],
  fails: 'restarts-at-most',
  nearMisses: [
    {
      name: 'try-again-later',
      fails: 'no-stuck-orders',
      because:
        'The job fails and the queue retries it, again and again. The label is as impossible on the tenth attempt as on the first, and no operator sees the order until the retries end.',
    },
    {
      name: 'catch-everything',
      fails: 'no-stuck-orders',
      because:
        'The process survives, but the job never ends. It waits forever and keeps its slot, until no slot is left.',
    },
    {
      name: 'ship-without-a-label',
      fails: 'poison-set-aside',
      because:
        'It logs the error and continues. The customer is charged for a parcel that cannot be sent.',
    },
  ],
  alternatives: ['look-before'],
  prediction: {
    question:
      "Six of 60 orders have a control character in the text for their label. The printer emits `error` for them, and the worker listens for `printed` only. There are two workers, a supervisor that restarts them at once, and a queue that gives a dead worker's jobs to another worker. Nothing else is wrong. What happens to the other 54 orders?",
    answers: [
      'They are paid. Each of the six orders fails alone and stays in the queue.',
      'They are paid a little later: six restarts, one per bad order, and it is over.',
      'Many of them wait: workers die again and again because of the same six orders.',
      'They wait forever: BullMQ stops the queue after the first uncaught exception.',
    ],
    right: 2,
    because:
      'An `error` event without a listener ends the process. The job was not acknowledged, so the queue delivers it to another worker and kills that one too. Redelivery, the safety net for crashes, spreads the poison message. Each crash also interrupts the other jobs of that worker.',
  },
  hints: [
    "Read the last log lines of a dying worker: unhappy logs worker-1, or logs/ in the run's folder. Which event is it, and which code listened for it? How often does the same order id appear before a crash?",
    'In Node, an EventEmitter that emits `error` without a listener throws, and your function cannot catch that: it is waiting for something else. In which two ways can a print job end, and which of them does the code wait for?',
    "Listen for both (events.once rejects on 'error'). Then decide what *this* kind of error means: will it go away without a change? If not, a retry only costs time. desk.park(id, reason) sets the order aside for an operator; return 'parked'.",
  ],
  learned: [
    'Redelivery assumes that the worker failed. When the message is the cause, redelivery spreads the damage to every worker.',
    'Separate temporary errors from permanent ones. Only a temporary error is worth a retry.',
    'Setting a message aside is a final state: it has a reason, a place, and an operator who looks there. Dropping the message is not, and neither is ignoring the error.',
    'A process that survives every error has not handled the error. Its work is still not done.',
  ],
})
