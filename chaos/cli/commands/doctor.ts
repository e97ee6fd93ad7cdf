import { defineCommand } from '../command.ts'
import { diagnose } from '../doctor/diagnose.ts'
import { exitStatus } from '../exit-status.ts'
import { withProgramName } from '../program-name.ts'
import { wrap } from '../ui/wrap.ts'

export default defineCommand({
  about: 'Changes nothing. Exit status 3 if something is missing.',
  examples: ['unhappy doctor'],
  run: async ({ cli }) => {
    const findings = await diagnose(cli)
    const { green, yellow, red } = cli.out.colours
    const sign = { ok: green('ok     '), warning: yellow('warning'), missing: red('missing') }
    if (cli.json) cli.out.line(JSON.stringify(findings))
    else
      for (const { state, what, remedy } of findings) {
        cli.out.line(wrap(`${sign[state]}  ${what}`, cli.out.columns, 9))
        if (remedy !== undefined)
          cli.out.line(wrap(`         ${withProgramName(remedy, cli.program)}`, cli.out.columns))
      }
    return findings.some(({ state }) => state === 'missing') ? exitStatus.badInput : exitStatus.held
  },
})
