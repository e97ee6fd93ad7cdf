import type {
  LabView,
  ProfileView,
  RunView,
  SandboxView,
  XraySummary,
} from '#chaos/contracts/api.ts'
import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { ActiveFault } from '#chaos/contracts/fault.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import type { Controller } from '../controller.ts'
import { fakeEditor } from './fake-editor.ts'

export interface FakeController extends Controller {
  /** Calls that change something, in order. */
  readonly calls: readonly string[]
  publish(event: SandboxEvent): void
}

/** A controller of plain objects, without a sandbox. */
export function createFakeController(): FakeController {
  const calls: string[] = []
  const listeners = new Set<(event: SandboxEvent) => void>()
  const remembered: SandboxEvent[] = []
  const record = <T>(call: string, result: T): T => {
    calls.push(call)
    return result
  }
  return {
    system,
    calls,
    publish: (event) => {
      remembered.push(event)
      for (const listener of listeners) listener(event)
    },
    alive: () => ({ startedAt: sandboxView.startedAt, slot: 0, pid: 4_242 }),
    sandbox: {
      view: async () => sandboxView,
      restore: async () => record('restore', undefined),
      shutDown: () => record('shutDown', undefined),
    },
    events: {
      get lastSeq() {
        return remembered.length
      },
      since: (seq) => remembered.filter((event) => event.seq > seq),
      subscribe: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
    catalogue: () => ({ faults: [], checks: [] }),
    faults: {
      list: () => [activeFault],
      inject: async (request) => {
        if (request.kind !== 'latency') throw unknownName('fault', request.kind, ['latency'])
        return record(`inject ${request.target}`, activeFault)
      },
      heal: async (id) => record(`heal ${id}`, undefined),
      healAll: async () =>
        record('heal all', { undone: ['latency on api-1:redis'], couldNotUndo: [] }),
      halt: async () => record('halt', { undone: [], couldNotUndo: [] }),
      lift: async () => record('lift', undefined),
    },
    profiles: {
      list: () => [profileView],
      start: async (name) => {
        if (name !== profileView.name) throw unknownName('profile', name, [profileView.name])
        return record(`start profile ${name}`, { ...profileView, on: true, holders: ['user'] })
      },
      stop: async (name) => record(`stop profile ${name}`, profileView),
    },
    traffic: {
      start: async (rates) => record('traffic', rates),
      stop: async () => record('no traffic', undefined),
    },
    traps: {
      list: async () => [],
      arm: async (request) => record(`trap ${request.exchange}`, { id: 'trap-1' }),
      disarm: async (id) => record(`disarm ${id}`, undefined),
      release: async (id, then) => record(`release ${id} ${then}`, undefined),
      tap: async (request) => record(`tap ${request.link}`, { id: 'tap-1' }),
      untap: async (id) => record(`untap ${id}`, undefined),
    },
    truth: async () => truth,
    stores: {
      sql: async (statement) =>
        record(`sql ${statement}`, { columns: ['n'], rows: [['1']], more: false, tookMs: 2 }),
      redis: async (command) => record(`redis ${command}`, { reply: 'PONG', tookMs: 1 }),
    },
    async *logs(instance) {
      if (instance !== 'api-1') throw unknownName('instance', instance, ['api-1'])
      yield { instance, at: '2030-01-01T00:00:00.000Z', text: 'listening' }
    },
    runs: {
      start: async (request) => record(`run ${JSON.stringify(request)}`, runView),
      list: async () => [runView],
      get: async () => runView,
      journal: async () => [],
      file: async (_id, name) => {
        throw new InputError(`no ${name}`, { status: 404, remedy: 'Use another one.' })
      },
      abort: async (id) => record(`abort ${id}`, undefined),
    },
    flows: {
      list: async () => ({ flows: [], isComplete: true }),
      get: async (_run, flow) => {
        throw new InputError(`no ${flow}`, { status: 404, remedy: 'Use another one.' })
      },
    },
    liveFlows: {
      get: async (id) => {
        throw new InputError(`no ${id}`, { status: 404, remedy: 'Use another one.' })
      },
    },
    labs: {
      list: async () => [labView],
      get: async () => labView,
      start: async (id) => record(`start ${id}`, labView),
      reset: async () => ({ view: labView, backup: undefined }),
      predict: async () => {
        throw new InputError('locked', { status: 409, remedy: 'Go on.' })
      },
      explain: async () => labView,
      hint: async () => labView,
      reflect: async (id, lenses) => record(`reflect ${id} ${lenses.tradeOff}`, labView),
      unlock: async (id, part) => record(`unlock ${id} ${part}`, labView),
      record: async () => {
        throw new InputError('no record', { status: 404 })
      },
      holdsStoryBack: async () => false,
      solution: async () => ({ files: [] }),
      after: async () => ({ text: '# After it holds\n' }),
    },
    editor: fakeEditor(calls),
    xrays: {
      list: async () => ({
        xrays: [xraySummary],
        flows: [],
        cannotStart: null,
        usesSandbox: false,
      }),
      get: async (id) => {
        throw new InputError(`no ${id}`, { status: 404, remedy: 'Use another one.' })
      },
      cell: async (_id, cell) => ({ id: cell, step: 's01', column: 'reply-cut', result: 'ok' }),
      file: async (_id, name) => {
        throw new InputError(`no ${name}`, { status: 404, remedy: 'Use another one.' })
      },
      start: async (request) => record(`xray ${request.flow}`, xraySummary),
      stop: async (id) => record(`stop ${id}`, undefined),
    },
  }
}

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
