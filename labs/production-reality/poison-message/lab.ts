import { defineLab } from '#chaos/contracts/lab.ts'

export const poisonMessage = defineLab({
  id: 'poison-message',
  track: 'production-reality',
  title: 'Poison message: one order takes them all',
  goal: 'An order that cannot be worked on is set aside for a person, and no other order notices.',
  breaks: 'one order kills every worker that takes it',
  lesson: 'quarantine, and go on',
  minutes: 30,
  seams: [{ seam: 'print-label', service: 'worker' }],
  fails: 'restarts-at-most',
  nearMisses: [
    {
      name: 'try-again-later',
      fails: 'no-stuck-orders',
      because:
        'The job fails and is tried again, and again. The label is as impossible at the tenth time as at the first, and until it is given up nobody is told.',
    },
    {
      name: 'catch-everything',
      fails: 'no-stuck-orders',
      because:
        'Nothing ends the process any more, and nobody tells the job. It waits for ever and keeps its slot, until no slot is left.',
    },
    {
      name: 'ship-without-a-label',
      fails: 'poison-set-aside',
      because:
        'It logs the error and goes on. The buyer is charged for a parcel that nobody can send.',
    },
  ],
  alternatives: ['look-before'],
  prediction: {
    question:
      "Six of 60 orders have a control character in the text for their label. The printer says `error` for them, and the worker listens for `printed` only. There are two workers, a supervisor that restarts them at once, and a queue that gives a dead worker's jobs to another one. Nothing else is wrong. What happens to the other 54 orders?",
    answers: [
      'They are paid. Each of the six orders fails alone and stays behind in the queue.',
      'They are paid a little later: six restarts, one per bad order, and it is over.',
      'Many of them wait: workers die again and again, of the same six orders.',
      'They wait for ever: BullMQ stops the queue after the first uncaught exception.',
    ],
    right: 2,
    because:
      'An `error` event without a listener ends the process. The job was not finished, so it comes back, to another worker, and ends that one too. Redelivery, the net under a crash, is what carries the poison around; and each death takes the jobs along that the worker had beside it.',
  },
  hints: [
    "Read what a dying worker says last: unhappy logs worker-1, or logs/ in the run's folder. Which event is it, and who was listening? How often does the same order id come before a death?",
    'In Node an EventEmitter that emits `error` and has no listener for it throws, and it throws where nobody can catch: not in your function, which is waiting for something else. What are the two ways in which a print job can end, and which of them does the code wait for?',
    "Listen for both (events.once rejects on 'error'). Then decide what an error of *this* kind means: will it go away by itself? If not, trying again only costs. desk.park(id, reason) sets the order aside for a person; return 'parked'.",
  ],
  learned: [
    'Redelivery assumes that the worker was at fault. When the message is, it spreads the damage to everybody.',
    'Tell what goes away by itself from what does not. Only the first is worth a retry.',
    'Setting aside is an end: with a reason, a place, and somebody who looks there. Dropping is not, and going on is not.',
    'A process that survives everything has not handled anything. What it was doing is still undone.',
  ],
})
