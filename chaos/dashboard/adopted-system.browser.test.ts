import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

import { createFakeController } from '#chaos/api/testing/fake-controller.ts'
import type { FakeController } from '#chaos/api/testing/fake-controller.ts'
import type { FlowFileView, SandboxView, XraySummary } from '#chaos/contracts/api.ts'
import type { XrayView } from '#chaos/xray/live/xray-view.ts'
import type { Cell } from '#chaos/xray/matrix.ts'
import { columnIds } from '#chaos/xray/planning/columns.ts'

import { launchBrowser, skipWithoutBrowser } from './testing/browser.ts'
import { servePage } from './testing/serve-page.ts'

const files: readonly FlowFileView[] = [
  { name: 'broken.flow.yaml', description: '', error: 'broken.flow.yaml:2: Unknown key "setle".' },
  { name: 'order.flow.yaml', description: 'An order.', error: null },
]

const cell: Cell = {
  id: 's01/reply-cut',
  step: 's01',
  column: 'reply-cut',
  result: 'double-effect',
  client: 'unknown',
  global: 'more than one effect (letters: more)',
  evidence: [
    { sign: ' ', table: 'orders', text: 'appears: id: {{id}}' },
    { sign: '~', table: 'stock', text: 'changes: Δleft: -4', learned: 'Δleft: -2' },
    { sign: '-', table: 'outbox', text: 'appears: at: ‹time›' },
  ],
}

const tables = [
  {
    table: 'stock',
    op: 'changes',
    holds: 'exactly one row',
    because: 'every run has it',
    rows: ['Δleft: -2, at: ‹time›'],
  },
] as const

/** An adopted system with one X-ray. */
function adopted(controller: FakeController, summary: XraySummary): Partial<FakeController> {
  const view = async (): Promise<SandboxView> => {
    const now = await controller.sandbox.view()
    const system = { ...now.system, name: 'guestbook', adopted: true } as const
    return { ...now, runtime: 'adopted', system }
  }
  const step = {
    id: 's01',
    key: 'web:db|COMMIT|1',
    link: 'web:db',
    protocol: 'postgres',
    signature: 'COMMIT',
    nth: 1,
    caller: 'web',
    callee: 'db',
    connection: 'web:db#1',
    matchedBy: 'payload',
    write: true,
    order: 0,
    atMs: 1,
  } as const
  const matrix: XrayView['matrix'] = {
    flow: 'order',
    variant: 'guestbook',
    code: null,
    mode: 'full',
    learned: { effect: {}, tables, notes: [] },
    startedAt: summary.startedAt,
    env: { node: 'v24', sandboxes: 1, timersScaled: {}, netsOff: [] },
    baseline: { runs: 3, exchanges: [], ms: [], history: [] },
    steps: [step],
    background: [],
    columns: columnIds,
    cells: [cell],
    classes: [],
    summary: null,
  }
  return {
    sandbox: { ...controller.sandbox, view },
    xrays: {
      ...controller.xrays,
      list: async () => ({ xrays: [], flows: [], files, cannotStart: null, usesSandbox: true }),
      get: async (id) => ({ ...summary, id, flow: 'order', state: 'done', matrix }),
      cell: async () => cell,
    },
  }
}

describe.skipIf(skipWithoutBrowser)('an adopted system (skipped without Chromium)', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(async () => browser?.close())

  const serve = async () => {
    const fake = createFakeController()
    const [summary] = (await fake.xrays.list()).xrays
    if (summary === undefined) throw new Error('The fake controller has no X-ray.')
    return await servePage({ ...fake, ...adopted(fake, summary) })
  }
  const open = async (server: Awaited<ReturnType<typeof serve>>, hash: string): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 390, height: 800 } })
    await page.goto(server.secretUrl())
    await page.goto(`${server.url}/#/${hash}`)
    return page
  }

  test('has no labs, runs, game days and sources of truth, and says why', async () => {
    await using server = await serve()
    const page = await open(server, 'sandbox')
    await page.getByRole('heading', { name: 'guestbook' }).waitFor()
    expect(await page.getByRole('navigation').first().textContent()).toBe('SandboxX-ray')
    for (const name of ['Sources of truth', 'Game day'])
      expect(await page.getByRole('heading', { name }).count()).toBe(0)
    expect(await page.getByText('Responses per second').count()).toBe(0)
    expect(await page.getByLabel('Link api-1:redis, redis').count()).toBe(1)
    await page.goto(`${server.url}/#/labs`)
    await page.getByText(/Labs are about the shop, and this sandbox runs guestbook/).waitFor()
    await page.close()
  })

  test('an X-ray starts from a flow file of the folder; a file with an error shows it', async () => {
    await using server = await serve()
    const page = await open(server, 'xray')
    const list = page.getByTestId('flow-files')
    await list.getByText('An order.').waitFor()
    expect(await list.textContent()).toContain('broken.flow.yaml:2: Unknown key "setle".')
    expect(await list.getByRole('radio').first().isDisabled()).toBe(true)
    expect(await list.getByRole('radio').nth(1).isChecked()).toBe(true)
    await page.getByTestId('start-xray').click()
    await expect.poll(() => server.controller.calls).toContain('xray order.flow.yaml')
    expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await page.close()
  })

  test('a cell shows its rows as a diff; the page shows what was learned', async () => {
    await using server = await serve()
    const page = await open(server, 'xray/xray-1-order')
    const learned = page.getByTestId('learned')
    await learned.locator('summary').click()
    expect(await learned.textContent()).toContain('exactly one row')
    expect(await learned.locator('td .mask').allTextContents()).toEqual(['‹time›'])
    await page.locator('[data-cell="s01/reply-cut"]').click()
    const evidence = page.getByTestId('evidence')
    await evidence.waitFor()
    const rows = await evidence
      .locator('tbody tr')
      .evaluateAll((all) =>
        all.map((row) => (row as unknown as { readonly className: string }).className),
      )
    expect(rows).toEqual(['differs', 'missing', 'same'])
    expect(await evidence.locator('.learned-value').textContent()).toBe('learned: Δleft: -2')
    await page.close()
  })
})
