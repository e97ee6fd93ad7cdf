import type { SystemView } from '#chaos/contracts/api.ts'
import { truthOf } from '#chaos/contracts/system.ts'
import type { System } from '#chaos/contracts/system.ts'
import type { TruthFigure } from '#chaos/contracts/system/system-page.ts'
import type { TruthDescription } from '#chaos/contracts/truth.ts'

/** What clients of the API see of a system: no ports and no paths. */
export function viewSystem({
  name,
  topology,
  adopted,
  operations,
  truth,
  xray,
  page = {},
}: System): SystemView {
  return {
    name,
    ...(adopted === true ? { adopted } : {}),
    instances: topology.instances.map(({ name, service }) => ({ name, service })),
    stores: topology.stores.map(({ name }) => name),
    links: topology.links.map(({ name, caller, callee, protocol, profile }) => ({
      name,
      caller,
      callee,
      protocol,
      ...(profile === undefined ? {} : { profile }),
    })),
    operations: operations.map(({ kind, noun }) => ({ kind, nouns: `${noun}s` })),
    page: { figures: figuresOf(truthOf({ truth })), ...page },
    ...(xray?.words?.meanings && { meanings: xray.words.meanings }),
  }
}

/** One figure for each counter. */
function figuresOf({ counters, inFlight, equal = [] }: TruthDescription): readonly TruthFigure[] {
  const work = inFlight.map(({ counter }) => counter)
  return counters.map(({ name, what }) => ({
    text: what,
    counters: [name],
    ...(equal.includes(name) ? { role: 'agrees' } : work.includes(name) ? { role: 'work' } : {}),
  }))
}
