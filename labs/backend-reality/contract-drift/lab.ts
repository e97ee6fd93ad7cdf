import { defineLab } from '#chaos/contracts/lab.ts'

export const contractDrift = defineLab({
  id: 'contract-drift',
  track: 'backend-reality',
  title: 'Contract drift: old and new read each other',
  goal: 'Messages say the amount in cents, and nobody pays anything else than their order says, whichever version wrote and whichever reads.',
  breaks: 'a rolling deploy: old and new code read each other',
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
        'It gives the new message a new version. Old readers do not know it, and rightly set it aside: every order of the deploy waits for a person.',
    },
    {
      name: 'contract-at-once',
      fails: 'orders-paid',
      because:
        'Its writer adds, and its reader takes away: it no longer knows the old field, while old writers still write.',
    },
    {
      name: 'ignore-the-version',
      fails: 'charged-what-was-ordered',
      because:
        'It takes the fields that it knows from a message of any version, and from version 3 on one of them means something else.',
    },
    {
      name: 'cut-off',
      fails: 'charged-what-was-ordered',
      because:
        'It makes cents of an old amount by cutting off what is behind the point. A floating-point number has no 9.95, only something just below it: a cent is missing.',
    },
  ],
  alternatives: ['upcaster'],
  prediction: {
    question:
      'The amount in a message changes from 4.5 to 450, writer and reader together, and all tests pass: new writers with new readers. Now one API is deployed while both workers are old, and later the workers while the other API is old. What happens to orders in between?',
    answers: [
      'They fail and are tried again until a matching reader takes them.',
      'Old readers charge a hundred times too much; new readers refuse what they get from old writers, because 4.5 is no whole number.',
      'Some pay a hundred times too much, and some a hundredth; the rest is set aside.',
      'Nothing: the version is still 1, so both understand each other.',
    ],
    right: 2,
    because:
      'Both sides read a number, and a number has no unit. An old reader makes 450.00 of 450. A new reader makes 12 cents of 12, and sets aside 4.5. The version says that they understand each other, and they believe it.',
  },
  hints: [
    'The story says what the queue was told, and what payments charged. Take three orders that went wrong: who wrote, and who read? Write the four pairs of old and new on paper; the happy path has tested one of them.',
    'You cannot change the old code, and while a deploy goes on it reads what you write. What can you put into a message that it does not notice? And what does your reader get for as long as one old writer runs, one message lies in the outbox, or somebody rolls back?',
    'Write both: `amount` as it was, and `amountCents` beside it, still version 1. Read the cents if they are there, else the old field times 100, rounded. Version 2 has been announced as the same without `amount`: read it too. Park every other version.',
  ],
  learned: [
    'A deploy is not a moment. For its whole length every version writes to every other one, and the queue keeps what was written longer still.',
    'Expand, migrate, contract: add first; take away when nobody reads it any more, and when nothing is left that was written without the new.',
    'A tolerant reader ignores what it does not know, and does not guess what it means. A version says what a reader must at least understand.',
    'What nobody here can read is set aside with its reason, neither dropped nor tried for ever.',
    'A number has no unit. Put it into the name.',
  ],
})
