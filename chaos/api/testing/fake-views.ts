import type {
  LabView,
  ProfileView,
  RunView,
  SandboxView,
  TransferView,
  XraySummary,
} from '#chaos/contracts/api.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'

const truth = {
  orders: 3,
  paid: 2,
  unfinished: 1,
  charged: 2,
  ledgerCharges: 2,
  queueWaiting: 0,
  queueActive: 1,
  queueDelayed: 0,
  outboxWaiting: 0,
  eventsMissing: 0,
  migrationsRunning: 0,
}

const profileView: ProfileView = {
  name: 'callbacks',
  description: 'Payments calls the shop back.',
  on: false,
  holders: [],
  parts: ['payments:api-1'],
}

const activeFault: ActiveFault = {
  id: 'latency-1',
  kind: 'latency',
  targets: ['api-1:redis'],
  params: { latencyMs: 200 },
  mechanism: 'toxic',
  by: 'user',
  since: '2030-01-01T00:00:00.000Z',
  until: '2030-01-01T00:01:00.000Z',
  leaseMs: 60_000,
}

const sandboxView: SandboxView = {
  system: {
    name: 'shop',
    instances: [{ name: 'api-1', service: 'api' }],
    stores: ['redis'],
    links: [{ name: 'api-1:redis', caller: 'api-1', callee: 'redis', protocol: 'redis' }],
    operations: [],
    page: { figures: [] },
  },
  runtime: 'local',
  version: '1.2.3',
  node: 'v24.0.0',
  slot: 0,
  startedAt: '2030-01-01T00:00:00.000Z',
  ready: true,
  halted: false,
  urls: {
    dashboard: 'http://127.0.0.1:20000',
    shop: ['http://127.0.0.1:20020'],
    proxy: 'http://127.0.0.1:8474',
    postgres: 'postgres://shop@127.0.0.1:20010/shop',
    redis: 'redis://127.0.0.1:20011',
  },
  instances: [{ name: 'api-1', kind: 'service', state: 'ready', pid: 42, restarts: 0 }],
  links: [
    {
      name: 'api-1:redis',
      listen: '127.0.0.1:20031',
      upstream: '127.0.0.1:20011',
      enabled: true,
      toxics: [],
      connections: 1,
      bytesUpstream: 10,
      bytesDownstream: 20,
    },
  ],
  faults: [activeFault],
  truth,
  acknowledged: 3,
  traffic: null,
  run: null,
  lastSeq: 0,
}

const runView: RunView = {
  id: '20300101-000000-lab-zero-abcd',
  title: 'Lab zero',
  lab: 'lab-zero',
  version: 'mine',
  seed: 7,
  startedAt: '2030-01-01T00:00:00.000Z',
  endedAt: null,
  state: 'running',
  outcome: null,
  headline: null,
  phase: 'prepare',
  checks: [],
  verdict: null,
  error: null,
  folder: 'runs/20300101-000000-lab-zero-abcd',
  files: [],
}

const labView: LabView = {
  id: 'lab-zero',
  track: 'first-steps',
  title: 'Lab zero',
  minutes: 5,
  state: 'new',
  hintsUsed: 0,
  breaks: 'a cache that decides whether the shop works',
  lesson: 'a cache is a dependency',
  position: 1,
  next: true,
  transfer: { state: 'locked', dueAt: null },
  goal: 'It holds.',
  seams: [{ seam: 'read-product', service: 'api' }],
  workFolder: 'my-work/lab-zero',
  files: [],
  readme: '# Lab zero',
  sections: [
    { id: 'story', title: 'Story', markdown: 'A cache fails.' },
    { id: 'run', title: 'Run', lockedUntil: 'the verdict' },
  ],
  locked: [{ id: 'after', until: 'held' }],
  storyLockedUntil: 'your explanation',
  question: 'What?',
  answers: ['a', 'b', 'c'],
  prediction: null,
  outcomeOfPrediction: null,
  explanation: null,
  hints: [],
  hintsTotal: 3,
  learned: [],
  lenses: { contract: '', truth: '', failure: '', blastRadius: '', tradeOff: '' },
  runs: [runView],
}

const transferView: TransferView = {
  lab: 'lab-zero',
  state: 'locked',
  dueAt: null,
  question: null,
  answered: [],
}

const xraySummary: XraySummary = {
  id: 'xray-20300101-000000-place-order',
  flow: 'place-order',
  variant: 'shop',
  mode: 'quick',
  startedAt: '2030-01-01T00:00:00.000Z',
  state: 'running',
  error: null,
  status: 'starting shop 1 of 2',
  done: 0,
  total: 0,
  leftMs: null,
  folder: 'runs/xray-20300101-000000-place-order',
  integrity: 0,
  liveness: 0,
  silent: 0,
  ours: true,
}

/** What the fake controller shows. */
export const fakeViews = {
  truth,
  profileView,
  activeFault,
  sandboxView,
  runView,
  labView,
  transferView,
  xraySummary,
} as const
