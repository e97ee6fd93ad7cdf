import type { SandboxEvent } from '#chaos/contracts/events.ts'
import type { MembershipView } from '#chaos/contracts/workshop.ts'
import { evidenceOf } from '#chaos/exercise/learning/learning-evidence.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import type { Controller } from '../controller.ts'
import { fakeEditor } from './fake-editor.ts'
import { fakeGamedays } from './fake-gamedays.ts'
import { fakeViews } from './fake-views.ts'

const {
  activeFault,
  labView,
  profileView,
  runView,
  sandboxView,
  transferView,
  truth,
  xraySummary,
} = fakeViews

const fakeMembership: MembershipView = {
  joined: null,
  sends: ['Your name.'],
  waiting: 0,
  sent: 0,
  lastSent: [],
  problem: null,
  inbox: [],
  exercise: null,
  sequence: [],
  helpAskedAt: null,
}

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
      directConnections: async () => record('directConnections', []),
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
      tap: async (request) => record(`tap ${request.link}`, { id: 'tap-1', links: ['web:db'] }),
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
      transfer: async () => transferView,
      answerTransfer: async (id, { step }) => record(`transfer ${id} ${step}`, transferView),
      evidence: async () => evidenceOf([]),
      holdsStoryBack: async () => false,
      solution: async () => ({ files: [] }),
      after: async () => ({ text: '# After it holds\n' }),
    },
    editor: fakeEditor(calls),
    xrays: {
      list: async () => ({
        xrays: [xraySummary],
        flows: [],
        files: null,
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
    workshop: {
      view: async () => fakeMembership,
      join: async ({ url }) => record(`join ${url}`, fakeMembership),
      leave: async () => record('leave', fakeMembership),
      help: async () => record('help', fakeMembership),
      share: async (lab) => record(`share ${lab}`, fakeMembership),
    },
    gamedays: fakeGamedays(calls),
  }
}
