import { dirname, resolve } from 'node:path'

import type { System } from '#chaos/contracts/system.ts'
import { client } from '#chaos/contracts/topology.ts'
import type { Instance, Store, TopologyLink } from '#chaos/contracts/topology.ts'
import { findProblem } from '#chaos/engine/scenario/find-problem.ts'
import { createScenarioErrors } from '#chaos/engine/scenario/scenario-errors.ts'
import type { ScenarioErrors } from '#chaos/engine/scenario/scenario-errors.ts'
import { readScenarioText } from '#chaos/engine/scenario/scenario-text.ts'
import { InputError, unknownName } from '#chaos/lib/errors.ts'

import { systemOfParts } from '../system-of-parts.ts'
import { filledIn, placesIn } from './filled-in.ts'
import { systemFileSchema } from './system-file-schema.ts'
import type { ProcessFile, StoreFile, SystemFile } from './system-file-schema.ts'

/** Offsets 90 and above have other uses. */
const partsMax = 89

/**
 * The system that a file describes. `file` is absolute; `shown` is its name in errors. Throws {@link InputError} with file,
 * line, value and remedy for the first error.
 */
export function systemOfFile(text: string, file: string, shown = file): System {
  if (text.trim() === '')
    throw new InputError(`${shown} is empty.`, {
      remedy: 'A system file needs name, processes and links: docs/system-files.md has an example.',
    })
  const read = readScenarioText(text, shown)
  const errors = createScenarioErrors(shown, read)
  const problem = findProblem(systemFileSchema, read.value)
  if (problem !== null) throw errors.problem(problem)
  const content = read.value as SystemFile
  const links = linksOf(content, errors)
  checkPlaces(content, links, errors)
  let portOffset = 0
  const calleds = new Set(links.map(({ callee }) => callee))
  const instances = Object.entries(content.processes).map(([name, process]): Instance => ({
    name,
    service: name,
    portOffset: (portOffset += 1),
    program: programOf(process, { folder: dirname(file), isCalled: calleds.has(name) }),
  }))
  const stores = Object.entries(content.stores ?? {}).map(([name, store]): Store => ({
    name,
    kind: kindOf(store),
    portOffset: (portOffset += 1),
    ...(store.address === undefined ? {} : { address: store.address }),
  }))
  const numbered = links.map((link): TopologyLink => ({ ...link, portOffset: (portOffset += 1) }))
  if (portOffset > partsMax)
    throw errors.at(
      [],
      `has ${portOffset} processes, stores and links, and at most ${partsMax} are possible`,
      'Leave out links that you do not need.',
    )
  return systemOfParts({
    name: content.name,
    topology: { instances, stores, links: numbered },
  })
}

type UnnumberedLink = Omit<TopologyLink, 'portOffset'>

function linksOf(
  { processes, stores = {}, links }: SystemFile,
  errors: ScenarioErrors,
): readonly UnnumberedLink[] {
  const callers = [client, ...Object.keys(processes)]
  const callees = [...Object.keys(processes), ...Object.keys(stores)]
  for (const name of Object.keys(processes))
    if (name === client || name === 'links' || name in stores)
      throw errors.at(
        ['processes', name],
        name in stores ? 'is also the name of a store' : 'is a name with another meaning',
        'Use another name.',
      )
  const known = new Set<string>()
  return links.map((entry, i) => {
    const name = typeof entry === 'string' ? entry : entry.link
    const at = ['links', String(i)]
    const [caller = '', callee = ''] = name.split(':')
    return errors.locate(at, () => {
      if (!callers.includes(caller)) throw unknownName('caller', caller, callers)
      if (!callees.includes(callee)) throw unknownName('process or store', callee, callees)
      if (known.has(name))
        throw new InputError(`The link ${name} is there twice.`, {
          remedy: 'Remove one of the two.',
        })
      known.add(name)
      const store = stores[callee]
      if (store !== undefined && typeof entry !== 'string')
        throw new InputError(`${callee} is a store, so its link has the protocol of the store.`, {
          remedy: `Write only ${name}.`,
        })
      const own = typeof entry === 'string' ? 'http' : entry.protocol
      return { name, caller, callee, protocol: store === undefined ? own : kindOf(store) }
    })
  })
}

function checkPlaces(
  { processes }: SystemFile,
  links: readonly UnnumberedLink[],
  errors: ScenarioErrors,
): void {
  for (const [name, { env = {} }] of Object.entries(processes))
    for (const [variable, value] of Object.entries(env))
      for (const found of placesIn(String(value))) {
        if (found === 'port') continue
        const at = ['processes', name, 'env', variable]
        if ('unknown' in found)
          throw errors.at(
            at,
            `contains \${${found.unknown}}, which has no meaning`,
            'Use ${port}, or ${link.NAME.url}, ${link.NAME.host} and ${link.NAME.port} for the link to NAME.',
          )
        const own = links.filter(({ caller }) => caller === name).map(({ callee }) => callee)
        if (!own.includes(found.callee))
          throw errors.at(
            at,
            `uses the link ${name}:${found.callee}, which is not in links`,
            `Add ${name}:${found.callee} to links${own.length === 0 ? '' : `, or use a link of ${name}: ${own.join(', ')}`}.`,
          )
      }
}

function programOf(
  { command, folder = '.', port, ready, env = {} }: ProcessFile,
  { folder: home, isCalled }: { readonly folder: string; readonly isCalled: boolean },
): NonNullable<Instance['program']> {
  const texts = Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, String(value)] as const),
  )
  return {
    command: typeof command === 'string' ? ['/bin/sh', '-c', command] : command,
    folder: resolve(home, folder),
    listens: isCalled || ready !== undefined,
    ...(port === undefined ? {} : { port }),
    ...(ready === undefined ? {} : { ready }),
    environment: (place) => filledIn(texts, place),
  }
}

function kindOf({ address, managed }: StoreFile): 'postgres' | 'redis' {
  return managed ?? (address?.startsWith('redis') === true ? 'redis' : 'postgres')
}
