import { defineLab } from '#chaos/contracts/lab.ts'

export const halfOpen = defineLab({
  id: 'half-open',
  track: 'backend-reality',
  title: 'Half-open: connections that lead nowhere',
  goal: 'When the network works again, the API works again, whatever happened to its connections.',
  breaks: 'connections stay silent after the partition has healed',
  lesson: 'a limit on every wait, and a listener for errors',
  minutes: 35,
  seams: [{ seam: 'database-pool', service: 'api' }],
  fails: 'availability',
  nearMisses: [
    {
      name: 'keepalive',
      fails: 'availability',
      because:
        'TCP keepalive asks whether the other end of the TCP connection is alive. Here that end is alive and responds. Where packets are dropped, the kernel does not probe while a sent query waits for its acknowledgement.',
    },
    {
      name: 'server-limits',
      fails: 'availability',
      because:
        'Postgres enforces statement_timeout, but Postgres never received the statement, and its error could not reach the API on a silent connection.',
    },
    {
      name: 'acquire-timeout',
      fails: 'availability',
      because:
        'A request that waits for a connection fails after one second. A request that holds a silent connection waits forever and never returns it to the pool.',
    },
    {
      name: 'no-listener',
      fails: 'restarts-at-most',
      because:
        'It survives silence. A reset is an `error` event, and in Node an `error` event without a listener ends the process.',
    },
    {
      name: 'idle-listener',
      fails: 'restarts-at-most',
      because:
        'The pool listens to a connection only while the connection is idle. An error on a connection in use has no listener and also ends the process.',
    },
  ],
  alternatives: ['socket-timeout'],
  prediction: {
    question:
      "For half a second the network between the API and Postgres is partitioned. Afterwards a new connection works at once. The old connections stay silent: messages sent on them do not arrive, and no side receives an error. Each API instance has a pool of three connections, and all are in use. The pool is pg's, with its defaults. What do customers see in the next minutes?",
    answers: [
      'Errors for half a second. Then the pool opens new connections.',
      'Errors until TCP gives up, some seconds later.',
      'Each silent connection costs one customer an error; then the pool replaces it.',
      'First a few requests time out, then all of them. It does not end until an operator restarts the API.',
    ],
    right: 3,
    because:
      'Each silent connection takes a query and keeps it forever. It never returns to the pool, so the pool does not replace it. When all connections are taken, every request waits for a free one, also forever. Postgres has nothing to do, and the network works.',
  },
  hints: [
    'Start a sandbox that stays up, and silence the connections yourself (unhappy traffic, and unhappy inject mute "api-*:postgres" --for 3s). Then look from both sides: unhappy sql "SELECT application_name, state, query_start, query FROM pg_stat_activity WHERE application_name LIKE \'api%\'", and curl -s http://127.0.0.1:20001/metrics | grep database_. How many connections does the pool count, how many requests wait for one, and what is Postgres waiting for?',
    'Three waits have no limit here: for a reply on a connection, for a free connection, and for a new connection to open. Which of them can end only on our side, because no message from the other side will ever arrive?',
    'query_timeout ends the wait for a reply on our side, and the pool then discards the connection (Postgres enforces statement_timeout, so that alone does not help). connectionTimeoutMillis ends the wait for a free or a new connection. Keep statement_timeout below query_timeout. Listen to `error` events of the pool and of each connection that it opens; otherwise a reset ends the process.',
  ],
  learned: [
    'Each side keeps its own record of a connection. A side learns that the connection is gone only when a message tells it.',
    "Silence is not an error. A caller needs its own limit, measured by its own clock. The server's limits do not help against the network.",
    'A pool multiplies a silent connection: it lends the connection out and never gets it back.',
    "pg's defaults wait forever: for a connection, for a reply, for a lock.",
    'An error that says "this connection is gone" is the good case. In Node, code must listen for it: an `error` event without a listener ends the process.',
  ],
  buildsOn: ['slow-dependency'],
})
