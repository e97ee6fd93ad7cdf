import { checkSeamFiles } from '#chaos/exercise/check-seam-files.ts'
import { findLab } from '#chaos/exercise/find-lab.ts'
import { workFolder } from '#chaos/exercise/folders.ts'
import { labs } from '#labs/index.ts'

import { defineCommand } from '../../command.ts'
import { labArgument } from '../../lab/lab-control.ts'
import { predict } from '../../lab/predict.ts'
import { watchLab } from '../../lab/watch-lab.ts'
import { useSandbox } from '../../sandbox/use.ts'

export default defineCommand({
  about:
    'Keeps a sandbox and checks at once, and again whenever you save. Keys: c checks now, h gives a hint, q ends.',
  args: { lab: labArgument },
  examples: ['unhappy lab watch lab-zero'],
  run: async ({ args, cli }) => {
    const lab = findLab(labs, args.lab)
    await checkSeamFiles(cli.home, lab, 'mine')
    await predict(cli, lab)
    await using sandbox = await useSandbox(cli, (text) =>
      cli.err.line(cli.err.colours.dim(`  ${text}`)),
    )
    return await watchLab(cli, sandbox.client, lab, workFolder(cli.home, lab))
  },
})
