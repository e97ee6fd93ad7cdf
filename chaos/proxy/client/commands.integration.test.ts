import { expect, test } from 'vitest'

import { createLinkLab, echo } from '../testing/link-lab.ts'
import { toxicKinds } from '../toxics/index.ts'
import {
  addToxicTo,
  inspectLink,
  listLinks,
  parseAttributes,
  removeToxicFrom,
  toxicHelp,
} from './commands.ts'

test('a toxic goes on a link and off again from a command line', async () => {
  await using lab = await createLinkLab(echo)
  const { url } = lab.proxy
  const toxic = await addToxicTo(url, {
    link: 'lab',
    type: 'latency',
    attributes: ['latency=40', 'distribution=normal', 'delay_close=true'],
    stream: 'upstream',
    toxicity: 0.5,
    expiresInMs: 60_000,
  })
  expect(toxic).toMatchObject({
    name: 'latency_upstream',
    toxicity: 0.5,
    attributes: { latency: 40, jitter: 0, distribution: 'normal', delay_close: true },
  })
  expect(await inspectLink(url, 'lab')).toMatchObject({ toxics: [{ name: 'latency_upstream' }] })
  await expect(removeToxicFrom(url, 'lab', 'latency')).rejects.toThrow('Unknown toxic "latency".')
  await removeToxicFrom(url, 'lab', 'latency_upstream')
  await expect(removeToxicFrom(url, 'lab', 'latency')).rejects.toThrow('Link "lab" has no toxic.')
  expect(await listLinks(url)).toMatchObject([{ name: 'lab', toxics: [] }])
})

test('what is wrong is named, with what is known', async () => {
  await using lab = await createLinkLab(echo)
  const { url } = lab.proxy
  const order = { link: 'lab', type: 'latency', attributes: [] as string[] }
  await expect(addToxicTo(url, { ...order, link: 'lub' })).rejects.toThrow(
    'Unknown link "lub". Did you mean "lab"?',
  )
  await expect(addToxicTo(url, { ...order, type: 'latncy' })).rejects.toThrow(
    'Unknown toxic type "latncy". Did you mean "latency"?',
  )
  await expect(addToxicTo(url, { ...order, attributes: ['latency=-1'] })).rejects.toThrow(
    'attributes.latency: must be at least 0, got -1',
  )
})

test.each([
  ['latency', 'latency', '"latency" is no attribute.'],
  ['latency', 'latencyMs=1', 'Unknown attribute of latency "latencyMs".'],
  ['latency', 'latency=soon', 'latency: must be a whole number, got "soon".'],
  ['latency', 'delay_close=1', 'delay_close: must be true or false, got "1".'],
  ['latency', 'distribution=flat', 'distribution: must be one of uniform, normal, got "flat".'],
])('%s %s: %s', (type, attribute, message) => {
  expect(() => parseAttributes(type, [attribute])).toThrow(message)
})

test('the help names every toxic, and every attribute of each', () => {
  for (const { type, attributes } of toxicKinds) {
    expect(toxicHelp()).toContain(type)
    for (const name of Object.keys(attributes.properties))
      expect(toxicHelp(type)).toContain(`  ${name}  `)
  }
  expect(toxicHelp('bandwidth')).toMatch(/\n {2}rate {2}.*at least 0\..*KB\/s.*Default 0\.$/)
})
