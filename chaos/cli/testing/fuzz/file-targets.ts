import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

import { readControllerConfig } from '#chaos/api/process/config.ts'
import { exportRun } from '#chaos/api/runs/export-run.ts'
import { createRunArchive } from '#chaos/api/runs/run-archive.ts'
import { createXrayArchive } from '#chaos/api/xrays/xray-archive.ts'
import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { createProgressStore } from '#chaos/exercise/progress-store.ts'
import { listSandboxFiles } from '#chaos/home/sandbox-file.ts'
import { systemClock } from '#chaos/lib/clock.ts'
import { InputError } from '#chaos/lib/errors.ts'
import type { Random } from '#chaos/lib/random.ts'
import { applyConfigFile } from '#chaos/proxy/config-file.ts'
import { parseProxyFlags } from '#chaos/proxy/flags.ts'
import type { DataPlane } from '#chaos/proxy/plane/data-plane.ts'
import { system } from '#chaos/system.ts'

import { runInProcess } from '../in-process.ts'
import { mutatedJson, nastyText } from './mutate.ts'
import type { FuzzTarget } from './run-fuzz.ts'
import { at, matrix, progress, proxies, runRecord, sampleOfSandboxFiles } from './sample-files.ts'
import { scenarioText } from './scenario-texts.ts'

/** Reading one input must not take longer. */
const readMsMax = 5_000

/** A reader of a file or of arguments. Its only error is an InputError, which names the remedy. */
function reader(
  name: string,
  share: number,
  read: (random: Random) => { readonly input: string; readonly run: () => Promise<unknown> },
): FuzzTarget {
  return {
    name,
    share,
    tryOne: async (random) => {
      const { input, run } = read(random)
      const shown = input.slice(0, 400)
      const from = performance.now()
      try {
        await run()
      } catch (error) {
        const { stack = String(error) } = error as Error
        if (!(error instanceof InputError))
          return { outcome: 'error', problem: stack, input: shown }
        if (error.message.length > 2_000)
          return {
            outcome: 'refused',
            problem: `a message of ${error.message.length} characters`,
            input: shown,
          }
        if (error.remedy === undefined)
          return { outcome: 'refused', problem: `no remedy: ${error.message}`, input: shown }
        return { outcome: 'refused', input: shown }
      }
      const tookMs = performance.now() - from
      if (tookMs > readMsMax)
        return { outcome: 'slow', problem: `took ${Math.round(tookMs)} ms`, input: shown }
      return { outcome: 'read', input: shown }
    },
  }
}

/** Commands that only read arguments and files before they need a sandbox. */
const commands: readonly (readonly string[])[] = [
  ['status'],
  ['inject', 'latency'],
  ['inject', 'crash'],
  ['inject', 'deploy'],
  ['inject', 'http-error'],
  ['trap', 'arm'],
  ['trap', 'release'],
  ['heal'],
  ['traffic'],
  ['truth'],
  ['logs'],
  ['links'],
  ['tap'],
  ['trace-order'],
  ['toxic', 'kinds'],
  ['lab', 'list'],
  ['lab', 'hint'],
  ['lab', 'solution'],
  ['xray', 'diff'],
  ['xray', 'replay'],
  ['run', '--help'],
  [],
]
const options = [
  '--latencyMs',
  '--for',
  '--nth',
  '--tail',
  '--seed',
  '--sandbox',
  '--times',
  '--before',
  '--after',
  '--json',
  '--orders',
  '--toxicity',
  '--link',
  '--exchange',
  '--grace',
  '--',
  '-h',
  '--no-color',
  '--__proto__',
  '--constructor',
]

