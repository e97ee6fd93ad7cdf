import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'

import type { RunView } from '#chaos/contracts/api.ts'
import { projectRoot } from '#chaos/home/home.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'

import { compactRun, compactXray } from './compact.ts'
import type { Recording } from './recording.ts'
import { faults, flow, lab, predicted, versions } from './versions.ts'

// `npm run explore:record`: records the explorable page again, with real X-rays and real runs. Then `npm run docs` builds the
// page. `--raw FOLDER` keeps the complete files there and reuses those that it finds.
const rawIndex = process.argv.indexOf('--raw')
const raw = path.resolve(
  rawIndex === -1 ? path.join(projectRoot, 'runs/explore') : (process.argv[rawIndex + 1] ?? ''),
)
const cells = [...faults, ...predicted].map(({ signature, column }) => `${signature}/${column}`)

for (const { file, version, isWhole } of versions) {
  const folder = path.join(raw, file)
  await mkdir(folder, { recursive: true })
  const matrixFile = path.join(folder, 'xray.json')
  if (!existsSync(matrixFile)) {
    const which = isWhole ? ['--quick'] : ['--only', [...new Set(cells)].join()]
    await unhappy(['xray', flow, '--lab', lab, '--version', version, ...which, '--out', folder])
  }
  const runFile = path.join(folder, 'check.json')
  if (!existsSync(runFile))
    await writeFile(
      runFile,
      await unhappy(['lab', 'check', lab, '--version', version, '--quick', '--json']),
    )
  const recording: Recording = {
    lab,
    version,
    code: await codeOf(version),
    xray: compactXray(JSON.parse(await readFile(matrixFile, 'utf8')) as Matrix),
    run: await recordedRun(runFile),
  }
  const target = path.join(projectRoot, 'docs/explore', `${file}.json`)
  await mkdir(path.dirname(target), { recursive: true })
  await writeFile(target, `${JSON.stringify(recording)}\n`)
  console.log(`recorded ${path.relative(projectRoot, target)}`)
}

async function codeOf(version: string): Promise<string> {
  const file =
    version === 'shop'
      ? 'services/api/seams/place-order.ts'
      : `labs/data-correctness/${lab}/${version}/place-order.ts`
  return await readFile(path.join(projectRoot, file), 'utf8')
}

async function recordedRun(file: string) {
  const run = JSON.parse(await readFile(file, 'utf8')) as RunView
  const lines = async <T>(name: string): Promise<readonly T[]> => {
    const text = await readFile(path.join(projectRoot, run.folder, name), 'utf8')
    return text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as T)
  }
  return compactRun({
    run,
    history: await lines('history.jsonl'),
    journal: await lines('journal.jsonl'),
  })
}

/** Runs a command of the product, and returns what it prints. Status 1 means that something is broken, which is the point. */
async function unhappy(args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [path.join(projectRoot, 'chaos/cli/unhappy.js'), ...args], {
    cwd: projectRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve)
  })
  if (status !== 0 && status !== 1)
    throw new Error(`unhappy ${args.join(' ')} ended with status ${String(status)}.`)
  return text
}
