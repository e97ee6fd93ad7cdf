import { defineLab } from '#chaos/contracts/lab.ts'

export const contractDrift = defineLab({
  id: 'contract-drift',
  track: 'backend-reality',
  title: 'Contract drift: old and new versions read each other',
  goal: 'Messages carry the amount in cents, and every customer pays exactly what their order says, whichever version wrote the message and whichever version reads it.',
  breaks: 'a rolling deploy: old and new versions read each other',
  lesson: 'tolerant reader, expand and contract',
  minutes: 40,
  seams: [
    { seam: 'write-order-message', service: 'api' },
    { seam: 'read-order-message', service: 'worker' },
  ],
  fails: 'charged-what-was-ordered',
  nearMisses: [
    {
      name: 'new-version',
      fails: 'orders-paid',
      because:
        'It gives the new message a new version number. Old readers rightly set an unknown version aside, so every order of the deploy waits for an operator.',
    },
    {
      name: 'contract-at-once',
      fails: 'orders-paid',
      because:
        'Its writer adds the new field, but its reader already ignores the old field while old writers still send it.',
    },
    {
      name: 'ignore-the-version',
      fails: 'charged-what-was-ordered',
      because:
        'It reads the fields that it finds in a message of any version. From version 3 on, one of these fields has another meaning.',
    },
    {
      name: 'cut-off',
      fails: 'charged-what-was-ordered',
      because:
        'It converts an old amount to cents by truncating the decimals. A floating-point number cannot hold 9.95 exactly; it holds a slightly smaller value, so one cent is missing.',
    },
  ],
  alternatives: ['upcaster'],
  prediction: {
    question:
      'The amount in a message changes from 4.5 to 450, in writer and reader together. All tests pass: they test new writers with new readers. Now one API is deployed while both workers still run the old version, and later the workers are deployed while the other API is old. What happens to the orders in between?',
    answers: [
      'They fail, and the queue retries them until a matching reader takes them.',
      'Old readers charge a hundred times too much; new readers refuse messages from old writers, because 4.5 is not a whole number.',
      'Some customers pay a hundred times too much, and some pay a hundredth; the other orders are set aside.',
      'Nothing: the version is still 1, so both sides understand each other.',
    ],
    right: 2,
    because:
      'Both sides read a number, and a number has no unit. An old reader takes 450 for 450.00. A new reader takes 12 for 12 cents and sets 4.5 aside. The version number claims that the two sides are compatible, and no code checks that claim.',
  },
  hints: [
    'The story shows what the queue received and what payments charged. Take three orders that went wrong: which version wrote the message, and which version read it? Write down the four pairs of old and new. The happy path tests one of them.',
    'You cannot change the old code, and it reads your messages during a deploy. What can you add to a message without a change for the old reader? And what does your reader receive while one old writer runs, while one old message is in the outbox, or after a rollback?',
    'Write both fields: `amount` as before, and `amountCents` next to it, still version 1. Read the cents if they are present; otherwise read the old field times 100, rounded. Version 2 is announced as the same message without `amount`: read it too. Set every other version aside.',
  ],
  learned: [
    'A deploy takes time. During that time every version writes to every other version, and the queue keeps old messages even longer.',
    'Expand, migrate, contract: first add the new field. Remove the old one when no process reads it any more and no message without the new field is left.',
    'A tolerant reader ignores fields that it does not know and does not guess their meaning. A version number states what a reader must support at least.',
    'Set a message that you cannot read aside, with a reason. Do not drop it, and do not retry it forever.',
    'A number has no unit. Put the unit into the name.',
  ],
})
