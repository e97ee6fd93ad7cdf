import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { parseScenario } from '#chaos/engine/scenario/parse-scenario.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'

import { defineCommand } from '../command.ts'
import { exitStatusOfRun } from '../exit-status.ts'
import { watchRun } from '../lab/watch-run.ts'
import { withProgramName } from '../program-name.ts'
import { useSandbox } from '../sandbox/use.ts'
import { parseSeed } from '../seed.ts'
import { runText, storyText, verdictText } from '../ui/verdict.ts'

export default defineCommand({
  about:
    'A run has five phases: steady state, faults under load, heal, recovery, checks. It uses the running sandbox, or starts one and stops it at the end. Exit status: 0 held, 1 violated, 2 inconclusive, 3 the scenario cannot be run.',
  args: {
    scenario: { type: 'positional', required: true, description: 'A scenario file (YAML).' },
    seed: {
      type: 'string',
      valueHint: 'number',
      description: 'Seed of a run, to repeat its random choices.',
    },
    exercise: {
      type: 'string',
      valueHint: 'folder',
      description: "Folder of seam files that replace the shop's own.",
    },
  },
  examples: [
    'unhappy run labs/data-correctness/dual-write/scenario.yaml',
    'unhappy run labs/data-correctness/dual-write/scenario.yaml --seed 42 --json',
  ],
  run: async ({ args, cli }) => {
    const seed = parseSeed(args.seed)
    const scenario = await readScenario(args.scenario)
    const { title } = parseScenario(scenario, { file: args.scenario, system })
    cli.err.line(`${cli.err.colours.bold(title)}  (${args.scenario})`)
    await using sandbox = await useSandbox(cli)
    const { client } = sandbox
    const run = await watchRun(cli, client, () =>
      client.run({
        scenario,
        file: args.scenario,
        ...(seed === undefined ? {} : { seed }),
        ...(args.exercise === undefined ? {} : { exerciseDir: resolve(args.exercise) }),
      }),
    )
    if (cli.json) cli.out.line(JSON.stringify(run))
    else if (run.verdict !== null) {
      cli.out.line(`\n${verdictText(run.verdict, cli.out)}`)
      if (run.verdict.story !== undefined)
        cli.out.line(`\n${storyText(run.verdict.story, cli.out)}`)
      cli.out.line(`\n${withProgramName(runText(run, cli.out), cli.program)}`)
    }
    return exitStatusOfRun(run)
  },
})

async function readScenario(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new InputError(
      code === 'ENOENT' ? `There is no file ${path}.` : `${path} cannot be read (${code}).`,
      {
        remedy:
          'Use the path of a scenario file, for example labs/first-steps/lab-zero/scenario.yaml',
      },
    )
  }
}
