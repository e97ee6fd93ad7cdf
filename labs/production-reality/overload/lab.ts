import { defineLab } from '#chaos/contracts/lab.ts'

export const overload = defineLab({
  id: 'overload',
  track: 'production-reality',
  title: 'Overload: busy all day, and nobody served',
  goal: 'When three times as many orders come as can be taken, as many as ever are taken in good time, and all others are told soon.',
  breaks: 'three times the capacity, and nobody is served in time',
  lesson: 'bounded admission: refuse early, serve the rest',
  minutes: 35,
  seams: [{ seam: 'admission', service: 'api' }],
  fails: 'goodput',
  nearMisses: [
    {
      name: 'longer-line',
      fails: 'goodput',
      because:
        'The line has an end, a hundred places away. That is 24 seconds at this rate, and nobody waits so long.',
    },
    {
      name: 'pool-will-do',
      fails: 'goodput',
      because:
        "Everybody waits in the pool's own line until its timeout strikes. Whoever gets a connection has used up his patience before.",
    },
  ],
  alternatives: ['newest-first'],
  prediction: {
    question:
      'The API can take about 8 orders a second, and 24 a second arrive, for six seconds. Whoever does not get a turn waits in line, first come, first served. A customer waits a second and a half for an answer, tries again with the same key, and gives up after three. How many orders a second are answered in good time, within a second and a half?',
    answers: [
      'About 8: the API works all the time, and each order takes as long as ever.',
      'About 8 at first, and almost none after the first second.',
      'About 4: half of the work is for customers who have gone.',
      'None from the beginning: the first ones are already too late.',
    ],
    right: 1,
    because:
      'The line grows by 16 orders in each second, so each arrival waits two seconds longer than the one a second before. After less than a second everybody who gets a turn is served too late, or has already gone. The API is as busy as ever, with orders that nobody waits for.',
  },
  hints: [
    'Plot one number over time: how long did those who were answered wait, by the second in which they came? Then: how long is the line (the API reports how many wait), and how long does somebody wait who joins a line of that length?',
    'In an overload somebody is not served, whatever you do: you can only choose whom, and when he learns of it. A place in line is worth something only if its turn comes while the customer still waits. How many places is that, with three orders at a time and 700 ms each?',
    'AdmissionLimits has waitingMax and waitMaxMs. Refuse at once when the line is full, and refuse whoever has waited for waitMaxMs: throw new Refusal("overloaded", ..., { status: 503, definite: true, retryAfterSeconds: 1 }) before any of the work is done. Do not forget to take him out of the line.',
  ],
  learned: [
    'A line does not raise capacity. When more comes than can be served it only adds waiting, without a limit.',
    'Throughput is what the server does. Goodput is what somebody still waits for. Under overload they part.',
    'Refuse early: a no after no work is cheap, and a timeout after all the work is the dearest answer there is.',
    "The longest useful line is the customer's patience times the rate of service.",
  ],
  buildsOn: ['slow-dependency'],
})
