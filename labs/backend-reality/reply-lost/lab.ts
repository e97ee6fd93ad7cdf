import { defineLab } from '#chaos/contracts/lab.ts'

export const replyLost = defineLab({
  id: 'reply-lost',
  track: 'backend-reality',
  title: 'Reply lost: no response does not mean no effect',
  goal: "Every order ends the way payments' books say it ended, whatever happened to the response.",
  breaks: 'the charge was executed, but the reply never came',
  lesson: 'unknown is not no: read back, then decide',
  minutes: 30,
  seams: [{ seam: 'charge-order', service: 'worker' }],
  fails: 'books-balance',
  nearMisses: [
    {
      name: 'another-key',
      fails: 'charged-at-most-once',
      because:
        'It retries under another key. Payments recognises the same charge by its key; a new key is a new charge.',
    },
    {
      name: 'not-found-means-no',
      fails: 'books-balance',
      because:
        "It reads payments' books and treats a missing charge as a failed one. A request that is still in flight is not in the books yet, but it is there a moment later.",
    },
    {
      name: 'wait-and-look',
      fails: 'books-balance',
      because:
        'It waits another second and a half before it treats a missing charge as a failed one. That is a guess about the longest delay of a request, and the network guarantees no such limit.',
    },
    {
      name: 'no-answer-means-yes',
      fails: 'books-balance',
      because:
        'It treats no response as a success, because most charges succeed. One request never arrives, so the shop ships something that no customer pays for.',
    },
  ],
  sweep: {
    flow: 'place-order',
    exchanges: [
      { link: 'worker:payments' },
      // A fix may remember keys.
      { link: 'worker:redis', except: ['bullmq *', 'BZPOPMIN'] },
    ],
  },
  alternatives: ['ask-again'],
  prediction: {
    question:
      'Five charge requests get no response within the worker\'s timeout of one second. The replies to three are lost, one request arrives late, and one never arrives. The worker treats a timeout as "declined", rejects the order and returns the stock. What is true about these five orders in the end?',
    answers: [
      'They are rejected, and no customer paid for them: without a response there is no charge.',
      'They are rejected, and four of the five customers were charged.',
      'They are rejected, and three customers were charged: not the late one, because the worker had closed the connection.',
      'They are paid: BullMQ retries the job and finds the charge.',
    ],
    right: 1,
    because:
      'A timeout ends the wait, not the work. Payments executed three charges before the replies were lost, and the fourth when its request arrived, although the worker no longer waited. Only the request that never arrived had no effect. A job that ends with "rejected" is a success for the queue, so it is not retried.',
  },
  hints: [
    "Find the story's order in payments' own books (curl -s http://127.0.0.1:20005/books while a sandbox is up) and in Postgres: unhappy sql \"SELECT status, at FROM order_events WHERE order_id LIKE '%000004.%'\" (use the number of your story). Which of the two is right about the money, and when did each of them record it?",
    'After a timeout there are three possible states: the request never arrived; it was executed and the reply is lost; it is still in flight. Which action is right in all three, when you cannot know which one is true?',
    'Look up the charge under the same key (payments.findCharge). If the charge is there, it decides. If it is not there, the result is still unknown: throw the error, so the queue retries the job under the same key. Payments executes one charge per key.',
  ],
  learned: [
    'A call over a network has three results: success, failure and unknown. A timeout is unknown.',
    'An idempotency key makes an unknown request safe to retry. It must be the same key on every attempt, from every process that retries.',
    'Missing does not mean never: a request that is still in flight is not in the books yet.',
    'When the result is unknown, choose an action that is right in every case. If there is none, keep the order open.',
  ],
})
