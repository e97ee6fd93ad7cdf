import { expect, test } from 'vitest'

import type { SandboxView } from '#chaos/contracts/api.ts'
import type { InstanceStatus, SeamReport } from '#chaos/contracts/runtime.ts'

import { createPrinter } from './printer.ts'
import { sandboxText } from './sandbox-text.ts'

const out = createPrinter({ write: () => undefined }, { noColour: true, environment: {} })

function textOf(source: SeamReport['source'], run: string | null): string {
  const seams = [{ seam: 'place-order', source, sha256: '' }]
  const instance: InstanceStatus = {
    name: 'api-1',
    kind: 'service',
    state: 'ready',
    restarts: 0,
    seams,
  }
  const view: SandboxView = {
    system: {
      name: 'shop',
      instances: [],
      stores: [],
      links: [],
      operations: [],
      page: { figures: [] },
    },
    runtime: 'local',
    version: '1',
    node: '24',
    slot: 0,
    startedAt: '2030-01-01T00:00:00.000Z',
    ready: true,
    halted: false,
    urls: { dashboard: '', shop: [], proxy: '', postgres: '', redis: '' },
    instances: [instance, { ...instance, name: 'api-2' }],
    links: [],
    faults: [],
    truth: null,
    acknowledged: 0,
    traffic: null,
    run,
    lastSeq: 0,
  }
  return sandboxText(view, out, 'npx unhappy')
}

test('a shop with the code of an earlier run is named, with the way back', () => {
  expect(textOf('exercise', null)).toMatch(/: place-order\. .*: npx unhappy restore$/m)
  expect(textOf('shop', null)).not.toContain('unhappy restore')
})

test('a run is named with the way to abort it, and restore waits for its end', () => {
  const text = textOf('exercise', '20300101-000000-lab-1')
  expect(text).toMatch(/20300101-000000-lab-1 .*: npx unhappy halt$/m)
  expect(text).not.toContain('unhappy restore')
})
