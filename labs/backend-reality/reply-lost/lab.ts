import { defineLab } from '#chaos/contracts/lab.ts'

export const replyLost = defineLab({
  id: 'reply-lost',
  track: 'backend-reality',
  title: 'Reply lost: no answer is not a no',
  goal: "Every order ends as payments' books say that it ended, whatever became of the answer.",
  breaks: 'the charge was made, the reply never came',
  lesson: 'unknown is not no: read back, then decide',
  minutes: 30,
  seams: [{ seam: 'charge-order', service: 'worker' }],
  fails: 'books-balance',
  nearMisses: [
    {
      name: 'another-key',
      fails: 'charged-at-most-once',
      because:
        'It asks again under another key. The key is what tells payments that it is the same charge: now it is another one.',
    },
    {
      name: 'not-found-means-no',
      fails: 'books-balance',
      because:
        "It looks into payments' books, and takes what is not there for a no. A request that is still on its way is not there either, and a moment later it is.",
    },
    {
      name: 'wait-and-look',
      fails: 'books-balance',
      because:
        'It looks for another second and a half before it takes "not there" for a no. That is a bet on how late a request can be, and nobody has promised that.',
    },
    {
      name: 'no-answer-means-yes',
      fails: 'books-balance',
      because:
        'It takes no answer for a yes: most charges are made after all. One request never arrives, and the shop has sold something that nobody will ever pay for.',
    },
  ],
  alternatives: ['ask-again'],
  prediction: {
    question:
      'Five charge requests get no answer within the worker\'s timeout of one second: of three the reply is lost, one arrives late, one never. The worker takes a timeout for "declined", rejects the order and gives the stock back. What is true about these five orders in the end?',
    answers: [
      'They are rejected, and nobody paid for them: without an answer there is no charge.',
      'They are rejected, and four of the five customers were charged.',
      'They are rejected, and three were charged: not the late one, because the worker had hung up.',
      'They are paid: BullMQ tries the job again and finds the charge.',
    ],
    right: 1,
    because:
      'A timeout ends the waiting and not the work. Payments made three charges before the replies got lost, and the fourth when the request arrived, although nobody waited for it any more. Only the one that never arrived is what it looks like. And a job that ends with "rejected" is a success: nobody tries it again.',
  },
  hints: [
    "Find the story's order in payments' own books (curl -s http://127.0.0.1:20005/books while a sandbox is up) and in Postgres: unhappy sql \"SELECT status, at FROM order_events WHERE order_id LIKE '%000004.%'\" (or whichever number the story has). Which of the two is right about the money, and when did each get to know?",
    'After a timeout there are three worlds: the request never arrived; it was carried out and the reply is lost; it is still on its way. What can you do that is right in all three, without knowing in which one you are?',
    'Look under the same key (payments.findCharge): if the charge is there, it decides. If it is not there, you still do not know: throw the error, so that the job is tried again, and asks under the same key. Payments makes one charge per key.',
  ],
  learned: [
    'A call over a network has three results: yes, no, and unknown. A timeout is unknown.',
    'An idempotency key turns unknown into a question that may be asked again. It has to be the same key, on every attempt, from whoever asks.',
    "Absent is not never: what is still on its way is in nobody's books yet.",
    'What you do when you do not know must be right whichever it was. If nothing is, keep the question open.',
  ],
})
