import { expect, test } from 'vitest'

import { createLinkLab, echo } from '../testing/link-lab.ts'
import { addToxicTo, inspectLink, listLinks, removeToxicFrom } from './toxic-client.ts'

test('a command line can add a toxic to a link and remove it', async () => {
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
  await expect(removeToxicFrom(url, 'lab', 'latency')).rejects.toThrow(/toxic "latency"/)
  await removeToxicFrom(url, 'lab', 'latency_upstream')
  await expect(removeToxicFrom(url, 'lab', 'latency')).rejects.toThrow(/"lab" has no toxic/)
  expect(await listLinks(url)).toMatchObject([{ name: 'lab', toxics: [] }])
})

test('an error names the wrong value and the nearest known name', async () => {
  await using lab = await createLinkLab(echo)
  const { url } = lab.proxy
  const toxic = { link: 'lab', type: 'latency', attributes: [] as string[] }
  await expect(addToxicTo(url, { ...toxic, link: 'lub' })).rejects.toThrow(/"lub".*"lab"/)
  await expect(addToxicTo(url, { ...toxic, type: 'latncy' })).rejects.toThrow(/"latncy".*"latency"/)
  await expect(addToxicTo(url, { ...toxic, attributes: ['latency=-1'] })).rejects.toThrow(
    /attributes\.latency.* 0.*-1/,
  )
  await expect(addToxicTo(url, { ...toxic, attributes: ['distribution=flat'] })).rejects.toThrow(
    /attributes\.distribution.*uniform.*"flat"/,
  )
})
