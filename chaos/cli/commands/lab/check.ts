import type { Lab } from '#chaos/contracts/lab.ts'
import { checkSeamFiles } from '#chaos/exercise/check-seam-files.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { exerciseFolder } from '#chaos/exercise/folders.ts'
import { checkVariantNames } from '#chaos/exercise/lab-variants.ts'
import { parseVersion } from '#chaos/exercise/version.ts'
import type { Version } from '#chaos/exercise/version.ts'
import { readablePath } from '#chaos/home/readable-path.ts'
import { InputError } from '#chaos/lib/errors.ts'
import { system } from '#chaos/system.ts'
import { labs } from '#labs/index.ts'

import type { Cli } from '../../cli.ts'
import { defineCommand } from '../../command.ts'
import { judgeLab } from '../../lab/judge-lab.ts'
import { judgeTimes } from '../../lab/judge-times.ts'
import { labArgument } from '../../lab/lab-control.ts'
import { predict } from '../../lab/predict.ts'
import { warnAboutTypes } from '../../lab/warn-about-types.ts'
import { useSandbox } from '../../sandbox/use.ts'
import { parseSeed } from '../../seed.ts'

export default defineCommand({
  about:
    'Runs the shop with your code: first the happy path, then with the faults of the lab, then with a fault at each message that your code sends, then with variants of the first faults. Uses the running sandbox, or starts one and stops it at the end. Exit status: 0 held, 1 violated, 2 inconclusive, 3 nothing could be judged.',
  args: {
    lab: labArgument,
    version: {
      type: 'string',
      default: 'mine',
      description: 'The code to judge: mine, start, shop, near-misses/NAME, alternatives/NAME.',
    },
    seed: {
      type: 'string',
      valueHint: 'number',
      description: 'Seed of a run, to repeat its random choices.',
    },
    quick: {
      type: 'boolean',
      description: 'Judge the scenario alone, without contract probes, sweep and variants.',
    },
    variants: {
      type: 'string',
      valueHint: 'names',
      description:
        'Run exactly these variants of the lab after the scenario, in this sequence, and no sweep: names with commas, or all.',
    },
    times: {
      type: 'string',
      valueHint: 'number',
      description: 'Judge the code this many times, each time with another seed.',
    },
  },
  examples: [
    'unhappy lab check lab-zero',
    'unhappy lab check lab-zero --version shop',
    'unhappy lab check dual-write --variants redis-refuses',
  ],
  run: async ({ args, cli }) => {
    const lab = findLab(labs, args.lab)
    const version = parseVersion(lab, args.version)
    const seed = parseSeed(args.seed)
    const times = parseTimes(args.times)
    const variants = args.variants?.split(',').map((name) => name.trim())
    const request = {
      lab,
      version,
      quick: args.quick === true,
      ...(variants === undefined ? {} : { variants }),
    }
    await checkVariantNames(system, lab, request)
    cli.err.line(`${cli.err.colours.bold(lab.title)}: checking ${filesToJudge(cli, lab, version)}`)
    await checkSeamFiles(system, cli.home, lab, version)
    if (version === 'mine') {
      await warnAboutTypes(cli, lab)
      await predict(cli, lab)
    }
    await using sandbox = await useSandbox(cli)
    if (times !== undefined) return await judgeTimes(cli, sandbox.client, request, times)
    return await judgeLab(cli, sandbox.client, {
      ...request,
      ...(seed === undefined ? {} : { seed }),
    })
  },
})

function parseTimes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^[1-9]\d{0,2}$/.test(text)) return Number(text)
  throw new InputError(`"${text}" is not a valid number of rounds.`, {
    remedy: 'Use a whole number from 1 to 999, for example --times 10.',
  })
}

function filesToJudge(cli: Cli, lab: Lab, version: Version): string {
  const folder = exerciseFolder(cli.home, lab, version)
  const files = lab.seams.map(({ seam }) => `${seam}.ts`).join(', ')
  return folder === undefined ? `the shop's own ${files}` : `${readablePath(folder)}/${files}`
}