/** Every format of files that the program reads, its arguments and its environment. In this process. */
export async function fileTargets(parent: string): Promise<{
  readonly targets: readonly FuzzTarget[]
  readonly [Symbol.asyncDispose]: () => Promise<void>
}> {
  await mkdir(parent, { recursive: true })
  const folder = await mkdtemp(join(parent, 'fuzz-'))
  let made = 0
  /** A new folder with one file. It is removed after the read. */
  const inFolder = async (
    name: string,
    bytes: Buffer,
    use: (folder: string) => Promise<unknown>,
  ): Promise<void> => {
    const own = join(folder, String(made++))
    const path = join(own, name)
    await mkdir(join(path, '..'), { recursive: true })
    await writeFile(path, bytes)
    try {
      await use(own)
    } finally {
      await rm(own, { recursive: true, force: true })
    }
  }
  const file = (
    name: string,
    share: number,
    path: string,
    content: (random: Random) => Buffer,
    use: (folder: string) => Promise<unknown>,
  ): FuzzTarget =>
    reader(name, share, (random) => {
      const bytes = content(random)
      return { input: bytes.toString(), run: () => inFolder(path, bytes, use) }
    })
  const json = (value: unknown) => (random: Random) => mutatedJson(value, random)
  const plane = {
    populate: async (inputs: readonly unknown[], done: (one: unknown) => void) =>
      inputs.forEach(done),
  } as unknown as DataPlane
  const archive = async (runs: string): Promise<void> => {
    const opened = createRunArchive(runs)
    await opened.list()
    await opened.journal(runRecord.id)
    const view = await opened.load(runRecord.id)
    await exportRun({ ...opened, get: async () => ({ ...view, files: [] }) }, runRecord.id)
  }
  const xrays = async (runs: string): Promise<void> => {
    const opened = createXrayArchive(runs, systemClock)
    await opened.list()
    await opened.load('xray-1')
    await opened.cell('xray-1', 's01/reply-cut')
  }
  const run = `${runRecord.id}/`
  const targets = [
    reader('scenario file', 4, (random) => {
      const text = scenarioText(random)
      return {
        input: text,
        run: async () => parseScenario(text, { file: 'scenario.yaml', system }),
      }
    }),
    file('links configuration', 2, 'links.json', json(proxies), async (own) =>
      applyConfigFile(plane, join(own, 'links.json')),
    ),
    file('sandbox file', 1, '3.json', json(sampleOfSandboxFiles), async (own) => {
      for (const { url, token, slot } of await listSandboxFiles(own))
        if (
          typeof url !== 'string' ||
          typeof token !== 'string' ||
          !Number.isInteger(slot) ||
          !URL.canParse(url)
        )
          throw new TypeError(
            `A damaged sandbox file was accepted: ${JSON.stringify({ url, token, slot })}`,
          )
    }),
    file('progress file', 2, '.progress.json', json(progress), async (own) => {
      const store = createProgressStore(own, { clock: systemClock, warn: () => undefined })
      await store.of('dual-write')
      await store.change('dual-write', (before) => ({ ...before, hintsUsed: before.hintsUsed + 1 }))
    }),
    file('run record', 2, `${run}run.json`, json(runRecord), archive),
    file(
      'journal',
      1,
      `${run}journal.jsonl`,
      (random) =>
        Buffer.concat([
          mutatedJson({ seq: 1, at, type: 'run' }, random),
          Buffer.from('\n{"seq":2}\n{"se'),
        ]),
      async (runs) => {
        await createRunArchive(runs).journal(runRecord.id)
      },
    ),
    file('xray.json', 2, 'xray-1/xray.json', json(matrix), xrays),
    file(
      'X-ray in progress',
      1,
      'xray-1/live.jsonl',
      (random) =>
        Buffer.concat([
          mutatedJson(
            { what: 'began', flow: 'place-order', mode: 'full', variant: 'shop', startedAt: at },
            random,
          ),
          Buffer.from('\n'),
          mutatedJson({ what: 'cell', cell: matrix.cells[0] }, random),
          Buffer.from('\n{"wh'),
        ]),
      xrays,
    ),
    file('X-ray export', 1, 'a.json', json(matrix), async (own) => {
      const path = join(own, 'a.json')
      await refused(
        await runInProcess(['xray', 'diff', path, path], {
          home: own,
          environment: { DEBUG: '1' },
        }),
      )
    }),
    reader('arguments of unhappy', 3, (random) => {
      const given = Array.from({ length: random.integer(0, 4) }, () =>
        random.next() < 0.6 ? random.pick(options) : nastyText(random),
      )
      const args = [...random.pick(commands), ...given].filter((arg) => !arg.startsWith('http'))
      return {
        input: args.join(' '),
        run: async () =>
          refused(await runInProcess(args, { home: folder, environment: { DEBUG: '1' } })),
      }
    }),
    reader('flags of the data plane', 1, (random) => {
      const args = Array.from({ length: random.integer(1, 4) }, () =>
        random.next() < 0.5
          ? random.pick(['-port', '--seed', '-host', '-connect-timeout', '-config', '-x'])
          : nastyText(random),
      )
      return {
        input: args.join(' '),
        run: async () => parseProxyFlags(args, { LINKS_PORT: nastyText(random) }),
      }
    }),
    reader('environment of the controller', 1, (random) => {
      const names = [
        'UNHAPPY_RUNTIME',
        'UNHAPPY_SLOT',
        'UNHAPPY_PROXY_PORT',
        'UNHAPPY_PORTS',
        'UNHAPPY_HOSTS',
        'UNHAPPY_ADDRESS',
        'UNHAPPY_BASE_PATH',
        'UNHAPPY_TOKEN',
      ]
      const environment = {
        [random.pick(names)]: nastyText(random),
        [random.pick(names)]: nastyText(random),
      }
      return {
        input: JSON.stringify(environment),
        run: async () => readControllerConfig(environment),
      }
    }),
  ]
  return {
    targets,
    [Symbol.asyncDispose]: async () => rm(folder, { recursive: true, force: true }),
  }
}

/** Throws, unless the command ended with a message for users. */
async function refused(result: {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}): Promise<void> {
  const { status, stderr } = result
  if (![0, 1, 2, 3].includes(status))
    throw new TypeError(`Exit status ${status}: ${stderr.slice(0, 500)}`)
  if (/^(?!InputError)\w*Error: .*\n {4}at /m.test(stderr))
    throw new TypeError(`An error of the program: ${stderr.slice(0, 600)}`)
  if (stderr.length > 20_000) throw new TypeError(`A message of ${stderr.length} characters`)
}
