import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { parse } from 'yaml'

import type { AdoptionReport } from '#chaos/adopt/compose/adoption-report.ts'
import { linksImage } from '#chaos/adopt/compose/testing/links-image.ts'
import { projectRoot } from '#chaos/home/home.ts'
import type { Matrix } from '#chaos/xray/matrix.ts'

import { createTestCli } from './test-cli.ts'

const run = promisify(execFile)
const examplesFolder = join(projectRoot, 'examples')

/** A folder of `examples/`: a Compose project with a flow file. */
export interface Example {
  readonly name: string
  readonly folder: string
  /** Name of the flow file. */
  readonly flowFile: string
  readonly flow: {
    readonly requests: readonly [{ readonly send: string; readonly body: object }]
    readonly to: string
    readonly settle: string
  }
  /** Lines of the flow file. */
  readonly lines: number
}

/** Every example, by name. */
export async function readExamples(): Promise<readonly Example[]> {
  const entries = await readdir(examplesFolder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name)
  return await Promise.all(
    names.toSorted().map(async (name) => {
      const folder = join(examplesFolder, name)
      const [flowFile = ''] = (await readdir(folder)).filter((one) => one.endsWith('.flow.yaml'))
      const text = await readFile(join(folder, flowFile), 'utf8')
      const flow = parse(text) as Example['flow']
      return { name, folder, flowFile, flow, lines: text.trimEnd().split('\n').length }
    }),
  )
}

/** An example whose containers run. Disposing it removes them, their volumes and images, and what adopted them. */
export interface ExampleProject extends AsyncDisposable {
  compose(...args: readonly string[]): Promise<string>
  /** `unhappy adopt --detach` */
  adopt(): Promise<AdoptionReport>
  /** `unhappy xray` of the flow file, in the adopted project. Rejects without a matrix. */
  xray(...options: readonly string[]): Promise<Matrix>
}

/** Starts an example, with the planted bug or corrected. Its published ports must be free. */
export async function startExample(
  { name, folder, flowFile }: Pick<Example, 'name' | 'folder' | 'flowFile'>,
  version: 'broken' | 'fixed',
): Promise<ExampleProject> {
  await using owned = new AsyncDisposableStack()
  const project = `unhappy-example-${name}-${version}`
  const env = { ...process.env, FIXED: version === 'fixed' ? '1' : '' }
  const compose = async (...args: readonly string[]): Promise<string> =>
    (
      await run('docker', ['compose', '--project-name', project, ...args], {
        cwd: folder,
        env,
        maxBuffer: 2 ** 24,
      })
    ).stdout
  owned.defer(
    async () => void (await compose('down', '--volumes', '--timeout', '1', '--rmi', 'local')),
  )
  await compose('up', '--build', '--detach', '--wait')
  const image = linksImage()
  // Disposed of first: it puts the containers back.
  const cli = owned.use(await createTestCli())
  const unhappy = async (...args: readonly string[]): Promise<string> => {
    const environment = { UNHAPPY_IMAGE: image, FIXED: env.FIXED }
    const { stdout, stderr } = await cli.run(args, { cwd: folder, environment })
    if (stdout === '') throw new Error(`unhappy ${args.join(' ')}: ${stderr.trim()}`)
    return stdout
  }
  const all = owned.move()
  return {
    compose,
    adopt: async () =>
      JSON.parse(
        await unhappy('adopt', '--project', project, '--detach', '--json'),
      ) as AdoptionReport,
    xray: async (...options) =>
      JSON.parse(await unhappy('xray', flowFile, '--json', ...options)) as Matrix,
    [Symbol.asyncDispose]: async () => await all.disposeAsync(),
  }
}
