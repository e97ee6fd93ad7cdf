import { checkSeamFiles } from '#chaos/exercise/check-seam-files.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { workFolder } from '#chaos/exercise/folders.ts'
import { system } from '#chaos/system.ts'
import { labs } from '#labs/index.ts'

import { defineCommand } from '../../command.ts'
import { labArgument } from '../../lab/lab-control.ts'
import { predict } from '../../lab/predict.ts'
import { watchLab } from '../../lab/watch-lab.ts'
import { useSandbox } from '../../sandbox/use.ts'

export default defineCommand({
  about:
    'Checks your code at once, then after every save. One sandbox runs all the checks. Keys: c check now, h hint, q quit.',
  args: { lab: labArgument },
  examples: ['unhappy lab watch lab-zero'],
  run: async ({ args, cli }) => {
    const lab = findLab(labs, args.lab)
    await checkSeamFiles(system, cli.home, lab, 'mine')
    await predict(cli, lab)
    await using sandbox = await useSandbox(cli)
    return await watchLab(cli, sandbox.client, lab, workFolder(cli.home, lab))
  },
})
