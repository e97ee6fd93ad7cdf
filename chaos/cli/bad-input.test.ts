import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { test as base, expect } from 'vitest'

// Loaded here, so that no test waits for it.
import './commands/inject.ts'
import './commands/run.ts'
import { runInProcess } from './testing/in-process.ts'

const test = base.extend('home', async ({}, { onCleanup }) => {
  const home = await mkdtemp(join(tmpdir(), 'unhappy-cli-'))
  onCleanup(async () => rm(home, { recursive: true }))
  return home
})

const scenario = (method: string, rest = ''): string =>
  [
    'title: Broken on purpose',
    'workload: { orders: 5/s, duration: 1s }',
    'method:',
    `  - ${method}`,
    'expect: [no-lost-orders]',
    rest,
  ].join('\n')

const mistakes: readonly (readonly [string, string, RegExp])[] = [
  [
    'an unknown fault',
    scenario("{ at: 0s, inject: { latenc: { link: 'api-1:redis', latencyMs: 1 } } }"),
    /Unknown fault "latenc"\. Did you mean "latency"\?/,
  ],
  [
    'a wrong type',
    scenario("{ at: 0s, inject: { latency: { link: 'api-1:redis', latencyMs: much } } }"),
    /latencyMs must be a whole number, got "much"/,
  ],
  [
    'a negative time',
    scenario("{ at: -1s, inject: { latency: { link: 'api-1:redis', latencyMs: 1 } } }"),
    /at must be a duration .*got "-1s"/,
  ],
  [
    'an unknown link',
    scenario("{ at: 0s, inject: { latency: { link: 'api-3:redis', latencyMs: 1 } } }"),
    /Unknown link "api-3:redis"/,
  ],
  [
    'an unquoted *',
    scenario('{ at: 0s, inject: { latency: { link: *:redis, latencyMs: 1 } } }'),
    /\*/,
  ],
  ['bad YAML', 'title: [\n', /not YAML/],
  ['an empty file', '', /empty/],
]

test.for(mistakes)(
  '%s gets one clear error, and nothing is started',
  async ([name, text, message], { home }) => {
    const path = join(home, `${name.replaceAll(/\W+/g, '-')}.yaml`)
    await writeFile(path, text)
    const { status, stdout, stderr } = await runInProcess(['run', path], { home })
    expect(status).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).toContain(path)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2)
    const left = (await readdir(home)).filter((entry) => !entry.endsWith('.yaml'))
    expect(left).toEqual([])
  },
)

const commands: readonly (readonly [readonly string[], RegExp])[] = [
  [['statu'], /Unknown command "statu"\. Did you mean "status"\?/],
  [['lab', 'chek'], /Unknown command "chek"\. Did you mean "check"\?/],
  [['lab', 'check'], /LAB is missing/],
  [['lab', 'check', 'dual-writ'], /Unknown lab "dual-writ"\. Did you mean "dual-write"\?/],
  [['lab', 'check', 'lab-zero', '--version', 'best'], /no version "best"/],
  [['lab', 'check', 'lab-zero'], /my-work\/lab-zero\/ .*\n.*unhappy lab start lab-zero/],
  [['lab', 'check', 'lab-zero', '--seed', 'x'], /--seed x is no seed/],
  [['run', 'nothing.yaml'], /There is no file nothing\.yaml/],
  [['inject', 'latenc', 'api-1:redis'], /Unknown fault "latenc"\. Did you mean "latency"\?/],
  [['inject', 'latency', 'api-1->postgres', '--latencyMs', '1'], /Write api-1:postgres/],
  [['inject', 'latency', 'api-1-', '--latencyMs', '1'], /your shell took the >/],
  [['inject', 'latency', 'postgres:api-1', '--latencyMs', '1'], /api-1:postgres/],
  [['inject', 'latency', 'api-1', '--latencyMs', '1'], /links are named caller:callee/],
  [['inject', 'latency', 'api-1:redis', '--latencyMs', 'slow'], /--latencyMs slow does not fit/],
  [['inject', 'latency', 'api-1:redis', '--latencyMs', '-5'], /latencyMs/],
  [['inject', 'latency', 'api-1:redis'], /--latencyMs is missing/],
  [
    ['inject', 'latency', 'api-1:redis', '--latencyMs', '1', '--for', '2h'],
    /"2h" is not a duration/,
  ],
  [['inject', 'latency', 'api-1:redis', '--latencyMs', '1', '--for', '11m'], /at most 10m/],
  [
    ['inject', 'latency', 'api-1:redis', '--latencyMs', '1', '--jiter', '1'],
    /Did you mean "--jitterMs"\?|Unknown option "--jiter"/,
  ],
  [['status', 'extra'], /Unexpected argument "extra"/],
  [['status', '--sandbox', 'x'], /--sandbox needs the number of a slot/],
  [['heal'], /No sandbox is running\.\nStart one in another terminal: unhappy up/],
]

test.for(commands)(
  'unhappy %s: one clear error with a remedy, status 3',
  async ([args, message], { home }) => {
    const { status, stdout, stderr } = await runInProcess(args, { home })
    expect(status).toBe(3)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).not.toMatch(/^\s+at /m)
  },
)

test('with --json an error is JSON on standard output', async ({ home }) => {
  const { status, stdout } = await runInProcess(['heal', '--json'], { home })
  expect(status).toBe(3)
  expect(JSON.parse(stdout)).toMatchObject({ error: 'No sandbox is running.' })
})

test.for([['--nope'], ['lab', '--nope'], ['inject', '--for', '3s']])(
  'an option that %s does not know is told, also where a command is missing',
  async (rawArgs, { home }) => {
    const { status, stderr } = await runInProcess(rawArgs, { home })
    expect({ status, stderr }).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/Unknown (option|fault) "/),
    })
  },
)
