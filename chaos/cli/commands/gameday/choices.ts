import { actionKinds } from '#chaos/contracts/gameday/incident.ts'
import { causes } from '#chaos/gameday/answers.ts'
import { createPlaces } from '#chaos/gameday/places.ts'
import { system } from '#chaos/system.ts'

import { defineCommand } from '../../command.ts'
import { wrap } from '../../ui/wrap.ts'

export default defineCommand({
  about: 'All kinds of faults are causes here, so the list says nothing about the incidents.',
  examples: ['unhappy gameday choices'],
  run: async ({ cli }) => {
    const { choices } = createPlaces(system.topology)
    if (cli.json)
      return cli.out.line(JSON.stringify({ places: choices, causes, actions: actionKinds }))
    const { columns, colours } = cli.out
    const head = (text: string): void => cli.out.line(colours.bold(text))
    head('Places')
    cli.out.line(wrap(choices.join(', '), columns))
    head('Causes')
    for (const { id, words } of causes) cli.out.line(wrap(`${id}: ${words}`, columns, 2))
    head('Mitigations')
    cli.out.line(wrap(actionKinds.join(', '), columns))
  },
})
