import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import type { ActiveFault } from '../../../../contracts/fault.ts'
import type { LinkStatus } from '../../../../contracts/links.ts'
import { looks } from '../../../../contracts/look.ts'
import { resolveTargets } from '../../../../engine/targets.ts'
import { type AnyFault, faults } from '../../../../faults/index.ts'
import { createWorld, requestOf } from '../../../../faults/testing/describe-fault.ts'
import { system } from '../../../../system.ts'
import { lookOfLink } from './link-look.ts'

const css = readFileSync(new URL('../../style.css', import.meta.url), 'utf8')

test.each(Object.keys(looks))('the page has a style for a link that looks %s', (look) => {
  const [, style] = new RegExp(`\\.link\\.${look} \\.line \\{([^}]*)\\}`).exec(css) ?? []
  expect(style).toContain('stroke-dasharray')
})

test('each look has its own dashes, so that a link is readable without colours', () => {
  const dashes = [...css.matchAll(/\.link\.\w+ \.line \{[^}]*stroke-dasharray: ([^;]*);/g)]
  expect(new Set(dashes.map(([, dash]) => dash)).size).toBe(Object.keys(looks).length)
})

const linkFaults = (Object.values(faults) as readonly AnyFault[]).filter(
  ({ target }) => target === 'link',
)

test.each([
  ['toxics', {}],
  ['packets', { packetFilter: 'works' }],
] as const)(
  'a fault that leaves something on its link changes its look (%s)',
  async (_, runtime) => {
    const plain: string[] = []
    for (const fault of linkFaults) {
      const world = createWorld(runtime)
      const before = world.look()
      const targets = resolveTargets(system.topology, 'link', fault.example.target)
      const request = requestOf({ params: fault.example.params, targets })
      await fault.inject(request, world.context)
      const { kind, look } = fault
      const active = { kind, targets, ...(look === undefined ? {} : { look }) } as ActiveFault
      const [link] = (await world.links.list()).filter(({ name }) => name === targets[0])
      const changed = JSON.stringify(world.look()) !== JSON.stringify(before)
      const drawn = lookOfLink(link as LinkStatus, [active])
      if (drawn.look === 'plain') plain.push(`${kind}${changed ? ' changed the link' : ''}`)
    }
    // Its example resets the connections that are open, once.
    expect(plain).toEqual(['reset'])
  },
)

test('the label of a toxic has its most important figure, and counts further toxics', () => {
  const toxic = { name: 'a', type: 'latency', stream: 'downstream', toxicity: 1, attributes: {} }
  const link = {
    name: 'api-1:redis',
    enabled: true,
    toxics: [
      { ...toxic, look: 'slow', label: '+200 ms' },
      { ...toxic, look: 'cut', label: 'reset' },
    ],
  } as unknown as LinkStatus
  expect(lookOfLink(link, [])).toEqual({ look: 'slow', label: '+200 ms +1' })
  expect(lookOfLink({ ...link, enabled: false }, [])).toEqual({ look: 'cut', label: 'down' })
})
