import { defineLab } from '#chaos/contracts/lab.ts'

export const halfOpen = defineLab({
  id: 'half-open',
  track: 'backend-reality',
  title: 'Half-open: connections to nowhere',
  goal: 'When the network is well again, so is the API, whatever has become of its connections.',
  breaks: 'connections stay silent after the partition has healed',
  lesson: 'timeouts, keepalive, and a listener for errors',
  minutes: 35,
  seams: [{ seam: 'database-pool', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'keepalive',
      fails: 'availability',
      because:
        'TCP asks whether the other end of the TCP connection is there. Here that end is well and answers; elsewhere Linux asks for eleven minutes before it gives up.',
    },
    {
      name: 'server-limits',
      fails: 'availability',
      because:
        'statement_timeout is counted by Postgres, which never got the statement, and on a silent connection nobody would hear it.',
    },
    {
      name: 'acquire-timeout',
      fails: 'availability',
      because:
        'Whoever waits for a connection is refused after a second. Whoever has a silent one waits for ever and never gives it back.',
    },
    {
      name: 'no-listener',
      fails: 'restarts-at-most',
      because:
        'Silence it survives. A reset is an event called error, and in Node one without a listener ends the process.',
    },
    {
      name: 'idle-listener',
      fails: 'restarts-at-most',
      because:
        'The pool listens to a connection only while it is idle. The error of one that is lent out has no listener, and ends the process as well.',
    },
  ],
  alternatives: ['socket-timeout'],
  prediction: {
    question:
      "For half a second the network between the API and Postgres is partitioned. When it is over, a new connection works at once, and the old ones stay silent: nothing that is sent on them arrives, and nobody is told. Each API instance has a pool of three, all of them in use. The pool is pg's, with its defaults. What do customers see in the next minutes?",
    answers: [
      'Errors for half a second. Then the pool opens new connections.',
      'Errors until TCP has given up, some seconds later.',
      'Each silent connection costs one customer an error, and then it is replaced.',
      'First a few time out, then all of them, and it does not end until somebody restarts the API.',
    ],
    right: 3,
    because:
      'Each silent connection takes a query and keeps it for ever; nobody gives it back, so the pool does not replace it. When all are taken, everybody waits for a free one, also for ever. Postgres has nothing to do, and the network is fine.',
  },
  hints: [
    'Check in a sandbox that stays, silence it again by hand (unhappy traffic, and unhappy inject mute "api-*:postgres" --for 3s), and look from both sides: unhappy sql "SELECT application_name, state, query_start, query FROM pg_stat_activity WHERE application_name LIKE \'api%\'", and curl -s http://127.0.0.1:20001/metrics | grep database_. How many connections does the pool count, how many wait for one, and what is Postgres waiting for?',
    'Three waits have no end here: for an answer on a connection, for a free connection, and for a new one to be made. Which of them can only be ended on our side, because no message from the other side will ever come?',
    'query_timeout ends the wait for an answer on our side, and the connection is then thrown away (a statement_timeout alone is counted by Postgres). connectionTimeoutMillis ends the wait for a free or a new one. Keep statement_timeout below query_timeout, and listen to the errors of the pool, and of each connection that it makes: one that is reset ends the process otherwise.',
  ],
  learned: [
    'A connection is an agreement in two memories. Each side believes in it until somebody says otherwise.',
    "Silence is no error: whoever waits needs a limit of his own, on his own clock. The server's limits do not help against the network.",
    'A pool multiplies a silent connection: it hands it out, and gets it back never.',
    "pg's defaults wait for ever: for a connection, for an answer, for a lock.",
    'To be told that a connection is gone is the good case. In Node somebody has to be there to hear it: an error event without a listener ends the process.',
  ],
  buildsOn: ['slow-dependency'],
})
