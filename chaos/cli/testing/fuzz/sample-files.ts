/** A valid content of each file format. Its mutations are the inputs. */
export const at = '2030-01-01T00:00:00.000Z'
export const runRecord = {
  id: '20300101-000000-x',
  title: 'A run',
  lab: 'dual-write',
  version: 'mine',
  seed: 1,
  startedAt: at,
  endedAt: at,
  state: 'done',
  outcome: 'held',
  headline: 'held',
  phase: null,
  checks: [],
  verdict: { outcome: 'held', headline: 'held', checks: [], reasons: [] },
  error: null,
  folder: 'runs/20300101-000000-x',
}
export const matrix = {
  v: 1,
  kind: 'failure-matrix',
  code: null,
  env: { netsOff: [] },
  flow: 'place-order',
  mode: 'full',
  variant: 'shop',
  startedAt: at,
  seconds: 1,
  steps: [{ id: 's01', link: 'api-1:postgres', signature: 'COMMIT', nth: 1 }],
  background: [],
  columns: ['reply-cut'],
  baseline: { runs: 1, exchanges: [], ms: [1], history: [] },
  cells: [{ id: 's01/reply-cut', step: 's01', column: 'reply-cut', result: 'ok' }],
  summary: { integrity: 0, liveness: 0, notFired: 0, errors: 0, seconds: 1, ran: 1 },
}
export const progress = {
  version: 1,
  labs: {
    'dual-write': {
      hintsUsed: 1,
      prediction: { answer: 0, confidence: 50, at },
      explanation: 'x',
      outcomes: [{ run: 'a', outcome: 'held', at }],
    },
  },
}
export const sampleOfSandboxFiles = {
  slot: 3,
  pid: 1,
  url: 'http://127.0.0.1:1',
  token: 't',
  runtime: 'local',
  startedAt: at,
  ephemeral: false,
}
export const proxies = [
  {
    name: 'a',
    listen: '127.0.0.1:0',
    upstream: '127.0.0.1:1',
    toxics: [{ type: 'latency', attributes: { latency: 5 } }],
  },
]
